"""From clean pictures to what scanners and telephones make of paper."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from vbdaemon.demo.corpus.specimen import Split

_MADE = datetime(2026, 1, 1, tzinfo=UTC).timetuple()


@dataclass(frozen=True, slots=True)
class Wear:
    """What happens to a page on its way through a scanner."""

    resolution: int
    """Dots an inch."""
    skew: float
    """Degrees."""
    grain: float
    """Standard deviation of the noise, in grey values."""
    blur: float
    """Pixels."""
    shade: float
    """How much darker one side is, 0 to 1."""
    specks: int
    streak: bool
    """A speck of dust on the glass draws a line down the page."""
    holes: bool
    """The paper was punched for a file."""
    colour: str
    """"colour", "grey" or "bitonal"."""
    quality: int
    """Of the JPEG."""

    @property
    def name(self) -> str:
        """For the list of worst cases."""
        return f"{self.resolution}dpi/{self.colour}/skew{self.skew:+.1f}/grain{self.grain:.0f}"


def wear(random: Random, split: Split) -> Wear:
    """A wear of the split: resolutions, skews and kinds of noise are disjoint."""
    if split is Split.TUNING:
        return Wear(
            resolution=random.choice((150, 160, 180, 190, 200, 230, 240, 300)),
            skew=random.choice((-1, 1)) * random.choice((0.0, 0.1, 0.2, 0.35, 0.45, 0.5, 0.7, 0.8, 0.9, 1.1, 1.2)),
            grain=random.choice((4.0, 5.0, 6.0, 10.0, 12.0, 14.0, 17.0, 18.0, 22.0)),
            blur=random.choice((0.0, 0.3, 0.4, 0.5, 0.65, 0.7)),
            shade=random.choice((0.0, 0.05, 0.12, 0.15)),
            specks=random.choice((0, 30, 60, 120, 200)),
            streak=random.random() < 0.1,  # noqa: PLR2004 - share of the corpus
            holes=False,
            colour=random.choices(("colour", "grey", "bitonal"), (6, 2, 2))[0],
            quality=random.choice((60, 65, 70, 78, 80, 85)),
        )
    return Wear(
        resolution=random.choice((155, 175, 215, 260)),
        skew=random.choice((-1, 1)) * random.choice((0.15, 0.3, 0.6, 1.0)),
        grain=random.choice((8.0, 15.0, 20.0)),
        blur=random.choice((0.2, 0.45, 0.6)),
        shade=random.choice((0.08, 0.18)),
        specks=random.choice((45, 150)),
        streak=random.random() < 0.1,  # noqa: PLR2004 - share of the corpus
        holes=random.random() < 0.3,  # noqa: PLR2004 - share of the corpus
        colour=random.choices(("colour", "grey", "bitonal"), (6, 2, 2))[0],
        quality=random.choice((62, 75)),
    )


def worn(png: bytes, how: Wear, random: Random) -> Image.Image:
    """The page as scanned."""
    with Image.open(io.BytesIO(png)) as drawn:
        page = drawn.convert("RGB")
    page = page.rotate(how.skew, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    if how.blur:
        page = page.filter(ImageFilter.GaussianBlur(how.blur))
    page = page.point([round(14 + v * (249 - 14) / 255) for v in range(256)] * 3)
    if how.shade:
        page = ImageChops.multiply(page, _shade(page.size, how.shade))
    if how.colour != "colour":
        page = page.convert("L").convert("RGB")
    page = _grained(page, how.grain, random)
    _speck(page, how.specks, random)
    if how.streak:
        x = random.randrange(page.width)
        ImageDraw.Draw(page).line((x, 0, x, page.height), fill=(178, 178, 178), width=1)
    if how.holes:
        _punch(page, how.resolution)
    if how.colour == "bitonal":
        page = page.convert("L").point([0 if v < 150 else 255 for v in range(256)]).convert("RGB")  # noqa: PLR2004
    return page


def scan_of(pages: list[Image.Image], how: Wear) -> bytes:
    """An image-only PDF."""
    out = io.BytesIO()
    first, *rest = pages
    first.save(
        out,
        "PDF",
        save_all=True,
        append_images=rest,
        resolution=float(how.resolution),
        quality=how.quality,
        creationDate=_MADE,
        modDate=_MADE,
    )
    return out.getvalue()


def picture_of(page: Image.Image, how: Wear, *, png: bool) -> bytes:
    """One page as a picture file."""
    out = io.BytesIO()
    if png:
        page.save(out, "PNG", dpi=(how.resolution, how.resolution))
    else:
        page.save(out, "JPEG", quality=how.quality, dpi=(how.resolution, how.resolution))
    return out.getvalue()


def _grained(page: Image.Image, grain: float, random: Random) -> Image.Image:
    """Noise from a seeded tile: the picture library's own noise takes no seed."""
    side = 256
    tile = Image.frombytes("L", (side, side), bytes(_clipped(128 + random.gauss(0, grain)) for _ in range(side * side)))
    field = Image.new("L", page.size)
    for x in range(0, page.width, side):
        for y in range(0, page.height, side):
            field.paste(tile, (x, y))
    return ImageChops.add(page, field.convert("RGB"), scale=1.0, offset=-128)


def _clipped(value: float) -> int:
    return max(0, min(255, round(value)))


def _shade(size: tuple[int, int], share: float) -> Image.Image:
    ramp = Image.linear_gradient("L").rotate(90).resize(size)
    return ramp.point([round(255 * (1 - share * (1 - v / 255))) for v in range(256)]).convert("RGB")


def _speck(page: Image.Image, count: int, random: Random) -> None:
    brush = ImageDraw.Draw(page)
    for _ in range(count):
        x, y, r = random.randrange(page.width), random.randrange(page.height), random.choice((1, 1, 2))
        brush.ellipse((x, y, x + r, y + r), fill=(40, 40, 40))


def _punch(page: Image.Image, resolution: int) -> None:
    """Two holes 80 mm apart in the left margin; the lid of the scanner shows dark through them."""
    brush, point = ImageDraw.Draw(page), resolution / 25.4
    for y in (-40, 40):
        x, middle, r = 12 * point, page.height / 2 + y * point, 3 * point
        brush.ellipse((x - r, middle - r, x + r, middle + r), fill=(52, 52, 54))
