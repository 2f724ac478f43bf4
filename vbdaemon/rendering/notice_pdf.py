"""A notice as typeset PDF (A4): the same words and pictures as on the screen, laid out for paper."""

import json
import re
from base64 import b64decode
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

import typst

from vbdaemon.errors import TemplateBroken
from vbdaemon.rendering.templates import Block, render_blocks

_URI = "data:image/png;base64,"
_LONG = re.compile(r"(?<!\S)(?![0-9a-f]{64}\b)[^\s\u200b]{41,}")
"""A word that may not fit into a line; a SHA-256 does, and is to be copied whole."""
_SEAM = re.compile(r"[^\W_]{1,24}(?=[^\W_])|[\W_](?=.)")
"""After which it may be broken: signs between words, else any 24 letters."""


def typeset_notice(template: str, site: Path | None, values: dict[str, Any], *, reference: str, contact: str) -> bytes:
    """The PDF of a notice; the same bytes for the same words. `reference` and `contact` stand at each page's foot.

    A picture that cannot be read costs the pictures. TemplateBroken when the site's template cannot be used, or the
    page cannot be set.
    """
    blocks = [_breakable(block) for block in render_blocks(template, site, **values)]
    page = {"reference": reference, "contact": contact}
    try:
        return _set({"blocks": [_pictured(block) for block in blocks], **page})
    except RuntimeError:  # typst.TypstError is one
        pass
    try:
        return _set({"blocks": [_pictured(block, bare=True) for block in blocks], **page})
    except RuntimeError as error:
        raise TemplateBroken(f"the notice could not be typeset: {str(error).splitlines()[0]}") from error


def _breakable(value: Any) -> Any:
    """The same words, with places where a very long one may go on in the next line: names of files have no spaces."""
    if isinstance(value, str):
        return _LONG.sub(lambda long: _SEAM.sub("\\g<0>\u200b", long.group()), value)
    if isinstance(value, list):
        return [_breakable(each) for each in value]
    if isinstance(value, dict):
        return {key: each if key == "picture" else _breakable(each) for key, each in value.items()}
    return value


def _pictured(block: Block, *, bare: bool = False) -> Block:
    """Pictures as lists of numbers, of which the typesetter makes bytes; none where the page is to be `bare`."""
    if block["kind"] != "reasons":
        return block
    return block | {"reasons": [_reason(reason, bare=bare) for reason in block["reasons"]]}


def _reason(reason: dict[str, Any], *, bare: bool) -> dict[str, Any]:
    picture = str(reason["picture"])
    if bare or not picture.startswith(_URI):
        return reason | {"picture": [], "upright": False}
    png = b64decode(picture.removeprefix(_URI))
    width, height = png[16:20], png[20:24]  # IHDR comes first: big-endian, so that bytes compare as numbers do
    return reason | {"picture": list(png), "upright": height > width}


def _set(page: dict[str, Any]) -> bytes:
    """All words go in as one JSON text: data for the template, never a part of its markup."""
    source = package_files("vbdaemon.rendering").joinpath("templates/notice.typ").read_bytes()
    words = {"page": json.dumps(page, ensure_ascii=False)}
    pdf = typst.compile(source, ignore_system_fonts=True, sys_inputs=words, format="pdf")
    assert isinstance(pdf, bytes)
    return pdf
