"""Papers in order as offices make them, each with something that is easily taken for a fault: none may be found."""

from collections.abc import Iterator
from dataclasses import replace

from vbdaemon.demo.format_corpus.base import ND30, decision, letter
from vbdaemon.demo.format_corpus.paper import Paper, Words
from vbdaemon.model.format import Part
from vbdaemon.model.layout import Alignment

LONG = (
    "Các cơ quan chuyên môn, đơn vị sự nghiệp công lập thuộc huyện và Ủy ban nhân dân các xã, thị trấn thực hiện "
    "nghiêm túc việc soạn thảo, trình ký và phát hành văn bản theo đúng thể thức, kỹ thuật trình bày"
)
END = "Trên đây là nội dung của Phòng Nội vụ Mẫu, đề nghị các đơn vị thực hiện./."
_CENTRE, _LEFT, _RIGHT = Alignment.CENTRE, Alignment.LEFT, Alignment.RIGHT
_OPENING = (
    "Thực hiện Kế hoạch số 10/KH-UBND ngày 05 tháng 01 năm 2026 của Ủy ban nhân dân huyện Mẫu, "
    "Phòng Nội vụ xây dựng kế hoạch như sau:"
)
_STATEMENT = "Thực hiện Công văn số 1/UBND-NV ngày 05 tháng 01 năm 2026, Phòng Nội vụ báo cáo."
_CONTACT = "Mọi vướng mắc liên hệ ông Nguyễn Văn Mẫu, điện thoại: 0000 000 000, thư điện tử: a@mau.example."
_MANY = "- Các cơ quan chuyên môn, đơn vị sự nghiệp công lập thuộc huyện và các cơ quan, tổ chức có liên quan;"
_ONE = "Kính gửi: Ủy ban nhân dân các xã, thị trấn trên địa bàn huyện Mẫu và các cơ quan liên quan"

Named = tuple[str, Paper]


def ordinary_papers() -> dict[str, Paper]:
    """Every paper by what is true of it; all are under NĐ 30/2020."""
    return dict([*_bodies(), *_lists(), *_letters(), *_heads(), *_forms()])


def text(words: str, *, bold: bool = False, italic: bool = False, indent: float = 12.7) -> Words:
    """A paragraph of the body."""
    return Words(Part.BODY, words, bold=bold, italic=italic, indent=indent, gap=6)


def named(name: str, *body: Words, number: str = "Số: 05/KH-PNV", subject: str = "Cải cách hành chính") -> Paper:
    """A paper with the name of its form and a subject."""
    paper = decision(ND30)
    title, below = paper.body[:2]
    head = (*paper.head_left[:2], replace(paper.head_left[2], text=number))
    lines = (replace(title, text=name), replace(below, text=subject), *body)
    return replace(paper, head_left=head, body=lines, annex=())


def signer(title: str, name: str) -> tuple[Words, ...]:
    """A signer's title and name."""
    return (
        Words(Part.AUTHORITY, title, bold=True, alignment=_CENTRE),
        Words(Part.SIGNER_NAME, name, bold=True, alignment=_CENTRE, gap=70),
    )


def _bodies() -> Iterator[Named]:
    heading = text("I. MỤC ĐÍCH, YÊU CẦU", bold=True)
    yield (
        "an opening sentence above a heading in capitals is no legal basis",
        named("KẾ HOẠCH", text(_OPENING), heading, text(END)),
    )
    yield "an opening statement is none either", named("BÁO CÁO", text(_STATEMENT), heading, text(END))
    one_line = (replace(heading, alignment=_LEFT), replace(text("- Một dòng;"), alignment=_LEFT))
    yield "one line looks alike however it is aligned", named("KẾ HOẠCH", *one_line, text(END))
    captions = (
        replace(text("Biểu 1. Kết quả thực hiện", italic=True, indent=0.0), alignment=_CENTRE),
        replace(text("Đơn vị tính: hồ sơ", italic=True, indent=0.0), alignment=_RIGHT),
    )
    yield "captions are no paragraphs of the body", named("KẾ HOẠCH", text(LONG + "."), *captions, text(END))
    remark = text("(Có danh sách kèm theo)", italic=True)
    yield "a remark in brackets is italic by custom", named("KẾ HOẠCH", text(LONG + "."), remark, text(END))


def _lists() -> Iterator[Named]:
    clauses = (text(f"{number}. Việc gồm nhiều việc;") for number in (1, 2, 1, 2, 3, 3))
    yield "a clause goes on after a list inside it", named("KẾ HOẠCH", *clauses, text(END))
    paper = letter(ND30)
    entries = ("- Các Sở: Tài chính, Xây dựng", "Tài nguyên và Môi trường;", "- Lưu: VT, NV (05).")
    small = (Words(None, entry, size=11, alignment=_LEFT) for entry in entries)
    yield "an entry of a list may be broken by hand", replace(paper, foot_left=(paper.foot_left[0], *small))


