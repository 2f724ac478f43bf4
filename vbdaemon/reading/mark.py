"""Marks on a picture page: stamps of secrecy and urgency, red or framed in black, often slanted.

Page recognition takes a framed stamp for a drawing, and a slanted one for nothing; cut out, set level and
without its frame it is easy to read.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from PIL import Image, ImageChops, ImageDraw, ImageOps
from rapidfuzz.distance import Levenshtein

from vbdaemon.model import Box
from vbdaemon.reading.blob import unaccented
from vbdaemon.reading.crossing import tangles
from vbdaemon.reading.frame import frames
from vbdaemon.reading.sheet import Region, Sheet, is_seal, seals

MOST_MARKS = 4
"""Marks read on one page at most."""
_LONG_POINTS = (30.0, 260.0)
_SHORT_POINTS = 10.0
_RED = 45
_DARK = 140
_SOME_RED = 0.02
MOST_FRAMES = 4
MOST_TORN = 3
_LARGER = 1.6
_LEVEL_DEGREES = 4.0
_ELONGATED = 1.6
_FRAME_SHARE = 0.7
_BORDER = 20
_WORDS = (
    *("mat", "toimat", "tuyetmat", "khan", "thuongkhan", "hoatoc", "hoatochengio", "duthao", "banduthao"),
    *("luuhanhnoibo", "xemxongtralai", "tailieuthuhoi", "saoy", "saoluc", "trichsao"),
)
_SPLIT = ("ni", "ivi", "iii", "rn")
"""What becomes of an M whose strokes part."""
_SHORT = ("mat", "khan", "toc")
_SHORTEST = 12
_LINE = 120
"""Mean of a row (0 to 255) that a frame's line fills."""
_LINE_EDGE = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """A red region that is no seal, or a dark frame, as black on white pictures to be read, the likeliest first."""

    box: Box
    pictures: tuple[Image.Image, ...]
    red: bool = True
    tangled: bool = False
    """Other lines go through it: its words are hard to read."""


def marks(sheet: Sheet, bottom: float) -> Iterator[Mark]:
    """Marks that begin above `bottom` (points), largest first."""
    found = red_marks(sheet, bottom)
    found.sort(key=lambda r: (r.box.x0 - r.box.x1) * (r.box.y1 - r.box.y0))
    for region in found[:MOST_MARKS]:
        yield Mark(region.box, _pictures(_red(sheet, region.box)))
    if not found:  # a stamp that is red was seen already
        round_ones = seals(sheet)
        dark = (box for box in frames(sheet, bottom) if not any(_meets(box, seal) for seal in round_ones))
        for box in islice(dark, MOST_FRAMES):
            pictures = _pictures(_dark(sheet, box))
            yield Mark(box, (*pictures, larger(pictures[0])), red=False)
        for tangle in tangles(sheet, bottom):
            if not any(_meets(tangle.box, seal) for seal in round_ones):
                pictures = tangle.pictures[:MOST_TORN]
                yield Mark(tangle.box, (*pictures, *(larger(p) for p in pictures[:1])), red=False, tangled=True)


