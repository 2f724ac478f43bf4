"""How long a mailbox rests after a failure: a pure function."""

from typing import Final

LONGEST: Final = 300.0
REFUSED: Final = (60.0, 1800.0)
"""After a refused login, first and longest: servers lock accounts that try too often."""
SPREAD: Final = 0.2


def rest_seconds(failures: int, chance: float, *, refused: bool = False) -> float:
    """Seconds before the next try after so many failures in a row; `chance` (0 to 1) spreads many daemons apart."""
    first, longest = REFUSED if refused else (1.0, LONGEST)
    seconds = min(longest, first * 2.0 ** min(max(0, failures - 1), 20))
    return seconds * (1.0 - SPREAD + 2.0 * SPREAD * chance)
