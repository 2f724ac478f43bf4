"""A register of a million lines on SQLite: what searching it takes, and what one more document costs in it.

VBDAEMON_BENCH_REGISTER=… for another number of lines.
"""

import os
import random
import shutil
import sqlite3
import statistics
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from vbdaemon.model import Channel, Directory, DocumentVerdict, Envelope, Signer, Snapshot, Verdict
from vbdaemon.model import Office as OfficeWords
from vbdaemon.model.register import Books
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions, register, register_index, register_search, submissions
from vbdaemon.state.records import Decision
from vbdaemon.state.register_words import Findable
from vbdaemon.state.store import State
from vbdaemon.testing import NOON, found, make_classification, make_unit

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]

LINES = int(os.environ.get("VBDAEMON_BENCH_REGISTER", "1000000"))
ADDED, WARM = 2000, 200
MOST_SECONDS, MOST_RATIO = 0.300, 1.10
FORMS = (("quyet-dinh", "QĐ"), ("cong-van", "CV"), ("thong-bao", "TB"), ("bao-cao", "BC"), ("ke-hoach", "KH"))
BODIES = ("UBND", "VP", "SNV", "STC", "SYT", "SXD", "STNMT", "PNV", "PTCKH", "PGDĐT", "CAH", "BCHQS")
PLACES = (
    "Ký Phú",
    "Hạ Lam",
    "Đông Hà",
    "Bình Sơn",
    "Tân Thành",
    "Phú Thọ",
    "Vĩnh Lộc",
    "Mỹ Đức",
    "Yên Định",
    "Thạch An",
)
VERBS = (
    "phê duyệt",
    "tăng cường",
    "triển khai",
    "rà soát",
    "đôn đốc",
    "báo cáo kết quả",
    "hướng dẫn",
    "tổ chức",
    "kiểm tra",
)
THINGS = (
    "công tác cải cách hành chính", "đội ngũ cán bộ công chức cấp xã", "kế hoạch đầu tư công trung hạn",
    "phòng chống thiên tai", "chuyển đổi số", "dự toán ngân sách nhà nước", "giải phóng mặt bằng dự án đường tỉnh",
    "xây dựng nông thôn mới", "chế độ chính sách người có công", "an toàn thực phẩm dịp Tết Nguyên đán",
    "tiêm chủng mở rộng", "bầu cử đại biểu Quốc hội", "sắp xếp tổ chức bộ máy", "quản lý đất đai",
    "phòng cháy chữa cháy rừng", "dạy thêm học thêm", "đấu thầu thuốc", "tinh giản biên chế",
)  # fmt: skip
FAMILY, MIDDLE, GIVEN = (
    ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ"),
    ("Văn", "Thị", "Đức", "Minh", "Thanh", "Hữu", "Ngọc", "Quang"),
    (
        "An",
        "Bình",
        "Cường",
        "Dũng",
        "Giang",
        "Hà",
        "Hùng",
        "Lan",
        "Mai",
        "Nam",
        "Phúc",
        "Quân",
        "Sơn",
        "Thu",
        "Tùng",
        "Yến",
    ),
)
QUESTIONS = (
    "quyết định",
    "quyet dinh",
    "ke hoach dau tu cong",
    "giải phóng mặt bằng",
    "Trần Thị Hoài Thu",
    "Nguyễn Văn An",
    "4321/QĐ-UBND",
    "77/CV-SNV",
    "15/01/2026",
    "03/2026",
    "ủy ban nhân dân Ký Phú tinh giản biên chế",
    "tet nguyen dan hoang thi",
    "đấu thầu thuốc Yên Định 2025-11-03",
    "thanh* chu*",
    "khôngcótừnày quyết định",
    "hồ",
)
SNAPSHOT = Snapshot("bench", OfficeWords(unit="H40"), Directory((make_unit("H40.15"),)))
ENTRY = (
    "INSERT INTO register_entries (id, direction, book, year, arrival_number, registered_on, arrived_at, medium, "
    "submission_id, ordinal, main_sha256, first_page, form, number, symbol, issued_on, issuer, subject, signer, "
    "restricted) VALUES (?,'incoming','den',?,?,?,?,'electronic',?,0,?,1,?,?,?,?,?,?,?,false)"
)
SUBMISSION = "INSERT INTO submissions VALUES (?,'gui',?,?,true,'ACCEPTED',NULL,'ACCEPT',1,0,'s',?)"
DOCUMENT = (
    "INSERT INTO documents (submission_id, ordinal, main_sha256, first_page, verdict, accepted, form, number, symbol, "
    "issued_on, issuer, subject, restricted, book, year, register_number, registered_on) VALUES "
    "(?,0,?,1,'ACCEPT',true,?,?,?,?,?,?,false,'den',?,?,?)"
)


