"""What one address may do, by a clock that the test moves."""

from vbdaemon.intake.smtp import reply
from vbdaemon.intake.smtp.limits import Limits
from vbdaemon.intake.smtp.settings import SmtpSettings

A, B = "192.0.2.1", "192.0.2.2"


def test_so_many_messages_a_minute_and_then_steadily_more():
    limits = Limits(SmtpSettings(messages_per_minute=60))
    assert [limits.message(A, 0.0) for _ in range(61)] == [True] * 60 + [False]
    assert limits.message(B, 0.0)
    assert [limits.message(A, 1.5) for _ in range(2)] == [True, False]
    assert [limits.message(A, 100.0) for _ in range(61)] == [True] * 60 + [False]


def test_failed_logins_are_remembered_for_a_quarter_of_an_hour():
    limits = Limits(SmtpSettings(login_failures=1))
    for _ in range(4):
        assert limits.may_log_in(A, 0.0)
        limits.login_failed(A, 0.0)
    assert not limits.may_log_in(A, 0.0)
    assert limits.may_log_in(B, 0.0)
    assert not limits.may_log_in(A, 200.0)
    assert limits.may_log_in(A, 900.0 / 4 + 1)


def test_connections_are_counted_together_and_by_address():
    limits = Limits(SmtpSettings(connections=3, connections_per_address=1))
    assert limits.connect(A, trusted=False) == ""
    assert limits.connect(A, trusted=False) == reply.BUSY_ADDRESS
    assert limits.connect(A, trusted=True) == ""
    assert limits.connect(B, trusted=False) == reply.BUSY
    for address in (A, A, A, B):
        limits.disconnect(address)
    assert limits.connect(A, trusted=False) == ""


def test_nothing_is_remembered_of_addresses_that_did_nothing_lately():
    limits = Limits(SmtpSettings(messages_per_minute=60))
    for number in range(1000):
        limits.message(f"192.0.2.{number}", 0.0)
    limits.forget(1.1)
    assert not limits._messages._buckets
