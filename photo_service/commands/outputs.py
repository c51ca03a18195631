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
    """One selfie and where its photo goes, and the picture that explains it, if one is wanted.

    `found_in` is the directory that was given and in which it was found, `listed_in` the one whose manifest lists it;
    both None for a selfie that was named itself.
    """

    selfie: Path
    photo: Path
    found_in: Path | None = None
    listed_in: Path | None = None
    explanation: Path | None = None

    @property
    def source(self) -> str:
        return str(self.selfie)


def plan_jobs(inputs: Sequence[Path], *, output: Path | None, spec_id: str, suffix: str = ".jpg") -> list[Job]:
    """List the jobs, no two with the same photo and none that would overwrite a selfie.

    A directory stands for every picture in and below it. `output` is a file for a single selfie, and a directory
    otherwise, or where it exists as one or has no suffix. Without it photos go beside their selfies as STEM-SPEC.jpg,
    and those of a directory into DIR-SPEC/. `suffix` is what kind of file they are.
    Raises BadRequestError.
    """
    single = len(inputs) == 1 and not inputs[0].is_dir()
    if output is not None and single and not _means_directory(output):
        _refuse_overwriting(output, inputs)
        _refuse_false_name(output, suffix)
        return [Job(inputs[0], output)]
    if output is not None and output.is_file():
        raise BadRequestError(f"{output} is a file; several photos need a directory")
    jobs = _distinct(_wishes(inputs, output, spec_id, suffix), spec_id)
    if not jobs:
        raise BadRequestError(f"there is no picture in {', '.join(map(str, inputs))}")
    return jobs


def plan_explanations(jobs: Sequence[Job], wish: Path) -> list[Job]:
    """Say for each job where the picture that explains it goes: a PNG file for one selfie, a directory for several.

    Raises BadRequestError where it would overwrite a selfie or a photo.
    """
    if len(jobs) == 1 and jobs[0].listed_in is None and not _means_directory(wish):
        _refuse_false_name(wish, ".png")
        pictures = [wish]
    elif wish.is_file():
        raise BadRequestError(f"{wish} is a file; several explanations need a directory")
    else:
        pictures = [_beneath(wish, job).with_suffix(".png") for job in jobs]
    kept = {path.resolve() for job in jobs for path in (job.selfie, job.photo)}
    for path in pictures:
        if path.resolve() in kept:
            raise BadRequestError(f"{path} is a selfie or a photo; name another place for the explanation")
    return [replace(job, explanation=path) for job, path in zip(jobs, pictures, strict=True)]


def _beneath(folder: Path, job: Job) -> Path:
    """Return the photo's own place below another folder: no two photos share one, so no two explanations do."""
    return folder / (job.photo.relative_to(job.listed_in) if job.listed_in else job.photo.name)


def _means_directory(output: Path) -> bool:
    return output.is_dir() or not output.suffix


def _refuse_false_name(output: Path, suffix: str) -> None:
    """Refuse a name that says PNG where a JPEG is written, or the other way about."""
    others = {".jpg", ".jpeg"} if suffix == ".png" else {".png"}
    if output.suffix.lower() in others:
        hint = "it is a PNG" if suffix == ".png" else "photos are JPEG; --transparent makes a PNG"
        raise BadRequestError(f"{output} must end in {suffix}: {hint}")


def _refuse_overwriting(output: Path, inputs: Iterable[Path]) -> None:
    if any(output.resolve() == selfie.resolve() for selfie in inputs):
        raise BadRequestError(f"{output} is the selfie itself; name another file for the photo")


def _wishes(inputs: Iterable[Path], output: Path | None, spec_id: str, suffix: str) -> Iterator[Job]:
    for given in inputs:
        if given.is_dir():
            target = output if output is not None else given.resolve().with_name(f"{given.resolve().name}-{spec_id}")
            for selfie in _pictures_in(given, besides=target):
                photo = (target / selfie.relative_to(given)).with_suffix(suffix)
                yield Job(selfie, photo, found_in=given, listed_in=target)
        elif output is not None:
            yield Job(given, output / f"{given.stem}{suffix}")
        else:
            yield Job(given, given.with_name(f"{given.stem}-{spec_id}{suffix}"))


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
    yield wish.with_name(f"{selfie.stem}-{spec_id}{wish.suffix}")
    yield wish.with_name(f"{selfie.name}-{spec_id}{wish.suffix}")
    number = 2
    while True:
        yield wish.with_name(f"{selfie.stem}-{spec_id}-{number}{wish.suffix}")
        number += 1
