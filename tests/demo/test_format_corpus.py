"""The atomic corpus: who keeps a rule passes, who breaks it fails it and no other."""

import shutil
import subprocess
from datetime import date

import pytest

from vbdaemon.builtin.format.examination import examined
from vbdaemon.demo.format_corpus.base import ND30, TT01, decision
from vbdaemon.demo.format_corpus.corpus import cases
from vbdaemon.demo.format_corpus.measuring import answers, differing, scores
from vbdaemon.demo.format_corpus.ordinary import ordinary_papers
from vbdaemon.demo.format_corpus.word_file import word_file
from vbdaemon.model import Limits
from vbdaemon.model.format import FormatRules, Part
from vbdaemon.model.layout import LayoutKind
from vbdaemon.reading.layout import read_layout
from vbdaemon.rules.format import load_format_rules
from vbdaemon.rules.loader import load_forms

SETS = {each.id: each for each in load_format_rules()}
QUICK = ("F6-kept", "F6-size", "F9-line", "F15-italic", "F25-list-list")


@pytest.fixture(scope="module")
def forms():
    return load_forms()


def wrong(found):
    return [(a.case.name, a.kind.value, a.failed) for a in found if not a.right]


@pytest.mark.parametrize("rule_set", SETS.values(), ids=SETS)
def test_every_rule_has_a_document_that_keeps_it_and_one_that_breaks_it(rule_set):
    every = list(cases(rule_set))
    for rule in rule_set.rules:
        fails = [case.fails for case in every if case.rule is rule]
        assert fails.count(False) == 1, rule.id
        assert fails.count(True) >= 1, rule.id


@pytest.mark.parametrize("rule_set", SETS.values(), ids=SETS)
def test_every_limit_of_a_rule_is_broken_by_some_document(rule_set):
    broken = {(case.rule.id, case.measure) for case in cases(rule_set)}
    limits = {(rule.id, limit.measure) for rule in rule_set.rules for limit in rule.limits}
    assert limits - broken == set()


def test_documents_are_named_once():
    names = [case.name for case in cases(SETS[ND30])]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", [LayoutKind.DOCX, LayoutKind.PDF])
def test_some_documents_are_answered_rightly(kind, forms):
    some = [case for case in cases(SETS[ND30]) if case.name in QUICK]
    assert wrong(answers(SETS[ND30], forms, kind, some)) == []


def test_a_change_leaves_the_rest_of_the_document():
    paper = decision(ND30)
    changed = paper.one(Part.NUMBER, lambda words: None)
    assert not changed.has(Part.NUMBER)
    assert changed.body == paper.body


@pytest.mark.slow
@pytest.mark.parametrize("kind", [LayoutKind.DOCX, LayoutKind.PDF])
def test_each_document_that_breaks_a_rule_breaks_exactly_that_one(kind, forms):
    found = list(answers(SETS[ND30], forms, kind))
    assert wrong(found) == []
    assert [score for score in scores(found) if score.false] == []


@pytest.mark.slow
def test_so_do_those_under_the_rules_of_2011_where_they_differ(forms):
    only = list(differing(SETS[TT01], SETS[ND30]))
    assert wrong(answers(SETS[TT01], forms, LayoutKind.DOCX, only)) == []


@pytest.mark.slow
def test_laid_out_by_another_program_ordinary_papers_have_no_fault_but_their_font(forms, tmp_path):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    papers = ordinary_papers()
    names = {f"{number:02d}": name for number, name in enumerate(papers)}
    for file, name in names.items():
        (tmp_path / f"{file}.docx").write_bytes(word_file(papers[name]))
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", tmp_path, *tmp_path.glob("*.docx")], check=True, capture_output=True)

    def failed(file):
        page = tmp_path / f"{file}.pdf"
        layout = read_layout(page, "0" * 64, "application/pdf", Limits())
        found = examined(layout, FormatRules((SETS[ND30],), ND30), forms, date(2026, 11, 22)).failed
        return {each.rule.id for each in found} - {"F4"}  # the true one is not free, so its like stands in

    assert {name: failed(file) for file, name in names.items() if failed(file)} == {}