def tell(words):
    sys.stdout.write(f"{words}\n")


def documents(seed):
    """Documents without end, as offices write them; the same ones for the same seed."""
    chance = random.Random(seed)
    while True:
        form, short = chance.choice(FORMS)
        yield (
            form,
            str(chance.randint(1, 6000)),
            f"{short}-{chance.choice(BODIES)}",
            f"Ủy ban nhân dân xã {chance.choice(PLACES)} {chance.randint(1, 40)}",
            f"{chance.choice(VERBS)} {chance.choice(THINGS)} tại {chance.choice(PLACES)} và {chance.choice(THINGS)}",
            f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}",
            chance.randint(0, 12),
        )


def fill(path, lines):
    """A register of so many lines over five years, written past the program for speed."""
    source = documents(1)
    day_of = [date(2022, 1, 1) + timedelta(days=place * 1520 // lines) for place in range(lines)]
    counters: dict[int, int] = {}
    with closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")
        for start in range(0, lines, 20_000):
            entries, words, submitted, kept = [], [], [], []
            for place in range(start, min(start + 20_000, lines)):
                form, number, symbol, issuer, subject, signer, delay = next(source)
                day = day_of[place]
                issued = day - timedelta(days=delay)
                nth = counters[day.year] = counters.get(day.year, 0) + 1
                name, sha, at = f"b-{place:08d}", f"{place:064x}", f"{day} 03:00:00.000000"
                said = (form, number, symbol, issued.isoformat(), issuer, subject)
                entries.append((place + 1, day.year, nth, day.isoformat(), at, name, sha, *said, signer))
                findable = Findable("den", day.year, day, nth, form, number, symbol, issued, issuer, subject, signer)
                words.append((place + 1, " ".join(findable.tokens())))
                submitted.append((name, sha, at, at))
                kept.append((name, sha, *said, day.year, nth, day.isoformat()))
            with db:
                db.executemany(SUBMISSION, submitted)
                db.executemany(DOCUMENT, kept)
                db.executemany(ENTRY, entries)
                db.executemany(f"INSERT INTO {register_index.NAME} (rowid, words) VALUES (?,?)", words)
        with db:
            db.executemany("INSERT INTO counters VALUES ('den',?,?)", counters.items())
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def verdicts(seed):
    for place, (form, number, symbol, issuer, subject, signer, _) in enumerate(documents(seed)):
        kind = make_classification(form, number=number, symbol=symbol, issuer=issuer, subject=subject)
        signed = found(Signer(None, "CHỦ TỊCH", signer))
        sha = f"{seed:032x}{place:032x}"
        yield DocumentVerdict("cv.pdf", sha, (sha,), replace(kind, signer=signed), (), (), Verdict.accept())


class Office:
    """Adds documents as the daemon does, but for reading them: bytes made durable, admitted, decided, committed."""

    def __init__(self, folder, path, seed):
        self.state = State(f"sqlite:///{path}")
        self.spool = Spool(folder / path.stem)
        self.spool.root.mkdir()
        self.spool.prepare()
        self.bytes = folder / f"{path.stem}.pdf"
        self.bytes.write_bytes(b"%PDF-1.7\n" + random.Random(seed).randbytes(100_000))
        self.source = verdicts(seed)
        self.added = 0

    def add(self):
        """Seconds of one document."""
        self.added += 1
        name, verdict = f"n{self.added:08d}", next(self.source)
        began = time.perf_counter()
        incoming = self.spool.begin(name)
        with self.bytes.open("rb") as file:
            incoming.add("cv.pdf", file.fileno())
        incoming.seal(Envelope("gui", Channel.FOLDER, NOON))
        self.state.admit(name, "gui", name, NOON).result()
        self.state.write(partial(self._decide, name=name, verdict=verdict))
        return time.perf_counter() - began

    def _decide(self, connection, name, verdict):
        row = submissions.get(connection, name)
        entered = register.enter(connection, row, 0, verdict, SNAPSHOT, Books(), NOON)
        decisions.write(connection, name, 1, NOON, "s", Decision((entered,)))
        decisions.write_documents(connection, name, (entered,))


@pytest.fixture(scope="module")
def registers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("register")
    empty, full = folder / "empty.sqlite3", folder / "full.sqlite3"
    for path in (empty, full):
        State(f"sqlite:///{path}").close()
    began = time.perf_counter()
    fill(full, LINES)
    tell(f"\n{LINES} lines written in {time.perf_counter() - began:.0f} s; {full.stat().st_size / 1e6:.0f} MB")
    offices = [Office(folder, path, seed) for seed, path in enumerate((empty, full), start=2)]
    yield offices
    for office in offices:
        office.state.close()
    shutil.rmtree(folder)


def test_any_question_is_answered_quickly(registers):
    full = registers[1].state
    slowest = 0.0
    for question in QUESTIONS:
        for narrowed in ({}, {"book": "den", "year": 2022}):
            taken = []
            for _ in range(12):
                before = time.perf_counter()
                lines = full.read(lambda c, q=question, n=narrowed: register_search.search(c, q, 50, **n))
                taken.append((time.perf_counter() - before) * 1000)
            ranked = sorted(taken)
            p50, p95 = ranked[len(ranked) // 2], ranked[-1]
            where = "2022" if narrowed else "all "
            tell(f"{question:<46} {where} {len(lines):>3} lines  p50 {p50:7.1f} ms  p95 {p95:7.1f} ms")
            slowest = max(slowest, p95 / 1000)
    tell(f"slowest {slowest * 1000:.0f} ms, at most {MOST_SECONDS * 1000:.0f}")
    assert slowest <= MOST_SECONDS


def test_one_more_document_costs_what_it_costs_in_an_empty_register(registers):
    """In turns, so that whatever else the machine does meets both; the slowest fiftieth of each is left out."""
    taken = [[], []]
    for turn in range(ADDED + WARM):
        for office, times in zip(registers, taken, strict=True):
            seconds = office.add()
            if turn >= WARM:
                times.append(seconds * 1000)
    figures = [_figures(times) for times in taken]
    for name, (mean, median, trimmed) in zip(("empty", "full"), figures, strict=True):
        tell(f"one document, {name:<5} mean {mean:.2f} ms, median {median:.2f}, without the slowest 2 % {trimmed:.2f}")
    ratios = [full / empty for empty, full in zip(*figures, strict=True)]
    tell(f"ratio of means {ratios[0]:.3f}, of medians {ratios[1]:.3f}, trimmed {ratios[2]:.3f}; at most {MOST_RATIO}")
    assert ratios[2] <= MOST_RATIO


def _figures(times):
    ranked = sorted(times)
    return statistics.mean(ranked), statistics.median(ranked), statistics.mean(ranked[: len(ranked) * 98 // 100])


def test_purging_the_index_after_a_quarantine(registers):
    full = registers[1].state
    before = time.perf_counter()
    full.write(register_index.purge)
    tell(f"index purged in {time.perf_counter() - before:.1f} s")
