"""One attempt at a delivery, in a delivery worker: render once, keep the bytes, send."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from vbdaemon.delivery.letters import letter_parcel, transfer_slip
from vbdaemon.delivery.notice import is_secret
from vbdaemon.delivery.parcel import Parcel, digest_parcel, document_parcel, notice_parcel, undelivered_parcel
from vbdaemon.errors import PluginFailed, SpoolDamaged
from vbdaemon.model import Delivery, DeliveryKind, Destination, Outcome
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.rendering.mail_subject import document_words
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions
from vbdaemon.state.gathering import Told
from vbdaemon.state.letters import name_of
from vbdaemon.state.records import Decision, DeliveryRow
from vbdaemon.state.undelivered import Undelivered

SILENT = frozenset({"alarm", "locked", "report"})
"""Letters that say no word of the document whose submission they hang on."""
TO_OTHERS = frozenset({"alarm", "recall", "report"})
"""Letters that go to others than the sender: his mail is nothing to them."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How an attempt ended; `trouble` is for the operator, when something else went wrong on the way."""

    outcome: Outcome
    trouble: str = ""
    seconds: float | None = 0.0
    """That the destination took to answer; None when it was not asked."""


@dataclass(frozen=True, slots=True)
class DeliverTask:
    """Send one delivery of a decided submission, or a digest of many."""

    row: DeliveryRow
    decision_json: str
    """Parsed here: the parent has better things to do. Empty for a digest."""
    told: tuple[Told, ...] = ()
    """What a digest tells."""
    missed: Undelivered | None = None
    """What a notice on a forward that failed is about."""
    details: Mapping[str, str] | None = None
    """What a letter tells, or the slip that goes with an assigned document."""
    plain: bool = False
    """A notice goes out in the built-in words: the plugin that writes it broke a worker."""
    countersign: str = ""
    """What its mail bears besides its id; the key to it stays in the parent."""

    @property
    def decision(self) -> Decision:
        """What was decided."""
        return decisions.parse(self.decision_json) if self.decision_json else Decision(())

    def run(self, place: Workplace) -> Sent:
        """The outcome; a plugin that breaks defers. What was locked away meanwhile leaves nothing rendered behind."""
        sent = self._attempt(place)
        spool = Spool(place.spool)
        if spool.is_quarantined(self.row.submission) and self._tells():
            shutil.rmtree(spool.outgoing(self.row.id), ignore_errors=True)
        return sent

    def _tells(self) -> bool:
        """True for what may have words of the document."""
        return name_of(self.row) not in SILENT and not is_secret(self.decision.documents)

    def _attempt(self, place: Workplace) -> Sent:
        decision = self.decision
        delivery = _delivery(self.row, decision, self.countersign)
        try:
            parcel = self._parcel(delivery, decision, place)
        except (PluginFailed, SpoolDamaged) as error:
            return Sent(Outcome.deferred(str(error)), seconds=None)
        began = time.perf_counter()
        try:
            answer = place.registry.first("deliver", delivery=delivery, files=parcel.files, snapshot=place.snapshot)
        except PluginFailed as error:
            return Sent(Outcome.deferred(str(error)), parcel.trouble, time.perf_counter() - began)
        if answer is None:
            off = ", ".join(each.name for each in place.snapshot.plugins_off if "deliver" in each.hooks)
            if off:
                return Sent(Outcome.deferred(f"plugin {off} is switched off"), parcel.trouble, seconds=None)
            return Sent(Outcome.failed(f"no plugin delivers to {delivery.destination.scheme!r}"), parcel.trouble)
        return Sent(answer.value, parcel.trouble, time.perf_counter() - began)

    def _parcel(self, delivery: Delivery, decision: Decision, place: Workplace) -> Parcel:
        if self.missed is not None:
            return undelivered_parcel(delivery, decision, self.missed, place)
        letter = name_of(self.row)
        if letter is not None:
            return letter_parcel(letter, delivery, decision, self.details or {}, place)
        match delivery.kind:
            case DeliveryKind.FORWARD:
                slip, trouble = transfer_slip(delivery, decision, self.details, place) if self.details else ({}, "")
                parcel = document_parcel(delivery, decision, place, slip)
                return replace(parcel, trouble=parcel.trouble or trouble)
            case DeliveryKind.NOTICE:
                return notice_parcel(delivery, decision, place, plain=self.plain)
            case DeliveryKind.DIGEST:
                return digest_parcel(delivery, self.told, place)


def _delivery(row: DeliveryRow, decision: Decision, countersign: str) -> Delivery:
    letter = name_of(row)
    about_none = letter is not None and row.document is None
    every = () if about_none else decision.documents
    documents = every if row.document is None else (decision.documents[row.document],)
    answers = row.kind is DeliveryKind.NOTICE and letter not in TO_OTHERS
    return Delivery(
        id=row.id,
        submission=row.submission,
        kind=row.kind,
        destination=Destination(row.scheme, row.address, row.unit),
        name=row.name,
        created_at=row.created_at,
        document=row.document,
        subject=document_words(documents),
        in_reply_to=decision.message_id if answers else "",
        countersign=countersign,
    )
