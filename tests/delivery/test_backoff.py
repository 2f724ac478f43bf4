"""When a deferred delivery is tried again."""

from datetime import timedelta

import pytest

from vbdaemon.delivery.backoff import retry_at
from vbdaemon.testing import NOON


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(0, 5), (1, 5), (2, 10), (3, 20), (4, 40), (8, 640), (10, 2560), (11, 3600), (12, 3600), (10_000, 3600)],
)
def test_the_pause_doubles_up_to_an_hour(attempts, seconds):
    assert retry_at(attempts, NOON) == NOON + timedelta(seconds=seconds)
