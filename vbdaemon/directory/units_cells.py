"""Cells of a table as Excel and people write them: texts, lists, marks for yes and no."""

import unicodedata
from collections.abc import Iterable
from datetime import date, time

LIST_MARK = ";"
FORMULA = ("=", "+", "-", "@")
"""A cell that begins so is run by Excel; an apostrophe before it keeps it a text."""
_YES = frozenset({"true", "1", "x", "v", "✓", "✔", "có", "co", "yes", "y", "đúng"})
_NO = frozenset({"false", "0", "không", "khong", "no", "n", "sai"})
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_BROKEN = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})


def text_of(value: object) -> str:
    """The text of a cell: NFC, on one line a list entry, no spaces around; ValueError says why there is none."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float() if value.is_integer():
            return str(int(value))
        case float() | date() | time():
            raise ValueError("Excel made a number or a date of this; format the column as text and write it again")
    words = unicodedata.normalize("NFC", str(value)).translate(_UNSEEN)
    text = "\n".join(filter(None, (" ".join(line.split()) for line in words.splitlines())))
    if text in _BROKEN:
        raise ValueError(f"{text} is an error of the sheet, not a text")
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def list_of(text: str) -> tuple[str, ...]:
    """Entries between semicolons or on lines of their own, each once."""
    entries = (entry.strip() for entry in text.replace("\n", LIST_MARK).split(LIST_MARK))
    return tuple(dict.fromkeys(entry for entry in entries if entry))


def flag_of(text: str) -> bool:
    """Yes or no; ValueError for anything else."""
    word = text.casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(f"{text!r} is neither yes nor no: write TRUE or FALSE (có, x, không)")


def cell(text: str) -> str:
    """A text as a cell holds it: never a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def cell_of_list(entries: Iterable[str]) -> str:
    """Entries in one cell; ValueError when one of them holds the mark between entries."""
    entries = tuple(entries)
    for entry in entries:
        if LIST_MARK in entry:
            raise ValueError(f"{entry!r} holds a semicolon, and semicolons part the entries of a cell")
    return cell(f"{LIST_MARK} ".join(entries))
