"""Two renderers behind one port: in this process, or a photo service on another machine."""

import json
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol

from photo_service.contract import Exhibit, Problem, Rendered, Report, SpecError, UnknownSpec, Verdict

if TYPE_CHECKING:
    import httpx

    from photo_service.pipeline import Studio

_READY_TIMEOUT_S: Final = 5.0


class RendererUnavailable(Exception):
    """Nobody renders at the moment: the server is down, busy or too slow. The selfie is not at fault; try again.

    `retry_after_s` is what the server asked for, None where it said nothing.
    """

    def __init__(self, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class RenderingFailed(Exception):
    """A defect of the photo service on this very selfie: trying again will not help."""


class Renderer(Protocol):
    """Turns selfies into photos. Both implementations pass tests/photo_service/test_renderers.py."""

    def render(self, selfie: bytes, *, spec: str, source: str, background: str | None = None) -> Rendered:
        """Render one selfie. A bad selfie gives a report; raises UnknownSpec, RendererUnavailable, RenderingFailed."""

    def exhibit(self, selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit:
        """Make what a reviewer looks at. Raises UnknownSpec, RendererUnavailable, RenderingFailed."""

    def warm(self) -> None:
        """Get ready, so that the first selfie waits no longer than others. Raises RendererUnavailable."""


class LocalRenderer:
    """Renders in this process. Build it after forking; networks are loaded once, at `warm` or the first selfie."""

    def __init__(self, models_home: Path, engine: str = "selfie", threads: int = 1) -> None:
        self._models_home, self._engine, self._threads = models_home, engine, threads
        self._opened: Studio | None = None
        self._opening = Lock()

    def render(self, selfie: bytes, *, spec: str, source: str, background: str | None = None) -> Rendered:
        """Render one selfie. A bad selfie gives a report; raises UnknownSpec, RendererUnavailable, RenderingFailed."""
        studio = self._studio()
        try:
            return studio.render(selfie, spec=spec, source=source, background=background)
        except SpecError:
            raise
        except Exception as error:  # whatever it is, the caller must know that this selfie will never do
            raise RenderingFailed(f"{type(error).__name__} while rendering") from error

    def exhibit(self, selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit:
        """Make what a reviewer looks at. Raises UnknownSpec, RendererUnavailable, RenderingFailed."""
        studio = self._studio()
        try:
            return studio.exhibit(selfie, spec=spec, background=background)
        except SpecError:
            raise
        except Exception as error:  # as in render
            raise RenderingFailed(f"{type(error).__name__} while drawing") from error

    def warm(self) -> None:
        """Load the networks. Raises RendererUnavailable."""
        self._studio()

    def _studio(self) -> "Studio":
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> "Studio":
        from photo_service.models.errors import ModelError
        from photo_service.pipeline import open_studio

        try:
            return open_studio(self._models_home, engine=self._engine, threads=self._threads)
        except ModelError as error:
            raise RendererUnavailable(str(error)) from error


class HttpRenderer:
    """Has a photo service render. Safe from several threads; connections are kept open between selfies."""

    def __init__(
        self, base_url: str, timeout_s: float = 30.0, *, transport: "httpx.BaseTransport | None" = None
    ) -> None:
        """Reach a server; `transport` takes the network's place in tests."""
        import httpx

        self._client = httpx.Client(base_url=base_url, timeout=timeout_s, transport=transport, trust_env=False)

    def render(self, selfie: bytes, *, spec: str, source: str, background: str | None = None) -> Rendered:
        """Render one selfie. A bad selfie gives a report; raises UnknownSpec, RendererUnavailable, RenderingFailed."""
        # the file's name stays here: it may be an ID number, and the server has no use for it
        wanted = {"spec": spec} | ({"background": background} if background else {})
        answer = self._send("POST", "/v1/render", files={"selfie": ("selfie", selfie)}, data=wanted)
        if answer.status_code == 200:
            return _rendered(answer, source)
        if answer.status_code in {413, 422}:
            return _unusable(_problem(answer), spec=spec, source=source)
        raise _refused(answer, spec)

    def exhibit(self, selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit:
        """Make what a reviewer looks at. Raises UnknownSpec, RendererUnavailable, RenderingFailed."""
        wanted = {"spec": spec} | ({"background": background} if background else {})
        answer = self._send("POST", "/v1/exhibit", files={"selfie": ("selfie", selfie)}, data=wanted)
        if answer.status_code == 200:
            return _exhibited(answer)
        if answer.status_code in {413, 422}:
            raise RenderingFailed(f"{_problem(answer).get('code')} while drawing")
        raise _refused(answer, spec)

    def warm(self) -> None:
        """See that the server answers and is ready. Raises RendererUnavailable."""
        answer = self._send("GET", "/healthz", timeout=_READY_TIMEOUT_S)
        if answer.status_code != 200:
            raise RendererUnavailable(f"{answer.status_code} from /healthz", retry_after_s=_retry_after(answer))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _send(self, method: str, path: str, **options: object) -> "httpx.Response":
        import httpx

        try:
            return self._client.request(method, path, **options)  # type: ignore[arg-type]  # httpx's own options
        except httpx.HTTPError as error:
            raise RendererUnavailable(f"{type(error).__name__}: {error}") from error


def _rendered(answer: "httpx.Response", source: str) -> Rendered:
    """Read the parts of an answer; one that cannot be read is as good as none."""
    from photo_service.multipart import read_parts

    try:
        parts = read_parts(answer.headers.get("Content-Type", ""), answer.content)
        report = replace(Report.from_json(json.loads(parts["report"].content)), source=source)
    except (ValueError, KeyError) as error:
        raise RendererUnavailable(f"the server's answer cannot be read: {error}") from error
    photo = parts.get("photo")
    if (photo is not None) is not (report.verdict is Verdict.PASS):
        raise RendererUnavailable("the server's report and photo contradict each other")
    return Rendered(report, photo.content if photo else None)


def _exhibited(answer: "httpx.Response") -> Exhibit:
    from photo_service.multipart import read_parts

    try:
        parts = read_parts(answer.headers.get("Content-Type", ""), answer.content)
        thumb = parts.get("thumb")
        return Exhibit(parts["selfie"].content, parts["drawing"].content, thumb.content if thumb else None)
    except (ValueError, KeyError) as error:
        raise RendererUnavailable(f"the server's answer cannot be read: {error}") from error


def _refused(answer: "httpx.Response", spec: str) -> Exception:
    """Return what an answer without a result comes to: the spec's fault, a defect, or nobody there."""
    problem = _problem(answer)
    if problem.get("code") == "unknown_spec":
        return UnknownSpec(spec=spec, near=problem.get("near", []))
    if problem.get("code") == "internal_error":
        return RenderingFailed("the photo service failed on this selfie")
    return RendererUnavailable(f"{answer.status_code} {problem.get('code')}", retry_after_s=_retry_after(answer))


def _problem(answer: "httpx.Response") -> dict[str, object]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _unusable(problem: dict[str, object], *, spec: str, source: str) -> Rendered:
    """Make the report that the server could not, because it refused the request before rendering."""
    code, detail = str(problem.get("code", "unreadable_image")), str(problem.get("detail", ""))
    error = Problem(code, detail, str(problem.get("advice", "")))
    return Rendered(Report(spec, Verdict.FAIL, source, "http", error=error), None)


def _retry_after(answer: "httpx.Response") -> float | None:
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None
