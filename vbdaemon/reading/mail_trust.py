"""Which Authentication-Results can be believed: those that our own servers wrote (RFC 8601 §5)."""

from collections.abc import Iterator, Sequence

from vbdaemon.reading.mail_head import MailHead
from vbdaemon.reading.mail_results import AuthenticationResult, TraceField

_AUTH = "auth"


def trusted_results(head: MailHead, authservers: Sequence[str]) -> tuple[AuthenticationResult, ...]:
    """The results that our own servers wrote; every other one can be forged by whoever sent the mail.

    RFC 8601 §5: a server that adds this field removes those that carry its own name from mail that comes in;
    that is its operator's duty, but not everything is left to it. Servers add fields at the top, so what came
    with the mail stands below what they added. From the top, only the unbroken block of trace fields is read:

    - a Received of a server of ours belongs to the block once; the same server's second one, and any Received
      of another server, were in the mail when it came to us: the block ends before it;
    - the block ends at the first field that an author writes (From, Subject, DKIM-Signature, ...);
    - without a Received of ours in the block nobody of us has handled the mail: nothing is trusted;
    - a server that writes its results above its own Received is not believed below it as well, and of a
      method only the topmost field that states it counts: a forged one stands below the true one;
    - `auth` (a login) counts only in the topmost field of its server: a server that states other methods only
      leaves room for a forged one below.

    `authservers` are names as they stand after "by" in Received and at the start of Authentication-Results.
    A caller must ask only for mail that came through those servers: out of our mailbox there, or from their
    network address. The block of a mail that its sender gave to us directly is all his own writing.
    """
    ours = {name.lower().rstrip(".") for name in authservers if name}
    block = _block(head.trace, ours)
    passed = {place: field.host for place, field in enumerate(block) if field.name == "received"}
    if not passed:
        return ()
    chosen: list[AuthenticationResult] = []
    for server in sorted(ours):
        own = [result for result in head.results if result.authserv_id == server and result.position < len(block)]
        receipt = next((place for place, host in passed.items() if host == server), max(passed))
        above = [result for result in own if result.position < receipt]
        chosen += _topmost(above or own)
    return tuple(sorted(chosen, key=lambda result: result.position))


def _block(trace: Sequence[TraceField], ours: set[str]) -> Sequence[TraceField]:
    seen: set[str] = set()
    for place, field in enumerate(trace):
        if field.name == "received":
            if field.host not in ours or field.host in seen:
                return trace[:place]
            seen.add(field.host)
    return trace


def _topmost(results: Sequence[AuthenticationResult]) -> Iterator[AuthenticationResult]:
    first: dict[str, int] = {}
    top = min((result.position for result in results), default=0)
    for result in results:
        if first.setdefault(result.method, result.position) == result.position and (
            result.method != _AUTH or result.position == top
        ):
            yield result
