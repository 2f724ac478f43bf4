"""What `vbdaemon check` looks at of working days and alarms."""

from collections.abc import Iterator
from datetime import date

from vbdaemon.config import Settings
from vbdaemon.directory.holidays import years_missing
from vbdaemon.model import Snapshot
from vbdaemon.operation.checkup import Problem, Weight


def check_holidays(settings: Settings, snapshot: Snapshot, today: date) -> Iterator[Problem]:
    """The holidays of this year are known, in December those of the next."""
    path = settings.path(settings.directory.holidays)
    for year in years_missing(snapshot.working_days, today):
        yield Problem(
            Weight.WARNING,
            f"no holiday of {year} is known: due days and alarms count every weekday",
            f"add those of {year} to {path}",
        )


def check_alarms(settings: Settings, snapshot: Snapshot) -> Iterator[Problem]:
    """Those on duty can be written to."""
    addresses = settings.alarms.mail
    if addresses and settings.smarthost is None:
        yield Problem(Weight.WARNING, "[alarms] mail: no mail leaves without a [smarthost]", "add [smarthost]")
    ours = {address.casefold() for address in (*snapshot.mail.addresses, *snapshot.mail.preflight)}
    for address in addresses:
        if address.casefold() in ours:
            yield Problem(
                Weight.ERROR,
                f"[alarms] mail: {address} is an address where documents are handed in",
                "name another: mail to ourselves would go round in circles",
            )
        elif "@" not in address:
            yield Problem(Weight.ERROR, f"[alarms] mail: {address!r} is no mail address", "write one as name@host")
