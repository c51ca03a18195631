"""The fake WeChat on a real port, and our side of the line to it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from loopback import serving
from redis import Redis

from api.adapters.wechat.gateway import WeChatServer
from api.adapters.wechat.tokens import StableTokens
from api.adapters.wechat.transport import Patience, Transport
from deploy.fake_wechat.account import Account
from deploy.fake_wechat.app import create_app

APP_ID, SECRET = "wx0123456789abcdef", "the-mini-programs-secret"
RETURNED = "tmpl_returned"


class Noon:
    """A clock of the fake's own, set by hand."""

    def __init__(self) -> None:
        self.time = 1_772_424_000.0

    def __call__(self) -> float:
        return self.time


def new_account() -> Account:
    return Account(
        APP_ID,
        SECRET,
        templates={RETURNED: ("thing1", "phrase2", "time3")},
        pages=frozenset({"pages/home/home"}),
        clock=Noon(),
    )


def serving_wechat(account: Account) -> AbstractContextManager[str]:
    """Serve the fake while the block runs; give its address."""
    return serving(create_app(account))


@dataclass
class Line:
    """Both ends."""

    account: Account
    url: str
    redis: "Redis[bytes]"
    wechat: WeChatServer
    tokens: StableTokens

    @property
    def token_fetches(self) -> int:
        return self.account.calls["/cgi-bin/stable_token"]


def transport_to(url: str, *, total_s: float = 8.0) -> Transport:
    return Transport(app_id=APP_ID, secret=SECRET, base_url=url, patience=Patience(connect_s=1.0, total_s=total_s))


def tokens_over(redis: "Redis[bytes]", transport: Transport, *, wait_s: float = 9.0) -> StableTokens:
    return StableTokens(redis, transport=transport, app_id=APP_ID, secret=SECRET, wait_s=wait_s)


def line_to(account: Account, url: str, redis: "Redis[bytes]") -> Line:
    transport = transport_to(url)
    tokens = tokens_over(redis, transport)
    wechat = WeChatServer(
        transport=transport, tokens=tokens, app_id=APP_ID, secret=SECRET, version="release", page="pages/home/home"
    )
    return Line(account, url, redis, wechat, tokens)
