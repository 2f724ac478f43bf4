"""What people type with a command that is recorded."""

from datetime import date

import pytest

from vbdaemon.cli.typed import LONGEST_NAME, day, who, who_answers, why
from vbdaemon.errors import ConfigurationError


@pytest.mark.parametrize("words", ["2026-01-05", "05/01/2026", "5/1/2026", " 2026-01-05 "])
def test_a_day_is_written_as_machines_or_as_people_here_do(words):
    assert day(words) == date(2026, 1, 5)


@pytest.mark.parametrize("words", ["", "2026-13-01", "31/02/2026", "tomorrow", "1/2", "05-01-2026"])
def test_what_is_no_day_is_one_clear_line(words):
    with pytest.raises(ConfigurationError, match="is no day; write 2026-01-15 or 15/01/2026"):
        day(words)


def test_a_reason_of_blanks_is_none():
    assert why("  gửi nhầm ") == "gửi nhầm"
    with pytest.raises(ConfigurationError, match="--reason is empty"):
        why(" \n")


def test_a_name_of_blanks_is_nobody(monkeypatch):
    monkeypatch.setenv("SUDO_USER", "lan")
    assert (who(None), who(" Nguyễn Văn Mẫu "), len(who("x" * 500))) == ("lan", "Nguyễn Văn Mẫu", LONGEST_NAME)
    for empty in ("", "  "):
        with pytest.raises(ConfigurationError, match="say who does this"):
            who(empty)


def test_root_answers_for_nothing_unless_named(monkeypatch):
    monkeypatch.setenv("SUDO_USER", "root")
    assert who(None) == "root"
    assert who_answers("root") == "root"
    with pytest.raises(ConfigurationError, match="say who does this"):
        who_answers(None)
