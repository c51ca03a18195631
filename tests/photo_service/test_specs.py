"""The catalogue is data, read strictly: a rule that is mistyped is told, not silently off."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photo_service.catalogue.checks import check_sets
from photo_service.catalogue.file import read_spec
from photo_service.checks import CHECKS
from photo_service.codes import FILE_CODES, FindingCode
from photo_service.contract import Severity, UnknownSpec
from photo_service.spec import Confirmed, Group, Size, Window
from photo_service.specs import SpecFileError, get_spec, load_catalogue

SPEC_IDS = tuple(sorted(file.name.removesuffix(".toml") for file in (files("photo_service") / "specs").iterdir()))
LEAST_SPECS = 40


def spec_text(spec_id: str = "hunan-pretco") -> str:
    return (files("photo_service") / "specs" / f"{spec_id}.toml").read_text(encoding="utf-8")


def toml(value: Any) -> str:
    """Write a table back as TOML, well enough for these files."""
    lines = [f"{key} = {_value(item)}" for key, item in value.items() if not isinstance(item, dict)]
    return "\n".join(lines) + "".join(_table(item, key) for key, item in value.items() if isinstance(item, dict))


def _table(table: dict[str, Any], path: str) -> str:
    own = "".join(f"\n{key} = {_value(item)}" for key, item in table.items() if not isinstance(item, dict))
    inner = "".join(_table(item, f"{path}.{key}") for key, item in table.items() if isinstance(item, dict))
    return f"\n[{path}]{own}{inner}"


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return "'''" + value + "'''"
        case list():
            return "[" + ", ".join(_value(item) for item in value) + "]"
        case _:
            return str(value)


def faults(text: str, file: str = "hunan-pretco.toml") -> dict[str, str]:
    with pytest.raises(SpecFileError) as refused:
        read_spec(text, file=file)
    assert all(fault.file == file for fault in refused.value.faults)
    return {fault.key: fault.reason for fault in refused.value.faults}


def changed(**paths: Any) -> str:
    """Give the file of hunan-pretco with keys changed, `a__b` meaning table a, key b, and None meaning gone."""
    table = tomllib.loads(spec_text())
    for path, value in paths.items():
        *tables, key = path.split("__")
        target = table
        for name in tables:
            target = target.setdefault(name, {})
        if value is None:
            del target[key]
        else:
            target[key] = value
    return toml(table)


class TestTheCatalogue:
    def test_it_has_what_chinese_students_meet(self, catalogue):
        """At least forty, in every group, each group read by people in Chinese."""
        assert set(catalogue) == set(SPEC_IDS)
        assert len(catalogue) >= LEAST_SPECS
        assert {spec.group for spec in catalogue.values()} == set(Group)
        assert all(group.label for group in Group)

    @pytest.mark.parametrize(
        ("spec_id", "size", "dpi", "window"),
        [
            ("chsi-graduate", (480, 640), 300, (20_480, 40_000)),
            ("xinhua-graduation", (480, 640), 300, (30_720, 60_000)),
            ("gaokao-jiangsu", (358, 441), 350, (5_120, 20_000)),
            ("adult-gaokao-henan", (360, 480), 300, (10_240, 50_000)),
            ("putonghua", (390, 567), 300, (1, 100_000)),
            ("law-exam", (413, 626), 300, (40_960, 100_000)),
            ("nurse", (295, 413), 300, (20_480, 45_000)),
            ("id-card", (358, 441), 350, (14_336, 20_000)),
            ("residence-permit", (358, 441), 350, (14_336, 30_000)),
            ("social-security", (358, 441), 350, (14_336, 40_000)),
            ("passport", (390, 567), 300, (30_720, 80_000)),
            ("k12-student", (358, 441), 350, (1, 60_000)),
            ("shanghai-primary", (272, 354), 300, (5_120, 999_000)),
            ("us-visa", (600, 600), 300, (54_000, 240_000)),
            ("pets", (150, 200), 300, (20_480, 200_000)),
        ],
    )
    def test_each_table_row_is_held_to_the_byte(self, catalogue, spec_id, size, dpi, window):
        """KB counts from 1024 at the lower end and from 1000 at the upper: both readings are satisfied."""
        spec = catalogue[spec_id]

        assert (spec.size.min_width, spec.size.min_height) == size == (spec.size.max_width, spec.size.max_height)
        assert (spec.dpi, (spec.window.low, spec.window.high)) == (dpi, window)

    @pytest.mark.parametrize(
        ("spec_id", "measure", "band"),
        [
            ("chsi-graduate", "crown", (50, 110)),
            ("chsi-graduate", "eye_line", (200, 300)),
            ("chsi-graduate", "face_width", (180, 300)),
            ("id-card", "face_width", (193, 221)),
            ("id-card", "crown", (7, 21)),
            ("id-card", "eye_line", (0, 441 - 207)),
            ("social-security", "face_width", (179, 255)),
            ("social-security", "centre", (162, 196)),
        ],
    )
    def test_pixel_bands_are_the_authoritys_own(self, catalogue, spec_id, measure, band):
        """From the table, number for number."""
        rule = catalogue[spec_id].rule(measure)

        assert (rule.unit, (rule.low, rule.high)) == ("px", band)

    def test_millimetres_become_pixels_at_the_specs_own_density(self, catalogue):
        """The passport's head is 28 to 33 mm high: at 300 dpi 330.7 to 389.8 px; the note says so."""
        rule = catalogue["passport"].rule("head_height")

        assert (rule.unit, rule.low, rule.high) == ("px", 330.7, 389.8)
        assert "300 dpi" in catalogue["passport"].note
        assert catalogue["passport"].size.mm == (33, 48)

    def test_whoever_forbids_editing_is_obeyed(self, catalogue):
        """No background is painted where composites or edits are refused; the wall is looked at instead."""
        for spec_id in ("self-study-sichuan", "postgraduate", "passport", "us-visa", "cqwu-xuegong", "cet-240x320"):
            background = catalogue[spec_id].background
            assert (background.colour, background.replacement_allowed) == (None, False)
        for spec_id in ("chsi-graduate", "law-exam", "civil-service", "accounting", "us-visa", "id-card"):
            assert not catalogue[spec_id].upscale_allowed

    def test_glasses_and_age_are_looked_at_where_they_are_ruled(self, catalogue):
        """研招网, 美国签证 and 河南成考 want glasses off; six notices say how old a picture may be."""
        off = {spec.id for spec in catalogue.values() if spec.glasses == "forbidden"}
        dated = {spec.id for spec in catalogue.values() if spec.recency_days}

        assert off == {"postgraduate", "us-visa", "adult-gaokao-henan"}
        assert all(catalogue[spec_id].checks["glasses_worn"] is Severity.FAIL for spec_id in off)
        assert {"cqwu-xuegong", "putonghua", "ntce", "driving-licence", "us-visa", "self-study-xinjiang"} < dated
        assert all(catalogue[spec_id].checks["photo_too_old"] is Severity.FAIL for spec_id in dated)

    def test_what_is_not_confirmed_says_so_first(self, catalogue):
        """A rule from an app's list is not passed off as a rule."""
        for spec in catalogue.values():
            if spec.confirmed is Confirmed.UNCONFIRMED:
                assert spec.note.lstrip().startswith(("未证实", "没有全国统一的规格"))

    @pytest.mark.parametrize("name", sorted(check_sets()))
    def test_each_set_of_checks_decides_about_every_code(self, name: str):
        """A spec that takes a set forgets nothing."""
        assert set(check_sets()[name]) == set(FindingCode)

    def test_the_hunan_notice_is_held_exactly(self, catalogue):
        """180 x 240, 72 dpi, fewer than 100,000 bytes, white, ears visible, bareheaded."""
        spec = catalogue["hunan-pretco"]

        assert spec.size == Size(180, 240, 180, 240)
        assert spec.dpi == 72
        assert spec.window == Window(1, 100_000)
        assert spec.background.colour == (255, 255, 255)
        assert spec.checks["ears_covered"] is Severity.FAIL
        assert spec.checks["head_covered"] is Severity.FAIL
        assert spec.file_name == "{id_number}.jpg"

    def test_the_chongqing_notice_is_held_exactly(self, catalogue):
        """50 KB to 2 MB on either reading, face 120 to 640 px, half a year, nothing edited."""
        spec = catalogue["cqwu-xuegong"]
        width = spec.rule("face_width")

        assert (width.unit, width.low, width.high) == ("px", 120, 640)
        assert spec.window == Window(51_200, 2_000_000)
        assert spec.recency_days == 183
        assert (spec.background.colour, spec.background.replacement_allowed) == (None, False)
        assert {"gaze_away", "photo_too_old", "not_colour", "over_smoothed"} <= {
            code for code, severity in spec.checks.items() if severity is Severity.FAIL
        }

    def test_one_inch_is_lenient(self, catalogue):
        """Ears, a smile and ordinary glasses are allowed; a hat is not."""
        checks = catalogue["one-inch"].checks

        assert not {"ears_covered", "expression", "glasses_worn"} & checks.keys()
        assert checks["mouth_open"] is Severity.WARN
        assert checks["head_covered"] is Severity.FAIL

    @pytest.mark.parametrize("spec_id", SPEC_IDS)
    def test_each_says_where_it_comes_from_and_how_sure_it_is(self, catalogue, spec_id: str):
        """Rules change every year: a reader can look them up."""
        spec = catalogue[spec_id]

        assert spec.source
        assert spec.checked_on >= "2026-01-01"
        assert spec.confirmed in Confirmed
        assert spec.note

    @pytest.mark.parametrize("spec_id", SPEC_IDS)
    def test_each_decides_about_every_check(self, spec_id: str):
        """A new check cannot be forgotten: the file, or the set it takes, says fail, warn or off for each code."""
        said = tomllib.loads(spec_text(spec_id))["checks"]

        assert set(said) - {"like"} | set(check_sets().get(said.get("like"), ())) == set(FindingCode)

    @pytest.mark.parametrize("spec_id", SPEC_IDS)
    def test_each_holds_a_finished_file_to_what_its_notice_names(self, catalogue, spec_id: str):
        """Bytes, pixels and kind are always named."""
        checks = catalogue[spec_id].checks

        for code in set(FILE_CODES) - {"wrong_dpi", "wrong_background"}:
            assert checks[code] is Severity.FAIL

    def test_whatever_a_spec_asks_for_is_looked_for(self, catalogue):
        """No rule stands in a file that no check looks after."""
        looked_for = {check.code for check in CHECKS} | set(FILE_CODES) | {FindingCode.NO_FACE}

        assert {code for spec in catalogue.values() for code in spec.checks} <= looked_for

    def test_no_checks_are_on_by_default(self, catalogue):
        """`off` and absent are one and the same to whoever reads the spec."""
        assert "glasses_worn" not in catalogue["hunan-pretco"].checks

    def test_a_mistyped_id_is_answered_with_the_nearest(self, catalogue):
        """`hunan-petco` was meant to be `hunan-pretco`."""
        with pytest.raises(UnknownSpec) as refused:
            get_spec(catalogue, "hunan-petco")

        assert refused.value.facts == {"spec": "hunan-petco", "near": ["hunan-pretco"]}

    @pytest.mark.parametrize(
        ("wanted", "near"), [("chsi", "chsi-graduate"), ("一寸", "one-inch"), ("xlzp", "chsi-graduate")]
    )
    def test_a_name_in_the_ids_place_is_answered_with_the_id(self, catalogue, wanted: str, near: str):
        """`--spec 一寸` is not a spec, but it is clear which one is meant."""
        with pytest.raises(UnknownSpec) as refused:
            get_spec(catalogue, wanted)

        assert refused.value.facts["near"][0] == near

    @pytest.mark.parametrize("wanted", ["", " ", "冰淇淋"])
    def test_nonsense_is_answered_without_a_guess(self, catalogue, wanted: str):
        """Better none than three at random."""
        with pytest.raises(UnknownSpec) as refused:
            get_spec(catalogue, wanted)

        assert refused.value.facts["near"] == []

    def test_a_known_id_is_found(self, catalogue):
        """The usual case."""
        assert get_spec(catalogue, "cet").id == "cet"

    def test_it_cannot_be_changed_by_a_reader(self, catalogue):
        """One catalogue serves all threads."""
        with pytest.raises(TypeError):
            catalogue["new"] = catalogue["cet"]

    def test_all_faults_of_all_files_are_told_at_once(self, tmp_path: Path):
        """An operator repairs once, not fault by fault."""
        (tmp_path / "a-b.toml").write_text("id = 'other'\ndpi = 0", encoding="utf-8")
        (tmp_path / "broken.toml").write_text("id = ", encoding="utf-8")
        (tmp_path / "latin.toml").write_bytes(b"name = '\xff'")
        (tmp_path / "cet.toml").write_text(spec_text("cet"), encoding="utf-8")

        with pytest.raises(SpecFileError) as refused:
            load_catalogue(tmp_path)

        found = {(fault.file, fault.key) for fault in refused.value.faults}
        assert {("a-b.toml", "id"), ("a-b.toml", "dpi"), ("a-b.toml", "name")} <= found
        assert {("broken.toml", "(file)"), ("latin.toml", "(file)")} <= found
        assert not any(file == "cet.toml" for file, _ in found)
        assert "a-b.toml: dpi: is 0, must be from 1 to 1200" in str(refused.value)


