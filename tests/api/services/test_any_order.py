"""Students, two counsellors, the registry, the office and the clock act in any order, and workers die in between.

No illegal state, no submission outside its window, no event lost, and none taken twice.
"""

import itertools
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

from any_order_world import SLUG, dying, registry_voice
from house_fakes import PROFILE, answer, make_world
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from api.domain.delivery import DeliveryState, Event
from api.domain.errors import (
    AlreadySubmitted,
    CampaignClosed,
    InvalidRequest,
    NotFound,
    NotReviewable,
    PhotoNotReady,
    ReviewConflict,
)
from api.domain.errors_review import UndoRefused
from api.domain.photo import PhotoState
from api.domain.submission import UNDO_WITHIN, SubmissionState
from api.domain.work import Work
from api.services.campaign_templates import HUNAN_PRETCO
from api.services.open_campaign import Window
from api.services.review_batch import Choice

STUDENTS = 3
REFUSALS = (
    AlreadySubmitted,
    CampaignClosed,
    InvalidRequest,
    NotFound,
    NotReviewable,
    PhotoNotReady,
    ReviewConflict,
    UndoRefused,
)
LEGAL = {
    (None, "submitted"),
    ("submitted", "approved"),
    ("submitted", "returned"),
    ("submitted", "revoked"),
    ("approved", "revoked"),
}
TAKEN_BACK = {("approved", "submitted"), ("returned", "submitted")}
"""What a reviewer's own undo may do, within ten minutes."""
OVERRULED = {("approved", "returned"), ("returned", "approved"), ("approved", "approved"), ("returned", "returned")}
"""What a registry may do to its own earlier word."""
who = st.integers(0, STUDENTS - 1)
counsellor = st.sampled_from(["li", "wang"])
how = st.sampled_from(["approve", "return", "revoke"])
pick = st.randoms(use_true_random=False)


