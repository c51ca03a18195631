"""Where a queued photo stands, and about how long that takes."""

from statistics import median

from api.domain.photo import Photo, PhotoState, PhotoView
from api.domain.repositories import UnitOfWork

_RECENT = 20
_FIRST_GUESS_S = 1.0
"""Used until something was rendered: the product's promise of one second."""


def place(uow: UnitOfWork, photo: Photo) -> PhotoView:
    """Return the photo with its place in the queue; a settled photo has none."""
    if photo.settled:
        return PhotoView(photo)
    each_s = median(uow.photos.recent_render_s(limit=_RECENT) or [_FIRST_GUESS_S])
    if photo.state is PhotoState.RENDERING:
        return PhotoView(photo, position=0, estimate_s=round(each_s, 1))
    position = uow.photos.position(photo)
    return PhotoView(photo, position=position, estimate_s=round(each_s * (position + 1), 1))
