"""A school's own parsing network takes the place of the heuristics, or is refused before the first photo meets it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from made_networks import network
from onnx import helper
from PIL import Image

from photo_service.checks.ears_covered import EARS_COVERED
from photo_service.checks.face_occluded import FACE_OCCLUDED
from photo_service.checks.glasses_worn import GLASSES_WORN
from photo_service.checks.head_covered import HEAD_COVERED
from photo_service.checks.subject import Subject, look
from photo_service.geometry import Anatomy
from photo_service.models.commands import models
from photo_service.models.errors import (
    EngineUnsuitableError,
    ModelCorruptError,
    ModelMissingError,
    ModelUnloadableError,
)
from photo_service.models.face_parser import install_parser, installed_parser, open_parser, parser_path, remove_parser
from photo_service.models.parsing_square import EYES_AT, parsing_square
from photo_service.models.ports import Parsing
from photo_service.ofiq.scores import ofiq_scores
from photo_service.pipeline import Studio, open_studio
from photo_service.silhouette import measure_head
from photo_service.stopwatch import Stopwatch

SIDE = 128
SKIN, GLASSES, EAR, CLOTH, HAIR, HAT = 1, 6, 7, 16, 17, 18


def bright_is_skin(*, classes: int = 19, side: int | str = SIDE) -> bytes:
    """A network whose class 1 grows with the light and whose class 17 falls with it."""
    weights = np.zeros((classes, 3, 1, 1), np.float32)
    weights[1], weights[-2] = 1.0, -1.0
    return network(
        [helper.make_node("Conv", ["image", "weight"], ["mask"])],
        takes=(1, 3, side, side),
        gives=(1, classes, side, side),
        weights={"weight": weights},
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "made.onnx"
    path.write_bytes(bright_is_skin())
    return path


@pytest.fixture(scope="module")
def seen(studio: Studio, astronaut_jpeg: bytes) -> Subject:
    matted = studio.matted(astronaut_jpeg, Stopwatch())
    return look(matted, measure_head(matted, studio.catalogue["one-inch"]), ())


def parsed_as(seen: Subject, classes: np.ndarray) -> Subject:
    located = replace(seen.located, parsing=Parsing(classes.astype(np.uint8)))
    return replace(seen, matted=replace(seen.matted, located=located))


def bare_head() -> np.ndarray:
    """Skin and hair where they are in a portrait with both ears bare."""
    classes = np.zeros((400, 400))
    classes[40:140, 110:290] = HAIR
    classes[140:330, 130:270] = SKIN
    classes[190:250, 112:130] = classes[190:250, 270:288] = EAR
    classes[330:, 60:340] = CLOTH
    return classes


def value(check, subject: Subject, studio: Studio) -> float:
    reading = check.read(subject, studio.catalogue["one-inch"])
    assert reading is not None
    return reading.value


def test_each_pixel_gets_the_class_of_the_highest_score(file: Path):
    picture = np.zeros((300, 300, 3), np.uint8)
    picture[:, 150:] = 255
    anatomy = Anatomy((130, 150), (170, 150), (150, 210), (110, 160), (190, 160))
    classes = open_parser(file, threads=1).parse(Image.fromarray(picture), anatomy).classes

    assert classes.shape == (SIDE, SIDE)
    assert (classes[:, : SIDE // 2 - 4] == HAIR).all()
    assert (classes[:, SIDE // 2 + 4 :] == SKIN).all()


@pytest.mark.parametrize("lean", [-12.0, 0.0, 9.0])
def test_the_eyes_lie_where_ofiq_has_them_however_the_head_leans(lean: float):
    dx, dy = 40 * np.cos(np.radians(lean)), 40 * np.sin(np.radians(lean))
    anatomy = Anatomy((200 - dx, 200 - dy), (200 + dx, 200 + dy), (200, 300), (120, 200), (280, 200))
    placed = parsing_square(anatomy).to_picture(np.array([EYES_AT], np.float32))

    assert placed[0] == pytest.approx(anatomy.eyes, abs=0.01)


def test_an_installed_network_sees_every_selfie(tmp_path: Path, file: Path, studio: Studio, astronaut_jpeg: bytes):
    parser = open_parser(file, threads=1)
    parsing = replace(studio, networks=replace(studio.networks, parser=parser))
    report = parsing.render(astronaut_jpeg, spec="one-inch", source="selfie").report

    assert "ofiq_no_head_coverings" in report.measurements
    assert "ofiq_no_head_coverings" not in studio.render(astronaut_jpeg, spec="one-inch", source="").report.measurements


def test_the_setting_names_a_file_and_the_studio_opens_it(
    installed_models: Path, file: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("IDPHOTO_PARSER", str(file))

    assert open_studio(installed_models).networks.parser is not None


def test_a_bare_head_as_parsed_has_no_finding(seen: Subject, studio: Studio):
    bare = parsed_as(seen, bare_head())

    assert value(EARS_COVERED, bare, studio) < 0.1
    assert value(HEAD_COVERED, bare, studio) == 0
    assert value(GLASSES_WORN, bare, studio) == 0


def test_hair_over_one_ear_is_seen_and_its_side_named(seen: Subject, studio: Studio):
    classes = bare_head()
    classes[190:250, 112:130] = HAIR
    reading = EARS_COVERED.read(parsed_as(seen, classes), studio.catalogue["one-inch"])

    assert reading is not None
    assert reading.value > EARS_COVERED.limit
    assert reading.facts["side"] == "right"


def test_hats_glasses_and_scarves_are_what_the_network_says(seen: Subject, studio: Studio):
    hat, glasses, scarf = bare_head(), bare_head(), bare_head()
    hat[20:150, 90:310] = HAT
    glasses[185:215, 140:190] = glasses[185:215, 210:260] = GLASSES
    scarf[200:] = CLOTH

    assert value(HEAD_COVERED, parsed_as(seen, hat), studio) > HEAD_COVERED.limit
    assert value(GLASSES_WORN, parsed_as(seen, glasses), studio) > GLASSES_WORN.limit
    assert value(FACE_OCCLUDED, parsed_as(seen, scarf), studio) > FACE_OCCLUDED.limit


def test_a_whole_face_of_skin_is_not_covered(seen: Subject, studio: Studio):
    assert value(FACE_OCCLUDED, parsed_as(seen, np.full((400, 400), SKIN)), studio) < 0.9


def test_a_covered_head_scores_as_ofiq_scores_it(seen: Subject):
    """Half of the upper rows hat or cloth: its reference picture b-04 has 0.5076 and scores 1."""
    half = np.zeros((400, 400))
    half[:, :203] = HAT

    assert ofiq_scores(parsed_as(seen, half))["ofiq_no_head_coverings"] == 1
    assert ofiq_scores(parsed_as(seen, bare_head()))["ofiq_no_head_coverings"] == 100


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"not a network", ModelUnloadableError),
        (bright_is_skin(classes=5), EngineUnsuitableError),
        (bright_is_skin(side=33), EngineUnsuitableError),
    ],
    ids=["not a network", "five classes", "too small a square"],
)
def test_what_cannot_parse_is_refused_and_not_installed(tmp_path: Path, content: bytes, fault: type[Exception]):
    path = tmp_path / "other.onnx"
    path.write_bytes(content)

    with pytest.raises(fault):
        install_parser(tmp_path / "home", path)
    assert not installed_parser(tmp_path / "home").exists()


def test_a_path_that_leads_nowhere_is_told(tmp_path: Path):
    with pytest.raises(ModelMissingError):
        open_parser(tmp_path / "nowhere.onnx", threads=1)


def test_a_network_for_squares_of_any_size_gets_ofiqs(tmp_path: Path):
    path = tmp_path / "any.onnx"
    path.write_bytes(bright_is_skin(side="side"))
    anatomy = Anatomy((130, 150), (170, 150), (150, 210), (110, 160), (190, 160))

    assert open_parser(path, threads=1).parse(Image.new("RGB", (300, 300)), anatomy).classes.shape == (400, 400)


def test_the_installed_one_is_used_until_it_is_removed(tmp_path: Path, file: Path):
    home = tmp_path / "home"
    assert parser_path(home, {}) is None
    install_parser(home, file)

    assert parser_path(home, {}) == installed_parser(home)
    assert parser_path(home, {"IDPHOTO_PARSER": str(file)}) == file
    assert remove_parser(home)
    assert parser_path(home, {}) is None
    assert not remove_parser(home)


def test_a_damaged_one_stops_the_start(tmp_path: Path, file: Path):
    installed = install_parser(tmp_path, file)
    installed.write_bytes(installed.read_bytes()[:-1])

    with pytest.raises(ModelCorruptError):
        parser_path(tmp_path, {})


def test_the_list_of_networks_shows_it(tmp_path: Path, file: Path):
    """Absent, it is no fault; damaged, it is: then nothing starts."""
    env = {"IDPHOTO_MODELS": str(tmp_path)}
    listed = [CliRunner().invoke(models, ["list"], env=env).stdout]
    install_parser(tmp_path, file)
    listed.append(CliRunner().invoke(models, ["list"], env=env).stdout)
    installed_parser(tmp_path).write_bytes(b"something else")
    listed.append(CliRunner().invoke(models, ["list"], env=env).stdout)
    states = [next(line.split()[1] for line in text.splitlines() if line.startswith("parser")) for text in listed]

    assert states == ["none", "ok", "corrupt"]


def test_it_is_installed_and_removed_by_command(tmp_path: Path, file: Path):
    env = {"IDPHOTO_MODELS": str(tmp_path / "home")}
    asked = CliRunner().invoke(models, ["install", "parser"], env=env)
    installed = CliRunner().invoke(models, ["install", "parser", "--from", str(file)], env=env)
    removed = CliRunner().invoke(models, ["remove", "parser"], env=env)

    assert asked.exit_code == 2
    assert "--from" in asked.output
    assert installed.exit_code == 0
    assert removed.exit_code == 0
    assert "Removed parser" in removed.output
