"""What can be drawn of a unit: all that it sent, on paper too, and nothing twice."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from vbdaemon import rules
from vbdaemon.report.ceremony import unplaced
from vbdaemon.report.frame import came_in, scored_units, unit_frames
from vbdaemon.report.population import LeftOut
from vbdaemon.report.quarter import Quarter
from vbdaemon.state.tables_register import register_entries

Q1 = Quarter(2026, 1)
UNIT, UNPROVISIONED = "H99.1", "H99.2"


@pytest.fixture
def framed(ledger):
    """The frame of a unit, as it stands now."""

    def frame(unit=UNIT):
        scene = ledger.scene()
        came = scene.state.read(lambda c: came_in(c, Q1))
        return next(f for f in unit_frames(came, scene.snapshot, scene.rule) if f.code == unit)

    return frame


def test_this_agency_and_units_that_are_not_scored_have_no_frame(ledger):
    assert [unit.code for unit in scored_units(ledger.scene().snapshot)] == ["H99.1", "H99.2", "H99.3"]


def test_whoever_stands_above_this_agency_has_no_frame_either(ledger):
    units = ledger.folder / "config" / "units.toml"
    own = 'code = "H99"\nparent = "H9"\n'
    above = '\n[[unit]]\ncode = "H9"\nname = "Ủy ban nhân dân tỉnh Mẫu"\n'
    units.write_text(units.read_text("utf-8").replace('code = "H99"\n', own, 1) + above, "utf-8")
    assert "H9" not in {unit.code for unit in scored_units(ledger.scene().snapshot)}


def test_a_unit_that_stands_under_somebody_else_is_not_scored_here_and_one_below_a_unit_of_ours_is(ledger):
    units = ledger.folder / "config" / "units.toml"
    more = """
[[unit]]
code = "H37"
name = "Ủy ban nhân dân tỉnh Mẫu"
scored = false

[[unit]]
code = "H37.05"
name = "Sở Nội vụ tỉnh Mẫu"
parent = "H37"

