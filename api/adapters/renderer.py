"""The photo service behind its port: built at the first render, so that who renders nothing loads nothing."""

import threading
from collections.abc import Callable

from api.domain.errors import RendererAway
from api.domain.ports import Renderer
from photo_service.contract import Exhibit, Rendered


class LazyRenderer:
    """Build the renderer when it is first needed.

    `make` returns it together with the error by which it says that its server does not answer.
    """

    def __init__(self, make: Callable[[], tuple[Renderer, type[Exception]]]) -> None:
        self._make = make
        self._made: tuple[Renderer, type[Exception]] | None = None
        self._lock = threading.Lock()

    def render(self, selfie: bytes, *, spec: str, source: str, background: str | None = None) -> Rendered:
        """Render. Raises what the renderer raises, and RendererAway where its server does not answer."""
        renderer, away = self._both()
        try:
            return renderer.render(selfie, spec=spec, source=source, background=background)
        except away as fault:
            raise RendererAway from fault

    def exhibit(self, selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit:
        """Make what a reviewer looks at. Raises as `render` does."""
        renderer, away = self._both()
        try:
            return renderer.exhibit(selfie, spec=spec, background=background)
        except away as fault:
            raise RendererAway from fault

    def warm(self) -> None:
        """Build it and load its models now. Raises RendererAway with the reason where that cannot be."""
        renderer, away = self._both()
        try:
            renderer.warm()
        except away as fault:
            raise RendererAway(reason=str(fault)) from fault

    def _both(self) -> tuple[Renderer, type[Exception]]:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made
