"""The services that speak with WeChat, put over the parts; `api.bootstrap` keeps them on the house."""

import random
from typing import Any

from api.adapters.parts import Parts
from api.config import Settings
from api.domain.consent import ConsentText
from api.services.confirm import AfterConfirm
from api.services.consent_texts import TEXTS, TEXTS_WITH_MEDIA_CHECK
from api.services.media_check import CheckMedia, owe_media_check
from api.services.notices import TellClosing
from api.services.notices_offer import AgreeToNotices, ListNotices
from api.services.notices_send import Notify
from api.services.notices_sweep import SweepNotices
from api.services.phone import ReadPhone
from api.services.poster import MakePosterCode
from api.services.pushes import CheckPushAddress, HandlePush, TakePush
from api.services.rights import EraseMe


def wechat_side(settings: Settings, parts: Parts) -> dict[str, Any]:
    """Return the services by the names of the house's fields."""
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    account = settings.wechat
    templates = account.templates if account else ()
    told = account is not None and account.push is not None
    return {
        "list_notices": ListNotices(**kept, templates=templates),
        "agree_to_notices": AgreeToNotices(**timed, templates=templates, told_by_wechat=told),
        "read_phone": ReadPhone(**kept, wechat=parts.wechat),
        "make_poster_code": MakePosterCode(**kept, wechat=parts.wechat, page=account.poster_page if account else ""),
        "check_push_address": CheckPushAddress(door=parts.push_door),
        "take_push": TakePush(**timed, bell=parts.bell, vault=parts.vault, door=parts.push_door),
        "handle_push": HandlePush(**timed, erase_me=EraseMe(**timed, blobs=parts.blobs)),
        "check_media": CheckMedia(**timed, vault=parts.vault, wechat=parts.wechat, public_url=settings.public_url),
        "notify": Notify(**timed, wechat=parts.wechat, templates=templates, jitter=random.random),
    }


def steps_after_confirm(settings: Settings) -> tuple[AfterConfirm, ...]:
    """Return what else is owed in the transaction of a submission."""
    account = settings.wechat
    return (owe_media_check,) if account is not None and account.media_check else ()


def offered_texts(settings: Settings) -> tuple[ConsentText, ...]:
    """Return the texts students are asked to agree to: others, where photos are shown to WeChat."""
    account = settings.wechat
    return TEXTS_WITH_MEDIA_CHECK if account is not None and account.media_check else TEXTS


def sweep_notices(settings: Settings, parts: Parts) -> SweepNotices:
    """Return the sweeper's part."""
    timed: dict[str, Any] = {"database": parts.database, "clock": parts.clock}
    tell_closing = TellClosing(**timed, hours=settings.closing_notice_hours)
    return SweepNotices(**timed, bell=parts.bell, tell_closing=tell_closing)
