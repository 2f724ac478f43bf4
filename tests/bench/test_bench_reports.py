"""How long each report takes over a million documents on SQLite, from the question to the bytes of every form."""

import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from vbdaemon.model import Directory, Office, Snapshot, Unit
from vbdaemon.report.letterhead import Letterhead
from vbdaemon.report.making import ReportName, Wish, make, require_documents
from vbdaemon.report.output import OutputForm, write
from vbdaemon.report.period import period_of
from vbdaemon.report.targets import Targets
from vbdaemon.state.store import State
from vbdaemon.state.tables import documents, submissions
from vbdaemon.state.tables_facts import document_facts
from vbdaemon.state.tables_paper import papers

pytestmark = pytest.mark.bench

MANY = 1_000_000
LONGEST = 5.0
TODAY = date(2026, 12, 31)
SEVERAL = ("cong-van",) * 12 + ("bao-cao",) * 6
FORMS = (*SEVERAL, "quyet-dinh", "to-trinh", "ke-hoach", "thong-bao", "giay-moi", "nghi-quyet", "huong-dan", "bien-ban")
UNITS = tuple(f"H99.{number:03}" for number in range(200))
REASONS = {
    "ACCEPT": (" ",),
    "REJECT": (" organisation-signature-missing ", " paper-only-form ", " altered-after-signing unreadable-file "),
    "HOLD": (" certificate-untrusted ",),
    "QUARANTINE": (" secret-marking ",),
}


