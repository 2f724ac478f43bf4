"""A later signature of somebody else whose picture can hide what the issuer signed.

A signature drawn over signed words breaks nothing ("sneaky signature attack"), and software that asks only whether
all signatures are good accepts it: NĐ 30/2020 art. 21 wants the content to be the issuer's.
"""

from vbdaemon.builtin.validity_view import SignatureView
from vbdaemon.model import Box, Content, Finding, SignatureReport, TextSource

FREE_STRIP = 0.09
"""Part of a page, from its upper edge, in which publishers and receivers sign: above the heading of a document."""
LEAST_OVERLAP = 0.4
"""Part of a line's height that is hidden before its words are."""
LEAST_WIDTH = 4.0
"""Points of a line that are hidden before a digit is."""


def cover_findings(view: SignatureView) -> list[Finding]:
    """One finding for each visible signature after the issuer's last that is not the issuer's and hides words."""
    found = []
    for content in view.document.contents:
        reports = view.of(content.file)
        last = max((place for place, report in enumerate(reports) if view.is_issuers(report)), default=None)
        if last is not None:
            later = [report for report in reports[last + 1 :] if _covers(content, report)]
            found += [view.finding("later-signature-over-content", report) for report in later]
    return found


def _covers(content: Content, report: SignatureReport) -> bool:
    place = report.position
    if place is None or place.box is None:
        return False
    page = next((page for page in content.pages if page.number == place.page), None)
    if page is None or place.box.y1 <= FREE_STRIP * page.height:
        return False
    return page.image_only or any(_hides(place.box, line.box) for line in page.lines if line.source in WRITTEN)


WRITTEN = (TextSource.TEXT, TextSource.OCR)
"""Words of the page itself; those of a widget may be the later signature's own."""


def _hides(box: Box, line: Box | None) -> bool:
    if line is None:
        return False
    across = min(box.x1, line.x1) - max(box.x0, line.x0)
    down = min(box.y1, line.y1) - max(box.y0, line.y0)
    return across >= LEAST_WIDTH and down >= LEAST_OVERLAP * (line.y1 - line.y0) > 0
