"""routes.toml: lines of the route table name units that there are."""

from pathlib import Path

import pytest

from vbdaemon.directory.routes import load_routes
from vbdaemon.errors import DirectoryError
from vbdaemon.model import Directory, Route
from vbdaemon.testing import make_unit

DIRECTORY = Directory((make_unit("H1"), make_unit("H2")))


def load(tmp_path: Path, text: str):
    (tmp_path / "routes.toml").write_text(text, encoding="utf-8")
    return load_routes(tmp_path / "routes.toml", DIRECTORY)


def test_no_file_is_no_line(tmp_path):
    assert load_routes(tmp_path / "absent.toml", DIRECTORY) == ()
    assert load(tmp_path, "") == ()


def test_a_line_is_read_with_every_key(tmp_path):
    text = (
        '[[route]]\nto = ["H1", "H2"]\nforms = ["bao-cao"]\nsymbol_contains = "BC"\nissuers = ["H2"]\n'
        'subject_words = ["lũ lụt"]\ndraft = false\n[[route]]\nto = ["H2"]\n'
    )
    assert load(tmp_path, text) == (
        Route(("H1", "H2"), ("bao-cao",), "BC", ("H2",), ("lũ lụt",), False),
        Route(("H2",)),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[route]]\nto = ["H1", "H8"]\n[[route]]\nto = ["H1"]\nissuers = ["H9"]', "route 0: 'H8'|route 1: 'H9'"),
        ("[[route]]\nto = []", r"route\.0\.to"),
        ('[[route]]\nforms = ["bao-cao"]', r"route\.0\.to"),
        ('[[route]]\nto = ["H1"]\nform = "bao-cao"', r"route\.0\.form: unknown key"),
        ('[[routes]]\nto = ["H1"]', "routes: unknown key"),
    ],
)
def test_a_mistake_names_the_line_and_the_key(tmp_path, text, words):
    with pytest.raises(DirectoryError, match=words):
        load(tmp_path, text)
