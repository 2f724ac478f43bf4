"""Who is meant by a setting that names a mail address, or a unit by its code."""

from vbdaemon.config.report import is_address
from vbdaemon.errors import ConfigurationError
from vbdaemon.model import Directory


def addresses_of(who: str, key: str, directory: Directory) -> tuple[str, ...]:
    """The address itself, or the first of the unit's; ConfigurationError names the setting and the remedy."""
    unit = directory.unit(who)
    if unit is None:
        if is_address(who):
            return (who,)
        raise ConfigurationError(
            f"{key}: {who!r} is neither a mail address nor the code of a unit; write one of these, "
            'see "vbdaemon units list"'
        )
    if not unit.addresses:
        raise ConfigurationError(
            f"{key}: unit {who} has no mail address; give it one in units.toml (addresses), or write an address here"
        )
    return unit.addresses[:1]
