"""Plugins of the site as decisions see them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PluginOff:
    """An enabled plugin that was switched off after too many failures in a row."""

    name: str
    hooks: tuple[str, ...]
    """That nobody of this name answers now."""
    optional: bool = False
    """Documents go on without it."""
