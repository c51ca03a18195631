"""Students who came in through WeChat, and a school that has its templates set up."""

from house_fakes import PROFILE, World, with_settings

from api.config import WeChatCredentials
from api.config_wechat import WeChatPush
from api.domain.notice import Notice, NoticeKind, NoticeTemplate, NoticeWord
from api.domain.submission import Submission
from api.domain.work import Work

RETURNED, APPROVED, CLOSING = "tmpl_returned", "tmpl_approved", "tmpl_closing"
FIELDS = {"thing1": NoticeWord.CAMPAIGN, "phrase2": NoticeWord.RESULT, "thing3": NoticeWord.REASON}
TEMPLATES = (
    NoticeTemplate(NoticeKind.RETURNED, RETURNED, FIELDS),
    NoticeTemplate(NoticeKind.APPROVED, APPROVED, {"phrase1": NoticeWord.RESULT, "time2": NoticeWord.WHEN}),
    NoticeTemplate(NoticeKind.CLOSING, CLOSING, {"thing1": NoticeWord.ADVICE, "time2": NoticeWord.DEADLINE}),
)


def school(world: World, *, pushed: bool = True) -> World:
    """The same world at a school with a mini-program."""
    push = WeChatPush(token="AAAAA", aes_keys=("A" * 43,)) if pushed else None
    account = WeChatCredentials(app_id="wx1", secret="s", push=push, templates=TEMPLATES)
    return with_settings(world, wechat=account)


def student(world: World, name: str = "alice") -> str:
    """Log someone in through WeChat, with both consents; return the id."""
    world.wechat.openids[f"code-{name}"] = f"o-{name}"
    found = world.house.login_with_wechat(f"code-{name}").student
    for text in world.house.list_consents(found.id):
        world.house.give_consent(found.id, text.id)
    return found.id


def bound(world: World, name: str = "alice", *, index: int = 0) -> str:
    """Log someone in who proved to be a person of the sample roster."""
    seeded = world.seed()
    campaign = next(one for one in seeded.campaigns if one.slug == "hunan-pretco")
    person = [row for row in seeded.roster if row.campaign_id == campaign.id][index]
    found = student(world, name)
    world.house.bind_identity(found, campaign="hunan-pretco", name=person.name, id_number=person.id_number)
    return found


def submitted(world: World, name: str = "alice") -> tuple[str, Submission]:
    """Bring a WeChat student's photo all the way to review."""
    found = bound(world, name)
    photo = world.ready(found)
    return found, world.house.confirm(found, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)


def agree(world: World, student_id: str, template: str, times: int = 1) -> None:
    """Let the ledger know of taps on 允许."""
    with world.house.parts.database.write() as uow:
        uow.notices.set_credits(student_id, template, times, now=world.clock.now())
        uow.commit()


def credits_of(world: World, student_id: str, template: str) -> int | None:
    with world.house.parts.database.read() as uow:
        return uow.notices.credits(student_id, template)


def notices(world: World) -> list[Notice]:
    """Every notice that waits."""
    with world.house.parts.database.read() as uow:
        return list(uow.notices.due(now=world.clock.now().replace(year=2999), limit=1000))


def send_all(world: World) -> list[Notice]:
    """Sweep, then answer every bell; return the notices as they ended."""
    world.house.sweep()
    done = []
    while (thing := world.bell.take(Work.NOTIFY)) is not None:
        after = world.house.notify(thing)
        if after is not None:
            done.append(after)
    return done
