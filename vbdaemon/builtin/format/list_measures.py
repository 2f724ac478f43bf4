"""Measures of lists: punctuation of entries, order of numbers and letters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from vbdaemon.builtin.classification.heading import is_addressees
from vbdaemon.builtin.format.fragment import Fragment
from vbdaemon.builtin.format.page_text import ARTICLE, CHAPTER, ITEM, SECTION
from vbdaemon.builtin.format.type_measures import Fragments, Reading
from vbdaemon.model.format import Part

ALPHABET = (
    "a",
    "b",
    "c",
    "d",
    "đ",
    "e",
    "g",
    "h",
    "i",
    "k",
    "l",
    "m",
    "n",
    "o",
    "p",
    "q",
    "r",
    "s",
    "t",
    "u",
    "v",
    "x",
    "y",
)
_DASHES = ("-", "–")


def ends(fragments: Fragments) -> Iterator[Reading]:
    """The last sign of every line but the last."""
    for fragment in fragments[:-1]:
        yield Reading(fragment.text[-1:], fragment.spot)


def last_end(fragments: Fragments) -> Iterator[Reading]:
    """The last sign of the last line."""
    yield Reading(fragments[-1].text[-1:], fragments[-1].spot)


def last_words(fragments: Fragments) -> Iterator[Reading]:
    """The last line."""
    yield Reading(fragments[-1].text, fragments[-1].spot)


def listed(part: Part, fragments: Fragments) -> Iterator[Reading]:
    """True for a list set as bodies are listed; otherwise what is wrong, once for each fault."""
    faults = list(_addressee_faults(fragments) if part is Part.ADDRESSEES else _entry_faults(fragments))
    if not faults:
        yield Reading(True, fragments[0].spot)
    for words, fragment in faults:
        yield Reading(False, fragment.spot, words)


def _addressee_faults(fragments: Fragments) -> Iterator[tuple[str, Fragment]]:
    """One addressee on the line of "Kính gửi:"; several below it, each on its own."""
    first, *entries = fragments
    head, colon, rest = first.text.partition(":")
    if not colon or not is_addressees(head):
        yield "sau “Kính gửi” không có dấu hai chấm", first
    elif entries and rest.strip().startswith(_DASHES):
        yield from _entry_faults(entries, also=rest)
    elif entries and rest.strip():
        yield "gửi nhiều nơi nhưng có nơi nhận cùng dòng với “Kính gửi”", first
    elif entries:
        yield from _entry_faults(entries)
    elif ";" in rest:
        yield "gửi nhiều nơi nhưng không xuống dòng", first
    elif not rest.strip():
        yield "không ghi nơi nhận", first


def _entry_faults(entries: Fragments, also: str = "") -> Iterator[tuple[str, Fragment]]:
    if also and entries and not also.endswith(";"):
        yield "cuối dòng không có dấu chấm phẩy", entries[0]
    for entry in entries:
        if not entry.text.startswith(_DASHES):
            yield "đầu dòng không có gạch đầu dòng", entry
            break
    for entry in entries[:-1]:
        if not entry.text.endswith(";"):
            yield "cuối dòng không có dấu chấm phẩy", entry
            break
    if entries and not entries[-1].text.endswith("."):
        yield "cuối dòng cuối cùng không có dấu chấm", entries[-1]


@dataclass(slots=True)
class _Count:
    """Where numbers and letters stand."""

    number: int = 0
    letter: int = -1
    before: set[int] = field(default_factory=set)
    """Numbers so far: a list inside a clause has numbers of its own, and the clause goes on after it."""

    def fault(self, item: re.Match[str]) -> str:
        """Goes on to the next item; what is wrong with it, or nothing."""
        return self._number_fault(item) if item["number"] else self._letter_fault(item)

    def _number_fault(self, item: re.Match[str]) -> str:
        value, before = int(item["number"]), self.number
        follows = not before or value == 1 or value - 1 in self.before
        self.number, self.letter = value, -1
        self.before.add(value)
        if item["after"] != ".":
            return f"sau số thứ tự của khoản là “{item['after']}”, không phải dấu chấm"
        return "" if follows else f"khoản {value} đứng sau khoản {before}"

    def _letter_fault(self, item: re.Match[str]) -> str:
        if item["letter"] not in ALPHABET:
            return f"“{item['letter']})” không thuộc bảng chữ cái tiếng Việt"
        place, last = ALPHABET.index(item["letter"]), self.letter
        self.letter = place
        if item["close"] != ")":
            return f"sau chữ cái của điểm là “{item['close']}”, không phải dấu đóng ngoặc đơn"
        before = f"điểm {ALPHABET[last]}" if last >= 0 else "khoản"
        return f"điểm {item['letter']} đứng ngay sau {before}" if place not in {0, last + 1} else ""


def ordered(body: Fragments) -> Iterator[Reading]:
    """True for numbers and letters of the body that follow each other; otherwise the first that does not.

    A number may begin again at 1, letters begin again below each number. Where the program numbers a paragraph its
    number is unknown, and counting begins anew.
    """
    count, first = _Count(), None
    for line in body:
        if line.paragraph.numbered or ARTICLE.match(line.text) or CHAPTER.match(line.text) or SECTION.match(line.text):
            count = _Count()
        elif item := ITEM.match(line.text):
            first = first or line
            fault = count.fault(item)
            if fault:
                yield Reading(False, line.spot, fault)
                return
    if first is not None:
        yield Reading(True, first.spot)
