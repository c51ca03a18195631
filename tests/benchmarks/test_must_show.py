"""The bench says of each figure whether it is what was asked: nobody has to compare numbers by eye."""

from typing import Any

from benchmarks.must_show import page, verdicts

NOTHING: dict[str, list[dict[str, Any]]] = {
    key: [] for key in ("masks", "composites", "fidelity", "catalogue", "sheets", "sameness", "speed", "memory")
}
SAME = [{"spec": "one-inch", "photo": True, "different_files": 1}]


def verdict_of(key: str, *rows: dict[str, Any]) -> list[str]:
    told = verdicts({**NOTHING, "sameness": SAME, key: list(rows)})
    return [row["verdict"] for row in told if key == "sameness" or row["no"] != 6]


def composite(way: str, alpha: float, ms: float) -> dict[str, Any]:
    return {"spec": "one-inch", "way": way, "alpha_error": alpha, "colour_error_de2000": alpha, "cpu_ms": ms}


def test_the_best_edge_needs_no_haste():
    """Better than every reference is enough, however long it takes."""
    assert verdict_of("composites", composite("closed form", 0.06, 100), composite("ours", 0.05, 99)) == ["met", "met"]


def test_a_slightly_worse_edge_must_cost_a_tenth():
    """Within five per cent counts only at a tenth of the time."""
    assert verdict_of("composites", composite("cf", 0.060, 100), composite("ours", 0.062, 9)) == ["met", "met"]
    assert verdict_of("composites", composite("cf", 0.060, 100), composite("ours", 0.062, 20)) == ["NOT MET"] * 2
    assert verdict_of("composites", composite("cf", 0.060, 100), composite("ours", 0.070, 1)) == ["NOT MET"] * 2


def test_one_different_file_is_told():
    """A second process that writes other bytes breaks the promise."""
    assert verdict_of("sameness", {"spec": "one-inch", "photo": True, "different_files": 2}) == ["NOT MET"]


def test_a_refused_photo_is_no_quick_photo():
    """Saying no in ten milliseconds is not a record."""
    row = {"file": "x", "kilobytes": 1, "photo": False, "ours_cpu_ms": 1, "pillow_cpu_ms": 9, "times": 0.1}

    assert verdict_of("speed", row) == ["NOT MET"]


def test_a_face_lost_in_any_spec_is_told_by_the_spec_s_name():
    """Each accepted photo of the catalogue counts, and the page says which spec's bytes leave too little."""
    row = {"photos": 530, "specs": 52, "faults": 0, "first_fault": "", "least_before_jpeg": 0.995}
    blamed = {**row, "least_jpeg": 0.93, "faces_below": 2, "specs_below": "tiny 0.930"}

    assert verdict_of("catalogue", {**row, "least_jpeg": 0.991}) == ["met", "met", "met"]
    assert verdict_of("catalogue", blamed) == ["met", "met", "NOT MET"]
    assert "tiny 0.930" in str(verdicts({**NOTHING, "sameness": SAME, "catalogue": [blamed]}))


def test_what_the_face_s_bytes_cost_the_rest_of_the_person_is_told():
    """Hair and clothes pay where bytes are few, and whoever reads the page sees how much."""
    row = {"photos": 530, "specs": 52, "faults": 0, "first_fault": "", "mean_beside": 0.98, "least_beside": 0.91}

    assert verdict_of("catalogue", row) == ["met", "to look at"]
    assert "0.98 on average, 0.91 at least" in str(verdicts({**NOTHING, "sameness": SAME, "catalogue": [row]}))


def test_the_page_names_its_command():
    """Every number in benchmarks comes with the command that made it."""
    told = verdicts({**NOTHING, "sameness": SAME, "memory": [{"format": "PNG", "megapixels": 48.0, "peak_mb": 401}]})

    written = page(told, measured_at="2026-11-21", machine={"processors": 2})

    assert "make bench" in written
    assert "| < 400 MB | 401 | NOT MET |" in written
