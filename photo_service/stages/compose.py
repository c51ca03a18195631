"""Put the person before the spec's background, in the person's own colours."""

import numpy as np

from photo_service.foreground import colours_at, estimate_foreground
from photo_service.models.ports import Alpha, Rgb
from photo_service.outline import refine
from photo_service.photo import Composed, Framed
from photo_service.spec import Background
from photo_service.two_colours import gather


def compose(framed: Framed, background: Background, *, behind: Rgb | None = None) -> Composed:
    """Paint the background behind the person; where no colour is asked for, the picture stays as it is.

    `behind`, a picture of the photo's size, takes the colour's place. Outside the person every pixel is exactly the
    background, inside exactly the picture. At the edge the person's own colour is estimated first.
    """
    if background.colour is None and behind is None:
        return Composed(framed.picture, framed.face)
    wall = np.array(background.colour, np.uint8) if behind is None else behind
    return Composed(before(wall, framed.picture, share_of(framed)), framed.face)


def share_of(framed: Framed) -> Alpha:
    """Return how much of each pixel of the photo is the person, 0 to 1."""
    clouds = gather(framed.picture, framed.alpha)
    return refine(framed.alpha, framed.picture, softness=framed.softness, clouds=clouds)


def before(wall: Rgb, picture: Rgb, share: Alpha) -> Rgb:
    """Return the person before a wall: one colour, or a picture of the same size."""
    made, flat = picture.copy(), share.ravel()
    rows, behind = made.reshape(-1, 3), np.broadcast_to(wall, picture.shape).reshape(-1, 3)
    outside, edge = np.flatnonzero(flat <= 0.0), np.flatnonzero((flat > 0.0) & (flat < 1.0))
    rows[outside] = behind[outside]
    part = flat[edge, None]
    mixed = colours_at(edge, picture, share) * part + behind[edge] * (1 - part)
    rows[edge] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return made


def cut_out(framed: Framed) -> Composed:
    """Give the person alone, before nothing: their colours and, as a fourth channel, how much of each pixel is them.

    The alpha is straight: colours are not multiplied by it. Where nothing of the person is, the colours are those of
    the person nearby, so that a program that enlarges the picture finds no fringe, and nothing is left of the room.
    """
    share = share_of(framed)
    own = estimate_foreground(framed.picture, share)
    return Composed(np.clip(np.rint(np.dstack([own, share * 255])), 0, 255).astype(np.uint8))
