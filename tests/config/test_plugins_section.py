"""`[plugins]`: which of the enabled act, which only watch, and which keys a plugin never sees."""

import pytest
from pydantic import ValidationError

from vbdaemon.config import PluginsSection


def section(**keys: object) -> PluginsSection:
    return PluginsSection.model_validate({"enabled": ["one", "two", "three"], **keys})


def test_keys_that_are_ours_are_taken_out_before_a_plugin_sees_its_table():
    made = section(two={"mode": "shadow", "optional": True, "limit": 3}, one={"optional": False})
    assert made.tables == {"two": {"limit": 3}, "one": {}}
    assert made.optional == {"two"}


def test_one_that_watches_is_enabled_and_does_not_act():
    made = section(two={"mode": "shadow"}, three={"mode": "active"})
    assert (made.enabled, made.acting, made.shadow) == (("one", "two", "three"), ("one", "three"), ("two",))
    assert made.acting_tables == {"three": {}}


def test_what_is_tried_stands_where_enabled_names_it_and_else_last():
    made = section(two={"mode": "shadow"})
    assert made.with_(["two"]) == ("one", "two", "three")
    assert made.with_(["new", "two", "new"]) == ("one", "two", "three", "new")
    assert made.with_(()) == ("one", "three")


def test_a_table_of_a_plugin_that_is_not_enabled_stays_to_be_refused_at_load():
    assert section(four={"limit": 1}).acting_tables == {"four": {"limit": 1}}


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"one": {"mode": "shadw"}}, "one.mode: 'shadw' is neither"),
        ({"one": {"mode": ["shadow"]}}, "one.mode"),
        ({"one": {"optional": "yes"}}, "one.optional: 'yes' is neither true nor false"),
        ({"failures_in_a_row": 0}, "failures_in_a_row"),
        ({"one": 3}, "neither a key of this section nor a table"),
    ],
)
def test_a_slip_is_named(keys, words):
    with pytest.raises(ValidationError, match=words):
        section(**keys)


def test_safe_mode_has_neither_plugins_nor_their_tables():
    bare = section(one={"limit": 3}, folder="mine", failures_in_a_row=9).none()
    assert (bare.enabled, bare.tables, bare.failures_in_a_row, str(bare.folder)) == ((), {}, 9, "mine")