def rows(random_: random.Random) -> Iterator[tuple[dict[str, Any], ...]]:
    """A submission with one document, its facts, and its paper, spread evenly over the year."""
    start = datetime(2025, 12, 31, 17, tzinfo=UTC)
    for number in range(MANY):
        at = start + timedelta(seconds=number * 365 * 86_400 // MANY)
        verdict = random_.choices(tuple(REASONS), (85, 9, 5.9, 0.1))[0]
        seconds = random_.randint(2, 60) if random_.random() < 0.9 else random_.randint(60, 259_200)
        yield one(random_, f"{at:%y%m%d}-{number:08x}", number, at, verdict, seconds)


def one(
    chance: random.Random, id_: str, number: int, at: datetime, verdict: str, seconds: int
) -> tuple[dict[str, Any], ...]:
    locked, form = verdict == "QUARANTINE", chance.choice(FORMS)
    moment, decided = (f"{each:%Y-%m-%d %H:%M:%S}.000000" for each in (at, at + timedelta(seconds=seconds)))
    day = f"{at + timedelta(hours=7):%Y-%m-%d}"
    sha256 = f"{number:064x}"
    unit = None if locked else chance.choice(UNITS)
    person = chance.random() < 0.3
    repeated = chance.random() < 0.01
    arrival = number + 1 if verdict == "ACCEPT" and not repeated else None
    submission = {"id": id_, "source": "drop", "source_key": sha256, "received_at": moment, "acknowledged": True}
    submission |= {"state": "ACCEPTED", "version": 1, "failures": 0, "decided_at": decided}
    known = {"submission_id": id_, "ordinal": 0, "main_sha256": sha256, "first_page": 1, "verdict": verdict}
    known |= {"accepted": arrival is not None, "form": form, "number": str(number), "symbol": f"QĐ-{unit}"}
    known |= {"issued_on": day, "restricted": False, "book": "den", "year": 2026, "register_number": arrival}
    facts = {"submission_id": id_, "ordinal": 0, "received_at": moment, "received_on": day, "decided_at": decided}
    facts |= {"receipt_seconds": seconds if verdict in ("ACCEPT", "REJECT") else None, "verdict": verdict}
    facts |= {"reasons": chance.choice(REASONS[verdict]), "unit": unit, "issuer_unit": unit, "channel": "electronic"}
    facts |= {"form": None if locked else form, "draft": False, "duplicate": repeated, "restricted": False}
    facts |= {"returned": verdict == "REJECT" and chance.random() < 0.1, "signable": not locked and not repeated}
    facts |= {"signed_by_organisation": chance.random() < 0.95, "signed_by_person": person}
    facts |= {"signed_by_leader": person and chance.random() < 0.5, "editable_missing": chance.random() < 0.2}
    facts |= {"paper_due": form == "quyet-dinh", "format_findings": chance.choice((0, 0, 0, 1, 3))}
    facts |= {"book": "den", "year": 2026, "arrival_number": arrival}
    if form != "quyet-dinh" or arrival is None:
        return submission, known, facts
    state = chance.choices(("RECEIVED", "DUE"), (98, 2))[0]
    paper = {"submission_id": id_, "main_sha256": sha256, "first_page": 1, "ordinal": 0, "unit": unit}
    paper |= {"expected_at": moment, "due_on": f"{at + timedelta(days=7):%Y-%m-%d}", "state": state, "reminders": 0}
    return submission, known, facts, paper


def fill(path: Path) -> None:
    """Straight into the tables: through the daemon it would take a day."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    tables = (submissions, documents, document_facts, papers)
    waiting: tuple[list[dict[str, Any]], ...] = tuple([] for _ in tables)
    for each in rows(random.Random(607)):
        for table, row in zip(waiting, each, strict=False):
            table.append(row)
        if len(waiting[0]) == 20_000:
            insert(connection, tables, waiting)
    insert(connection, tables, waiting)
    connection.commit()
    connection.close()


def insert(connection: sqlite3.Connection, tables: tuple[Any, ...], waiting: tuple[list[dict[str, Any]], ...]) -> None:
    for table, gathered in zip(tables, waiting, strict=True):
        if gathered:
            names = list(gathered[0])
            places = ", ".join(f":{name}" for name in names)
            connection.executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})", gathered)
            gathered.clear()


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    path = tmp_path_factory.mktemp("million") / "state.sqlite3"
    State(f"sqlite:///{path}").close()
    fill(path)
    state = State(f"sqlite:///{path}", beside=True)
    yield state
    state.close()


@pytest.fixture(scope="module")
def head() -> Letterhead:
    units = tuple(Unit(code, f"Ủy ban nhân dân xã Mẫu {code[4:]}") for code in UNITS)
    office = Office("Văn phòng HĐND và UBND huyện Mẫu", "Ủy ban nhân dân huyện Mẫu")
    return Letterhead(Snapshot("bench", office=office, directory=Directory(units)), datetime(2026, 12, 31, tzinfo=UTC))


WISHES = (
    Wish(ReportName.MONTHLY, period_of("2026", TODAY)),
    Wish(ReportName.SIGNING, period_of("2026", TODAY)),
    Wish(ReportName.PAPER, period_of("2026", TODAY)),
    Wish(ReportName.MONTHLY, period_of("2026-q2", TODAY)),
    Wish(ReportName.SIGNING, period_of("2026-06", TODAY)),
    Wish(ReportName.MONTHLY, period_of("2026", TODAY), unit=UNITS[7]),
    Wish(ReportName.DAILY, period_of("2026-06-30", TODAY), documents=True),
)


class Watch:
    """Seconds of the clock, and of this process's own work: the machine may have other things to do."""

    def __init__(self) -> None:
        self.clock, self.work = time.perf_counter(), time.process_time()

    def stop(self) -> tuple[float, float]:
        return time.perf_counter() - self.clock, time.process_time() - self.work


@pytest.mark.timeout(900)
def test_every_report_over_a_million_documents_is_there_in_five_seconds(million: State, head: Letterhead) -> None:
    worst = 0.0
    tell("", "asked: clock, own work; then own work for each form")
    for wish in WISHES:
        watch = Watch()
        million.read(partial(require_documents, wish=wish))
        report = million.read(partial(make, wish=wish, head=head, targets=Targets(), today=TODAY))
        clock, work = watch.stop()
        forms = {}
        for form in OutputForm:
            watch = Watch()
            write(report, form)
            forms[form] = watch.stop()[1]
        worst = max(worst, work + max(forms.values()))
        about = f"{wish.name} {wish.period.slug} {wish.unit or ''}{'with documents' if wish.documents else ''}"
        tell(about, f"{clock:5.2f} {work:5.2f} s; " + "  ".join(f"{form} {each:.2f}" for form, each in forms.items()))
    assert worst <= LONGEST


def tell(about: str, words: str) -> None:
    sys.stdout.write(f"\n{about:34} {words}")
