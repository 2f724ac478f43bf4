"""What `[[reports.send]]` wants of other sections: mail that leaves, books that there are, somebody to send to."""

from collections.abc import Iterator

from vbdaemon.config.mail import SmarthostSection
from vbdaemon.config.register import RegisterSection
from vbdaemon.config.report import RESULTS, ReportsSection, is_address
from vbdaemon.config.scoring import ScoringSection

LONGEST_CODE = 35
"""Of a unit (QCVN 102:2016)."""


def report_mistakes(
    reports: ReportsSection, scoring: ScoringSection, register: RegisterSection, smarthost: SmarthostSection | None
) -> Iterator[str]:
    """What is right in each section alone, and wrong together; the first is told."""
    if reports.send and smarthost is None:
        yield "reports.send: reports leave by mail; add [smarthost]"
    books = register.value()
    names = [book.name for book in (books.incoming, books.outgoing, *books.further)]
    meant = [(each.every, each.book or books.incoming.name) for each in reports.send if each.report == "register"]
    for every, book in meant:
        if book not in names:
            yield f"reports.send: {book!r} is no book of [register]; there are: {', '.join(names)}"
        if meant.count((every, book)) > 1:
            yield f"reports.send: register every {every} of book {book} stands twice; name all addresses in one `to`"
    for each in reports.send:
        if each.report in RESULTS and not each.to and not may_be_reached(scoring.results_to):
            yield (
                f"reports.send: {each.report} has no `to`, and [scoring] results_to {scoring.results_to!r} is neither "
                "a mail address nor the code of a unit; write one of these there, or addresses in `to`"
            )


def may_be_reached(who: str) -> bool:
    """True for a mail address, and for what may be the code of a unit: the directory has the last word."""
    if "@" in who:
        return is_address(who)
    return 0 < len(who) <= LONGEST_CODE and not any(sign.isspace() for sign in who)
