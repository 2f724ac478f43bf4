"""Our faster functions give the same reports as the library's, field by field, on all that these tests can make."""

from collections.abc import Iterator

import pytest

from vbdaemon.signature.fast_path import speed_up

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def slow_afterwards() -> Iterator[None]:
    yield
    speed_up(enabled=False)


def test_the_same_reports_come_out_field_by_field(library, corpus, tmp_path):
    """A seeded part; the whole is compared by the measurements."""
    corpus.assert_all_occurred(corpus.compare(library.all_of(9), tmp_path))
