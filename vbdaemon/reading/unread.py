"""Pages that nobody read: a mark of secrecy could stand there, so a person is told."""

from collections.abc import Iterable
from itertools import count, groupby

from vbdaemon.model import Problem, ProblemKind


def unread(pages: Iterable[int]) -> tuple[Problem, ...]:
    """One problem that names these pages (numbers from 1); none for none."""
    numbers = sorted(set(pages))
    if not numbers:
        return ()
    return (Problem(ProblemKind.PAGES_UNREAD, f"not read: {_ranges(numbers)}", numbers[0]),)


def names_unread_pages(problem: Problem) -> bool:
    """True for a problem of single pages that were not read."""
    return problem.kind is ProblemKind.PAGES_UNREAD


def _ranges(numbers: list[int]) -> str:
    """Such as 3, 7-12."""
    steps = count()
    runs = [list(run) for _, run in groupby(numbers, key=lambda number: number - next(steps))]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
