"""Check of format (thể thức): one finding for each rule that the editable file, or the born-digital PDF, breaks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from vbdaemon.builtin.contents import binds, outside_by_nature
from vbdaemon.builtin.format.examination import examined, pages_of
from vbdaemon.clock import VIETNAM
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Classification, Document, Evidence, File, Finding, Severity, Snapshot, Submission
from vbdaemon.model.format import FormatRules
from vbdaemon.model.format_result import FormatResult
from vbdaemon.model.layout import LayoutKind
from vbdaemon.reading import media
from vbdaemon.reading.layout import read_layout


@hookimpl
def check(
    submission: Submission, document: Document, classification: Classification, snapshot: Snapshot
) -> tuple[Finding, ...]:
    """Findings about the format; none for Party papers, normative documents and what is no document.

    552/UBND §1 asks for the Word file so that its format can be checked: where it came, it is what counts.
    """
    known = classification.form is not None or classification.symbol is not None
    file = checked_file(document)
    if file is None or not known or classification.secrecy or outside_by_nature(document, classification):
        return ()  # of a document under secrecy nothing more is read or quoted
    handed_in = submission.envelope.received_at.astimezone(VIETNAM).date()
    day = classification.issued_on.value if classification.issued_on else handed_in
    found = tuple(_findings(file, document, classification, snapshot, day))
    if binds(submission, document, classification, snapshot):
        return found
    codes = dict.fromkeys(finding.code for finding in found)
    return tuple(snapshot.policy.finding("outside-scope", Evidence(code, file.sha256, rule=code)) for code in codes)


def checked_file(document: Document) -> File | None:
    """The Word file when there is one, else the main file when its layout can be read."""
    for file in (document.editable, document.main):
        if file is not None and file.media_type == media.DOCX:
            return file
    return document.main if document.main.media_type == media.PDF else None


def _findings(
    file: File, document: Document, classification: Classification, snapshot: Snapshot, day: date
) -> Iterator[Finding]:
    layout = read_layout(file.path, file.sha256, file.media_type, snapshot.limits)
    if layout is None:
        return
    if file.sha256 == document.main.sha256:
        layout = pages_of(layout, document.first_page, document.last_page)
    form = classification.form.value if classification.form else None
    covering = snapshot.format_rules.covering(day)
    if covering is None or (layout.kind is not LayoutKind.SCAN and not layout.paragraphs):
        return
    examination = examined(layout, FormatRules((covering,), covering.id), snapshot.forms, day, form)
    for result in examination.failed:
        yield finding_of(result, file, covering.id, snapshot)


def finding_of(result: FormatResult, file: File, rule_set: str, snapshot: Snapshot) -> Finding:
    """A broken rule in the policy's words, with what was measured and what is allowed, and the rule's own clause."""
    rule, first = result.rule, result.faults[0]
    vietnamese = "; ".join(told(result))
    if not snapshot.policy.finding(rule.finding).message.startswith(rule.title):
        vietnamese = f"{rule.title}: {vietnamese}"
    english = f"{rule.id}, {rule.english}: {', '.join(measures(result))}"
    evidence = Evidence(
        first.spot.words or rule.title, file.sha256, first.spot.page, first.spot.box, f"{rule_set}/{rule.id}"
    )
    finding = snapshot.policy.finding(rule.finding, evidence, detail=vietnamese)
    return replace(
        finding,
        english=snapshot.policy.finding(rule.finding, detail=english).english,
        clause=rule.clause,
        severity=Severity.NOTE if rule.severity is Severity.NOTE else finding.severity,
    )


def told(result: FormatResult) -> Iterator[str]:
    """Each kind of fault once: what was measured against what is allowed, and at how many more places."""
    seen: dict[object, int] = {}
    for fault in result.faults:
        seen[fault.measure] = seen.get(fault.measure, 0) + 1
    for measure, count in seen.items():
        fault = next(each for each in result.faults if each.measure is measure)
        more = f" (và {count - 1} chỗ khác)" if count > 1 else ""
        yield f"{fault.measured}, quy định: {fault.allowed}{more}"


def measures(result: FormatResult) -> Iterator[str]:
    """The names of what is not as allowed."""
    yield from dict.fromkeys(str(fault.measure or "missing").replace("_", " ") for fault in result.faults)
