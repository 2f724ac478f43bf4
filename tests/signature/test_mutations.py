"""Mutated signed files: none is accepted unless only unsigned bytes of no effect changed; every one is answered."""

import pytest

from vbdaemon.model import VerdictKind

pytestmark = pytest.mark.slow

TENTH = 54
"""The part that runs with the other tests; the measurements take all."""


def test_a_tenth_of_the_mutants_is_answered_and_none_is_accepted_for_nothing(originals, decide, mutation):
    verdicts = mutation.survey(originals, decide, mutation.mutants(originals, TENTH))
    assert verdicts[VerdictKind.HOLD] > 0
    assert verdicts[VerdictKind.REJECT] > 0
