"""What the office's signature on a notice shows: who signed, and when."""

from datetime import datetime
from importlib.resources import files as package_files
from zoneinfo import ZoneInfo

import typst

from vbdaemon.rendering.words import sentence


def draw_seal(name: str, at: datetime) -> bytes:
    """A one-page PDF; `at` is aware. The same bytes for the same words."""
    local = at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    source = package_files("vbdaemon.rendering").joinpath("templates/seal.typ").read_bytes()
    words = {"name": sentence(name), "at": f"{local:%d/%m/%Y %H:%M:%S} +07:00"}
    pdf = typst.compile(source, ignore_system_fonts=True, sys_inputs=words, format="pdf")
    assert isinstance(pdf, bytes)
    return pdf
