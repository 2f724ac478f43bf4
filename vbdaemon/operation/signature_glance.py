"""One signature in a few lines of English, for `vbdaemon inspect`; built of the facts that its JSON carries."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from vbdaemon.clock import VIETNAM

AREAS = {
    "top-right": "top right of page {page}",
    "signature-block": "at the signature block, page {page}",
    "other": "elsewhere on page {page}",
    "invisible": "invisible",
}
Facts = Mapping[str, Any]


def signature_lines(facts: Facts) -> tuple[str, ...]:
    """Verdict and signer; when, integrity, revocation, strength, place; chain, or what is missing of it."""
    reason = f" {facts['subindication'] or facts['undecidable'] or ''}".rstrip()
    purpose = f" ({facts['purpose']})" if facts["role"] == "organisation" else ""
    head = f"{facts['status']}{reason}: {facts['role']}{purpose} {facts['signer'] or 'unknown'} [{facts['field']}]"
    return (head, ", ".join(_circumstances(facts)), _chain(facts))


def _circumstances(facts: Facts) -> Iterator[str]:
    yield _time(facts)
    yield _integrity(facts)
    yield f"revocation {facts['revocation']}"
    strength = " ".join(part for part in (facts["digest"], facts["key"]) if part)
    if strength:
        yield strength
    place = facts["position"]
    if place is not None:
        yield AREAS[place["area"]].format(page=place["page"])
    if facts["unsigned_traces"]:
        yield f"outside the signature: {' '.join(facts['unsigned_traces'])}"


def _time(facts: Facts) -> str:
    if facts["signed_at"] is None:
        return "at an unknown time"
    at = datetime.fromisoformat(facts["signed_at"]).astimezone(VIETNAM)
    vouched = "by timestamp" if facts["time_source"] == "timestamp" else "claimed"
    return f"{at.isoformat(' ', 'seconds')} {vouched}"


def _integrity(facts: Facts) -> str:
    if facts["intact"] is None:
        return "integrity unknown"
    if not facts["intact"]:
        return "NOT INTACT"
    if facts["altered_after"]:
        return "intact, BUT THE FILE WAS ALTERED AFTERWARDS"
    return (
        "intact, covers the whole file"
        if facts["covers_whole_file"]
        else "intact, only signatures or validation data follow"
    )


def _chain(facts: Facts) -> str:
    chain = " > ".join(facts["chain"]) or "no certificate"
    confirmed = "; certificate confirmed in the directory" if facts["confirmed"] else ""
    if facts["missing_issuer"] is None:
        return f"{chain}{confirmed}"
    urls = " ".join(facts["missing_issuer_urls"])
    where = f" ({urls})" if urls else ""
    return f"{chain}; NOT AT HAND: {facts['missing_issuer']}{where}{confirmed}"
