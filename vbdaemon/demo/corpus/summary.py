"""The accuracy of reading as one value for programs."""

from collections.abc import Sequence
from typing import Any

from vbdaemon.demo.corpus import table
from vbdaemon.demo.corpus.corpus import SEEDS
from vbdaemon.demo.corpus.measuring import FIELDS, Measured
from vbdaemon.demo.corpus.specimen import Kind, Split


def summary(found: Sequence[Measured], split: Split, seed: int) -> dict[str, Any]:
    """Seeds, right and asked per field and kind, aims, calibration, and all that was wrong."""
    sure, mistaken = table.sure_and_wrong(found)
    return {
        "schema": 1,
        "documents": len(found),
        "split": split,
        "seed": seed,
        "tuning_seed": SEEDS[Split.TUNING],
        "fields": [row for field in FIELDS for row in _by_kind(found, field)],
        "aims": [
            {"field": aim.field, "scanned": aim.scanned, "aim": aim.share, "share": round(aim.reached(found), 4)}
            for aim in table.AIMS
        ],
        "calibration": [
            {"from": b.low, "to": b.high, "values": b.values, "wrong": b.wrong} for b in table.bands(found)
        ],
        "sure": {"from": table.SURE, "values": sure, "wrong": mistaken},
        "worst": [_mistakes(one) for one in found if any(s.counted and not s.right for s in one.scores)],
    }


def _by_kind(found: Sequence[Measured], field: str) -> list[dict[str, Any]]:
    rows = []
    for kind in Kind:
        scores = [s for m in found if m.kind is kind for s in m.scores if s.field == field and s.counted]
        if scores:
            rows.append({"field": field, "kind": kind, "asked": len(scores), "right": sum(s.right for s in scores)})
    return rows


def _mistakes(one: Measured) -> dict[str, Any]:
    wrong = [s for s in one.scores if s.counted and not s.right]
    return {
        "name": one.name,
        "traits": list(one.traits),
        "wrong": [
            {"field": s.field, "expected": s.expected, "answered": s.answered, "confidence": s.confidence}
            for s in wrong
        ],
    }
