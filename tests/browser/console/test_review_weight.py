"""The budget of a page of a hundred photos from a cold browser: under 1 MB in all, and nothing asked for twice.

How long it takes is measured by `python -m benchmarks.review_queue`.
"""

import io
from collections import Counter

import pytest
from desk import Desk
from PIL import Image
from playwright.sync_api import BrowserContext, Page
from review_people import hand_in
from web_world import World, made_portrait

from api.domain.blob import BlobKind
from api.domain.reviewer import Scope

PHOTO_BYTES = 15_000
"""What a photo of 180×240 weighs as the service makes it; its small copy is lighter."""
MOST_BYTES = 1_000_000
MOST_BESIDE_PHOTOS = 12
"""The page, its styles, scripts and icons: what the photos wait for."""
WEIGHT = """() => performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
  .reduce((sum, one) => sum + one.transferSize, 0)"""
PHOTOS = """() => [...document.images].map((one) => one.src).filter((one) => one.includes("/thumb"))"""


def grainy(seed: int) -> bytes:
    """A photo with as much in it as a real one: an even picture would weigh a third."""
    picture = made_portrait((180, 240))
    grain = Image.effect_noise((180, 240), 24 + seed % 3).convert("RGB")
    file = io.BytesIO()
    Image.blend(picture, grain, 0.3).save(file, "JPEG", quality=90)
    return file.getvalue()


def make_photos_weigh(world: World, submissions: list[str]) -> None:
    """Put a photo of true weight behind each submission, and in the place of its small copy too."""
    parts = world.house.parts
    for number, one in enumerate(submissions):
        photo = world.house.read_submission("office", one).photo
        picture = grainy(number)
        assert len(picture) > PHOTO_BYTES * 0.8
        with parts.database.read() as uow:
            keys = [row.key for row in uow.blobs.of_photo(photo.id) if row.kind in {BlobKind.IMAGE, BlobKind.THUMB}]
        for key in keys:
            parts.blobs.put(key, picture)


def cold(desk: Desk) -> BrowserContext:
    """The same member of staff at a browser that has never been here."""
    browser = desk.page.context.browser
    assert browser is not None
    return browser.new_context(viewport={"width": 1440, "height": 900}, storage_state=desk.page.context.storage_state())


def asked(page: Page) -> list[str]:
    """The addresses that a page asks for from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    return found


@pytest.mark.slow
def test_a_page_of_a_hundred_photos_is_light(desk: Desk):
    """Bytes that came over the wire, and requests: no photo twice, those far below the fold not yet, little beside."""
    make_photos_weigh(desk.world, hand_in(desk.world, 100, doubted=10))
    desk.sign_in(desk.world.account(scopes=(Scope(class_="软件2201班"),), login="li"))
    context = cold(desk)
    page = context.new_page()
    addresses = asked(page)
    page.goto(f"{desk.address}/console/review", wait_until="networkidle")
    total = page.evaluate(WEIGHT)
    photos = set(page.evaluate(PHOTOS))
    context.close()

    fetched = Counter(address for address in addresses if address in photos)
    assert len(photos) == 100
    assert 0 < len(fetched) < 100
    assert set(fetched.values()) == {1}
    assert len(addresses) - len(fetched) <= MOST_BESIDE_PHOTOS
    assert total < MOST_BYTES
