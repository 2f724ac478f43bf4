"""How differences between two judgements are shown to people: a line each, in codes."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from vbdaemon.clock import VIETNAM
from vbdaemon.state.shadow import Difference

LISTED = frozenset({"routes", "findings"})


def line(at: datetime, submission: str, one: Difference) -> str:
    """When it came or was compared, which document of it, what would change."""
    local = f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    return f"{local}  {submission}  document {one.document + 1}  {one.field:<8}  {_change(one)}"


def _change(one: Difference) -> str:
    """Of codes that are listed, those that come and go."""
    if one.field not in LISTED:
        return f"{one.before or '-'} -> {one.after or '-'}"
    before, after = one.before.split(), one.after.split()
    come = [f"+{code}" for code in after if code not in before]
    return " ".join([*come, *(f"-{code}" for code in before if code not in after)])


def table(submission: str, at: datetime, one: Difference) -> dict[str, object]:
    """The same for machines."""
    return {
        "submission": submission,
        "at": at.isoformat(),
        "document": one.document,
        "field": one.field,
        "before": one.before,
        "after": one.after,
    }


def by_field(found: Iterable[Difference]) -> str:
    """How many documents differ in what, in words."""
    counts = Counter(one.field for one in found)
    return ", ".join(f"{field} {count}" for field, count in counts.most_common()) or "nothing"
