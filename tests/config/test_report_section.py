"""`[[reports.send]]`: what may be left out, and what is right in each section alone and wrong together."""

import pytest

from vbdaemon.config import parse_settings
from vbdaemon.config.report import SendSection
from vbdaemon.errors import ConfigurationError

SMARTHOST = {"host": "mail.example", "sender": "vt@mau.example.vn"}
TO = {"to": ["a@mau.example.vn"]}


@pytest.fixture
def settings(tmp_path):
    def read(*send, **tables):
        return parse_settings({"smarthost": SMARTHOST, "reports": {"send": send}} | tables, tmp_path / "vbdaemon.toml")

    return read


@pytest.mark.parametrize(("report", "every"), [("daily", "day"), ("quarter", "quarter"), ("staff", "quarter")])
def test_a_report_of_one_kind_of_period_need_not_say_which(report, every):
    assert SendSection.model_validate({"report": report} | TO).every == every


@pytest.mark.parametrize("who", ["noi-vu@mau.example.vn", "H99.1", "000.00.00.H99"])
def test_results_may_be_sent_to_an_address_or_a_unit_that_the_settings_name(settings, who):
    assert settings({"report": "quarter"}, {"report": "staff"}, scoring={"results_to": who})


def test_words_are_printed_as_they_are_where_nothing_is_sent_by_them(settings):
    assert settings({"report": "quarter"} | TO).scoring.results_to == "Phòng Nội vụ"


@pytest.mark.parametrize(
    ("send", "tables", "words"),
    [
        (
            [{"report": "quarter"}],
            {},
            (
                "quarter has no `to`, and [scoring] results_to 'Phòng Nội vụ' is neither a mail address nor the code "
                "of a unit; write one of these there, or addresses in `to`"
            ),
        ),
        ([{"report": "staff"}], {"scoring": {"results_to": "a b@c.vn"}}, "staff has no `to`"),
        ([{"report": "staff"}], {"scoring": {"results_to": ""}}, "staff has no `to`"),
        ([{"report": "register", "book": "vao"} | TO], {}, "'vao' is no book of [register]; there are: den, di"),
        (
            [{"report": "register"} | TO, {"report": "register", "book": "den"} | TO],
            {},
            "register every month of book den stands twice; name all addresses in one `to`",
        ),
        ([{"report": "paper"} | TO], {"smarthost": None}, "reports leave by mail; add [smarthost]"),
    ],
)
def test_what_cannot_be_meant_is_one_clear_line(settings, send, tables, words):
    with pytest.raises(ConfigurationError) as caught:
        settings(*send, **tables)
    (line,) = str(caught.value).splitlines()
    assert words in line
