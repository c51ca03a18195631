"""The settings of the mini-program: its account, the message push, the notices. Everything is checked at the start."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from api.config_reader import Reader
from api.domain.errors_wechat import NoticeUnfittable
from api.domain.fitting import fit, kind_of
from api.domain.notice import NoticeKind, NoticeTemplate, NoticeWord

OFFICIAL_WECHAT = "https://api.weixin.qq.com"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_APP_ID = re.compile(r"wx[0-9A-Za-z]{1,30}")
_PUSH_TOKEN = re.compile(r"[0-9A-Za-z]{3,32}")
_PAGE = re.compile(r"[0-9A-Za-z_\-/]{1,128}")
_TEMPLATE_ID = re.compile(r"[0-9A-Za-z_\-]{1,120}")
FAKE_APP_ID, FAKE_SECRET = "wxfa4e000000000001", "fake-secret-of-the-fake-wechat-00"
"""The account of `python -m deploy.fake_wechat`, which is no secret."""

_SAMPLE: Mapping[NoticeWord, str | datetime] = {
    NoticeWord.CAMPAIGN: "湖南省高校英语应用能力考试照片采集",
    NoticeWord.RESULT: "未通过",
    NoticeWord.REASON: "耳朵被头发遮住",
    NoticeWord.ADVICE: "请重新拍照",
    NoticeWord.WHEN: datetime(2026, 1, 1, tzinfo=UTC),
    NoticeWord.DEADLINE: datetime(2026, 1, 1, tzinfo=UTC),
}


@dataclass(frozen=True, slots=True)
class WeChatPush:
    """The console's Token and EncodingAESKeys, the current one first."""

    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class WeChatCredentials:
    """The mini-program's own account. `base_url` is changed in tests only.

    `version` is the version that notices and posters lead to; an empty page is the start page.
    """

    app_id: str
    secret: str = field(repr=False)
    base_url: str = OFFICIAL_WECHAT
    connect_s: float = 3.0
    total_s: float = 8.0
    version: str = "release"
    notice_page: str = ""
    poster_page: str = ""
    push: WeChatPush | None = None
    templates: tuple[NoticeTemplate, ...] = ()
    media_check: bool = False


def read_wechat(reader: Reader, *, embedded: bool) -> WeChatCredentials | None:
    """Return the mini-program's settings, None where there is no mini-program. Faults go to the reader."""
    app_id, secret = reader.secret("WECHAT_APP_ID"), reader.secret("WECHAT_APP_SECRET")
    if bool(app_id) != bool(secret):
        reader.fault("WECHAT_APP_ID", "and WECHAT_APP_SECRET are given together or not at all")
    if app_id and not _APP_ID.fullmatch(app_id):
        reader.fault("WECHAT_APP_ID", "must look like wx0123456789abcdef")
    push, templates = _push(reader), _templates(reader)
    media_check = _media_check(reader, push)
    fake = _fake(reader, embedded=embedded, real=bool(app_id))
    base_url = _base_url(reader)
    connect_s = reader.number("WECHAT_CONNECT_TIMEOUT_S", default=3.0, low=0.1, high=30)
    total_s = reader.number("WECHAT_TIMEOUT_S", default=8.0, low=0.2, high=30)
    version = reader.choice("WECHAT_VERSION", ("release", "trial", "develop"), default="release")
    pages = _page(reader, "WECHAT_NOTICE_PAGE"), _page(reader, "WECHAT_POSTER_PAGE")
    if fake:
        app_id, secret, base_url = FAKE_APP_ID, FAKE_SECRET, fake
    if not app_id or not secret:
        if push or templates or media_check:
            reader.fault("WECHAT_APP_ID", "and WECHAT_APP_SECRET are missing beside the other WeChat settings")
        return None
    return WeChatCredentials(
        app_id=app_id,
        secret=secret,
        base_url=base_url,
        connect_s=connect_s,
        total_s=total_s,
        version=version,
        notice_page=pages[0],
        poster_page=pages[1],
        push=push,
        templates=templates,
        media_check=media_check,
    )


def _base_url(reader: Reader) -> str:
    base_url = reader.url("WECHAT_BASE_URL", default=OFFICIAL_WECHAT)
    if base_url.startswith("http:") and not _is_loopback(base_url):
        reader.fault("WECHAT_BASE_URL", "must be https: the AppSecret travels in the address")
    return base_url


