"""A decision in codes, slugs and unit codes: what can be compared and kept without a word of the document."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from vbdaemon.model import DocumentVerdict
from vbdaemon.state.records import Decision
from vbdaemon.state.shadow import Difference

SETTLED = frozenset({"duplicate", "duplicate-differs", "filed-with-document"})
"""Codes that come of comparing with other submissions, after the worker decided."""
FIELDS = ("verdict", "form", "channel", "secrecy", "routes", "findings")


@dataclass(frozen=True, slots=True)
class Codes:
    """What was decided about one document."""

    main_sha256: str
    first_page: int
    verdict: str
    """The verdict, and the codes of its reasons."""
    form: str = ""
    channel: str = ""
    secrecy: str = ""
    routes: str = ""
    """Codes of the units that it goes to; the scheme where there is no unit."""
    findings: str = ""
    settled: bool = False
    """Its verdict and routes rest on other submissions too, or on a person: only the rest can be compared."""

    @classmethod
    def of(cls, document: DocumentVerdict) -> "Codes":
        """Of a verdict."""
        kind = document.classification
        codes = {finding.code for finding in document.findings}
        reasons = [reason.code for reason in document.verdict.reasons]
        apart = codes & SETTLED or document.duplicate_of or document.filed_with or _by_person(document)
        return cls(
            document.main_sha256,
            document.first_page,
            _listed([document.verdict.kind.value, *sorted(set(reasons))]),
            form=kind.form.value if kind and kind.form else "",
            channel=kind.transmission.value if kind else "",
            secrecy=(kind.secrecy.value if kind and kind.secrecy else document.secrecy) or "",
            routes=_listed(sorted({place.unit or place.scheme for place in document.destinations})),
            findings=_listed(sorted(codes - SETTLED)),
            settled=bool(apart),
        )

    def compared(self, after: "Codes") -> Iterable[tuple[str, str, str]]:
        """(field, before, after) of every field that differs."""
        left_out = ("verdict", "routes", "findings") if self.settled or after.settled else ()
        for field in FIELDS:
            one, other = getattr(self, field), getattr(after, field)
            if one != other and field not in left_out:
                yield field, one, other


def codes_of(decision: Decision) -> tuple[Codes, ...]:
    """One for each document."""
    return tuple(Codes.of(document) for document in decision.documents)


def differences(before: Sequence[Codes], after: Sequence[Codes]) -> tuple[Difference, ...]:
    """Document by document; one that is there on one side only differs in its verdict."""
    left = {(each.main_sha256, each.first_page): each for each in after}
    found: list[Difference] = []
    gone: list[tuple[int, Codes]] = []
    for ordinal, one in enumerate(before):
        other = left.pop((one.main_sha256, one.first_page), None)
        if other is None:
            gone.append((ordinal, one))
        else:
            found += [Difference(ordinal, *changed) for changed in one.compared(other)]
    for number, (lost, new) in enumerate(zip_longest(gone, left.values())):
        ordinal = lost[0] if lost else len(before) + number
        found.append(Difference(ordinal, "verdict", lost[1].verdict if lost else "", new.verdict if new else ""))
    return tuple(found)


def _by_person(document: DocumentVerdict) -> bool:
    """Somebody refused it, or it was withdrawn."""
    return document.confirmed is not None or document.withdrawn is not None


def _listed(codes: Iterable[str]) -> str:
    return " ".join(codes)
