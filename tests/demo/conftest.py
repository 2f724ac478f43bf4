from datetime import UTC, datetime

import pytest

from vbdaemon.demo.agency import DemoAgency, found_agency

NOW = datetime(2026, 3, 5, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def agency() -> DemoAgency:
    return found_agency(NOW)
