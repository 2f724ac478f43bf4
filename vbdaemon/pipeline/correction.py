"""Applies what people typed in to what was read: the typed value counts, and says who typed it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from vbdaemon.model import (
    Classification,
    CorrectedField,
    Correction,
    Evidence,
    Found,
    NumberState,
    Snapshot,
    TextSource,
)
from vbdaemon.rules.channel import groups_of, transmission_of

T = TypeVar("T")
FORM_DOUBTS = frozenset({"form-unknown", "form-ambiguous", "form-unlisted", "no-document"})
"""Doubts that end when a person says what the document is."""


def for_document(corrections: Iterable[Correction], file: str, page: int) -> tuple[Correction, ...]:
    """The corrections of one document, one for each field: the latest."""
    mine = (each for each in corrections if (each.file, each.page) == (file, page))
    return tuple({each.field: each for each in mine}.values())


def corrected(kind: Classification, corrections: Iterable[Correction], snapshot: Snapshot, on: date) -> Classification:
    """The classification with the typed values in place of those read; `on` is the day of handing in."""
    for correction in corrections:
        kind = _with(kind, correction, snapshot, on)
    return kind


def _with(kind: Classification, correction: Correction, snapshot: Snapshot, on: date) -> Classification:
    value = correction.value
    match correction.field:
        case CorrectedField.FORM:
            return _with_form(kind, correction, snapshot, on)
        case CorrectedField.NUMBER:
            return replace(kind, number=_typed(value, correction), number_state=NumberState.READ)
        case CorrectedField.SYMBOL:
            return replace(kind, symbol=_typed(value, correction))
        case CorrectedField.DATE:
            return replace(kind, issued_on=_typed(date.fromisoformat(value), correction))
        case CorrectedField.ISSUER:
            return replace(kind, issuer=_typed(value, correction), issuer_unit=_unit_named(value, snapshot))
        case CorrectedField.SUBJECT:
            return replace(kind, subject=_typed(value, correction))


def _with_form(kind: Classification, correction: Correction, snapshot: Snapshot, on: date) -> Classification:
    form = next((form for form in snapshot.forms if form.slug == correction.value), None)
    if form is None:  # the site's forms changed since: what was read stands
        return kind
    doubts = tuple(doubt for doubt in kind.doubts if doubt.code not in FORM_DOUBTS)
    known = replace(kind, form=_typed(form.slug, correction), form_name=form.name, doubts=doubts)
    if kind.restricted:  # the channel of a complaint follows from its content, not from its form
        return known
    groups = groups_of(snapshot.directory, kind.issuer_unit)
    channel = transmission_of(snapshot.transmission, form, None, doubts, on, groups)
    return replace(known, transmission=channel.form, transmission_rule=channel.rule)


def _unit_named(name: str, snapshot: Snapshot) -> str | None:
    wanted = name.casefold()
    named = (u.code for u in snapshot.directory.units if wanted in {n.casefold() for n in (u.name, *u.aliases)})
    return next(named, None)


def _typed(value: T, correction: Correction) -> Found[T]:
    evidence = Evidence(correction.value, correction.file, rule=f"correction: {correction.who}")
    return Found(value, 1.0, TextSource.PERSON, evidence)
