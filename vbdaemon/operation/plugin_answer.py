"""What a hook answered, in a few words for the plugin's author."""

from collections.abc import Callable, Mapping
from typing import Any

from vbdaemon.model import (
    Classification,
    Content,
    Destination,
    Document,
    Finding,
    Notice,
    Outcome,
    Part,
    SignatureReport,
    Verdict,
)


def told(value: Any) -> str:
    """One line."""
    if value is None:
        return "None: left to others"
    if isinstance(value, tuple):
        return "; ".join(_one(each) for each in value) or "(): nothing"
    return _one(value)


def _one(value: object) -> str:
    return _WORDS[type(value)](value) if type(value) in _WORDS else type(value).__name__


def _content(content: Content) -> str:
    lines = sum(len(page.lines) for page in content.pages)
    problems = "".join(f", {problem.kind}" for problem in content.problems)
    return f"{content.kind}, {lines} lines on {len(content.pages)} pages{problems}"


_WORDS: Mapping[type, Callable[[Any], str]] = {
    Part: lambda part: f"{part.name}, {len(part.body)} bytes",
    Content: _content,
    Document: lambda document: f"document {document.main.name}, {len(document.files)} files",
    Classification: lambda kind: f"{kind.form_name or 'form unknown'} {kind.designation or ''}".rstrip(),
    SignatureReport: lambda report: f"{report.file_name}: {report.status}",
    Finding: lambda finding: f"{finding.severity} {finding.code}: {finding.english or finding.message}",
    Verdict: lambda verdict: f"{verdict.kind} {', '.join(each.code for each in verdict.reasons)}".rstrip(),
    Destination: lambda place: f"{place.scheme}:{place.address}",
    Notice: lambda notice: f"notice {notice.status}: {notice.title}",
    Outcome: lambda outcome: f"{outcome.kind} {outcome.words}".rstrip(),
}
