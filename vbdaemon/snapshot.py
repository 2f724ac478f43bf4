"""Builds the snapshot that decisions use, from the site's files; its version changes when any of them does."""

import hashlib
from pathlib import Path

from vbdaemon import __version__
from vbdaemon.config import Settings
from vbdaemon.config.mail import secret_source
from vbdaemon.directory.certificates import load_certificates
from vbdaemon.directory.holidays import load_holidays
from vbdaemon.directory.routes import load_routes
from vbdaemon.directory.units import load_listed
from vbdaemon.errors import ConfigurationError, DirectoryError
from vbdaemon.model import Directory, Forwarding, Limits, MailRules, Office, Smarthost, Snapshot
from vbdaemon.model.format import FormatRules
from vbdaemon.rules.format import load_format_rules
from vbdaemon.rules.loader import load_forms, load_policy, load_recipients, load_transmission
from vbdaemon.rules.signature_policy import load_signature_policy

MEGABYTE = 1_000_000


def build_snapshot(settings: Settings) -> Snapshot:
    """The frozen whole; ConfigurationError (or a child of it) names the file that is wrong."""
    version = fingerprint(settings)  # before the files are read: what changes meanwhile gets another version
    listed = load_listed(settings.path(settings.directory.units))
    certificates = load_certificates(settings.path(settings.directory.certificates))
    directory = Directory(listed.units, certificates, listed.groups)
    _refuse_contradictions(settings, directory)
    rules = settings.rules
    forms = load_forms(settings.path(rules.forms) if rules.forms else None)
    return Snapshot(
        version=version,
        office=Office(**settings.office.model_dump()),
        directory=directory,
        forms=forms,
        transmission=load_transmission(settings.path(rules.transmission) if rules.transmission else None, forms),
        policy=load_policy(settings.path(rules.policy) if rules.policy else None, rules.refusals),
        signature_rules=load_signature_policy(settings.path(rules.signatures) if rules.signatures else None),
        routes=load_routes(settings.path(settings.directory.routes), directory),
        recipients=load_recipients(settings.path(rules.recipients) if rules.recipients else None),
        working_days=load_holidays(settings.path(settings.directory.holidays)),
        trust=settings.path(settings.trust.folder),
        exchange=settings.path(settings.exchange.root),
        inbox=settings.exchange.inbox,
        results=settings.exchange.results,
        templates=settings.path(settings.notices.templates) if settings.notices.templates else None,
        signature_sheet_pdf=settings.exchange.signature_sheet_pdf,
        notices=settings.notices.rules(settings.base, settings.trust.proxy),
        paper_days=settings.paper.due_working_days,
        mail=_mail_rules(settings),
        forwarding=Forwarding(settings.forwarding.route == "present-first", settings.forwarding.table == "first"),
        format_rules=_format_rules(settings),
        limits=Limits(
            file_bytes=settings.limits.file_megabytes * MEGABYTE,
            pages=settings.limits.pages,
            ocr_pages=settings.limits.ocr_pages,
        ),
    )


def _format_rules(settings: Settings) -> FormatRules:
    """The rule sets of format: by the document's date, one of them for all, or none."""
    rules = settings.rules
    if rules.format == "off":
        return FormatRules()
    file = settings.path(rules.format_file) if rules.format_file else None
    return FormatRules(load_format_rules(file), "" if rules.format == "by-date" else f"format-{rules.format}")


def _mail_rules(settings: Settings) -> MailRules:
    return MailRules(**settings.mail.model_dump(), relays=settings.smtp.relays, smarthost=_smarthost(settings))


def _smarthost(settings: Settings) -> Smarthost | None:
    section = settings.smarthost
    if section is None:
        return None
    return Smarthost(
        host=section.host,
        port=section.port,
        security=section.security,
        sender=section.sender,
        hostname=section.hostname or section.sender.rpartition("@")[2],
        username=section.username,
        password=secret_source(section.password, settings.base) if section.password else None,
        ca=settings.path(section.ca) if section.ca else None,
        seconds=section.seconds,
    )


def _refuse_contradictions(settings: Settings, directory: Directory) -> None:
    """What is right in each file alone, and wrong together: DirectoryError names all of it."""
    ours = (settings.exchange.inbox, settings.exchange.results, settings.exchange.preflight)
    drops = [(unit, account.drop) for unit in directory.units for account in unit.accounts if account.drop]
    wrong = [
        f"unit {unit.code}: drop {drop!r} has the name of a folder that is ours" for unit, drop in drops if drop in ours
    ]
    inboxes = [(unit, account.inbox) for unit in directory.units for account in unit.accounts if account.inbox]
    wrong += [
        f"unit {unit.code}: inbox {inbox!r} has the name of a folder that is ours"
        for unit, inbox in inboxes
        if inbox in ours[1:]
    ]
    names = {f"{unit.folder}/{drop}" for unit, drop in drops}
    for folder in settings.folder:
        if folder.name in names:
            wrong.append(f"two drop folders are called {folder.name!r}")
        names.add(folder.name)
    sender = settings.smarthost.sender.casefold() if settings.smarthost else ""
    if sender in directory.by_address:
        unit, _ = directory.by_address[sender]
        wrong.append(f"unit {unit.code}: address {sender!r} is this office's own, [smarthost] sender")
    if wrong:
        raise DirectoryError("\n".join(wrong))


def default_snapshot(trust: Path | None = None) -> Snapshot:
    """What `inspect` uses without a configuration: shipped rules, no units."""
    return Snapshot(
        version="shipped",
        forms=load_forms(),
        transmission=load_transmission(),
        policy=load_policy(),
        recipients=load_recipients(),
        signature_rules=load_signature_policy(),
        format_rules=FormatRules(load_format_rules()),
        trust=trust,
    )


def fingerprint(settings: Settings) -> str:
    """Sixteen hexadecimal digits over everything that a decision can depend on."""
    digest = hashlib.sha256(settings.model_dump_json(exclude={"log", "workers", "promise", "alarms"}).encode())
    digest.update(__version__.encode())
    for path in evidence_files(settings):
        digest.update(path.name.encode("utf-8", "surrogateescape"))
        try:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ConfigurationError(f"{path}: {error.strerror}") from error
    return digest.hexdigest()[:16]


def evidence_files(settings: Settings) -> list[Path]:
    """The files whose change can change a verdict."""
    directory, rules = settings.directory, settings.rules
    named = [directory.units, directory.certificates, directory.routes, directory.holidays]
    own = (rules.forms, rules.transmission, rules.policy, rules.signatures, rules.format_file, rules.recipients)
    named += [path for path in own if path is not None]
    templates = settings.path(settings.notices.templates) if settings.notices.templates else None
    words = sorted(templates.rglob("*.j2")) if templates and templates.is_dir() else []
    trust = settings.path(settings.trust.folder)
    found = sorted(p for p in trust.rglob("*") if p.is_file() and not p.name.startswith(".")) if trust.is_dir() else []
    return [file for path in named for file in _files(settings.path(path))] + words + found


def _files(path: Path) -> list[Path]:
    """The file itself, or the rule files of a folder."""
    return sorted(path.glob("*.toml")) if path.is_dir() else [path]


def traces(settings: Settings) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of the evidence files: a cheap sign that one may have changed."""
    marks = []
    for path in evidence_files(settings):
        try:
            status = path.stat()
        except OSError:
            marks.append((str(path), -1, 0))
        else:
            marks.append((str(path), status.st_size, status.st_mtime_ns))
    return tuple(marks)
