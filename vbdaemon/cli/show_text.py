"""The story of one submission for people: what it is, why it stands where it stands, and everything that happened."""

from collections.abc import Iterator
from datetime import datetime

import typer

from vbdaemon.cli.show_story import WholeStory, commands
from vbdaemon.clock import VIETNAM
from vbdaemon.model import CodedStatus, DocumentVerdict, Evidence, Finding, Reason, SignatureReport, Withdrawal
from vbdaemon.state.records import ActState, DeliveryRow

MOST_WORDS = 120
ANSWERS = {
    CodedStatus.ARRIVED: "đã đến",
    CodedStatus.REFUSED: "từ chối tiếp nhận",
    CodedStatus.RECEIVED: "đã tiếp nhận",
    CodedStatus.ASSIGNED: "phân công xử lý",
    CodedStatus.RECALL_ASKED: "yêu cầu lấy lại",
    CodedStatus.RECALL_GRANTED: "đồng ý lấy lại, cập nhật",
    CodedStatus.RECALL_DENIED: "không đồng ý lấy lại, cập nhật",
}
WITHDRAWN = {
    Withdrawal.RECALL: ", recalled",
    Withdrawal.UPDATE: ", withdrawn for an update",
    Withdrawal.REPLACE: ", replaced",
}


def print_story(story: WholeStory) -> None:
    """On stdout; times are those of Vietnam."""
    row = story.row
    held = f" ({row.hold_kind})" if row.hold_kind else ""
    typer.echo(f"{row.id}: {row.state}{held}, received {_local(row.received_at)} from {row.source}")
    if row.snapshot:
        typer.echo(f"  judged under snapshot {row.snapshot}")
    for document in story.decision.documents if story.decision else ():
        for line in _document(document):
            typer.echo(line)
    for line in (*_people(story), *_sent(story), *_history(story)):
        typer.echo(line)
    for command in commands(story):
        typer.echo(f"  can be done: {command}")


def _document(document: DocumentVerdict) -> Iterator[str]:
    kind = document.classification
    name = f"{kind.form_name or '?'} {kind.designation or ''}" if kind else ""
    register = f", số đến {document.register.number}/{document.register.year}" if document.register else ""
    withdrawn = WITHDRAWN[document.withdrawn] if document.withdrawn else ""
    yield f"  {document.main}: {name} -> {document.verdict.kind}{register}{withdrawn}"
    if document.confirmed:
        yield f"    confirmed by {document.confirmed.name} {document.confirmed.title}".rstrip()
    for finding in document.findings:
        yield from _finding(finding)
    told = {finding.code for finding in document.findings}
    for reason in document.verdict.reasons:
        if reason.code not in told:
            yield from _reason(reason)
    for report in document.signatures:
        yield from _signature(report)


def _finding(finding: Finding) -> Iterator[str]:
    clause = f" [{finding.clause}]" if finding.clause else ""
    yield f"    {finding.severity}: {finding.code}: {finding.message}{clause}"
    if finding.evidence is not None and (seen := _evidence(finding.evidence)):
        yield f"      seen: {seen}"
    if finding.remedy:
        yield f"      remedy: {finding.remedy}"


def _reason(reason: Reason) -> Iterator[str]:
    yield f"    reason: {reason.code}: {reason.message}"


def _evidence(evidence: Evidence) -> str:
    words = " ".join(evidence.words.split())
    shown = f"{words[:MOST_WORDS]}…" if len(words) > MOST_WORDS else words
    where = f"page {evidence.page}" if evidence.page else ""
    return ", ".join(part for part in (f"“{shown}”" if shown else "", where, evidence.rule or "") if part)


def _signature(report: SignatureReport) -> Iterator[str]:
    yield (
        f"    signature {report.field}: {report.status} {report.subindication or ''} {report.role} "
        f"{report.signer or '?'} certificate {report.certificate or '?'}"
    )
    signed = f"signed {_local(report.signed_at)} ({report.time_source})" if report.signed_at else "no time of signing"
    whole = {True: "covers the whole file", False: "does not cover the whole file"}.get(report.covers_whole_file, "")
    yield f"      {', '.join(part for part in (signed, f'revocation {report.revocation}', whole) if part)}"


def _people(story: WholeStory) -> Iterator[str]:
    """Who decided what, applied or not."""
    for act in story.acts:
        answer = f" -> {act.state.lower()}{f': {act.answer}' if act.answer else ''}"
        waits = " (waits for the daemon)" if act.state is ActState.QUEUED else ""
        why = f": {act.why}" if act.why else ""
        yield f"  {_local(act.at)}  {act.kind} by {act.who}{why}{answer}{waits}"
    for said in story.assigned:
        given = said.assignment
        support = f", support {', '.join(given.support)}" if given.support else ""
        due = f", due {given.due_on:%d/%m/%Y}" if given.due_on else ""
        note = f": {given.note}" if given.note else ""
        yield f"  assigned: document {said.ordinal + 1} to {given.lead}{support}{due} by {said.who}{note}"
    for waiver in story.waivers:
        yield f"  waived: {waiver.code} by {waiver.who}: {waiver.why}"


def _sent(story: WholeStory) -> Iterator[str]:
    for delivery in story.deliveries:
        words = f"  {delivery.words}" if delivery.words else ""
        yield f"  {delivery.kind}: {delivery.state} {_to(delivery)}/{delivery.name}{words}"
        if delivery.answer is not None and delivery.answered_at is not None:
            said = f"{delivery.answer} {ANSWERS[delivery.answer]}"
            yield f"    the receiver: {said}  {delivery.answer_words or ''}".rstrip()
        for attempt in story.attempts_at(delivery):
            ended = f"{attempt.outcome}{f': {attempt.words}' if attempt.words else ''}" if attempt.ended_at else "…"
            yield f"    attempt {attempt.number}: {_local(attempt.started_at)}  {ended}"


def _to(delivery: DeliveryRow) -> str:
    return delivery.address if delivery.scheme == "folder" else f"{delivery.scheme}:{delivery.address}"


def _history(story: WholeStory) -> Iterator[str]:
    """Events, and the attempts at deciding among them."""
    happened = [(event.at, f"{event.kind}: {event.words}" if event.words else event.kind) for event in story.events]
    for attempt in story.attempts:
        took = f" after {(attempt.ended_at - attempt.started_at).total_seconds():.1f} s" if attempt.ended_at else ""
        ended = f"failed{took}: {attempt.words}" if attempt.words else f"ended{took}" if attempt.ended_at else "runs"
        happened.append((attempt.started_at, f"attempt {attempt.number}: {ended}"))
    for at, words in sorted(happened, key=lambda each: each[0]):
        yield f"  {_local(at)}  {words}"


def _local(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"
