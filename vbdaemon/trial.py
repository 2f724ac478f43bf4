"""What plugin authors try a plugin with, beside values: a registry with it alone, and certificates of their own.

Imported through `vbdaemon.testing`.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vbdaemon.demo.pki import DemoPki
    from vbdaemon.registry import Registry


def make_registry(folder: Path, name: str, table: Mapping[str, Any] | None = None) -> "Registry":
    """The plugin `name` of a folder with this table, before the built-ins, as the daemon would load it.

    PluginError says what is wrong with it.
    """
    from vbdaemon.registry import load_registry  # noqa: PLC0415 - the built-ins are loaded by this call alone

    return load_registry(folder, [name], {name: dict(table)} if table else {})


def demo_pki(now: datetime) -> "DemoPki":
    """A certification authority of one's own, its keys in memory: `issue` gives certificates to sign papers with."""
    from vbdaemon.demo.pki import DemoPki  # noqa: PLC0415 - keys take a moment to make

    return DemoPki.create(now)
