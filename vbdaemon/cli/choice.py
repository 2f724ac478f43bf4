"""Choosing submissions by what is known of them: options of `list`, and `--where` of acts."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from vbdaemon.clock import VIETNAM
from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.folders import drop_folders
from vbdaemon.snapshot import build_snapshot
from vbdaemon.state.records import HoldKind, SubmissionState
from vbdaemon.state.search import Wanted

AGO = re.compile(r"(\d+)([mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
KEYS = ("state", "hold", "source", "unit", "form", "reason", "since", "until")
Choice = TypeVar("Choice", bound=StrEnum)


def moment(words: str, now: datetime) -> datetime:
    """A day, a local moment ("2026-03-02T08:00"), or so long ago ("30m", "12h", "3d"), aware."""
    if ago := AGO.fullmatch(words):
        return now - timedelta(**{UNITS[ago[2]]: int(ago[1])})
    try:
        at = datetime.fromisoformat(words)
    except ValueError as error:
        raise ConfigurationError(f"{words!r} is no time; write 2026-03-02, 2026-03-02T08:00, 30m, 12h or 3d") from error
    return at if at.tzinfo else at.replace(tzinfo=VIETNAM)


def wanted(
    settings: Settings,
    now: datetime,
    *,
    states: Sequence[SubmissionState] = (),
    holds: Sequence[HoldKind] = (),
    sources: Sequence[str] = (),
    unit: str | None = None,
    form: str | None = None,
    reason: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> Wanted:
    """What the options ask for; ConfigurationError for a unit or a time that there is not."""
    code, unit_sources = _unit(settings, unit) if unit else (None, ())
    return Wanted(
        states=tuple(states),
        holds=tuple(holds),
        sources=tuple(sources),
        unit=code,
        unit_sources=unit_sources,
        form=form,
        reason=reason,
        since=moment(since, now) if since else None,
        until=moment(until, now) if until else None,
    )


def wanted_where(settings: Settings, now: datetime, conditions: Sequence[str]) -> Wanted:
    """What `--where KEY=VALUE` asks for; the same key twice means either, where there can be several."""
    given: dict[str, list[str]] = {}
    for condition in conditions:
        key, equals, value = condition.partition("=")
        if key not in KEYS or not equals or not value:
            raise ConfigurationError(f"--where {condition}: write KEY=VALUE, with KEY one of {', '.join(KEYS)}")
        given.setdefault(key, []).append(value)
    for key in ("unit", "form", "reason", "since", "until"):
        if len(given.get(key, ())) > 1:
            raise ConfigurationError(f"--where {key}=…: give it once")
    single = {key: values[0] for key, values in given.items() if key not in ("state", "hold", "source")}
    return wanted(
        settings,
        now,
        states=[_member(SubmissionState, value.upper()) for value in given.get("state", ())],
        holds=[_member(HoldKind, value.lower()) for value in given.get("hold", ())],
        sources=given.get("source", ()),
        **single,
    )


def _member(kind: type[Choice], value: str) -> Choice:
    try:
        return kind(value)
    except ValueError as error:
        raise ConfigurationError(f"{value!r} is none of {', '.join(kind)}") from error


def _unit(settings: Settings, named: str) -> tuple[str, tuple[str, ...]]:
    """Code and sources of a unit that is named by code or by folder."""
    snapshot = build_snapshot(settings)
    found = next((unit for unit in snapshot.directory.units if named in (unit.code, unit.folder)), None)
    if found is None:
        raise ConfigurationError(f'{named!r} is no unit of the directory; see "vbdaemon units list"')
    return found.code, tuple(drop.name for drop in drop_folders(settings, snapshot) if drop.unit == found.code)
