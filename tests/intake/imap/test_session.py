"""Sessions: what is new is known at once, and whatever happens to the link, nothing is lost and nothing comes twice."""

import logging
import socket
import threading
import time

import pytest

from vbdaemon.intake.imap.client import log_in_to
from vbdaemon.intake.imap.trouble import LinkLost, LoginRefused
from vbdaemon.model import Security

pytestmark = pytest.mark.slow
SOON = 5.0
"""Far below the poll of a minute: only IDLE can be as quick."""


def test_a_new_message_is_taken_at_once_by_idle(office, user, mail, wait):
    with office.running(user.settings()) as intake:
        wait(lambda: intake.standing()[0].connected and intake.standing()[0].last_success, "the session")
        for number in (1, 2):
            user.bring(mail(number))
            wait(lambda n=number: len(user.flags()) == n and all(user.flags().values()), "the flag", SOON)
    assert office.taken() == [mail(1), mail(2)]
    (standing,) = intake.standing()
    assert (standing.connected, standing.trouble, standing.waiting) == (False, "", 0)


@pytest.mark.parametrize("kind", ["bare", "whole"])
def test_without_idle_the_folders_are_polled(office, dovecot, mail, wait, kind):
    user = dovecot.add(kind)
    user.bring(mail(1))
    with office.running(user.settings(poll_seconds=0.05, idle=False)):
        wait(lambda: len(office.rows("SELECT 1 FROM submissions")) == 1, "the first")
        user.bring(mail(2))
        wait(lambda: len(office.rows("SELECT 1 FROM submissions")) == 2, "the second")


def test_other_folders_are_polled_beside_idle(office, user, mail, wait):
    user.create("Lưu")
    with office.running(user.settings(folders=("INBOX", "Lưu"), poll_seconds=0.2)):
        user.bring(mail(1), folder="Lưu")
        user.bring(mail(2))
        wait(lambda: len(office.rows("SELECT 1 FROM submissions")) == 2, "both")


def test_idle_is_renewed_within_ten_minutes_whatever_the_settings_say(office, user, monkeypatch):
    waited = []
    monkeypatch.setattr("vbdaemon.intake.imap.link.Link.idle", lambda link, seconds, wake: waited.append(seconds))
    with office.trying(user.settings(poll_seconds=86_400.0)) as account:
        link = account._connected()
        account._await(link, 86_400.0)
        link.close(politely=True)
    assert waited == [540.0]


def test_after_bye_in_idle_a_new_session_goes_on(office, user, mail, wait, monkeypatch):
    monkeypatch.setattr("vbdaemon.intake.imap.account.rest_seconds", lambda *_, **__: 0.05)
    with office.running(user.settings()) as intake:
        wait(lambda: intake.standing()[0].last_success, "the session")
        time.sleep(0.2)  # until IDLE was said
        user.kick()
        wait(lambda: any("mailbox trouble" in line for line in office.log.lines), "the end of the session", SOON)
        user.bring(mail(1))
        wait(lambda: list(user.flags().values()) == [{"$vbdaemon"}], "the flag", SOON)
    assert office.taken() == [mail(1)]


def test_a_half_open_link_is_noticed_in_idle_and_a_new_one_made(office, user, mail, wait, proxy, monkeypatch):
    monkeypatch.setattr("vbdaemon.intake.imap.account.rest_seconds", lambda *_, **__: 0.05)
    settings = user.settings(port=proxy.port, host="127.0.0.1", poll_seconds=0.3, socket_seconds=0.5)
    with office.running(settings) as intake:
        wait(lambda: intake.standing()[0].last_success, "the session")
        proxy.hold()
        user.bring(mail(1))
        wait(lambda: "no answer within" in intake.standing()[0].trouble, "the trouble", SOON)
        assert not intake.standing()[0].connected
        proxy.release()
        wait(lambda: list(user.flags().values()) == [{"$vbdaemon"}], "the flag", SOON)
        wait(lambda: intake.standing()[0].trouble == "", "the end of the trouble", SOON)
    assert proxy.links > 1
    assert office.taken() == [mail(1)]


