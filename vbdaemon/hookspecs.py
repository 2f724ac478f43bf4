"""The contract between vbdaemon and its plugins; built-in behaviour uses the same hooks.

Frozen values in, a value or None out. No hook gets the application, a connection or a cursor.
An implementation names only the arguments it wants. Every hook is called in a killable worker,
with a deadline; what it answers is stored with the plugin's name and version.

`snapshot` is what the decision rests on besides the document: office, directory, rules, policy,
trust, limits. It is offered to every decision hook, so that a plugin can do all that a built-in can.
"""

import pluggy

from vbdaemon.model import (
    Classification,
    Content,
    Delivery,
    Destination,
    Document,
    DocumentVerdict,
    Event,
    File,
    Finding,
    Notice,
    Outcome,
    OutgoingFile,
    Part,
    SignatureReport,
    Snapshot,
    Submission,
    Verdict,
)

PROJECT = "vbdaemon"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def startup(settings: object) -> None:
    """Called once in every worker before anything else; `settings` is the plugin's own settings table.

    All are called. An exception stops the daemon's start with one line: file, hook, remedy.
    """


@hookspec(firstresult=True)
def unpack(file: File, submission: Submission, snapshot: Snapshot) -> tuple[Part, ...] | None:
    """Take the files out of a mail or an archive. First answer wins; None = not a container I know.

    Called for every file of a submission, and again for what came out, to the depth that the limits allow.
    An exception fails the attempt.
    """


@hookspec(firstresult=True)
def read(file: File, snapshot: Snapshot) -> Content | None:
    """Read a file: text with positions, pages, problems. First answer wins; None = not a kind I know.

    Called once for every unpacked file. A file that cannot be read is a Content with problems,
    not an exception; an exception fails the attempt.
    """


@hookspec(firstresult=True)
def group(submission: Submission, contents: tuple[Content, ...], snapshot: Snapshot) -> tuple[Document, ...] | None:
    """Tell which files make up which official documents. First answer wins.

    Called once for every submission; `submission.files` are the unpacked files, `contents` one for each.
    Every file belongs to some document. An exception fails the attempt.
    """


@hookspec(firstresult=True)
def classify(document: Document, submission: Submission, snapshot: Snapshot) -> Classification | None:
    """Say what a document is: form, number, date, issuer, subject, marks, channel. First answer wins.

    Called once for every document. An exception fails the attempt.
    """


@hookspec
def verify(
    document: Document, classification: Classification, snapshot: Snapshot
) -> tuple[SignatureReport, ...] | None:
    """Report the facts of the digital signatures in a document's files. All answers are joined.

    Called once for every document. An exception fails the attempt.
    """


@hookspec
def check(
    submission: Submission,
    document: Document,
    classification: Classification,
    signatures: tuple[SignatureReport, ...],
    snapshot: Snapshot,
) -> tuple[Finding, ...] | None:
    """Check one thing and answer with findings. All answers are joined.

    Called once for every document. An exception fails the attempt.
    """


@hookspec
def judge(
    submission: Submission,
    document: Document,
    classification: Classification,
    signatures: tuple[SignatureReport, ...],
    findings: tuple[Finding, ...],
    snapshot: Snapshot,
) -> Verdict | None:
    """Judge a document. All are asked, the strictest wins: QUARANTINE > REJECT > HOLD > ACCEPT.

    Called once for every document. No answer at all means HOLD. A plugin can tighten, never loosen:
    loosening is the policy's configuration or a person's release. An exception fails the attempt.
    """


@hookspec
def route(
    submission: Submission,
    document: Document,
    classification: Classification,
    verdict: Verdict,
    snapshot: Snapshot,
) -> tuple[Destination, ...] | None:
    """Say where an accepted document goes. All answers are joined, doubles removed.

    Called once for every ACCEPTed document. Accepted with nobody to go to = HOLD.
    An exception fails the attempt.
    """


@hookspec(firstresult=True)
def compose_notice(submission: Submission, verdicts: tuple[DocumentVerdict, ...], snapshot: Snapshot) -> Notice | None:
    """Write the message to the submitter. First answer wins.

    Called before the notice is sent. On an exception the built-in notice goes out and the operator is told.
    """


@hookspec(firstresult=True)
def deliver(delivery: Delivery, files: tuple[OutgoingFile, ...], snapshot: Snapshot) -> Outcome | None:
    """Bring files to a destination, durably. First answer wins; None = not a scheme I know.

    May be called again for the same delivery: the second time must be harmless.
    An exception counts as DEFERRED.
    """


@hookspec
def track_event(event: Event) -> None:
    """Called after an event is committed, at least once, in order. All are called, each isolated.

    An exception is logged, nothing else.
    """
