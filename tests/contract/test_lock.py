"""What the program needs is locked: a clean machine gets exactly what was tried."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def normal(name):
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~! ]", name)[0]).lower()


def locked(file):
    return {normal(name) for name in re.findall(r"^([\w.-]+)==", (ROOT / file).read_text("utf-8"), re.MULTILINE)}


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("requirements.txt", PROJECT["dependencies"]),
        ("requirements-test.txt", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]),
    ],
)
def test_every_dependency_is_locked_by_hash(file, wanted):
    assert {normal(name) for name in wanted} - locked(file) == set()
    text = (ROOT / file).read_text("utf-8")
    pinned = re.split(r"^(?=[a-zA-Z])", text, flags=re.MULTILINE)[1:]
    assert [block.splitlines()[0] for block in pinned if "--hash=sha256:" not in block] == []
    assert "://" not in text
