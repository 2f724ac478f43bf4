"""Pictures of the places that a refusal speaks of, as they were kept when it was judged; nothing is opened here."""

from vbdaemon.model import DocumentVerdict, Purpose, Reason, Submission, VerdictKind
from vbdaemon.rendering.answer import Pictures, shown_places


def pictures_of(submission: Submission, verdicts: tuple[DocumentVerdict, ...]) -> Pictures:
    """The picture of each reason of a refusal that has one; a place that several reasons share is shown once.

    In the answer to a check before sending, of what would be held too.
    """
    asked = submission.envelope.purpose is Purpose.PREFLIGHT
    kinds = (VerdictKind.REJECT, VerdictKind.HOLD) if asked else (VerdictKind.REJECT,)
    kept = {(p.file, p.page, p.box): p.png for verdict in verdicts for p in verdict.pictures if p.png}
    found: dict[tuple[str, Reason], bytes] = {}
    for verdict, reason, place in shown_places(verdicts, kinds):
        picture = kept.pop((place.file or verdict.main_sha256, place.page or 0, place.box), b"")
        if picture:
            found[verdict.main_sha256, reason] = picture
    return found
