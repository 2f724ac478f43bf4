"""Reading pictures with tesseract: one child process a picture, one thread, no shell."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from vbdaemon.errors import VbdaemonError

LANGUAGE = "vie"
PROGRAM = "tesseract"
_PASSED_ON = ("PATH", "TESSDATA_PREFIX", "HOME", "TMPDIR")
_PR_SET_PDEATHSIG = 1  # prctl(2)
_WORD_LEVEL = "5"
_NOISE = 30.0
_MEASURES = re.compile(r"(?:\d{1,7}\t){8}\d{1,3}(?:\.\d+)?", re.ASCII)
"""Numbers of block, paragraph, line and word, place and size, and a confidence."""
_SPECKS = "^~`´'’‘“”\"*°<>=_ˆ˜ˇ˙˚¨¯¸"
"""What dust and the edges of a seal are read as; accents without a letter among them."""


class OcrUnavailable(VbdaemonError):
    """No OCR engine for Vietnamese; install tesseract-ocr and tesseract-ocr-vie."""


class OcrTimeout(VbdaemonError):
    """OCR of one picture took longer than the limit."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in a picture; pixels from its top-left corner."""

    text: str
    left: int
    top: int
    width: int
    height: int
    confidence: float
    """0.0 to 1.0."""
    line: tuple[int, int, int]
    """Block, paragraph and line in which the engine saw it."""


Reading = Callable[[], tuple[Word, ...]]
"""Waits for the words of a picture that an engine is reading; OcrUnavailable, OcrTimeout."""


class Recogniser(Protocol):
    """What the reader asks of an OCR engine."""

    def begin(self, picture: Image.Image, dpi: float) -> Reading:
        """Begin to read a grey picture; its words come in reading order. Pages can be drawn meanwhile."""

    def block(self, picture: Image.Image, dpi: float) -> tuple[Word, ...]:
        """The same for a picture that holds nothing but a few lines of text."""

    def rotation(self, picture: Image.Image, dpi: float) -> int:
        """Quarter turns in degrees, clockwise, that set the picture upright; 0 when not known."""


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The tesseract program of this machine."""

    program: str
    seconds: float
    """For one call."""
    environment: Mapping[str, str]

    def begin(self, picture: Image.Image, dpi: float) -> Reading:
        """Begin to read a grey picture."""
        # 3: find columns; the two halves of a heading stay two lines more often than with 6
        child = self._begun(picture, "-l", LANGUAGE, "--psm", "3", "--dpi", str(round(dpi)), "tsv")
        return lambda: parsed(child.answer())

    def block(self, picture: Image.Image, dpi: float) -> tuple[Word, ...]:
        """The same for a picture that holds nothing but a few lines of text."""
        return parsed(self._begun(picture, "-l", LANGUAGE, "--psm", "6", "--dpi", str(round(dpi)), "tsv").answer())

    def rotation(self, picture: Image.Image, dpi: float) -> int:
        """Quarter turns that set the picture upright; 0 without orientation data or too little text."""
        try:
            answer = self._begun(picture, "-l", "osd", "--psm", "0", "--dpi", str(round(dpi))).answer()
        except OcrUnavailable:
            return 0
        turns = [line.partition(":")[2].strip() for line in answer.splitlines() if line.startswith("Rotate:")]
        return int(turns[0]) if turns and turns[0] in {"90", "180", "270"} else 0

    def _begun(self, picture: Image.Image, *options: str) -> "_Child":
        # a file, not a pipe: the page is handed over at once, and nobody waits for a buffer
        with tempfile.TemporaryFile() as given:
            picture.save(given, "PPM")
            given.seek(0)
            try:
                process = subprocess.Popen(  # noqa: S603 - fixed program and options, no shell
                    [self.program, "stdin", "stdout", *options],
                    stdin=given,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=dict(self.environment),
                    preexec_fn=_die_with_parent(),  # noqa: PLW1509 - it makes one system call
                )
            except OSError as error:
                raise OcrUnavailable from error
        return _Child(process, self.seconds)


@dataclass(frozen=True, slots=True)
class _Child:
    """The engine at work on one picture."""

    process: "subprocess.Popen[bytes]"
    seconds: float

    def answer(self) -> str:
        """What it wrote, once it has ended; it is killed when it takes too long."""
        with self.process:
            try:
                table, _ = self.process.communicate(timeout=self.seconds)
            except subprocess.TimeoutExpired as error:
                self.process.kill()
                raise OcrTimeout(f"OCR of one picture took longer than {self.seconds:g} s") from error
        if self.process.returncode != 0:
            raise OcrUnavailable(f"tesseract ended with status {self.process.returncode}; is {LANGUAGE} installed?")
        return table.decode("utf-8", errors="replace")


def find_engine(environment: Mapping[str, str], seconds: float) -> Tesseract | None:
    """The tesseract on the PATH of `environment`; None when there is none."""
    program = shutil.which(PROGRAM, path=environment.get("PATH"))
    if program is None:
        return None
    passed = {name: environment[name] for name in _PASSED_ON if name in environment}
    # more threads than one made it 4 to 8 times slower on a busy machine
    return Tesseract(program, seconds, {**passed, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"})


def parsed(table: str) -> tuple[Word, ...]:
    """Words of tesseract's TSV output; rows that are no words are left out."""
    words = []
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != _WORD_LEVEL or not cells[11].strip():  # noqa: PLR2004 - columns of the table
            continue
        if not _MEASURES.fullmatch("\t".join(cells[2:11])):
            continue
        confidence = float(cells[10])
        text = cells[11].strip()
        if not text.strip(_SPECKS) or (confidence < _NOISE and not any(c.isalnum() for c in text)):
            continue
        block, paragraph, line, _, left, top, width, height = (int(cell) for cell in cells[2:10])
        words.append(Word(text, left, top, width, height, confidence / 100, (block, paragraph, line)))
    return tuple(words)


def _die_with_parent() -> Callable[[], None]:
    """Runs in the child: die when the worker is killed. The child stays in the worker's process group."""
    libc = ctypes.CDLL(None)  # loaded before the fork: nothing but the call happens between fork and exec
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask
