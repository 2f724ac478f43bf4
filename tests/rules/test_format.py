"""The rules of format, and how mistakes in them are told."""

import re
import tomllib
from datetime import date
from importlib.resources import files

import pytest

from vbdaemon.errors import ConfigurationError, RuleSetError
from vbdaemon.model import Severity
from vbdaemon.model.format import FormatRules, Measure, Part, Range
from vbdaemon.model.layout import LayoutKind
from vbdaemon.rules.format import SHIPPED, load_format_rules
from vbdaemon.rules.loader import load_forms, load_policy

SETS = {each.id: each for each in load_format_rules()}
ND30, TT01 = SETS["format-nd30-2020"], SETS["format-tt01-2011"]
LINES = [f"F{number}" for number in range(1, 30)]
RULE = """
id = "own"
title = "Own rules"

[[rule]]
id = "F6"
title = "Quốc hiệu"
english = "National title"
clause = "Điều 6"
finding = "format-national-title"
part = "national-title"
{}
"""


def rule(rule_set, identity):
    return next(each for each in rule_set.rules if each.id == identity)


def limit(rule_set, identity, measure):
    return next(each.allowed for each in rule(rule_set, identity).limits if each.measure is measure)


@pytest.mark.parametrize("rule_set", [ND30, TT01], ids=lambda s: s.id)
class TestEachSet:
    def test_every_line_of_the_reference_has_a_rule(self, rule_set):
        assert [line for line in LINES if line not in {each.id.partition("-")[0] for each in rule_set.rules}] == []

    def test_every_finding_is_in_the_policy(self, rule_set):
        assert {each.finding for each in rule_set.rules} <= set(load_policy().by_code)

    def test_every_rule_is_cited_and_told_in_both_languages(self, rule_set):
        assert [each.id for each in rule_set.rules if not (each.clause and each.title and each.english)] == []

    def test_forms_that_rules_name_are_known(self, rule_set):
        named = {form for each in rule_set.rules for form in (*each.forms, *each.not_forms, *each.optional_for)}
        assert named <= {form.slug for form in load_forms()}

    def test_on_scans_only_the_sheet_is_judged(self, rule_set):
        assert {each.part for each in rule_set.rules if LayoutKind.SCAN in each.kinds} == {Part.PAGE}

    def test_nothing_is_more_than_a_warning(self, rule_set):
        assert {each.severity for each in rule_set.rules} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("identity", "measure", "tt01", "nd30"),
    [
        ("F5", Measure.ZONE, ("footer",), ("header",)),
        ("F5", Measure.ALIGNMENT, ("right",), ("centre",)),
        ("F12", Measure.SIZE, Range(14, 14, (), 0.3), Range(13, 14, (), 0.3)),
        ("F15", Measure.ITALIC, False, True),
        ("F15", Measure.LAST_ENDS, (",",), (".",)),
        ("F29", Measure.WORDS, ("SAO Y BẢN CHÍNH", "SAO LỤC", "TRÍCH SAO"), ("SAO Y", "SAO LỤC", "TRÍCH SAO")),
    ],
)
def test_the_two_sets_differ_where_the_reference_says(identity, measure, tt01, nd30):
    assert limit(TT01, identity, measure) == tt01
    assert limit(ND30, identity, measure) == nd30


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2020, 3, 4), TT01), (date(2020, 3, 5), ND30), (date(2026, 1, 1), ND30)]
)
def test_the_day_of_issue_chooses_the_rules(day, expected):
    assert FormatRules((TT01, ND30)).covering(day) is expected
    assert FormatRules((TT01, ND30), forced=TT01.id).covering(day) is TT01


def test_what_is_older_than_the_circular_is_under_no_rules():
    assert FormatRules((TT01, ND30)).covering(date(2008, 5, 6)) is None


def test_a_range_holds_within_its_tolerance():
    assert Range(12, 13, (), 0.3).holds(13.3)
    assert not Range(12, 13, (), 0.3).holds(13.5)
    assert Range(values=(10, 12.7), tolerance=0.6).holds(12.5)
    assert not Range(values=(10, 12.7), tolerance=0.6).holds(11.3)
    assert Range(6).holds(100)


