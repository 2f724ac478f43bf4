"""What a decision says about a document, as the fields of its line."""

from collections.abc import Mapping

from vbdaemon.model import Classification, CorrectedField, DocumentVerdict, Signer, Snapshot, TextSource
from vbdaemon.state.register_line import Value

LONGEST = {"issuer": 200, "subject": 500, "signer": 50, "signer_title": 100, "recipients": 1000, "receiver": 1000}
"""Letters of a field (NĐ 30/2020 App. VI)."""
CORRECTED: Mapping[str, CorrectedField] = {
    "form": CorrectedField.FORM,
    "number": CorrectedField.NUMBER,
    "symbol": CorrectedField.SYMBOL,
    "issued_on": CorrectedField.DATE,
    "issuer": CorrectedField.ISSUER,
    "subject": CorrectedField.SUBJECT,
}
"""Fields of a line that a correction of the document is about."""
FIELDS = (
    "form", "number", "symbol", "issued_on", "issuer", "issuer_unit", "subject", "signer", "signer_title", "urgency",
    "due_on", "receiver", "recipients", "pages", "language",
)  # fmt: skip
"""What a decision fills in."""


def values_of(verdict: DocumentVerdict, snapshot: Snapshot, *, outgoing: bool) -> dict[str, Value]:
    """The fields; of a complaint or denunciation nothing but its form."""
    kind = verdict.classification or Classification()
    values: dict[str, Value] = dict.fromkeys(FIELDS)
    values["form"] = kind.form.value if kind.form else None
    if kind.restricted:
        return values
    signer = kind.signer.value if kind.signer else None
    values |= {
        "number": kind.number.value if kind.number else None,
        "symbol": kind.symbol.value if kind.symbol else None,
        "issued_on": kind.issued_on.value if kind.issued_on else None,
        "issuer": _issuer(kind, snapshot),
        "issuer_unit": kind.issuer_unit,
        "subject": kind.subject.value if kind.subject else None,
        "signer": signer.name if signer else None,
        "signer_title": _title(signer),
        "urgency": kind.urgency.value.value if kind.urgency else None,
        "due_on": min((each.value for each in kind.deadlines), default=None),
        "receiver": None if outgoing or snapshot.forwarding.present_first else _receivers(verdict, snapshot),
        "recipients": "; ".join(each.value for each in kind.recipients) or None if outgoing else None,
        "pages": verdict.pages,
        "language": verdict.language or None,
    }
    return {name: _within(name, value) for name, value in values.items()}


def is_restricted(verdict: DocumentVerdict) -> bool:
    """True for complaints and denunciations."""
    return verdict.classification is not None and verdict.classification.restricted


def _issuer(kind: Classification, snapshot: Snapshot) -> str | None:
    """By its whole name, where it is known: letterheads say "PHÒNG NỘI VỤ", of which there are hundreds."""
    if kind.issuer is not None and kind.issuer.source is TextSource.PERSON:
        return kind.issuer.value
    unit = snapshot.directory.unit(kind.issuer_unit)
    return unit.name if unit else (kind.issuer.value if kind.issuer else None)


def _title(signer: Signer | None) -> str | None:
    if signer is None:
        return None
    return " ".join(part for part in (signer.authority, signer.title) if part) or None


def _receivers(verdict: DocumentVerdict, snapshot: Snapshot) -> str | None:
    """Names of the units that it is forwarded to."""
    units = (snapshot.directory.unit(destination.unit) for destination in verdict.destinations)
    return "; ".join(dict.fromkeys(unit.name for unit in units if unit is not None)) or None


def _within(name: str, value: Value) -> Value:
    most = LONGEST.get(name)
    return value[:most] if most and isinstance(value, str) else value
