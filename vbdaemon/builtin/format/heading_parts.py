"""Components of the head: Quốc hiệu, issuer, number, date, V/v, form name, subject, Kính gửi."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from vbdaemon.builtin.classification.heading import is_addressees
from vbdaemon.builtin.classification.marks import is_mark
from vbdaemon.builtin.classification.spelling import key
from vbdaemon.builtin.format.fragment import Fragment, joined, spoken_for
from vbdaemon.builtin.format.page_text import (
    ANNEX_REFERENCE,
    ARTICLE,
    BASIS,
    CHAPTER,
    SECTION,
    how_national,
    is_addresses,
    is_date,
    is_letter_subject,
    is_motto,
    is_national,
    is_number,
    is_whole_name,
    names_body,
)
from vbdaemon.model.format import Part
from vbdaemon.model.layout import Alignment, Side

_HEAD = 60
"""Paragraphs in which a head can stand."""
_TITLE = 10
"""Paragraphs below the head in which the form name stands."""
_SUBJECT_LINES = 6
_LETTER_LINES = 6
_LINE = 1.9
"""Baselines further apart than this many heights of a line part two components."""

Lines = Sequence[Fragment]


@dataclass(slots=True)
class Head:
    """The components found, and where what stands below begins."""

    parts: dict[Part, tuple[Fragment, ...]] = field(default_factory=dict)
    end: int = 0
    """Place of the first line below."""
    used: set[int] = field(default_factory=set)


def head_of(lines: Lines, form_names: Sequence[str]) -> Head:
    """The head of the document that begins with `lines`."""
    top = lines[:_HEAD]
    head = Head()
    _national_title(head, top)
    for part, fits in _SINGLE.items():
        place = next((n for n, line in enumerate(top) if n not in head.used and fits(line.text)), None)
        if place is not None:
            _take(head, part, [place], [top[place]])
    number = _place(head, lines, Part.NUMBER)
    _letter_subject(head, top, number)
    _issuer(head, top, number)
    head.end = max(head.used, default=-1) + 1
    _title(head, lines, form_names)
    _addressees(head, lines)
    return head


_SINGLE: dict[Part, Callable[[str], bool]] = {
    Part.MOTTO: is_motto,
    Part.NUMBER: is_number,
    Part.PLACE_DATE: is_date,
}


def _national_title(head: Head, top: Lines) -> None:
    """The Quốc hiệu, on one line or broken into two of its column."""
    for n, line in enumerate(top):
        side = line.paragraph.side
        below = next((m for m in range(n + 1, len(top)) if top[m].paragraph.side is side), n)
        alone, both = how_national(line.text), how_national(f"{line.text} {top[below].text}")
        if both > alone:
            _take(head, Part.NATIONAL_TITLE, [n, below], [joined([line.paragraph, top[below].paragraph])])
        elif alone:
            _take(head, Part.NATIONAL_TITLE, [n], [line])
        else:
            continue
        return


def _take(head: Head, part: Part, places: Sequence[int], fragments: Sequence[Fragment] = ()) -> None:
    if places:
        head.used.update(places)
        head.parts[part] = tuple(fragments)


def _place(head: Head, lines: Lines, part: Part) -> int | None:
    found = head.parts.get(part)
    return next((n for n, line in enumerate(lines) if found and line is found[0]), None)


def _letter_subject(head: Head, top: Lines, number: int | None) -> None:
    """The V/v block: from its first words to the end of the column's block."""
    start = next((n for n, line in enumerate(top) if is_letter_subject(line.text)), None)
    if start is None or number is None or start < number or _titled(top[number + 1 : start]):
        return
    places = [start]
    for n in range(start + 1, min(start + 2 * _LETTER_LINES, len(top))):
        line, last = top[n], top[places[-1]]
        if is_addressees(line.text):
            break
        if n in head.used or line.paragraph.side is not top[start].paragraph.side:
            continue
        if line.paragraph.box is None or is_mark(line.text) or _apart(last, line):
            break
        places.append(n)
    _take(head, Part.LETTER_SUBJECT, places, [joined([top[n].paragraph for n in places])])


def _titled(between: Lines) -> bool:
    """True when a line in capitals over the whole width stands between: then "Về việc …" is its subject."""
    return any(line.text.isupper() and line.paragraph.side is Side.WHOLE and not is_mark(line.text) for line in between)


def _apart(last: Fragment, line: Fragment) -> bool:
    if last.paragraph.page != line.paragraph.page:
        return True
    above, below = last.paragraph.box, line.paragraph.box
    return bool(above and below and below.y1 - above.y1 > _LINE * (above.y1 - above.y0))


def _issuer(head: Head, top: Lines, number: int | None) -> None:
    """Lines above the number, in its column where there are columns; the body above comes first."""
    end, column = _issuer_span(head, top, number)
    places = [n for n in range(end) if n not in head.used and _may_be_issuer(top[n], column)]
    if not places:
        return
    cut = _cut([top[n] for n in places])
    _take(head, Part.PARENT, places[:cut], [top[n] for n in places[:cut]])
    _take(head, Part.ISSUER, places[cut:], [top[n] for n in places[cut:]])


