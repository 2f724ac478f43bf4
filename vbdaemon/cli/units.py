"""`vbdaemon units …`: the directory, and certificates that people confirm."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli import units_table
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site, person
from vbdaemon.clock import system_clock
from vbdaemon.config import Settings
from vbdaemon.directory.certificates import confirm
from vbdaemon.directory.codes import usual
from vbdaemon.errors import ConfigurationError, DirectoryError, StateError
from vbdaemon.model import ConfirmedCertificate, Directory, SignatureReport, SignerRole, Unit, UnitChannel
from vbdaemon.snapshot import build_snapshot
from vbdaemon.state import decisions, submissions

app = typer.Typer(help="Units, and the certificates confirmed for them.", no_args_is_help=True)
units_table.register(app)
HEX = frozenset("0123456789abcdef")
MOST_CODES = 5


@app.command("list")
def list_units(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Every unit with its folder, confirmed certificates, and what sets it apart."""
    directory = build_snapshot(_settings(context)).directory
    pinned: dict[str, list[str]] = {}
    for certificate in directory.certificates:
        pinned.setdefault(certificate.unit, []).append(certificate.sha256)
    rows = [
        {
            "code": unit.code,
            "name": unit.name,
            "folder": unit.folder,
            "served": unit.served,
            "groups": unit.groups,
            "scored": unit.scored,
            "signature_issued": unit.signature_issued,
            "language": unit.language,
            "channels": unit.channels,
            "channels_note": unit.channels_note,
            "usual_code": usual(unit.code),
            "certificates": pinned.get(unit.code, []),
        }
        for unit in directory.units
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for unit in directory.units:
        typer.echo(f"{unit.code:<16} {unit.name:<44} {unit.folder or '-':<24} {', '.join(_remarks(unit))}".rstrip())
    unusual = [unit.code for unit in directory.units if not usual(unit.code)]
    if unusual:
        shown = ", ".join(unusual[:MOST_CODES]) + (", …" if len(unusual) > MOST_CODES else "")
        typer.echo(f"note: codes of neither usual form ({len(unusual)}): {shown}", err=True)


def _remarks(unit: Unit) -> Iterator[str]:
    """What sets the unit apart from a usual one."""
    if unit.served:
        yield "served"
    if not unit.scored:
        yield "not scored"
    if not unit.signature_issued:
        yield "no signature account"
    if unit.channels != tuple(UnitChannel):
        yield f"{' and '.join(unit.channels)} only: {unit.channels_note}"


@app.command()
def pin(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(help="Code of the unit.")],
    certificate: Annotated[str, typer.Argument(help="SHA-256 of the certificate, or a certificate file.")],
    by: Annotated[str | None, typer.Option("--by", help="Who confirms it, by name.")] = None,
    role: Annotated[SignerRole, typer.Option("--role")] = SignerRole.ORGANISATION,
) -> None:
    """Confirm that exactly this certificate belongs to that unit; heals nothing but a missing chain."""
    confirmer = _confirmer(by)
    settings = _settings(context)
    directory = build_snapshot(settings).directory
    found = directory.unit(unit)
    if found is None:
        raise DirectoryError(f'{unit!r} is no unit of the directory; see "vbdaemon units list"')
    sha256, subject = _certificate(settings, certificate)
    earlier = directory.by_certificate.get(sha256)
    if earlier is not None:
        raise DirectoryError(f"this certificate is confirmed for {earlier.unit} already, by {earlier.confirmed_by}")
    path = settings.path(settings.directory.certificates)
    confirm(path, ConfirmedCertificate(unit, sha256, role, subject, confirmer, system_clock()))
    typer.echo(f"confirmed for {found.name} as {role}: {subject or sha256}")
    typer.echo("a running daemon takes it up by itself and re-opens what waited for it")