def test_a_link_that_is_cut_while_messages_are_fetched_loses_none_and_repeats_none(
    office, user, mail, wait, proxy, monkeypatch
):
    monkeypatch.setattr("vbdaemon.intake.imap.account.rest_seconds", lambda *_, **__: 0.02)
    monkeypatch.setattr("vbdaemon.intake.imap.taking.GROUP_MESSAGES", 3)
    monkeypatch.setattr("vbdaemon.intake.imap.setbacks.LONGEST_REST", 0.0)
    letters = [mail(number, 3000) for number in range(20)]
    user.bring(*letters)
    done = threading.Event()

    def cut():
        last = proxy.passed
        while not done.wait(0.002):
            if proxy.passed > last + 25_000:
                last = proxy.passed
                proxy.cut()

    cutter = threading.Thread(target=cut)
    cutter.start()
    with office.running(user.settings(port=proxy.port, host="127.0.0.1", after="move")):
        wait(lambda: len(office.rows("SELECT 1 FROM submissions")) == 20, "all of them", 20)
        done.set()
        wait(lambda: user.messages() == [], "the moves", 20)
    cutter.join()
    assert proxy.links > 2
    assert office.taken() == sorted(letters)
    assert sorted(user.messages("Đã tiếp nhận")) == sorted(letters)


def test_a_refused_login_is_told_once_and_tried_again_slowly(office, user):
    office.environment["IMAP_PASSWORD"] = "sai-mat-khau"
    with office.trying(user.settings()) as account:
        assert [account._guarded() for _ in range(3)] == [60.0, 120.0, 240.0]
        assert "login refused" in account.standing.trouble
        assert "check username and password" in account.standing.trouble
        assert len([line for line in office.log.lines if "mailbox trouble" in line]) == 1
        office.environment["IMAP_PASSWORD"] = "mat-khau-thu-nghiem"
        link = account._connected()
        account.look(link)
        link.close(politely=True)
        assert account.standing.trouble == ""


def test_a_server_that_breaks_off_each_idle_is_asked_ever_more_slowly_and_still_read(office, user, mail, monkeypatch):
    def broken(link, seconds, wake):
        raise LinkLost

    monkeypatch.setattr("vbdaemon.intake.imap.link.Link.idle", broken)
    user.bring(mail(1))
    with office.trying(user.settings()) as account:
        assert [account._guarded() for _ in range(3)] == [1.0, 2.0, 4.0]
    assert office.taken() == [mail(1)]


def test_a_first_folder_that_is_not_there_does_not_end_the_session(office, user, mail, wait):
    with office.running(user.settings(folders=("Khong co", "INBOX"), poll_seconds=0.1)) as intake:
        wait(lambda: "Khong co" in intake.standing()[0].trouble, "the trouble")
        user.bring(mail(1))
        wait(lambda: office.rows("SELECT 1 FROM submissions"), "the message")
        assert intake.standing()[0].connected
    assert len([line for line in office.log.lines if "mailbox trouble" in line]) == 1


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_tls_with_the_agency_s_own_ca_works_and_without_it_is_one_clear_line(office, dovecot, user, mail, security):
    user.bring(mail())
    port = dovecot.tls_port if security is Security.TLS else dovecot.port
    settings = user.settings(host="localhost", port=port, security=security, ca=dovecot.folder / "ca.pem")
    assert office.look(settings) == 1
    with pytest.raises(LinkLost, match=r"certificate is not accepted .*; set ca to the CA certificates"):
        office.look(user.settings(host="localhost", port=port, security=security))


def test_a_certificate_for_another_name_is_one_clear_line(office, dovecot, user):
    settings = user.settings(port=dovecot.tls_port, security=Security.TLS, ca=dovecot.folder / "ca.pem")
    with pytest.raises(LinkLost, match="or host to the name in its certificate") as told:
        office.look(settings)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"host": "khong-co.invalid"}, "this host is not known"),
        ({"port": 1}, "nobody answers; check host and port"),
        ({"security": Security.TLS}, "no TLS"),
        ({"ca": "/khong/co.pem", "security": Security.TLS}, "ca /khong/co.pem: No such file"),
        ({"ca": __file__, "security": Security.TLS}, "not a PEM file with certificates"),
    ],
)
def test_what_is_wrong_with_the_connection_is_said_in_one_line(office, user, changes, words):
    with pytest.raises(LinkLost, match=words) as told:
        office.look(user.settings(**changes))
    assert "\n" not in str(told.value)


