"""check_x: say here in one line what it is for.

    [plugins]
    enabled = ["check_x"]

    [plugins.check_x]
    # keys of its own

What the keys mean stands in the class Settings.
"""

from pydantic import BaseModel, ConfigDict

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Classification, Evidence, Finding, Severity

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.check_x]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

    words: tuple[str, ...] = ()
    """Documents whose subject has one of these words are held; small and capital letters are the same."""


class CheckXHooks:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def check(self, classification: Classification) -> tuple[Finding, ...]:
        """A finding of severity `error` holds, unless the site's policy says otherwise for its code."""
        subject = classification.subject.value if classification.subject else ""
        word = next((word for word in self._settings.words if word.casefold() in subject.casefold()), None)
        if word is None:
            return ()
        finding = Finding(
            code="check-x",
            severity=Severity.ERROR,
            message=f"Trích yếu có từ “{word}”, cần người phụ trách xem xét.",
            english=f"The subject has the word “{word}”; a person must look.",
            evidence=Evidence(word, rule="check_x"),
        )
        return (finding,)


def plugin(settings: Settings) -> CheckXHooks:
    """What vbdaemon calls with the settings from `[plugins.check_x]`."""
    return CheckXHooks(settings)
