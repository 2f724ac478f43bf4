"""What `vbdaemon trust` prints of authorities, of what is wanted, and of what was taken in."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from vbdaemon.operation.checkup import WARN_DAYS

if TYPE_CHECKING:  # what verifies signatures takes its time to load
    from vbdaemon.operation.trust_intake import Taken
    from vbdaemon.signature.trust import Authority, TrustStore
    from vbdaemon.signature.wanted import Wanted


def authority_row(authority: "Authority", now: datetime) -> dict[str, Any]:
    """For JSON."""
    return {
        "file": authority.file,
        "role": authority.role,
        "name": authority.name,
        "subject": authority.subject,
        "sha256": authority.sha256,
        "not_before": authority.not_before.isoformat(),
        "not_after": authority.not_after.isoformat(),
        "days_left": (authority.not_after - now).days,
        "crls": authority.crls,
        "crl_ends": authority.crl_ends.isoformat() if authority.crl_ends else None,
        "published": authority.published is not None,
    }


def wanted_row(wanted: "Wanted") -> dict[str, Any]:
    """For JSON."""
    return {
        "kind": wanted.kind,
        "name": wanted.name,
        "urls": wanted.urls,
        "responders": wanted.responders,
        "why": wanted.why,
    }


def show_authority(authority: "Authority", store: "TrustStore", now: datetime) -> None:
    """A few lines for a person; an end within 60 days is warned of."""
    left = (authority.not_after - now).days
    validity = f"{authority.not_before:%Y-%m-%d} … {authority.not_after:%Y-%m-%d}"
    typer.echo(f"{authority.role:<12} {authority.subject}")
    until = f" (newest until {authority.crl_ends:%Y-%m-%d})" if authority.crl_ends else ""
    typer.echo(f"             {validity}, {authority.crls} CRL{until}, {_standing(authority, store)}")
    if left < WARN_DAYS:
        words = f"ended {-left} days ago" if left < 0 else f"ends in {left} days"
        typer.echo(f"             WARNING: {words}; add its successor, and keep this one for older documents")
    typer.echo(f"             {authority.file}  sha256 {authority.sha256}")


def show_taken(taken: "Taken", remedy: str) -> None:
    """What entered the folder and what did not; exit 1 when something had to stay outside."""
    for offer in taken.added:
        typer.echo(f"added: {offer.words}\n    as {offer.name}")
    for offer in taken.unverified:
        typer.echo(f"unverified, not added: {offer.words}\n    remedy: {remedy}")
    for words in taken.refused:
        typer.echo(f"refused: {words}", err=True)
    typer.echo(f"{len(taken.added)} added, {taken.at_hand} at hand already")
    if not taken.complete:
        raise typer.Exit(1)


def _standing(authority: "Authority", store: "TrustStore") -> str:
    """What speaks for it."""
    if authority.published is not None:
        return f"fingerprint as published by {authority.published.owner}"
    certificate = store.certificates[authority.sha256]
    if authority.role == "intermediate":
        reached = store.reaches_root(certificate)
        return "signed up to a root at hand" if reached else "leads to no root at hand"
    return "fingerprint not among the published ones"
