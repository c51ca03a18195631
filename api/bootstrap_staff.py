"""The services around staff accounts and the audit log, put over the parts; `api.bootstrap` keeps them as one room."""

from dataclasses import dataclass
from typing import Any

from api.adapters.parts import Parts
from api.config import Settings
from api.domain.ports import Clock
from api.services.audit import Note
from api.services.audit_desk import FindAudit, ForgetStaffTraces, VerifyAudit
from api.services.seed_staff import SeedStaff
from api.services.staff_accounts import (
    AddStaff,
    ChangePassword,
    ChangeStaff,
    EndStaffSessions,
    FindStaff,
    ResetPassword,
)
from api.services.staff_login import KnowStaff, SignIn, SignInWithSchool


@dataclass(frozen=True, slots=True)
class StaffRoom:
    """What can be asked about staff. Each field is a service to call; see the service for its errors."""

    sign_in: SignIn
    sign_in_with_school: SignInWithSchool
    know: KnowStaff
    add: AddStaff
    change: ChangeStaff
    reset_password: ResetPassword
    change_password: ChangePassword
    end_sessions: EndStaffSessions
    find: FindStaff
    note: Note
    seed_samples: SeedStaff
    find_audit: FindAudit
    verify_audit: VerifyAudit


def staff_room(settings: Settings, parts: Parts) -> StaffRoom:
    """Build the room."""
    timed: dict[str, Any] = {"database": parts.database, "clock": parts.clock}
    hashed = timed | {"passwords": parts.passwords}
    note = make_note(settings, parts)
    return StaffRoom(
        sign_in=SignIn(**hashed, vault=parts.vault, note=note),
        sign_in_with_school=SignInWithSchool(**timed, note=note),
        know=KnowStaff(**timed),
        add=AddStaff(**hashed),
        change=ChangeStaff(**timed),
        reset_password=ResetPassword(**hashed),
        change_password=ChangePassword(**hashed),
        end_sessions=EndStaffSessions(**timed),
        find=FindStaff(**timed),
        note=note,
        seed_samples=SeedStaff(**hashed, allowed=settings.embedded),
        find_audit=FindAudit(database=parts.database),
        verify_audit=VerifyAudit(database=parts.database),
    )


def forget_staff_traces(settings: Settings, parts: Parts, *, clock: Clock) -> ForgetStaffTraces:
    """Return what the purge calls, over the clock that it goes by."""
    return ForgetStaffTraces(database=parts.database, clock=clock, note=make_note(settings, parts))


def make_note(settings: Settings, parts: Parts) -> Note:
    """Return what writes the audit log."""
    return Note(database=parts.database, clock=parts.clock, keep_days=settings.audit_days)
