"""Put the person before the spec's background, in the person's own colours."""

import numpy as np

from photo_service.foreground import both_sides, estimate_foreground, own_colours
from photo_service.models.ports import Rgb
from photo_service.outline import refine
from photo_service.photo import Composed, Framed
from photo_service.spec import Background


def compose(framed: Framed, background: Background, *, behind: Rgb | None = None) -> Composed:
    """Paint the background behind the person; where no colour is asked for, the picture stays as it is.

    `behind`, a picture of the photo's size, takes the colour's place. Outside the person every pixel is exactly the
    background, inside exactly the picture. At the edge the person's own colour is estimated first.
    """
    if background.colour is None and behind is None:
        return Composed(framed.picture)
    alpha = refine(framed.alpha, framed.picture, softness=framed.softness)
    wall = np.array(background.colour, np.uint8) if behind is None else behind
    picture = np.where(alpha[..., None] >= 1.0, framed.picture, wall)
    edge = (alpha > 0.0) & (alpha < 1.0)
    near, far = (side[edge] for side in both_sides(framed.picture, alpha))
    own, share = own_colours(framed.picture[edge], alpha[edge], near, far), alpha[edge][:, None]
    mixed = own * share + picture[edge] * (1 - share)
    picture[edge] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return Composed(picture)


def cut_out(framed: Framed) -> Composed:
    """Give the person alone, before nothing: their colours and, as a fourth channel, how much of each pixel is them.

    The alpha is straight: colours are not multiplied by it. Where nothing of the person is, the colours are those of
    the person nearby, so that a program that enlarges the picture finds no fringe, and nothing is left of the room.
    """
    alpha = refine(framed.alpha, framed.picture, softness=framed.softness)
    own = estimate_foreground(framed.picture, alpha)
    return Composed(np.clip(np.rint(np.dstack([own, alpha * 255])), 0, 255).astype(np.uint8))
