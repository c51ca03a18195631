"""Students, counsellors, the registry and the clock act in any order: no illegal state, nothing lost or sent twice."""

import itertools
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

from house_fakes import PROFILE, World, answer, make_world
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from api.adapters.database.engine import open_engine
from api.adapters.database.schema import upgrade_schema
from api.domain.delivery import DeliveryState, Event
from api.domain.errors import (
    AlreadySubmitted,
    CampaignClosed,
    NotFound,
    NotReviewable,
    PhotoNotReady,
    ReviewConflict,
)
from api.domain.submission import SubmissionState
from api.domain.work import Work

STUDENTS = 3
REFUSALS = (AlreadySubmitted, CampaignClosed, NotFound, NotReviewable, PhotoNotReady, ReviewConflict)
LEGAL = {
    (None, "submitted"),
    ("submitted", "approved"),
    ("submitted", "returned"),
    ("submitted", "revoked"),
    ("approved", "revoked"),
}
who = st.integers(0, STUDENTS - 1)


class Collection(RuleBasedStateMachine):
    """One campaign of three students over one real database."""

    @initialize()
    def open(self) -> None:
        self.home = Path(mkdtemp())
        template = self.home / "empty.db"
        engine = open_engine(f"sqlite:///{template}")
        upgrade_schema(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        self.world: World = make_world(self.home, template)
        self.students = [self.world.bound(f"s{index}", index=index)[0] for index in range(STUDENTS)]
        self.photos: list[list[str]] = [[] for _ in self.students]
        self.campaign = self.world.house.show_campaigns("hunan-pretco")[0].campaign
        self.owed: Counter[tuple[str, str]] = Counter()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.house.close()
            shutil.rmtree(self.home)

    def dare(self, act):
        """Do something that the rules may refuse by name; anything else is a bug."""
        self.world.clock.forward(milliseconds=1)
        try:
            return act()
        except REFUSALS:
            return None

    @rule(student=who)
    def photograph(self, student: int) -> None:
        self.world.clock.forward(milliseconds=1)
        self.photos[student].append(self.world.ready(self.students[student]).id)

    @precondition(lambda self: any(self.photos))
    @rule(student=who)
    def confirm(self, student: int) -> None:
        if self.photos[student]:
            photo = self.photos[student][-1]
            house = self.world.house
            made = self.dare(
                lambda: house.confirm(self.students[student], photo=photo, campaign="hunan-pretco", profile=PROFILE)
            )
            if made is not None:
                assert made.created_at.replace(microsecond=0) <= self.campaign.ends_at
                self.owed[made.photo_id, "photo.submitted"] += 1

    @rule(
        pick=st.randoms(use_true_random=False),
        how=st.sampled_from(["approve", "return", "revoke"]),
        stale=st.booleans(),
    )
    def decide(self, pick, how: str, stale: bool) -> None:
        views = self.world.house.find_submissions()
        if not views:
            return
        entry = pick.choice(views).submission
        version = entry.version - 1 if stale else entry.version
        house = self.world.house
        if how == "approve":
            made = self.dare(lambda: house.approve("li", entry.id, version=version))
            if made is not None:
                self.owed[made.photo_id, "photo.approved"] += 1
        elif how == "return":
            made = self.dare(lambda: house.return_("li", entry.id, "请重拍", version=version))
        else:
            made = self.dare(lambda: house.revoke("li", entry.id, "撤销", version=version))
            if made is not None:
                self.owed[made.photo_id, "photo.revoked"] += 1
        assert made is None or not stale, "a decision on an old version went through"

    @precondition(lambda self: any(self.photos))
    @rule(student=who)
    def delete_newest_photo(self, student: int) -> None:
        if self.photos[student]:
            photo = self.photos[student].pop()
            self.dare(lambda: self.world.house.delete_photo(self.students[student], photo))

    @rule(answers=st.lists(st.sampled_from([204, 500, None, 429]), max_size=4))
    def deliver(self, answers: list[int | None]) -> None:
        self.world.post.answers = [answer(one, retry_after_s=30.0 if one == 429 else None) for one in answers]
        self.world.house.sweep()
        self.world.work_off(Work.DELIVER)
        self.world.post.answers = []

    @rule(minutes=st.sampled_from([1, 60, 60 * 24 * 16]))
    def wait(self, minutes: int) -> None:
        self.world.clock.forward(minutes=minutes)

    @rule()
    def lose_every_bell(self) -> None:
        self.world.bell.rings.clear()

    @invariant()
    def each_person_has_at_most_one_current_and_one_live_submission(self) -> None:
        if not hasattr(self, "world"):
            return
        current = Counter(view.row.id for view in self.world.house.find_submissions(current=True))
        live = Counter(view.row.id for view in self.world.house.find_submissions() if view.submission.state.live)
        assert set(current.values()) <= {1}
        assert set(live.values()) <= {1}
        assert set(live) <= set(current)

    @invariant()
    def every_history_is_legal_and_ends_in_what_is(self) -> None:
        if not hasattr(self, "world"):
            return
        for view in self.world.house.find_submissions():
            with self.world.house.parts.database.read() as uow:
                steps = uow.submissions.history(view.submission.id)
            states = [None, *(one.state.value for one in steps)]
            assert set(itertools.pairwise(states)) <= LEGAL
            assert [one.version for one in steps] == list(range(1, len(steps) + 1))
            assert steps[-1].state is view.submission.state

    @invariant()
    def everything_owed_is_in_the_outbox_exactly_once(self) -> None:
        if not hasattr(self, "world"):
            return
        kept = Counter((one.photo_id, one.event.value) for one in self.world.house.list_deliveries(limit=10_000))
        for (photo, event), count in self.owed.items():
            if event == Event.REVOKED.value:
                assert kept[photo, event] >= 1
            else:
                assert kept[photo, event] == count
        live = [view.submission for view in self.world.house.find_submissions() if view.submission.state.live]
        for entry in live:
            wanted = {Event.SUBMITTED} | ({Event.APPROVED} if entry.state is SubmissionState.APPROVED else set())
            assert all(kept[entry.photo_id, event.value] >= 1 for event in wanted)

    @rule()
    def in_the_end_everything_arrives_once(self) -> None:
        """With the registry well again, each event is delivered under its own id, and none is taken twice."""
        house = self.world.house
        for _ in range(4):
            self.world.clock.forward(hours=27)
            house.sweep()
            self.world.work_off(Work.DELIVER)
        outbox = house.list_deliveries(limit=10_000)
        assert {one.state for one in outbox} <= {DeliveryState.DELIVERED, DeliveryState.DEAD}
        taken = Counter(one.id for one in outbox for attempt in house.list_attempts(one.id) if attempt.status == 204)
        delivered = {one.id for one in outbox if one.state is DeliveryState.DELIVERED}
        assert set(taken) == delivered
        assert set(taken.values()) <= {1}
        assert {posted.headers["webhook-id"] for posted in self.world.post.posted} <= {one.id for one in outbox}


Collection.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=timedelta(seconds=30),
    suppress_health_check=[HealthCheck.too_slow],
)
TestAnyOrder = Collection.TestCase
