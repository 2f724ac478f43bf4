"""classify_x: say here in one line what it is for.

    [plugins]
    enabled = ["classify_x"]

    [plugins.classify_x]
    # keys of its own

What the keys mean stands in the class Settings.
"""

from dataclasses import replace

from pydantic import BaseModel, ConfigDict

from vbdaemon.builtin import classify as built_in
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Classification, Document, Evidence, Found, Snapshot, Submission

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.classify_x]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

    form_name: str = ""
    """Name of a form of this site, as it stands on a line by itself; empty = none."""


class ClassifyXHooks:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def classify(self, document: Document, submission: Submission, snapshot: Snapshot) -> Classification | None:
        """The built-in's answer with the site's own form; None = not that form. Marks of secrecy stay seen."""
        name = self._settings.form_name
        lines = document.content.pages[0].lines if document.content and document.content.pages else ()
        heading = next((line for line in lines if name and line.text.strip().casefold() == name.casefold()), None)
        if heading is None:
            return None
        answer = built_in.classify(document=document, submission=submission, snapshot=snapshot)
        evidence = Evidence(heading.text, document.main.sha256, page=1, box=heading.box, rule="classify_x")
        return replace(
            answer,
            form=Found("classify-x", heading.confidence, heading.source, evidence),
            form_name=name,
            doubts=tuple(doubt for doubt in answer.doubts if doubt.code not in ("form-unknown", "form-ambiguous")),
        )


def plugin(settings: Settings) -> ClassifyXHooks:
    """What vbdaemon calls with the settings from `[plugins.classify_x]`."""
    return ClassifyXHooks(settings)
