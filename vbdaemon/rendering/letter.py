"""What a notice says, as frozen values in ready words; the templates only lay them out."""

from dataclasses import dataclass

from vbdaemon.model import DocumentVerdict, Snapshot, Submission, Unit
from vbdaemon.rendering.answer import DocumentAnswer, Pictures, answer_for
from vbdaemon.rendering.words import (
    NO_OFFICE,
    channel_words,
    contact_words,
    local_moment,
    local_moment_english,
    sentence,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice to one sender, about every document of a submission."""

    id: str
    office: str
    letterhead: str
    """Parent body and office, without the parts that the settings leave empty."""
    address: str
    telephone: str
    contact: str
    sender: str
    received: str
    received_english: str
    channel: str
    channel_english: str
    documents: tuple[DocumentAnswer, ...]
    superior: bool
    """The sender or an issuer stands above this office: asked politely, never refused."""
    english: bool
    """The sender reads English: an English text follows the Vietnamese one."""


def letter_for(
    submission: Submission, verdicts: tuple[DocumentVerdict, ...], snapshot: Snapshot, pictures: Pictures
) -> Letter:
    """The words of the notice on these verdicts."""
    office, envelope = snapshot.office, submission.envelope
    sender = sending_unit(submission, snapshot)
    channel, channel_english = channel_words(envelope.channel)
    name = sentence(office.name) or NO_OFFICE
    return Letter(
        id=submission.id,
        office=name,
        letterhead=" – ".join(part for part in (sentence(office.parent), name) if part),
        address=sentence(office.address) or name,
        telephone=sentence(office.telephone),
        contact=sentence(contact_words(office)),
        sender=sentence(sender.name) if sender else "Quý cơ quan, đơn vị gửi",
        received=local_moment(envelope.received_at),
        received_english=local_moment_english(envelope.received_at),
        channel=channel,
        channel_english=channel_english,
        documents=tuple(answer_for(each, submission, pictures, snapshot.directory) for each in verdicts),
        superior=_is_superior(sender, verdicts, snapshot),
        english=bool(sender and sender.language == "en"),
    )


def sending_unit(submission: Submission, snapshot: Snapshot) -> Unit | None:
    """The unit that handed in: the source's, else the one that owns the envelope's sender address."""
    envelope, directory = submission.envelope, snapshot.directory
    unit = directory.unit(envelope.unit)
    if unit or not envelope.mail_from:
        return unit
    owner = directory.by_address.get(envelope.mail_from.casefold())
    return owner[0] if owner else None


def _is_superior(sender: Unit | None, verdicts: tuple[DocumentVerdict, ...], snapshot: Snapshot) -> bool:
    issuers = {v.classification.issuer_unit for v in verdicts if v.classification}
    codes = issuers | {sender.code if sender else None}
    return any(snapshot.directory.is_above(code, snapshot.office.unit) for code in codes if code)
