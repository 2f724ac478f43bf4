"""Measures of lists: punctuation of entries, order of numbers and letters."""

from collections.abc import Iterator

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
        yield from _entry_faults(entries, after_first=True)
    elif entries and rest.strip():
        yield "gửi nhiều nơi nhưng có nơi nhận cùng dòng với “Kính gửi”", first
    elif entries:
        yield from _entry_faults(entries)
    elif ";" in rest:
        yield "gửi nhiều nơi nhưng không xuống dòng", first
    elif not rest.strip():
        yield "không ghi nơi nhận", first


def _entry_faults(entries: Fragments, *, after_first: bool = False) -> Iterator[tuple[str, Fragment]]:
    del after_first
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


def ordered(body: Fragments) -> Iterator[Reading]:
    """True for numbers and letters of the body that follow each other; otherwise the first that does not.

    A number may begin again at 1, letters begin again below each number.
    """
    number, letter, seen = 0, -1, None
    for line in body:
        if ARTICLE.match(line.text) or CHAPTER.match(line.text) or SECTION.match(line.text):
            number, letter = 0, -1
            continue
        item = ITEM.match(line.text)
        if item is None:
            continue
        seen = seen or line
        if item["number"]:
            value = int(item["number"])
            if item["after"] != ".":
                yield Reading(False, line.spot, f"sau số thứ tự của khoản là “{item['after']}”, không phải dấu chấm")
                return
            if value not in {1, number + 1} and number:
                yield Reading(False, line.spot, f"khoản {value} đứng sau khoản {number}")
                return
            number, letter = value, -1
            continue
        if item["letter"] not in ALPHABET:
            yield Reading(False, line.spot, f"“{item['letter']})” không thuộc bảng chữ cái tiếng Việt")
            return
        place = ALPHABET.index(item["letter"])
        if item["close"] != ")":
            yield Reading(False, line.spot, f"sau chữ cái của điểm là “{item['close']}”, không phải dấu đóng ngoặc đơn")
            return
        if place not in {0, letter + 1}:
            before = f"điểm {ALPHABET[letter]}" if letter >= 0 else "khoản"
            yield Reading(False, line.spot, f"điểm {item['letter']} đứng ngay sau {before}")
            return
        letter = place
    if seen is not None:
        yield Reading(True, seen.spot)
