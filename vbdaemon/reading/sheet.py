"""A drawn page: what can be seen on it without reading, and where to cut it for OCR."""

from dataclasses import dataclass
from functools import cached_property

from PIL import Image, ImageChops

from vbdaemon.model import Box
from vbdaemon.reading.blob import Cells, blobs

DARK = 110
"""Grey values below this are ink."""
BLANK_SHARE = 0.0006
"""A page with less dark ink than this is empty; dust and a seal shining through stay below."""
_EDGE_POINTS = 20.0
_MARGIN_POINTS = 50.0
_BLOCK_POINTS = 330.0
"""Height that a signature block with a long Nơi nhận takes."""
_SEARCH_POINTS = 40.0

_CELL_POINTS = 6.0
_BLACK_OR_WHITE = [0 if value < 150 else 255 for value in range(256)]  # noqa: PLR2004 - between ink and paper
_INKED = 253
"""Mean of a row in black and white (0 to 255) below which something stands there."""

_RED = 60
"""Red exceeds the other colours by this much in a stamp; a stamp shining through from behind does not."""
_CELL_RED = 14
"""Mean of the red mask (0 to 255) in a cell that belongs to a stamp."""
SEAL_POINTS = (55.0, 160.0)
"""Diameters of seals, 2 to 5.6 cm with the blur of a scan; the state seal is 3.5 to 4.2 cm."""
_ROUND = (0.65, 1.55)
_FILLED = 0.6
"""Part of its box that a seal fills; a slanted stamp (HỎA TỐC) or a seal shining through fills less."""


@dataclass(frozen=True, slots=True)
class Region:
    """Red cells that touch."""

    box: Box
    filled: float
    """Part of the box that is red."""


@dataclass(frozen=True)
class Sheet:
    """A page as an RGB picture."""

    picture: Image.Image
    width: float
    """Points."""
    height: float
    """Points."""

    @property
    def dpi(self) -> float:
        """Resolution of the picture."""
        return self.picture.width * 72.0 / max(self.width, 1.0)

    @cached_property
    def red(self) -> tuple[Region, ...]:
        """All red regions, stamps and seals among them."""
        grid = _red_grid(self)
        return tuple(_region(cells, self, grid) for cells in blobs(grid, _CELL_RED))

    def turned(self, degrees: int) -> "Sheet":
        """The sheet turned clockwise by quarter turns."""
        picture = self.picture.rotate(-degrees, expand=True)
        sideways = degrees % 180 != 0
        return Sheet(picture, self.height if sideways else self.width, self.width if sideways else self.height)

    def band(self, top: float, bottom: float, *, without_red: bool = False) -> Image.Image:
        """Grey picture of the full width between two heights in points.

        Without red a seal over the signer's title vanishes; the heading keeps it, since marks are stamped in red.
        """
        part = self.cut(top, bottom)
        return part.getchannel("R") if without_red else part.convert("L")

    def crop(self, box: Box) -> Image.Image:
        """Coloured picture of a part of the page; the box is in points."""
        scale = self.dpi / 72
        sides = (box.x0, box.y0, max(box.x1, box.x0 + 1), max(box.y1, box.y0 + 1))
        return self.picture.crop(tuple(max(0, round(side * scale)) for side in sides))  # type: ignore[arg-type]  # four of them

    def cut(self, top: float, bottom: float) -> Image.Image:
        """Coloured picture of the full width between two heights in points."""
        scale = self.picture.height / max(self.height, 1.0)
        rows = (max(0, round(top * scale)), min(self.picture.height, round(bottom * scale)))
        return self.picture.crop((0, rows[0], self.picture.width, max(rows[1], rows[0] + 1)))


def is_blank(sheet: Sheet) -> bool:
    """True when hardly any dark ink is there; red ink (a seal shining through) does not count."""
    edge = round(_EDGE_POINTS * sheet.dpi / 72)
    red = sheet.picture.getchannel("R")
    inner = red.crop((edge, edge, max(red.width - edge, edge + 1), max(red.height - edge, edge + 1)))
    dark = sum(inner.histogram()[:DARK])
    return dark < BLANK_SHARE * inner.width * inner.height


def cut_near(sheet: Sheet, height: float) -> float:
    """The emptiest height close to `height`, in points, so that no line of text is cut through."""
    top, bottom = max(0.0, height - _SEARCH_POINTS / 2), min(sheet.height, height + _SEARCH_POINTS / 2)
    profile = _profile(sheet.band(top, bottom))
    best = max(range(len(profile)), key=lambda i: (profile[i], -abs(i - len(profile) / 2)))
    return top + (bottom - top) * (best + 0.5) / len(profile)


def block_top(sheet: Sheet) -> float:
    """Height in points below which the signature block lies: the last part of the page that has ink."""
    usable = sheet.band(0, max(sheet.height - _MARGIN_POINTS, 1.0))
    profile = ink_rows(usable.reduce(4) if min(usable.size) >= 4 else usable)  # noqa: PLR2004
    inked = [i for i, ink in enumerate(profile) if ink]
    if not inked:
        return 0.0
    last = (sheet.height - _MARGIN_POINTS) * (inked[-1] + 1) / len(profile)
    wanted = last - _BLOCK_POINTS
    return cut_near(sheet, wanted) if wanted > _BLOCK_POINTS / 4 else 0.0


def ink_rows(grey: Image.Image) -> list[bool]:
    """For each row whether it has ink; noise, specks and the tint of the paper are none."""
    return [value < _INKED for value in _profile(grey.point(_BLACK_OR_WHITE))]


def _profile(grey: Image.Image) -> list[int]:
    """Mean brightness of each row."""
    return list(grey.resize((1, grey.height), Image.Resampling.BOX).tobytes())


def seals(sheet: Sheet) -> tuple[Box, ...]:
    """Round red regions of the size of a seal."""
    return tuple(region.box for region in sheet.red if is_seal(region))


def _red_grid(sheet: Sheet) -> Image.Image:
    """How red each cell of the page is."""
    small = sheet.picture.reduce(3) if min(sheet.picture.size) >= 3 else sheet.picture  # noqa: PLR2004
    red, green, blue = small.split()
    excess = ImageChops.subtract(red, ImageChops.lighter(green, blue))
    mask = excess.point([0 if i < _RED else 255 for i in range(256)])
    size = (max(1, round(sheet.width / _CELL_POINTS)), max(1, round(sheet.height / _CELL_POINTS)))
    return mask.resize(size, Image.Resampling.BOX)


def _region(cells: Cells, sheet: Sheet, grid: Image.Image) -> Region:
    across, down = sheet.width / grid.width, sheet.height / grid.height
    xs, ys = [x for x, _ in cells], [y for _, y in cells]
    x0, y0, x1, y1 = min(xs), min(ys), max(xs) + 1, max(ys) + 1
    box = Box(round(x0 * across, 1), round(y0 * down, 1), round(x1 * across, 1), round(y1 * down, 1))
    return Region(box, len(cells) / ((x1 - x0) * (y1 - y0)))


def is_seal(region: Region) -> bool:
    """True for a round region of the size of a seal."""
    width, height = region.box.x1 - region.box.x0, region.box.y1 - region.box.y0
    least, most = SEAL_POINTS
    sized = least <= min(width, height) and max(width, height) <= most
    return sized and _ROUND[0] <= width / height <= _ROUND[1] and region.filled >= _FILLED
