"""`vbdaemon trust …`: the folder of CA certificates and revocation lists."""

import json
import shutil
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.errors import ConfigurationError, TrustError
from vbdaemon.state import decisions, submissions
from vbdaemon.state.records import SubmissionState

app = typer.Typer(help="CA certificates and revocation lists.", no_args_is_help=True)


@app.command("list")
def list_trust(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Every certificate in the trust folder: role, name, validity, fingerprint."""
    from vbdaemon.signature.trust import TrustStore  # noqa: PLC0415 - pyHanko takes its time to load

    store = TrustStore.load(_folder(context))
    if as_json:
        rows = [
            {
                "file": a.file,
                "role": a.role,
                "subject": a.subject,
                "sha256": a.sha256,
                "not_before": a.not_before.isoformat(),
                "not_after": a.not_after.isoformat(),
                "crls": a.crls,
                "published": a.published is not None,
            }
            for a in store.authorities
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for a in store.authorities:
            known = "published fingerprint" if a.published else "fingerprint not among the published ones"
            typer.echo(f"{a.role:<12} {a.name}\n             until {a.not_after:%Y-%m-%d}, {a.crls} CRL, {known}")
            typer.echo(f"             {a.file}  sha256 {a.sha256}")
    for warning in store.warnings:
        typer.echo(f"warning: {warning}", err=True)


@app.command()
def add(context: typer.Context, file: Path) -> None:
    """Put a certificate or CRL file into the trust folder, after showing what it holds."""
    from vbdaemon.signature.trust import TrustStore  # noqa: PLC0415 - as above
    from vbdaemon.signature.trust_file import read_trust_file  # noqa: PLC0415 - as above

    found = read_trust_file(file)
    target = _folder(context) / file.name
    if target.exists():
        raise TrustError(f"{target} is there already; remove it first with: vbdaemon trust remove {file.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
    held = [a for a in TrustStore.load(target.parent).authorities if a.file == file.name]
    for a in held:
        known = f"published: {a.published.name}" if a.published else "NOT among the published fingerprints: compare it"
        typer.echo(f"{a.role}: {a.subject}\n  {a.not_before:%Y-%m-%d} … {a.not_after:%Y-%m-%d}\n  sha256 {a.sha256}")
        typer.echo(f"  {known}")
    typer.echo(f"added: {len(held)} certificates, {len(found.crls)} CRLs; a running daemon takes it up by itself")


@app.command()
def remove(context: typer.Context, name: str) -> None:
    """Take a file out of the trust folder."""
    target = _folder(context) / Path(name).name
    if not target.is_file():
        raise TrustError(f"{target} is not there; see: vbdaemon trust list")
    target.unlink()
    typer.echo(f"removed {target}")


@app.command()
def wanted(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """CA certificates that held submissions are waiting for, with the addresses to fetch them from."""
    site: Site = context.obj
    state = open_reader(site.settings())
    missing: dict[str, set[str]] = {}
    for row in state.read(lambda c: submissions.listed(c, (SubmissionState.HELD,))):
        decision = state.read(lambda c, id_=row.id: decisions.latest(c, id_))  # type: ignore[misc]  # bound now
        for document in decision.documents if decision else ():
            for report in document.signatures:
                if report.missing_issuer:
                    missing.setdefault(report.missing_issuer, set()).update(report.missing_issuer_urls)
    if as_json:
        typer.echo(json.dumps({name: sorted(urls) for name, urls in missing.items()}, ensure_ascii=False))
        return
    for name, urls in sorted(missing.items()):
        typer.echo(name)
        for url in sorted(urls):
            typer.echo(f"    {url}")
    if not missing:
        typer.echo("nothing is wanted")


def _folder(context: typer.Context) -> Path:
    site: Site = context.obj
    settings = site.settings()
    folder = settings.path(settings.trust.folder)
    if folder.exists() and not folder.is_dir():
        raise ConfigurationError(f"{folder} is no folder; set [trust] folder")
    return folder
