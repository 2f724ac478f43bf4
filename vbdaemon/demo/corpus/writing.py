"""Making up documents from a seed: the words, and what is true of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from vbdaemon.demo.corpus.paper import Mark, MarkStyle, Paper
from vbdaemon.demo.corpus.specimen import Kind, Truth
from vbdaemon.demo.corpus.words import Agency, Words, WrittenForm

_START = date(2018, 1, 2)
_DAYS = 2_700
_DECREE_30 = date(2020, 3, 5)
"""NĐ 30/2020/NĐ-CP came into force; before it TT 01/2011/TT-BNV."""
_LEGAL = ("Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015", "Nghị định số 30/2020/NĐ-CP ngày 05/3/2020")
_SECRECY = (("MẬT", "mat"), ("TỐI MẬT", "toi-mat"), ("TUYỆT MẬT", "tuyet-mat"))
_URGENCY = (("KHẨN", "khan"), ("THƯỢNG KHẨN", "thuong-khan"), ("HỎA TỐC", "hoa-toc"))
_ACTS = ("quyet-dinh", "nghi-quyet", "chi-thi")
_ADDRESSED = ("cong-van", "to-trinh", "bao-cao", "giay-moi")


@dataclass(frozen=True, slots=True)
class Written:
    """A paper with its truth and traits."""

    paper: Paper
    truth: Truth
    traits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """What is drawn once and used by several parts."""

    random: Random
    words: Words
    agency: Agency
    form: WrittenForm
    day: date
    kind: Kind
    special: str


def written(random: Random, words: Words, kind: Kind) -> Written:
    """One document; the same for the same state of `random`."""
    special = random.choices(
        ("", "complaint", "budget", "normative", "party", "draft", "secret", "urgent"), (72, 3, 3, 4, 4, 4, 6, 6)
    )[0]
    if special == "draft" and kind is not Kind.DIGITAL:
        special = ""
    form = _form(random, words, special)
    day = _START + timedelta(days=random.randrange(_DAYS))
    case = _Case(random, words, random.choice(words.agencies), form, day, kind, special)
    return _written(case)


def _form(random: Random, words: Words, special: str) -> WrittenForm:
    wanted = {
        "complaint": ("cong-van", "thong-bao", "quyet-dinh"),
        "budget": ("quyet-dinh",),
        "normative": ("quyet-dinh", "nghi-quyet"),
        "party": ("cong-van", "bao-cao", "ke-hoach"),
        "draft": ("ke-hoach", "quyet-dinh", "cong-van"),
    }.get(special)
    forms = [f for f in words.forms if not wanted or f.slug in wanted]
    return random.choices(forms, [f.weight for f in forms])[0]


def _written(case: _Case) -> Written:
    random, agency = case.random, case.agency
    party, draft = case.special == "party", case.special == "draft"
    by_hand = case.kind.scanned and not draft and random.random() < 0.45  # noqa: PLR2004 - share of the corpus
    number = None if draft else _number(random)
    subject = _subject(case)
    tail = _tail(case)
    month = f"{case.day.month:02d}" if case.day.month <= 2 or random.random() < 0.3 else str(case.day.month)  # noqa: PLR2004
    deadline = case.day + timedelta(days=20) if random.random() < 0.5 else None  # noqa: PLR2004
    authority, title = _titles(case)
    signer = random.choice(case.words.people)
    marks = _marks(case)
    received = random.choice(case.words.stamps) if case.kind is Kind.SCAN and random.random() < 0.15 else ()  # noqa: PLR2004
    paper = Paper(
        parent=("ĐẢNG BỘ TỈNH",) if party else agency.parent,
        issuer=(f"HUYỆN ỦY {agency.place.upper()}",) if party else agency.lines,
        number=number,
        number_tail=tail,
        place=agency.place,
        day=None if draft else f"{case.day.day:02d}",
        month=month,
        year=str(case.day.year),
        form_name=case.form.name or None,
        subject=subject,
        addressees=_addressees(case),
        grounds=_grounds(case),
        paragraphs=_paragraphs(case, deadline),
        authority=authority,
        title=title,
        signer=signer,
        recipients=("Như trên", *random.sample(case.words.addressees, 2), "Lưu: VT"),
        electronic=tuple(random.sample(case.words.addressees, 2)) if random.random() < 0.2 else (),  # noqa: PLR2004
        marks=tuple(mark for mark, _ in marks),
        draft=draft,
        by_hand=by_hand,
        party=party,
        received=received,
        sealed=case.kind.scanned,
    )
    truth = _truth(case, paper, {kind for _, kind in marks}, deadline)
    traits = [case.special, "by-hand" if by_hand else "", "received" if received else ""]
    traits += [mark.style for mark in paper.marks]
    return Written(paper, truth, tuple(t for t in traits if t))


def _number(random: Random) -> str:
    number = f"{random.choice((random.randrange(1, 100), random.randrange(100, 4000))):02d}"
    return f"{number}{random.choice('ab')}" if random.random() < 0.03 else number  # noqa: PLR2004


def _subject(case: _Case) -> str:
    random, words = case.random, case.words
    if case.special == "complaint":
        return random.choice(words.complaints)
    if case.special == "budget":
        return random.choice(words.budgets)
    body = f"{random.choice(words.verbs)} {random.choice(words.objects)} {random.choice(words.scopes)}".strip()
    if not case.form.name:
        return body
    prefix = random.choice(("Về việc ", "", ""))
    return prefix + body if prefix else body[0].upper() + body[1:]


def _tail(case: _Case) -> str:
    random, agency, form = case.random, case.agency, case.form
    if case.special == "party":
        short = form.short_2020 or "CV"
        return f"-{short}/HU"
    short = form.short_2020 if case.day >= _DECREE_30 else form.short_2011
    if case.special == "normative":
        return f"/{case.day.year}/{short}-{agency.abbreviation}"
    if not form.name:
        unit = f"-{random.choice(case.words.units)}" if random.random() < 0.8 else ""  # noqa: PLR2004
        return f"/{agency.abbreviation}{unit}"
    return f"/{short}-{agency.abbreviation}"


def _titles(case: _Case) -> tuple[str | None, str]:
    head, committee = case.agency.head, case.agency.committee
    if case.special == "party":
        return "T/M BAN THƯỜNG VỤ", "BÍ THƯ"
    shape = case.random.randrange(3)
    if shape == 0:
        return f"KT. {head}", f"PHÓ {head}"
    if committee and shape == 1:
        body = " ".join(case.agency.lines[:1])
        return f"TM. {body}", head
    return None, head


def _addressees(case: _Case) -> tuple[str, ...]:
    if case.form.slug not in _ADDRESSED:
        return ()
    return tuple(case.random.sample(case.words.addressees, case.random.choice((1, 1, 2, 3))))


def _grounds(case: _Case) -> tuple[str, ...]:
    if case.form.slug not in _ACTS:
        return ()
    cited = f"Căn cứ Quyết định số {case.random.randrange(10, 900)}/QĐ-UBND về việc giao dự toán ngân sách nhà nước;"
    return (*(f"Căn cứ {law};" for law in _LEGAL), *((cited,) if case.random.random() < 0.3 else ()))  # noqa: PLR2004


def _paragraphs(case: _Case, deadline: date | None) -> tuple[str, ...]:
    random = case.random
    count = random.choice((2, 3, 4, 6, 9, 16, 24))
    body = [random.choice(case.words.bodies) for _ in range(count)]
    if case.form.slug == "quyet-dinh":
        body = [f"Điều {i}. {words}" for i, words in enumerate(body, 1)]
        if case.special == "budget":
            body[0] = "Điều 1. Giao dự toán thu, chi ngân sách nhà nước cho các đơn vị theo biểu kèm theo."
    if deadline:
        body.insert(1, f"Báo cáo kết quả trước ngày {deadline:%d/%m/%Y} để tổng hợp.")
    body[-1] = body[-1].rstrip(".") + "./."
    return tuple(body)


def _marks(case: _Case) -> list[tuple[Mark, str]]:
    random = case.random
    if case.special not in {"secret", "urgent"}:
        return []
    words, level = random.choice(_SECRECY if case.special == "secret" else _URGENCY)
    if case.kind is Kind.WORD:
        style = MarkStyle.PLAIN
    elif case.kind.scanned:
        style = random.choice((MarkStyle.STAMPED, MarkStyle.STAMPED, MarkStyle.SLANTED, MarkStyle.PRINTED))
    else:
        style = random.choice((MarkStyle.PRINTED, MarkStyle.PLAIN))
    slant = {
        MarkStyle.STAMPED: random.uniform(-3, 3),
        MarkStyle.SLANTED: random.choice((-1, 1)) * random.uniform(8, 32),
    }
    return [(Mark(words, style, slant.get(style, 0.0)), level)]


def _truth(case: _Case, paper: Paper, levels: set[str], deadline: date | None) -> Truth:
    party = case.special == "party"
    issuer = " ".join(paper.issuer)
    before, _, symbol = f"{paper.number or ''}{paper.number_tail}".partition("/")
    channel = {"complaint": "electronic-and-paper", "budget": "paper"}.get(case.special, case.form.channel)
    return Truth(
        form=case.form.slug,
        channel=channel,
        number=before or None,
        symbol=symbol,
        issued_on=None if paper.day is None else case.day,
        issuer=issuer,
        issuer_unit=None if party else case.agency.code or None,
        subject=paper.subject,
        signer=paper.signer,
        secrecy=next((x for x in levels if case.special == "secret"), None),
        urgency=next((x for x in levels if case.special == "urgent"), None),
        draft=paper.draft,
        handwritten=paper.by_hand,
        deadline=deadline,
    )
