"""Decodes foreign pictures under limits, and writes them anew: what is kept was drawn by us, pixel by pixel."""

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from newsletter.errors import Invalid

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes that an uploaded file may have."""
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 30_000
"""Pixels that a side may have: to shrink a picture one pixel wide and millions high takes a gigabyte."""

_ACCEPTED = ("JPEG", "PNG", "GIF", "WEBP")
QUALITY = 84
_SRGB = ImageCms.createProfile("sRGB")
# How files begin that people mistake for pictures, or that others would like us to.
_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive (or an Office document)"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"8BPS", "a Photoshop file"),
)
_BOX_TYPES = {
    b"heic": "a HEIC photo",
    b"heix": "a HEIC photo",
    b"mif1": "a HEIC photo",
    b"avif": "an AVIF picture",
}


@dataclass(frozen=True)
class Picture:
    """An accepted picture: JPEG or PNG bytes, its size in pixels, and the SHA-256 of the bytes in hex."""

    data: bytes
    media_type: str
    width: int
    height: int
    digest: str


def accept(data: bytes, largest: int = 1600) -> Picture:
    """Take in a JPEG, PNG, GIF (its first frame) or WebP; upright, without metadata, no side longer than `largest`.

    Raises `Invalid` with one sentence that says what the file is or what is wrong with it.
    """
    if not data:
        raise Invalid("The file is empty. Choose a JPEG, PNG, GIF or WebP picture.")
    check_weight(len(data))
    image = _upright(data)
    image.thumbnail((largest, largest), Image.Resampling.LANCZOS)
    return written(image)


def check_weight(size: int) -> None:
    """Refuse a file of more than `LARGEST_FILE` bytes, before anybody reads it. Raises `Invalid`."""
    if size > LARGEST_FILE:
        raise Invalid(
            f"The picture has {size / 1048576:.0f} MB; at most 20 MB are taken. Save it smaller and try again."
        )


def _upright(data: bytes) -> Image.Image:
    """Decode the first frame in sRGB-like colours, turned as the camera was held."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # Pillow warns of large pictures and odd metadata; the limit is ours
            with Image.open(io.BytesIO(data), formats=_ACCEPTED) as image:
                _refuse_too_many_pixels(image)
                image.load()
                return _plain(ImageOps.exif_transpose(image))
    except UnidentifiedImageError:
        raise Invalid(_what_it_is(data)) from None
    except Image.DecompressionBombError:
        raise Invalid(
            "The picture has far more than 50 million pixels. Make it smaller and try again."
        ) from None
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, MemoryError, IndexError):
        raise Invalid(
            "The picture is damaged or was cut off on its way. Save it again and upload the new file."
        ) from None


def _refuse_too_many_pixels(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS or max(image.size) > LONGEST_SIDE:
        raise Invalid(
            f"The picture has {image.width} × {image.height} pixels; at most 50 million are taken. "
            "Make it smaller and try again."
        )


def _plain(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where something shines through; palettes, CMYK and 16 bits are gone after this."""
    image = _in_srgb(image)
    see_through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if not see_through:
        return image.convert("RGB")
    image = image.convert("RGBA")
    lowest = image.getchannel("A").getextrema()[0]
    return image if lowest != 255 else image.convert("RGB")  # noqa: PLR2004  (wholly opaque)


def _in_srgb(image: Image.Image) -> Image.Image:
    """Colours as they were meant, since the profile that explains them goes with the other metadata."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        return ImageCms.profileToProfile(image, io.BytesIO(profile), _SRGB, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def written(image: Image.Image) -> Picture:
    """PNG where something shines through or where it is the smaller (drawings, logos); else JPEG (photographs)."""
    image.info.clear()
    data, form = encoded(image, "PNG"), "png"
    if image.mode == "RGB":
        data, form = min((data, form), (encoded(image, "JPEG"), "jpeg"), key=lambda one: len(one[0]))
    return bound(image, data, form)


def bound(image: Image.Image, data: bytes, form: str) -> Picture:
    """Put a picture's bytes together with what is to be known of them."""
    digest = hashlib.sha256(data).hexdigest()
    return Picture(data, f"image/{form}", image.width, image.height, digest)


def encoded(image: Image.Image, form: str, quality: int = QUALITY) -> bytes:
    """Write a picture as PNG, or as JPEG of a quality."""
    out = io.BytesIO()
    if form == "PNG":
        image.save(out, form, compress_level=9)
    else:
        image.save(out, form, quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def _what_it_is(data: bytes) -> str:
    kind = _BOX_TYPES.get(data[8:12]) if data[4:8] == b"ftyp" else None
    kind = kind or next((name for start, name in _SIGNATURES if data.startswith(start)), None)
    beginning = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in beginning:
        kind = "an SVG drawing, which mail programs do not show"
    elif kind is None and beginning.startswith((b"<!doctype html", b"<html", b"<script")):
        kind = "a web page"
    what = (
        f"The file is {kind}, whatever its name says."
        if kind
        else "The file is not a picture that can be read here."
    )
    return f"{what} Choose a JPEG, PNG, GIF or WebP picture."
