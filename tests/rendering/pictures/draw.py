"""Draws the two pictures of this folder anew: a refusal in a browser (chromium), and as signed PDF. Names are invented.

Run from the project's folder:  python tests/rendering/pictures/draw.py
"""

import hashlib
import io
import shutil
import subprocess
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from vbdaemon.demo.document import DemoDocument
from vbdaemon.demo.pki import DemoPki
from vbdaemon.demo.typesetting import typeset
from vbdaemon.model import (
    Box,
    Channel,
    Confirmation,
    Directory,
    DocumentVerdict,
    Envelope,
    Evidence,
    File,
    FileRole,
    Notice,
    NoticeRules,
    Office,
    PlacePicture,
    Reason,
    Snapshot,
    Submission,
    Unit,
    Verdict,
)
from vbdaemon.reading.crop import crop_png
from vbdaemon.rendering.notice import render_notice
from vbdaemon.rendering.seal_drawing import draw_seal
from vbdaemon.rules.loader import load_policy
from vbdaemon.signature.office_seal import name_on, seal
from vbdaemon.testing import make_classification

HERE = Path(__file__).parent
RECEIVED = datetime(2026, 3, 2, 1, 43, tzinfo=UTC)
CONFIRMED = datetime(2026, 3, 2, 3, 5, 12, tzinfo=UTC)
WIDTH, HEIGHT = 900, 1480
OFFICE = Office(
    name="Văn phòng HĐND và UBND huyện Sông Lam",
    parent="Ủy ban nhân dân huyện Sông Lam",
    unit="H99",
    address="số 1 đường Bờ Sông, thị trấn Bến Lam",
    telephone="0200 000 0000",
    email="vanthu@songlam.example",
    contact="Ngô Minh Châu",
    contact_title="Văn thư",
)
UNITS = (
    Unit("H99", "Ủy ban nhân dân huyện Sông Lam"),
    Unit("H99.21", "Ủy ban nhân dân xã Đồng Mẫu", parent="H99", folder="xa-dong-mau"),
)
LETTER = DemoDocument(
    issuer="ỦY BAN NHÂN DÂN\nXÃ ĐỒNG MẪU",
    symbol="UBND-VP",
    number="15",
    place="Đồng Mẫu",
    issued_on=date(2026, 2, 27),
    subject="báo cáo kết quả rà soát thủ tục hành chính quý I năm 2026",
    addressees=("Văn phòng HĐND và UBND huyện Sông Lam",),
    paragraphs=(
        "Thực hiện kế hoạch của Ủy ban nhân dân huyện, Ủy ban nhân dân xã Đồng Mẫu báo cáo kết quả rà soát như sau.",
        "Trong quý I năm 2026, xã đã rà soát 42 thủ tục, đề nghị đơn giản hóa 03 thủ tục thuộc lĩnh vực hộ tịch.",
        "Ủy ban nhân dân xã kính đề nghị Văn phòng tổng hợp, báo cáo Ủy ban nhân dân huyện./.",
    ),
    authority="TM. ỦY BAN NHÂN DÂN",
    title="CHỦ TỊCH",
    signer="Trần Văn Mẫu",
    recipients=("Như trên", "Lưu: VT"),
)


def refusal() -> tuple[Notice, tuple[DocumentVerdict, ...]]:
    """The notice on a letter that nobody signed, refused by a person."""
    made = typeset(LETTER)
    sha256 = hashlib.sha256(made.pdf).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "15.pdf")
        path.write_bytes(made.pdf)
        near = Box(made.signature.x0 - 6, made.signature.y0 - 38, made.signature.x1 + 6, made.signature.y1 + 46)
        picture = PlacePicture(sha256, made.page, near, crop_png(path, made.page, near) or b"")
    policy = load_policy()
    wrong = (
        policy.finding("organisation-signature-missing"),
        policy.finding("person-signature-or-scan-missing", Evidence("", sha256, picture.page, picture.box)),
    )
    remark = policy.finding("editable-file-missing")
    kind = make_classification(
        symbol="UBND-VP",
        issued_on=LETTER.issued_on,
        issuer="ỦY BAN NHÂN DÂN XÃ ĐỒNG MẪU",
        issuer_unit="H99.21",
        subject="V/v báo cáo kết quả rà soát thủ tục hành chính quý I năm 2026",
    )
    verdict = DocumentVerdict(
        "15-UBND-VP.pdf",
        sha256,
        (sha256,),
        kind,
        (),
        (*wrong, remark),
        Verdict.reject(*(Reason.of(each) for each in wrong)),
        confirmed=Confirmation("Lê Văn An", "Phó Chánh Văn phòng", CONFIRMED),
        pictures=(picture,),
    )
    main = File("15-UBND-VP.pdf", sha256, len(made.pdf), "application/pdf", Path("/nonexistent"), FileRole.MAIN)
    envelope = Envelope("xa-dong-mau/gui", Channel.FOLDER, RECEIVED, unit="H99.21")
    snapshot = Snapshot("draw", office=OFFICE, directory=Directory(UNITS), policy=policy, notices=NoticeRules(pdf=True))
    return render_notice(Submission("260302-7K3MX0QA", envelope, (main,)), (verdict,), snapshot), (verdict,)


def in_browser(html: str) -> bytes:
    """A screenshot of the page."""
    browser = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder, "phieu.html"), Path(folder, "phieu.png")
        page.write_text(html, "utf-8")
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={WIDTH},{HEIGHT}")
        subprocess.run([browser, *flags, f"--screenshot={shot}", page.as_uri()], check=True, capture_output=True)
        return _small(Image.open(shot))


def on_paper(notice: Notice) -> bytes:
    """The first page of the PDF, signed with a certificate of the demo authority."""
    pki = DemoPki.create(CONFIRMED, new_key=lambda: ec.generate_private_key(ec.SECP256R1()))
    office = pki.issue(OFFICE.name)
    assert notice.pdf is not None
    signed = seal(notice.pdf, office, CONFIRMED, draw_seal(name_on(office), CONFIRMED)).pdf
    document = pypdfium2.PdfDocument(signed)
    document.init_forms()
    return _small(document[0].render(scale=1.5, may_draw_forms=True, rev_byteorder=True).to_pil())


def _small(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").quantize(255, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    notice, _ = refusal()
    (HERE / "refusal-html.png").write_bytes(in_browser(notice.html))
    (HERE / "refusal-pdf.png").write_bytes(on_paper(notice))
