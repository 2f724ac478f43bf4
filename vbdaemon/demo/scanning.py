"""Demo documents as scans: print, ink and seal as one picture a page, a little crooked and grainy."""

import io
from datetime import UTC, datetime, time
from random import Random

from PIL import Image

from vbdaemon.demo.document import DemoDocument
from vbdaemon.demo.typesetting import Ink, pictures

RESOLUTION = 200
"""Dots an inch: what offices scan with, and enough for OCR."""
_PAPER = (252, 251, 246)
_JPEG_QUALITY = 78


def scan(document: DemoDocument, *, seed: int = 1, seal: bool = True, resolution: int = RESOLUTION) -> bytes:
    """The document signed in ink (and sealed), scanned into an image-only PDF; the same bytes for the same seed."""
    random = Random(seed)  # noqa: S311 - grain of a picture
    pages = [_scanned(png, random) for png in pictures(document, resolution, Ink(seed, seal))]
    when = datetime.combine(document.issued_on, time(14), tzinfo=UTC).timetuple()
    out = io.BytesIO()
    pages[0].save(
        out,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=float(resolution),
        quality=_JPEG_QUALITY,
        producer="Scanner",
        creationDate=when,
        modDate=when,
    )
    return out.getvalue()


def _scanned(png: bytes, random: Random) -> Image.Image:
    with Image.open(io.BytesIO(png)) as drawn:
        page = drawn.convert("RGB")
    angle = random.choice((-1, 1)) * random.uniform(0.15, 0.45)
    page = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    return Image.blend(_tinted(page), _grain(page.size, random), 0.05)


def _tinted(page: Image.Image) -> Image.Image:
    """Paper is not quite white, ink not quite black."""
    tables = [[round(12 + value * (top - 12) / 255) for value in range(256)] for top in _PAPER]
    return page.point([value for table in tables for value in table])


def _grain(size: tuple[int, int], random: Random) -> Image.Image:
    """Noise, drawn small and repeated: enough for the eye, and quick."""
    side = 160
    noise = bytes(random.choices(range(96, 256), k=side * side))
    tile = Image.frombytes("L", (side, side), noise)
    grain = Image.new("L", size)
    for x in range(0, size[0], side):
        for y in range(0, size[1], side):
            grain.paste(tile, (x, y))
    return grain.convert("RGB")