def _issuer_span(head: Head, top: Lines, number: int | None) -> tuple[int, Side | None]:
    """Where the issuer ends at the latest, and its column; without a number, the left one of the head."""
    if number is not None:
        return number, top[number].paragraph.side
    end = max(head.used, default=-1) + 1
    if any(line.paragraph.side is Side.LEFT for line in top[:end]):
        return end, Side.LEFT
    return min(head.used, default=0), None


def _may_be_issuer(line: Fragment, column: Side | None) -> bool:
    if is_mark(line.text) or is_motto(line.text) or is_national(line.text) or is_addresses(line.text):
        return False
    if column is Side.LEFT:
        return line.paragraph.side is Side.LEFT
    return line.text.isupper() or names_body(line.text)


def _cut(lines: Lines) -> int:
    """Where the issuer begins: at the first bold line below lines that are not, else at the last body's name."""
    bold = [line.bold for line in lines]
    if bold[0] is False and True in bold:
        return bold.index(True)
    names = [n for n, line in enumerate(lines) if names_body(line.text)]
    # "BAN CHỈ ĐẠO" above "PHÒNG, CHỐNG THIÊN TAI" is one name on two lines
    return names[-1] if len(names) > 1 and is_whole_name(lines[names[-1] - 1].text) else 0


def _title(head: Head, lines: Lines, form_names: Sequence[str]) -> None:
    """Form name and subject."""
    known = {key(name) for name in form_names}
    for n in range(head.end, min(head.end + _TITLE, len(lines))):
        text = lines[n].text
        if is_addressees(text) or BASIS.match(text):
            return
        if key(text) in known:
            _take(head, Part.FORM_NAME, [n], [lines[n]])
            places = list(_subject(lines, n + 1))
            _take(head, Part.SUBJECT, places, [_with_last(lines, places)] if places else ())
            head.end = (places[-1] if places else n) + 1
            while head.end < len(lines) and ANNEX_REFERENCE.match(lines[head.end].text):
                head.end += 1  # "(Kèm theo Quyết định số …)" below the title of what a decision issues
            return


def _with_last(lines: Lines, places: Sequence[int]) -> Fragment:
    """Lines as one; what is drawn below the last of them belongs to them."""
    parts = [lines[p].paragraph for p in places]
    words, strokes = joined(parts), parts[-1].strokes
    width = spoken_for(strokes, [part.width for part in parts])
    return Fragment(replace(words.paragraph, strokes=strokes, width=width), words.runs)


def _subject(lines: Lines, start: int) -> Iterator[int]:
    """Bold or centred lines below the form name."""
    for n in range(start, min(start + _SUBJECT_LINES, len(lines))):
        line = lines[n]
        stops = is_addressees(line.text) or _begins_body(line.text) or (n > start and line.text.isupper())
        centred = line.paragraph.alignment is Alignment.CENTRE
        if stops or not (line.bold or centred):
            return
        if n > start and lines[start].bold and line.bold is False:
            return  # "(Phục vụ kỳ họp …)", "TRƯỞNG PHÒNG … điện:"
        if n > start and not centred and line.paragraph.alignment is Alignment.JUSTIFY:
            return
        yield n


def _begins_body(text: str) -> bool:
    return any(words.match(text) for words in (BASIS, CHAPTER, SECTION, ARTICLE, ANNEX_REFERENCE))


def _addressees(head: Head, lines: Lines) -> None:
    """Kính gửi, and the lines with dashes below it."""
    span = range(head.end, min(head.end + _TITLE, len(lines)))
    start = next((n for n in span if is_addressees(lines[n].text)), None)
    if start is None:
        _telegraphed(head, lines)
        return
    entries = [[lines[start].paragraph]]
    places = [start]
    for n in range(start + 1, len(lines)):
        begins = lines[n].text.startswith(("-", "–", "+"))
        ended = lines[places[-1]].text.endswith(".")
        listed = len(places) > 1 and not ended
        open_ = lines[n].text[:1].islower() and not lines[places[-1]].text.endswith(";")
        runs_on = listed and (open_ or _under(lines[start], lines[n]))
        if not (begins or runs_on) or ended:
            break
        places.append(n)
        entries[-1:] = [entries[-1], [lines[n].paragraph]] if begins else [[*entries[-1], lines[n].paragraph]]
    _take(head, Part.ADDRESSEES, places, [joined(entry) for entry in entries])
    head.end = places[-1] + 1


def _telegraphed(head: Head, lines: Lines) -> None:
    """The addressees of a Công điện, "… điện:" and a list: no rule is for how they are set."""
    if head.end < len(lines) and lines[head.end].text.endswith("điện:"):
        head.end += 1
        while head.end < len(lines) and lines[head.end].text.startswith(("-", "–")):
            head.end += 1


def _under(first: Fragment, line: Fragment) -> bool:
    """True on a page for a line that begins as far right as the list does."""
    a, b = first.paragraph.box, line.paragraph.box
    return bool(a and b and b.x0 > a.x0)
