"""Pictures of later signatures: over signed words they hold the document, above the heading they do not."""

from dataclasses import replace
from pathlib import Path

import pytest

from vbdaemon.builtin.validity_cover import cover_findings
from vbdaemon.builtin.validity_view import SignatureView
from vbdaemon.model import (
    Box,
    Classification,
    Content,
    ContentKind,
    Document,
    Evidence,
    File,
    FileRole,
    Found,
    Line,
    Page,
    Policy,
    Position,
    SignatureArea,
    SignatureReport,
    SignatureStatus,
    SignerRole,
    Snapshot,
    TextSource,
)

ISSUER = "Ủy ban nhân dân huyện Thử Nghiệm"
WORDS = Line("Tổng số tiền là 5.000.000 đồng", Box(85, 400, 400, 414))
OWN = Line("Trung tâm Công báo", Box(85, 400, 200, 414), source=TextSource.WIDGET)


def report(name: str, box: Box | None, page: int = 1) -> SignatureReport:
    area = SignatureArea.OTHER if box else SignatureArea.INVISIBLE
    return SignatureReport(
        file="m",
        file_name="m.pdf",
        field=name,
        status=SignatureStatus.PASSED,
        role=SignerRole.ORGANISATION,
        signer=name,
        position=Position(page, area, box),
    )


SEAL = report(ISSUER, Box(300, 500, 400, 600))


def codes(signatures, **page) -> list[str]:
    content = Content("m", ContentKind.PDF, (Page(1, 595, 842, **({"lines": (WORDS, OWN)} | page)),), 1)
    file = File("m.pdf", "m", 1, "application/pdf", Path("m.pdf"), FileRole.MAIN)
    issuer = Found(ISSUER, 1.0, TextSource.TEXT, Evidence(ISSUER, "m", 1))
    snapshot = Snapshot("1", policy=Policy(()))
    view = SignatureView(
        Document(file, contents=(content,)), Classification(issuer=issuer), tuple(signatures), snapshot
    )
    return [finding.code for finding in cover_findings(view)]


@pytest.mark.parametrize(
    ("box", "page", "held"),
    [
        (Box(200, 395, 300, 420), {}, True),
        (Box(200, 405, 210, 412), {}, True),
        (Box(200, 412, 300, 450), {}, False),
        (Box(402, 395, 500, 420), {}, False),
        (Box(262, 6, 439, 62), {}, False),
        (Box(262, 6, 439, 62), {"image_only": True}, False),
        (Box(262, 300, 439, 362), {"image_only": True}, True),
        (Box(90, 395, 190, 420), {"lines": (OWN,)}, False),
        (None, {}, False),
    ],
)
def test_a_later_picture_over_signed_words_holds(box, page, held):
    assert codes([SEAL, report("Trung tâm Công báo", box)], **page) == ["later-signature-over-content"] * held


def test_the_issuer_itself_and_what_it_signed_after_cover_nothing():
    over = report("Trung tâm Công báo", Box(200, 395, 300, 420))
    assert codes([SEAL, over]) == ["later-signature-over-content"]
    assert codes([over, SEAL]) == []
    assert codes([SEAL, replace(SEAL, position=over.position)]) == []
    assert codes([over]) == [], "without the issuer's signature another finding holds"
    assert codes([SEAL, replace(over, position=None)]) == []
    assert codes([SEAL, replace(over, position=replace(over.position, page=7))]) == []
