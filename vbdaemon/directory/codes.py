"""The two usual styles of mã định danh; a code of another style is allowed, and worth a look."""

import re

_STYLES = re.compile(r"\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(?:\.[A-Z0-9]+)*")
"""QCVN 102:2016 (thirteen characters, from the unit up), and QĐ 20/2020/QĐ-TTg (from the top down)."""


def usual(code: str) -> bool:
    """True for a code of one of the two styles."""
    return _STYLES.fullmatch(code) is not None
