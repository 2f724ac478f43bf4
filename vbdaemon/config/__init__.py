"""Settings of a site: TOML to frozen values."""

from vbdaemon.config.plugins import PluginsSection
from vbdaemon.config.sections import WorkersSection
from vbdaemon.config.settings import SQLITE, Settings, load_settings, mistakes, parse_settings, read_toml

__all__ = [
    "SQLITE",
    "PluginsSection",
    "Settings",
    "WorkersSection",
    "load_settings",
    "mistakes",
    "parse_settings",
    "read_toml",
]
