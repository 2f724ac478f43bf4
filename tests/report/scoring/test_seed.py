"""Secret, public value and seed: hashes that a shell computes too, and one way only to write a value."""

import hashlib
import shutil
import subprocess

import pytest

from vbdaemon.report.seed import ScoringError, ValueForm, commitment_of, new_secret, seed_of

SECRET = "0f" * 32


def test_a_secret_is_what_the_source_of_chance_gives_and_nothing_else():
    asked = []

    def source(count: int) -> bytes:
        asked.append(count)
        return bytes(range(count))

    assert new_secret(source) == bytes(range(32)).hex()
    assert asked == [32]


def test_commitment_and_seed_are_plain_hashes_of_text():
    assert commitment_of(SECRET) == hashlib.sha256(SECRET.encode()).hexdigest()
    assert seed_of(SECRET, "12345") == hashlib.sha256(f"{SECRET}12345".encode()).hexdigest()


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
def test_anyone_with_a_shell_gets_the_same():
    said = subprocess.run(
        ["sh", "-c", 'printf %s%s "$0" "$1" | sha256sum', SECRET, "12345"], capture_output=True, check=True, text=True
    )
    assert said.stdout.split()[0] == seed_of(SECRET, "12345")


@pytest.mark.parametrize("typed", ["12345", " 12 345 ", "12.345", "1-2-3-4-5", "１２３４５", "12,345\n", "12\u00a0345"])
def test_however_it_is_spaced_a_value_is_one(typed):
    assert ValueForm.parse("digits:5").read(typed) == "12345"


@pytest.mark.parametrize("typed", ["1234", "123456", "12a45", "", "giải 12345", "١٢٣٤٥", "12345\u0301", "+1234"])
def test_what_is_not_of_the_announced_form_is_refused(typed):
    with pytest.raises(ScoringError, match="not the public value that was announced: 5 decimal digits"):
        ValueForm.parse("digits:5").read(typed)


def test_hexadecimal_digits_are_small_letters():
    assert ValueForm.parse("hex:8").read("DEAD beef") == "deadbeef"


@pytest.mark.parametrize("form", ["digits:4", "digits:0", "hex:4", "digits:129", "digits", "words:5", "digits:05x", ""])
def test_a_form_with_too_few_outcomes_or_none_is_refused(form):
    with pytest.raises(ScoringError, match="no form of a public value"):
        ValueForm.parse(form)
