"""Random drops, writers and kills, seeded: at the end everything was admitted exactly once."""

import random
from contextlib import suppress

import pytest

STEPS = (
    "intake.claimed",
    "spool.copied",
    "spool.written",
    "spool.renamed",
    "intake.copied",
    "intake.admitted",
    "intake.removed",
)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_each_drop_is_admitted_exactly_once(site, killed: type[BaseException], seed: int) -> None:
    chance = random.Random(seed)
    site.restart(quiet=chance.choice([0.0, 2.0]), settle=chance.choice([0.0, 5.0]), batch=chance.choice([1, 3, 64]))
    site.spool._failpoint = site._failpoint
    expected: list[bytes] = []
    for number in range(30):
        body = b"drop %d" % number
        place = chance.choice(
            [f"{number}.txt", f"tap {number}/{number}.txt", f"tap chung/{number}.txt", "luon la toi.txt"]
        )
        if not (site.drop / place).exists():
            site.put(place, body)
            expected.append(body)
        if chance.random() < 0.3:
            site.kill_at = chance.choice(STEPS)
        with suppress(killed):
            for _ in range(chance.randrange(4)):
                site.sweep(after=chance.choice([0.1, 1.0, 4.0]))
            continue
        site.kill_at = None
        site.restart()
    site.kill_at = None
    site.run(60)
    assert sorted(body for files in site.admitted() for _, body in files) == sorted(expected)
    assert site.left() == []
    assert site.source.pending() == ()
    assert set(site.admission.acknowledged) == set(site.admission.rows)