def test_a_server_that_is_no_imap_server_is_said_so(office, user):
    with socket.create_server(("127.0.0.1", 0)) as other:

        def greet():
            with other.accept()[0] as link:
                link.sendall(b"220 mail ESMTP\r\n")

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        with pytest.raises(LinkLost, match=r"no IMAP session \(.*220 mail ESMTP.*\); check port"):
            office.look(user.settings(port=other.getsockname()[1]))
        thread.join()


def test_a_server_that_never_answers_is_given_up_after_the_socket_s_time(office, user):
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(LinkLost, match=r"no answer within 0\.2 s"),
    ):
        office.look(user.settings(port=silent.getsockname()[1], socket_seconds=0.2))


def test_the_password_is_in_no_log_and_no_trouble(office, dovecot, user, mail, caplog, wait):
    user.bring(b"Subject: BI MAT\r\n\r\nnoi dung rieng\r\n")
    logging.getLogger("imapclient").setLevel(logging.NOTSET)
    caplog.set_level(logging.DEBUG)
    with office.running(user.settings()):
        wait(lambda: office.rows("SELECT 1 FROM submissions"), "the message")
    office.environment["IMAP_PASSWORD"] = "sai-mat-khau"
    with office.trying(user.settings()) as account:
        account._guarded()
    everything = "\n".join([caplog.text, *office.log.lines, account.standing.trouble])
    for secret in ("mat-khau-thu-nghiem", "sai-mat-khau", "noi dung rieng", "BI MAT"):
        assert secret not in everything


@pytest.fixture
def echo():
    """A server that refuses every login and repeats what was said, as some do in their logs."""
    said = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            link, _ = server.accept()
            with link, link.makefile("rwb") as file:
                file.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
                file.flush()
                while line := file.readline():
                    said.append(line.decode())
                    tag, command, *_ = line.split()
                    answer = b" OK done\r\n" if command != b"LOGIN" else b" NO wrong: " + line
                    file.write((b"* CAPABILITY IMAP4rev1\r\n" if command == b"CAPABILITY" else b"") + tag + answer)
                    file.flush()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], said
        thread.join(5)


def test_an_echoed_password_is_struck_out(user, echo):
    port, _ = echo
    with pytest.raises(LoginRefused, match=r"wrong: .* LOGIN .*\*\*\*") as told:
        log_in_to(user.settings(port=port), "bi-mat-9")
    assert "bi-mat-9" not in str(told.value)


def test_a_user_name_with_a_domain_or_a_blank_is_quoted(user, echo):
    port, said = echo
    with pytest.raises(LoginRefused):
        log_in_to(user.settings(port=port, username='SNV\\van "thu'), 'bi"mat')
    assert said[-1].endswith(' LOGIN "SNV\\\\van \\"thu" "bi\\"mat"\r\n')


def test_a_line_break_in_a_secret_is_never_sent(user, echo):
    port, said = echo
    with pytest.raises(LoginRefused, match="holds a line break"):
        log_in_to(user.settings(port=port), "x\r\nA1 DELETE INBOX")
    assert not any("DELETE" in line for line in said)


def test_a_mistake_in_a_session_is_logged_by_its_place_and_the_thread_lives_on(office, user, monkeypatch):
    with office.trying(user.settings()) as account:
        monkeypatch.setattr(account, "session", lambda: {}["noi dung"])
        assert account._guarded() == 1.0
    assert account.standing.trouble == "unexpected: KeyError"
    assert "noi dung" not in "".join(office.log.lines)


def test_stopping_does_not_wait_for_the_poll(office, user, wait):
    with office.running(user.settings(poll_seconds=500.0)) as intake:
        wait(lambda: intake.standing()[0].last_success, "the session")
        time.sleep(0.1)
        began = time.monotonic()
        assert intake.stop()
        assert time.monotonic() - began < 2.0
