"""One file to its layout, by its media type; never raises for what the file is."""

from pathlib import Path

from vbdaemon.model import Limits, Problem, ProblemKind
from vbdaemon.model.layout import Layout, LayoutKind
from vbdaemon.reading import media
from vbdaemon.reading.edge import guarded


def read_layout(path: Path, sha256: str, media_type: str, limits: Limits) -> Layout | None:
    """The layout of a Word file or a PDF; None for kinds that have none we can read.

    What went wrong is among the problems, and then there are no paragraphs.
    """
    kind = {media.DOCX: LayoutKind.DOCX, media.PDF: LayoutKind.PDF}.get(media_type)
    if kind is None:
        return None
    if path.stat().st_size > limits.file_bytes:
        return Layout(sha256, kind, problems=(Problem(ProblemKind.OVER_LIMIT, "file too large"),))
    read = guarded(lambda: _read(path, sha256, kind, limits), "layout")
    return Layout(sha256, kind, problems=(read,)) if isinstance(read, Problem) else read


def _read(path: Path, sha256: str, kind: LayoutKind, limits: Limits) -> Layout:
    # each parser costs tenths of a second to import, so only the one that is needed
    if kind is LayoutKind.DOCX:
        from vbdaemon.reading.layout_docx import read_docx_layout  # noqa: PLC0415 - see above

        return read_docx_layout(path, sha256, limits)
    from vbdaemon.reading.layout_pdf import read_pdf_layout  # noqa: PLC0415

    return read_pdf_layout(path, sha256, limits)
