"""Changes that break one measure of one rule and nothing else."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

from vbdaemon.demo.format_corpus.paper import Numbers, Paper
from vbdaemon.model.format import FormatLimit, FormatRule, Measure, Part, Range
from vbdaemon.model.layout import Alignment, Zone

Change = Callable[[Paper], Paper]
_WRONG_ALIGNMENTS = (Alignment.LEFT, Alignment.RIGHT)
_TEXTS: dict[tuple[Part, Measure], tuple[str, ...]] = {
    (Part.NATIONAL_TITLE, Measure.WORDS): ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT-NAM",),
    (Part.MOTTO, Measure.WORDS): ("Độc lập – Tự do – Hạnh phúc", "Độc lập-Tự do-Hạnh phúc"),
    (Part.NUMBER, Measure.PATTERN): ("Số: 5/QĐ-UBND", "Số: 05 /QĐ-UBND", "Số 05/QĐ-UBND", "Số: 05/QĐ - UBND"),
    (Part.LETTER_SUBJECT, Measure.PATTERN): ("Về việc thử nghiệm thể thức",),
    (Part.LEGAL_BASIS, Measure.PATTERN): ("Căn cứ Nghị định của Chính phủ về một công việc thử nghiệm;",),
    (Part.LEGAL_BASIS, Measure.ENDS): ("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015,",),
    (Part.CHAPTER, Measure.PATTERN): ("Chương 1", "Chương I."),
    (Part.SECTION, Measure.PATTERN): ("Mục I",),
    (Part.ITEMS, Measure.ORDER): ("1) Khoản thứ nhất gồm:", "đ) Khoản thứ nhất gồm:", "f) Khoản thứ nhất gồm:"),
    (Part.BODY_END, Measure.PATTERN): ("Văn bản này có hiệu lực kể từ ngày ký.",),
    (Part.AUTHORITY, Measure.PATTERN): ("KT TRƯỞNG PHÒNG", "K/T TRƯỞNG PHÒNG"),
    (Part.SIGNER_NAME, Measure.PATTERN): ("TS. Nguyễn Văn Mẫu",),
    (Part.RECIPIENTS_HEADING, Measure.WORDS): ("Nơi nhận", "Nơi Nhận:"),
    (Part.RECIPIENTS, Measure.LIST): ("+ Như trên;", "- Như trên,"),
    (Part.ANNEX_HEADING, Measure.PATTERN): ("Phụ lục 1", "PHỤ LỤC I"),
    (Part.COPY_LINE, Measure.WORDS): ("SAO LỤC BẢN CHÍNH",),
    (Part.ADDRESSEES, Measure.LIST): ("Kính gửi",),
}
_LAST_TEXTS: dict[tuple[Part, Measure], tuple[str, ...]] = {
    (Part.RECIPIENTS, Measure.LAST): ("- Lưu VT, NV.",),
    (Part.LEGAL_BASIS, Measure.LAST_ENDS): ("Theo đề nghị của Trưởng Phòng Nội vụ;",),
    (Part.ITEMS, Measure.ORDER): ("3. Khoản thứ hai.",),
    (Part.ADDRESSEES, Measure.LIST): ("- Ủy ban nhân dân các xã, thị trấn;",),
}
_PAPERS = {"letter": (215.9, 279.4), "a3": (297.0, 420.0)}


def changes(rule: FormatRule) -> Iterator[tuple[str, Measure | None, Change]]:
    """A name, the measure that is broken, and the change, for each way in which a document can break the rule."""
    if rule.part is Part.PAGE_NUMBER:
        yield from _numbers(rule)
        return
    for limit in rule.limits:
        for number, change in enumerate(_of(rule, limit)):
            yield f"{limit.measure}{f'-{number + 1}' if number else ''}".replace("_", "-"), limit.measure, change
    if rule.required or rule.needed_by:
        yield "missing", None, lambda paper: paper.each(lambda words: None if words.part is rule.part else words)


def _of(rule: FormatRule, limit: FormatLimit) -> Iterator[Change]:
    measure, part = limit.measure, rule.part
    if part is Part.PAGE:
        yield from _sheet(limit)
    elif part is Part.TEXT:
        yield from _type(measure)
    elif (part, measure) in _TEXTS or (part, measure) in _LAST_TEXTS:
        yield from (_text(part, text) for text in _TEXTS.get((part, measure), ()))
        yield from (_text(part, text, last=True) for text in _LAST_TEXTS.get((part, measure), ()))
    elif part is Part.PLACE_DATE and measure is Measure.PATTERN:
        for old, new in (("ngày 05", "ngày 5"), ("tháng 01", "tháng 1"), ("Mẫu, ", "Mẫu "), ("tháng 01", "tháng 04")):
            yield _worded(part, old, new)
    elif part is Part.ARTICLE and measure is Measure.PATTERN:
        yield lambda paper: paper.one(part, lambda words: replace(words, lead=words.lead.rstrip(".") + ":"))
    else:
        yield from _set(part, limit)


def _set(part: Part, limit: FormatLimit) -> Iterator[Change]:
    """How the words are set: the opposite of what is allowed."""
    measure, allowed = limit.measure, limit.allowed
    lead = part is Part.ARTICLE
    if measure is Measure.SIZE and isinstance(allowed, Range):
        for size in ((allowed.most or 0.0) + 2, (allowed.least or 0.0) - 2):
            yield _with(part, **{"lead_size" if lead else "size": size})
    elif measure in {Measure.BOLD, Measure.ITALIC}:
        name = f"lead_{measure}" if lead else measure.value
        yield _with(part, **{name: not allowed})
    elif measure is Measure.CAPITALS:
        yield lambda paper: paper.one(part, lambda w: replace(w, text=w.text.upper() if not allowed else _low(w.text)))
    elif measure is Measure.ALIGNMENT and isinstance(allowed, tuple):
        yield _with(part, alignment=next(each for each in _WRONG_ALIGNMENTS if each not in allowed))
    elif measure is Measure.SIDE:
        yield lambda paper: replace(paper, head_left=paper.head_right, head_right=paper.head_left)
    for name, value in _WRONG.get(measure, ()):
        yield _with(part, **{name: value})


_WRONG: dict[Measure, tuple[tuple[str, float | None], ...]] = {
    Measure.LINE: (("line", None), ("line", 0.0), ("line", 0.7)),
    Measure.INDENT: (("indent", 0.0),),
    Measure.GAP: (("gap", 0.0),),
    Measure.SPACING: (("spacing", 2.0), ("spacing", 0.8)),
}


def _with(part: Part, **setting: object) -> Change:
    return lambda paper: paper.one(part, lambda words: replace(words, **setting))  # type: ignore[arg-type]  # by name


def _text(part: Part, text: str, last: bool = False) -> Change:
    return lambda paper: paper.one(part, lambda words: replace(words, text=text), last)


def _worded(part: Part, old: str, new: str) -> Change:
    return lambda paper: paper.one(part, lambda words: replace(words, text=words.text.replace(old, new)))


def _low(text: str) -> str:
    return text[:1] + text[1:].lower()


def _sheet(limit: FormatLimit) -> Iterator[Change]:
    if limit.measure is Measure.PAPER:
        for width, height in _PAPERS.values():
            yield _paged(width=width, height=height)
    elif limit.measure is Measure.ORIENTATION:
        yield _paged(width=297.0, height=210.0)
    elif isinstance(limit.allowed, Range):
        yield _paged(**{limit.measure.value: (limit.allowed.least or 0.0) - 10})
        yield _paged(**{limit.measure.value: (limit.allowed.most or 0.0) + 6})


def _paged(**sizes: float) -> Change:
    return lambda paper: replace(paper, page=replace(paper.page, **sizes))


def _type(measure: Measure) -> Iterator[Change]:
    if measure is Measure.FONT:
        yield _with(Part.BODY, font="Arial")
    elif measure is Measure.COLOUR:
        yield _with(Part.BODY, colour="C00000")
    elif measure is Measure.ENCODING:
        yield lambda paper: paper.one(
            Part.BODY, lambda words: replace(words, text=unicodedata.normalize("NFD", words.text))
        )
        yield _worded(Part.BODY, "đúng thể", "Ðúng thể")


def _numbers(rule: FormatRule) -> Iterator[tuple[str, Measure | None, Change]]:
    for limit in rule.limits:
        wrong = _WRONG_NUMBERS.get(limit.measure)
        if limit.measure is Measure.ZONE and limit.allowed == ("footer",):
            wrong = {"zone": Zone.HEADER}
        if wrong is not None:
            yield limit.measure.value.replace("_", "-"), limit.measure, _numbered(wrong)
    yield "missing", None, lambda paper: replace(paper, numbers=None)


_WRONG_NUMBERS: dict[Measure, dict[str, object]] = {
    Measure.ZONE: {"zone": Zone.FOOTER},
    Measure.ALIGNMENT: {"alignment": Alignment.LEFT},
    Measure.SIZE: {"size": 10.0},
    Measure.BOLD: {"bold": True},
    Measure.ITALIC: {"italic": True},
    Measure.NUMERALS: {"roman": True},
    Measure.START: {"start": 5},
    Measure.FIRST_HIDDEN: {"first_hidden": False},
}


def _numbered(wrong: dict[str, object]) -> Change:
    return lambda paper: replace(paper, numbers=replace(paper.numbers or Numbers(), **wrong))  # type: ignore[arg-type]  # by name