class TestFaults:
    @pytest.mark.parametrize(
        ("change", "key", "reason"),
        [
            ({"dpy": 72}, "dpy", "not a key"),
            ({"head__crown__targt": 1}, "head.crown.targt", "not a key"),
            ({"name": None}, "name", "missing"),
            ({"name": " "}, "name", "empty"),
            ({"size__width": None}, "size.width", "missing"),
            ({"dpi": "72"}, "dpi", "whole number"),
            ({"dpi": True}, "dpi", "whole number"),
            ({"dpi": 0}, "dpi", "from 1 to 1200"),
            ({"upscale_allowed": 1}, "upscale_allowed", "true or false"),
            ({"checked_on": "2026"}, "checked_on", "a date"),
            ({"id": "hunan"}, "id", "file's own name"),
            ({"id": "Hunan Pretco"}, "id", "small letters"),
            ({"confirmed": "B"}, "confirmed", "A, S, U"),
            ({"glasses": "maybe"}, "glasses", "allowed, if_usual, forbidden"),
            ({"bytes__low": 100_000}, "bytes.low", "less than high"),
            ({"background__colour": "white"}, "background.colour", "#FFFFFF"),
            ({"background__colour": "#FFF"}, "background.colour", "#FFFFFF"),
            ({"background__choices": ["#000000"]}, "background.choices", "begin with colour"),
            ({"background__colour": None}, "background.replacement_allowed", "no colour"),
            ({"head__crown__low": 0.5}, "head.crown.target", "from low"),
            ({"head__crown__unit": "cm"}, "head.crown.unit", "fraction, px, mm"),
            ({"head__crown__high": 1.5}, "head.crown.high", "from 0 to 1"),
            ({"head__nose": {"unit": "px", "low": 1, "target": 1, "high": 1}}, "head.nose", "not a measure"),
            ({"head__crown": 3}, "head.crown", "a table"),
            ({"head__head_height__high": 0.99, "head__head_height__target": 0.95}, "head.head_height", "whole photo"),
            ({"head__eye_line__low": 0.01, "head__eye_line__target": 0.05}, "head.eye_line", "above the crown"),
            ({"checks__no_faces": "fail"}, "checks.no_faces", "not a finding code"),
            ({"checks__no_face": "error"}, "checks.no_face", "fail, warn, off"),
            ({"limits__blurred": "much"}, "limits.blurred", "a number"),
            ({"limits__blur": 1}, "limits.blur", "not a finding code"),
            ({"file_name": "{phone}.jpg"}, "file_name", "phone"),
            ({"file_name": "{id_number}.png"}, "file_name", ".jpg"),
            ({"file_name": "../{id_number}.jpg"}, "file_name", ".jpg"),
            ({"file_name": "{id_number.jpg"}, "file_name", "is"),
            ({"recency_days": 0}, "recency_days", "from 1"),
            ({"size": {"min": [480, 640], "max": [960, 1000]}}, "size.max", "proportion"),
            ({"size": {"min": [480, 640], "max": [240, 320]}}, "size.min", "larger than max"),
            ({"size": {"min": [480], "max": [960, 1280]}}, "size.min", "[width, height]"),
            ({"size": {"min": [], "max": [960, 1280]}}, "size.min", "[width, height]"),
            ({"size": {"min": [480, 640]}}, "size.max", "missing"),
            ({"size__mm": [25]}, "size.mm", "on paper"),
            ({"size__mm": [25, 0]}, "size.mm", "on paper"),
            ({"group": "schools"}, "group", "school, admission"),
            ({"aliases": ["a", "a", "b", "c"]}, "aliases", "twice"),
            ({"aliases": [" "]}, "aliases", "list of names"),
            ({"pinyin": ["hu nan"]}, "pinyin", "must have 5"),
            ({"pinyin": ["Hú nán"]}, "pinyin", "syllables"),
            ({"checks__no_face": None}, "checks.no_face", "`like`"),
            ({"checks__like": "strict"}, "checks.like", "school, plain, lenient"),
            ({"glasses": "forbidden"}, "checks.glasses_worn", "is off, although"),
            ({"recency_days": 183}, "checks.photo_too_old", "is off, although"),
            ({"checks__photo_too_old": "warn"}, "checks.photo_too_old", "is on, but not"),
            ({"checks__wrong_background": "off"}, "checks.wrong_background", "is off, although"),
            ({"background__replacement_allowed": False}, "background.colour", "wall"),
            ({"background__wall": ["#FFFFFF"]}, "background.wall", "may not be replaced"),
        ],
    )
    def test_each_is_named_with_its_key_and_reason(self, change: dict[str, Any], key: str, reason: str):
        """File, key, reason: enough to repair it without reading our code."""
        assert reason in faults(changed(**change))[key]

    def test_an_unchanged_file_has_none(self):
        """The helper of these tests writes the same spec back."""
        assert read_spec(changed(), file="hunan-pretco.toml") == read_spec(spec_text(), file="hunan-pretco.toml")

    @settings(max_examples=150, deadline=None)
    @given(data=st.data())
    def test_any_value_in_any_place_is_taken_or_told(self, data: st.DataObject):
        """Never another exception than SpecFileError, whatever an editor leaves behind."""
        table = tomllib.loads(spec_text(data.draw(st.sampled_from(SPEC_IDS))))
        target = table
        while True:
            key = data.draw(st.sampled_from(sorted(target)))
            if not isinstance(target[key], dict) or data.draw(st.booleans()):
                break
            target = target[key]
        values = st.one_of(
            st.booleans(),
            st.integers(-(10**6), 10**9),
            st.floats(allow_nan=False, allow_infinity=False),
            st.text("abc#{}", max_size=8),
            st.lists(st.one_of(st.integers(), st.booleans(), st.just("#FFFFFF")), max_size=3),
            st.dictionaries(st.sampled_from(["low", "high", "unit", "x"]), st.integers(), max_size=2),
        )
        own_name = f"{table['id']}.toml"
        target[key] = data.draw(values)
        try:
            spec = read_spec(toml(table), file=own_name)
        except SpecFileError:
            return
        assert spec.window.low < spec.window.high
