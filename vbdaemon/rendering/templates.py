"""The template engine: sandboxed, strict about names, escaping everything in HTML."""

import re
from functools import cache
from typing import Any

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment


def render_html(template: str, **values: Any) -> str:
    """One self-contained HTML page; every value is escaped."""
    return _environment(html=True).get_template(template).render(medium="medium/html.j2", **values).strip() + "\n"


def render_text(template: str, **values: Any) -> str:
    """The same words as plain text, a paragraph a line."""
    text = _environment(html=False).get_template(template).render(medium="medium/text.j2", **values)
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


@cache
def _environment(*, html: bool) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=PackageLoader("vbdaemon.rendering", "templates"),
        undefined=StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["flow"] = _flow
    return environment


def _flow(text: str) -> str:
    """On one line, its kind kept: escaped stays escaped."""
    one_line = " ".join(text.split())
    return type(text)(re.sub(r" +([.,;:])", r"\1", one_line))
