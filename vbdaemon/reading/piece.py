"""A piece: characters of one style on one baseline, before they are joined into lines."""

from dataclasses import dataclass, replace

from vbdaemon.model import TextSource


@dataclass(frozen=True, slots=True)
class Style:
    """How characters are set."""

    font: str | None = None
    size: float | None = None
    """Points."""
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters side by side; coordinates in points from the page's top-left corner as shown."""

    text: str
    starts: tuple[float, ...]
    """Left edge of each character of `text`."""
    x0: float
    y0: float
    x1: float
    y1: float
    style: Style = Style()
    source: TextSource = TextSource.TEXT
    confidence: float = 1.0

    @property
    def height(self) -> float:
        """Height of the box in points."""
        return self.y1 - self.y0

    @property
    def em(self) -> float:
        """Font size, or the height of the box where it is not known; at least one point."""
        return max(self.style.size or self.height, 1.0)

    @property
    def ink(self) -> tuple[float, float]:
        """Left and right edge without leading and trailing spaces."""
        lead = len(self.text) - len(self.text.lstrip())
        trail = len(self.text.rstrip())
        left = self.starts[lead] if lead < len(self.starts) else self.x1
        right = self.starts[trail] if trail < len(self.starts) else self.x1
        return left, right

    def moved(self, x: float) -> "Piece":
        """The piece further to the right by `x` points."""
        return replace(self, starts=tuple(start + x for start in self.starts), x0=self.x0 + x, x1=self.x1 + x)

    def split(self, x: float) -> tuple["Piece", "Piece"]:
        """The part left of `x` and the part right of it; either may be empty."""
        index = sum(1 for start in self.starts if start < x)
        edge = self.starts[index] if index < len(self.starts) else self.x1
        return self._part(0, index, self.x0, edge), self._part(index, len(self.text), edge, self.x1)

    def _part(self, first: int, last: int, x0: float, x1: float) -> "Piece":
        return Piece(
            self.text[first:last],
            self.starts[first:last],
            x0,
            self.y0,
            x1,
            self.y1,
            self.style,
            self.source,
            self.confidence,
        )


def spread(text: str, x0: float, x1: float) -> tuple[float, ...]:
    """Left edges for characters of which only the common box is known."""
    step = (x1 - x0) / max(len(text), 1)
    return tuple(x0 + step * i for i in range(len(text)))
