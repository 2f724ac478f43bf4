"""`vbdaemon trust …`: the folder of CA certificates and revocation evidence."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.cli.trust_listing import authority_row, show_authority, show_taken, wanted_row
from vbdaemon.cli.worker import one_worker
from vbdaemon.clock import system_clock
from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError, StateError, TrustError
from vbdaemon.operation.checkup import Weight
from vbdaemon.snapshot import build_snapshot
from vbdaemon.spool.store import Spool

if TYPE_CHECKING:
    from vbdaemon.signature.trust_folder import Offer
    from vbdaemon.signature.wanted import Wanted

# What verifies signatures is imported inside the commands: pyHanko takes its time to load.
# ruff: noqa: PLC0415

app = typer.Typer(help="CA certificates, CRLs and OCSP answers.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]


@app.command("list")
def list_trust(context: typer.Context, as_json: AsJson = False) -> None:
    """Show every certificate that is trusted.

    Role, name, validity, fingerprint, CRLs; an end within 60 days is warned of.
    """
    from vbdaemon.signature.trust import TrustStore

    store, now = TrustStore.load(_folder(context)), system_clock()
    if as_json:
        typer.echo(json.dumps([authority_row(a, now) for a in store.authorities], ensure_ascii=False, indent=1))
    else:
        for authority in store.authorities:
            show_authority(authority, store, now)
        if not store.authorities:
            typer.echo("nothing is trusted yet; begin with: vbdaemon trust add FILE")
    for warning in store.warnings:
        typer.echo(f"warning: {warning}", err=True)


@app.command()
def add(
    context: typer.Context,
    file: Path,
    yes: Annotated[bool, typer.Option("--yes", help="The fingerprint was compared; trust it.")] = False,
) -> None:
    """Trust a certificate, CRL or OCSP file.

    Shows what it holds first, and compares it with the fingerprints that the national and government authorities
    published; a strange root needs a person's word.
    """
    from vbdaemon.signature.trust import TrustStore
    from vbdaemon.signature.trust_file import read_trust_file
    from vbdaemon.signature.trust_folder import Standing, put, weighed

    if file.is_dir():
        raise TrustError(f"{file} is a folder; take in what verifies with: vbdaemon trust import {file}")
    folder, found = _folder(context), read_trust_file(file)
    if (folder / file.name).exists():
        raise TrustError(f"{file.name} is there already; remove it first with: vbdaemon trust remove {file.name}")
    offers = weighed([(file.name, found)], TrustStore.load(folder), system_clock())
    for offer in offers:
        typer.echo(f"{offer.standing}: {offer.words}")
    refused = next((offer for offer in offers if offer.standing is Standing.REFUSED), None)
    if refused is not None:
        raise TrustError(f"{file.name} was not added: {refused.words}")
    strange = [o for o in offers if o.standing is Standing.UNVERIFIED and o.words.startswith("root")]
    if strange and not yes and not _agreed(strange):
        raise TrustError(
            f"{file.name} was not added: compare the SHA-256 with what its owner published, then repeat with --yes"
        )
    put(folder, file.name, file.read_bytes())
    typer.echo(f"added {file.name}; a running daemon takes it up by itself and re-opens what waited for it")


@app.command()
def remove(context: typer.Context, name: str) -> None:
    """Trust a file no longer."""
    target = _folder(context) / Path(name).name
    if not target.is_file():
        raise TrustError(f"{target} is not there; see: vbdaemon trust list")
    target.unlink()
    typer.echo(f"removed {target}")


@app.command()
def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Name what is not as it should be.

    Ends within 60 days, lists that ran out, strangers among the roots; exit 1 when there is anything.
    """
    from vbdaemon.operation.trust_review import review
    from vbdaemon.signature.trust import TrustStore

    problems = list(review(TrustStore.load(_folder(context)), system_clock()))
    if as_json:
        typer.echo(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=1))
    else:
        for problem in sorted(problems, key=lambda problem: problem.weight is not Weight.ERROR):
            typer.echo(f"{problem.weight}: {problem.what}\n    remedy: {problem.remedy}")
        count = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
        typer.echo(count if problems else "all is well")
    if problems:
        raise typer.Exit(1)


@app.command()
def wanted(
    context: typer.Context,
    as_json: AsJson = False,
    urls: Annotated[bool, typer.Option("--urls", help="Addresses alone, a line each, for wget -i.")] = False,
) -> None:
    """List addresses to fetch on another PC.

    Of the CA certificates, CRLs and OCSP answers that are missing, by the trust folder and the documents received.
    """
    found = _wanted(context)
    if as_json:
        rows = [wanted_row(each) for each in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif urls:
        for url in dict.fromkeys(url for each in found for url in each.urls):
            typer.echo(url)
    else:
        for each in found:
            typer.echo(each.title)
            for url in each.urls:
                typer.echo(f"    {url}")
            if not each.urls:
                typer.echo(f"    {' '.join(each.responders)} (by POST only: vbdaemon trust fetch)")
        typer.echo(
            "on a PC with network: wget -i LIST (of --urls) into a folder, then here: vbdaemon trust import FOLDER"
            if found
            else "nothing is wanted"
        )


@app.command()
def fetch(context: typer.Context) -> None:
    """Fetch what is wanted, from listed hosts.

    Only what verifies stays; hosts and proxy stand under [trust].
    """
    from vbdaemon.operation.refresh import RefreshSettings
    from vbdaemon.operation.trust_intake import fetch_wanted

    rules = RefreshSettings.of(_settings(context).trust.model_dump()).rules
    taken = fetch_wanted(_wanted(context), _folder(context), rules, system_clock(), time.monotonic)
    show_taken(taken, "vbdaemon trust add FILE, after comparing the fingerprint")


@app.command("import")
def import_(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(help="A file, or a folder such as a stick.")],
    yes: Annotated[bool, typer.Option("--yes", help="Take certificates that nothing else vouches for.")] = False,
) -> None:
    """Take in files fetched elsewhere, verified.

    CRLs by their issuer's key, certificates by published fingerprint or chain.
    """
    from vbdaemon.operation.trust_intake import imported

    taken = imported(source, _folder(context), system_clock(), vouched=yes)
    show_taken(taken, f"compare the SHA-256, then: vbdaemon trust import {source} --yes")


def _wanted(context: typer.Context) -> "tuple[Wanted, ...]":
    """By the submissions too, once there are any."""
    from vbdaemon.operation.trust_use import TrustUse
    from vbdaemon.signature.trust import TrustStore
    from vbdaemon.signature.wanted import wanted_evidence

    settings, store, now = _settings(context), TrustStore.load(_folder(context)), system_clock()
    try:
        state = open_reader(settings)
    except StateError:
        return wanted_evidence(store, {}, (), now)
    with one_worker(settings, build_snapshot(settings)) as pool:
        return TrustUse(state, Spool(settings.path(settings.spool.path)), pool.submit).wanted(store, now)


def _agreed(strange: "list[Offer]") -> bool:
    """A person at a terminal is asked; a script must say --yes."""
    if not sys.stdin.isatty():
        return False
    for offer in strange:
        typer.echo(f"not among the published fingerprints: sha256 {offer.sha256}")
    return typer.confirm("Did you compare the fingerprint with its owner's publication, and do you trust it?")


def _settings(context: typer.Context) -> Settings:
    site: Site = context.obj
    return site.settings()


def _folder(context: typer.Context) -> Path:
    settings = _settings(context)
    folder = settings.path(settings.trust.folder)
    if folder.exists() and not folder.is_dir():
        raise ConfigurationError(f"{folder} is no folder; set [trust] folder")
    return folder
