"""A notice as typeset PDF (A4): the same words and pictures as on the screen, laid out for paper."""

import json
from base64 import b64decode
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

import typst

from vbdaemon.errors import TemplateBroken
from vbdaemon.rendering.templates import Block, render_blocks

_URI = "data:image/png;base64,"


def typeset_notice(template: str, site: Path | None, values: dict[str, Any], *, reference: str, contact: str) -> bytes:
    """The PDF of a notice; the same bytes for the same words. `reference` and `contact` stand at each page's foot.

    A picture that cannot be read costs the pictures. TemplateBroken when the site's template cannot be used, or the
    page cannot be set.
    """
    blocks = render_blocks(template, site, **values)
    page = {"reference": reference, "contact": contact}
    try:
        return _set({"blocks": [_pictured(block) for block in blocks], **page})
    except RuntimeError:  # typst.TypstError is one
        pass
    try:
        return _set({"blocks": [_pictured(block, bare=True) for block in blocks], **page})
    except RuntimeError as error:
        raise TemplateBroken(f"the notice could not be typeset: {str(error).splitlines()[0]}") from error


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
