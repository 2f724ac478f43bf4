"""`mode = "shadow"` put into the settings and taken out: everything else stays to the letter."""

import tomllib

import pytest

from vbdaemon.errors import ConfigurationError
from vbdaemon.operation.plugin_mode import with_shadow, without_mode

PUT = [
    ('[plugins]\nenabled = ["x"]\n', '[plugins]\nenabled = ["x"]\n\n[plugins.x]\nmode = "shadow"\n'),
    (
        '[plugins.x] # mine\nwords = ["a"]\n\n[log]\n',
        '[plugins.x] # mine\nmode = "shadow"\nwords = ["a"]\n\n[log]\n',
    ),
    ("[plugins.x]", '[plugins.x]\nmode = "shadow"\n'),
    ("[plugins]\n# nothing else", '[plugins]\n# nothing else\n\n[plugins.x]\nmode = "shadow"\n'),
]
TAKEN = [
    ('[plugins.x]\nmode = "shadow" # first a look\nwords = 1\n[log]\n', "[plugins.x]\nwords = 1\n[log]\n"),
    ('[log]\n\n[plugins.x]\nmode = "shadow"\n', "[log]\n"),
    ('[plugins.x]\nmode = "active"\n\n[log]\n', "[log]\n"),
    ('[plugins.x]\n# why\nmode = "shadow"\n', "[plugins.x]\n# why\n"),
]


@pytest.mark.parametrize(("before", "after"), PUT)
def test_it_is_put_into_the_plugins_table(before, after):
    assert with_shadow(before, "x") == after
    assert with_shadow(after, "x") == after
    assert tomllib.loads(after)["plugins"]["x"]["mode"] == "shadow"


@pytest.mark.parametrize(("before", "after"), TAKEN)
def test_it_is_taken_out_and_an_empty_table_with_it(before, after):
    assert without_mode(before, "x") == after
    assert without_mode(after, "x") == after


@pytest.mark.parametrize("text", ['plugins.x.mode = "shadow"\n', '[plugins]\nx = {mode = "shadow"}\n'])
def test_what_stands_in_an_unusual_form_is_left_to_the_person(text):
    with pytest.raises(ConfigurationError, match="by hand"):
        without_mode(text, "x")
