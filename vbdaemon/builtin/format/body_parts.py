"""Components of the body: legal basis, chapters, sections, articles, clauses and points, the end."""

from collections.abc import Sequence

from vbdaemon.builtin.format.fragment import Fragment, beginning, joined
from vbdaemon.builtin.format.page_text import ARTICLE, BASIS, CHAPTER, DECIDES, GROUND, ITEM, SECTION
from vbdaemon.model.format import Part
from vbdaemon.model.layout import Alignment, Zone

_HEADING_LONGEST = 90
_DECIDING_LINES = 3
"""Lines in capitals that name who decides, above the legal basis."""
_LAST = 3
"""Paragraphs at the end among which the end mark may stand."""
_ASIDE = frozenset({Zone.CELL, Zone.BOX})
"""Tables and text boxes have no paragraphs of the body."""
_TITLES = {Part.CHAPTER: Part.CHAPTER_TITLE, Part.SECTION: Part.SECTION_TITLE}

Lines = Sequence[Fragment]


def body_of(lines: Lines, *, named: bool) -> dict[Part, tuple[Fragment, ...]]:
    """The components of the body; `named` says that the document has a form name, so that it can have a basis."""
    found: dict[Part, list[Fragment]] = {}
    start, end = _basis(lines) if named else (0, 0)
    found[Part.LEGAL_BASIS] = _grounds(lines[start:end])
    title: Part | None = None
    flow = [line for line in lines[end:] if line.paragraph.zone not in _ASIDE]
    for line in flow:
        kind = _heading(line)
        if kind is not None:
            found.setdefault(kind, []).append(line)
            found.setdefault(Part.ITEMS, []).append(line)
            title = _TITLES[kind]
        elif title is not None and _is_title(line):
            found.setdefault(title, []).append(line)
            title = None
        else:
            title = None
            _text(line, found)
    paragraphs = found.get(Part.BODY_END, [])
    if paragraphs:
        marked = next((line for line in reversed(paragraphs[-_LAST:]) if line.text.endswith("./.")), None)
        # below a table the mark may stand in its last cell, or be forgotten: that is not told apart
        tabled = marked is None and lines[-1].paragraph.zone is Zone.CELL
        found[Part.BODY_END] = [] if tabled else [marked or paragraphs[-1]]
    if not any(ITEM.match(line.text) for line in found.get(Part.ITEMS, [])):
        found.pop(Part.ITEMS, None)
    return {part: tuple(fragments) for part, fragments in found.items() if fragments}


def _basis(lines: Lines) -> tuple[int, int]:
    """Where the legal basis begins and ends: several lines, or one above "QUYẾT ĐỊNH:"; an opening sentence is none."""
    start = 0
    while start < min(_DECIDING_LINES, len(lines)) and lines[start].text.isupper():
        start += 1
    end = start
    while end < len(lines) and _is_ground(lines[start:end], lines[end]):
        end += 1
    follows = end < len(lines) and bool(DECIDES.match(lines[end].text))
    listed = end - start > 1 and GROUND.match(lines[start].text) and lines[start].text.endswith((";", ",", "."))
    return (start, end) if end > start and (follows or listed) else (0, 0)


def _is_ground(above: Lines, line: Fragment) -> bool:
    begins = bool(BASIS.match(line.text)) and not line.text.endswith(":")
    return begins or (bool(above) and _is_broken(above[-1]) and not DECIDES.match(line.text))


def _is_broken(line: Fragment) -> bool:
    """A line of a page that ends in the middle of its sentence: what is not justified breaks anywhere."""
    return line.paragraph.box is not None and not line.text.endswith((";", ",", ".", ":", "/"))


def _grounds(lines: Lines) -> list[Fragment]:
    """Each with all its lines."""
    grounds: list[list[Fragment]] = []
    for line in lines:
        if grounds and not BASIS.match(line.text):
            grounds[-1].append(line)
        else:
            grounds.append([line])
    return [joined([line.paragraph for line in each]) if len(each) > 1 else each[0] for each in grounds]


def _heading(line: Fragment) -> Part | None:
    for part, begins in ((Part.CHAPTER, CHAPTER), (Part.SECTION, SECTION)):
        found = begins.match(line.text)
        sentence = len(line.text) > _HEADING_LONGEST or line.text.endswith((".", ";", ","))
        if found and (not sentence or found[0] == line.text):
            return part
    return None


def _is_title(line: Fragment) -> bool:
    bold_or_centred = bool(line.bold) or line.paragraph.alignment is Alignment.CENTRE
    return bold_or_centred and not ARTICLE.match(line.text)


def _text(line: Fragment, found: dict[Part, list[Fragment]]) -> None:
    """An ordinary paragraph; lines in capitals ("QUYẾT ĐỊNH:") are none, articles have a rule of their own."""
    if line.text.isupper():
        return
    found.setdefault(Part.BODY_END, []).append(line)
    article = ARTICLE.match(line.text)
    if article:
        found.setdefault(Part.ARTICLE, []).append(beginning(line.paragraph, article[0]))
        found.setdefault(Part.ITEMS, []).append(line)  # numbers begin again below it
        if len(line.text) > _HEADING_LONGEST:
            found.setdefault(Part.ARTICLE_TEXT, []).append(line)
        return
    if not _captions(line):
        found.setdefault(Part.BODY, []).append(line)
    if ITEM.match(line.text) or line.paragraph.numbered:
        found.setdefault(Part.ITEMS, []).append(line)


def _captions(line: Fragment) -> bool:
    """True for one line in the middle or at the right edge: a caption, a unit of measure, a formula; and for headings.

    So is one line of a page of which nobody can tell where it stands.
    """
    place = line.paragraph
    aside = place.alignment in {Alignment.CENTRE, Alignment.RIGHT}
    lost = place.box is not None and place.alignment is None and place.indent is None
    heads = place.alignment is Alignment.CENTRE and bool(line.bold)
    return heads or ((aside or lost) and place.lines == 1)
