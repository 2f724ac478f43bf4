"""Holds documents whose files are larger than a limit, so that a person decides what travels. Off by default.

    [plugins]
    enabled = ["hold_by_size"]

    [plugins.hold_by_size]
    limit_megabytes = 20        # of all files of a document together; 1 megabyte = 1,000,000 bytes

The finding `over-size` holds. A person lets the document go on with `vbdaemon release`; a site's policy can give
the code `over-size` another consequence, such as a refusal.
"""

import math

from pydantic import BaseModel, ConfigDict, Field

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Document, Evidence, Finding, Severity

__version__ = "1"
CODE = "over-size"
MEGABYTE = 1_000_000


class Settings(BaseModel):
    """`[plugins.hold_by_size]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit_megabytes: float = Field(default=20.0, gt=0)
    """A document may be just as large; 1 megabyte = 1,000,000 bytes."""


class HoldBySize:
    """The plugin with its settings."""

    def __init__(self, settings: Settings) -> None:
        self._limit = settings.limit_megabytes

    @hookimpl
    def check(self, document: Document) -> tuple[Finding, ...]:
        """`over-size` when the files of the document together are larger than the limit."""
        size = sum(file.size for file in document.files)
        if size <= self._limit * MEGABYTE:
            return ()
        found = f"{math.ceil(size / MEGABYTE * 100) / 100:.10g}"  # rounded up: never the limit itself
        limit = f"{self._limit:.10g}"
        finding = Finding(
            code=CODE,
            severity=Severity.ERROR,
            message=(
                f"Tổng dung lượng các tệp của văn bản là {_vietnamese(found)} MB, vượt quá {_vietnamese(limit)} MB, "
                "nên cần người phụ trách xem xét."
            ),
            english=f"The files of the document have {found} MB together, over {limit} MB; a person must look.",
            remedy=f"Đề nghị giảm dung lượng tệp xuống không quá {_vietnamese(limit)} MB hoặc liên hệ với văn thư.",
            remedy_english=f"Please bring the files down to {limit} MB, or call the document office.",
            evidence=Evidence(f"{size} bytes", file=document.main.sha256, rule=CODE),
        )
        return (finding,)


def _vietnamese(number: str) -> str:
    """A decimal number as it is written in Vietnamese."""
    return number.replace(".", ",")


def plugin(settings: Settings) -> HoldBySize:
    """What vbdaemon calls with the settings from `[plugins.hold_by_size]`."""
    return HoldBySize(settings)
