"""Everything that is known of one submission, gathered from the state; as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vbdaemon.model import DeliveryKind, Event, Waiver
from vbdaemon.operation.contract import document as document_json
from vbdaemon.state import decisions, deliveries, events, follow, stories, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.follow import Assigned
from vbdaemon.state.records import ActRow, Decision, DeliveryRow, HoldKind, SubmissionRow, SubmissionState
from vbdaemon.state.stories import Attempt, DecisionMade, DeliveryAttempt

COMMANDS = {
    SubmissionState.HELD: ("release", "reject", "retry"),
    SubmissionState.WAITING: ("hold", "reject"),
    SubmissionState.REJECTED: ("retry",),
    SubmissionState.ACCEPTED: ("hold",),
}


@dataclass(frozen=True, slots=True)
class WholeStory:
    """One submission from its receipt until now."""

    row: SubmissionRow
    decision: Decision | None
    decided: tuple[DecisionMade, ...]
    attempts: tuple[Attempt, ...]
    deliveries: tuple[DeliveryRow, ...]
    delivery_attempts: tuple[DeliveryAttempt, ...]
    acts: tuple[ActRow, ...]
    assigned: tuple[Assigned, ...]
    waivers: tuple[Waiver, ...]
    events: tuple[Event, ...]

    def attempts_at(self, delivery: DeliveryRow) -> tuple[DeliveryAttempt, ...]:
        """Attempts of one delivery, in their order."""
        return tuple(attempt for attempt in self.delivery_attempts if attempt.delivery == delivery.id)


def gather(connection: Connection, submission_id: str) -> WholeStory:
    """The story; UnknownSubmission when there is none."""
    return WholeStory(
        row=submissions.get(connection, submission_id),
        decision=decisions.latest(connection, submission_id),
        decided=stories.decisions_of(connection, submission_id),
        attempts=stories.attempts_of(connection, submission_id),
        deliveries=deliveries.of_submission(connection, submission_id),
        delivery_attempts=stories.delivery_attempts_of(connection, submission_id),
        acts=stories.acts_of(connection, submission_id),
        assigned=follow.assigned(connection, submission_id),
        waivers=submissions.waivers_of(connection, submission_id),
        events=events.of_submission(connection, submission_id),
    )


def commands(story: WholeStory) -> tuple[str, ...]:
    """The exact commands that a person can give now."""
    row = story.row
    verbs = COMMANDS.get(row.state, ())
    if row.hold_kind is HoldKind.FAILURE:  # nothing was decided, so there is nothing to release
        verbs = ("retry", "reject")
    if row.state is SubmissionState.HELD and story.decision and story.decision.recall:
        verbs = ("recall", "reject")
    if row.state is SubmissionState.ACCEPTED and any(
        each.kind is DeliveryKind.FORWARD and each.attempts for each in story.deliveries
    ):
        verbs = ("recall",)
    given = [f'vbdaemon {verb} {row.id} --reason "…"' for verb in verbs]
    if row.state is SubmissionState.ACCEPTED:
        given.append(f"vbdaemon assign {row.id} --lead UNIT")
    return tuple(given)


def as_json(story: WholeStory) -> dict[str, Any]:
    """The story for programs; unknown is null."""
    row, decision = story.row, story.decision
    return {
        "id": row.id,
        "source": row.source,
        "received_at": row.received_at.isoformat(),
        "acknowledged": row.acknowledged,
        "state": row.state,
        "hold_kind": row.hold_kind,
        "verdict": row.verdict,
        "version": row.version,
        "snapshot": row.snapshot,
        "decided_at": _moment(row.decided_at),
        "plugins": list(decision.plugins) if decision else [],
        "documents": [document_json(each) for each in decision.documents] if decision else [],
        "decisions": [_row(version=d.version, at=d.decided_at, snapshot=d.snapshot) for d in story.decided],
        "attempts": _attempts(story.attempts),
        "deliveries": [_delivery(delivery, story) for delivery in story.deliveries],
        "acts": [_act(act) for act in story.acts],
        "assignments": [
            _row(document=a.ordinal, lead=a.assignment.lead, support=list(a.assignment.support), who=a.who, at=a.at)
            | _row(due_on=a.assignment.due_on.isoformat() if a.assignment.due_on else None, note=a.assignment.note)
            for a in story.assigned
        ],
        "waivers": [_row(code=w.code, file=w.file, who=w.who, why=w.why) for w in story.waivers],
        "events": [_row(at=e.at, kind=e.kind, words=e.words) for e in story.events],
        "commands": list(commands(story)),
    }


def _delivery(delivery: DeliveryRow, story: WholeStory) -> dict[str, Any]:
    return {
        **_row(id=delivery.id, kind=delivery.kind, state=delivery.state, scheme=delivery.scheme, to=delivery.address),
        **_row(unit=delivery.unit, name=delivery.name, words=delivery.words, document=delivery.document),
        **_row(created_at=delivery.created_at, due_at=delivery.due_at),
        **_row(answer=delivery.answer, answered_at=delivery.answered_at, answer_words=delivery.answer_words),
        "attempts": [
            _row(number=a.number, started_at=a.started_at, ended_at=a.ended_at, outcome=a.outcome, words=a.words)
            for a in story.attempts_at(delivery)
        ],
    }


def _attempts(attempts: Iterable[Attempt]) -> list[dict[str, Any]]:
    return [_row(number=a.number, started_at=a.started_at, ended_at=a.ended_at, words=a.words) for a in attempts]


def _act(act: ActRow) -> dict[str, Any]:
    return _row(at=act.at, kind=act.kind, who=act.who, why=act.why, state=act.state, answer=act.answer)


def _row(**values: Any) -> dict[str, Any]:
    return {name: _moment(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
