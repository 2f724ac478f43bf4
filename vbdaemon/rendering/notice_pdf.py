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


def typeset_notice(
    template: str, site: Path | None, values: dict[str, Any], *, reference: str, contact: str
) -> bytes:
    """The PDF of a notice; the same bytes for the same words. `reference` and `contact` stand at each page's foot.

    TemplateBroken when the site's template cannot be used, or the page cannot be set.
    """
    blocks = [_with_bytes(block) for block in render_blocks(template, site, **values)]
    page = {"blocks": blocks, "reference": reference, "contact": contact}
    return _set(page)


def _with_bytes(block: Block) -> Block:
    """Pictures as lists of numbers: what the typesetter makes bytes of."""
    if block["kind"] != "reasons":
        return block
    return block | {"reasons": [_reason(reason) for reason in block["reasons"]]}


def _reason(reason: dict[str, Any]) -> dict[str, Any]:
    picture = str(reason["picture"])
    return reason | {"picture": list(b64decode(picture.removeprefix(_URI))) if picture.startswith(_URI) else []}


def _set(page: dict[str, Any]) -> bytes:
    """All words go in as one JSON text: data for the template, never a part of its markup."""
    source = package_files("vbdaemon.rendering").joinpath("templates/notice.typ").read_bytes()
    try:
        pdf = typst.compile(
            source, ignore_system_fonts=True, sys_inputs={"page": json.dumps(page, ensure_ascii=False)}, format="pdf"
        )
    except RuntimeError as error:  # typst.TypstError is one
        raise TemplateBroken(f"the notice could not be typeset: {str(error).splitlines()[0]}") from error
    assert isinstance(pdf, bytes)
    return pdf
