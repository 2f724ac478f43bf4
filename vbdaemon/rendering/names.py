"""Names of what is delivered: deterministic, safe on Windows and Samba, short, still readable."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from vbdaemon.model import Classification, RegisterNumber

MAX_CHARACTERS = 120
MAX_BYTES = 200
"""UTF-8 bytes: file systems allow 255, and temporary names and endings need room."""
_MAX_ENDING = 16
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_PORTS = {f"{port}{digit}" for port in ("com", "lpt") for digit in "123456789¹²³"}
_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | _PORTS
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def shown_name(name: str) -> str:
    """A sender's file name for people: NFC, control and direction marks shown as "�", at most 120 characters."""
    one = unicodedata.normalize("NFC", visible(name))
    return one if len(one) <= MAX_CHARACTERS else one[: MAX_CHARACTERS - 1] + "…"


def visible(text: str, mark: str = "\ufffd") -> str:
    """The text with every character that shows nothing, or turns the direction of writing, replaced by `mark`."""
    return "".join(mark if unicodedata.category(c) in _INVISIBLE else c for c in text)


def safe_name(name: str) -> str:
    """A file name that Windows, Samba and ext4 all store: at most 120 characters and 200 bytes, ending kept.

    A shortened name ends in eight digits of the whole name's hash, so that two long names stay two.
    """
    clean = _FORBIDDEN.sub("_", visible(unicodedata.normalize("NFC", name), "_"))
    clean = re.sub(r"\s+", " ", clean).strip(" .") or "khong-ten"
    if clean.split(".")[0].strip().casefold() in _DEVICES or clean.startswith("~$"):
        clean = "_" + clean
    return _shortened(clean)


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Safe names in the same order, made different where Windows would see one: `a.pdf`, `A_2.pdf`."""
    taken: set[str] = set()
    answer = []
    for name in names:
        safe = safe_name(name)
        stem, ending = _split(safe)
        candidate, count = safe, 1
        while candidate.casefold() in taken:
            count += 1
            candidate = safe_name(f"{stem}_{count}{ending}")
        taken.add(candidate.casefold())
        answer.append(candidate)
    return tuple(answer)


def delivery_name(register: RegisterNumber | None, classification: Classification | None, submission_id: str) -> str:
    """Name of the folder in which a document is delivered, e.g. `0123_2025-01-15_299-UBND-TTHC`.

    Arrival number, date of arrival, number and symbol; the submission's id stands in for what is unknown.
    """
    designation = classification.designation if classification else None
    register = register if register and register.number else None
    parts = [f"{register.number:04d}", register.registered_on.isoformat()] if register else [submission_id]
    if designation:
        parts.append(re.sub(r"[/\s-]+", "-", designation).strip("-"))
    elif register:
        parts.append(submission_id)
    return safe_name("_".join(part for part in parts if part))


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > _MAX_ENDING:
        return name, ""
    return stem, dot + ending


def _fits(name: str) -> bool:
    return len(name) <= MAX_CHARACTERS and len(name.encode()) <= MAX_BYTES


def _shortened(name: str) -> str:
    if _fits(name):
        return name
    stem, ending = _split(name)
    tail = f"~{hashlib.sha256(name.encode()).hexdigest()[:8]}{ending}"
    while not _fits(stem + tail):
        stem = stem[:-1]
    return stem.rstrip(" .") + tail
