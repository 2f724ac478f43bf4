"""From PDF user space to the page as shown: origin top left, crop and rotation applied."""

from dataclasses import dataclass

from vbdaemon.model import Box


@dataclass(frozen=True, slots=True)
class Space:
    """The visible rectangle of a page in user space and its rotation (PDF 32000-1, 7.7.3.3)."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int = 0
    """Clockwise, 0, 90, 180 or 270."""

    @property
    def width(self) -> float:
        """Width as shown, points."""
        return self.top - self.bottom if self.rotation in (90, 270) else self.right - self.left

    @property
    def height(self) -> float:
        """Height as shown, points."""
        return self.right - self.left if self.rotation in (90, 270) else self.top - self.bottom

    def shown(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1 as shown of a rectangle in user space."""
        if self.rotation == 90:  # noqa: PLR2004 - quarter turns
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.rotation == 180:  # noqa: PLR2004
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        if self.rotation == 270:  # noqa: PLR2004
            return self.top - top, self.right - right, self.top - bottom, self.right - left
        return left - self.left, self.top - top, right - self.left, self.top - bottom

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """The same as a rounded Box."""
        return Box(*(round(value, 1) for value in self.shown(left, bottom, right, top)))
