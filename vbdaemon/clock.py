"""Time as a parameter."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Answers the present moment: aware, UTC."""

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def system_clock() -> datetime:
    """The machine's clock, aware, UTC."""
    return datetime.now(UTC)
