"""judge_x: say here in one line what it is for.

    [plugins]
    enabled = ["judge_x"]

    [plugins.judge_x]
    # keys of its own

What the keys mean stands in the class Settings.
"""

from pydantic import BaseModel, ConfigDict

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Classification, Document, Reason, Submission, Verdict

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.judge_x]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

    held_forms: tuple[str, ...] = ()
    """Slugs of forms that a person sees first, such as "giay-moi"."""


class JudgeXHooks:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def judge(self, submission: Submission, document: Document, classification: Classification) -> Verdict | None:
        """HOLD for these forms until a person releases the document; the strictest verdict of all wins."""
        form = classification.form.value if classification.form else ""
        waived = {waiver.code for waiver in submission.waivers if waiver.file == document.main.sha256}
        if form not in self._settings.held_forms or "judge-x" in waived:
            return None
        message = "Loại văn bản này cần người phụ trách xem xét trước."
        return Verdict.hold(Reason("judge-x", message, "A person must see this form of document first."))


def plugin(settings: Settings) -> JudgeXHooks:
    """What vbdaemon calls with the settings from `[plugins.judge_x]`."""
    return JudgeXHooks(settings)
