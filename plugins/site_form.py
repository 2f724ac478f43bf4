"""Tells a form of the site's own, such as "Phiếu giao việc", which no decree knows. Off by default.

    [plugins]
    enabled = ["site_form"]

    [plugins.site_form]
    name = "Phiếu giao việc"       # as it stands on a line of its own on the first page
    slug = "phieu-giao-viec"       # how routes and policy call it
    transmission = "electronic"    # left out: a person decides, since no list names the form

It answers only for this form; every other document is left to the others. All but the form (number, date, issuer,
marks of secrecy and the rest) is what the built-in reads.
"""

import unicodedata
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field

from vbdaemon.builtin import classify as built_in  # the module: a hook imported by name would run as ours
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import (
    Classification,
    Document,
    Evidence,
    Found,
    Line,
    Snapshot,
    Submission,
    TransmissionForm,
)

__version__ = "1"
SETTLED = ("form-unknown", "form-ambiguous")
"""Doubts of the built-in that the name of the form settles."""


class Settings(BaseModel):
    """`[plugins.site_form]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(default="Phiếu giao việc", min_length=3, max_length=120)
    """Name of the form; small and capital letters are the same."""
    slug: str = Field(default="phieu-giao-viec", pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    """Must be none of `vbdaemon/rules/forms.toml`."""
    transmission: TransmissionForm = TransmissionForm.UNLISTED
    """In which form it travels: electronic, electronic-and-paper, paper, or unlisted = a person decides."""


class SiteForm:
    """The plugin with its settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def classify(self, document: Document, submission: Submission, snapshot: Snapshot) -> Classification | None:
        """The built-in's answer with this form; None for every document that does not bear its name."""
        heading = self._heading(document)
        if heading is None or any(form.slug == self._settings.slug for form in snapshot.forms):
            return None
        answer = built_in.classify(document=document, submission=submission, snapshot=snapshot)
        page = document.first_page
        evidence = Evidence(heading.text, document.main.sha256, page=page, box=heading.box, rule="site_form")
        return replace(
            answer,
            form=Found(self._settings.slug, heading.confidence, heading.source, evidence),
            form_name=self._settings.name,
            transmission=self._settings.transmission,
            transmission_rule="site_form",
            doubts=tuple(doubt for doubt in answer.doubts if doubt.code not in SETTLED),
        )

    def _heading(self, document: Document) -> Line | None:
        """The line of the document's first page that is the name and nothing else."""
        pages = document.content.pages if document.content else ()
        wanted = _folded(self._settings.name)
        lines = (line for page in pages if page.number == document.first_page for line in page.lines)
        return next((line for line in lines if _folded(line.text) == wanted), None)


def _folded(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).casefold().split())


def plugin(settings: Settings) -> SiteForm:
    """What vbdaemon calls with the settings from `[plugins.site_form]`."""
    return SiteForm(settings)
