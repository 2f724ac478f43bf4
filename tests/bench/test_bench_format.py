"""Precision and recall of the check of format, rule by rule, and its speed."""

# ruff: noqa: T201 - measurements are printed as tables

import copy
import os
import time
from itertools import zip_longest
from pathlib import Path

import docx
import pytest

from vbdaemon.builtin.format.examination import examined
from vbdaemon.demo.format_corpus.base import ND30, letter
from vbdaemon.demo.format_corpus.measuring import answers, scores
from vbdaemon.demo.format_corpus.ordinary import ordinary_papers
from vbdaemon.demo.format_corpus.page_file import page_file
from vbdaemon.demo.format_corpus.word_file import word_file
from vbdaemon.model import Limits
from vbdaemon.model.format import FormatRules
from vbdaemon.model.layout import LayoutKind
from vbdaemon.reading import media
from vbdaemon.reading.layout import read_layout
from vbdaemon.rules.format import load_format_rules
from vbdaemon.rules.loader import load_forms
from vbdaemon.testing import TODAY

SETS = {each.id: each for each in load_format_rules()}
DEADLINE = 10.0


def percent(share):
    return "   -" if share is None else f"{share:4.0%}"


@pytest.mark.bench
@pytest.mark.parametrize("rule_set", SETS.values(), ids=SETS)
def test_precision_and_recall_of_every_rule(rule_set):
    forms = load_forms()
    both = [list(answers(rule_set, forms, kind)) for kind in (LayoutKind.DOCX, LayoutKind.PDF)]
    word, page = (scores(found) for found in both)
    pages = {score.rule: score for score in page}
    print(f"\n{rule_set.id}: {len(both[0])} Word files, {len(both[1])} PDFs; precision and recall")
    print(f"  {'rule':14} {'docx':>4} {'':>4} {'of':>3}   {'pdf':>4} {'':>4} {'of':>3}")
    for score in word:
        other = pages.get(score.rule)
        cells = f"{percent(score.precision)} {percent(score.recall)} {score.found + score.missed:3}"
        if other:
            cells += f"   {percent(other.precision)} {percent(other.recall)} {other.found + other.missed:3}"
        print(f"  {score.rule:14} {cells}")
    wrong = [[(a.case.name, a.failed) for a in found if not a.right] for found in both]
    for docx_case, pdf_case in zip_longest(*wrong):
        print("  not as expected:", docx_case or "", pdf_case or "")
    assert wrong == [[], []]


@pytest.mark.bench
def test_papers_in_order_give_no_alarm(tmp_path):
    """The corpus breaks one measure at a time; these are whole papers as offices make them."""
    forms, rules, path = load_forms(), FormatRules(tuple(SETS.values())), tmp_path / "paper"
    papers, alarms = ordinary_papers(), []
    for name, paper in papers.items():
        for body, kind in ((word_file(paper), media.DOCX), (page_file(paper), media.PDF)):
            path.write_bytes(body)
            layout = read_layout(path, "0" * 64, kind, Limits())
            found = examined(layout, rules, forms, TODAY)
            alarms.extend((name, str(found.kind), result.rule.id) for result in found.failed)
    print(f"\n{len(papers)} ordinary papers as Word files and PDFs: {len(alarms)} false alarms", *alarms, sep="\n  ")
    assert alarms == []


@pytest.mark.bench
def test_how_long_a_check_takes(tmp_path):
    paper = letter(ND30)
    (tmp_path / "a.pdf").write_bytes(page_file(paper))
    (tmp_path / "a.docx").write_bytes(word_file(paper))
    file = docx.Document(str(tmp_path / "a.docx"))
    body = file.paragraphs[4]._p
    for _ in range(50_000):
        body.addnext(copy.deepcopy(body))
    file.save(str(tmp_path / "b.docx"))
    print(f"\nload {os.getloadavg()[0]:.1f}")
    for name, kind in (("a.docx", media.DOCX), ("a.pdf", media.PDF), ("b.docx", media.DOCX)):
        read, check = _seconds(tmp_path / name, kind)
        print(f"  {name}: layout {read:.3f} s, rules {check:.3f} s of processor time")
    assert read + check < DEADLINE


def _seconds(path: Path, kind: str) -> tuple[float, float]:
    forms, rules = load_forms(), FormatRules(tuple(SETS.values()))
    read_layout(path, "0" * 64, kind, Limits())  # imports
    start = time.process_time()
    layout = read_layout(path, "0" * 64, kind, Limits())
    between = time.process_time()
    assert layout is not None
    examined(layout, rules, forms, TODAY)
    return between - start, time.process_time() - between
