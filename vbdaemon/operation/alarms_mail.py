"""The mail to those on duty: one for all alarms that were raised since the last."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from vbdaemon.model import DeliveryKind, Destination
from vbdaemon.state import alarms, letters, submissions
from vbdaemon.state.alarm_causes import ALARM_LETTER
from vbdaemon.state.alarms import Alarm
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import NewDelivery

SCHEME = "smtp"
MOST_IN_A_MAIL = 50
LABEL = "canh-bao"


def tell(connection: Connection, addresses: Sequence[str], at: datetime) -> int:
    """Write a mail to each address about what none told of yet; answers how many alarms. They count as told.

    It hangs on the submission of the oldest alarm.
    """
    new = alarms.untold(connection)
    if not new or not addresses:
        return 0
    oldest = submissions.get(connection, new[0].submission)
    details = {
        "alarms": json.dumps([_facts(alarm) for alarm in new[:MOST_IN_A_MAIL]]),
        "more": str(max(0, len(new) - MOST_IN_A_MAIL)),
    }
    moment = f"{at:%Y%m%d%H%M}"
    for address in addresses:
        mark = hashlib.sha256(address.encode()).hexdigest()[:8]
        to, key = Destination(SCHEME, address.casefold()), f"{ALARM_LETTER}{moment}:{mark}"
        mail = NewDelivery.to(to, DeliveryKind.NOTICE, key, f"{oldest.id}_{LABEL}_{moment}")
        letters.write(connection, oldest.id, oldest.version, at, mail, details)
    alarms.told(connection, new, at)
    return len(new)


def _facts(alarm: Alarm) -> dict[str, str]:
    return {"kind": alarm.kind, "submission": alarm.submission, "at": alarm.at.isoformat(), "words": alarm.words}
