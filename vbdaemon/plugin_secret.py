"""Secrets of plugins that talk to others: the table says where one lies, the secret itself stands nowhere.

For plugins with `deliver` or `track_event` alone: hooks of the decision run beside parsers of hostile files.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from vbdaemon.config.mail import Secret, secret_source
from vbdaemon.secret import reveal


def _absolute(where: str) -> str:
    kind, _, name = where.partition(":")
    if kind == "file" and not Path(name).is_absolute():
        raise ValueError(f"{where}: write the whole path, file:/etc/vbdaemon/…")
    return where


PluginSecret = Annotated[Secret, AfterValidator(_absolute)]
"""A key of a plugin's `Settings`: file:/absolute/path (of mode 0600), env:NAME, credential:NAME."""


def revealed(where: str, environment: Mapping[str, str]) -> str:
    """The secret that a `PluginSecret` names, read at this moment; `environment` is os.environ.

    ConfigurationError says what is missing, without the secret.
    """
    return reveal(secret_source(where, Path("/")), environment)
