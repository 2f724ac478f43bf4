"""What `vbdaemon list --json` says, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vbdaemon.model import VerdictKind

_VERDICTS = {
    "HELD": VerdictKind.HOLD,
    "ACCEPTED": VerdictKind.ACCEPT,
    "REJECTED": VerdictKind.REJECT,
    "QUARANTINED": VerdictKind.QUARANTINE,
}


@dataclass(frozen=True, slots=True)
class ListedReason:
    """A reason or finding, in words and with its clause."""

    code: str
    message: str = ""
    """Vietnamese."""
    english: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class ListedDelivery:
    """A notice or a forwarded document, and how far it came."""

    kind: str
    state: str
    destination: str
    name: str

    @property
    def delivered(self) -> bool:
        """The destination has it."""
        return self.state == "DELIVERED"


@dataclass(frozen=True, slots=True)
class Listed:
    """One submission as the daemon lists it."""

    id: str
    state: str
    files: frozenset[str] = frozenset()
    """SHA-256 of its files."""
    codes: frozenset[str] = frozenset()
    """Codes of all reasons and findings."""
    reasons: tuple[ListedReason, ...] = ()
    deliveries: tuple[ListedDelivery, ...] = ()

    @property
    def verdict(self) -> VerdictKind | None:
        """What was decided; None while undecided."""
        return _VERDICTS.get(self.state)

    @property
    def settled(self) -> bool:
        """Decided, and nothing of it is still on its way."""
        return self.verdict is not None and all(d.state in ("DELIVERED", "FAILED") for d in self.deliveries)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Listed":
        """From one object of the listing; keys that it does not know are left aside."""
        reasons: dict[str, ListedReason] = {}
        for document in row.get("documents") or ():
            for told in (*(document.get("reasons") or ()), *(document.get("findings") or ())):
                words = (told.get(key) or "" for key in ("message", "english", "clause"))
                reason = ListedReason(told["code"], *words)
                reasons.setdefault(reason.code, reason)
        for code in row.get("reasons") or ():
            reasons.setdefault(code, ListedReason(code))
        deliveries = tuple(
            ListedDelivery(d["kind"], d["state"], d["destination"], d["name"]) for d in row.get("deliveries") or ()
        )
        files = frozenset(row.get("files") or ())
        return cls(row["id"], row["state"], files, frozenset(reasons), tuple(reasons.values()), deliveries)
