"""The review room: what reviewers can ask of the house beside the decisions themselves."""

from dataclasses import dataclass
from typing import Any

from api.adapters.logging import report_crash
from api.adapters.parts import Parts
from api.services.exhibits import MakeExhibit
from api.services.review_batch import UndoMany
from api.services.review_dossier import OpenDossier, ReadReviewPicture
from api.services.review_queue import ChooseCards, NameCampaigns, NameRows, ShowFilters, ShowNeighbours, ShowQueue
from api.services.undo import Undo


@dataclass(frozen=True, slots=True)
class ReviewRoom:
    """Each field is a service to call; see the service for its errors."""

    show_queue: ShowQueue
    show_filters: ShowFilters
    show_neighbours: ShowNeighbours
    choose_cards: ChooseCards
    name_campaigns: NameCampaigns
    name_rows: NameRows
    open_dossier: OpenDossier
    read_picture: ReadReviewPicture
    undo: Undo
    undo_many: UndoMany
    make_exhibit: MakeExhibit


def review_room(parts: Parts) -> ReviewRoom:
    """Put the services over the parts."""
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    filed = timed | {"blobs": parts.blobs}
    undo = Undo(**timed, bell=parts.bell)
    return ReviewRoom(
        show_queue=ShowQueue(**kept),
        show_filters=ShowFilters(**kept),
        show_neighbours=ShowNeighbours(**kept),
        choose_cards=ChooseCards(**kept),
        name_campaigns=NameCampaigns(**kept),
        name_rows=NameRows(**kept),
        open_dossier=OpenDossier(**timed),
        read_picture=ReadReviewPicture(**filed),
        undo=undo,
        undo_many=UndoMany(undo),
        make_exhibit=MakeExhibit(**filed, renderer=parts.renderer, report_crash=report_crash),
    )
