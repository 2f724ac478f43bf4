"""The accuracy of reading as tables: per field and kind, calibration, the worst cases."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from vbdaemon.demo.corpus.measuring import FIELDS, Measured, Score
from vbdaemon.demo.corpus.specimen import Kind

SURE = 0.9
"""Values from this confidence on may be wrong once in 200."""
_BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)


@dataclass(frozen=True, slots=True)
class Aim:
    """What the reading of a field is to reach."""

    field: str
    scanned: bool
    share: float

    def reached(self, found: Sequence[Measured]) -> float:
        """The share that was reached."""
        return share(found, self.field, scanned=self.scanned)


_WANTED = {
    "form": (0.99, 0.97),
    "channel": (0.99, 0.97),
    "symbol": (0.97, 0.92),
    "date": (0.98, 0.90),
    "issuer": (0.97, 0.97),
    "subject": (0.95, 0.85),
    "secrecy": (1.0, 1.0),
}
AIMS = tuple(Aim(f, scanned, both[scanned]) for f, both in _WANTED.items() for scanned in (False, True))


@dataclass(frozen=True, slots=True)
class Band:
    """Values whose confidence lies in a band, and how many of them are wrong."""

    low: float
    high: float
    values: int
    wrong: int


def accuracy(found: Sequence[Measured]) -> str:
    """Percent right (right/asked) for each field, by kind."""
    kinds = [k for k in Kind if any(m.kind is k for m in found)]
    columns = [*kinds, "digital all", "scanned all"]
    rows = [f"{'field':10}" + "".join(f"{name:>20}" for name in columns)]
    for field in FIELDS:
        cells = [_cell(_scores(found, field, {k})) for k in kinds]
        cells += [_cell(_scores(found, field, {k for k in Kind if k.scanned is scanned})) for scanned in (False, True)]
        rows.append(f"{field:10}" + "".join(f"{cell:>20}" for cell in cells))
    return "\n".join(rows)


def calibration(found: Iterable[Measured]) -> str:
    """How often values of a confidence are wrong, and the sure ones by field."""
    found = list(found)
    rows = [f"{'confidence':14}{'values':>8}{'wrong':>8}"]
    rows += [f"{b.low:.2f} to {b.high:.2f}  {b.values:>8}{b.wrong:>8}" for b in bands(found)]
    sure = [s for m in found for s in m.scores if s.confidence is not None and s.confidence >= SURE]
    wrong: dict[str, int] = defaultdict(int)
    for score in sure:
        wrong[score.field] += not score.right
    share = f"1 in {len(sure) / n:.0f}" if (n := sum(wrong.values())) else "none"
    rows.append(f"wrong from {SURE} on: {share} ({', '.join(f'{f} {n}' for f, n in wrong.items() if n) or '-'})")
    return "\n".join(rows)


def bands(found: Iterable[Measured]) -> list[Band]:
    """Values and mistakes by confidence."""
    scores = [(s.confidence, s.right) for m in found for s in m.scores if s.confidence is not None]
    result = []
    for low, high in pairwise(_BANDS):
        inside = [right for confidence, right in scores if low <= confidence < high]
        result.append(Band(low, min(high, 1.0), len(inside), inside.count(False)))
    return result


def aims(found: Sequence[Measured]) -> str:
    """What was aimed at and what was reached; what falls short is marked."""
    rows = [f"{'aim':24}{'wanted':>10}{'reached':>10}"]
    for aim in AIMS:
        name = f"{aim.field}, {'scanned' if aim.scanned else 'digital'}"
        reached = aim.reached(found)
        short = "" if reached >= aim.share else f"   <- {100 * (aim.share - reached):.1f} points short"
        rows.append(f"{name:24}{100 * aim.share:>10.1f}{100 * reached:>10.1f}{short}")
    return "\n".join(rows)


def worst(found: Sequence[Measured], most: int = 40) -> str:
    """The specimens with the most wrong fields, and what was wrong."""
    bad = [(m, [s for s in m.scores if s.counted and not s.right]) for m in found]
    bad = sorted((b for b in bad if b[1]), key=lambda b: -len(b[1]))[:most]
    rows = []
    for one, scores in bad:
        rows.append(f"{one.name} ({', '.join(one.traits)})")
        rows += [f"    {s.field}: {s.expected!r} read as {s.answered!r} ({s.confidence})" for s in scores]
    return "\n".join(rows)


def slowness(found: Iterable[Measured]) -> str:
    """Median seconds by kind."""
    ordered = sorted(found, key=lambda m: (m.kind, m.seconds))
    parts = []
    for kind, group in groupby(ordered, key=lambda m: m.kind):
        seconds = [m.seconds for m in group]
        parts.append(f"{kind} {seconds[len(seconds) // 2]:.3f} s")
    return "median per file: " + ", ".join(parts)


def share(found: Sequence[Measured], field: str, *, scanned: bool) -> float:
    """Share of right answers, 1.0 where nothing was asked."""
    scores = _scores(found, field, {k for k in Kind if k.scanned is scanned})
    return sum(s.right for s in scores) / len(scores) if scores else 1.0


def sure_and_wrong(found: Iterable[Measured]) -> tuple[int, int]:
    """How many values are sure, and how many of these are wrong."""
    sure = [s for m in found for s in m.scores if s.confidence is not None and s.confidence >= SURE]
    return len(sure), sum(not s.right for s in sure)


def _scores(found: Sequence[Measured], field: str, kinds: set[Kind]) -> list[Score]:
    return [s for m in found if m.kind in kinds for s in m.scores if s.field == field and s.counted]


def _cell(scores: Sequence[Score]) -> str:
    if not scores:
        return "-"
    right = sum(s.right for s in scores)
    return f"{100 * right / len(scores):.1f} ({right}/{len(scores)})"
