"""The catalogue of photo specifications: one TOML file each, in `photo_service/specs/`."""

import difflib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from photo_service.catalogue.file import read_spec
from photo_service.catalogue.search import search
from photo_service.catalogue.table import SpecFault, SpecFileError
from photo_service.contract import UnknownSpec
from photo_service.spec import Spec

__all__ = ["SpecFault", "SpecFileError", "get_spec", "load_catalogue"]

_MOST_NEAR: Final = 3


def load_catalogue(folder: Traversable | None = None) -> Mapping[str, Spec]:
    """Read every spec file of a folder (the package's own by default), by id in the order of their names.

    Reads anew at each call: whoever calls keeps the result. Raises SpecFileError with every fault of every file.
    """
    specs: dict[str, Spec] = {}
    faults: list[SpecFault] = []
    for file in _spec_files(folder if folder is not None else files("photo_service") / "specs"):
        try:
            spec = read_spec(file.read_text(encoding="utf-8"), file=file.name)
        except SpecFileError as error:
            faults.extend(error.faults)
        except UnicodeDecodeError as error:
            faults.append(SpecFault(file.name, "(file)", f"is not UTF-8: {error.reason}"))
        else:
            specs[spec.id] = spec
    if faults:
        raise SpecFileError(tuple(faults))
    return MappingProxyType(specs)


def get_spec(catalogue: Mapping[str, Spec], spec_id: str) -> Spec:
    """Find a spec by its id.

    Raises UnknownSpec with the ids most like it, or of the specs that are called so.
    """
    if spec_id not in catalogue:
        raise UnknownSpec(spec=spec_id, near=_near(catalogue, spec_id))
    return catalogue[spec_id]


def _near(catalogue: Mapping[str, Spec], wanted: str) -> list[str]:
    holding = [spec_id for spec_id in catalogue if wanted and wanted in spec_id]
    alike = difflib.get_close_matches(wanted, catalogue, n=_MOST_NEAR, cutoff=0.6)
    called = [spec.id for spec in search(catalogue.values(), wanted)] if wanted.strip() else []
    return list(dict.fromkeys(holding + alike or called))[:_MOST_NEAR]


def _spec_files(folder: Traversable) -> Iterator[Traversable]:
    yield from sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
