"""A stretch of a paragraph that is one component, or a part of one: its words and how most of them are set."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from vbdaemon.model.format_result import Spot
from vbdaemon.model.layout import Paragraph, Run, Stroke

T = TypeVar("T")
_SPACES = re.compile(r"\s+")
_WORDS_KEPT = 120
_USUAL_SHARE = 5 / 12
"""Midway between 1/3 and 1/2."""


@dataclass(frozen=True)
class Fragment:
    """Some or all runs of a paragraph; `parts` are the paragraphs after the first that it runs on into."""

    paragraph: Paragraph
    runs: tuple[Run, ...]
    lead: bool = False
    """It is the beginning of a paragraph only: spacing and alignment are the paragraph's own."""

    @cached_property
    def text(self) -> str:
        """Its words: NFC, single spaces."""
        return cleaned("".join(run.text for run in self.runs))

    @property
    def spot(self) -> Spot:
        """Where it stands."""
        p = self.paragraph
        index = p.index if p.page is None and p.index >= 0 else None
        return Spot(self.text[:_WORDS_KEPT], index, p.page, p.box)

    @property
    def size(self) -> float | None:
        """Points, of most of its letters."""
        size = self._most(lambda run: run.size)
        return round(size, 1) if size is not None else None

    @property
    def bold(self) -> bool | None:
        """As most of its letters."""
        return self._most(lambda run: run.bold)

    @property
    def italic(self) -> bool | None:
        """As most of its letters."""
        return self._most(lambda run: run.italic)

    def _most(self, fact: Callable[[Run], T | None]) -> T | None:
        weights = Counter[T]()
        for run in self.runs:
            value = fact(run)
            letters = len(run.text) - run.text.count(" ") if not run.text.isspace() else 0
            if value is not None and letters:
                weights[value] += letters
        return weights.most_common(1)[0][0] if weights else None


def cleaned(text: str) -> str:
    """NFC, single spaces, none around."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def whole(paragraph: Paragraph) -> Fragment:
    """A paragraph as one fragment."""
    return Fragment(paragraph, paragraph.runs)


def beginning(paragraph: Paragraph, words: str) -> Fragment:
    """As many runs of a paragraph as make up `words`, spaces aside."""
    wanted = sum(not c.isspace() for c in words)
    runs = []
    for run in paragraph.runs:
        taken = ""
        for letter in run.text:
            if not wanted:
                break
            wanted -= not letter.isspace()
            taken += letter
        if taken:
            runs.append(replace(run, text=taken))
    return Fragment(paragraph, tuple(runs), lead=True)


def joined(parts: Sequence[Paragraph]) -> Fragment:
    """Lines of one component, one below the other, as one fragment at the first's place."""
    runs: list[Run] = []
    for number, part in enumerate(parts):
        runs.extend([Run(" ")] if number else [])
        runs.extend(part.runs)
    return Fragment(parts[0], tuple(runs))


def spoken_for(strokes: Sequence[Stroke], widths: Sequence[float | None]) -> float | None:
    """The width that the line below several lines is measured by: the last one's or the longest one's.

    The decrees say "of the line of words" and leave open which; the reading that speaks for the document counts.
    """
    last, known = widths[-1], [width for width in widths if width]
    drawn = next((stroke.length for stroke in strokes if stroke.length), None)
    if last is None or drawn is None:
        return last
    return min((last, max(known, default=last)), key=lambda width: abs(drawn / (width or 1.0) - _USUAL_SHARE))