[[unit]]
code = "H99.1.1"
name = "Trung tâm Lưu trữ huyện Mẫu"
parent = "H99.1"
"""
    units.write_text(units.read_text("utf-8") + more, "utf-8")
    assert [u.code for u in scored_units(ledger.scene().snapshot)] == ["H99.1", "H99.1.1", "H99.2", "H99.3"]


@pytest.mark.parametrize(
    ("issued", "foreign"),
    [
        ({"issuer_unit": "H99"}, True),
        ({"issuer_unit": "H99.9"}, True),
        ({"issuer_unit": None, "printed": {"issuer": "Tòa án nhân dân huyện Mẫu"}}, True),
        ({"issuer_unit": None, "printed": {"issuer": "TÒA ÁN NHÂN DÂN HUYỆN MẪU"}}, True),
        ({"issuer_unit": None, "printed": {"issuer": "Sở Nội vụ tỉnh Mẫu"}}, True),
        ({"issuer_unit": None, "printed": {"issuer": "PHÒNG NỘI VỤ"}}, False),
        ({"issuer_unit": None, "printed": {"issuer": "PHONG NÔl VỤ HUYÊN MẨU"}}, False),
        ({"issuer_unit": None}, False),
        ({"issuer_unit": "H99.3"}, False),
    ],
)
def test_what_a_superior_or_a_court_issued_is_not_graded_whoever_sends_it_on(ledger, framed, issued, foreign):
    entry = ledger.add(UNIT, **issued)
    assert framed().sending.entries == (() if foreign else (entry,))
    assert framed().left_out == LeftOut(foreign=int(foreign))
    assert entry not in framed().format.entries or not foreign


def test_what_its_sender_took_back_is_not_drawn(ledger, framed):
    kept, gone = ledger.add(UNIT), ledger.add(UNIT, printed={"accepted": False})
    assert framed().format.entries == framed().sending.entries == (kept,)
    assert framed().left_out == LeftOut(withdrawn=1)
    assert gone not in framed().sending.entries


def test_documents_of_a_unit_that_the_directory_lost_are_told(ledger):
    ledger.add("H99.7")
    ledger.add("H99.7")
    ledger.add("H99.7", draft=True)
    ledger.register("H99.8")
    ledger.add(UNIT)
    assert unplaced(ledger.scene(), Q1) == {"H99.7": 2, "H99.8": 1}


def test_the_handle_of_a_document_never_becomes_that_of_another_one(ledger, framed):
    """It was refused as the second of its submission; decided again, it stands first, and a new one follows."""
    refused = ledger.add(UNIT, verdict="REJECT")
    id_ = refused.partition("/")[0]
    own = (id_.ljust(64, "0"), 1)
    ledger.decide(id_, [("a" * 64, 1), own], [own, ("a" * 64, 5)])
    assert framed().sending.refused == (f"{id_}/2",)
    came = ledger.state.read(lambda c: came_in(c, Q1))
    assert came.by_entry[f"{id_}/2"].ordinal == 0
    assert f"{id_}/1" not in came.by_entry


def test_an_accepted_document_stands_in_both_parts_and_a_refused_one_in_sending_alone(ledger, framed):
    accepted = ledger.add(UNIT)
    refused = ledger.add(UNIT, verdict="REJECT")
    frame = framed()
    assert frame.format.entries == (accepted,)
    assert frame.sending.electronic == (accepted,)
    assert frame.sending.refused == (refused,)
    assert refused.endswith("/1")


def test_the_issuer_answers_for_the_format_and_the_sender_for_the_sending(ledger, framed):
    entry = ledger.add(UNIT, issuer_unit="H99.3")
    unknown = ledger.add(UNIT, issuer_unit=None)
    orphan = ledger.add(None, issuer_unit=UNIT)
    assert framed("H99.3").format.entries == (entry,)
    assert framed("H99.3").sending.entries == ()
    assert set(framed().format.entries) == {unknown, orphan}
    assert set(framed().sending.entries) == {entry, unknown, orphan}


@pytest.mark.parametrize(
    ("facts", "left"),
    [
        ({"draft": True}, LeftOut(drafts=1)),
        ({"returned": True, "verdict": "REJECT"}, LeftOut(drafts=1)),
        ({"duplicate": True}, LeftOut(duplicates=1)),
        ({"verdict": "HOLD"}, LeftOut(held=1)),
        ({"verdict": "QUARANTINE"}, LeftOut()),
    ],
)
def test_what_cannot_be_drawn_is_counted_and_quarantine_is_not_even_that(ledger, framed, facts, left):
    ledger.add(UNIT, **facts)
    frame = framed()
    assert frame.format.entries == frame.sending.entries == ()
    assert frame.left_out == left


def test_a_voided_number_is_not_drawn(ledger, framed):
    voided, kept = ledger.add(UNIT), ledger.add(UNIT)
    ledger.void(voided)
    assert framed().format.entries == framed().sending.entries == (kept,)
    assert framed().left_out.voided == 1


def test_what_was_refused_after_all_stands_among_the_refused_though_its_number_is_void(ledger, framed):
    refused = ledger.add(UNIT, verdict="REJECT")
    own = {"submission_id": refused.partition("/")[0], "ordinal": 0, "voided_at": ledger.clock.now}
    ledger.register(UNIT, medium="electronic", **own)
    assert framed().sending.refused == (refused,)
    assert framed().left_out == LeftOut()


def test_days_outside_of_the_quarter_do_not_count(ledger, framed):
    ledger.add(UNIT, on=date(2025, 12, 31))
    first, last = ledger.add(UNIT, on=date(2026, 1, 1)), ledger.add(UNIT, on=date(2026, 3, 31))
    ledger.add(UNIT, on=date(2026, 4, 1))
    ledger.register(UNIT, on=date(2026, 4, 1))
    assert set(framed().sending.entries) == {first, last}


def test_a_unit_without_a_signature_account_has_no_sending_part(ledger, framed):
    entry = ledger.add(UNPROVISIONED)
    assert framed(UNPROVISIONED).format.entries == (entry,)
    assert framed(UNPROVISIONED).sending is None


def test_paper_of_a_form_that_travels_electronically_only_can_be_drawn(ledger, framed):
    paper = ledger.register(UNIT)
    issuer = ledger.register(None, issuer_unit=UNIT)
    assert framed().sending.paper == tuple(sorted((paper, issuer)))
    assert framed().format.entries == ()


@pytest.mark.parametrize(
    "line",
    [
        {"form": "quyet-dinh"},
        {"form": "hop-dong"},
        {"form": None},
        {"restricted": True},
        {"direction": "outgoing"},
        {"medium": "electronic"},
        {"on": date(2025, 12, 31)},
    ],
)
def test_other_paper_cannot(ledger, framed, line):
    ledger.register(UNIT, **line)
    assert framed().sending.entries == ()
    assert framed().left_out == LeftOut()


def test_paper_of_a_unit_outside_of_the_lists_scope_cannot(ledger, framed):
    units = ledger.folder / "config" / "units.toml"
    units.write_text(units.read_text("utf-8").replace('groups = ["huyen"]', 'groups = ["khac"]'), "utf-8")
    ledger.register(UNIT)
    assert framed().sending.entries == ()
    ledger.change('\n[scoring]\nelectronic_forms = ["cong-van"]\n')
    assert len(framed().sending.paper) == 1


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        ("exempt = []", "exempt = []", True),
        ("exempt = []", 'exempt = ["H99.1"]', False),
        ("valid_from = 2019-04-26", "valid_from = 2026-02-11", False),
        ("valid_from = 2019-04-26", "valid_from = 2019-04-26\nvalid_to = 2026-02-09", False),
        ("receive = true", "receive = false", False),
    ],
)
def test_a_list_that_does_not_bind_makes_no_paper_due_electronically(ledger, framed, before, after, counts):
    (shipped,) = Path(rules.__file__).parent.glob("luc-nam-*.toml")
    text = shipped.read_text("utf-8").replace(before, after)
    (ledger.folder / "config" / "danh-muc.toml").write_text(text, "utf-8")
    ledger.change('\n[rules]\ntransmission = "danh-muc.toml"\n')
    ledger.register(UNIT)
    assert len(framed().sending.paper) == counts


def test_paper_of_a_unit_that_has_no_other_way_cannot(ledger, framed):
    units = ledger.folder / "config" / "units.toml"
    lines = f'code = "{UNIT}"\nchannels = ["paper"]\nchannels_note = "chưa có đường truyền"'
    units.write_text(units.read_text("utf-8").replace(f'code = "{UNIT}"', lines, 1), "utf-8")
    ledger.register(UNIT)
    assert framed().sending.entries == ()


PRINTED = {"number": "12", "symbol": "PNV-TCCC", "issued_on": date(2026, 2, 6)}
"""A Friday: the next working day is Monday the 9th."""


@pytest.mark.parametrize(
    ("came", "counts"),
    [(date(2026, 2, 6), False), (date(2026, 2, 9), False), (date(2026, 2, 10), True), (None, True)],
)
def test_paper_counts_unless_the_document_came_electronically_until_the_next_working_day(ledger, framed, came, counts):
    paper = ledger.register(UNIT, on=date(2026, 2, 12), **PRINTED)
    if came:
        ledger.register(UNIT, medium="electronic", on=came, **PRINTED | {"number": "012", "symbol": "PNV - TCCC"})
    assert framed().sending.paper == ((paper,) if counts else ())
    assert framed().left_out.sent_too == (0 if counts else 1)


@pytest.mark.parametrize(("came", "late"), [(date(2026, 2, 9), False), (date(2026, 2, 10), True)])
def test_what_joined_its_paper_is_drawn_once_for_the_sending_and_for_the_format_as_it_came(ledger, framed, came, late):
    entry = ledger.register(UNIT, on=date(2026, 2, 6), **PRINTED)
    ledger.join(entry, UNIT, came)
    frame = framed()
    assert frame.format.electronic == (entry,)
    assert (frame.sending.electronic, frame.sending.paper) == (((), (entry,)) if late else ((entry,), ()))
    assert frame.left_out.sent_too == (0 if late else 1)


def test_what_joined_paper_that_another_system_numbers_is_drawn_once_too(ledger, framed):
    ledger.register(UNIT, on=date(2026, 2, 6), arrival_number=None, **PRINTED)
    name = ledger.add(UNIT, on=date(2026, 2, 10), numbered=False)
    here = update(register_entries).values(submission_id=name.partition("/")[0], ordinal=0)
    ledger.state.write(lambda c: c.execute(here) and None)
    assert (framed().sending.electronic, framed().sending.paper) == ((), (name,))


@pytest.mark.parametrize("typed", [{"sender_unit": None}, {"sender_unit": "H99.3", "issuer_unit": UNIT}])
def test_what_joined_its_paper_came_whoever_brought_the_paper(ledger, framed, typed):
    entry = ledger.register(**{"unit": typed.pop("sender_unit"), **typed}, on=date(2026, 2, 6), **PRINTED)
    ledger.join(entry, UNIT, date(2026, 2, 6))
    assert framed().sending.electronic == (entry,)
    assert framed("H99.3").sending.paper == ()


@pytest.mark.parametrize(
    "other",
    [{"number": "13"}, {"symbol": "PNV"}, {"issued_on": date(2026, 2, 5)}, {"sender_unit": "H99.3"}],
)
def test_another_document_does_not_stand_for_it(ledger, framed, other):
    paper = ledger.register(UNIT, on=date(2026, 2, 12), **PRINTED)
    ledger.register(other.pop("sender_unit", UNIT), medium="electronic", on=date(2026, 2, 6), **PRINTED | other)
    assert framed().sending.paper == (paper,)


def test_a_voided_electronic_original_does_not_stand_for_it(ledger, framed):
    paper = ledger.register(UNIT, on=date(2026, 2, 12), **PRINTED)
    ledger.register(UNIT, medium="electronic", on=date(2026, 2, 6), voided_at=ledger.clock.now, **PRINTED)
    assert framed().sending.paper == (paper,)


def test_the_same_paper_entered_twice_is_drawn_once_and_voided_paper_never(ledger, framed):
    first = ledger.register(UNIT, **PRINTED)
    ledger.register(UNIT, **PRINTED)
    ledger.register(UNIT, voided_at=ledger.clock.now)
    assert framed().sending.paper == (first,)
    assert (framed().left_out.duplicates, framed().left_out.voided) == (1, 1)


def test_the_days_of_grace_are_a_setting(ledger, framed):
    ledger.register(UNIT, on=date(2026, 2, 12), **PRINTED)
    ledger.register(UNIT, medium="electronic", on=date(2026, 2, 10), **PRINTED)
    assert len(framed().sending.paper) == 1
    ledger.change("\n[scoring]\npaper_after_working_days = 2\n")
    assert framed().sending.paper == ()


def test_an_accepted_document_that_another_system_numbers_is_known_by_its_submission(ledger, framed):
    entry = ledger.add(UNIT, numbered=False)
    assert entry.startswith("260210-")
    assert framed().format.entries == framed().sending.electronic == (entry,)
