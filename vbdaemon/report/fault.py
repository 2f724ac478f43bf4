"""What the system itself saw wrong with a document: a proposal, which a person confirms or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vbdaemon.model import Policy, VerdictKind
from vbdaemon.report.sample import Part
from vbdaemon.report.unsent import Unsent
from vbdaemon.report.words import day_words
from vbdaemon.state.scoring_frame import Paper, Sent

EDITABLE = "editable-file-missing"
MOST_NAMED = 12
"""Faults of format that a proposal tells; more are told by the sheet of the document."""


class Mark(StrEnum):
    """What a person finds about a document that is scored."""

    OK = "ok"
    """Meets the requirements."""
    DEDUCT = "deduct"
    """Does not; points are deducted."""

    @property
    def vietnamese(self) -> str:
        """What people read."""
        return "Bảo đảm" if self is Mark.OK else "Chưa bảo đảm"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the recorded facts suggest."""

    mark: Mark | None
    """None: nothing is recorded that could tell."""
    grounds: str
    """Vietnamese."""


def propose(
    part: Part, row: Sent | Paper | None, policy: Policy, unsent: Unsent, named: Sequence[str] = ()
) -> Proposal:
    """The proposal for a document that was drawn; `row` None when it is not there any more.

    `named`: the faults of its format, each as a sentence, where they may be told.
    """
    if row is None:
        return Proposal(None, "Không còn dữ liệu để đối chiếu; đề nghị xem trực tiếp văn bản.")
    faults = faults_of(part, row, policy, unsent)
    if part is Part.FORMAT and faults and named:
        faults = (f"{faults[0].rstrip('.')}:", *named[:MOST_NAMED], *(("…",) if len(named) > MOST_NAMED else ()))
    return Proposal(Mark.DEDUCT, " ".join(faults)) if faults else Proposal(Mark.OK, "Chưa ghi nhận lỗi.")


def faults_of(part: Part, row: Sent | Paper, policy: Policy, unsent: Unsent) -> tuple[str, ...]:
    """Each thing that is not as required, as a Vietnamese sentence."""
    if part is Part.FORMAT:
        return _format_faults(row)
    return (_unsent_words(row, unsent),) if isinstance(row, Paper) else tuple(_sending_faults(row, policy))


def designation(row: Sent | Paper) -> str:
    """Number, symbol and date as printed: "607/UBND-VP ngày 07/04/2020"; empty for a restricted document."""
    if row.restricted or row.symbol is None:
        return ""
    name = f"{row.number or ''}/{row.symbol}"
    return f"{name} ngày {_day(row.issued_on)}" if row.issued_on else name


def _format_faults(row: Sent | Paper) -> tuple[str, ...]:
    if isinstance(row, Paper) or not row.format_findings:
        return ()
    return (f"Hệ thống ghi nhận {row.format_findings} lỗi thể thức.",)


def _sending_faults(row: Sent, policy: Policy) -> list[str]:
    faults = []
    if row.verdict == VerdictKind.REJECT:
        words = " ".join(policy.finding(code).message for code in row.reasons)
        faults.append(f"Bị từ chối tiếp nhận: {words}" if words else "Bị từ chối tiếp nhận.")
    if row.editable_missing:
        faults.append(policy.finding(EDITABLE).message)
    return faults


def _unsent_words(paper: Paper, unsent: Unsent) -> str:
    came = unsent.first_arrival(paper)
    if came is None:
        return "Gửi bản giấy, không gửi bản điện tử."
    return f"Gửi bản điện tử ngày {_day(came)}, sau thời hạn {_day(unsent.until(paper))}."


def _day(day: date) -> str:
    return day_words(day)
