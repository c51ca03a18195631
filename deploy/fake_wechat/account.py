"""What the fake remembers: users, codes, tokens, agreements, calls, and the mood it is in."""

import hashlib
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from deploy.fake_wechat.refusing import Refused

CODE_LIFE_S = 300
HANDOVER_S = 300

Clock = Callable[[], float]


@dataclass
class Code:
    """A login or phone code: 有效期五分钟, 只能使用一次."""

    user: str
    made_at: float
    used: bool = False


@dataclass
class Mood:
    """`busy`, `errcodes` and `bad_tokens` are used up call by call; `slow_s` and `silent` stay until changed.

    `bad_tokens` is how many calls are answered with 40001 whatever their token.
    """

    slow_s: float = 0.0
    busy: int = 0
    errcodes: list[int] = field(default_factory=list)
    silent: bool = False
    bad_tokens: int = 0


@dataclass
class Account:
    """One mini-program's account. `templates` maps ids to their keys; `pages` are those of the released version."""

    app_id: str
    secret: str
    templates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pages: frozenset[str] = frozenset()
    token_life_s: int = 7200
    clock: Clock = time.time
    mood: Mood = field(default_factory=Mood)
    calls: Counter[str] = field(default_factory=Counter)
    sent: list[Mapping[str, object]] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    checks: dict[str, Mapping[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._login_codes: dict[str, Code] = {}
        self._phone_codes: dict[str, Code] = {}
        self._agreed: Counter[tuple[str, str]] = Counter()
        self._tokens: dict[str, float] = {}
        self._openids: dict[str, str] = {}

    def openid(self, user: str) -> str:
        """Return the user's openid: 28 characters that start with o, the same for one user in one mini-program."""
        digest = hashlib.sha256(f"{self.app_id}\0{user}".encode()).hexdigest()
        openid = f"o{digest[:27]}"
        with self._lock:
            self._openids[openid] = user
        return openid

    def knows(self, openid: str) -> bool:
        with self._lock:
            return openid in self._openids

    def login_code(self, user: str) -> str:
        """Give out what `wx.login` gives the mini-program."""
        self.openid(user)
        return self._new_code(self._login_codes, user)

    def phone_code(self, user: str) -> str:
        """Give out what the button `open-type="getPhoneNumber"` gives: another code than the login's."""
        self.openid(user)
        return self._new_code(self._phone_codes, user)

    def spend_login_code(self, code: str) -> str:
        """Return whose it is. Raises Refused: 40029 unknown or stale, 40163 used, 40226 a blocked user."""
        user = self._spend(self._login_codes, code)
        if user in self.blocked:
            raise Refused(40226, "code blocked", because="40226: 高风险等级用户, 小程序登录拦截")
        return user

    def spend_phone_code(self, code: str) -> str:
        return self._spend(self._phone_codes, code)

    def agree(self, user: str, template: str, *, times: int = 1) -> None:
        """Let a user tap 允许 so many times: 用户每次允许, 可下发一条."""
        with self._lock:
            self._agreed[self.openid(user), template] += times

    def take_back(self, user: str, template: str) -> None:
        with self._lock:
            self._agreed[self.openid(user), template] = 0

    def spend_agreement(self, openid: str, template: str) -> None:
        with self._lock:
            if self._agreed[openid, template] <= 0:
                raise Refused(43101, "user refuse to accept the msg", because="43101: 用户拒绝接受消息或次数已用完")
            self._agreed[openid, template] -= 1

    def stable_token(self) -> tuple[str, int]:
        """Return the token and the seconds it has left: 普通模式下重复调用不会更新, 到期前 5 分钟平台才更新."""
        with self._lock:
            now = self.clock()
            live = {token: ends for token, ends in self._tokens.items() if ends - now > HANDOVER_S}
            if not live:
                self._tokens = {token: ends for token, ends in self._tokens.items() if ends > now}
                live = {secrets.token_urlsafe(96): now + self.token_life_s}
                self._tokens |= live
            token, ends = max(live.items(), key=lambda entry: entry[1])
            return token, int(ends - now)

    def check_token(self, token: str | None) -> None:
        """Refuse a call whose token is missing (41001), no token at all (40014), unknown (40001) or over (42001)."""
        if not token:
            raise Refused(41001, "access_token missing", because="access_token 必填, 放在 URL 参数中")
        if len(token) < 16:
            raise Refused(40014, "invalid access_token")
        with self._lock:
            ends = self._tokens.get(token)
            refuse = self.mood.bad_tokens > 0
            self.mood.bad_tokens -= refuse
        if ends is None or refuse:
            raise Refused(40001, "invalid credential, access_token is invalid or not latest")
        if ends <= self.clock():
            raise Refused(42001, "access_token expired")

    def expire_tokens(self) -> None:
        """End every token at once, as a forced refresh elsewhere does."""
        with self._lock:
            self._tokens = dict.fromkeys(self._tokens, self.clock())

    def forget_tokens(self) -> None:
        with self._lock:
            self._tokens.clear()

    def next_errcode(self) -> int | None:
        """Return the errcode that the mood has ready for this call."""
        with self._lock:
            if self.mood.errcodes:
                return self.mood.errcodes.pop(0)
            if self.mood.busy > 0:
                self.mood.busy -= 1
                return -1
        return None

    def count(self, path: str) -> None:
        with self._lock:
            self.calls[path] += 1

    def _new_code(self, codes: dict[str, Code], user: str) -> str:
        code = secrets.token_urlsafe(24)
        with self._lock:
            codes[code] = Code(user, self.clock())
        return code

    def _spend(self, codes: dict[str, Code], code: str) -> str:
        with self._lock:
            known = codes.get(code)
            if known is None:
                raise Refused(40029, "invalid code", because="40029: js_code 无效")
            if known.used:
                raise Refused(40163, "code been used", because="code 只能使用一次")
            if self.clock() - known.made_at > CODE_LIFE_S:
                raise Refused(40029, "invalid code", because="code 有效期五分钟")
            known.used = True
            return known.user
