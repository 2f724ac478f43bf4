"""The documents that every other one of the corpus is made from; each keeps all the rules of its set."""

from dataclasses import replace

from vbdaemon.demo.format_corpus.paper import Numbers, Page, Paper, Words
from vbdaemon.model.format import Part
from vbdaemon.model.layout import Alignment, Zone

TT01, ND30 = "format-tt01-2011", "format-nd30-2020"
_CENTRE, _LEFT = Alignment.CENTRE, Alignment.LEFT
_DATES = {TT01: "ngày 05 tháng 01 năm 2019", ND30: "ngày 05 tháng 01 năm 2026"}
_SENTENCE = (
    "Các phòng chuyên môn, đơn vị sự nghiệp công lập thuộc huyện và Ủy ban nhân dân các xã, thị trấn thực hiện "
    "nghiêm túc việc soạn thảo, trình ký và phát hành văn bản theo đúng thể thức, kỹ thuật trình bày; người đứng đầu "
    "cơ quan, đơn vị chịu trách nhiệm về nội dung và thể thức của văn bản do cơ quan, đơn vị mình ban hành"
)
_BASES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Căn cứ Nghị định số 99/2015/NĐ-CP ngày 30 tháng 12 năm 2015 của Chính phủ về một công việc thử nghiệm;",
    "Theo đề nghị của Trưởng Phòng Nội vụ.",
)


def decision(rules: str) -> Paper:
    """A Quyết định with basis, chapters, sections, articles, clauses, points and an annex."""
    opening = (
        _title("QUYẾT ĐỊNH"),
        replace(_subject("Ban hành Quy chế thử nghiệm về soạn thảo văn bản"), line=0.4),
        *_bases(rules),
        Words(None, "QUYẾT ĐỊNH:", bold=True, alignment=_CENTRE, gap=6),
        *_chapter("I", "QUY ĐỊNH CHUNG"),
        *_section(1, "PHẠM VI ÁP DỤNG"),
        *_article(1, " Phạm vi điều chỉnh"),
        *_items(),
        *_section(2, "TRÁCH NHIỆM"),
        *_article(2, f" {_SENTENCE}."),
        *(_body(f"{_SENTENCE}.") for _ in range(5)),
        *_chapter("II", "TỔ CHỨC THỰC HIỆN"),
        *_article(3, f" {_SENTENCE}."),
        _body(f"{_SENTENCE}."),
        replace(_body("Quyết định này có hiệu lực kể từ ngày ký./."), part=Part.BODY_END),
    )
    paper = _framed(rules, "Số: 05/QĐ-UBND", opening)
    return replace(paper, annex=_annex())


def letter(rules: str) -> Paper:
    """A công văn with V/v, several addressees, the drafter's mark and the address."""
    opening = (
        Words(Part.ADDRESSEES, "Kính gửi:", alignment=_LEFT, indent=40, gap=12),
        Words(Part.ADDRESSEES, "- Phòng Nội vụ;", alignment=_LEFT, indent=50, gap=6),
        Words(Part.ADDRESSEES, "- Ủy ban nhân dân các xã, thị trấn.", alignment=_LEFT, indent=50, gap=6),
        *(_body(f"{_SENTENCE}.") for _ in range(7)),
        *_items(),
        replace(_body(f"{_SENTENCE}./."), part=Part.BODY_END),
    )
    paper = _framed(rules, "Số: 05/UBND-NV", opening)
    subject = Words(Part.LETTER_SUBJECT, "V/v thử nghiệm thể thức", size=12, alignment=_CENTRE, gap=6)
    return replace(
        paper,
        head_left=(*paper.head_left, subject),
        foot_left=(*paper.foot_left, Words(Part.DRAFTER, "NVA.12", size=11, alignment=_LEFT)),
        after=(
            Words(
                Part.ADDRESS_BLOCK,
                "Địa chỉ: khu phố Mẫu, huyện Mẫu; điện thoại: 0000 000 000; thư điện tử: vanthu@mau.example",
                size=11,
                alignment=_LEFT,
                gap=12,
            ),
        ),
    )


def copy(rules: str) -> Paper:
    """A short decision with the line of a copy below it."""
    words = "SAO Y BẢN CHÍNH" if rules == TT01 else "SAO Y"
    paper = decision(rules)
    line = Words(Part.COPY_LINE, words, size=14, bold=True, alignment=_CENTRE, gap=12)
    return replace(paper, annex=(), after=(line,))


def slip(rules: str) -> Paper:
    """A Giấy giới thiệu on A5."""
    opening = (
        _title("GIẤY GIỚI THIỆU"),
        _body("Ủy ban nhân dân huyện Mẫu trân trọng giới thiệu:"),
        replace(_body("Ông Nguyễn Văn Mẫu được cử đến liên hệ công tác./."), part=Part.BODY_END),
    )
    paper = _framed(rules, "Số: 05/GT-UBND", opening)
    return replace(paper, page=Page(148, 210), numbers=None)


