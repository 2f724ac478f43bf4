"""Which delivery goes next."""

from datetime import timedelta

import pytest

from vbdaemon.delivery.traffic import Claimed, Traffic, lane_name
from vbdaemon.model import DeliveryKind
from vbdaemon.state.heads import Head
from vbdaemon.state.records import DeliveryRow, DeliveryState
from vbdaemon.testing import NOON

AHEAD = 16
MINUTE = timedelta(minutes=1)


def head(address, urgency=0, scheme="folder", minutes=0):
    return Head(urgency, scheme, address, NOON - minutes * MINUTE)


def row(name, address, urgency=0, scheme="folder", minutes=0):
    at = NOON - minutes * MINUTE
    return DeliveryRow(
        id=name,
        submission="s",
        kind=DeliveryKind.FORWARD,
        document=0,
        version=1,
        scheme=scheme,
        address=address,
        unit=None,
        name="n",
        state=DeliveryState.DUE,
        urgency=urgency,
        created_at=at,
        due_at=at,
        attempts=0,
        words=None,
    )


def ready(traffic, *rows):
    traffic.take(rows)
    for each in rows:
        traffic.add(Claimed(each, "{}"))


def sent(traffic, ticks=0.0):
    """What the workers get, until none is free or fit."""
    names = []
    while (claimed := traffic.next(ticks)) is not None:
        names.append(claimed.row.id)
    return names


@pytest.mark.parametrize(
    ("scheme", "address", "lane"),
    [
        ("folder", "phong-y-te/nhan", "folder:phong-y-te/nhan"),
        ("smtp", "vanthu@Y-Te.example", "smtp:y-te.example"),
        ("fax", "0200 3000", "fax:0200 3000"),
    ],
)
def test_a_destination_has_its_lane(scheme, address, lane):
    assert lane_name(scheme, address) == lane


def test_the_most_urgent_go_first_then_where_least_is_under_way_then_the_oldest():
    traffic = Traffic(4, AHEAD)
    traffic.know([("folder", name) for name in "abcd"])
    traffic.take([row("1", "c")])
    wishes = traffic.wishes([head("a", minutes=1), head("b", 3), head("c", minutes=9), head("d", minutes=2)], NOON)
    assert [wish.head.address for wish in wishes] == ["b", "d", "a"]  # of c one is under way: its window is full
    ready(traffic, row("2", "a", minutes=1), row("3", "b", 3), row("4", "d", minutes=2), row("5", "b", 1))
    assert sent(traffic) == ["3", "5", "4", "2"]


def test_what_is_not_due_yet_is_not_wished_for():
    assert Traffic(2, AHEAD).wishes([head("a", minutes=-1)], NOON) == []


def test_only_so_many_are_under_way_in_all():
    traffic = Traffic(2, 3)
    traffic.know([("folder", "a")])
    for _ in range(9):
        traffic.answered(row("0", "a"), 0.01)
    assert sum(wish.most for wish in traffic.wishes([head("a")], NOON)) == 3
    traffic.take([row(str(n), "a") for n in range(3)])
    assert traffic.wishes([head("a"), head("b")], NOON) == []


def test_slow_and_unknown_destinations_get_all_workers_but_one():
    traffic = Traffic(3, AHEAD)
    traffic.know([("folder", "quick")])
    traffic.answered(row("0", "slow"), 30.0)
    wishes = traffic.wishes([head(name) for name in ("slow", "new-1", "new-2", "new-3", "new-4", "quick")], NOON)
    assert sum(wish.most for wish in wishes if wish.head.address != "quick") == 4
    assert any(wish.head.address == "quick" for wish in wishes)
    ready(traffic, row("1", "slow"), row("2", "new-1"), row("3", "new-2"), row("4", "quick"))
    assert sorted(sent(traffic)) == ["1", "2", "4"]


def test_a_single_worker_serves_slow_ones_too():
    traffic = Traffic(1, AHEAD)
    ready(traffic, row("1", "new"), row("2", "new-2"))
    assert sent(traffic) == ["1"]
    traffic.answered(row("1", "new"), 0.1)
    assert sent(traffic) == ["2"]


def test_one_that_was_quick_and_now_hangs_does_not_get_the_last_worker():
    traffic = Traffic(2, AHEAD)
    traffic.know([("folder", "a"), ("folder", "b")])
    ready(traffic, row("1", "a"))
    assert sent(traffic, ticks=0.0) == ["1"]
    ready(traffic, row("2", "a"))
    assert sent(traffic, ticks=5.0) == []
    ready(traffic, row("3", "b"))
    assert sent(traffic, ticks=5.0) == ["3"]


def test_what_was_made_ready_for_a_destination_that_shut_is_withdrawn():
    traffic = Traffic(2, AHEAD)
    ready(traffic, row("1", "dead"), row("2", "alive"))
    for _ in range(3):
        traffic.missed(row("0", "dead"), 0.01, NOON)
    assert [each.row.id for each in traffic.withdraw(NOON)] == ["1"]
    assert [each.row.id for each in traffic.withdraw()] == ["2"]


def test_one_bad_domain_shuts_itself_and_not_the_smarthost():
    traffic = Traffic(4, AHEAD)
    for _ in range(9):
        traffic.missed(row("0", "a@dead.example", scheme="smtp"), 0.01, NOON)
    heads = [head("b@dead.example", scheme="smtp"), head("c@alive.example", scheme="smtp")]
    assert [wish.head.address for wish in traffic.wishes(heads, NOON)] == ["c@alive.example"]


def test_several_domains_in_a_row_shut_the_smarthost_and_its_return_opens_them_all():
    traffic = Traffic(4, AHEAD)
    domains = ["a@one.example", "a@two.example", "a@three.example"]
    for domain in domains * 3:
        traffic.missed(row("0", domain, scheme="smtp"), 0.01, NOON)
    heads = [head(f"b@{n}.example", scheme="smtp") for n in range(9)] + [head("quick/nhan")]
    assert [wish.head.scheme for wish in traffic.wishes(heads, NOON)] == ["folder"]
    later = NOON + 10 * MINUTE
    probes = [wish for wish in traffic.wishes(heads, later) if wish.head.scheme == "smtp"]
    assert sum(wish.most for wish in probes) == 1
    traffic.answered(row("1", "b@0.example", scheme="smtp"), 0.01)
    wishes = traffic.wishes([head(domain, scheme="smtp") for domain in domains], NOON)
    assert sorted(wish.head.address for wish in wishes) == sorted(domains)


def test_an_attempt_that_never_reached_the_destination_teaches_nothing():
    traffic = Traffic(2, AHEAD)
    for number in range(5):
        ready(traffic, row(str(number), "a"))
        sent(traffic)
        traffic.ended(row(str(number), "a"))
        traffic.leave(str(number))
    assert traffic.lane("folder:a").misses == 0
    assert traffic.taken == frozenset()


def test_a_spare_worker_stands_in_for_one_that_is_stuck():
    traffic = Traffic(2, AHEAD, spare=1)
    traffic.know([("folder", name) for name in "bcd"])
    ready(traffic, row("1", "hangs"), row("2", "b"), row("3", "c"), row("4", "d"))
    assert len(sent(traffic, ticks=0.0)) == 2
    assert len(sent(traffic, ticks=5.0)) == 1