def _letters() -> Iterator[Named]:
    paper = letter(ND30)
    contact = (*paper.body[:5], text(_CONTACT), *paper.body[5:])
    yield "a contact in the text is not the address block", replace(paper, body=contact)
    several = ((40, "Kính gửi:"), (50, _MANY), (50, "- Ủy ban nhân dân các xã,"), (50, "thị trấn."))
    yield "an addressee may take two lines", _addressed(*several)
    yield "one addressee may take two lines", _addressed((0, _ONE))
    subject = "V/v thử nghiệm thể thức và kỹ thuật trình bày văn bản"
    long = paper.one(Part.LETTER_SUBJECT, lambda words: replace(words, text=subject))
    yield "a long subject of a letter takes several lines", long


def _addressed(*lines: tuple[int, str]) -> Paper:
    paper = letter(ND30)
    words = (Words(None, line, alignment=_LEFT, indent=indent, gap=6) for indent, line in lines)
    return replace(paper, body=(*words, *paper.body[3:]))


def _heads() -> Iterator[Named]:
    paper = letter(ND30)
    parent, issuer, number, *more = paper.head_left
    names = (replace(parent, text="SỞ Y TẾ TỈNH MẪU"), replace(issuer, text="BỆNH VIỆN ĐA KHOA MẪU"))
    contact = Words(None, "Địa chỉ: khu Mẫu; ĐT: 0000 000", size=9, alignment=_CENTRE)
    head = (*names, contact, replace(number, text="Số: 05/BVĐK-TCHC"), *more)
    degree = signer("GIÁM ĐỐC", "TS. Nguyễn Văn Mẫu")
    hospital = replace(paper, head_left=head, foot_right=degree)
    yield "bodies of health print degrees, and a contact below their name", hospital
    two_lines = (replace(issuer, text="BAN CHỈ ĐẠO", line=None), replace(issuer, text="PHÒNG, CHỐNG THIÊN TAI"))
    board = replace(paper, head_left=(*two_lines, number, *more))
    yield "a body's name on two lines is no body above another", board
    remark = Words(None, "(Phục vụ kỳ họp thứ 5)", italic=True, alignment=_CENTRE, line=0.45)
    report = named("BÁO CÁO", remark, text(f"{LONG}./."), number="Số: 05/BC-PNV")
    lower = report.one(Part.SUBJECT, lambda words: replace(words, line=None))
    yield "a remark below the subject is no part of it", lower
    rules = named("QUY CHẾ", *decision(ND30).body[6:], number="Số: 05/QC-PNV", subject="Làm việc của Phòng Nội vụ")
    yield "the first chapter is no part of the subject", rules


def _forms() -> Iterator[Named]:
    deciding = Words(None, "TRƯỞNG PHÒNG NỘI VỤ", bold=True, alignment=_CENTRE, gap=12)
    basis = decision(ND30).body[2:6]
    decided = named("QUYẾT ĐỊNH", deciding, *basis, text(f"{LONG}./."), number="Số: 05/QĐ-PNV")
    yield "who decides stands above the legal basis", decided
    details = (text(f"{name}: phòng họp số 1, khu Mẫu.") for name in ("Chủ trì", "Thời gian", "Địa điểm", "Nội dung"))
    invitation = (text("Phòng Nội vụ trân trọng kính mời: đại diện lãnh đạo các xã."), *details, text(END))
    yield "an invitation has many lines of its own", named("GIẤY MỜI", *invitation, number="Số: 05/GM-PNV")
    telegram = (
        Words(None, "TRƯỞNG PHÒNG NỘI VỤ điện:", alignment=_CENTRE, gap=6),
        text("- Ủy ban nhân dân các xã;", indent=40),
        text("- Các đơn vị sự nghiệp.", indent=40),
        text(f"{LONG}./."),
    )
    yield "a telegram names whom it is for below the subject", named("CÔNG ĐIỆN", *telegram, number="Số: 05/CĐ-PNV")
    title = Words(None, "THÔNG BÁO KẾT LUẬN", bold=True, alignment=_CENTRE, gap=12)
    subject = Words(None, f"Về việc {LONG[:1].lower()}{LONG[1:]}", bold=True, alignment=_CENTRE)
    notice = named("THÔNG BÁO", text(f"{LONG}./."), number="Số: 05/TB-PNV")
    yield "a title that is no form's name has a subject too", replace(notice, body=(title, subject, *notice.body[2:]))
    yield "minutes have no place and date, and two signers", _minutes()


def _minutes() -> Paper:
    paper = named("BIÊN BẢN", text(LONG + "."), text("Cuộc họp kết thúc vào 10 giờ./."), number="Số: 05/BB-PNV")
    after = (
        Words(None, "Nơi nhận:", size=12, bold=True, italic=True, alignment=_LEFT),
        Words(None, "- Như thành phần;", size=11, alignment=_LEFT),
        Words(None, "- Lưu: VT, Hồ sơ.", size=11, alignment=_LEFT),
    )
    left, right = signer("THƯ KÝ", "Trần Thị Mẫu"), signer("CHỦ TỌA", "Nguyễn Văn Mẫu")
    return replace(paper, head_right=paper.head_right[:2], foot_left=left, foot_right=right, after=after)
