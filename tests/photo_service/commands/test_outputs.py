"""Before any work it is settled where each photo goes: none over another, none over a selfie."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photo_service.commands.outputs import BadRequestError, plan_explanations, plan_jobs


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def photos(jobs: list) -> list[Path]:
    return [job.photo for job in jobs]


class TestOneSelfie:
    def test_it_goes_into_the_named_file(self, tmp_path: Path):
        """`-o out.jpg`, as everybody expects."""
        jobs = plan_jobs([tmp_path / "a.png"], output=tmp_path / "out.jpg", spec_id="cet")

        assert photos(jobs) == [tmp_path / "out.jpg"]

    def test_it_goes_into_the_named_directory(self, tmp_path: Path):
        """Whether it is there already or not."""
        assert photos(plan_jobs([Path("a.png")], output=tmp_path, spec_id="cet")) == [tmp_path / "a.jpg"]
        assert photos(plan_jobs([Path("a.png")], output=tmp_path / "new", spec_id="cet")) == [tmp_path / "new/a.jpg"]

    def test_it_goes_beside_the_selfie_otherwise(self, tmp_path: Path):
        """Named by the spec, so that two specs make two photos."""
        assert photos(plan_jobs([tmp_path / "a.jpg"], output=None, spec_id="cet")) == [tmp_path / "a-cet.jpg"]

    def test_it_never_goes_over_the_selfie(self, tmp_path: Path):
        """The only copy of a selfie may be the one given."""
        touch(tmp_path / "a.jpg")

        with pytest.raises(BadRequestError, match="itself"):
            plan_jobs([tmp_path / "a.jpg"], output=tmp_path / "a.jpg", spec_id="cet")
        assert photos(plan_jobs([tmp_path / "a.jpg"], output=tmp_path, spec_id="cet")) == [tmp_path / "a-cet.jpg"]


class TestSeveral:
    def test_they_go_into_the_directory(self, tmp_path: Path):
        """Each by its own name."""
        jobs = plan_jobs([Path("a.png"), Path("b.heic")], output=tmp_path / "out", spec_id="cet")

        assert photos(jobs) == [tmp_path / "out/a.jpg", tmp_path / "out/b.jpg"]

    def test_a_file_is_no_place_for_several(self, tmp_path: Path):
        """The second would overwrite the first."""
        touch(tmp_path / "out.jpg")

        with pytest.raises(BadRequestError, match="directory"):
            plan_jobs([Path("a.png"), Path("b.png")], output=tmp_path / "out.jpg", spec_id="cet")

    def test_two_selfies_of_one_name_make_two_photos(self, tmp_path: Path):
        """a.png and a.jpg, and a.jpg of another folder."""
        jobs = plan_jobs([Path("x/a.png"), Path("x/a.jpg"), Path("y/a.jpg")], output=tmp_path, spec_id="cet")

        assert [path.name for path in photos(jobs)] == ["a.jpg", "a-cet.jpg", "a.jpg-cet.jpg"]


class TestADirectory:
    def test_every_picture_in_and_below_it_is_a_selfie(self, tmp_path: Path):
        """In the order of names; hidden files and lists are passed over."""
        touch(*(tmp_path / "class" / name for name in ("b.JPG", "a.png", "one/c.heic", ".hidden.jpg", "list.csv")))

        jobs = plan_jobs([tmp_path / "class"], output=tmp_path / "out", spec_id="cet")

        assert [job.selfie.name for job in jobs] == ["a.png", "b.JPG", "c.heic"]
        assert photos(jobs) == [tmp_path / "out" / name for name in ("a.jpg", "b.jpg", "one/c.jpg")]
        assert {job.listed_in for job in jobs} == {tmp_path / "out"}

    def test_its_photos_go_into_a_directory_beside_it(self, tmp_path: Path):
        """Not among the selfies."""
        touch(tmp_path / "class/a.png")

        assert photos(plan_jobs([tmp_path / "class"], output=None, spec_id="cet")) == [tmp_path / "class-cet/a.jpg"]

    def test_the_photos_of_an_earlier_run_are_no_selfies(self, tmp_path: Path):
        """Where the output lies inside the input."""
        touch(tmp_path / "class/a.png", tmp_path / "class/out/a.jpg")

        jobs = plan_jobs([tmp_path / "class"], output=tmp_path / "class/out", spec_id="cet")

        assert [job.selfie for job in jobs] == [tmp_path / "class/a.png"]

    def test_one_without_pictures_is_told(self, tmp_path: Path):
        """Silence would look like success."""
        (tmp_path / "notes.txt").write_text("none")

        with pytest.raises(BadRequestError, match="no picture in"):
            plan_jobs([tmp_path], output=None, spec_id="one-inch")

    def test_its_own_directory_as_output_overwrites_no_selfie(self, tmp_path: Path):
        """a.jpg stays what it is."""
        touch(tmp_path / "a.jpg", tmp_path / "b.png")

        assert photos(plan_jobs([tmp_path], output=tmp_path, spec_id="cet")) == [
            tmp_path / "a-cet.jpg",
            tmp_path / "b.jpg",
        ]


@settings(max_examples=100)
@given(names=st.lists(st.sampled_from(["a.jpg", "a.png", "b/a.jpg", "a-cet.jpg", "c/a.jpg-cet.jpg"]), max_size=8))
def test_no_photo_falls_on_another_or_on_a_selfie(names: list[str]):
    """Whatever the names, even one named twice."""
    jobs = plan_jobs([Path(name) for name in [*names, "z.jpg", "y.jpg"]], output=Path("no-such-dir"), spec_id="cet")

    written = [job.photo.resolve() for job in jobs]
    assert len(set(written)) == len(written)
    assert not set(written) & {job.selfie.resolve() for job in jobs}


class TestExplanations:
    def test_one_selfie_has_the_named_file(self, tmp_path: Path):
        """Or a file of the photo's name in the named directory."""
        jobs = plan_jobs([tmp_path / "a.png"], output=tmp_path / "out.jpg", spec_id="cet")

        assert plan_explanations(jobs, tmp_path / "why.png")[0].explanation == tmp_path / "why.png"
        assert plan_explanations(jobs, tmp_path / "why")[0].explanation == tmp_path / "why/out.png"

    def test_several_have_one_each_below_the_directory(self, tmp_path: Path):
        """As their photos lie below theirs, so that no two share one."""
        touch(tmp_path / "class/a.png", tmp_path / "class/a.jpg", tmp_path / "class/one/a.jpg")
        jobs = plan_jobs([tmp_path / "class"], output=tmp_path / "out", spec_id="cet")

        explanations = [job.explanation for job in plan_explanations(jobs, tmp_path / "why")]

        assert len(set(explanations)) == 3
        assert tmp_path / "why/one/a.png" in explanations

    def test_a_file_is_no_place_for_several(self, tmp_path: Path):
        """Nor is a JPEG for one."""
        touch(tmp_path / "why.png")
        two = plan_jobs([Path("a.png"), Path("b.png")], output=tmp_path, spec_id="cet")

        with pytest.raises(BadRequestError, match="directory"):
            plan_explanations(two, tmp_path / "why.png")
        with pytest.raises(BadRequestError, match="must end in"):
            plan_explanations(plan_jobs([Path("a.png")], output=tmp_path, spec_id="cet"), tmp_path / "why.jpg")
