"""Settings read again while the daemon runs: what changes at once, and what needs a new start."""

from collections.abc import Iterator
from dataclasses import dataclass

from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError

TAKEN = "reloaded"
REFUSED = "reload-refused"
"""Kinds of the events that say how it ended."""
FIXED = frozenset(("spool", "state", "workers", "disk", "metrics", "exchange.root", "trust.folder"))
"""Sections and keys that a running daemon stands on: where things lie, how many workers there are, who watches."""
ALL_AT_ONCE = frozenset(("plugins", "folder", "imap", "smarthost"))
"""Sections that are told by their name alone."""


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two settings, as keys: "office.name", "plugins"."""

    keys: tuple[str, ...]

    @classmethod
    def between(cls, old: Settings, new: Settings) -> "Change":
        """Every key whose value differs."""
        return cls(tuple(_differing(old, new)))

    @property
    def fixed(self) -> tuple[str, ...]:
        """Those that only a new start can change."""
        return tuple(key for key in self.keys if key in FIXED or key.partition(".")[0] in FIXED)

    def require_live(self) -> None:
        """ConfigurationError names every key that needs a restart."""
        if self.fixed:
            raise ConfigurationError(
                f"{', '.join(self.fixed)} cannot change while the daemon runs; restart it "
                "(systemctl restart vbdaemon), or put the former value back"
            )

    @property
    def words(self) -> str:
        """For log and event; "nothing in the settings" when only files beside them changed."""
        return ", ".join(self.keys) or "nothing in the settings file"


def _differing(old: Settings, new: Settings) -> Iterator[str]:
    for name, field in type(new).model_fields.items():
        before, after = getattr(old, name), getattr(new, name)
        title = field.alias or name
        if before == after:
            continue
        if title in ALL_AT_ONCE or not hasattr(type(after), "model_fields"):
            yield title
            continue
        for key in type(after).model_fields:
            if getattr(before, key) != getattr(after, key):
                yield f"{title}.{key}"