def _fake(reader: Reader, *, embedded: bool, real: bool) -> str | None:
    """Return the address of the fake WeChat, a test switch: it lets anyone in, so it is for one's own machine only."""
    url = reader.optional_url("IDPHOTO_FAKE_WECHAT_URL")
    if url is None:
        return None
    if not embedded:
        reader.fault("IDPHOTO_FAKE_WECHAT_URL", "exists in the embedded mode only")
    if real:
        reader.fault("IDPHOTO_FAKE_WECHAT_URL", "cannot stand beside WeChat credentials")
    if not _is_loopback(url):
        reader.fault("IDPHOTO_FAKE_WECHAT_URL", "must be on this machine")
    return url


def _is_loopback(url: str) -> bool:
    try:
        return urlsplit(url).hostname in _LOOPBACK
    except ValueError:
        return False


def _push(reader: Reader) -> WeChatPush | None:
    token, current = reader.secret("WECHAT_PUSH_TOKEN"), reader.secret("WECHAT_PUSH_AES_KEY")
    before = reader.secret("WECHAT_PUSH_AES_KEY_BEFORE")
    if bool(token) != bool(current):
        reader.fault("WECHAT_PUSH_TOKEN", "and WECHAT_PUSH_AES_KEY are given together: only the secure mode is taken")
    if before and not current:
        reader.fault("WECHAT_PUSH_AES_KEY_BEFORE", "means nothing without WECHAT_PUSH_AES_KEY")
    if token and not _PUSH_TOKEN.fullmatch(token):
        reader.fault("WECHAT_PUSH_TOKEN", "must be 3 to 32 letters and digits, as in the console")
    for name, key in (("WECHAT_PUSH_AES_KEY", current), ("WECHAT_PUSH_AES_KEY_BEFORE", before)):
        if key and not _is_aes_key(key):
            reader.fault(name, "must be the console's EncodingAESKey, 43 letters and digits")
    keys = tuple(key for key in (current, before) if key and _is_aes_key(key))
    return WeChatPush(token=token, aes_keys=keys) if token and current and keys else None


def _media_check(reader: Reader, push: WeChatPush | None) -> bool:
    """Return whether WeChat is to look at submitted photos: they leave the school for it, so only where it says so."""
    wanted = reader.flag("WECHAT_MEDIA_CHECK", default=False)
    if wanted and push is None:
        reader.fault("WECHAT_MEDIA_CHECK", "needs WECHAT_PUSH_TOKEN and WECHAT_PUSH_AES_KEY: the answer is pushed")
    return wanted


def _is_aes_key(text: str) -> bool:
    try:
        return len(text) == 43 and text.isalnum() and len(base64.b64decode(f"{text}=", validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def _page(reader: Reader, name: str) -> str:
    page = reader.text(name, default="")
    if page and (not _PAGE.fullmatch(page) or page.startswith("/")):
        reader.fault(name, "must be a page of the mini-program, as pages/home/home, without a slash before it")
    return page


def _templates(reader: Reader) -> tuple[NoticeTemplate, ...]:
    names = {
        NoticeKind.RETURNED: "WECHAT_TEMPLATE_RETURNED",
        NoticeKind.APPROVED: "WECHAT_TEMPLATE_APPROVED",
        NoticeKind.CLOSING: "WECHAT_TEMPLATE_CLOSING",
    }
    found = (_template(reader, name, kind) for kind, name in names.items())
    return tuple(template for template in found if template is not None)


def _template(reader: Reader, name: str, kind: NoticeKind) -> NoticeTemplate | None:
    """Read `TEMPLATE_ID thing1=campaign phrase2=result time3=when`, trying every field with a sample."""
    template_id, *pairs = reader.text(name, default="").split() or [""]
    if not template_id:
        return None
    fields: dict[str, NoticeWord] = {}
    try:
        for pair in pairs:
            key, _, word = pair.partition("=")
            fields[key] = NoticeWord(word)
            fit(kind_of(key), _SAMPLE[fields[key]])
    except (NoticeUnfittable, ValueError):
        reader.fault(name, f"has a field that cannot be filled: {key}")
        return None
    if not fields or not _TEMPLATE_ID.fullmatch(template_id):
        reader.fault(name, "must be an id and its fields, as ID thing1=campaign phrase2=result thing3=reason")
        return None
    return NoticeTemplate(kind=kind, template_id=template_id, fields=fields)
