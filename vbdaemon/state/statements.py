"""The statements of the hot path, built once: building an expression costs more than running it.

Places that a statement compares with end in an underscore (`id_`); further keys given when it is run are columns.
"""

from sqlalchemy import BindParameter, bindparam, delete, func, insert, select, update

from vbdaemon.model import DeliveryKind
from vbdaemon.state.records import DeliveryState
from vbdaemon.state.tables import (
    attempts,
    corrections,
    counters,
    decisions,
    deliveries,
    delivery_attempts,
    documents,
    events,
    pieces,
    submissions,
    waivers,
)

ID: BindParameter[str] = bindparam("id_")

ADD_EVENT = insert(events)

ADD_SUBMISSION = insert(submissions)
SUBMISSION = select(submissions).where(submissions.c.id == ID)
SUBMISSION_ID = select(submissions.c.id).where(submissions.c.id == ID)
SUBMISSION_BY_KEY = select(submissions.c.id).where(
    submissions.c.source == bindparam("source_"), submissions.c.source_key == bindparam("key_")
)
SUBMISSION_STAND = select(submissions.c.version, submissions.c.state).where(submissions.c.id == ID)
CHANGE_SUBMISSION = update(submissions).where(submissions.c.id == ID)
MOVE_SUBMISSION = CHANGE_SUBMISSION.values(version=submissions.c.version + 1)
CORRECTIONS = select(corrections).where(corrections.c.submission_id == ID).order_by(corrections.c.id)
PIECE = select(pieces).where(pieces.c.submission_id == ID)
WAIVERS = select(waivers).where(waivers.c.submission_id == ID)

NEXT_ATTEMPT = select(func.coalesce(func.max(attempts.c.number), 0) + 1).where(attempts.c.submission_id == ID)
ADD_ATTEMPT = insert(attempts)
END_ATTEMPT = update(attempts).where(attempts.c.submission_id == ID, attempts.c.ended_at.is_(None))

ADD_DECISION = insert(decisions)
LATEST_DECISION = (
    select(decisions.c.body).where(decisions.c.submission_id == ID).order_by(decisions.c.version.desc()).limit(1)
)
DECISION_AT = select(decisions.c.body).where(
    decisions.c.submission_id == ID, decisions.c.version == bindparam("version_")
)

ADD_DOCUMENTS = insert(documents)
DROP_DOCUMENTS = delete(documents).where(documents.c.submission_id == ID)
NUMBERED_DOCUMENTS = select(documents).where(documents.c.submission_id == ID, documents.c.register_number.is_not(None))
ACCEPTED_BYTES = select(documents).where(
    documents.c.main_sha256 == bindparam("main_"),
    documents.c.first_page == bindparam("page_"),
    documents.c.accepted,
    documents.c.submission_id != ID,
)
ACCEPTED_DESIGNATION = (
    select(documents.c.submission_id)
    .where(
        documents.c.accepted,
        documents.c.number == bindparam("number_"),
        documents.c.symbol == bindparam("symbol_"),
        documents.c.issued_on == bindparam("issued_"),
        documents.c.issuer == bindparam("issuer_"),
        documents.c.submission_id != ID,
    )
    .limit(1)
)

_COUNTER = (counters.c.book == bindparam("book_")) & (counters.c.year == bindparam("year_"))
RAISE_COUNTER = update(counters).where(_COUNTER).values(last=counters.c.last + 1)
ADD_COUNTER = insert(counters)
COUNTER = select(counters.c.last).where(_COUNTER)

ADD_DELIVERIES = insert(deliveries)
DELIVERY_KEYS = select(deliveries.c.key).where(deliveries.c.submission_id == ID)
START_DELIVERY = (
    update(deliveries)
    .where(deliveries.c.id == ID, deliveries.c.state == DeliveryState.DUE)
    .values(attempts=deliveries.c.attempts + 1)
    .returning(deliveries.c.attempts)
)
CHANGE_DELIVERY = update(deliveries).where(deliveries.c.id == ID)
CHANGE_DUE_DELIVERY = CHANGE_DELIVERY.where(deliveries.c.state == DeliveryState.DUE)
CANCEL_DELIVERIES = (
    update(deliveries)
    .where(
        deliveries.c.submission_id == ID,
        deliveries.c.state.in_((DeliveryState.DUE, DeliveryState.GATHERED)),
        deliveries.c.kind != DeliveryKind.DIGEST,
        ~deliveries.c.key.startswith("letter:alarm:"),  # these hang on a submission, and are not about its decision
        ~deliveries.c.key.startswith("letter:report:"),
        ~(deliveries.c.key.in_(bindparam("wanted_", expanding=True)) & (deliveries.c.attempts > 0)),
        ~deliveries.c.key.in_(bindparam("ordered_", expanding=True)),
    )
    .values(state=DeliveryState.CANCELLED, key=deliveries.c.key + "#" + deliveries.c.id)
)
CANCEL_UNDECIDED = CANCEL_DELIVERIES.where(
    ~deliveries.c.key.startswith("letter:recall:"),
    ~deliveries.c.key.startswith("letter:withdrawn:"),
    ~deliveries.c.key.startswith("letter:denied:"),
    ~deliveries.c.key.startswith("letter:forwarded:"),
    ~deliveries.c.key.startswith("undelivered:"),
)
"""Likewise, but not what tells of something that has happened, whatever is decided next."""
CANCEL_DECIDED = CANCEL_DELIVERIES.where(
    deliveries.c.key.startswith("forward:") | deliveries.c.key.startswith("notice:")
)
"""Likewise, but only what the decision itself sent, nothing of what people ordered since."""
ADD_DELIVERY_ATTEMPT = insert(delivery_attempts)
END_DELIVERY_ATTEMPT = update(delivery_attempts).where(
    delivery_attempts.c.delivery_id == ID, delivery_attempts.c.ended_at.is_(None)
)
DROP_DELIVERY_ATTEMPT = delete(delivery_attempts).where(
    delivery_attempts.c.delivery_id == ID, delivery_attempts.c.ended_at.is_(None)
)
TAKE_BACK_DELIVERY = CHANGE_DELIVERY.where(deliveries.c.attempts > 0).values(attempts=deliveries.c.attempts - 1)
