"""How fast one destination is served."""

from datetime import timedelta

from vbdaemon.delivery.lane import LONGEST_PAUSE, LONGEST_QUICK_PAUSE, WIDEST, Lane
from vbdaemon.testing import NOON

SECOND = timedelta(seconds=1)


def missed(times, seconds=0.01, lane=None, at=NOON):
    lane = lane or Lane()
    for _ in range(times):
        lane = lane.missed(seconds, at)
    return lane


def test_a_new_destination_gets_one_and_each_answer_makes_room_for_another():
    lane, widths = Lane(), []
    for _ in range(WIDEST + 3):
        widths.append(lane.room(0, NOON))
        lane = lane.answered(0.01)
    assert widths == [1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8]


def test_a_round_of_answers_doubles_the_window():
    lane = Lane()
    for width in (1, 2, 4, 8):
        assert lane.room(0, NOON) == width
        for _ in range(width):
            lane = lane.answered(0.01)


def test_what_is_under_way_takes_its_room():
    lane = Lane().answered(0.01)
    assert [lane.room(n, NOON) for n in range(4)] == [2, 1, 0, 0]


def test_one_miss_closes_the_window_and_three_in_a_row_shut_it():
    lane = missed(1, lane=Lane(window=8))
    assert lane.room(0, NOON) == 1
    assert missed(1, lane=lane.answered(0.01).missed(0.01, NOON)).room(0, NOON) == 1
    shut = missed(2, lane=lane)
    assert shut.room(0, NOON + 9 * SECOND) == 0
    assert shut.room(0, NOON + 10 * SECOND) == 1
    assert shut.room(1, NOON + 10 * SECOND) == 0


def test_a_probe_that_fails_doubles_the_pause_and_one_that_succeeds_starts_anew():
    lane = missed(3)
    pauses, at = [], NOON
    for _ in range(6):
        at = lane.shut_until
        lane = lane.missed(0.01, at)
        pauses.append((lane.shut_until - at).total_seconds())
    assert pauses == [20, 40, 60, 60, 60, 60]
    assert pauses[-1] == LONGEST_QUICK_PAUSE.total_seconds()
    assert lane.answered(0.01) == Lane(window=2, quick=True)


def test_a_destination_that_hangs_is_looked_at_rarely():
    lane = missed(3, seconds=60)
    assert lane.shut_until == NOON + timedelta(seconds=300)
    lane = lane.missed(120, lane.shut_until)
    assert lane.shut_until - (NOON + timedelta(seconds=300)) == LONGEST_PAUSE


def test_those_that_were_under_way_when_it_shut_do_not_lengthen_the_pause():
    lane = missed(3)
    assert missed(4, lane=lane, at=NOON + SECOND).shut_until == lane.shut_until


def test_only_a_quick_answer_makes_a_destination_quick():
    assert not Lane().quick
    assert Lane().answered(0.9).quick
    assert not Lane(quick=True).answered(1.1).quick
    assert missed(1, seconds=0.01).quick
