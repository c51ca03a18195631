"""A student finds a specification by what they type, on the page and by the API."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from web_world import World

PAGE = Path(__file__).resolve().parents[3] / "api" / "web" / "static" / "js" / "search.js"


def specs(world: World) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = world.client().get("/v1/specs").get_json()["specs"]
    return listed


def test_every_spec_says_its_group_its_other_names_and_what_it_is_found_by(world: World) -> None:
    """A client needs no dictionary of its own for pinyin."""
    chsi = next(spec for spec in specs(world) if spec["id"] == "chsi-graduate")

    assert (chsi["group"], chsi["group_name"]) == ("school", "学籍与毕业")
    assert "学历照片" in chsi["aliases"]
    assert {"xlzp", "xuelizhaopian", "学历照片", "480x640"} <= set(chsi["search"])


def test_where_the_background_stays_the_wall_is_named(world: World) -> None:
    """A student reads before what to stand; where it is painted, nothing is asked."""
    walls = {spec["id"]: spec["wall"] for spec in specs(world)}

    assert walls["us-visa"] == ["#FFFFFF"]
    assert walls["hunan-pretco"] == []


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: the page's search is not run")
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("四六级", "cet"),
        ("slj", "cet"),
        ("XLZP", "chsi-graduate"),
        ("一寸", "one-inch"),
        ("ＣＥＴ 四六级", "cet"),
        ("180 × 240", "hunan-pretco"),
        ("sfz", "id-card"),
    ],
)
def test_the_page_finds_by_name_by_pinyin_and_by_pixels(world: World, tmp_path: Path, typed: str, first: str) -> None:
    """The page's own script, fed with what the API answers."""
    listed = tmp_path / "specs.json"
    listed.write_text(json.dumps(specs(world)), encoding="utf-8")
    module = tmp_path / "search.mjs"
    module.write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    script = (
        f'import {{ readFileSync }} from "fs"; import {{ find, byGroup }} from "{module}";'
        f'const specs = JSON.parse(readFileSync("{listed}"));'
        f"console.log(JSON.stringify([find(specs, {json.dumps(typed)}).map((s) => s.id), find(specs, ' ').length,"
        " byGroup(specs).map(([name]) => name)]));"
    )
    run = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True, timeout=60
    )
    found, everything, groups = json.loads(run.stdout)

    assert found[0] == first
    assert everything == len(specs(world))
    assert groups[0] == "学籍与毕业"
