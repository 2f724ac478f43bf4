"""The forms of documents (hình thức văn bản): names, slugs, abbreviations of both decrees."""

import re

from vbdaemon.model import Form
from vbdaemon.rules.source import RuleFile

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_forms(file: RuleFile) -> tuple[Form, ...]:
    """The forms in `file`; raises RuleSetError with every mistake."""
    forms: list[Form] = []
    slugs: set[str] = set()
    owners: dict[str, str] = {}
    for table in file.tables("form"):
        form = Form(table.text("slug"), table.text("name"), table.texts("abbreviations"))
        table.text("note", "")
        table.close()
        if form.slug and not _SLUG.fullmatch(form.slug):
            table.mistake(f'"slug" must be lower-case letters, digits and hyphens; found "{form.slug}"', "slug")
        if form.slug in slugs:
            table.mistake(f'the form "{form.slug}" stands twice', "slug")
        for word in form.abbreviations:
            other = owners.setdefault(word, form.slug)
            if other != form.slug:
                table.mistake(f'the abbreviation "{word}" is already that of "{other}"', "abbreviations")
        slugs.add(form.slug)
        forms.append(form)
    file.root.close()
    if not forms:
        file.mistake("no [[form]] in the file", 1)
    file.check()
    return tuple(forms)
