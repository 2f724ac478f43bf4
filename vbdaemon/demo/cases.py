"""What the demo hands in, and what should become of it. Cases are values: no other code knows any of them."""

from dataclasses import dataclass

from vbdaemon.demo.papers import Builder, born_digital, draft_with_submission, scanned, unsigned
from vbdaemon.demo.post import address_of
from vbdaemon.demo.site import GUEST_DROP
from vbdaemon.demo.tampering import changed_after_signing, changed_in_place, damaged_in_the_middle
from vbdaemon.model import VerdictKind


@dataclass(frozen=True, slots=True)
class Expectation:
    """What should become of a case."""

    verdict: VerdictKind
    codes: frozenset[str] = frozenset()
    """Codes that must be among the findings or reasons; others may stand beside them."""


@dataclass(frozen=True, slots=True)
class DemoCase:
    """Some files that are dropped together, and what should become of them."""

    name: str
    english: str
    vietnamese: str
    drop: str
    """Drop folder, relative to the exchange root."""
    files: Builder
    expected: Expectation
    without_ocr: Expectation | None = None
    """What is expected where no OCR is installed; None = the same."""
    bundle: str | None = None
    """Name of the sub-folder that holds the files together; None = the files lie loose."""
    by_mail: bool = False
    """The unit sends the files as a mail instead."""

    @property
    def way(self) -> str:
        """How the files come: the drop folder, or the mail address they are sent from."""
        return address_of(self.drop.partition("/")[0]) if self.by_mail else self.drop


def _expect(verdict: VerdictKind, *codes: str) -> Expectation:
    return Expectation(verdict, frozenset(codes))


_ACCEPT, _HOLD, _REJECT = VerdictKind.ACCEPT, VerdictKind.HOLD, VerdictKind.REJECT
_UNREAD = _expect(_HOLD, "ocr-unavailable")

CASES = (
    DemoCase(
        "letter",
        "an official letter with both signatures and its Word file",
        "công văn có đủ hai chữ ký số và tệp soạn thảo",
        "phong-noi-vu/gui",
        born_digital("phong-noi-vu", "review-letter"),
        _expect(_ACCEPT),
    ),
    DemoCase(
        "scan",
        "a scanned report, signed by the organisation at the top right",
        "báo cáo bản quét, cơ quan ký số ở góc trên bên phải",
        "xa-ha-lam/gui",
        scanned("xa-ha-lam", "harvest-report"),
        _expect(_ACCEPT),
        _UNREAD,
    ),
    DemoCase(
        "unsigned",
        "a notice that nobody signed",
        "thông báo không có chữ ký số",
        "phong-giao-duc/gui",
        unsigned("phong-giao-duc", "contest-notice"),
        _expect(_REJECT, "organisation-signature-missing"),
        by_mail=True,
    ),
    DemoCase(
        "altered",
        "a plan that was altered after signing",
        "kế hoạch bị sửa đổi sau khi ký",
        "phong-van-hoa/gui",
        born_digital("phong-van-hoa", "library-plan", tampering=changed_after_signing),
        _expect(_REJECT, "altered-after-signing"),
    ),
    DemoCase(
        "broken",
        "a guideline of which one signed byte was changed",
        "hướng dẫn có nội dung đã ký bị thay đổi",
        "phong-van-hoa/gui",
        born_digital("phong-van-hoa", "signboard-guide", tampering=changed_in_place),
        _expect(_REJECT, "signature-broken"),
    ),
    DemoCase(
        "revoked",
        "a letter signed with a certificate that had been revoked",
        "công văn ký bằng chứng thư số đã bị thu hồi",
        "thi-tran-ben-lam/gui",
        born_digital("thi-tran-ben-lam", "market-letter", by="revoked"),
        _expect(_REJECT, "certificate-revoked"),
    ),
    DemoCase(
        "foreign-ca",
        "a report signed with certificates of an unknown CA",
        "báo cáo ký bằng chứng thư số của tổ chức chứng thực chưa biết",
        "phong-tai-chinh-ke-hoach/gui",
        born_digital("phong-tai-chinh-ke-hoach", "budget-report", by="foreign"),
        _expect(_HOLD, "certificate-untrusted"),
    ),
    DemoCase(
        "guest",
        "a letter of a sender who is not in the directory",
        "công văn của bên gửi chưa có trong danh bạ",
        GUEST_DROP,
        born_digital("khach", "guest-letter"),
        _expect(_HOLD, "sender-unknown"),
    ),
    DemoCase(
        "contract",
        "a contract, which travels on paper only",
        "hợp đồng, chỉ gửi bản giấy",
        "phong-tai-chinh-ke-hoach/gui",
        born_digital("phong-tai-chinh-ke-hoach", "service-contract"),
        _expect(_REJECT, "paper-only-form"),
    ),
    DemoCase(
        "submission",
        "a Tờ trình, which travels electronically and on paper",
        "tờ trình, gửi bản điện tử kèm bản giấy",
        "phong-noi-vu/gui",
        born_digital("phong-noi-vu", "staff-submission"),
        _expect(_ACCEPT, "paper-also-due"),
        by_mail=True,
    ),
    DemoCase(
        "secret",
        "a document marked MẬT",
        "văn bản có dấu chỉ độ MẬT",
        "xa-ha-lam/gui",
        born_digital("xa-ha-lam", "secret-report"),
        _expect(VerdictKind.QUARANTINE, "secret-marking"),
    ),
    DemoCase(
        "draft-of-specialist",
        "a draft with its Tờ trình from a specialist's folder",
        "dự thảo kèm tờ trình gửi từ tài khoản chuyên viên",
        "phong-tai-chinh-ke-hoach/gui-chuyen-vien",
        draft_with_submission("phong-tai-chinh-ke-hoach", "saving-submission", "saving-draft", scan_submission=False),
        _expect(_REJECT, "draft-from-non-leader"),
        bundle="du-thao-tiet-kiem",
    ),
    DemoCase(
        "draft-of-leader",
        "a draft with its sealed and scanned Tờ trình from the leader's folder",
        "dự thảo kèm tờ trình (bản quét có dấu) gửi từ tài khoản lãnh đạo",
        "phong-tai-chinh-ke-hoach/gui-lanh-dao",
        draft_with_submission(
            "phong-tai-chinh-ke-hoach", "investment-submission", "investment-draft", scan_submission=True
        ),
        _expect(_ACCEPT),
        _UNREAD,
        bundle="du-thao-sua-chua-tru-so",
    ),
    DemoCase(
        "no-word-file",
        "a notice without its Word file",
        "thông báo không kèm tệp soạn thảo",
        "phong-giao-duc/gui",
        born_digital("phong-giao-duc", "holiday-notice", word=False),
        _expect(_ACCEPT, "editable-file-missing"),
    ),
    DemoCase(
        "damaged",
        "a PDF damaged in its middle",
        "tệp PDF bị hỏng ở giữa",
        "thi-tran-ben-lam/gui",
        born_digital("thi-tran-ben-lam", "drainage-letter", word=False, tampering=damaged_in_the_middle),
        _expect(_HOLD, "unreadable-file-held"),
    ),
)
