"""Components of the end: Nơi nhận, authority and name of the signer, drafter, address, annexes, copy line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vbdaemon.builtin.format.fragment import Fragment, joined
from vbdaemon.builtin.format.page_text import (
    ANNEX,
    ANNEX_REFERENCE,
    AUTHORITY,
    COPY,
    DRAFTER,
    RECIPIENTS,
    is_addresses,
)
from vbdaemon.model.format import Part
from vbdaemon.model.layout import Alignment, Side

_ABOVE = 40.0
"""Points: the signer's block can begin a little above "Nơi nhận"."""
_BEFORE = 8
"""Paragraphs above "Nơi nhận" in which a signer's block without columns stands."""
_APART = 3
"""Lines between two titles of one block on a page, the other column's."""
_NAME_WORDS = range(2, 8)
_PERSON = 45
_ROOM = 40.0
"""Points between title and name, where the signature stands."""
_ANNEX_TITLE_LINES = 4

Lines = Sequence[Fragment]


@dataclass(slots=True)
class Ending:
    """The components found; the body ends before `start`."""

    parts: dict[Part, tuple[Fragment, ...]] = field(default_factory=dict)
    start: int = 0
    stop: int = 0
    """Where annexes begin."""


def ending_of(lines: Lines, first: int) -> Ending:
    """The end of the document whose body begins at place `first`."""
    annexes = [n for n in range(first, len(lines)) if ANNEX.match(lines[n].text)]
    heading = next((n for n in range(first, len(lines)) if RECIPIENTS.match(lines[n].text)), None)
    # words "Phụ lục" above the signer's block belong to the body
    annexes = [n for n in annexes if heading is None or n > heading]
    stop = annexes[0] if annexes else len(lines)
    ending = Ending(start=stop, stop=stop)
    if heading is not None and heading < stop:
        block = [n for n in _block(lines, heading, first) if n < stop]
        ending.start = min(block)
        _recipients(ending, lines, heading, [n for n in block if n > heading])
        signer = [lines[n] for n in block if _signs(lines[n], lines[heading], n < heading)]
        _signer(ending, signer)
    else:
        places = [n for n in range(first, stop) if AUTHORITY.match(lines[n].text) and lines[n].text.isupper()]
        if places:
            ending.start = places[-1]
            for place in reversed(places[:-1]):
                ending.start = place if ending.start - place <= _APART else ending.start
            while ending.start > first and _level(lines[ending.start - 1], lines[ending.start]):
                ending.start -= 1
            side = lines[places[-1]].paragraph.side
            _signer(ending, [line for line in lines[ending.start : stop] if line.paragraph.side is side])
    _annexes(ending, lines, annexes)
    return ending


def rest_of(lines: Lines, below: Lines) -> dict[Part, tuple[Fragment, ...]]:
    """Components that can stand in several places; the address only below the text, in it it is a contact."""
    found = {
        Part.COPY_LINE: tuple(line for line in lines if COPY.match(line.text)),
        Part.ADDRESS_BLOCK: tuple(line for line in below if is_addresses(line.text)),
    }
    return {part: fragments for part, fragments in found.items() if fragments}


def _block(lines: Lines, heading: int, first: int) -> list[int]:
    """Places of the block: the heading's table, its page's foot, or the lines around it."""
    here = lines[heading].paragraph
    if here.table is not None:
        return [n for n in range(first, len(lines)) if lines[n].paragraph.table == here.table or n > heading]
    if here.box is not None:
        above = [n for n in range(first, heading) if _beside(lines[n], lines[heading])]
        return [*above, *range(heading, len(lines))]
    before = range(max(first, heading - _BEFORE), heading)
    start = next((n for n in before if AUTHORITY.match(lines[n].text) and lines[n].text.isupper()), heading)
    return list(range(start, len(lines)))


def _beside(line: Fragment, heading: Fragment) -> bool:
    a, b = line.paragraph.box, heading.paragraph.box
    if a is None or b is None or line.paragraph.page != heading.paragraph.page:
        return False
    return line.paragraph.side is Side.RIGHT and a.y0 >= b.y0 - _ABOVE and line.text.isupper()


def _signs(line: Fragment, heading: Fragment, before: bool) -> bool:
    if heading.paragraph.side is Side.LEFT:
        return line.paragraph.side is Side.RIGHT
    return before


