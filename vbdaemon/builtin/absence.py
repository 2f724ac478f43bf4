"""Plugins that were switched off: what they would have looked at waits for them, or goes on and it is noted."""

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Evidence, Finding, Snapshot

DECIDING = frozenset({"unpack", "read", "group", "classify", "verify", "check", "judge", "route"})
"""Hooks whose answers a decision rests on."""


@hookimpl
def check(snapshot: Snapshot) -> tuple[Finding, ...]:
    """plugin-off for each that a decision needs; plugin-off-optional where the site goes on without it."""
    return tuple(
        snapshot.policy.finding(
            "plugin-off-optional" if each.optional else "plugin-off", Evidence("", rule=f"plugin {each.name}")
        )
        for each in snapshot.plugins_off
        if DECIDING.intersection(each.hooks)
    )
