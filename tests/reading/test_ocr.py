"""The OCR engine as a child process."""

import os
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from vbdaemon.reading.ocr import OcrTimeout, OcrUnavailable, Tesseract, find_engine, parsed

BLANK = Image.new("L", (80, 80), 255)
HEADER = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


@pytest.fixture
def program(tmp_path):
    """A stand-in for tesseract that runs a shell script."""

    def make(script: str) -> str:
        path = tmp_path / "tesseract"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IEXEC)
        return str(path)

    return make


def test_the_engine_is_looked_for_on_the_path_of_the_given_environment(program, tmp_path):
    found = find_engine({"PATH": str(tmp_path)}, 1.0)
    assert found is None
    path = program("exit 0")
    assert find_engine({"PATH": str(tmp_path)}, 1.0).program == path


def test_the_child_gets_one_thread_and_no_secrets(program, tmp_path):
    program("cat > /dev/null; env > " + str(tmp_path / "seen"))
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "IMAP_PASSWORD": "secret"}
    find_engine(environment, 5.0).begin(BLANK, 200)()
    seen = (tmp_path / "seen").read_text()
    assert "OMP_THREAD_LIMIT=1" in seen
    assert "secret" not in seen


def test_missing_language_data_is_unavailable(program):
    with pytest.raises(OcrUnavailable):
        Tesseract(program("cat > /dev/null; exit 1"), 5.0, {}).begin(BLANK, 200)()


def test_a_missing_program_is_unavailable():
    with pytest.raises(OcrUnavailable):
        Tesseract("/nowhere/tesseract", 5.0, {}).begin(BLANK, 200)()


def test_a_hanging_engine_is_ended(program):
    started = time.monotonic()
    with pytest.raises(OcrTimeout):
        Tesseract(program("exec sleep 30"), 0.2, {"PATH": os.environ["PATH"]}).begin(BLANK, 200)()
    assert time.monotonic() - started < 5


def test_no_engine_outlives_a_killed_worker(program, tmp_path):
    pid_file = tmp_path / "pid"
    script = program(f"echo $$ > {pid_file}; exec sleep 60")
    code = textwrap.dedent(f"""
        from PIL import Image
        from vbdaemon.reading.ocr import Tesseract
        Tesseract({script!r}, 60.0, {{"PATH": {os.environ["PATH"]!r}}}).begin(Image.new("L", (9, 9)), 200)()
    """)
    worker = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: pid_file.exists() and pid_file.read_text().strip())
        child = int(pid_file.read_text())
        assert os.getpgid(child) == os.getpgid(worker.pid)
    finally:
        worker.kill()
        worker.wait()
    wait_for(lambda: not alive(child))


def test_rows_that_are_no_words_are_left_out():
    table = (
        HEADER
        + "4\t1\t1\t1\t1\t0\t10\t10\t90\t20\t-1\t\n"
        + "5\t1\t1\t1\t1\t1\t10\t10\t40\t20\t96.5\tSố:\n"
        + "5\t1\t1\t1\t1\t2\t60\t10\t5\t20\t12.0\t~\n"
        + "5\t1\t1\t1\t1\t3\t70\t10\t5\t20\t12.0\t}\n"
        + "5\t1\t1\t1\t1\t4\t70\t10\t5\t20\t96.0\t \n"
        + "broken\n"
    )
    (word,) = parsed(table)
    assert (word.text, word.left, word.width, word.confidence, word.line) == ("Số:", 10, 40, 0.965, (1, 1, 1))


def test_tesseract_reads_an_empty_picture_as_no_words(engine):
    assert engine.begin(BLANK, 200)() == ()


def wait_for(condition) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


CELLS = st.one_of(st.sampled_from(["5", "1", "0", "-1", "96.5", "nan", "1e9", "", "Số:"]), st.text(max_size=6))


@given(st.lists(st.lists(CELLS, max_size=13), max_size=6))
def test_no_table_breaks_the_reading_of_words(rows):
    words = parsed(HEADER + "\n".join("\t".join(row) for row in rows))
    assert all(0 <= word.confidence <= 10 and word.text.strip() for word in words)


def test_a_row_of_the_table_is_a_word_with_its_place():
    (word,) = parsed(HEADER + "5\t1\t2\t1\t3\t1\t10\t20\t30\t12\t96.5\tSố:\n")
    assert (word.text, word.left, word.top, word.line, word.confidence) == ("Số:", 10, 20, (2, 1, 3), 0.965)


@pytest.mark.parametrize("speck", ["ˆ", "˜", "´", "<>"])
def test_a_speck_of_dust_is_no_word(speck):
    assert parsed(HEADER + f"5\t1\t2\t1\t3\t1\t10\t20\t30\t12\t96.5\t{speck}\n") == ()