class Collection(RuleBasedStateMachine):
    """One campaign of three students over one real database."""

    @initialize()
    def open(self) -> None:
        self.home = Path(mkdtemp())
        self.world = make_world(self.home)
        pairs = [self.world.bound(f"s{index}", index=index) for index in range(STUDENTS)]
        self.students = [student for student, _ in pairs]
        self.rows = [row for _, row in pairs]
        self.photos: list[list[str]] = [[] for _ in pairs]
        self.campaign = self.world.house.show_campaigns(SLUG)[0].campaign
        self.longer = [self.campaign.starts_at] * STUDENTS
        self.owed: Counter[tuple[str, str]] = Counter()
        self.on_desk: dict[str, list[Choice]] = {"li": [], "wang": []}
        self.say = registry_voice(self.world)
        self.logins = 0

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.house.close()
            shutil.rmtree(self.home)

    def dare(self, act):
        """Do something that the rules may refuse by name; anything else is a bug."""
        self.world.clock.forward(milliseconds=1)
        try:
            return act()
        except REFUSALS as refusal:
            self.refused = refusal
            return None

    def ends(self, student: int):
        """A student's last second."""
        return max(self.campaign.ends_at, self.longer[student])

    def some(self, chance):
        """A submission, now and then a superseded one; None where there is none."""
        views = self.world.house.find_submissions(current=chance.random() < 0.8)
        return chance.choice(views).submission if views else None

    def approved(self, *made) -> None:
        for one in made:
            self.owed[one.photo_id, "photo.approved"] += 1

    # What students do

    @rule(student=who, dies=st.booleans())
    def photograph(self, student: int, dies: bool) -> None:
        """Take a photo; the worker may die over it."""
        self.world.clock.forward(milliseconds=1)
        photo = self.world.submit(self.students[student])
        self.photos[student].append(photo.id)
        if dies:
            with dying(self.world, "rendering"):
                self.world.house.render_photo(photo.id)
        else:
            self.world.house.render_photo(photo.id)

    @rule(student=who)
    def confirm(self, student: int) -> None:
        """Hand the newest photo in: taken while the window is open for this student, and never else.

        Who has something there already hears that, whatever the time.
        """
        if not self.photos[student]:
            self.photograph(student=student, dies=False)
        photo, self.refused = self.photos[student][-1], None
        house, me = self.world.house, self.students[student]
        held = any(one.state.live for one in house.list_submissions(me))
        made = self.dare(lambda: house.confirm(me, photo=photo, campaign=SLUG, profile=PROFILE))
        late = self.world.clock.now().replace(microsecond=0) > self.ends(student)
        assert isinstance(self.refused, CampaignClosed) is (late and not held)
        assert isinstance(self.refused, AlreadySubmitted) is held
        assert made is None or not late
        if made is not None:
            self.owed[made.photo_id, "photo.submitted"] += 1

    @precondition(lambda self: any(self.photos))
    @rule(student=who)
    def delete_newest_photo(self, student: int) -> None:
        if self.photos[student]:
            photo = self.photos[student].pop()
            self.dare(lambda: self.world.house.delete_photo(self.students[student], photo))

    @rule(student=who)
    def be_forgotten_and_come_back(self, student: int) -> None:
        """Nothing of the old login is live; the person may begin anew under another."""
        house, old, row = self.world.house, self.students[student], self.rows[student]
        self.world.clock.forward(milliseconds=1)
        house.erase_me(old)
        assert not any(one.submission.state.live for one in house.find_submissions() if one.row.id == row.id)
        self.logins += 1
        self.students[student] = self.world.student(f"again{self.logins}")
        house.bind_identity(self.students[student], campaign=SLUG, name=row.name, id_number=row.id_number)
        self.photos[student] = []

    # What counsellors do

    @rule(reviewer=counsellor)
    def look(self, reviewer: str) -> None:
        """Open the list; what is decided later is decided on what stood there now."""
        current = [view.submission for view in self.world.house.find_submissions(current=True)]
        self.on_desk[reviewer] = [Choice(one.id, one.version) for one in current]

    @rule(reviewer=counsellor, chance=pick, how=how, old=st.booleans())
    def decide(self, reviewer: str, chance, how: str, old: bool) -> None:
        """Decide on what is there now, or on what lay on the desk since the last look or a moment ago."""
        found = self.some(chance)
        if found is None:
            return
        choice = Choice(found.id, found.version)
        if old:
            choice = chance.choice([*self.on_desk[reviewer], Choice(found.id, found.version - 1)])
        self.judge(reviewer, how, choice)

    def judge(self, reviewer: str, how: str, choice: Choice):
        """Decide on a version, and see that none but the present one is decided on."""
        house, id_, version = self.world.house, choice.submission_id, choice.version
        before = house.read_submission("office", id_).submission
        ways = {
            "approve": lambda: house.approve(reviewer, id_, version=version),
            "return": lambda: house.return_(reviewer, id_, "请重拍", version=version),
            "revoke": lambda: house.revoke(reviewer, id_, "撤销", version=version),
            "undo": lambda: house.review.undo(reviewer, id_, version=version),
        }
        made = self.dare(ways[how])
        assert made is None or before.version == version, f"{how} on an old version went through"
        assert made is None or made.version == before.version + 1
        if made is not None and how == "approve":
            self.approved(made)
        elif made is not None and how == "undo":
            assert before.decided_by == reviewer
            assert self.world.clock.now() - before.decided_at <= UNDO_WITHIN
        return made

    @rule(chance=pick, first=how, second=how | st.just("undo"))
    def two_decide_on_one_look(self, chance, first: str, second: str) -> None:
        """Li and Wang have the same page before them; once one decided the other is told so, whatever they press."""
        if not self.world.house.find_submissions(current=True):
            self.confirm(student=0)
        seen = self.some(chance)
        if seen is None or not self.judge("li", first, Choice(seen.id, seen.version)):
            return
        self.refused = None
        assert self.judge("wang", second, Choice(seen.id, seen.version)) is None
        assert isinstance(self.refused, ReviewConflict), f"{second} after {first}: {self.refused}"

    @rule(reviewer=counsellor)
    def approve_all_on_the_desk(self, reviewer: str) -> None:
        """A batch: those that somebody else decided meanwhile are left as they are."""
        before = {view.submission.id: view.submission for view in self.world.house.find_submissions()}
        self.world.clock.forward(milliseconds=1)
        choices = self.on_desk[reviewer]
        for choice, outcome in zip(choices, self.world.house.approve_many(reviewer, choices), strict=True):
            if outcome.submission is not None:
                assert before[outcome.submission_id].version == choice.version
                assert before[outcome.submission_id].state is SubmissionState.SUBMITTED
                self.approved(outcome.submission)

    @rule(reviewer=counsellor, chance=pick)
    def take_back(self, reviewer: str, chance) -> None:
        """Undo: one's own decision, soon, while the place is still the student's."""
        before = self.some(chance)
        if before is not None:
            self.judge(reviewer, "undo", Choice(before.id, before.version))

    # What the registry, the office and the machines do

    @rule(chance=pick, kind=st.sampled_from(["approved", "returned"]), minutes=st.integers(-30, 0))
    def registry_judges(self, chance, kind: str, minutes: int) -> None:
        """Its own verdict, given now or a while ago."""
        before = self.some(chance)
        if before is None:
            return
        at = self.world.clock.now() + timedelta(minutes=minutes)
        made = self.dare(lambda: self.say(f"submission.{kind}", before.id, at))
        if made and made.state is SubmissionState.APPROVED and before.state is not SubmissionState.APPROVED:
            self.approved(made)

    @rule(student=who, hours=st.integers(-2, 72), everyone=st.booleans())
    def the_office_moves_an_end(self, student: int, hours: int, everyone: bool) -> None:
        """Everyone's, from now on; or one student's, which can only be later than everyone's."""
        house, registry = self.world.house, self.campaign.registry_id
        if everyone:
            ends = self.world.clock.now().replace(microsecond=0) + timedelta(hours=abs(hours) + 1)
            window = Window(starts_at=self.campaign.starts_at, ends_at=ends)
            self.campaign = house.open_campaign(HUNAN_PRETCO, slug=SLUG, window=window, registry_id=registry)
            return
        until, number = self.campaign.ends_at + timedelta(hours=hours), self.rows[student].student_number
        given = self.dare(lambda: house.extend_window(SLUG, [number], until=until, reason="住院", by="office"))
        assert (given is not None) is (hours > 0)
        if given is not None:
            self.longer[student] = until

    @rule(answers=st.lists(st.sampled_from([204, 500, None, 429]), max_size=4))
    def deliver(self, answers: list[int | None]) -> None:
        self.world.post.answers = [answer(one, retry_after_s=30.0 if one == 429 else None) for one in answers]
        self.world.house.sweep()
        self.world.work_off(Work.DELIVER)
        self.world.post.answers = []

    @rule(
        what=st.sampled_from(["before sending", "after sending", "rendering", "bells lost", "redis away", "redis back"])
    )
    def something_dies(self, what: str) -> None:
        """A worker in the middle of something, Redis, or all it knew; then somebody sweeps up."""
        self.world.house.sweep()
        if what == "bells lost":
            self.world.bell.rings.clear()
        elif what.startswith("redis"):
            self.world.bell.silent = what == "redis away"
        else:
            with dying(self.world, what):
                self.world.work_off(Work.RENDER if what == "rendering" else Work.DELIVER)
        self.world.house.sweep()
        self.world.work_off(Work.RENDER)

    @rule(minutes=st.sampled_from([1, 9, 60]))
    def wait(self, minutes: int) -> None:
        self.world.clock.forward(minutes=minutes)

    @rule(student=who, seconds=st.sampled_from([0, 1]))
    def the_last_second_comes(self, student: int, seconds: int) -> None:
        """A student's own: it is still inside, the one after it is not."""
        moment = self.ends(student) + timedelta(seconds=seconds)
        self.world.clock.time = max(moment, self.world.clock.now())

    # What holds at every moment

    @invariant()
    def each_person_has_at_most_one_current_and_one_live_submission(self) -> None:
        if not hasattr(self, "world"):
            return
        views = self.world.house.find_submissions()
        current = Counter(view.row.id for view in self.world.house.find_submissions(current=True))
        live = Counter(view.row.id for view in views if view.submission.state.live)
        assert set(current.values()) <= {1}
        assert set(live.values()) <= {1}
        assert set(live) <= set(current)
        assert all(view.photo.state is PhotoState.READY for view in views if view.submission.state.live)

    @invariant()
    def every_history_is_legal_and_ends_in_what_is(self) -> None:
        if not hasattr(self, "world"):
            return
        with self.world.house.parts.database.read() as uow:
            histories = [(v, uow.submissions.history(v.submission.id)) for v in self.world.house.find_submissions()]
        for view, steps in histories:
            for before, after in itertools.pairwise([None, *steps]):
                pair = (before.state.value if before else None, after.state.value)
                theirs = before is not None and before.by == after.by
                allowed = OVERRULED if after.by.startswith("registry:") else TAKEN_BACK
                assert pair in LEGAL or (theirs and pair in allowed), (pair, after.by)
            assert [one.version for one in steps] == list(range(1, len(steps) + 1))
            assert steps[-1].state is view.submission.state

    @invariant()
    def everything_owed_is_in_the_outbox_exactly_once(self) -> None:
        if not hasattr(self, "world"):
            return
        outbox = self.world.house.list_deliveries(limit=10_000)
        kept = Counter((one.photo_id, one.event.value) for one in outbox if one.event is not Event.REVOKED)
        assert kept == self.owed
        for photo, events in _told(outbox).items():
            pairs = list(itertools.pairwise(events))
            assert (Event.REVOKED, Event.REVOKED) not in pairs, f"{photo} was ended twice"

    @rule()
    def in_the_end_everything_arrives_once(self) -> None:
        """With everything well again each event is delivered under its own id, and the registry knows what is true."""
        house = self.world.house
        self.world.bell.silent = False
        for _ in range(4):
            self.world.clock.forward(hours=27)
            house.sweep()
            self.world.work_off(Work.RENDER)
            self.world.work_off(Work.DELIVER)
        outbox = house.list_deliveries(limit=10_000)
        assert {one.state for one in outbox} <= {DeliveryState.DELIVERED, DeliveryState.DEAD, DeliveryState.CANCELLED}
        taken = Counter(one.id for one in outbox for attempt in house.list_attempts(one.id) if attempt.status == 204)
        assert set(taken) == {one.id for one in outbox if one.state is DeliveryState.DELIVERED}
        assert set(taken.values()) <= {1}
        assert {posted.headers["webhook-id"] for posted in self.world.post.posted} <= {one.id for one in outbox}
        told = _told(outbox)
        oldest_first = sorted(
            house.find_submissions(), key=lambda view: (view.submission.created_at, view.submission.id)
        )
        for view in {view.photo.id: view for view in oldest_first}.values():  # a photo may be handed in again
            last = told.get(view.photo.id, [None])[-1]
            own = (view.submission.decided_by or "").startswith("registry:")
            if view.submission.state is SubmissionState.APPROVED:
                assert last is Event.APPROVED
            elif view.photo.state is PhotoState.ERASED:
                assert last is Event.REVOKED
            else:
                assert own or last is not Event.APPROVED


def _told(outbox):
    """Each photo's events in order, without those that were taken back before anybody was told."""
    told = {}
    for one in sorted(outbox, key=lambda one: (one.created_at, one.id)):
        if one.state is not DeliveryState.CANCELLED or one.attempts:
            told.setdefault(one.photo_id, []).append(one.event)
    return told


Collection.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=40,
    deadline=timedelta(seconds=30),
    suppress_health_check=[HealthCheck.too_slow],
)
TestAnyOrder = Collection.TestCase
