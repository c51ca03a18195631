"""Seal text and documents on their way into a column, bound to the row they belong to."""

import json
from typing import Any

from api.domain.ports import Vault


def seal_text(vault: Vault, text: str, context: str) -> bytes:
    """Seal a text; `context` is table, column and row (`roster.name:rr_…`)."""
    return vault.seal(text.encode(), context=context)


def open_text(vault: Vault, sealed: bytes, context: str) -> str:
    """Open a sealed text. Raises VaultError."""
    return vault.open(sealed, context=context).decode()


def seal_json(vault: Vault, value: Any, context: str) -> bytes:
    """Seal a JSON document."""
    return seal_text(vault, json.dumps(value, ensure_ascii=False, separators=(",", ":")), context)


def open_json(vault: Vault, sealed: bytes, context: str) -> Any:
    """Open a sealed JSON document. Raises VaultError."""
    return json.loads(open_text(vault, sealed, context))
