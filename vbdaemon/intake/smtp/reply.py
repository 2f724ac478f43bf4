"""What we answer, with enhanced status codes (RFC 3463): 4xx when trying again can help, 5xx only when certain."""

import errno
import re
from typing import Final

OK: Final = "250 2.0.0 Ok"
SENDER_OK: Final = "250 2.1.0 Ok"
RECIPIENT_OK: Final = "250 2.1.5 Ok"
GO_ON: Final = "354 End data with <CR><LF>.<CR><LF>"
NO_VERIFYING: Final = "252 2.5.2 Cannot verify; send the message, it is answered"

BUSY: Final = "421 4.3.2 Too many connections; try again later"
BUSY_ADDRESS: Final = "421 4.7.0 Too many connections from your address; try again later"
STOPPING: Final = "421 4.3.2 The service stops; try again later"
IDLE: Final = "421 4.4.2 Waited too long for you"
TOO_LONG: Final = "421 4.4.2 The message took too long"
TOO_MANY_COMMANDS: Final = "421 4.7.0 Too many commands without a message"
TOO_MANY_FAILURES: Final = "421 4.7.0 Too many failed logins; try again later"
TOO_FAST: Final = "451 4.7.1 Too many messages from your address; try again later"
CROWDED: Final = "451 4.3.2 Too many messages wait to be decided; try again later"
NO_ROOM: Final = "452 4.3.1 Insufficient system storage; try again later"
TROUBLE: Final = "451 4.3.0 Local trouble, nothing was taken; try again later"
TOO_MANY_RECIPIENTS: Final = "452 4.5.3 Too many recipients; send the rest separately"
SEND_SEPARATELY: Final = "451 4.5.3 A message to be checked goes alone; send separately"
LOGIN_TROUBLE: Final = "454 4.7.0 Temporary authentication failure; try again later"

MAIL_SYNTAX: Final = "501 5.5.4 Syntax: MAIL FROM:<address> [parameters]"
RCPT_SYNTAX: Final = "501 5.5.4 Syntax: RCPT TO:<address> [parameters]"
SENDER_SYNTAX: Final = "501 5.1.7 Bad sender address syntax"
RECIPIENT_SYNTAX: Final = "501 5.1.3 Bad recipient address syntax"
PARAMETERS: Final = "555 5.5.4 Parameter not recognized"
NEEDS_UTF8: Final = "553 5.6.7 This address needs SMTPUTF8"
NESTED: Final = "503 5.5.1 Nested MAIL command"
MAIL_FIRST: Final = "503 5.5.1 MAIL first"
RCPT_FIRST: Final = "503 5.5.1 RCPT first: no recipient was accepted"
TLS_FIRST: Final = "530 5.7.0 STARTTLS first"
TOO_LARGE: Final = "552 5.3.4 Message too large"
UNKNOWN_RECIPIENT: Final = "550 5.1.1 No such recipient here"
NO_BOUNCES_HERE: Final = "550 5.7.1 This address takes no bounces"
NOT_ALLOWED: Final = "550 5.7.1 You may not send here: log in, or send from your agency's mail server"
NOT_YOURS: Final = "553 5.7.1 The sender address is not your agency's"

LOGIN_OK: Final = "235 2.7.0 Authentication successful"
LOGIN_WRONG: Final = "535 5.7.8 Login or password is wrong"
LOGIN_NEEDS_TLS: Final = "538 5.7.11 Encryption required: STARTTLS first"
LOGIN_TWICE: Final = "503 5.5.1 You are logged in already"
LOGIN_DURING_MESSAGE: Final = "503 5.5.1 Not during a message"
LOGIN_SYNTAX: Final = "501 5.5.2 Not a response of this mechanism"
LOGIN_ABORTED: Final = "501 5.7.0 Authentication aborted"
LOGIN_MECHANISM: Final = "504 5.5.4 Mechanism not supported; use PLAIN or LOGIN"

_CODED = re.compile(r"[245]\d\d [245]\.\d{1,3}\.\d{1,3} |3\d\d |220 \S+ (ESMTP|LMTP)")
_USUAL = {"500": "5.5.2", "501": "5.5.4", "502": "5.5.1", "503": "5.5.1", "504": "5.5.4"}
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE})


def coded(reply: str) -> str:
    """The library's own reply with the enhanced code that it lacks; greetings have none."""
    if _CODED.match(reply):
        return reply
    return f"{reply[:3]} {_USUAL.get(reply[:3], f'{reply[0]}.0.0')} {reply[4:]}"


def queued(submission_id: str) -> str:
    """The submission is ours now."""
    return f"250 2.0.0 Ok: queued as {submission_id}"


def for_error(error: BaseException) -> str:
    """Nothing was taken; trying again can help."""
    return NO_ROOM if isinstance(error, OSError) and error.errno in _FULL else TROUBLE
