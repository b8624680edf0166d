"""What is cut out of a picture for mail: the part that was asked for, sharp, and light."""

import io

import pytest
from PIL import Image

from newsletter.images import HEAVIEST, accept, cut


def encoded(image):
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def opened(picture):
    return Image.open(io.BytesIO(picture.data))


def quarters(mode="RGB"):
    """A picture of four colours: red, green above blue, white."""
    image = Image.new(mode, (800, 400), "white")
    for colour, place in (("red", (0, 0)), ("green", (400, 0)), ("blue", (0, 200))):
        image.paste(Image.new(mode, (400, 200), colour), place)
    return image


@pytest.mark.parametrize(
    ("part", "size", "colour"),
    [
        ((0, 0, 50, 50), (400, 200), (255, 0, 0)),
        ((50, 0, 50, 50), (400, 200), (0, 128, 0)),
        ((0, 50, 50, 50), (400, 200), (0, 0, 255)),
        ((60, 60, 25, 30), (200, 120), (255, 255, 255)),
    ],
)
def test_the_part_that_was_asked_for_is_shown(part, size, colour):
    made = cut(accept(encoded(quarters())).data, part, 1120)
    assert (made.width, made.height) == size
    middle = opened(made).convert("RGB").getpixel((size[0] // 2, size[1] // 2))
    assert all(abs(one - other) < 6 for one, other in zip(middle, colour, strict=True))


def test_a_wide_picture_is_narrowed_and_a_small_one_stays():
    assert cut(encoded(quarters()), (0, 0, 100, 100), 536).width == 536
    assert cut(encoded(quarters()), (0, 0, 100, 100), 1120).width == 800
    assert cut(encoded(Image.new("RGB", (9, 1))), (0, 0, 5, 5), 1120).width == 1


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_heavy_picture_becomes_light_enough_for_mail(mode):
    noise = Image.effect_noise((1120, 1120), 120).convert(mode)
    if mode == "RGBA":
        noise.putalpha(Image.effect_noise((1120, 1120), 120))
    made = cut(accept(encoded(noise)).data, (0, 0, 100, 100), 1120)
    assert len(made.data) <= HEAVIEST
    assert made.width >= 400
