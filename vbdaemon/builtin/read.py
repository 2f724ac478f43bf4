"""Built-in reading: PDF with OCR, docx, xlsx, text."""

import os

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Content, File, Snapshot
from vbdaemon.reading.ocr import find_engine
from vbdaemon.reading.reader import read_file


@hookimpl
def read(file: File, snapshot: Snapshot) -> Content:
    """What reading found; kinds that we do not read are answered too, as OTHER with a problem that says so."""
    ocr = find_engine(os.environ, snapshot.limits.ocr_seconds)
    return read_file(file.path, file.name, file.sha256, file.media_type, snapshot.limits, ocr)
