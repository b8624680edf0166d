"""Pictures that people upload, and files that only look like them."""

import contextlib
import io
import zipfile

import pytest
from PIL import Image, ImageCms

from newsletter.errors import Invalid
from newsletter.images import LARGEST_FILE, accept


def noise(size=(400, 200)):
    return Image.effect_noise(size, 80).convert("RGB")


def encoded(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def opened(picture):
    return Image.open(io.BytesIO(picture.data))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_each_common_form_becomes_one_that_mail_programs_show(form):
    picture = accept(encoded(noise(), form))
    assert picture.media_type in ("image/jpeg", "image/png")
    assert opened(picture).get_format_mimetype() == picture.media_type
    assert (picture.width, picture.height) == (400, 200)


def test_a_photo_from_a_phone_stands_upright_and_tells_nothing_about_its_place():
    photo = noise()
    exif = photo.getexif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Alice"
    exif.get_ifd(0x8825)[1] = "N"
    picture = accept(encoded(photo, "JPEG", exif=exif, comment=b"secret comment"))
    assert (picture.width, picture.height) == (200, 400)
    assert not opened(picture).getexif()
    assert b"Alice" not in picture.data
    assert b"secret" not in picture.data


def test_a_colour_profile_is_applied_before_it_goes():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = accept(encoded(noise(), "JPEG", icc_profile=profile))
    assert "icc_profile" not in opened(picture).info


def test_a_large_photo_is_made_smaller_and_keeps_its_shape():
    picture = accept(encoded(noise((3200, 1000)), "JPEG"))
    assert (picture.width, picture.height) == (1600, 500)
    assert accept(encoded(noise((300, 900)), "JPEG"), largest=450).height == 450


def test_a_see_through_logo_stays_so():
    logo = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    logo.paste((23, 73, 123, 255), (10, 10, 50, 30))
    picture = accept(encoded(logo, "WEBP", lossless=True))
    assert picture.media_type == "image/png"
    assert opened(picture).convert("RGBA").getpixel((0, 0))[3] == 0


def test_a_drawing_stays_sharp_and_a_photo_stays_small():
    assert accept(encoded(Image.new("RGB", (300, 300), "#17497b"), "PNG")).media_type == "image/png"
    assert accept(encoded(noise(), "PNG")).media_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "RGBA"])
def test_every_way_of_keeping_colours_is_read(mode):
    accept(encoded(Image.new(mode, (20, 20)), "JPEG" if mode == "CMYK" else "PNG"))


def test_the_same_picture_has_the_same_digest():
    data = encoded(noise(), "PNG")
    assert accept(data).digest == accept(data).digest


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        bundle.writestr("a.txt", "a")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "The file is empty"),
        (archive(), "The file is a zip archive"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "The file is an SVG drawing",
        ),
        (b"<?xml version='1.0'?>\n<!-- x --><svg><script/></svg>", "The file is an SVG drawing"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "The file is a web page"),
        (b"%PDF-1.7\n", "The file is a PDF"),
        (b"\0\0\0\x18ftypheic\0\0", "The file is a HEIC photo"),
        (b"hello", "The file is not a picture"),
        (encoded(noise(), "BMP"), "The file is a BMP picture"),
        (encoded(noise(), "TIFF"), "The file is a TIFF picture"),
        (encoded(noise(), "PNG")[:2000], "The picture is damaged"),
        (encoded(noise(), "JPEG")[:500], "The picture is damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "The"),
        (b"x" * (LARGEST_FILE + 1), "The picture has 20 MB; at most 20 MB"),
    ],
)
def test_anything_else_is_refused_in_one_clear_sentence(data, complaint):
    with pytest.raises(Invalid) as caught:
        accept(data)
    assert str(caught.value).startswith(complaint)
    assert "\n" not in str(caught.value)


def test_a_pixel_bomb_is_refused_before_it_is_unpacked():
    for side in (9_000, 20_000):
        bomb = encoded(Image.new("1", (side, side)), "PNG")
        assert len(bomb) < 200_000
        with pytest.raises(Invalid, match="50 million"):
            accept(bomb)


def test_a_thread_of_millions_of_pixels_is_refused_before_it_is_unpacked():
    file = io.BytesIO()
    Image.new("1", (1, 40_000)).save(file, "PNG")
    with pytest.raises(Invalid, match="1 × 40000 pixels"):
        accept(file.getvalue())


def test_a_bomb_of_many_frames_costs_one_frame():
    frames = [Image.new("P", (500, 500), shade) for shade in range(60)]
    picture = accept(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert (picture.width, picture.height) == (500, 500)


@pytest.mark.parametrize("place", range(0, 3000, 97))
def test_a_picture_with_a_wrong_byte_is_read_or_refused_but_never_crashes(place):
    data = bytearray(encoded(noise((60, 40)), "PNG"))
    data[place % len(data)] ^= 0xFF
    with contextlib.suppress(Invalid):
        accept(bytes(data))
