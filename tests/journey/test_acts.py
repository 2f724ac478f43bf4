"""What people do beside a running daemon, and without one."""

import os

import pytest

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def office(station_in, tmp_path_factory):
    """A running daemon, to which each test hands in what it needs."""
    station = station_in(tmp_path_factory.mktemp("acts") / "site")
    station.start()
    yield station
    station.kill()


@pytest.fixture(scope="module")
def office_of_none(station_in, papers, tmp_path_factory):
    """Held and refused documents, and no daemon any more."""
    station = station_in(tmp_path_factory.mktemp("alone") / "site")
    station.start()
    try:
        hashes = [
            station.drop("phong-tai-chinh-ke-hoach/gui", "a.pdf", papers("foreign-ca")[0].body),
            station.drop("thi-tran-ben-lam/gui", "b.pdf", papers("damaged")[0].body),
            station.drop("phong-giao-duc/gui", "c.pdf", papers("unsigned")[0].body),
        ]
        station.settled(3)
        ids = {sha: row["id"] for row in station.answer("list") for sha in row["files"]}
        assert station.stop() == 0
        yield station, [ids[sha] for sha in hashes]
    finally:
        station.kill()


def hand_in(office, where, body):
    before = len(office.states())  # whichever tests ran here before
    sha256 = office.drop(where, f"van-ban-{before}.pdf", body)
    office.settled(before + 1)
    return office.submission_of(sha256)


def test_beside_a_daemon_a_release_waives_what_it_was_held_for_and_it_goes_on(office, papers):
    id_ = hand_in(office, "khach/gui", papers("guest")[0].body)
    assert office.states()[id_] == "HELD"
    done = office.ask("release", id_, "--reason", "đã xác minh người gửi", "--by", "Người Trực")
    assert (done.returncode, done.stderr) == (0, "")
    assert "applied" in done.stdout
    assert "waived" in done.stdout
    told = office.until(lambda: _decided_again(office, id_), "the released one to be judged again")
    assert "sender-unknown" not in told["documents"][0]["reasons"]
    assert "Người Trực: đã xác minh người gửi" in [event["words"] for event in told["events"]]


def _decided_again(office, id_):
    told = office.answer("show", id_)
    return told if sum(event["kind"] == "decided" for event in told["events"]) == 2 else None


def test_beside_a_daemon_a_hold_stops_a_refused_one_and_a_retry_judges_it_again(office, papers):
    id_ = hand_in(office, "phong-giao-duc/gui", papers("unsigned")[0].body)
    assert office.states()[id_] == "REJECTED"
    assert office.ask("hold", id_, "--reason", "xem lại").returncode == 0
    assert office.states()[id_] == "HELD"
    assert office.ask("retry", id_, "--reason", "xét lại").returncode == 0
    office.until(lambda: office.states()[id_] == "REJECTED", "the second judgement")


def test_beside_a_daemon_a_rejection_by_a_person_tells_the_sender_why(office, papers):
    id_ = hand_in(office, "phong-tai-chinh-ke-hoach/gui", papers("foreign-ca")[0].body)
    done = office.ask("reject", id_, "--reason", "Đề nghị ký lại bằng chứng thư số được tin cậy")
    assert done.returncode == 0, done.stderr
    office.settled(1)
    assert office.states()[id_] == "REJECTED"
    pages = list((office.exchange / "phong-tai-chinh-ke-hoach" / "ket-qua").glob("*tu-choi*.txt"))
    assert len(pages) == 1
    assert "Đề nghị ký lại bằng chứng thư số được tin cậy" in pages[0].read_text("utf-8")


def test_what_was_forwarded_cannot_be_held_or_rejected_any_more(office, papers):
    id_ = hand_in(office, "phong-noi-vu/gui", papers("letter")[0].body)
    assert office.states()[id_] == "ACCEPTED"
    for verb in ("hold", "reject", "retry"):
        done = office.ask(verb, id_, "--reason", "muộn rồi")
        assert done.returncode == 1
        assert "recall" in done.stdout
        assert "Traceback" not in done.stderr
    assert office.states()[id_] == "ACCEPTED"


def test_several_ids_are_answered_one_line_each_and_the_unknown_one_fails(office, papers):
    known = hand_in(office, "phong-giao-duc/gui", papers("damaged")[0].body)
    done = office.ask("hold", known, "260101-00000000", "--reason", "thử")
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert "260101-00000000" in done.stderr + done.stdout


def test_without_a_daemon_the_command_does_it_itself(office_of_none):
    station, (untrusted, _, _) = office_of_none
    done = station.ask("reject", untrusted, "--reason", "không nhận")
    assert done.returncode == 0, done.stderr
    assert station.states()[untrusted] == "REJECTED"
    station.start()
    station.settled(3)
    assert station.stop() == 0
    assert list((station.exchange / "phong-tai-chinh-ke-hoach" / "ket-qua").glob("*tu-choi*.html"))


def test_without_a_daemon_hold_and_release_wait_for_the_next_start(office_of_none):
    station, (_, damaged, unsigned) = office_of_none
    assert station.answer("hold", unsigned, "--reason", "chờ")[0]["state"] == "APPLIED"
    assert station.answer("release", damaged, "--reason", "đã xem bản giấy")[0]["state"] == "APPLIED"
    assert station.states()[damaged] == "WAITING"
    station.start()
    station.settled(3)
    assert station.states()[unsigned] == "HELD"
    assert station.stop() == 0


def test_an_act_that_does_not_fit_is_refused_in_words(office_of_none):
    station, (untrusted, _, _) = office_of_none
    done = station.ask("release", untrusted, "--reason", "thử")
    assert done.returncode == 1
    assert "refused" in done.stdout
    assert "HELD" in done.stdout


def test_a_person_who_is_not_named_is_the_one_who_types(office_of_none):
    station, (_, _, unsigned) = office_of_none
    station.ask("retry", unsigned, "--reason", "x", env={**os.environ, "SUDO_USER": "canbo"})
    assert station.rows("SELECT who FROM acts WHERE why = 'x'") == [("canbo",)]
