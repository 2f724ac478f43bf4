"""Every component of a document in its layout."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vbdaemon.builtin.classification.dates import date_line
from vbdaemon.builtin.classification.emblem import party
from vbdaemon.builtin.classification.spelling import key
from vbdaemon.builtin.format.aside import addresses as addresses_of
from vbdaemon.builtin.format.body_parts import body_of
from vbdaemon.builtin.format.ending_parts import ending_of, rest_of
from vbdaemon.builtin.format.fragment import Fragment, whole
from vbdaemon.builtin.format.heading_parts import head_of
from vbdaemon.builtin.format.page_text import is_national
from vbdaemon.model.format import Part
from vbdaemon.model.layout import Layout, Zone
from vbdaemon.model.rule import Form

_LETTER = "cong-van"
_LONG_TITLES = frozenset({"hop-dong", "bien-ban", "ban-ghi-nho", "ban-thoa-thuan", "ban-cam-ket"})
"""Forms whose name is only the beginning of the title: "HỢP ĐỒNG LAO ĐỘNG"."""
_NORMATIVE = frozenset({"luat", "phap-lenh", "lenh", "nghi-dinh", "thong-tu", "thong-tu-lien-tich"})
_YEAR = re.compile(r"/(?:19|20)\d\d/")
_FIRST = 12
_RUNNING = frozenset({Zone.HEADER, Zone.FOOTER})


@dataclass(frozen=True, slots=True)
class Components:
    """A layout with the fragments that make up each component."""

    layout: Layout
    parts: Mapping[Part, tuple[Fragment, ...]]

    def of(self, part: Part) -> tuple[Fragment, ...]:
        """The fragments of a component; empty when it is not there."""
        return self.parts.get(part, ())


def components_of(layout: Layout, forms: Sequence[Form]) -> Components:
    """The components; a scan shows none."""
    form_names = [form.name for form in forms if form.slug != _LETTER]
    every = tuple(whole(paragraph) for paragraph in layout.paragraphs if not paragraph.empty)
    lines = [line for line in every if line.paragraph.zone not in _RUNNING]
    top = [line for line in every if line.paragraph.zone is Zone.HEADER]
    if any(is_national(line.text) for line in top):
        lines = [*top, *lines]  # some offices print their letters' head from the header
    addresses = list(addresses_of(layout, lines))
    lines = [line for line in lines if not any(line is other for other in addresses)]
    head = head_of(lines, form_names)
    ending = ending_of(lines, head.end)
    body = body_of(lines[head.end : ending.start], named=Part.FORM_NAME in head.parts)
    footers = [line for line in every if line.paragraph.zone is Zone.FOOTER and line.paragraph.box is None]
    below = [*addresses, *lines[ending.start : ending.stop], *footers]
    parts = {Part.TEXT: every, **rest_of(every, below), **head.parts, **ending.parts, **body}
    return Components(layout, {part: fragments for part, fragments in parts.items() if fragments})


def issued_on(components: Components) -> date | None:
    """The day in the line of place and date."""
    found = components.of(Part.PLACE_DATE)
    line = date_line(found[0].text) if found else None
    return line.value if line else None


def form_in(components: Components, forms: Sequence[Form]) -> str | None:
    """Slug of the form by its name, or of a letter by its V/v."""
    found = components.of(Part.FORM_NAME)
    if found:
        return next((form.slug for form in forms if key(form.name) == key(found[0].text)), None)
    if components.of(Part.LETTER_SUBJECT):
        return _LETTER
    titles = [key(line.text) for line in components.of(Part.TEXT)[:_FIRST] if line.text.isupper()]
    named = (form for form in forms if form.slug in _LONG_TITLES)
    return next((form.slug for form in named for title in titles if title.startswith(f"{key(form.name)} ")), None)


def is_normative(components: Components, form: str | None) -> bool:
    """True for a normative document, which is under the law on those: its number has the year, or its form is one."""
    number = components.of(Part.NUMBER)
    return form in _NORMATIVE or bool(number and _YEAR.search(number[0].text))


def is_party_paper(components: Components) -> bool:
    """True for a paper of the Party, which has rules of its own."""
    return any(party(line.text) for line in components.of(Part.TEXT)[:_FIRST])
