"""The link a registry pulls one photo by: it names the photo and its own end, and is signed over both."""

import hmac
from datetime import UTC, datetime, timedelta

from api.domain.errors import SignatureInvalid
from api.domain.ports import Vault

LIFE = timedelta(hours=24)
_CONTEXT = "pull-link"


def pull_token(photo_id: str, *, vault: Vault, now: datetime) -> tuple[str, datetime]:
    """Return a token for one photo and when it ends."""
    until = (now + LIFE).replace(microsecond=0)
    text = f"{photo_id}.{int(until.timestamp())}"
    return f"{text}.{vault.sign(text, context=_CONTEXT)}", until


def photo_of(token: str, *, vault: Vault, now: datetime) -> str:
    """Return the photo a token stands for. Raises SignatureInvalid where it is false or past its end."""
    text, _, signature = token.rpartition(".")
    if not hmac.compare_digest(vault.sign(text, context=_CONTEXT).encode(), signature.encode()):
        raise SignatureInvalid(reason="the link is not ours")
    photo_id, _, until = text.rpartition(".")
    if now >= datetime.fromtimestamp(int(until), tz=UTC):
        raise SignatureInvalid(reason="the link is past its end")
    return photo_id
