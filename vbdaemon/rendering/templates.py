"""The template engine: sandboxed, strict about names, escaping everything in HTML."""

import json
import re
from dataclasses import asdict, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from vbdaemon.errors import TemplateBroken

Medium = Literal["html", "text", "pdf"]
Block: TypeAlias = dict[str, Any]
OURS_ALONE = frozenset({"submission.html.j2", "unfinished.j2", "report.html.j2"})
"""Pages of the office itself, and the note on a half-copied file."""
_BLOCK = "\ue000"
"""Begins a line that is a block; a private character."""


def render_html(template: str, site: Path | None = None, **values: Any) -> str:
    """One self-contained HTML page; every value is escaped. A template of the same name in `site` goes first.

    TemplateBroken when a site's template cannot be used.
    """
    return _rendered(template, site, "html", values=values).strip() + "\n"


def render_text(template: str, site: Path | None = None, **values: Any) -> str:
    """The same words as plain text, a paragraph a line."""
    text = _rendered(template, site, "text", values=values)
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def render_blocks(template: str, site: Path | None = None, **values: Any) -> list[Block]:
    """The same words as blocks for a typeset page, each with its `kind`; text outside of any macro is a paragraph."""
    text = _rendered(template, site, "pdf", values=values)
    return [_block(line) for line in text.split("\n") if line.strip()]


def _block(line: str) -> Block:
    mark, _, body = line.strip().partition(_BLOCK)
    if mark or not body:
        return {"kind": "para", "words": _flow(line)}
    block: Block = json.loads(body)
    return block


def overridable() -> tuple[str, ...]:
    """Names of the templates that a site can replace, one by one."""
    ours = PackageLoader("vbdaemon.rendering", "templates").list_templates()
    return tuple(name for name in ours if name.endswith(".j2") and name not in OURS_ALONE)


def template_mistakes(site: Path) -> tuple[str, ...]:
    """Why a site's templates cannot be used, a line each; empty when all can be read."""
    known = overridable()
    mistakes = []
    for path in sorted(p for p in site.rglob("*") if p.is_file() and not _is_aside(p.name)):
        name = path.relative_to(site).as_posix()
        if name not in known:
            mistakes.append(f"{path}: replaces nothing, no template has this name; there are: {', '.join(known)}")
            continue
        try:
            _environment("html", site).get_template(name)
        except (TemplateError, UnicodeDecodeError) as error:
            mistakes.append(f"{path}: {error}")
    return tuple(mistakes)


def _is_aside(name: str) -> bool:
    """What people and editors leave beside templates."""
    return name.startswith((".", "README")) or name.endswith(("~", ".bak", ".orig"))


def _rendered(template: str, site: Path | None, medium: Medium, *, values: dict[str, Any]) -> str:
    environment = _environment(medium, site)
    try:
        return environment.get_template(template).render(medium=f"medium/{medium}.j2", **values)
    except (TemplateError, UnicodeDecodeError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        if site is None:  # ours: a mistake of the program, to be seen
            raise
        raise TemplateBroken(f"template {template} of the site: {error}") from error


@cache
def _environment(medium: Medium, site: Path | None) -> SandboxedEnvironment:
    ours = PackageLoader("vbdaemon.rendering", "templates")
    environment = SandboxedEnvironment(
        loader=ours if site is None else ChoiceLoader([FileSystemLoader(site), ours]),
        undefined=StrictUndefined,
        autoescape=medium == "html",
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["flow"] = _flow
    environment.filters["split_lines"] = _split_lines
    environment.globals["block"] = _write_block
    return environment


def _write_block(kind: str, **values: Any) -> str:
    """A block as a line of ASCII; the mark cannot stand in values, which are shown without private characters."""
    return _BLOCK + json.dumps({"kind": kind} | values, default=_plain)


def _plain(value: Any) -> Any:
    """A value of ours as JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} cannot stand in a block")


def _split_lines(letterhead: str) -> list[str]:
    """Parent body and office, a line each."""
    return str(letterhead).split(" – ", 1)


def _flow(text: str) -> str:
    """On one line, its kind kept: escaped stays escaped."""
    one_line = " ".join(text.split())
    return type(text)(re.sub(r" +([.,;:])", r"\1", one_line))
