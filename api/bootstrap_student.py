"""The services that the student page and signing in with the phone add; `api.bootstrap` keeps them as one room."""

from dataclasses import dataclass
from typing import Any

from api.adapters.parts import Parts
from api.services.device_login import AnswerDeviceLogin, BeginDeviceLogin, FindDeviceLogin, TakeDeviceSession
from api.services.read_photo import ListPhotos
from api.services.sessions import EndAllSessions


@dataclass(frozen=True, slots=True)
class StudentRoom:
    """Each field is a service to call; see the service for its errors."""

    list_photos: ListPhotos
    end_all_sessions: EndAllSessions
    begin_device_login: BeginDeviceLogin
    find_device_login: FindDeviceLogin
    answer_device_login: AnswerDeviceLogin
    take_device_session: TakeDeviceSession


def student_room(parts: Parts) -> StudentRoom:
    """Build the room."""
    timed: dict[str, Any] = {"database": parts.database, "clock": parts.clock}
    return StudentRoom(
        list_photos=ListPhotos(database=parts.database),
        end_all_sessions=EndAllSessions(**timed),
        begin_device_login=BeginDeviceLogin(**timed),
        find_device_login=FindDeviceLogin(**timed),
        answer_device_login=AnswerDeviceLogin(**timed),
        take_device_session=TakeDeviceSession(**timed),
    )
