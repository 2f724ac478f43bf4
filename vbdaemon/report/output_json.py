"""A report as JSON, for programs: every cell as it is, moments in UTC."""

import json
from datetime import UTC, date, datetime

from vbdaemon.report.sheet import Cell, Report, Section


def write_json(report: Report) -> bytes:
    """The bytes; charts are left out: they show what the tables hold."""
    told = {
        "schema": 1,
        "name": report.name,
        "title": report.title,
        "subtitle": report.subtitle,
        "parent": report.parent,
        "office": report.office,
        "made_at": _plain(report.made_at),
        "sections": [_section(section) for section in report.sections],
        "notes": report.notes,
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _section(section: Section) -> dict[str, object]:
    return {
        "heading": section.heading,
        "columns": [
            {"title": column.title, "percent": column.percent, "seconds": column.duration} for column in section.columns
        ],
        "rows": [[_plain(cell) for cell in row] for row in section.rows],
        "total": section.total,
        "lights": [[row, column, light.value] for row, column, light in section.lights],
        "notes": section.notes,
    }


def _plain(cell: Cell) -> str | int | float | bool | None:
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat()
    return cell.isoformat() if isinstance(cell, date) else cell
