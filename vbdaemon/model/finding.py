"""A check's answer and the verdict that follows from all answers."""

from dataclasses import dataclass
from enum import StrEnum

from vbdaemon.model.place import Evidence


class Severity(StrEnum):
    """How much a finding weighs before the policy decides what follows."""

    ERROR = "error"
    """A requirement is not met."""
    WARNING = "warning"
    """To be told to the sender and counted, refuses nothing by itself."""
    NOTE = "note"
    """For the record."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's answer. Words for people: Vietnamese first, English beside."""

    code: str
    severity: Severity
    message: str
    """Vietnamese."""
    english: str = ""
    clause: str = ""
    """The clause it rests on, in Vietnamese citation form."""
    remedy: str = ""
    """How the sender mends it; Vietnamese."""
    remedy_english: str = ""
    evidence: Evidence | None = None


class VerdictKind(StrEnum):
    """What happens to a document; later members are stricter."""

    ACCEPT = "ACCEPT"
    """Registered and forwarded (tiếp nhận)."""
    HOLD = "HOLD"
    """A person looks at it, or evidence is awaited (chờ xem xét)."""
    REJECT = "REJECT"
    """Refused, the sender is told why (từ chối tiếp nhận)."""
    QUARANTINE = "QUARANTINE"
    """Locked away, nothing is passed on (cách ly)."""

    @property
    def rank(self) -> int:
        """Strictness: ACCEPT 0 … QUARANTINE 3."""
        return list(VerdictKind).index(self)

    @property
    def vietnamese(self) -> str:
        """The word that people read."""
        return {"ACCEPT": "Tiếp nhận", "HOLD": "Chờ xem xét", "REJECT": "Từ chối tiếp nhận", "QUARANTINE": "Cách ly"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is what it is."""

    code: str
    message: str
    """Vietnamese."""
    english: str = ""
    clause: str = ""
    remedy: str = ""
    remedy_english: str = ""

    @classmethod
    def of(cls, finding: Finding) -> "Reason":
        """The reason that a finding gives."""
        return cls(
            finding.code, finding.message, finding.english, finding.clause, finding.remedy, finding.remedy_english
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """ACCEPT, HOLD, REJECT or QUARANTINE, with reasons."""

    kind: VerdictKind
    reasons: tuple[Reason, ...] = ()

    @classmethod
    def accept(cls) -> "Verdict":
        """Nothing stands against it."""
        return cls(VerdictKind.ACCEPT)

    @classmethod
    def hold(cls, *reasons: Reason) -> "Verdict":
        """A person must look, or evidence is awaited."""
        return cls(VerdictKind.HOLD, reasons)

    @classmethod
    def reject(cls, *reasons: Reason) -> "Verdict":
        """Refused with these reasons."""
        return cls(VerdictKind.REJECT, reasons)

    @classmethod
    def quarantine(cls, *reasons: Reason) -> "Verdict":
        """Locked away with these reasons."""
        return cls(VerdictKind.QUARANTINE, reasons)


def strictest(verdicts: tuple[Verdict, ...]) -> Verdict:
    """The strictest verdict, with the reasons of all that are equally strict; HOLD when there is none.

    No answer at all holds: a gate that nobody guards stays shut.
    """
    if not verdicts:
        return Verdict.hold(Reason("no-verdict", "Chưa có kết luận kiểm tra nào.", "No check gave a verdict."))
    kind = max((v.kind for v in verdicts), key=lambda k: k.rank)
    reasons = dict.fromkeys(reason for v in verdicts if v.kind is kind for reason in v.reasons)
    return Verdict(kind, tuple(reasons))
