"""What `vbdaemon check` looks at of reports that are sent on a timer: they reach somebody, and not ourselves."""

from collections.abc import Iterator

from vbdaemon.config import Settings
from vbdaemon.directory.addressee import addresses_of
from vbdaemon.errors import ConfigurationError
from vbdaemon.model import Snapshot
from vbdaemon.operation.checkup import Problem, Weight

KEY = "[scoring] results_to"


def check_reports(settings: Settings, snapshot: Snapshot) -> Iterator[Problem]:
    """Each timer has somebody to send to."""
    ours = {address.casefold() for address in (*snapshot.mail.addresses, *snapshot.mail.preflight)}
    for each in settings.reports.send:
        try:
            to = each.to or addresses_of(settings.scoring.results_to, KEY, snapshot.directory)
        except ConfigurationError as error:
            yield Problem(Weight.ERROR, f"report {each.report}: {error}", "it is not sent until then; nothing is lost")
            continue
        for address in to:
            if address.casefold() in ours:
                yield Problem(
                    Weight.ERROR,
                    f"report {each.report}: {address} is an address where documents are handed in",
                    "name another: mail to ourselves would go round in circles",
                )
