"""`[plugins]`: which plugins run, in which order, how far each is trusted, and their own tables."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

MODE, OPTIONAL = "mode", "optional"
RESERVED = frozenset({MODE, OPTIONAL})
"""Keys of a plugin's table that are ours; the plugin never sees them."""


class PluginMode(StrEnum):
    """What the answers of an enabled plugin are good for."""

    ACTIVE = "active"
    """They count."""
    SHADOW = "shadow"
    """They are recorded and compared, and act on nothing."""


class PluginsSection(BaseModel):
    """`[plugins]`: folder, the enabled ones in order, and a table for each, `[plugins.<name>]`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    folder: Path = Path("../plugins")
    enabled: tuple[str, ...] = ()
    failures_in_a_row: int = Field(default=5, ge=1)

    @model_validator(mode="after")
    def _only_tables(self) -> "PluginsSection":
        extra = self.model_extra or {}
        slips = [name for name, table in extra.items() if not isinstance(table, dict)]
        if slips:
            raise ValueError(f"{', '.join(slips)}: neither a key of this section nor a table of a plugin")
        for name, table in extra.items():
            if table.get(MODE, PluginMode.ACTIVE) not in tuple(PluginMode):
                raise ValueError(f'{name}.{MODE}: {table[MODE]!r} is neither "active" nor "shadow"')
            if table.get(OPTIONAL, False) not in (True, False):
                raise ValueError(f"{name}.{OPTIONAL}: {table[OPTIONAL]!r} is neither true nor false")
        return self

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """Each plugin's own settings table, without the keys that are ours."""
        return {
            name: {key: value for key, value in table.items() if key not in RESERVED}
            for name, table in (self.model_extra or {}).items()
        }

    @property
    def shadow(self) -> tuple[str, ...]:
        """Those enabled that only watch."""
        extra = self.model_extra or {}
        return tuple(name for name in self.enabled if extra.get(name, {}).get(MODE) == PluginMode.SHADOW)

    @property
    def acting(self) -> tuple[str, ...]:
        """Those enabled whose answers count."""
        watching = self.shadow
        return tuple(name for name in self.enabled if name not in watching)

    @property
    def acting_tables(self) -> dict[str, dict[str, Any]]:
        """The tables but those of plugins that only watch; one of a plugin that is not enabled is there: a mistake."""
        watching = self.shadow
        return {name: table for name, table in self.tables.items() if name not in watching}

    @property
    def optional(self) -> frozenset[str]:
        """Those that documents may go on without."""
        return frozenset(name for name, table in (self.model_extra or {}).items() if table.get(OPTIONAL, False))

    def with_(self, names: Iterable[str]) -> tuple[str, ...]:
        """The acting ones and these, each where `enabled` names it; those that it does not name come last."""
        wanted = tuple(names)
        listed = tuple(name for name in self.enabled if name in self.acting or name in wanted)
        return (*listed, *(name for name in dict.fromkeys(wanted) if name not in listed))

    def none(self) -> "PluginsSection":
        """The section of a site that runs none of its plugins."""
        return PluginsSection(folder=self.folder, failures_in_a_row=self.failures_in_a_row)
