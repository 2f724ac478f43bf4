"""From drop to delivery, read from the folders of those concerned."""

import hashlib
import json

import pytest

pytestmark = pytest.mark.journey

CASES = {
    "letter": "phong-noi-vu/gui",
    "unsigned": "phong-giao-duc/gui",
    "secret": "xa-ha-lam/gui",
    "guest": "khach/gui",
    "foreign-ca": "phong-tai-chinh-ke-hoach/gui",
}
RECIPIENTS = ("xa-ha-lam", "thi-tran-ben-lam", "phong-tai-chinh-ke-hoach")


@pytest.fixture(scope="module")
def day(station_in, papers, tmp_path_factory):
    """A station after some documents were dropped and settled, its daemon stopped."""
    station = station_in(tmp_path_factory.mktemp("day") / "site", settle_seconds=0.5)
    station.change("notices", pdf=True)
    station.start()
    try:
        for case, where in CASES.items():
            for file in papers(case):
                station.drop(where, file.name, file.body)
        station.settled(len(CASES))
        assert station.stop() == 0
    finally:
        station.kill()
    return station


def sha256(file):
    return hashlib.sha256(file.body).hexdigest()


def test_an_accepted_document_lies_at_each_recipient_with_its_exact_bytes(day, papers):
    wanted = {file.name: sha256(file) for file in papers("letter")}
    for unit in RECIPIENTS:
        ((folder, files),) = day.delivered(unit).items()
        assert wanted.items() <= files.items()
        facts = json.loads((folder / "vbdaemon.json").read_text("utf-8"))
        assert {wanted[name] for name in wanted} <= set(_strings(facts))


def test_what_was_not_accepted_went_to_nobody(day):
    inboxes = list(day.exchange.glob("*/nhan/*"))
    assert len(inboxes) == len(RECIPIENTS)


def test_each_sender_is_told_once_an_answer_as_pdf_too(day):
    told = {
        "phong-noi-vu": "tiep-nhan",
        "phong-giao-duc": "tu-choi",
        "xa-ha-lam": "cach-ly",
        "phong-tai-chinh-ke-hoach": "da-den",
    }
    for unit, label in told.items():
        names = sorted(path.name for path in (day.exchange / unit / "ket-qua").iterdir())
        forms = ["html", "json", "pdf", "txt"] if label in ("tiep-nhan", "tu-choi") else ["html", "json", "txt"]
        assert [name.rpartition(".")[2] for name in names] == forms
        assert {name.rpartition(".")[0].partition("_")[2] for name in names} == {label}


def test_an_unknown_sender_is_told_nothing_by_itself(day):
    assert not list((day.exchange / "khach" / "ket-qua").iterdir())


def test_a_refusal_names_reason_and_clause_in_vietnamese(day):
    (page,) = (day.exchange / "phong-giao-duc" / "ket-qua").glob("*.txt")
    words = page.read_text("utf-8")
    assert "552/UBND" in words
    assert "chữ ký số" in words


def test_the_drop_folders_are_empty(day):
    assert day.waiting() == []
    assert not list(day.exchange.glob("*/*/.vbdaemon/*"))


def test_of_a_secret_document_nothing_is_left_outside_quarantine(day, papers):
    files = papers("secret")
    words = [file.name for file in files] + ["Nội dung minh họa của tài liệu", "02/BC-UBND", "bao-cao-02"]
    needles = [word.encode() for word in words] + [file.body[:4096] for file in files]
    needles += [json.dumps(word)[1:-1].encode() for word in words]
    locked = day.spool / "quarantine"
    looked_at = [path for path in day.folder.rglob("*") if path.is_file() and not path.is_relative_to(locked)]
    assert day.log in looked_at
    assert day.spool / "state.sqlite3" in looked_at
    for path in looked_at:
        body = path.read_bytes()
        assert not [needle[:60] for needle in needles if needle in body], path
        assert not any(file.name in path.name for file in files)
    kept = {hashlib.sha256(path.read_bytes()).hexdigest() for path in locked.rglob("*") if path.is_file()}
    assert {sha256(file) for file in files} <= kept


def test_the_log_holds_no_words_of_any_document(day, papers):
    log = day.log.read_text("utf-8")
    for case in CASES:
        for file in papers(case):
            assert file.name not in log
    for words in ("rà soát đội ngũ", "hội thi giáo viên"):
        assert words not in log
    assert "Traceback" not in log


def _strings(value):
    if isinstance(value, dict):
        return [found for each in value.values() for found in _strings(each)]
    if isinstance(value, list):
        return [found for each in value for found in _strings(each)]
    return [value] if isinstance(value, str) else []
