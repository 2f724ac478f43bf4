"""The rules that vbdaemon comes with, read once for each test module: they are frozen values."""

from collections.abc import Iterator
from functools import cache

import pytest

import vbdaemon.snapshot


@pytest.fixture(scope="module", autouse=True)
def _rules_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vbdaemon.snapshot, "default_snapshot", cache(vbdaemon.snapshot.default_snapshot))
        yield
