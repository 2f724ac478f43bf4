"""Layouts and fonts of the two splits: what differs between the offices that write documents."""

from dataclasses import dataclass

from vbdaemon.demo.corpus.specimen import Split


@dataclass(frozen=True, slots=True)
class Layout:
    """How an office sets its documents; sizes in points."""

    name: str
    font: str
    fallback: str = "Libertinus Serif"
    """Carried by the typesetter; used where the machine lacks `font`."""
    left_share: float = 42.0
    """Of the heading's width."""
    head_size: float = 12.0
    number_size: float = 13.0
    number_word: str = "Số: "
    letter_subject_size: float = 12.0
    national: str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    dash: str = "Độc lập - Tự do - Hạnh phúc"
    row_gap: float = 6.0
    title_gap: float = 20.0
    title_size: float = 14.0
    subject_width: float = 84.0
    """Of the text's width, in percent."""
    body_size: float = 14.0
    leading: float = 0.58
    top: float = 20.0
    """Millimetres."""
    left: float = 30.0
    right: float = 15.0
    page_number: str = "top"
    """"top" by NĐ 30/2020, "bottom" (right) by TT 01/2011."""
    mark_at: str = "under-number"
    """"under-number", "corner" (above the issuer) or "right" (under the date)."""
    addressees_in: float = 22.0
    """Indent in percent; 0 = all in one centred line."""
    letter_opening: str = "V/v "
    rules: bool = True
    stretch: int = 100
    """Width of the letters in percent: 75 where the font has a condensed cut."""


_TUNING = (
    Layout("decree-30", "Liberation Serif"),
    Layout(
        "circular-01",
        "Liberation Serif",
        left_share=40,
        head_size=13,
        number_size=14,
        national="CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        page_number="bottom",
        mark_at="corner",
        row_gap=4,
        letter_opening="V/v: ",
    ),
    Layout(
        "narrow",
        "DejaVu Serif",
        head_size=10.5,
        number_size=11,
        letter_subject_size=10.5,
        title_size=12,
        body_size=11.5,
        left_share=44,
    ),
    Layout(
        "loose",
        "Liberation Serif",
        left_share=45,
        row_gap=8,
        title_gap=32,
        subject_width=70,
        leading=0.75,
        addressees_in=30,
        rules=False,
    ),
    Layout(
        "sans",
        "Liberation Sans",
        head_size=11,
        number_size=11.5,
        letter_subject_size=11,
        title_size=13,
        body_size=12,
        dash="Độc lập – Tự do – Hạnh phúc",
    ),
    Layout(
        "libertine", "Libertinus Serif", left_share=41, row_gap=5, title_gap=24, subject_width=78, number_word="Số:"
    ),
    Layout(
        "libertine-old",
        "Libertinus Serif",
        left_share=43,
        head_size=12.5,
        national="CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        page_number="bottom",
        letter_subject_size=13,
        mark_at="right",
        row_gap=7,
        addressees_in=0,
        top=24,
        left=33,
        right=18,
    ),
    Layout(
        "modern",
        "New Computer Modern",
        head_size=11.5,
        number_size=12.5,
        letter_subject_size=11.5,
        title_size=13.5,
        body_size=13,
        left_share=43.5,
        mark_at="corner",
        letter_opening="V/v ",
        leading=0.66,
    ),
    Layout(
        "condensed",
        "DejaVu Serif",
        stretch=75,
        head_size=10.5,
        number_size=11,
        letter_subject_size=10.5,
        title_size=12,
        body_size=11.5,
        left_share=40,
        dash="Độc lập – Tự do – Hạnh phúc",
        subject_width=90,
        addressees_in=15,
        rules=False,
    ),
    Layout("even", "Liberation Serif", left_share=40.5, row_gap=5.5, title_gap=22, subject_width=82, leading=0.62),
    Layout(
        "even-old",
        "Liberation Serif",
        left_share=42.5,
        head_size=12.5,
        number_size=13.5,
        national="CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        page_number="bottom",
        letter_subject_size=12.5,
        letter_opening="V/v: ",
        mark_at="corner",
        row_gap=4.5,
        addressees_in=18,
        top=22,
        left=32,
        right=17,
    ),
    Layout(
        "plain",
        "Liberation Sans",
        left_share=43,
        head_size=11,
        number_size=12,
        number_word="Số:",
        letter_subject_size=11.5,
        title_size=13,
        body_size=12.5,
        mark_at="right",
        addressees_in=0,
        title_gap=26,
    ),
    Layout(
        "slim",
        "DejaVu Serif",
        stretch=75,
        left_share=41.5,
        head_size=10.5,
        number_size=11,
        letter_subject_size=10.5,
        title_size=12,
        body_size=11.5,
        dash="Độc lập – Tự do – Hạnh phúc",
        row_gap=6.5,
        subject_width=88,
        leading=0.7,
        rules=False,
    ),
)
_FIGURE = (
    Layout("wide-set", "FreeSerif", left_share=39, row_gap=4.8, title_gap=28, subject_width=76, leading=0.68, top=18),
    Layout(
        "registry",
        "FreeSerif",
        left_share=44.5,
        head_size=11.5,
        number_size=12.5,
        letter_subject_size=11.5,
        letter_opening="V/v: ",
        mark_at="right",
        row_gap=7.5,
        addressees_in=26,
        dash="Độc lập – Tự do – Hạnh phúc",
        right=20,
    ),
    Layout(
        "registry-old",
        "FreeSerif",
        left_share=41,
        head_size=12,
        number_size=13,
        number_word="Số:",
        national="CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        page_number="bottom",
        letter_subject_size=12,
        mark_at="corner",
        row_gap=5.2,
        title_gap=18,
        subject_width=92,
        addressees_in=0,
        left=35,
    ),
    Layout(
        "square",
        "FreeSans",
        left_share=44,
        head_size=10.8,
        number_size=11.3,
        letter_subject_size=10.8,
        title_size=12.6,
        body_size=12,
        row_gap=6.8,
        addressees_in=12,
        leading=0.72,
        rules=False,
    ),
    Layout(
        "broad",
        "DejaVu Sans",
        left_share=43,
        head_size=9.6,
        number_size=10.4,
        letter_subject_size=9.8,
        title_size=11.5,
        body_size=10.6,
        title_gap=23,
        subject_width=80,
    ),
)


def layouts_of(split: Split) -> tuple[Layout, ...]:
    """The layouts of a split; none belongs to both."""
    return _TUNING if split is Split.TUNING else _FIGURE
