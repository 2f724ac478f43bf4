"""Tries a site's templates on an invented submission, before a sender's is at stake."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from vbdaemon.errors import TemplateBroken
from vbdaemon.model import (
    Channel,
    Classification,
    Confirmation,
    CorrectedField,
    Correction,
    Delivery,
    DeliveryKind,
    Destination,
    Directory,
    DocumentVerdict,
    Envelope,
    Evidence,
    File,
    FileRole,
    Finding,
    Found,
    NoticeRules,
    PlacePicture,
    Purpose,
    Reason,
    RegisterNumber,
    Severity,
    SignatureReport,
    SignatureStatus,
    SignerRole,
    Snapshot,
    Submission,
    TextSource,
    Unit,
    Verdict,
)
from vbdaemon.rendering.digest import DigestLine, render_digest
from vbdaemon.rendering.mail_cover import render_cover
from vbdaemon.rendering.notice import render_notice
from vbdaemon.rendering.sheet import render_sheet
from vbdaemon.rendering.signature_sheet import render_signature_sheet
from vbdaemon.rendering.templates import template_mistakes
from vbdaemon.rendering.undelivered import render_undelivered

_AT = datetime(2025, 1, 15, 2, 30, tzinfo=UTC)
_MAIN = "a" * 64
_UNITS = (Unit("thu", "Đơn vị thử"), Unit("thu-en", "Trial unit", language="en"))
_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550"
    "000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082"
)
"""A picture of one pixel."""


def mistakes(site: Path, snapshot: Snapshot) -> tuple[str, ...]:
    """Why a site's templates cannot be used, a line each: read first, then tried with this office's own words."""
    found = dict.fromkeys(template_mistakes(site))
    for render in _trials(
        replace(snapshot, templates=site, notices=NoticeRules(pdf=True), directory=Directory(_UNITS))
    ):
        try:
            render()
        except TemplateBroken as broken:
            found[str(broken)] = None
    return tuple(found)


def _trials(snapshot: Snapshot) -> Iterator[Callable[[], object]]:
    """One call for each kind of page."""
    refused, accepted = _document(Verdict.reject), _document(lambda *_: Verdict.accept())
    held, back = _document(Verdict.hold), replace(refused, returned=True)
    again = replace(accepted, register=None, duplicate_of=accepted.register)
    told = ((refused,), (back,), (accepted,), (again,), (held,), (), (accepted, refused, held))
    secret = (replace(refused, verdict=Verdict.quarantine()),)
    for unit in _UNITS:
        for documents in (*told, secret):
            yield lambda d=documents, u=unit: render_notice(_submission(u), d, snapshot)  # type: ignore[misc]  # as usual
        asked = _submission(unit, Purpose.PREFLIGHT)
        yield lambda s=asked: render_notice(s, (refused, held, accepted), snapshot)  # type: ignore[misc]  # as usual
    lines = (DigestLine("thu-1", _AT, (refused, held)), DigestLine("thu-2", _AT))
    forward = Delivery("thu-1", "thu", DeliveryKind.FORWARD, Destination("smtp", "thu@example.vn", "thu"), "thu", _AT)
    yield lambda: render_digest(lines, _AT, snapshot)
    yield lambda: render_undelivered(forward, accepted, forward.destination, snapshot)
    yield lambda: render_sheet(forward, _submission(_UNITS[0]), accepted, (), snapshot)
    yield lambda: render_cover(forward, _submission(_UNITS[0]), accepted, (), snapshot)
    yield lambda: render_signature_sheet(
        "thu", accepted, (), snapshot.policy, snapshot.office, _AT, pdf=False, site=snapshot.templates
    )


def _submission(unit: Unit, purpose: Purpose = Purpose.EXCHANGE) -> Submission:
    main = File("van-ban-thu.pdf", _MAIN, 1000, "application/pdf", Path("/nonexistent"), FileRole.MAIN)
    return Submission("thu", Envelope("thu", Channel.FOLDER, _AT, unit=unit.code, purpose=purpose), (main,))


def _document(verdict: Callable[..., Verdict]) -> DocumentVerdict:
    """A document with everything that a notice can tell of one."""
    place = Evidence("thử", _MAIN, 1)
    code = "organisation-signature-missing"
    wrong = Finding(code, Severity.ERROR, "Sai.", "Wrong.", "điểm 1", "Sửa.", "Mend.", place)
    beside = Finding("weak-digest", Severity.WARNING, "Lưu ý.", "Remark.", remedy="Sửa.")
    due = Finding("paper-also-due", Severity.NOTE, "Giấy.", clause="Phụ lục II")
    signed = SignatureReport(_MAIN, "van-ban-thu.pdf", "S", SignatureStatus.PASSED, role=SignerRole.ORGANISATION)
    return DocumentVerdict(
        main="van-ban-thu.pdf",
        main_sha256=_MAIN,
        files=(_MAIN,),
        classification=_classification(),
        signatures=(signed,),
        findings=(wrong, beside, due),
        verdict=verdict(Reason.of(wrong)),
        register=RegisterNumber("den", 2025, 1, date(2025, 1, 15)),
        corrections=(Correction(_MAIN, 1, CorrectedField.NUMBER, "1", "thử", "thử"),),
        confirmed=Confirmation("Người Thử", "Chức vụ", _AT),
        pictures=(PlacePicture(_MAIN, 1, None, _DOT),),
    )


def _classification() -> Classification:
    def read(words: str) -> Found[str]:
        return Found(words, 1.0, TextSource.TEXT, Evidence(words, _MAIN, 1))

    return Classification(
        form=read("cong-van"),
        form_name="Công văn",
        number=read("1"),
        symbol=read("THU"),
        issuer=read("ĐƠN VỊ THỬ"),
        subject=read("V/v thử mẫu phiếu"),
    )
