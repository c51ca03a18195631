"""The house keeps its own rules: sizes, names, what no file may say."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ("api", "worker", "photo_service", "deploy", "benchmarks")
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40


def kept_files(*endings: str) -> list[Path]:
    """Every file that git keeps or would keep, with one of these endings (all of them when none is given)."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    files = [ROOT / name for name in listed if (ROOT / name).is_file()]
    return [file for file in files if not endings or file.suffix in endings]


def source_files() -> list[Path]:
    """Our own Python, tests apart."""
    return [file for file in kept_files(".py") if file.relative_to(ROOT).parts[0] in SOURCE]


def test_every_module_can_be_read_in_one_sitting():
    """No module of ours is longer than 300 lines."""
    long = {file.name: count for file in source_files() if (count := file.read_text().count("\n")) > LONGEST_MODULE}

    assert long == {}


def test_every_function_fits_on_a_screen():
    """No function of ours is longer than 40 lines, its docstring included."""
    long = []
    for file in source_files():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f"{file.relative_to(ROOT)}:{node.lineno} {node.name} {lines}")

    assert long == []


def test_nothing_is_left_for_later():
    """No to-do notes, no stubs that raise, no checks by assert, no module called utils."""
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    marks = [str(file.relative_to(ROOT)) for file in source_files() if unfinished.search(file.read_text())]
    asserts = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in source_files()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Assert)
    ]

    assert marks == []
    assert asserts == []
    assert [file for file in source_files() if file.stem in {"utils", "helpers", "misc"}] == []


def test_no_file_names_a_package_registry():
    """Whoever installs uses their own mirror; the hosts are spelled in parts here so that this file passes too."""
    names = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("deb", "debian", "org"))
    hosts = [".".join(parts) for parts in names]
    texts = [file for file in kept_files() if file.suffix not in {".png", ".jpg", ".ico", ".woff2"}]
    named = [
        str(file.relative_to(ROOT))
        for file in texts
        if any(host in file.read_text(encoding="utf-8", errors="ignore") for host in hosts)
    ]

    assert named == []


def test_the_changelog_speaks_of_the_version_that_is_built():
    """Version and changelog never drift apart."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert re.search(rf"^## {re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_every_dependency_is_pinned_with_its_hash():
    """What is installed today is installed tomorrow, byte for byte."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[<>=\[~! ]", line, maxsplit=1)[0].lower() for line in declared}
    pinned = (ROOT / "requirements" / "run.txt").read_text()

    for name in names:
        assert re.search(rf"^{re.escape(name)}(\[[^]]*\])?==[^ ]+ \\\n +--hash=sha256:", pinned, re.MULTILINE), name


@pytest.mark.parametrize("name", ["photos", "matting"])
def test_no_photo_of_a_real_student_is_kept_here(name):
    """The labelled photos are for development only: none of them is in this repository."""
    shared = ROOT.parent / "shared" / name
    if not shared.is_dir():
        pytest.skip(f"../shared/{name} is not here: nothing to compare with")
    theirs = {file.stat().st_size: file for file in shared.rglob("*") if file.suffix in {".jpg", ".jpeg", ".png"}}
    same = [
        file
        for file in kept_files(".jpg", ".jpeg", ".png", ".webp")
        if file.stat().st_size in theirs and file.read_bytes() == theirs[file.stat().st_size].read_bytes()
    ]

    assert same == []
