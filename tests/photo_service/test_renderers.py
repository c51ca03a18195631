"""One suite for both ways to render: in this process and over HTTP. Whoever calls cannot tell them apart."""

import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from fake_studio import FakeStudio
from made_pictures import jpeg, pixel_bomb, quartered, saved
from PIL import Image

from photo_service.client import HttpRenderer, LocalRenderer, Renderer, RendererUnavailable, RenderingFailed
from photo_service.compliance import inspect
from photo_service.contract import UnknownSpec, Verdict
from photo_service.pipeline import Studio
from photo_service.server import create_app


@pytest.fixture(params=["local", "http"])
def renderer(request: pytest.FixtureRequest, installed_models: Path, studio: Studio) -> Iterator[Renderer]:
    if request.param == "local":
        yield LocalRenderer(installed_models, engine="selfie", threads=1)
        return
    served = HttpRenderer("http://photo.test", transport=httpx.WSGITransport(app=create_app(studio)))
    yield served
    served.close()


class TestBoth:
    def test_a_good_selfie_gives_a_compliant_photo(self, renderer: Renderer, astronaut_jpeg: bytes, catalogue):
        """Report and photo belong together."""
        rendered = renderer.render(astronaut_jpeg, spec="one-inch", source="自拍 1.jpg")

        assert rendered.report.verdict is Verdict.PASS
        assert rendered.report.source == "自拍 1.jpg"
        assert rendered.report.engine == "selfie"
        assert rendered.photo is not None
        assert rendered.report.output.bytes == len(rendered.photo)
        assert inspect(rendered.photo, catalogue["one-inch"]) == []

    def test_both_give_the_same_bytes(self, renderer: Renderer, studio: Studio, astronaut_jpeg: bytes):
        """Moving the service to a machine of its own changes no photo."""
        expected = studio.render(astronaut_jpeg, spec="one-inch", source="selfie").photo

        assert renderer.render(astronaut_jpeg, spec="one-inch", source="selfie").photo == expected

    def test_a_picture_of_nobody_is_rejected_with_its_reason(self, renderer: Renderer):
        """No photo, and what to do."""
        rendered = renderer.render(jpeg(quartered(640, 480)), spec="hunan-pretco", source="selfie")

        assert rendered.photo is None
        assert rendered.report.verdict is Verdict.FAIL
        assert [finding.code for finding in rendered.report.findings] == ["no_face"]
        assert rendered.report.findings[0].advice

    @pytest.mark.parametrize(
        ("selfie", "code"),
        [
            pytest.param(b"", "unreadable_image", id="empty"),
            pytest.param(b"not a picture", "unreadable_image", id="garbage"),
            pytest.param(saved(quartered(), "GIF"), "unsupported_format", id="gif"),
            pytest.param(pixel_bomb(), "too_many_pixels", id="pixel bomb"),
        ],
    )
    def test_a_file_that_is_no_selfie_gives_a_report_with_the_error(self, renderer: Renderer, selfie: bytes, code: str):
        """The student is told in words; nothing is raised."""
        rendered = renderer.render(selfie, spec="one-inch", source="selfie")

        assert rendered.photo is None
        assert rendered.report.error.code == code
        assert rendered.report.error.message
        assert rendered.report.error.advice

    def test_an_unknown_spec_is_raised_with_the_nearest(self, renderer: Renderer):
        """That is the operator's mistake, not the student's."""
        with pytest.raises(UnknownSpec) as refused:
            renderer.render(b"", spec="hunan", source="selfie")

        assert refused.value.facts == {"spec": "hunan", "near": ["hunan-pretco"]}

    def test_a_reviewer_gets_three_small_pictures(self, renderer: Renderer, astronaut_jpeg: bytes):
        """The selfie upright, what was measured on it, a copy of the photo; all JPEG, none with the file's metadata."""
        made = renderer.exhibit(astronaut_jpeg, spec="one-inch")

        selfie, drawing, thumb = (Image.open(io.BytesIO(data)) for data in (made.selfie, made.drawing, made.thumb))
        assert {one.format for one in (selfie, drawing, thumb)} == {"JPEG"}
        assert max(selfie.size) <= 960
        assert drawing.width == 1200
        assert thumb.height == 240
        assert not selfie.getexif()
        assert len(made.thumb) < 15_000

    def test_a_selfie_that_gives_no_photo_is_drawn_without_one(self, renderer: Renderer):
        """The picture and the drawing say why."""
        made = renderer.exhibit(jpeg(quartered(640, 480)), spec="hunan-pretco")

        assert made.thumb is None
        assert made.drawing.startswith(b"\xff\xd8")

    def test_what_cannot_be_drawn_is_a_failure_that_no_repetition_mends(self, renderer: Renderer):
        """The same from both; an unknown spec is told apart."""
        with pytest.raises(RenderingFailed):
            renderer.exhibit(b"not a picture", spec="one-inch")
        with pytest.raises(UnknownSpec):
            renderer.exhibit(b"not a picture", spec="hunan")

    def test_warming_may_be_done_twice(self, renderer: Renderer):
        """A worker warms at start and after a pause."""
        renderer.warm()
        renderer.warm()
        assert renderer.render(b"no picture", spec="cet", source="a.jpg").report.source == "a.jpg"

    def test_several_threads_may_render_at_once(self, renderer: Renderer):
        """Each gets the report of its own selfie."""
        sources: list[str] = []

        def work(source: str) -> None:
            sources.append(renderer.render(b"no picture", spec="cet", source=source).report.source)

        threads = [threading.Thread(target=work, args=(f"{n}.jpg",)) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(sources) == ["0.jpg", "1.jpg"]


class TestNobodyRenders:
    def test_missing_networks_are_unavailable(self, tmp_path: Path):
        """The photo waits until an operator has installed them."""
        with pytest.raises(RendererUnavailable, match="idphoto models install"):
            LocalRenderer(tmp_path).warm()

    def test_a_dead_server_is_unavailable(self):
        """Nothing listens on port 9 of this machine."""
        with pytest.raises(RendererUnavailable):
            HttpRenderer("http://127.0.0.1:9", timeout_s=2).render(b"x", spec="cet", source="selfie")
        with pytest.raises(RendererUnavailable):
            HttpRenderer("http://127.0.0.1:9", timeout_s=2).warm()

    def test_a_server_that_is_too_slow_is_unavailable(self):
        """A timeout is no verdict on the selfie."""

        def too_slow(request: httpx.Request) -> httpx.Response:
            raise httpx.ReadTimeout("too slow", request=request)

        with pytest.raises(RendererUnavailable, match="ReadTimeout"):
            answering(too_slow).render(b"x", spec="cet", source="selfie")

    def test_a_busy_server_says_when_to_come_back(self):
        """503 with Retry-After."""
        busy = answering(lambda _: httpx.Response(503, json={"code": "busy"}, headers={"Retry-After": "7"}))

        with pytest.raises(RendererUnavailable) as refused:
            busy.render(b"x", spec="cet", source="selfie")
        assert refused.value.retry_after_s == 7

    @pytest.mark.parametrize(
        "response",
        [
            httpx.Response(200, text="<html>hello</html>"),
            httpx.Response(200, content=b"", headers={"Content-Type": "multipart/form-data; boundary=x"}),
            httpx.Response(302, headers={"Location": "https://elsewhere.test/"}),
            httpx.Response(502, text="bad gateway"),
            httpx.Response(404, text="no such page"),
        ],
        ids=["a page", "an empty body", "a redirect", "a gateway", "another server"],
    )
    def test_an_answer_that_is_none_of_ours_is_unavailable(self, response: httpx.Response):
        """Somebody else's server on that address is no verdict either."""
        with pytest.raises(RendererUnavailable):
            answering(lambda _: response).render(b"x", spec="cet", source="selfie")

    def test_a_selfie_too_large_for_the_server_is_the_selfies_fault(self):
        """The server refuses it unread, and the student is told."""
        served = HttpRenderer("http://photo.test", transport=httpx.WSGITransport(app=create_app(FakeStudio())))

        rendered = served.render(bytes(11 * 1024 * 1024), spec="cet", source="selfie.png")

        assert rendered.report.error.code == "upload_too_large"
        assert rendered.report.error.advice
        assert rendered.report.source == "selfie.png"

    def test_the_name_of_the_file_does_not_leave_the_machine(self):
        """It may be an ID number."""
        fake = FakeStudio()
        served = HttpRenderer("http://photo.test", transport=httpx.WSGITransport(app=create_app(fake)))

        rendered = served.render(b"good", spec="cet", source="430102200001011234.jpg")

        assert fake.asked == [(b"good", "cet", "selfie")]
        assert rendered.report.source == "430102200001011234.jpg"

    def test_a_defect_is_not_tried_again(self):
        """It is told apart from a server that is down."""
        served = HttpRenderer("http://photo.test", transport=httpx.WSGITransport(app=create_app(FakeStudio())))

        with pytest.raises(RenderingFailed):
            served.render(b"defect", spec="cet", source="selfie")


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> HttpRenderer:
    return HttpRenderer("http://photo.test", transport=httpx.MockTransport(answer))
