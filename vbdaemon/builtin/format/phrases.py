"""Vietnamese words for what was measured and what is allowed."""

from vbdaemon.model.format import Allowed, Measure, Pattern, Range

_NAMES = {
    Measure.PAPER: "khổ giấy",
    Measure.ORIENTATION: "chiều trang",
    Measure.TOP: "lề trên",
    Measure.BOTTOM: "lề dưới",
    Measure.LEFT: "lề trái",
    Measure.RIGHT: "lề phải",
    Measure.FONT: "phông chữ",
    Measure.COLOUR: "màu chữ",
    Measure.ENCODING: "bộ mã",
    Measure.SIZE: "cỡ chữ",
    Measure.BOLD: "kiểu chữ",
    Measure.ITALIC: "kiểu chữ",
    Measure.CAPITALS: "loại chữ",
    Measure.ALIGNMENT: "căn dòng",
    Measure.SIDE: "vị trí",
    Measure.ZONE: "vị trí",
    Measure.WORDS: "cách ghi",
    Measure.PATTERN: "cách ghi",
    Measure.LAST: "dòng cuối",
    Measure.ENDS: "dấu cuối dòng",
    Measure.LAST_ENDS: "dấu cuối dòng cuối cùng",
    Measure.LIST: "cách liệt kê",
    Measure.ORDER: "thứ tự khoản, điểm",
    Measure.LINE: "đường kẻ bên dưới so với dòng chữ",
    Measure.INDENT: "lùi đầu dòng",
    Measure.GAP: "khoảng cách phía trên đoạn",
    Measure.SPACING: "khoảng cách dòng",
    Measure.NUMERALS: "chữ số",
    Measure.FIRST_HIDDEN: "trang thứ nhất",
    Measure.START: "số trang đầu",
}
_UNITS = {
    **dict.fromkeys((Measure.TOP, Measure.BOTTOM, Measure.LEFT, Measure.RIGHT, Measure.INDENT), " mm"),
    Measure.GAP: " pt",
    Measure.SPACING: " lần dòng đơn",
    Measure.LINE: " lần",
}
_SWITCHES = {
    Measure.BOLD: ("chữ đậm", "chữ không đậm"),
    Measure.ITALIC: ("chữ nghiêng", "chữ đứng"),
    Measure.CAPITALS: ("chữ in hoa", "chữ in thường"),
    Measure.LIST: ("liệt kê đúng", "liệt kê chưa đúng"),
    Measure.ORDER: ("theo thứ tự", "không theo thứ tự"),
    Measure.FIRST_HIDDEN: ("không hiển thị số trang", "có hiển thị số trang"),
}
_CHOICES = {
    "left": "bên trái",
    "right": "bên phải",
    "centre": "canh giữa",
    "justify": "canh đều hai lề",
    "whole": "cả chiều ngang",
    "header": "lề trên",
    "footer": "lề dưới",
    "portrait": "theo chiều dài",
    "landscape": "theo chiều rộng",
    "landscape with a table": "theo chiều rộng khi có bảng, biểu",
    "arabic": "chữ số Ả Rập",
    "other": "không phải chữ số Ả Rập",
    "000000": "màu đen",
}
_RULES = {
    Measure.LIST: "mỗi nơi một dòng, đầu dòng có gạch đầu dòng, cuối dòng có dấu chấm phẩy, dòng cuối có dấu chấm",
    Measure.ORDER: "khoản “1.”, “2.”…; điểm “a)”, “b)”… theo thứ tự bảng chữ cái tiếng Việt",
}
_LONGEST = 70


def measured(measure: Measure, value: float | str | bool, words: str = "") -> str:
    """What was measured: "cỡ chữ 16"."""
    if words:
        return words
    if isinstance(value, bool):
        return _SWITCHES[measure][0 if value else 1]
    name = _NAMES[measure]
    if isinstance(value, str):
        return f"{name}: {_choice(measure, value)}"
    return f"{name} {number(value)}{_UNITS.get(measure, '')}"


def allowed_words(measure: Measure, allowed: Allowed) -> str:
    """What is allowed: "từ 12 đến 13"."""
    if isinstance(allowed, bool):
        return _RULES.get(measure) or _SWITCHES[measure][0 if allowed else 1]
    if isinstance(allowed, Pattern):
        return allowed.words
    if isinstance(allowed, Range):
        return _range(allowed) + _UNITS.get(measure, "")
    return " hoặc ".join(_choice(measure, each) for each in allowed)


def number(value: float) -> str:
    """With a decimal comma, no needless places."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _range(allowed: Range) -> str:
    if allowed.values:
        return " hoặc ".join(number(value) for value in allowed.values)
    if allowed.least is not None and allowed.least == allowed.most:
        return number(allowed.least)
    if allowed.least is None or allowed.most is None:
        bound = allowed.most if allowed.least is None else allowed.least
        return f"{'tối đa' if allowed.least is None else 'tối thiểu'} {number(bound or 0.0)}"
    return f"từ {number(allowed.least)} đến {number(allowed.most)}"


def _choice(measure: Measure, value: str) -> str:
    if measure in {Measure.PATTERN, Measure.LAST, Measure.WORDS, Measure.ENDS, Measure.LAST_ENDS}:
        short = value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
        return f"“{short}”"
    return _CHOICES.get(value, value)
