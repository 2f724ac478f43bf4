"""The corpus: specimens of a split from one seed, each made alone so that any can be made again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from vbdaemon.demo.corpus.degrading import picture_of, scan_of, wear, worn
from vbdaemon.demo.corpus.layout import Layout, layouts_of
from vbdaemon.demo.corpus.setting import pdf_of, pictures_of, spots_of
from vbdaemon.demo.corpus.specimen import Kind, Specimen, Split
from vbdaemon.demo.corpus.word_file import headings_of, word_of
from vbdaemon.demo.corpus.words import Agency, words_of
from vbdaemon.demo.corpus.writing import Written, written
from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import Directory, Unit
from vbdaemon.signature.credential import Credential
from vbdaemon.signature.signing import sign

SEEDS = {Split.TUNING: 20_261_001, Split.FIGURE: 20_270_131}
COUNT = 320
_KINDS = {Kind.DIGITAL: 30, Kind.WIDGET: 10, Kind.WORD: 15, Kind.SCAN: 40, Kind.PICTURE: 5}
_PAGE = 841.89
_CUT = "page-1-of-more"
"""A picture shows the first page only: the signer is not on it."""
_SIGNED = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def specimens(split: Split, count: int = COUNT, *, every: int = 1, seed: int | None = None) -> Iterator[Specimen]:
    """Specimens 0 to `count`-1 of the split, or every n-th of them; the same for the same seed."""
    for index in range(0, count, every):
        yield specimen(split, index, SEEDS[split] if seed is None else seed)


def specimen(split: Split, index: int, seed: int) -> Specimen:
    """Specimen `index` of the split."""
    random = Random(f"{split}-{seed}-{index}")  # noqa: S311 - a corpus
    kind = random.choices(list(_KINDS), list(_KINDS.values()))[0]
    paper = written(random, words_of(split), kind)
    layout = random.choice(layouts_of(split))
    body, more = _made(paper, layout, kind, split, random)
    ending = {Kind.WORD: "docx", Kind.PICTURE: "jpg"}.get(kind, "pdf")
    if body.startswith(b"\x89PNG"):
        ending = "png"
    truth = replace(paper.truth, signer=None) if _CUT in more else paper.truth
    return Specimen(f"{split}-{index:03d}-{kind}.{ending}", kind, body, truth, (*paper.traits, *more))


def directory_of(split: Split) -> Directory:
    """The bodies of the split that an office would have in its directory, with those above them."""
    known = [agency for agency in words_of(split).agencies if agency.code]
    return Directory(tuple(Unit(a.code, a.name, groups=("all",), parent=_parent(a, known)) for a in known))


def _parent(agency: Agency, known: list[Agency]) -> str | None:
    above = " ".join(agency.parent)
    return next((a.code for a in known if a is not agency and above and " ".join(a.lines) == above), None)


def _made(paper: Written, layout: Layout, kind: Kind, split: Split, random: Random) -> tuple[bytes, tuple[str, ...]]:
    """The bytes, and the names of layout and wear."""
    seed = random.randrange(1 << 30)
    if kind is Kind.WORD:
        heading = random.choice(headings_of(split))
        return word_of(paper.paper, heading), (heading.__name__,)
    if kind is Kind.DIGITAL:
        return pdf_of(paper.paper, layout, seed), (layout.name,)
    if kind is Kind.WIDGET:
        return _signed_in(paper, layout, seed), (layout.name,)
    how = wear(random, split)
    pages = pictures_of(paper.paper, layout, seed, how.resolution)
    if kind is Kind.PICTURE:
        cut = (_CUT,) if len(pages) > 1 else ()
        png = random.random() < 0.3  # noqa: PLR2004 - share of the pictures
        return picture_of(worn(pages[0], how, random), how, png=png), (layout.name, how.name, *cut)
    return scan_of([worn(page, how, random) for page in pages], how), (layout.name, how.name)


def _signed_in(paper: Written, layout: Layout, seed: int) -> bytes:
    """Number and day in the appearances of two signatures over their blanks."""
    blank = replace(paper.paper, number=None, day=None)
    pdf, spots = pdf_of(blank, layout, seed), spots_of(blank, layout, seed)
    size = layout.number_size
    for name, words in (("number", paper.paper.number), ("day", paper.paper.day)):
        spot = spots[name]
        low = _PAGE - spot.y - size * 0.05
        box = (round(spot.x + 3), round(low), round(spot.x + 3 + size * 0.55 * len(words or "")), round(low + size))
        pdf = sign(pdf, _credential(), field=f"ky-{name}", signed_at=_SIGNED, box=box, text=words or "")
    return pdf


@cache
def _credential() -> Credential:
    """One key for all: who signed is no question of this corpus."""
    return DemoPki.create(_SIGNED - timedelta(days=30)).issue("Văn thư")
