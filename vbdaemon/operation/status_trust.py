"""How old the trust folder's evidence is: certificates that end, CRLs with their age."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vbdaemon.operation.checkup import WARN_DAYS
from vbdaemon.signature.trust import Authority, TrustStore


@dataclass(frozen=True, slots=True)
class TrustLine:
    """One authority."""

    name: str
    role: str
    ends_at: datetime
    ends_soon: bool
    """Within 60 days, or ended."""
    crl_made_at: datetime | None
    """Of the newest CRL at hand; None = there is none."""
    crl_ends_at: datetime | None
    crl_ended: bool


def trust_lines(folder: Path, now: datetime) -> tuple[TrustLine, ...]:
    """Every authority of the folder: those that need attention first, then by name."""
    store = TrustStore.load(folder)
    lines = [_line(store, authority, now) for authority in store.authorities]
    return tuple(sorted(lines, key=lambda line: (not (line.ends_soon or line.crl_ended), line.name)))


def _line(store: TrustStore, authority: Authority, now: datetime) -> TrustLine:
    subject = store.certificates[authority.sha256].subject.public_bytes()
    lists = store.revocation.by_issuer.get(subject, [])
    return TrustLine(
        name=authority.name,
        role=authority.role,
        ends_at=authority.not_after,
        ends_soon=(authority.not_after - now).days < WARN_DAYS,
        crl_made_at=lists[0].last_update_utc if lists else None,
        crl_ends_at=authority.crl_ends,
        crl_ended=authority.crl_ends is not None and authority.crl_ends < now,
    )
