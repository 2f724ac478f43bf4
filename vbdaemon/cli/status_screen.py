"""The screen of `vbdaemon status`."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table

from vbdaemon.clock import VIETNAM
from vbdaemon.operation.disk import LOW_WATER_BYTES
from vbdaemon.operation.status import SourceLine, Status
from vbdaemon.operation.status_age import HEADINGS, Stage

WIDTH = 110
"""Without a terminal."""
STAGES = {Stage.DECIDE: "to be decided", Stage.HOLD: "held", Stage.DELIVER: "to be delivered"}
MOST_ROWS = 12
OLD_BACKUP_DAYS = 2
GIGABYTE = 1e9
DAY, HOUR, MINUTE = 86400, 3600, 60


def print_status(seen: Status, office: str) -> None:
    """Everything, on stdout."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    for part in (
        *_head(seen, office),
        *_duties(seen),
        _sources(seen),
        _queues(seen),
        _held(seen),
        _destinations(seen),
        _trust(seen),
        *_foot(seen),
    ):
        if part is not None:
            console.print(part)


def _head(seen: Status, office: str) -> Iterable[RenderableType]:
    now = seen.at.astimezone(VIETNAM)
    yield f"[bold]vbdaemon[/bold] {escape(office)}  {now:%d/%m/%Y %H:%M:%S}"
    if not seen.running:
        yield "[red]no daemon runs[/red]: nothing is taken in; systemctl start vbdaemon"
    elif seen.daemon is None:
        yield "[green]running[/green], it has not told how it is yet"
    else:
        up = (seen.at - seen.daemon.started_at).total_seconds()
        yield f"[green]running[/green] for {span(up)}, version {seen.daemon.version}, snapshot {seen.daemon.snapshot}"
        if seen.daemon.paused:
            yield f"[red]intake {escape(seen.daemon.paused)}[/red]"
        for pulse in seen.daemon.loops:
            if pulse.late:
                yield f"[red]loop {escape(pulse.loop)} has not turned for {span(pulse.silent_seconds)}[/red]"
    yield "  ".join(f"{name.lower()} {count}" for name, count in sorted(seen.counts.items())) or "nothing came in yet"


def _duties(seen: Status) -> Iterable[RenderableType]:
    """What people owe, in a line each."""
    if seen.alarms:
        kinds = Counter(alarm.kind.value for alarm in seen.alarms)
        words = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        first = seen.alarms[0]
        yield f"[red]alarms: {words}[/red]; oldest {_ago(first.at, seen.at)}: {first.submission}; vbdaemon alarms list"
    if seen.to_assign:
        yield f"to be assigned: {seen.to_assign}; vbdaemon assign"
    if seen.papers.awaited:
        late = f", [red]{seen.papers.overdue} overdue[/red]" if seen.papers.overdue else ""
        yield f"papers awaited: {seen.papers.awaited}{late}; vbdaemon paper list"


def _sources(seen: Status) -> RenderableType | None:
    if not seen.sources:
        return None
    table = _table("source", "waiting>", "lag>", "last look", "last received", "")
    ranked = sorted(seen.sources, key=lambda line: _rank(line, seen.at))
    for line in ranked[:MOST_ROWS]:
        trouble = "" if line.state.usable else f"[red]{escape(line.state.words or 'not usable')}[/red]"
        table.add_row(
            escape(line.state.name),
            str(line.state.waiting or "-"),
            span(line.lag_seconds) if line.state.waiting else "-",
            _ago(line.state.last_success_at, seen.at),
            _ago(line.last_received_at, seen.at),
            trouble or escape(line.state.words),
        )
    return _cut(table, len(ranked))


def _rank(line: SourceLine, now: datetime) -> tuple[bool, float, float, str]:
    """Trouble first, then what waits longest, then what came last."""
    silent = (now - line.last_received_at).total_seconds() if line.last_received_at else float("inf")
    return line.state.usable, -line.lag_seconds, silent, line.state.name


