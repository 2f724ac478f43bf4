"""The manifest: what another vbdaemon says of the files it sent, believed as far as the bytes bear it out."""

from dataclasses import replace

from vbdaemon.model import File, FileRole, Manifest, Submission
from vbdaemon.reading.exchange_json import manifest_of

NAME = "vbdaemon.json"
LONGEST = 1 << 20
_CLAIMABLE = frozenset({FileRole.ANNEX, FileRole.EDITABLE})
"""Hints that help to tell files apart; which one is the main file, and what it is worth, we find ourselves."""


def with_manifest(submission: Submission) -> Submission:
    """The submission with the manifest that came with it, its files marked with the roles it claims."""
    found = _manifest(submission.files)
    if found is None:
        return submission
    roles = {sha256: FileRole(role) for sha256, role in found.roles if role in _CLAIMABLE}
    roles |= dict.fromkeys(found.sheets, FileRole.SHEET)
    files = tuple(_marked(file, roles) for file in submission.files)
    return replace(submission, files=files, manifest=found)


def _manifest(files: tuple[File, ...]) -> Manifest | None:
    named = [file for file in files if file.name == NAME and file.size <= LONGEST]
    return manifest_of(named[0].path.read_bytes()) if len(named) == 1 else None


def _marked(file: File, roles: dict[str, FileRole]) -> File:
    if file.name == NAME:
        return replace(file, role=FileRole.SHEET)
    return replace(file, role=roles.get(file.sha256, file.role)) if file.role is FileRole.OTHER else file