@pytest.mark.parametrize(
    ("keys", "mistake"),
    [
        ("size = 12", '12: "size" is written like { from = 12'),
        ("size = { from = 13, to = 12 }", '12: "size": "to" is below "from"'),
        ('size = { from = "12" }', '12: "size": its values must be numbers'),
        ('bold = "yes"', '12: "bold" must be true or false'),
        ('alignment = "centre"', '12: "alignment" must be a list of texts'),
        ('pattern = { matches = "(", words = "x" }', '12: "pattern": '),
        ("pattern = 'x'", '12: "pattern" is written like { matches'),
        ("bold = true\nsise = { from = 1 }", '13: "sise" is not known here'),
        ("", "5: the rule measures nothing"),
        ('bold = true\nnot_issuers = "("', '13: "not_issuers": '),
        ('bold = true\nkinds = ["paper"]', '13: "kinds" are docx, pdf, scan; found "paper"'),
        ('bold = true\nneeded_by = "nose"', '13: "needed_by" must be one of page, text'),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path, keys, mistake):
    path = tmp_path / "own.toml"
    path.write_text(RULE.format(keys), "utf-8")
    with pytest.raises(RuleSetError) as told:
        load_format_rules(path)
    assert isinstance(told.value, ConfigurationError)
    assert f"own.toml:{mistake}" in str(told.value)


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(RULE.format("size = 12\nbold = 1").replace('clause = "Điều 6"\n', ""), "utf-8")
    with pytest.raises(RuleSetError) as told:
        load_format_rules(path)
    assert len(str(told.value).splitlines()) == 3


def test_a_rule_or_a_set_stands_once(tmp_path):
    text = RULE.format("bold = true")
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(RuleSetError, match='the rule set "own" stands in two files'):
        load_format_rules(tmp_path)
    (tmp_path / "a.toml").write_text(text + text[text.index("[[rule]]") :], "utf-8")
    with pytest.raises(RuleSetError, match='the rule "F6" stands twice'):
        load_format_rules(tmp_path / "a.toml")


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_files_are_plain_toml(name):
    assert tomllib.loads(files("vbdaemon.rules").joinpath(name).read_text("utf-8"))["rule"]


@pytest.mark.parametrize(
    ("identity", "text", "kept"),
    [
        ("F10", "Số: 05/QĐ-UBND", True),
        ("F10", "Số: /QĐ-UBND", True),
        ("F10", "Số: 963/SNV-CCHC&VTLT", True),
        ("F10", "Số: 28/2018/QĐ-TTg", True),
        ("F10", "Số: 607 /UBND-VP", False),
        ("F10", "Số: 7/UBND-VP", False),
        ("F11", "Thành phố Hồ Chí Minh, ngày 29 tháng 6 năm 2019", True),
        ("F11", "Mẫu, ngày tháng 7 năm 2023", True),
        ("F11", "Mẫu, ngày 5 tháng 01 năm 2026", False),
        ("F11", "Mẫu, ngày 05 tháng 1 năm 2026", False),
        ("F11", "Mẫu, ngày 05 tháng 04 năm 2026", False),
        ("F11", "Mẫu ngày 05 tháng 4 năm 2026", False),
        ("F15", "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 02 năm 2025;", True),
        ("F15", "Căn cứ tình hình thực tế tại địa phương;", True),
        ("F15", "Theo đề nghị của Trưởng Phòng Nội vụ.", True),
        ("F15", "Căn cứ Nghị định của Chính phủ về công tác văn thư;", False),
        ("F17", "Chương II", True),
        ("F17", "Phần thứ nhất", True),
        ("F22", "TM. ỦY BAN NHÂN DÂN", True),
        ("F22", "KT CHỦ TỊCH", False),
        ("F22", "QUYỀN CHÁNH VĂN PHÒNG", True),
        ("F23-degree", "Tạ Sơn", True),
        ("F23-degree", "ThS. Tạ Sơn", False),
        ("F26", "Phụ lục", True),
        ("F26", "Phụ lục IV", True),
    ],
)
@pytest.mark.parametrize("rule_set", [ND30, TT01], ids=lambda s: s.id)
def test_ways_of_writing_are_told_apart(rule_set, identity, text, kept):
    assert bool(re.search(limit(rule_set, identity, Measure.PATTERN).pattern, text)) is kept
