"""What earlier releases numbered stands in the register afterwards, whole from the first number."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from vbdaemon.model.register import Books, Series
from vbdaemon.state import register_acts, register_search
from vbdaemon.state.engine import make_engine
from vbdaemon.state.register_gaps import gaps
from vbdaemon.state.register_update import Told
from vbdaemon.state.store import State
from vbdaemon.testing import NOON

AT = "2026-03-02 05:00:00.000000"
DOCUMENT = (
    "INSERT INTO documents (submission_id, ordinal, main_sha256, first_page, verdict, accepted, form, number, symbol, "
    "issuer, subject, restricted, book, year, register_number, registered_on) VALUES "
    "('260302-0000000{n}', 0, '{n}', 1, 'ACCEPT', true, {said}, {restricted}, 'den', 2026, {n}, '2026-03-02')"
)
SAID = "'cong-van', '15', 'PNV-TCCC', 'Phòng Nội vụ', 'rà soát đội ngũ'"


@pytest.fixture
def upgraded(empty_url):
    """Three submissions; of numbers 1 to 4, 2 was of a quarantined document and 3 of a complaint."""
    config = Config()
    config.set_main_option("script_location", "vbdaemon.state:migrations")
    engine = make_engine(empty_url, writes=True)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for n in (1, 3, 4):
            admitted = f"('260302-0000000{n}', 'gui', '{n}', '{AT}', true, 'ACCEPTED', 'ACCEPT', 1, 0)"
            columns = "id, source, source_key, received_at, acknowledged, state, verdict, version, failures"
            connection.execute(text(f"INSERT INTO submissions ({columns}) VALUES {admitted}"))
            said = "'don', NULL, NULL, 'bà Tám', NULL" if n == 3 else SAID
            connection.execute(text(DOCUMENT.format(n=n, said=said, restricted="true" if n == 3 else "false")))
        connection.execute(text("INSERT INTO counters VALUES ('den', 2026, 4)"))
    engine.dispose()
    state = State(empty_url)
    yield state
    state.close()


def test_every_number_that_was_given_has_its_line_and_can_be_found(upgraded):
    lines = upgraded.read(lambda c: list(register_search.whole_book(c, "den", 2026)))
    assert [(line.arrival_number, line.void, line.restricted) for line in lines] == [
        (1, False, False), (2, True, False), (3, False, True), (4, False, False),
    ]  # fmt: skip
    assert (lines[0].subject, lines[0].arrived_at, lines[0].submission) == ("rà soát đội ngũ", NOON, "260302-00000001")
    assert (lines[2].form, lines[2].issuer) == ("don", None)
    assert "cách ly" in lines[1].void_reason
    assert upgraded.read(lambda c: gaps(c, Series.FORM)) == []
    found = upgraded.read(lambda c: register_search.search(c, "ra soat 15/pnv-tccc", 10))
    assert [line.arrival_number for line in found] == [4, 1]
    assert upgraded.read(lambda c: register_search.search(c, "bà tám", 10)) == []


def test_the_next_line_goes_on_behind_the_last_number(upgraded):
    told = Told("Văn thư", "giấy", NOON)
    line = upgraded.write(
        lambda c: register_acts.enter_paper(c, register_acts.Paper({"subject": "một"}), Books(), told)
    )
    assert (line.id, line.name) == (5, "den/2026/5")
