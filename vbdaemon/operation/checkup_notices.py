"""What `vbdaemon check` looks at so that senders get a notice they can use: the office's words, templates, the seal."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.model import SignerRole, Snapshot
from vbdaemon.operation.checkup import WARN_DAYS, Problem, Weight
from vbdaemon.secret import reveal

NEEDED = ("name", "parent", "address", "telephone", "contact")
"""Without these a refusal does not say who refuses, where paper goes, and whom to ask."""
USEFUL = ("unit", "email", "contact_title")


def check_office(settings: Settings) -> Iterator[Problem]:
    """Notices name the office: what they need is refused when empty."""
    for key in (*NEEDED, *USEFUL):
        if not getattr(settings.office, key).strip():
            weight = Weight.ERROR if key in NEEDED else Weight.WARNING
            yield Problem(weight, f"[office] {key} is empty", "fill it in: notices to senders name it")


def check_templates(snapshot: Snapshot) -> Iterator[Problem]:
    """A site's templates can be used, and have names of ours: each is tried on an invented document."""
    if snapshot.templates is None:
        return
    if not snapshot.templates.is_dir():
        yield Problem(
            Weight.ERROR, f"[notices] templates: {snapshot.templates} is no folder", "make it, or leave it out"
        )
        return
    from vbdaemon.rendering.template_trial import mistakes  # noqa: PLC0415 - jinja2 is needed here only

    for mistake in mistakes(snapshot.templates, snapshot):
        yield Problem(Weight.ERROR, mistake, "mend it; until then the built-in words go out")


def check_seal(snapshot: Snapshot, at: datetime, environment: Mapping[str, str]) -> Iterator[Problem]:
    """The certificate that signs refusals can be opened, is valid, and is the office's own."""
    rules = snapshot.notices
    if rules.certificate is None:
        return
    from vbdaemon.signature.office_seal import load_seal, name_on, validity_trouble  # noqa: PLC0415 - pyHanko is slow
    from vbdaemon.signature.role import role_of  # noqa: PLC0415 - as above

    unsigned = "until then refusals go out unsigned"
    try:
        password = reveal(rules.password, environment) if rules.password else ""
        credential = load_seal(rules.certificate, password)
    except ConfigurationError as error:
        yield Problem(Weight.ERROR, f"[notices] certificate: {error}", f"mend it; {unsigned}")
        return
    if trouble := validity_trouble(credential, at):
        yield Problem(Weight.ERROR, f"[notices] certificate: {trouble}", f"have it renewed; {unsigned}")
    elif trouble := validity_trouble(credential, at + timedelta(days=WARN_DAYS)):
        yield Problem(Weight.WARNING, f"[notices] certificate: {trouble}", "have it renewed in time")
    confirmed = snapshot.directory.by_certificate.get(credential.sha256)
    if role_of(credential.certificate.subject, confirmed) is SignerRole.PERSON:
        yield Problem(
            Weight.ERROR,
            f"[notices] certificate is a person's ({name_on(credential)}), not the office's",
            "give the office's own certificate: it signs for the office, unseen",
        )
    elif (confirmed.unit != snapshot.office.unit) if confirmed else not _names_office(name_on(credential), snapshot):
        yield Problem(
            Weight.WARNING,
            f"[notices] certificate names {name_on(credential)}, which is not the office of [office]",
            f"if it is the office's: vbdaemon units pin {snapshot.office.unit or 'CODE'} {credential.sha256}",
        )
    if rules.certificate.stat().st_mode & 0o077:
        path = Path(rules.certificate)
        yield Problem(Weight.ERROR, f"{path}: others can read the office's key", f"chmod 600 {path}")


def _names_office(name: str, snapshot: Snapshot) -> bool:
    """True when the certificate's name is the office's, its parent body's, or its unit's in the directory."""
    from vbdaemon.signature.naming import comparable  # noqa: PLC0415 - as above

    office = snapshot.office
    unit = snapshot.directory.unit(office.unit)
    names = (office.name, office.parent, *((unit.name, *unit.aliases) if unit else ()))
    return comparable(name) in {comparable(each) for each in names if each}
