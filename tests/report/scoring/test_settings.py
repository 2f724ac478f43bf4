"""`[scoring]`: what can be set, and mistakes in it."""

import pytest

from vbdaemon.config import Settings, load_settings
from vbdaemon.errors import ConfigurationError


def test_by_default_it_is_what_the_directive_says():
    rule = Settings().scoring
    assert (rule.points, rule.most_points, rule.format_documents, rule.sending_documents) == (1.0, None, 2, 2)
    assert (rule.from_quarter, rule.paper_after_working_days) == ("2020-Q2", 1)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("points = 0", "scoring.points"),
        ("most_points = -1", "scoring.most_points"),
        ("format_documents = -1", "scoring.format_documents"),
        ('from_quarter = "2020-Q5"', "scoring.from_quarter"),
        ('electronic_forms = ["Công văn"]', 'write it as the lists do, such as "cong-van"'),
        ("sample = 2", "unknown key"),
    ],
)
def test_a_mistake_is_named_with_its_key(tmp_path, line, words):
    file = tmp_path / "vbdaemon.toml"
    file.write_text(f"[scoring]\n{line}\n", "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_settings(file)
    assert words in str(caught.value)
    assert "scoring" in str(caught.value)