def _level(line: Fragment, title: Fragment) -> bool:
    """True on a page for a line of the other column that stands beside a title."""
    a, b = line.paragraph.box, title.paragraph.box
    if a is None or b is None or line.paragraph.page != title.paragraph.page:
        return False
    return line.paragraph.side is not title.paragraph.side and a.y1 > b.y0


def _recipients(ending: Ending, lines: Lines, heading: int, below: Sequence[int]) -> None:
    """The list: each dash begins an entry, lines of a page without one go on with it."""
    ending.parts[Part.RECIPIENTS_HEADING] = (lines[heading],)
    side, table = lines[heading].paragraph.side, lines[heading].paragraph.table
    entries: list[list[Fragment]] = []
    for n in below:
        line = lines[n]
        if line.paragraph.side is not side or line.paragraph.table != table:
            if table is not None or line.paragraph.side is not Side.RIGHT:
                break
            continue
        if DRAFTER.match(line.text):
            ending.parts[Part.DRAFTER] = (line,)
            continue
        titled = line.text.endswith(":") and not line.text.startswith("-")
        # what stands below "Bản điện tử:" is a list of its own (so in 607/UBND-VP)
        if COPY.match(line.text) or is_addresses(line.text) or (titled and entries):
            break
        if titled:
            continue
        ended = bool(entries) and entries[-1][-1].text.endswith(".")
        # in Word an entry is broken by hand where the column is narrow
        open_ = bool(entries) and (line.paragraph.box is not None or not entries[-1][-1].text.endswith((";", ",", ":")))
        if open_ and not line.text.startswith(("-", "–", "+")) and not ended:
            entries[-1].append(line)
        elif not ended or line.text.startswith("-"):
            entries.append([line])
    if entries:
        ending.parts[Part.RECIPIENTS] = tuple(joined([each.paragraph for each in entry]) for entry in entries)


def _signer(ending: Ending, block: Lines) -> None:
    """Titles in capitals, then the name; a name in capitals is told by the room above it."""
    words = [line for line in block if not line.text.startswith("(") and not DRAFTER.match(line.text)]
    titles: list[Fragment] = []
    for line in words:
        below_room = bool(titles) and _room(titles[-1], line)
        if _is_name(line.text, below_room=below_room):
            ending.parts[Part.SIGNER_NAME] = (line,)
            break
        titles.append(line)
    if titles:
        ending.parts[Part.AUTHORITY] = tuple(titles)


def _is_name(text: str, *, below_room: bool) -> bool:
    if any(c.isdigit() for c in text) or len(text) > _PERSON or len(text.split()) not in _NAME_WORDS:
        return False
    return below_room or (not text.isupper() and sum(word[:1].isupper() for word in text.split()) > 1)


def _room(above: Fragment, line: Fragment) -> bool:
    a, b = above.paragraph.box, line.paragraph.box
    if a and b:
        return b.y0 - a.y1 > _ROOM
    return (line.paragraph.gap or 0.0) > _ROOM / 2


def _annexes(ending: Ending, lines: Lines, places: Sequence[int]) -> None:
    """Heading, title and reference of every annex."""
    headings: list[Fragment] = []
    titles: list[Fragment] = []
    references: list[Fragment] = []
    for place in places:
        headings.append(lines[place])
        below = list(_below(lines, place + 1))
        references.extend(line for line in below if ANNEX_REFERENCE.match(line.text))
        above = [line for line in below if not ANNEX_REFERENCE.match(line.text)]
        if above:
            titles.append(joined([line.paragraph for line in above]))
    for part, found in (
        (Part.ANNEX_HEADING, headings),
        (Part.ANNEX_TITLE, titles),
        (Part.ANNEX_REFERENCE, references),
    ):
        if found:
            ending.parts[part] = tuple(found)


def _below(lines: Lines, start: int) -> Iterator[Fragment]:
    """Lines of the title, up to and with the reference."""
    for n in range(start, min(start + _ANNEX_TITLE_LINES + 1, len(lines))):
        line = lines[n]
        if ANNEX_REFERENCE.match(line.text):
            yield line
            return
        centred = line.paragraph.alignment is Alignment.CENTRE
        if not (line.bold or centred or line.text.isupper()) or ANNEX.match(line.text):
            return
        yield line
