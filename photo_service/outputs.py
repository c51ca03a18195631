"""Decide, before any work starts, which selfies there are and where each photo would be written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

_PICTURE_SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".heic", ".heif", ".bmp", ".gif", ".tif", ".tiff", ".avif"}
)
"""What counts as a selfie in a directory. Also kinds that are refused: whoever put them there is told."""


class BadRequestError(Exception):
    """The command as given cannot be carried out; nothing was done."""


@dataclass(frozen=True, slots=True)
class Job:
    """One selfie and where its photo goes.

    `found_in` is the directory that was given and in which it was found, `listed_in` the one whose manifest lists it;
    both None for a selfie that was named itself.
    """

    selfie: Path
    photo: Path
    found_in: Path | None = None
    listed_in: Path | None = None

    @property
    def source(self) -> str:
        return str(self.selfie)


def plan_jobs(inputs: Sequence[Path], *, output: Path | None, spec_id: str) -> list[Job]:
    """List the jobs, no two with the same photo and none that would overwrite a selfie.

    A directory stands for every picture in and below it. `output` is a file for a single selfie, and a directory
    otherwise, or where it exists as one or has no suffix. Without it photos go beside their selfies as STEM-SPEC.jpg,
    and those of a directory into DIR-SPEC/.
    Raises BadRequestError.
    """
    single = len(inputs) == 1 and not inputs[0].is_dir()
    if output is not None and single and not _means_directory(output):
        _refuse_overwriting(output, inputs)
        return [Job(inputs[0], output)]
    if output is not None and output.is_file():
        raise BadRequestError(f"{output} is a file; several photos need a directory")
    return _distinct(_wishes(inputs, output, spec_id), spec_id)


def _means_directory(output: Path) -> bool:
    return output.is_dir() or not output.suffix


def _refuse_overwriting(output: Path, inputs: Iterable[Path]) -> None:
    if any(output.resolve() == selfie.resolve() for selfie in inputs):
        raise BadRequestError(f"{output} is the selfie itself; name another file for the photo")


def _wishes(inputs: Iterable[Path], output: Path | None, spec_id: str) -> Iterator[Job]:
    for given in inputs:
        if given.is_dir():
            target = output if output is not None else given.resolve().with_name(f"{given.resolve().name}-{spec_id}")
            for selfie in _pictures_in(given, besides=target):
                photo = (target / selfie.relative_to(given)).with_suffix(".jpg")
                yield Job(selfie, photo, found_in=given, listed_in=target)
        elif output is not None:
            yield Job(given, output / f"{given.stem}.jpg")
        else:
            yield Job(given, given.with_name(f"{given.stem}-{spec_id}.jpg"))


def _pictures_in(directory: Path, *, besides: Path) -> list[Path]:
    """List the pictures below a directory, without those that an earlier run has put there."""
    photos = besides.resolve()
    nested = photos != directory.resolve()
    return sorted(
        path
        for path in directory.rglob("*")
        if path.suffix.lower() in _PICTURE_SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(directory).parts)
        and not (nested and path.resolve().is_relative_to(photos))
    )


def _distinct(wishes: Iterable[Job], spec_id: str) -> list[Job]:
    """Rename photos that would fall on another photo or on a selfie."""
    jobs = list(wishes)
    taken = {job.selfie.resolve() for job in jobs}
    distinct = []
    for job in jobs:
        photo = next(path for path in _names(job.photo, job.selfie, spec_id) if path.resolve() not in taken)
        taken.add(photo.resolve())
        distinct.append(replace(job, photo=photo))
    return distinct


def _names(wish: Path, selfie: Path, spec_id: str) -> Iterator[Path]:
    """Yield ever longer names for a photo: `a.jpg`, `a-SPEC.jpg`, `a.png-SPEC.jpg`, `a-SPEC-2.jpg`, …"""
    yield wish
    yield wish.with_name(f"{selfie.stem}-{spec_id}.jpg")
    yield wish.with_name(f"{selfie.name}-{spec_id}.jpg")
    number = 2
    while True:
        yield wish.with_name(f"{selfie.stem}-{spec_id}-{number}.jpg")
        number += 1
