"""The route table: lines that match a document name who receives it."""

from collections.abc import Iterator

from vbdaemon.builtin.classification.spelling import key
from vbdaemon.model import Account, Classification, Route, Snapshot, Unit

Party = tuple[Unit, Account | None]
"""A unit, or a person of it."""


def from_table(kind: Classification, snapshot: Snapshot, source: str, *, draft: bool) -> Iterator[Party]:
    """Whom the lines that match name: those of all lines, or where the site wants it so of the first."""
    for line in snapshot.routes:
        if _matches(line, kind, source, draft=draft):
            yield from filter(None, map(snapshot.directory.party, line.to))
            if snapshot.forwarding.first_match:
                return


def _matches(line: Route, kind: Classification, source: str, *, draft: bool) -> bool:
    form = kind.form.value if kind.form else None
    symbol = kind.symbol.value if kind.symbol else ""
    subject = key(kind.subject.value) if kind.subject else ""
    urgency = kind.urgency.value if kind.urgency else None
    return (
        (line.draft is None or line.draft == draft)
        and (not line.forms or form in line.forms)
        and line.symbol_contains in symbol
        and (not line.issuers or kind.issuer_unit in line.issuers)
        and (not line.subject_words or any(key(word) in subject for word in line.subject_words))
        and (not line.urgency or urgency in line.urgency)
        and (not line.sources or source in line.sources)
    )
