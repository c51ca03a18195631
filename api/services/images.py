"""Hand out a finished photo: to its student, or to the registry that was given a signed link."""

from collections.abc import Mapping

from api.domain.errors import NotFound, PhotoNotReady
from api.domain.photo import ImageFile, Photo, PhotoState
from api.domain.ports import Blobs, Clock, Database, Vault
from api.domain.repositories import UnitOfWork
from api.services.file_names import file_name, row_of
from api.services.guards import own_photo
from api.services.pull_links import photo_of
from photo_service.spec import Spec


class ReadImage:
    """Give a student the JPEG, named by the spec's pattern."""

    def __init__(self, *, database: Database, blobs: Blobs, specs: Mapping[str, Spec]) -> None:
        self._database = database
        self._blobs = blobs
        self._specs = specs

    def __call__(self, student_id: str, photo_id: str) -> ImageFile:
        """Return the file. Raises NotFound, PhotoNotReady."""
        with self._database.read() as uow:
            photo = own_photo(uow, student_id, photo_id)
            name = _name(uow, photo, self._specs)
        return _file(photo, name, self._blobs)


class PullImage:
    """Give a registry the JPEG of the one photo that its signed link names."""

    def __init__(
        self, *, database: Database, blobs: Blobs, specs: Mapping[str, Spec], clock: Clock, vault: Vault
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._specs = specs
        self._clock = clock
        self._vault = vault

    def __call__(self, token: str) -> ImageFile:
        """Return the file. Raises SignatureInvalid for a false or stale link, NotFound once the photo is erased."""
        photo_id = photo_of(token, vault=self._vault, now=self._clock.now())
        with self._database.read() as uow:
            photo = uow.photos.get(photo_id)
            if photo is None or photo.state is PhotoState.ERASED:
                raise NotFound(kind="photo", id=photo_id)
            name = _name(uow, photo, self._specs)
        return _file(photo, name, self._blobs)


def _name(uow: UnitOfWork, photo: Photo, specs: Mapping[str, Spec]) -> str:
    spec = specs.get(photo.spec)
    return file_name(spec.file_name if spec else "", photo, row_of(uow, photo) if spec else None)


def _file(photo: Photo, name: str, blobs: Blobs) -> ImageFile:
    if photo.state is not PhotoState.READY or photo.image_key is None or photo.image_sha256 is None:
        raise PhotoNotReady(state=photo.state.value)
    return ImageFile(bytes=blobs.get(photo.image_key), filename=name, sha256=photo.image_sha256)