@app.command()
def learn(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Propose unit-certificate pairs from what came in; nothing is confirmed by this."""
    settings = _settings(context)
    directory = build_snapshot(settings).directory
    proposals = _proposals(settings, directory)
    if as_json:
        table = [{"unit": u, "sha256": r.certificate, "subject": r.subject, "seen": n} for u, r, n in proposals]
        typer.echo(json.dumps(table, ensure_ascii=False, indent=1))
        return
    for unit, report, seen in proposals:
        typer.echo(f"{directory.by_code[unit].name}: {report.signer} (seen in {seen} documents)")
        typer.echo(f"    {report.subject}\n    vbdaemon units pin {unit} {report.certificate} --by 'YOUR NAME'")
    if not proposals:
        typer.echo("nothing to propose")


@app.command()
def login(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="LOGIN", help="As an account in units.toml has it.")],
    stdin: Annotated[bool, typer.Option("--stdin", help="Read the password from standard input.")] = False,
) -> None:
    """Set the password with which an account logs in at our mail listener; only its hash is kept."""
    from vbdaemon.directory.logins import set_password  # noqa: PLC0415 - argon2 is needed here only

    settings = _settings(context)
    directory = build_snapshot(settings).directory
    password = sys.stdin.readline().rstrip("\r\n") if stdin else typer.prompt("Password", hide_input=True)
    path = settings.path(settings.smtp.logins)
    set_password(path, name, password, directory)
    unit, account = directory.by_login[name.casefold()]
    typer.echo(f"{name} logs in as {account.name} ({account.role}) of {unit.name}")


def _proposals(settings: Settings, directory: Directory) -> list[tuple[str, SignatureReport, int]]:
    """Organisation certificates on documents of a unit, not confirmed yet, most often seen first."""
    state = open_reader(settings)
    seen: dict[tuple[str, str], tuple[SignatureReport, int]] = {}
    for row in state.read(submissions.listed):
        decision = state.read(lambda c, id_=row.id: decisions.latest(c, id_))  # type: ignore[misc]  # bound now
        for document in decision.documents if decision else ():
            unit = document.classification.issuer_unit if document.classification else None
            for report in {r.certificate: r for r in document.signatures}.values():
                known = report.certificate is None or report.certificate in directory.by_certificate
                if unit and not known and report.role is SignerRole.ORGANISATION:
                    key = (unit, report.certificate or "")
                    seen[key] = (report, seen.get(key, (report, 0))[1] + 1)
    ranked = sorted(seen.items(), key=lambda each: -each[1][1])
    return [(unit, report, count) for (unit, _), (report, count) in ranked]


def _confirmer(by: str | None) -> str:
    """Who answers for it: a person, never the machine's root."""
    name = (person() if by is None else by).strip()
    if not name or (by is None and name == "root"):
        raise ConfigurationError("say who confirms this certificate: --by 'NAME'")
    return name


def _certificate(settings: Settings, given: str) -> tuple[str, str]:
    """SHA-256 and subject of a certificate named by fingerprint or by file."""
    plain = given.lower().replace(":", "")
    if len(plain) == 64 and set(plain) <= HEX:  # noqa: PLR2004 - hexadecimal digits of SHA-256
        return plain, _subject_seen(settings, plain)
    path = Path(given)
    if not path.is_file():
        raise ConfigurationError(f"{given}: neither a SHA-256 in hexadecimal nor a certificate file")
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - only for files

    from vbdaemon.signature.trust_file import read_trust_file  # noqa: PLC0415 - only for files

    certificates = read_trust_file(path).certificates
    if len(certificates) != 1:
        raise ConfigurationError(f"{path}: {len(certificates)} certificates in this file; name one by its SHA-256")
    return certificates[0].fingerprint(SHA256()).hex(), certificates[0].subject.rfc4514_string()


def _subject_seen(settings: Settings, sha256: str) -> str:
    """The subject of a certificate that came in with some document, or empty."""
    try:
        state = open_reader(settings)
    except StateError:  # nothing ever came in: a fingerprint can be confirmed all the same
        return ""
    for row in state.read(submissions.listed):
        decision = state.read(lambda c, id_=row.id: decisions.latest(c, id_))  # type: ignore[misc]  # bound now
        for document in decision.documents if decision else ():
            for report in document.signatures:
                if report.certificate == sha256:
                    return report.subject or ""
    return ""


def _settings(context: typer.Context) -> Settings:
    site: Site = context.obj
    return site.settings()
