"""The audit log, for the registrar: search it, take it along, have its chain checked. There is nothing to edit."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.adapters.spreadsheets import harmless
from api.domain.audit import AuditEntry, AuditFilter
from api.domain.staff import plain_login
from api.web.console.guard import note, registrar_only
from api.web.console.words import WORDS, beijing_s, language, t
from api.web.context import house
from api.web.wording import BEIJING

bp = APIBlueprint("audit", __name__, url_prefix="/console/audit", enable_openapi=False)
NUMBER = re.compile(r"[0-9]{1,9}")
DID = "audit.did."
_LONGEST = 120
COLUMNS = ("seq", "at", "actor", "action", "what", "subject", "detail", "address", "request", "mark")


@bp.get("")
@registrar_only
def log() -> ResponseReturnValue:
    """Show the rows that fit, newest first."""
    before = request.args.get("before", "")
    page = house().staff.find_audit(_wanted(), before=int(before) if NUMBER.fullmatch(before) else None)
    more: dict[str, Any] = {**_asked(), "before": page.older}
    older = url_for("audit.log", **more) if page.older is not None else None
    return render_template(
        "console/audit/log.html", page=page, older=older, asked=_asked(), actions=_actions(), what=what, told=told
    )


@bp.get("/audit.csv")
@registrar_only
def export() -> ResponseReturnValue:
    """Send the rows that fit as a table for Excel and WPS."""
    note("staff.audit_exported", detail=_asked())
    rows = house().staff.find_audit.every(_wanted())
    response = Response(_table(rows, _words()), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


@bp.post("/verify")
@registrar_only
def verify() -> ResponseReturnValue:
    """Walk the chain and say what was found."""
    proof = house().staff.verify_audit()
    note("staff.audit_verified", detail={"fault": proof.fault or "none"})
    if proof.fault is None:
        flash(t("staff.log.whole", rows=proof.rows, last=proof.last, mark=proof.mark[:12]), "success")
    else:
        flash(t(f"staff.log.{proof.fault}", at=proof.at), "danger")
    return redirect(url_for("audit.log"))


def what(action: str) -> str:
    """Return an action in words: `photo.viewed` is `audit.did.photo.viewed`; the code itself where there are none."""
    return _words().get(DID + action, action)


def told(row: AuditEntry, words: Mapping[str, str] | None = None) -> str:
    """Return the details of a row in one line, in the words `audit.detail.<key>` and `audit.value.<value>`."""
    known = _words() if words is None else words
    pairs = (
        (known.get(f"audit.detail.{key}", key), known.get(f"audit.value.{value}", value))
        for key, value in row.detail.items()
    )
    return " · ".join(f"{key}: {value}" for key, value in pairs)


def _actions() -> list[tuple[str, str]]:
    return sorted((key.removeprefix(DID), text) for key, text in _words().items() if key.startswith(DID))


def _words() -> Mapping[str, str]:
    words: Mapping[str, str] = current_app.extensions[WORDS][language()]
    return words


def _asked() -> dict[str, str]:
    names = ("who", "what", "subject", "start", "end")
    given = {name: request.args.get(name, "").strip()[:_LONGEST] for name in names}
    return {name: value for name, value in given.items() if value and value.isprintable()}


def _wanted() -> AuditFilter:
    asked = _asked()
    end = _day(asked.get("end"))
    return AuditFilter(
        actor=plain_login(asked.get("who", "")),
        action=asked.get("what", ""),
        subject=asked.get("subject", ""),
        start=_day(asked.get("start")),
        end=end + timedelta(days=1) if end else None,
    )


def _day(text: str | None) -> datetime | None:
    """Return the beginning of a day in Beijing; None for no day, no such day, or one of no century of ours."""
    try:
        day = datetime.strptime(text or "", "%Y-%m-%d").replace(tzinfo=BEIJING)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def _table(rows: Iterator[AuditEntry], words: Mapping[str, str]) -> Iterator[str]:
    """Give the table line by line; it begins with the mark by which Excel knows UTF-8."""
    yield "\ufeff" + _line(words[f"staff.log.{column}"] for column in COLUMNS)
    for row in rows:
        cells = (
            str(row.seq),
            beijing_s(row.at),
            row.actor,
            row.action,
            words.get(DID + row.action, ""),
            row.subject or "",
            told(row, words),
            row.address,
            row.request_id,
            row.mark,
        )
        yield _line(cells)


def _line(cells: Iterator[str] | tuple[str, ...]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow([harmless(cell) for cell in cells])
    return text.getvalue()
