"""recipients.toml: how Kính gửi and Nơi nhận are read."""

from pathlib import Path

import pytest

from vbdaemon.errors import RuleSetError
from vbdaemon.model import Rewording
from vbdaemon.rules.loader import load_recipients


def test_the_shipped_words_load_and_none_means_two_things():
    rules = load_recipients()
    assert "Như trên" in rules.as_above
    assert rules.levels.index("thị xã") < rules.levels.index("xã")  # the longer first: a name ends with it
    for kind in (rules.roles, rules.lists, rules.spellings):
        words = [word for each in kind for word in each.words]
        assert len(words) == len(set(words))
    assert all(each.means for each in (*rules.lists, *rules.spellings))


def test_a_sites_own_words_take_their_place(tmp_path: Path):
    file = tmp_path / "noi-nhan.toml"
    file.write_text('as_above = ["N.T"]\n[[role]]\nwords = ["CT"]\n[[spelling]]\nwords = ["A"]\nmeans = "B"\n', "utf-8")
    rules = load_recipients(file)
    assert (rules.as_above, rules.filing) == (("N.T",), ())
    assert rules.roles == (Rewording(("CT",), ""),)
    assert rules.spellings == (Rewording(("A",), "B"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("as_abov = []", '"as_abov" is not known here'),
        ("parts = [1]", '"parts" must be a list of texts'),
        ('[[role]]\nmeans = "Phòng"', '"words" is missing'),
        ('[[spelling]]\nwords = ["A"]', '"means" is missing'),
        ('[[list]]\nwords = ["A"]\nmeans = "B"\nbody = "C"', '"body" is not known here'),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, text: str, words: str):
    file = tmp_path / "noi-nhan.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(RuleSetError, match=rf"noi-nhan.toml:\d+: .*{words}"):
        load_recipients(file)
