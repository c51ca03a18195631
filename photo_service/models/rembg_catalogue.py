"""Read from the installed rembg which models it has, where they lie and what they must hash to.

Its source files are parsed, not imported: importing rembg takes seconds, nearly a minute the first time, and a
mistyped name should not. Read at run time, the list follows whichever rembg is installed.
"""

import ast
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Final

from photo_service.models.checksum import Checksum
from photo_service.models.errors import EngineNotLocalError, EngineUnsuitableError, UnknownEngineError

_UNSUITABLE: Final = {
    "sam": "it needs a prompt",
    "u2net_cloth_seg": "it separates clothes, not the person",
    "birefnet-general-fp16": "float16 is for graphics cards: on a processor birefnet-general is faster",
}
_NEEDS_A_PATH: Final = frozenset({"u2net_custom", "dis_custom", "ben_custom"})


@dataclass(frozen=True, slots=True)
class ModelFile:
    """Where a model's file is, and what it must hash to."""

    url: str
    checksum: Checksum


@dataclass(frozen=True, slots=True)
class RembgModel:
    """One model by rembg's name. `local` is False where the photo would be sent to a third party; `file` is None
    where rembg names no single file with a checksum."""

    name: str
    local: bool
    file: ModelFile | None


Catalogue = Mapping[str, RembgModel]


def read_catalogue(sessions: Path | None = None) -> Catalogue:
    """List rembg's models by name; `sessions` is the folder of its session classes, found where rembg is installed.

    Raises UnknownEngineError when there is no rembg, or one that cannot be read.
    """
    folder = sessions or _installed_sessions()
    models: dict[str, RembgModel] = {}
    for file in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and (model := _model(node)):
                models[model.name] = model
    if not any(model.file for model in models.values()):
        raise UnknownEngineError(f"No models can be read from rembg in {folder}", advice="Run: make setup")
    return models


def rembg_version() -> str:
    """Say which rembg is installed: "" for none."""
    try:
        return metadata.version("rembg")
    except metadata.PackageNotFoundError:
        return ""


def usable(catalogue: Catalogue) -> list[RembgModel]:
    """List the models that can serve here: local, from one file, giving one mask of one person."""
    return sorted(
        (model for model in catalogue.values() if model.local and model.file and model.name not in _UNSUITABLE),
        key=lambda model: model.name,
    )


def find_file(catalogue: Catalogue, name: str) -> ModelFile:
    """Look a model's file up by rembg's name, and refuse the models that may not or cannot serve.

    Raises UnknownEngineError, EngineNotLocalError, EngineUnsuitableError.
    """
    if name not in catalogue:
        raise _unknown(catalogue, name)
    model = catalogue[name]
    if not model.local:
        raise EngineNotLocalError(
            f"The engine {name} sends the photo to a third party",
            advice="Students agreed to no such thing: use an engine that runs on this machine",
        )
    if name in _NEEDS_A_PATH:
        raise EngineUnsuitableError(
            f"The engine {name} needs a model file", advice="Use rembg:custom:/path/to/model.onnx"
        )
    if name in _UNSUITABLE or model.file is None:
        reason = _UNSUITABLE.get(name, "rembg names no single file with a checksum for it")
        raise EngineUnsuitableError(f"The engine {name} will not do: {reason}", advice="Use another")
    return model.file


def _unknown(catalogue: Catalogue, name: str) -> UnknownEngineError:
    names = [model.name for model in usable(catalogue)]
    near = difflib.get_close_matches(name, names, n=1)
    meant = f"Did you mean {near[0]}? " if near else ""
    return UnknownEngineError(f"rembg has no engine {name!r}", advice=f"{meant}It has: {', '.join(names)}")


def _installed_sessions() -> Path:
    """Find rembg's session classes without importing anything of it."""
    found = util.find_spec("rembg")
    if found is None or not found.submodule_search_locations:
        raise UnknownEngineError("rembg is not installed", advice="Run: make setup")
    return Path(found.submodule_search_locations[0]) / "sessions"


def _model(node: ast.ClassDef) -> RembgModel | None:
    """Read one session class: None when it has no name of its own."""
    methods = {part.name: part for part in node.body if isinstance(part, ast.FunctionDef)}
    name = _returned(methods["name"]) if "name" in methods else None
    if not isinstance(name, str):
        return None
    local = "is_local" not in methods or _returned(methods["is_local"]) is True
    return RembgModel(name, local, _file(methods["download_models"]) if "download_models" in methods else None)


def _returned(method: ast.FunctionDef) -> object:
    """Give the constant a method returns: None when it is not as simple as that."""
    returns = [node.value for node in ast.walk(method) if isinstance(node, ast.Return)]
    return returns[0].value if len(returns) == 1 and isinstance(returns[0], ast.Constant) else None


def _file(method: ast.FunctionDef) -> ModelFile | None:
    """Read the one `pooch.retrieve(url, checksum, …)` of a session: None when there are none, several or computed."""
    calls = [node for node in ast.walk(method) if isinstance(node, ast.Call) and _is_retrieve(node)]
    if len(calls) != 1 or len(calls[0].args) < 2:
        return None
    url, known = calls[0].args[:2]
    checksums = list(_checksums(known))
    if not isinstance(url, ast.Constant) or not isinstance(url.value, str) or len(checksums) != 1:
        return None
    return ModelFile(url.value, checksums[0])


def _is_retrieve(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "retrieve"


def _checksums(expression: ast.expr) -> Iterator[Checksum]:
    """Find the checksums written in an expression: rembg puts them behind a condition that can switch them off."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                yield Checksum.parse(node.value)
            except ValueError:
                continue
