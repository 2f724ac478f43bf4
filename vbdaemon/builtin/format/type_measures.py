"""Measures of type and of words."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from vbdaemon.builtin.classification.spelling import toned
from vbdaemon.builtin.format.fragment import Fragment, spoken_for
from vbdaemon.model.format import Measure
from vbdaemon.model.format_result import Spot
from vbdaemon.model.layout import LayoutKind, StrokeKind

_TIMES = "timesnewroman"
_COMBINING = re.compile("[\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b]")
_ETH = re.compile("[\u00d0\u00f0]")
_LEGACY_FONT = re.compile(r"^(?:[A-Z]{6}\+)?(?:\.?Vn[A-Z]|VNI[- _])")
_MUCH = 0.3
_RRGGBB = re.compile("[0-9A-F]{6}")
_BLACK, _DARK = "000000", 0x33
_STYLE_SUFFIX = re.compile(r"[,-].*$")

Value = float | str | bool
Fragments = Sequence[Fragment]


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value with its place; `value` None = this file does not show it."""

    value: Value | None
    spot: Spot
    words: str = ""
    """Instead of the value, where that says too little; Vietnamese."""


def each(fact: Callable[[Fragment], Value | None]) -> Callable[[Fragments], Iterator[Reading]]:
    """A measure of every fragment by itself."""

    def read(fragments: Fragments) -> Iterator[Reading]:
        for fragment in fragments:
            yield Reading(fact(fragment), fragment.spot)

    return read


def capitals(fragment: Fragment) -> bool | None:
    """True when every letter is a capital."""
    return fragment.text.isupper() if any(c.isalpha() for c in fragment.text) else None


def words(fragment: Fragment) -> str:
    """The words, the tone marks where today's spelling puts them."""
    return toned(fragment.text)


def fonts(fragments: Fragments) -> Iterator[Reading]:
    """Every family of type, once, at its first place; signs without letters (bullets) do not count."""
    seen: set[str] = set()
    for fragment in fragments:
        for run in fragment.runs:
            if run.font and any(c.isalnum() for c in run.text):
                family = _family(run.font)
                if family not in seen:
                    seen.add(family)
                    yield Reading(family, fragment.spot)


def colours(fragments: Fragments) -> Iterator[Reading]:
    """Every colour, once, at its first place."""
    seen: set[str] = set()
    for fragment in fragments:
        for run in fragment.runs:
            colour = _BLACK if run.colour and _nearly_black(run.colour) else run.colour
            if colour and not run.text.isspace() and colour not in seen:
                seen.add(colour)
                yield Reading(colour, fragment.spot)


def _nearly_black(colour: str) -> bool:
    """True for what nobody tells from black on paper ("Text 1, lighter 5%")."""
    parts = [colour[n : n + 2] for n in (0, 2, 4)]
    return bool(_RRGGBB.fullmatch(colour)) and all(int(part, 16) <= _DARK for part in parts)


def encodings(kind: LayoutKind, fragments: Fragments) -> Iterator[Reading]:
    """What is no precomposed Unicode, each kind once; "Unicode" when all is.

    Programs that write PDFs take letters apart by themselves: there only foreign letters and fonts count.
    """
    found: dict[str, Reading] = {}
    for fragment in fragments:
        for run in fragment.runs:
            odd = _odd(run.text, run.font or "", whole_letters=kind is LayoutKind.DOCX)
            if odd:
                found.setdefault(odd, Reading(odd, fragment.spot))
    if found:
        yield from found.values()
    elif fragments:
        yield Reading("Unicode", fragments[0].spot)


def in_legacy_letters(fragments: Fragments) -> bool:
    """True where much is set in fonts of TCVN3 or VNI: read as Unicode its words are other words."""
    letters = legacy = 0
    for fragment in fragments:
        for run in fragment.runs:
            letters += len(run.text)
            legacy += len(run.text) if _LEGACY_FONT.match(run.font or "") else 0
    return legacy > _MUCH * letters


def _odd(text: str, font: str, *, whole_letters: bool) -> str | None:
    if _LEGACY_FONT.match(font) and any(c.isalpha() for c in text):
        return "TCVN3 hoặc VNI"
    if _ETH.search(text):
        return "chữ “Ð” (U+00D0) thay cho “Đ”"
    if whole_letters and _COMBINING.search(text) and not unicodedata.is_normalized("NFC", text):
        return "Unicode tổ hợp (dấu tách rời)"
    return None


def _family(font: str) -> str:
    plain = font.partition("+")[2] if font[6:7] == "+" else font
    if plain.replace(" ", "").lower().startswith(_TIMES):
        return "Times New Roman"
    return _STYLE_SUFFIX.sub("", plain)


def lines_below(fragments: Fragments, column: Fragments, *, spare: bool) -> Iterator[Reading]:
    """Length of the line below a component as a share of its last words.

    Shapes may be anchored anywhere near: one that hangs in another paragraph of the same column is the one; `spare`
    says that some hang elsewhere and belong to nobody, so that none is known to be missing.
    """
    last = fragments[-1]
    strokes = [s for fragment in reversed(fragments) for s in fragment.paragraph.strokes]
    drawn = [s for s in strokes if s.kind is not StrokeKind.UNDERLINE]
    if not strokes:
        drawn = [s for other in column for s in other.paragraph.strokes if s.kind is not StrokeKind.UNDERLINE]
    if drawn:
        length, width = drawn[0].length, spoken_for(drawn, [f.paragraph.width for f in fragments])
        share = round(length / width, 2) if length is not None and width else None
        yield Reading(share, last.spot)
    elif not spare:
        underlined = "gạch chân chữ thay cho đường kẻ" if strokes else "không có đường kẻ"
        yield Reading(0.0, last.spot, underlined)


SIMPLE: dict[Measure, Callable[[Fragments], Iterator[Reading]]] = {
    Measure.FONT: fonts,
    Measure.COLOUR: colours,
    Measure.SIZE: each(lambda fragment: fragment.size),
    Measure.BOLD: each(lambda fragment: fragment.bold),
    Measure.ITALIC: each(lambda fragment: fragment.italic),
    Measure.CAPITALS: each(capitals),
    Measure.WORDS: each(words),
    Measure.PATTERN: each(lambda fragment: fragment.text),
    Measure.SIDE: each(lambda fragment: fragment.paragraph.side),
}
"""Measures that need the fragments alone."""
