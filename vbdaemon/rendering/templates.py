"""The template engine: sandboxed, strict about names, escaping everything in HTML."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from vbdaemon.errors import TemplateBroken


def render_html(template: str, site: Path | None = None, **values: Any) -> str:
    """One self-contained HTML page; every value is escaped. A template of the same name in `site` goes first.

    TemplateBroken when a site's template cannot be used.
    """
    return _rendered(template, site, html=True, values=values).strip() + "\n"


def render_text(template: str, site: Path | None = None, **values: Any) -> str:
    """The same words as plain text, a paragraph a line."""
    text = _rendered(template, site, html=False, values=values)
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def template_mistakes(site: Path) -> tuple[str, ...]:
    """Why a site's templates cannot be used, a line each; empty when all can be read."""
    known = PackageLoader("vbdaemon.rendering", "templates").list_templates()
    mistakes = []
    for path in sorted(p for p in site.rglob("*.j2") if p.is_file()):
        name = path.relative_to(site).as_posix()
        if name not in known:
            mistakes.append(f"{path}: no template of ours has this name; there are: {', '.join(known)}")
            continue
        try:
            _environment(html=True, site=site).get_template(name)
        except (TemplateError, UnicodeDecodeError) as error:
            mistakes.append(f"{path}: {error}")
    return tuple(mistakes)


def _rendered(template: str, site: Path | None, *, html: bool, values: dict[str, Any]) -> str:
    medium = "medium/html.j2" if html else "medium/text.j2"
    environment = _environment(html=html, site=site)
    try:
        return environment.get_template(template).render(medium=medium, **values)
    except (TemplateError, UnicodeDecodeError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        if site is None:  # ours: a mistake of the program, to be seen
            raise
        raise TemplateBroken(f"template {template} of the site: {error}") from error


@cache
def _environment(*, html: bool, site: Path | None) -> SandboxedEnvironment:
    ours = PackageLoader("vbdaemon.rendering", "templates")
    environment = SandboxedEnvironment(
        loader=ours if site is None else ChoiceLoader([FileSystemLoader(site), ours]),
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
