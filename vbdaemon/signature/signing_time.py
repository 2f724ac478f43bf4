"""When was it signed: a verified timestamp, else what the signer's software wrote."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.generic_cms import (
    extract_self_reported_ts,
    extract_tst_data_iter,
    message_imprint_checker,
    validate_tst_signed_data,
)

from vbdaemon.model import TimeSource
from vbdaemon.signature.attempt import Undecidable, attempt
from vbdaemon.signature.entry import entry
from vbdaemon.signature.trust import TrustStore

VIETNAM = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class SigningTime:
    """The time of signing (aware) and what vouches for it."""

    at: datetime | None
    source: TimeSource


async def timestamps(signature: EmbeddedPdfSignature, trust: TrustStore) -> list[datetime | None]:
    """The times of a signature's RFC 3161 timestamps; None for each that does not verify at its own time."""
    imprint = message_imprint_checker(signature.signer_info)
    return [
        await proven_time(token, imprint, trust) for token in extract_tst_data_iter(signature.signer_info, signed=False)
    ]


async def proven_time(token: cms.SignedData, imprint: Callable[[str], bytes], trust: TrustStore) -> datetime | None:
    """The time that a timestamp proves for what has this digest; None when it does not verify at its own time."""
    made_at = token["encap_content_info"]["content"].parsed["gen_time"].native
    facts = await validate_tst_signed_data(token, trust.context(made_at), imprint)
    good = facts["intact"] and facts["valid"] and facts["trust_problem_indic"] is None and facts["validation_path"]
    return _aware(made_at) if good else None


def claimed(signature: EmbeddedPdfSignature) -> datetime | None:
    """What the signer's software wrote: /M first, since the signing-time attribute is often local time called UTC."""
    written = attempt(lambda: _modified(signature))
    if isinstance(written, datetime):
        return _aware(written)
    attribute = attempt(lambda: _attribute(signature.signer_info))
    return None if attribute is None or isinstance(attribute, Undecidable) else _aware(attribute)


def _modified(signature: EmbeddedPdfSignature) -> datetime | None:
    written = entry(signature.sig_object, "/M")
    if written is None:
        return None
    parsed = generic.parse_pdf_date(written, strict=False)
    return parsed if isinstance(parsed, datetime) else None


def _attribute(signer: cms.SignerInfo) -> datetime | None:
    return extract_self_reported_ts(signer)


def _aware(moment: datetime) -> datetime:
    """A time without zone was written by software in Vietnam."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