def reads_like_mark(words: str) -> bool:
    """True for the words of a mark, some letters misread; what stands in other frames is none."""
    letters = "".join(c for c in unaccented(words) if c.isalnum())
    for split in _SPLIT:
        letters = letters.replace(split, "m")
    if any(Levenshtein.distance(letters, known) <= len(known) // 4 for known in _WORDS):
        return True
    return any(letters.endswith(end) or letters.startswith(end) for end in _SHORT) and len(letters) <= _SHORTEST


def larger(picture: Image.Image) -> Image.Image:
    """The picture at another size: what an engine misreads at one it often reads at another."""
    size = round(picture.width * _LARGER), round(picture.height * _LARGER)
    return picture.resize(size, Image.Resampling.BICUBIC)


def mark_on(sheet: Sheet, box: Box) -> Mark:
    """The mark that fills a small sheet, red or dark, standing at `box` on its page."""
    whole = Box(0.0, 0.0, sheet.width, sheet.height)
    red = _red(sheet, whole)
    reddish = sum(red.histogram()[1:]) > _SOME_RED * red.width * red.height
    return Mark(box, _pictures(red if reddish else _dark(sheet, whole)), red=False)


def red_marks(sheet: Sheet, bottom: float) -> list[Region]:
    """Red regions of the size of a mark that begin above `bottom` (points); seals are none."""
    return [r for r in sheet.red if not is_seal(r) and r.box.y0 < bottom and _sized(r.box)]


def _meets(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1


def _sized(box: Box) -> bool:
    sides = sorted((box.x1 - box.x0, box.y1 - box.y0))
    return sides[0] >= _SHORT_POINTS and _LONG_POINTS[0] <= sides[1] <= _LONG_POINTS[1]


def _cut(sheet: Sheet, box: Box) -> Image.Image:
    scale = sheet.dpi / 72
    return sheet.picture.crop((int(box.x0 * scale), int(box.y0 * scale), int(box.x1 * scale), int(box.y1 * scale)))


def _dark(sheet: Sheet, box: Box) -> Image.Image:
    """What is dark in the box: white on black."""
    return _cut(sheet, box).convert("L").point([255 if i < _DARK else 0 for i in range(256)])


def _red(sheet: Sheet, box: Box) -> Image.Image:
    """What is red in the box: white on black."""
    red, green, blue = _cut(sheet, box).split()
    excess = ImageChops.subtract(red, ImageChops.lighter(green, blue))
    return excess.point([0 if i < _RED else 255 for i in range(256)])


def _pictures(red: Image.Image) -> tuple[Image.Image, ...]:
    letters = _without_frame(red)
    degrees = _slant(letters)
    level = _level(letters, degrees)
    frame = _level(ImageChops.difference(red, letters), degrees)
    readable = _readable(_with_accents(level, frame))
    if abs(degrees) < _LEVEL_DEGREES:
        return (readable,)
    return readable, readable.transpose(Image.Transpose.ROTATE_180)


def _level(mask: Image.Image, degrees: float) -> Image.Image:
    return mask.rotate(degrees, resample=Image.Resampling.BICUBIC, expand=True)


def _readable(letters: Image.Image) -> Image.Image:
    box = letters.getbbox()
    return ImageOps.expand(ImageOps.invert(letters.crop(box) if box else letters), _BORDER, 255)


def _without_frame(red: Image.Image) -> Image.Image:
    """The letters alone: a frame is what hangs together from the outermost point across most of the mark."""
    result, whole = red.copy(), red.getbbox() or (0, 0, 0, 0)
    while (box := result.getbbox()) is not None:
        column = result.crop((box[0], 0, box[0] + 1, result.height))
        rest = result.copy()
        ImageDraw.floodfill(rest, (box[0], (column.getbbox() or box)[1]), 0)
        part = ImageChops.difference(result, rest).getbbox() or box
        if part[2] - part[0] < _FRAME_SHARE * (whole[2] - whole[0]):
            return result
        result = rest
    return red  # one piece altogether: letters and frame touch


def _with_accents(letters: Image.Image, frame: Image.Image) -> Image.Image:
    """Accents that touch the frame above them went with it: what is between its line and the letters comes back."""
    box = letters.getbbox()
    if box is None:
        return letters
    left, top, right, bottom = box
    start = max(0, top - (bottom - top))
    strip = frame.crop((left, start, right, bottom))
    rows = strip.resize((1, strip.height), Image.Resampling.BOX).tobytes()
    line = [i for i, value in enumerate(rows[: top - start + 1]) if value > _LINE]
    if not line:
        return letters
    first = min(line[-1] + _LINE_EDGE, strip.height - 1)
    between = strip.crop((0, first, strip.width, strip.height))
    letters.paste(255, (left, start + first), between)
    return letters


def _slant(letters: Image.Image) -> float:
    """Degrees by which the letters rise to the right; 0 where the region has no clear direction."""
    small = letters.reduce(3) if min(letters.size) >= 3 else letters  # noqa: PLR2004 - cannot be reduced
    width = small.width
    points = [(i % width, i // width) for i, value in enumerate(small.tobytes()) if value > 127]  # noqa: PLR2004
    if not points:
        return 0.0
    mean_x, mean_y = (sum(p[axis] for p in points) / len(points) for axis in (0, 1))
    xx = sum((x - mean_x) ** 2 for x, _ in points)
    yy = sum((y - mean_y) ** 2 for _, y in points)
    xy = sum((x - mean_x) * (y - mean_y) for x, y in points)
    spread = math.hypot(xx - yy, 2 * xy)
    long, short = xx + yy + spread, xx + yy - spread
    if long < _ELONGATED**2 * short:
        return 0.0
    return math.degrees(math.atan2(2 * xy, xx - yy)) / 2
