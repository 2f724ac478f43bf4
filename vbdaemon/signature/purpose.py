"""Why one organisation signs several times: the number, the date, the seal."""

from dataclasses import replace

from vbdaemon.model import Box, SignatureArea, SignaturePurpose, SignatureReport, SignerRole

HIGHEST_STAMP = 48.0
"""Points; a number or day signed in takes a line or two, a seal some 100 points."""
NUMBER_ZONE = (55.0, 260.0)
"""Points from the top of page 1 between which number and date stand (NĐ 30/2020 App. I, boxes 3 and 4)."""
LEFT_COLUMN = 370.0
"""Points; the number's box begins in the left column of the heading and ends before this."""


def with_purposes(reports: tuple[SignatureReport, ...]) -> tuple[SignatureReport, ...]:
    """Each organisation signature told apart as number, date or seal, by place and size of its box.

    Only where the same certificate signed more than once: a single signature stands in place of the seal.
    """
    return tuple(replace(report, purpose=_purpose(report, reports)) for report in reports)


def _purpose(report: SignatureReport, all_reports: tuple[SignatureReport, ...]) -> SignaturePurpose:
    if report.role is not SignerRole.ORGANISATION:
        return SignaturePurpose.OTHER
    same = [other for other in all_reports if other.certificate == report.certificate]
    stamps = [other for other in same if _stamp_box(other) is not None]
    box = _stamp_box(report)
    if box is None or len(same) == 1 or len(stamps) == len(same):
        return SignaturePurpose.SEAL
    leftmost = min(stamp.x0 for stamp in map(_stamp_box, stamps) if stamp)
    if len(stamps) > 1:
        return SignaturePurpose.NUMBER if box.x0 == leftmost else SignaturePurpose.DATE
    return SignaturePurpose.NUMBER if box.x1 < LEFT_COLUMN else SignaturePurpose.DATE


def _stamp_box(report: SignatureReport) -> Box | None:
    """The box of a signature that can be a number or date: low, on page 1, in the heading."""
    place = report.position
    if place is None or place.box is None or place.page != 1 or place.area is SignatureArea.INVISIBLE:
        return None
    low = place.box.y1 - place.box.y0 <= HIGHEST_STAMP
    inside = NUMBER_ZONE[0] <= place.box.centre[1] <= NUMBER_ZONE[1]
    return place.box if low and inside else None
