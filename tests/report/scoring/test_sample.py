"""Drawing: fixed by the seed, the same for everybody, fair to every entry."""

import hashlib
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from vbdaemon.report.sample import Drawn, Part, draw, rank

ENTRIES = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), unique=True, max_size=30)
SEEDS = st.binary(min_size=32, max_size=32).map(bytes.hex)


def test_the_order_is_that_of_plain_hashes():
    entries = [f"den/2026/{number}" for number in range(50)]
    by_hand = sorted(entries, key=lambda e: hashlib.sha256(f"ab\nformat\n{e}".encode()).hexdigest())
    assert [each.entry for each in draw("ab", Part.FORMAT, entries, 3)] == by_hand[:3]
    assert draw("ab", Part.FORMAT, entries, 1) == (Drawn(by_hand[0], rank("ab", Part.FORMAT, by_hand[0])),)


@given(SEEDS, ENTRIES, st.randoms(use_true_random=False))
def test_the_order_in_which_entries_are_given_does_not_matter(seed, entries, chance):
    mixed = list(entries)
    chance.shuffle(mixed)
    assert draw(seed, Part.SENDING, mixed, 2) == draw(seed, Part.SENDING, entries, 2)


@given(SEEDS, ENTRIES)
def test_never_more_than_there_are_and_never_one_twice(seed, entries):
    drawn = [each.entry for each in draw(seed, Part.FORMAT, entries, 2)]
    assert len(drawn) == min(2, len(entries))
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= set(entries)


@given(SEEDS, ENTRIES.filter(lambda e: len(e) > 2))
def test_taking_away_what_was_not_drawn_changes_nothing(seed, entries):
    drawn = draw(seed, Part.FORMAT, entries, 2)
    kept = [each.entry for each in drawn]
    for entry in set(entries) - set(kept):
        assert draw(seed, Part.FORMAT, [e for e in entries if e != entry], 2) == drawn


def test_every_entry_is_drawn_about_equally_often_and_the_parts_are_independent():
    entries = [f"den/2026/{number}" for number in range(1, 8)]
    seeds = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(3_000)]
    seen = Counter(each.entry for seed in seeds for each in draw(seed, Part.FORMAT, entries, 2))
    expected = 3_000 * 2 / 7
    assert all(abs(seen[entry] - expected) < 0.12 * expected for entry in entries)
    both = sum(
        draw(seed, Part.FORMAT, entries, 1)[0].entry == draw(seed, Part.SENDING, entries, 1)[0].entry for seed in seeds
    )
    assert abs(both - 3_000 / 7) < 0.2 * 3_000 / 7
