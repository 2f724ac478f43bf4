"""routes.toml: lines of the route table name units that there are."""

from pathlib import Path

import pytest

from vbdaemon.directory.routes import load_routes
from vbdaemon.errors import DirectoryError
from vbdaemon.model import Account, AccountRole, Directory, Route, Urgency
from vbdaemon.testing import make_unit

LEADER = Account("lanhdao", AccountRole.LEADER)
DIRECTORY = Directory((make_unit("H1"), make_unit("H2", accounts=(LEADER,))))


def load(tmp_path: Path, text: str):
    (tmp_path / "routes.toml").write_text(text, encoding="utf-8")
    return load_routes(tmp_path / "routes.toml", DIRECTORY)


def test_no_file_is_no_line(tmp_path):
    assert load_routes(tmp_path / "absent.toml", DIRECTORY) == ()
    assert load(tmp_path, "") == ()


def test_a_line_is_read_with_every_key(tmp_path):
    text = (
        '[[route]]\nto = ["H1", "H2"]\nforms = ["bao-cao"]\nsymbol_contains = "BC"\nissuers = ["H2"]\n'
        'subject_words = ["lũ lụt"]\ndraft = false\nurgency = ["khan"]\nsources = ["mot-cua"]\n'
        '[[route]]\nto = ["H2"]\n[[route]]\nto = ["H2/lanhdao"]\n'
    )
    assert load(tmp_path, text) == (
        Route(("H1", "H2"), ("bao-cao",), "BC", ("H2",), ("lũ lụt",), False, (Urgency.KHAN,), ("mot-cua",)),
        Route(("H2",)),
        Route(("H2/lanhdao",)),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[route]]\nto = ["H1", "H8"]\n[[route]]\nto = ["H1"]\nissuers = ["H9"]', "route 0: 'H8'|route 1: 'H9'"),
        ("[[route]]\nto = []", r"route\.0\.to"),
        ('[[route]]\nto = ["H2/ai"]', "route 0: 'H2/ai' is no unit of the directory, or has no such account"),
        ('[[route]]\nto = ["H1"]\nurgency = ["gap"]', r"route\.0\.urgency\.0"),
        ('[[route]]\nforms = ["bao-cao"]', r"route\.0\.to"),
        ('[[route]]\nto = ["H1"]\nform = "bao-cao"', r"route\.0\.form: unknown key"),
        ('[[routes]]\nto = ["H1"]', "routes: unknown key"),
    ],
)
def test_a_mistake_names_the_line_and_the_key(tmp_path, text, words):
    with pytest.raises(DirectoryError, match=words):
        load(tmp_path, text)