def _queues(seen: Status) -> RenderableType:
    table = _table("waiting, by age", "T>", *(f"{heading}>" for heading in HEADINGS))
    for queue in seen.queues:
        name = f"  {escape(queue.name)}" if queue.name else f"[bold]{STAGES[queue.stage]}[/bold]"
        if table.row_count < MOST_ROWS * 2 or not queue.name:
            table.add_row(name, str(queue.total), *(str(count or ".") for count in queue.by_age))
    return table


def _held(seen: Status) -> RenderableType | None:
    if not seen.held:
        return None
    table = _table("held for", "kind", "count>", "oldest>", "look")
    for each in seen.held[:MOST_ROWS]:
        command = f"vbdaemon list --state HELD --reason {each.code}"
        if each.code == "by-person":
            command = "vbdaemon list --hold person"
        table.add_row(escape(each.code), each.kind, str(each.count), _ago(each.oldest_at, seen.at), escape(command))
    return _cut(table, len(seen.held))


def _destinations(seen: Status) -> RenderableType | None:
    if not seen.destinations:
        return None
    table = _table("not delivered to", "due>", "failing>", "given up>", "oldest>", "last answer")
    for line in seen.destinations[:MOST_ROWS]:
        row = (escape(line.destination), str(line.due), str(line.failing or "-"), str(line.given_up or "-"))
        style = "red" if line.given_up or line.failing else ""
        table.add_row(*row, span(line.oldest_seconds), escape(line.words[:60]), style=style)
    return _cut(table, len(seen.destinations))


def _trust(seen: Status) -> RenderableType:
    if not seen.trust:
        return "[red]nothing is trusted[/red]: no signature can pass; vbdaemon trust add FILE"
    table = _table("trust", "role", "ends", "CRL made", "CRL ends", "")
    for line in seen.trust[:MOST_ROWS]:
        words = [
            *(["[red]ends soon or has ended[/red]"] if line.ends_soon else []),
            *(["[red]CRL ended[/red]"] if line.crl_ended else []),
        ]
        made, ends = _ago(line.crl_made_at, seen.at), _day(line.crl_ends_at)
        table.add_row(escape(line.name), line.role, _day(line.ends_at), made, ends, ", ".join(words))
    return _cut(table, len(seen.trust))


def _foot(seen: Status) -> Iterable[RenderableType]:
    for room in seen.disk:
        colour = "red" if room.free < LOW_WATER_BYTES else "default"
        share = f"{room.share_free:.0%}"
        yield f"[{colour}]disk {escape(str(room.path))}: {room.free / GIGABYTE:.1f} GB free ({share})[/{colour}]"
    if seen.last_backup is None:
        yield "[yellow]last backup: never[/yellow]; vbdaemon backup DIR"
    else:
        old = (seen.at - seen.last_backup.at).days >= OLD_BACKUP_DAYS
        words = f"last backup: {_ago(seen.last_backup.at, seen.at)} ago, {escape(seen.last_backup.words)}"
        yield f"[yellow]{words}[/yellow]" if old else words
    for plugin in seen.plugins_off:
        yield f"[red]plugin off: {escape(plugin)}[/red]"
    for problem in seen.problems:
        yield f"[yellow]{escape(problem)}[/yellow]"


def span(seconds: float) -> str:
    """A duration in one or two units: 4m, 3h12m, 5d."""
    whole = int(seconds)
    if whole < MINUTE:
        return f"{whole}s"
    if whole < HOUR:
        return f"{whole // MINUTE}m"
    if whole < DAY:
        return f"{whole // HOUR}h{whole % HOUR // MINUTE:02d}m"
    return f"{whole // DAY}d"


def _ago(at: datetime | None, now: datetime) -> str:
    return span(max(0.0, (now - at).total_seconds())) if at else "-"


def _day(at: datetime | None) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y}" if at else "-"


def _table(*headings: str) -> Table:
    """A heading that ends in ">" is of numbers."""
    table = Table(box=None, pad_edge=False, header_style="dim", title_justify="left")
    for heading in headings:
        table.add_column(heading.removesuffix(">"), justify="right" if heading.endswith(">") else "left", no_wrap=True)
    return table


def _cut(table: Table, total: int) -> Table:
    if total > MOST_ROWS:
        table.add_row(f"[dim]… {total - MOST_ROWS} more[/dim]")
    return table
