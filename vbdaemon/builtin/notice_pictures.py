"""Pictures of the places that a refusal speaks of, from the stored bytes."""

from collections.abc import Callable
from pathlib import Path

from vbdaemon.model import Box, DocumentVerdict, File, FileRole, Reason, Submission
from vbdaemon.reading.crop import crop_png
from vbdaemon.rendering.answer import Pictures, shown_places

MOST = 6
"""In one notice."""
SECONDS = 4.0
"""After so long no further picture is begun: the notice must not wait for pictures."""

Draw = Callable[[Path, int, Box | None], bytes | None]


def pictures_of(
    submission: Submission,
    verdicts: tuple[DocumentVerdict, ...],
    ticks: Callable[[], float],
    draw: Draw = crop_png,
) -> Pictures:
    """A picture for each reason of a refusal that has a place on a page; what cannot be drawn is left out.

    None of documents that are quarantined or restricted, of mail texts, or of files whose bytes are not at hand.
    """
    began = ticks()
    found: dict[tuple[str, Reason], bytes] = {}
    seen = set()
    for verdict, reason, place in shown_places(verdicts):
        file = _file(submission, place.file or verdict.main_sha256)
        spot = (place.file or verdict.main_sha256, place.page, place.box)
        if file is None or place.page is None or spot in seen:
            continue
        if len(found) == MOST or ticks() - began > SECONDS:
            break
        seen.add(spot)
        if picture := draw(file.path, place.page, place.box):
            found[verdict.main_sha256, reason] = picture
    return found


def _file(submission: Submission, sha256: str) -> File | None:
    """The file, when its bytes can be read here and it is one that was handed in to be seen."""
    found = next((file for file in submission.files if file.sha256 == sha256), None)
    if found is None or found.inline or found.role is FileRole.BODY or not found.path.is_file():
        return None
    return found
