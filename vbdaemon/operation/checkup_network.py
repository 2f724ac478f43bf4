"""What `vbdaemon check` looks at of the network: ports, our certificate for TLS, the login at the smarthost."""

import socket
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from cryptography import x509

from vbdaemon.clock import VIETNAM
from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.model import Outcome, OutcomeKind, Smarthost, Snapshot
from vbdaemon.operation.checkup import ONLY_THE_SERVICE, Problem, Weight, held_by_systemd
from vbdaemon.secret import reveal

WARN = timedelta(days=30)
PRIVILEGED = 1024

Bind = Callable[[str, int], str]
"""Answers why nothing can be listened on there, in words; "" when it can."""
Knock = Callable[[Smarthost, str], Outcome]
"""Tries a login with this password."""


def can_listen(host: str, port: int) -> str:
    """Listen for a moment."""
    bare = host.strip("[]")
    try:
        socket.create_server((bare, port), family=socket.AF_INET6 if ":" in bare else socket.AF_INET).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def check_ports(settings: Settings, bind: Bind) -> Iterator[Problem]:
    """What the daemon is to listen on is free and allowed; for a site whose daemon does not run."""
    smtp = settings.smtp
    listens = [("[smtp] listen", where) for where in (*smtp.listen, *smtp.listen_tls, *smtp.listen_lmtp)]
    listens += [("[metrics] listen", settings.metrics.listen)] if settings.metrics.listen else []
    for key, where in listens:
        host, _, port = where.rpartition(":")
        if where.startswith("systemd") or not port.isdigit():
            continue
        if why := bind(host, int(port)):
            remedy = "is it in use? ss --listening --tcp --processes tells by whom; name another port"
            if int(port) < PRIVILEGED:
                remedy = 'a port below 1024 comes from systemd: enable vbdaemon-smtp.socket, and say "systemd:smtp"'
            yield Problem(Weight.ERROR, f"{key}: {where}: {why}", remedy)


def check_certificate(settings: Settings, now: datetime) -> Iterator[Problem]:
    """Our certificate for TLS is valid, for weeks to come, and for our own name."""
    smtp = settings.smtp
    if not smtp.on or smtp.certificate is None:
        return
    path = settings.path(smtp.certificate)
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):  # check_listener says so already
        return
    ends, begins = certificate.not_valid_after_utc, certificate.not_valid_before_utc
    if not begins <= now <= ends:
        words = f"[smtp] certificate is valid from {_day(begins)} to {_day(ends)}, not now"
        yield Problem(Weight.ERROR, words, "have it renewed; the listener takes a new file up by itself")
    elif ends < now + WARN:
        words = f"[smtp] certificate ends on {_day(ends)}"
        yield Problem(Weight.WARNING, words, "have it renewed; the listener takes a new file up by itself")
    if smtp.hostname and not _names(certificate, smtp.hostname):
        yield Problem(
            Weight.WARNING,
            f"[smtp] certificate does not name hostname {smtp.hostname}: senders who look will not trust it",
            "have one issued for that name, or correct hostname",
        )


def check_smarthost(
    settings: Settings, snapshot: Snapshot, environment: Mapping[str, str], knock: Knock
) -> Iterator[Problem]:
    """The server for outgoing mail lets us in; no mail is sent."""
    section, host = settings.smarthost, snapshot.mail.smarthost
    if section is None or host is None:
        return
    if held_by_systemd(section.password or "", environment):
        yield Problem(Weight.NOTE, "the login at [smarthost] was not tried", ONLY_THE_SERVICE)
        return
    try:
        outcome = knock(host, reveal(host.password, environment) if host.password else "")
    except ConfigurationError as error:
        outcome = Outcome.deferred(str(error))
    if outcome.kind is not OutcomeKind.DELIVERED:
        yield Problem(Weight.ERROR, f"[smarthost] {outcome.words}", "mend [smarthost]; until then mail waits")


def _names(certificate: x509.Certificate, host: str) -> bool:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return False
    names = [name.casefold() for name in extension.value.get_values_for_type(x509.DNSName)]
    wanted = host.casefold()
    return wanted in names or f"*.{wanted.partition('.')[2]}" in names


def _day(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y}"
