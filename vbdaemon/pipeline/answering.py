"""Whom a notice may be sent to: never to a machine, never to ourselves. What it refuses cannot become a loop.

RFC 3834 §2, and RFC 5321 §4.5.5 on the null sender.
"""

import re

from vbdaemon.model import MailRules
from vbdaemon.rendering.mail_address import is_own, recipient_address

_ROBOTS = frozenset(
    {
        *("mailer-daemon", "mailerdaemon", "mail-daemon", "postmaster", "daemon", "root", "nobody", "abuse"),
        *("noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "autoreply", "auto-reply"),
        *("listserv", "majordomo", "mailman", "bounce", "bounces"),
    }
)
_ROBOT_SHAPES = re.compile(
    r"owner-.+|.+-(?:owner|request|bounces?|confirm|errors)|bounces?[-+=].+|(?:no|donot|do-not)-?reply[-+.].+"
)
"""Lists and their bounces: RFC 3834 §2 names most of them."""


def may_answer(address: str, mail_from: str | None, machine: str | None, rules: MailRules) -> str | None:
    """Why no notice may go to `address`, in the operator's words; None when one may.

    `mail_from` is the envelope sender of what came in: "" the null sender, None where the channel has none.
    `machine` says by which sign the message was written by a machine (`written_by_machine`), None without one.
    """
    if mail_from == "":
        return "the null sender takes no answer"
    if machine:
        return f"a machine wrote it: {machine}"
    if recipient_address(address) is None:
        return "no mail address to answer to"
    for each in (address, mail_from or address):
        if is_own(each, rules):
            return f"{each} is an address of this office"
        if _is_robot(each):
            return f"nobody reads {each}"
    return None


def _is_robot(address: str) -> bool:
    local = address.rpartition("@")[0].casefold()
    return local in _ROBOTS or _ROBOT_SHAPES.fullmatch(local) is not None
