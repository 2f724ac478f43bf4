"""Which file of a registered document can be copied with a stamp, which of its pages, and what the copy has to say."""

from dataclasses import dataclass

from vbdaemon.errors import ActRefused
from vbdaemon.model import DocumentVerdict, FileRecord, Withdrawal
from vbdaemon.state.records import Decision
from vbdaemon.state.register_line import Line

PDF = "application/pdf"
WITHDRAWN = {
    Withdrawal.RECALL: ("ĐÃ BỊ THU HỒI", "recalled"),
    Withdrawal.UPDATE: ("ĐÃ LẤY LẠI ĐỂ CẬP NHẬT", "taken back for an update"),
    Withdrawal.REPLACE: ("ĐÃ ĐƯỢC THAY THẾ", "replaced"),
}
"""On the copy, and to the one who prints it."""


@dataclass(frozen=True, slots=True)
class Printing:
    """What is copied."""

    sha256: str
    first_page: int
    last_page: int | None
    withdrawn: Withdrawal | None


def printing_of(line: Line, decision: Decision, name: str | None = None) -> Printing:
    """The document's main file, or that of its files which is named. ActRefused says what can be printed instead."""
    here = (line.main_sha256, line.first_page)
    document = next((each for each in decision.documents if (each.main_sha256, each.first_page) == here), None)
    if document is None:
        raise ActRefused(f"{line.key}: its document is not in the decision that stands; there is nothing to print")
    own = [file for sha256 in document.files for file in decision.files if file.sha256 == sha256]
    main = next((file for file in own if file.sha256 == document.main_sha256), None)
    if name is not None and (main is None or main.name != name):
        return _named(line, document, own, name)
    if main is not None and main.media_type != PDF:
        raise ActRefused(_no_pdf(line, main, [file for file in own if file.media_type == PDF]))
    return Printing(document.main_sha256, document.first_page, _last_page(document, decision), document.withdrawn)


def _named(line: Line, document: DocumentVerdict, own: list[FileRecord], name: str) -> Printing:
    found = next((file for file in own if file.name == name), None)
    if found is None or found.media_type != PDF:
        listed = ", ".join(f'"{file.name}"' for file in own if file.media_type == PDF) or "none"
        raise ActRefused(f'{line.key} has no PDF "{name}"; its PDF files: {listed}')
    return Printing(found.sha256, 1, None, document.withdrawn)


def _no_pdf(line: Line, main: FileRecord, beside: list[FileRecord]) -> str:
    what = f'{line.key}: its main file "{main.name}" is no PDF, and takes no stamp'
    if beside:
        listed = " or ".join(f'--file "{file.name}"' for file in beside)
        return f"{what}; a PDF of the same document can be printed: add {listed}"
    number = f"{line.arrival_number} of {line.registered_on:%d/%m/%Y}"
    return f"{what}; print it with the program it is written in, and stamp that paper ĐẾN by hand, number {number}"


def _last_page(document: DocumentVerdict, decision: Decision) -> int | None:
    """Before the next document of the same file; None = to its end."""
    begins = (d.first_page for d in decision.documents if d.main_sha256 == document.main_sha256)
    following = min((page for page in begins if page > document.first_page), default=None)
    return following - 1 if following is not None else None
