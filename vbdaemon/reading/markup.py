"""HTML of mails as text for people, and the pictures that it shows. In one pass, whatever the markup is."""

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

MOST_LETTERS = 2_000_000
"""More markup than this is not looked at."""
_BREAKING = frozenset({"br", "p", "div", "tr", "li", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_SHOWN = re.compile(r"cid:([^\"'\s>)]{1,300})", re.IGNORECASE)


def text_of(markup: str) -> str:
    """The words, one line a block, without runs of spaces or empty lines."""
    rows = "".join(_pieces(markup[:MOST_LETTERS].replace("\0", ""))).splitlines()
    return "\n".join(line for line in (" ".join(row.split()) for row in rows) if line)


def pictures_of(markup: str) -> frozenset[str]:
    """Content-IDs that the markup refers to."""
    return frozenset(unquote(html.unescape(found[1])) for found in _SHOWN.finditer(markup[:MOST_LETTERS]))


def _pieces(markup: str) -> Iterator[str]:
    small, at = markup.lower(), 0
    while (begin := markup.find("<", at)) >= 0:
        yield html.unescape(markup[at:begin].replace("\r", " ").replace("\n", " "))
        if markup.startswith("<!--", begin):
            at = _after(markup, "-->", begin)
            continue
        tag = _TAG.match(markup, begin)
        if tag is None and markup[begin + 1 : begin + 2] not in {"!", "?", "/"}:
            yield "<"
            at = begin + 1
            continue
        at = _after(markup, ">", begin)
        name = tag[1].lower() if tag else ""
        if name in _UNSEEN and markup[begin + 1] != "/":
            end = small.find(f"</{name}", at)
            if end >= 0:  # never closed: shown rather than lost
                at = _after(markup, ">", end)
        if name in _BREAKING:
            yield "\n"
        elif name in {"td", "th"}:
            yield " "
    yield html.unescape(markup[at:].replace("\r", " ").replace("\n", " "))


def _after(markup: str, mark: str, at: int) -> int:
    found = markup.find(mark, at)
    return found + len(mark) if found >= 0 else len(markup)