def _framed(rules: str, number: str, opening: tuple[Words, ...]) -> Paper:
    numbers = Numbers(Zone.FOOTER, Alignment.RIGHT) if rules == TT01 else Numbers()
    return Paper(
        (
            Words(Part.PARENT, "ỦY BAN NHÂN DÂN TỈNH MẪU", size=12, alignment=_CENTRE),
            Words(Part.ISSUER, "PHÒNG NỘI VỤ MẪU", size=12, bold=True, alignment=_CENTRE, line=0.4),
            Words(Part.NUMBER, number, size=13, alignment=_CENTRE, gap=6),
        ),
        (
            Words(Part.NATIONAL_TITLE, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, alignment=_CENTRE),
            Words(Part.MOTTO, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, alignment=_CENTRE, line=1.0),
            Words(Part.PLACE_DATE, f"Mẫu, {_DATES[rules]}", size=13, italic=True, alignment=_CENTRE, gap=6),
        ),
        opening,
        (
            Words(Part.RECIPIENTS_HEADING, "Nơi nhận:", size=12, bold=True, italic=True, alignment=_LEFT),
            Words(Part.RECIPIENTS, "- Như trên;", size=11, alignment=_LEFT),
            Words(Part.RECIPIENTS, "- Ủy ban nhân dân các xã;", size=11, alignment=_LEFT),
            Words(Part.RECIPIENTS, "- Lưu: VT, NV.", size=11, alignment=_LEFT),
        ),
        (
            Words(Part.AUTHORITY, "KT. TRƯỞNG PHÒNG", bold=True, alignment=_CENTRE),
            Words(Part.AUTHORITY, "PHÓ TRƯỞNG PHÒNG", bold=True, alignment=_CENTRE),
            Words(Part.SIGNER_NAME, "Nguyễn Văn Mẫu", bold=True, alignment=_CENTRE, gap=70),
        ),
        numbers=numbers,
    )


def _title(text: str) -> Words:
    return Words(Part.FORM_NAME, text, bold=True, alignment=_CENTRE, gap=12)


def _subject(text: str) -> Words:
    return Words(Part.SUBJECT, text, bold=True, alignment=_CENTRE)


def _bases(rules: str) -> tuple[Words, ...]:
    """2011: upright, and a comma at the end; 2020: italic, and a full stop."""
    last = _BASES[-1][:-1] + ("," if rules == TT01 else ".")
    texts = (*_BASES[:-1], last)
    return tuple(Words(Part.LEGAL_BASIS, text, italic=rules == ND30, indent=12.7, gap=6) for text in texts)


def _body(text: str) -> Words:
    return Words(Part.BODY, text, indent=12.7, gap=6)


def _items() -> tuple[Words, ...]:
    texts = ("1. Khoản thứ nhất gồm:", "a) Điểm a;", "b) Điểm b;", "c) Điểm c;", "d) Điểm d;", "đ) Điểm đ.")
    items = tuple(replace(_body(text), part=Part.ITEMS) for text in texts)
    return (*items, replace(_body("2. Khoản thứ hai."), part=Part.ITEMS))


def _chapter(number: str, title: str) -> tuple[Words, ...]:
    return (
        Words(Part.CHAPTER, f"Chương {number}", bold=True, alignment=_CENTRE, gap=6),
        Words(Part.CHAPTER_TITLE, title, bold=True, alignment=_CENTRE),
    )


def _section(number: int, title: str) -> tuple[Words, ...]:
    return (
        Words(Part.SECTION, f"Mục {number}", bold=True, alignment=_CENTRE, gap=6),
        Words(Part.SECTION_TITLE, title, bold=True, alignment=_CENTRE),
    )


def _article(number: int, text: str) -> tuple[Words, ...]:
    part = Part.ARTICLE_TEXT if len(text) > len(_SENTENCE) else Part.ARTICLE
    return (Words(part, text, indent=12.7, gap=6, lead=f"Điều {number}."),)


def _annex() -> tuple[Words, ...]:
    return (
        Words(Part.ANNEX_HEADING, "Phụ lục I", bold=True, alignment=_CENTRE),
        Words(Part.ANNEX_TITLE, "DANH MỤC THỬ NGHIỆM", bold=True, alignment=_CENTRE),
        Words(
            Part.ANNEX_REFERENCE,
            "(Kèm theo Quyết định số 05/QĐ-UBND của Ủy ban nhân dân huyện Mẫu)",
            size=13,
            italic=True,
            alignment=_CENTRE,
        ),
        Words(None, "Nội dung của phụ lục thử nghiệm.", indent=12.7, gap=6),
    )
