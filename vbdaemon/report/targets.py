"""Shares against their targets: reached, nearly, missed."""

from dataclasses import dataclass

from vbdaemon.report.sheet import Light

ROUNDING = 1e-6
"""Documents: 0.55 * 100 is a little more than 55 for a computer, and 55 of 100 reach 55 %."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Between 0 and 1. 607/UBND-VP: every document by its organisation, 30 % by a person."""

    organisation: float = 1.0
    person: float = 0.3
    nearly: float = 0.8
    """Share of a target from which it counts as nearly reached."""

    def light(self, part: int, whole: int, target: float) -> Light | None:
        """How a share stands; None where there is nothing to have a share of."""
        if whole == 0:
            return None
        if part >= target * whole - ROUNDING:
            return Light.GREEN
        return Light.AMBER if part >= self.nearly * target * whole - ROUNDING else Light.RED


LIGHT_WORDS = {Light.GREEN: "Đạt", Light.AMBER: "Gần đạt", Light.RED: "Chưa đạt"}


def share(part: int, whole: int) -> float | None:
    """Between 0 and 1; None of nothing."""
    return part / whole if whole else None
