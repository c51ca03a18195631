"""Staff at their desks: a real Chromium before the console, watched for complaints and for words to strangers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from desk import Desk, desk_at
from playwright.sync_api import Browser
from web_world import RunningClock, kitchen, make_world, served


@pytest.fixture
def desk_of(chromium: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Desk]]:
    """Give desks before one and the same world; each a browser of its own, of the given width.

    Pages move as for people who asked their system for less motion, which is quicker; `reduced_motion` says otherwise.
    Settings of the world that differ come as the fixture's parameter (`indirect=True`).
    """
    with ExitStack() as stack:
        world = make_world(tmp_path, clock=RunningClock(), **getattr(request, "param", {}))
        stack.callback(world.house.close)
        stack.enter_context(kitchen(world))
        address = stack.enter_context(served(world))
        desks: list[Desk] = []

        def make(*, width: int = 1440, height: int = 900, dark: bool = False, **more: Any) -> Desk:
            context = chromium.new_context(
                viewport={"width": width, "height": height},
                locale="zh-CN",
                color_scheme="dark" if dark else "light",
                **{"reduced_motion": "reduce", **more},
            )
            stack.callback(context.close)
            desks.append(desk_at(context.new_page(), world, address))
            return desks[-1]

        yield make
        for desk in desks:
            assert desk.complaints == []
            assert desk.strangers == []


@pytest.fixture
def desk(desk_of: Callable[..., Desk]) -> Desk:
    """One desk with a screen of 1440 pixels."""
    return desk_of()
