"""The corpus of the accuracy figures: made again from its seed, with nothing shared between its parts."""

import io
import json
from dataclasses import fields
from random import Random

import pytest
from PIL import Image

from vbdaemon.demo.corpus import table
from vbdaemon.demo.corpus.corpus import SEEDS, specimen
from vbdaemon.demo.corpus.degrading import Wear, wear
from vbdaemon.demo.corpus.handwriting import figures
from vbdaemon.demo.corpus.layout import layouts_of
from vbdaemon.demo.corpus.measuring import Measured, Score, scores_of
from vbdaemon.demo.corpus.specimen import Kind, Split, Truth
from vbdaemon.demo.corpus.summary import summary
from vbdaemon.demo.corpus.words import Words, words_of
from vbdaemon.demo.corpus.writing import written
from vbdaemon.model import Classification

pytestmark = pytest.mark.slow

SHARED = {"forms", "scopes"}
"""Forms are those of the decrees; a scope may be empty in both parts."""


@pytest.mark.parametrize("index", [1, 3])
def test_a_specimen_is_made_again_from_its_seed(index):
    one, again = (specimen(Split.FIGURE, index, SEEDS[Split.FIGURE]) for _ in range(2))
    assert (one.name, one.truth, one.traits) == (again.name, again.truth, again.traits)
    if one.kind is not Kind.WIDGET:  # signatures carry a fresh key
        assert one.body == again.body


def test_words_layouts_fonts_and_resolutions_of_the_parts_are_disjoint():
    tuning, figure = words_of(Split.TUNING), words_of(Split.FIGURE)
    for field in fields(Words):
        if field.name not in SHARED:
            assert not set(getattr(tuning, field.name)) & set(getattr(figure, field.name)), field.name
    for attribute in ("name", "font"):
        ours, theirs = ({getattr(look, attribute) for look in layouts_of(split)} for split in Split)
        assert not ours & theirs
    for attribute in ("resolution", "grain", "shade", "specks", "quality"):
        worn = [{getattr(wear(Random(seed), split), attribute) for seed in range(200)} for split in Split]
        assert not worn[0] & worn[1], attribute
    skews = [{abs(wear(Random(seed), split).skew) for seed in range(200)} for split in Split]
    assert not skews[0] & skews[1]


def test_every_form_and_every_special_case_occurs():
    papers = [written(Random(seed), words_of(Split.FIGURE), Kind.DIGITAL) for seed in range(600)]
    assert {paper.truth.form for paper in papers} == {form.slug for form in words_of(Split.FIGURE).forms}
    traits = {trait for paper in papers for trait in paper.traits}
    assert {"complaint", "budget", "normative", "party", "draft", "secret", "urgent"} <= traits
    assert {paper.truth.secrecy for paper in papers} == {None, "mat", "toi-mat", "tuyet-mat"}


def test_figures_by_hand_are_never_written_the_same_way_twice():
    random = Random(1)
    assert figures("1203", random) != figures("1203", random)
    assert len(figures("1203", random)) == 4
    assert figures(None, random) == []


def test_a_picture_page_has_the_size_that_its_wear_says():
    made = next(m for i in range(60) if (m := specimen(Split.FIGURE, i, 7)).kind is Kind.PICTURE)
    with Image.open(io.BytesIO(made.body)) as picture:
        resolution = next(int(t.split("dpi")[0]) for t in made.traits if "dpi" in t)
        assert picture.width == pytest.approx(8.27 * resolution, abs=3)


def truth(**changes: object) -> Truth:
    values = {
        "form": "cong-van",
        "channel": "unclear",
        "number": "15",
        "symbol": "UBND",
        "issued_on": None,
        "issuer": "A",
        "issuer_unit": None,
        "subject": "b",
        "signer": "C",
    }
    return Truth(**{**values, **changes})


def test_handwriting_left_unread_is_no_mistake_and_print_left_unread_is_one():
    for by_hand, counted in ((True, False), (False, True)):
        scores = {s.field: s for s in scores_of(truth(handwritten=by_hand), Classification())}
        assert (scores["number"].counted, scores["number"].right) == (counted, False)


def test_a_picture_of_the_first_page_asks_for_no_signer():
    answer = Classification()
    assert [s.counted for s in scores_of(truth(signer=None), answer) if s.field == "signer"] == [False]


def test_the_aims_say_by_how_much_they_are_missed():
    scores = (Score("symbol", False, True, "UBND-VP", "UBMD-VP", 0.93),)
    shown = table.aims([Measured("a.pdf", Kind.SCAN, (), 1.0, scores)])
    assert "symbol, scanned" in shown
    assert "92.0 points short" in shown


def test_the_summary_for_programs_holds_what_the_tables_hold():
    scores = (Score("symbol", False, True, "UBND-VP", "UBMD-VP", 0.93), Score("form", True, True, "a", "a", 0.99))
    value = summary([Measured("a.pdf", Kind.SCAN, ("sans",), 1.0, scores)], Split.FIGURE, 7)
    assert value["fields"] == [
        {"field": "form", "kind": "scan", "asked": 1, "right": 1},
        {"field": "symbol", "kind": "scan", "asked": 1, "right": 0},
    ]
    assert value["sure"] == {"from": 0.9, "values": 2, "wrong": 1}
    assert value["worst"][0]["wrong"][0]["answered"] == "UBMD-VP"
    assert json.loads(json.dumps(value)) == value


def test_the_tables_name_what_was_wrong_and_how_sure_it_was():
    scores = (Score("symbol", False, True, "UBND-VP", "UBMD-VP", 0.93), Score("form", True, True, "a", "a", 0.99))
    found = [Measured("a.pdf", Kind.SCAN, ("sans",), 1.0, scores)]
    assert "0.0 (0/1)" in table.accuracy(found)
    assert "1 in 2" in table.calibration(found)
    assert "'UBND-VP' read as 'UBMD-VP' (0.93)" in table.worst(found)
    assert (table.share(found, "form", scanned=True), table.sure_and_wrong(found)) == (1.0, (2, 1))
    assert "scan 1.000 s" in table.slowness(found)


def test_a_wear_is_named_for_the_list_of_worst_cases():
    assert Wear(150, 0.7, 10, 0, 0, 0, False, False, "grey", 60).name == "150dpi/grey/skew+0.7/grain10"
