"""A site overrides templates one by one; a broken one is a mistake in words, never a lost notice."""

from dataclasses import replace

import pytest

from vbdaemon.errors import TemplateBroken
from vbdaemon.rendering.notice import render_notice
from vbdaemon.rendering.templates import template_mistakes


@pytest.fixture
def words(tmp_path):
    """Writes a template of the site."""

    def write(name: str, text: str):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_one_template_is_the_sites_and_the_others_stay_ours(district, words):
    site = words("receipt.j2", "Đã nhận văn bản {{ letter.documents[0].designation }}.")
    snapshot = replace(district.snapshot, templates=site)

    assert render_notice(district.submission(), (district.accepted(),), snapshot).text == (
        "Đã nhận văn bản 299/UBND-TTHC.\n"
    )
    assert "chưa đáp ứng yêu cầu" in render_notice(district.submission(), (district.refused(),), snapshot).text


def test_a_value_is_escaped_in_a_sites_template_too(district, words):
    site = words("receipt.j2", "<p>{{ letter.sender }}</p>")
    snapshot = replace(district.snapshot, templates=site)
    units = tuple(replace(u, name="A < B") if u.code == "H99.10.01" else u for u in snapshot.directory.units)
    snapshot = replace(snapshot, directory=type(snapshot.directory)(units))

    assert "A &lt; B" in render_notice(district.submission(), (district.accepted(),), snapshot).html


@pytest.mark.parametrize(
    "text",
    [
        "{{ letter.no_such_word }}",
        "{% if %}",
        "{{ 1 / 0 }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% include 'no-such.j2' %}",
    ],
)
def test_a_broken_template_is_named(district, words, text):
    snapshot = replace(district.snapshot, templates=words("receipt.j2", text))

    with pytest.raises(TemplateBroken, match=r"receipt\.j2"):
        render_notice(district.submission(), (district.accepted(),), snapshot)


def test_a_check_names_what_cannot_be_read_and_what_is_called_otherwise(words):
    words("receipt.j2", "{% if %}")
    site = words("reciept.j2", "")
    first, second = template_mistakes(site)

    assert "receipt.j2" in first
    assert "replaces nothing, no template has this name" in second


def test_a_folder_of_good_templates_has_no_mistakes(words):
    assert template_mistakes(words("receipt.j2", "{{ letter.sender }}")) == ()
