"""Pictures of the places that a refusal speaks of: drawn where the file is parsed anyway, kept for the notice.

Delivery workers, which may hold a secret, so never open what somebody handed in to write a notice.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from vbdaemon.model import Box, DocumentVerdict, PlacePicture, Submission, VerdictKind
from vbdaemon.rendering.answer import shown_places
from vbdaemon.spool.places import keep_places, place_name
from vbdaemon.state.records import Decision

MOST = 6
"""For one submission."""
SECONDS = 6.0
"""For all of them; those that are drawn by then are kept."""
LOOK = 0.005
KINDS = (VerdictKind.REJECT, VerdictKind.HOLD)
"""What is held may be refused by a person: then the pictures are there."""

Draw = Callable[[Path, int, Box | None], bytes | None]


def with_pictures(
    decision: Decision, submission: Submission, folder: Path, scratch: Path, draw: Draw | None = None
) -> Decision:
    """The decision with the pictures that could be drawn, their bytes kept in the submission's `folder`.

    A page that breaks or holds up the parser costs its picture, never the decision. Nothing of documents that are
    quarantined or restricted. What lies there already is not drawn again.
    """
    places = dict(_places(decision.documents))
    files = {file.sha256: file.path for file in submission.files}
    missing = {
        name: (files.get(place.file, scratch / place.file), place)
        for name, place in places.items()
        if not (folder / name).is_file()
    }
    if missing:
        drawn = _drawn(missing, scratch / "places", draw or _pencil())
        try:
            keep_places(folder, drawn)
        except OSError:  # no room, or locked away meanwhile: the notice goes without
            drawn = {}
        places = {name: place for name, place in places.items() if name in drawn or name not in missing}
    documents = tuple(replace(each, pictures=_of(each, places)) for each in decision.documents)
    return replace(decision, documents=documents) if places else decision


def name_of(place: PlacePicture) -> str:
    """Under which name the bytes lie beside the submission."""
    box = place.box  # a kept decision has fractions where a check may have given whole numbers
    edges = (float(box.x0), float(box.y0), float(box.x1), float(box.y1)) if box else None
    return place_name(place.file, place.page, edges)


def _places(documents: tuple[DocumentVerdict, ...]) -> Iterator[tuple[str, PlacePicture]]:
    seen: set[str] = set()
    for document, _, shown in shown_places(documents, KINDS):
        if shown.page is None or len(seen) == MOST:
            continue
        place = PlacePicture(shown.file or document.main_sha256, shown.page, shown.box)
        name = name_of(place)
        if name not in seen:
            seen.add(name)
            yield name, place


def _of(document: DocumentVerdict, places: Mapping[str, PlacePicture]) -> tuple[PlacePicture, ...]:
    """Those of this document's places."""
    mine = {
        (shown.file or document.main_sha256, shown.page, shown.box) for _, _, shown in shown_places((document,), KINDS)
    }
    return tuple(place for place in places.values() if (place.file, place.page, place.box) in mine)


def _drawn(missing: Mapping[str, tuple[Path, PlacePicture]], target: Path, draw: Draw) -> dict[str, Path]:
    """The pictures as files in `target`, by name; drawn in a child process that may break or be late."""
    target.mkdir(mode=0o700, exist_ok=True)

    def all_of_them() -> None:
        for name, (path, place) in missing.items():
            if png := draw(path, place.page, place.box):
                draft = target / f"{name}.part"
                draft.write_bytes(png)
                draft.rename(target / name)

    _in_child(all_of_them)
    return {name: target / name for name in missing if (target / name).is_file()}


def _pencil() -> Draw:
    from vbdaemon.reading.crop import crop_png  # noqa: PLC0415 - workers draw; the daemon itself loads no parser

    return crop_png


def _in_child(work: Callable[[], None]) -> None:
    """A fork of this worker does it: it has the libraries at hand, and what it breaks is its own."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    end = time.monotonic() + SECONDS
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return
        time.sleep(LOOK)
