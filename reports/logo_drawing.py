"""Judges a logo and draws it anew, so that a file of somebody else's is never stored or printed.

What remains is a PNG of at most 1200 × 600 pixels: colours in sRGB, first frame only, no notes of
the camera, no profile, no empty border.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES = 5_000_000
MOST_PIXELS = 40_000_000
SMALLEST_SIDE = 16
LONGEST_RATIO = 20
BOX = (1200, 600)
DRAWING_SECONDS = 20
LIGHT_SHARE = 0.6
SEEN = 24
"""Less opaque (of 255) is as good as nothing."""


class LogoRefused(Exception):
    """Says what is wrong with the file and what to do."""


@dataclass(frozen=True)
class Logo:
    body: bytes
    width: int
    height: int


def logo_of(body: bytes) -> Logo:
    """The picture to store; LogoRefused says what is wrong with the file."""
    if len(body) > MOST_BYTES:
        raise LogoRefused(too_large())
    picture = _opened(_svg_as_png(body) if _is_svg(body) else body)
    picture = _without_border(_in_srgb(picture))
    picture.thumbnail(BOX)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return Logo(out.getvalue(), *picture.size)


def too_large() -> str:
    return _("This file is larger than 5 MB. Save the logo smaller: 1200 pixels across are enough.")


def _is_svg(body: bytes) -> bool:
    return re.search(rb"<(?:[\w-]+:)?svg[\s>]", body[:4096]) is not None


def _svg_as_png(body: bytes) -> bytes:
    command = [sys.executable, "-m", "reports.logo_svg"]
    try:
        done = subprocess.run(
            command,
            input=body,
            capture_output=True,
            cwd=settings.BASE_DIR,
            timeout=DRAWING_SECONDS,
            # Nothing of ours: no settings, no secrets.
            env={"PATH": "/usr/bin:/bin"},
        )
    except subprocess.TimeoutExpired:
        raise LogoRefused(_too_much()) from None
    if done.returncode == 0:
        return done.stdout
    reason = done.stderr.decode("utf-8", "replace")
    why = {
        "no size": _(
            "This SVG does not say how large it is. Give it a viewBox, or save it as PNG."
        ),
        "letters": _(
            "This SVG holds letters in a font, and other machines draw them differently. Turn text "
            "into paths (outlines) before saving, or save it as PNG."
        ),
        "unreadable": _("This SVG cannot be read. Save it again as plain SVG, or as PNG."),
    }
    found = re.search(r"not drawn: ([a-z ]+)", reason)
    raise LogoRefused(why[found[1].strip()] if found else _too_much())


def _too_much() -> str:
    return _("This SVG takes too much work to draw. Simplify it, or save it as PNG.")


def _opened(body: bytes) -> Image.Image:
    from PIL import Image, ImageFile, UnidentifiedImageError

    try:
        picture = Image.open(BytesIO(body), formats=("PNG", "JPEG"))
    except UnidentifiedImageError:
        raise LogoRefused(_("This is no picture we can print. Use PNG, JPEG or SVG.")) from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise LogoRefused(_broken()) from None
    _judge(*picture.size)
    # WeasyPrint, where it is loaded, has Pillow fill what is cut off with grey.
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise LogoRefused(_broken()) from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    return picture


def _judge(width: int, height: int) -> None:
    """Before anything is unpacked: the size stands at the head of the file."""
    size = {"width": width, "height": height}
    if width * height > MOST_PIXELS:
        raise LogoRefused(
            _("%(width)d × %(height)d pixels are too many. 1200 across are enough.") % size
        )
    if max(width, height) > LONGEST_RATIO * min(width, height):
        raise LogoRefused(
            _("%(width)d × %(height)d is a line, not a logo: at most 20 times as long as wide.")
            % size
        )
    if min(width, height) < SMALLEST_SIDE:
        raise LogoRefused(
            _("%(width)d × %(height)d pixels are too few to print. Use at least 16 each way.")
            % size
        )


def _broken() -> str:
    return _("This picture is damaged or cut off. Save it again and try once more.")


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Red, green, blue and transparency, upright; CMYK by its own profile where it brings one."""
    from PIL import Image, ImageCms, ImageOps

    picture = ImageOps.exif_transpose(picture)
    profile: Any = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            changed = ImageCms.profileToProfile(picture, source, srgb, outputMode="RGB")
            picture = changed or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    if picture.mode.startswith("I") or picture.mode == "F":
        # Sixteen bits a pixel: converting cuts them off instead of scaling them.
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    clean = Image.new("RGBA", picture.size)
    clean.paste(picture.convert("RGBA"))
    return clean


def _without_border(picture: Image.Image) -> Image.Image:
    seen = picture.getchannel("A").point(lambda value: 255 if value >= SEEN else 0).getbbox()
    if seen is None:
        raise LogoRefused(_("Nothing can be seen in this picture: it is transparent all over."))
    picture = picture.crop(seen)
    _judge(*picture.size)
    return picture


def is_light(body: bytes) -> bool:
    """Whether the logo would vanish on white: transparent around, and light where it is not."""
    from PIL import Image

    picture = Image.open(BytesIO(body)).convert("RGBA")
    picture.thumbnail((100, 100))
    raw = picture.tobytes()
    pixels = list(zip(raw[::4], raw[1::4], raw[2::4], raw[3::4], strict=True))
    seen = [pixel for pixel in pixels if pixel[3] > 127]
    if not seen or len(seen) > 0.97 * len(pixels):
        return False
    light = sum(0.2126 * r + 0.7152 * g + 0.0722 * b > 200 for r, g, b, _alpha in seen)
    return light >= LIGHT_SHARE * len(seen)
