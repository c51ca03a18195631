"""Put the parts that speak with WeChat together, as the settings want them."""

from api.adapters.clock import SystemClock
from api.adapters.queue_rq import connect
from api.adapters.wechat.gateway import NoWeChat, WeChatServer
from api.adapters.wechat.push_door import NoPushDoor, SecurePushDoor
from api.adapters.wechat.tokens import StableTokens
from api.adapters.wechat.transport import Patience, Transport
from api.config import Settings
from api.domain.ports import PushDoor, WeChat


def make_wechat(settings: Settings) -> WeChat:
    """Return WeChat's server as the settings name it; nobody, where they name none."""
    account = settings.wechat
    if account is None:
        return NoWeChat()
    transport = Transport(
        app_id=account.app_id,
        secret=account.secret,
        base_url=account.base_url,
        patience=Patience(connect_s=account.connect_s, total_s=account.total_s),
    )
    tokens = StableTokens(
        connect(settings.redis_url),
        transport=transport,
        app_id=account.app_id,
        secret=account.secret,
        wait_s=account.total_s + 1,
    )
    return WeChatServer(
        transport=transport,
        tokens=tokens,
        app_id=account.app_id,
        secret=account.secret,
        version=account.version,
        page=account.notice_page,
    )


def make_push_door(settings: Settings) -> PushDoor:
    """Return the door for WeChat's pushes; a closed one, where no push is set up."""
    account = settings.wechat
    if account is None or account.push is None:
        return NoPushDoor()
    return SecurePushDoor(account.push.token, account.push.aes_keys, app_id=account.app_id, clock=SystemClock())
