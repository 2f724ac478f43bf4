"""A session with a mail server, in our words. It never says a plain EXPUNGE, and marks nothing as seen."""

import contextlib
import re
import selectors
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError, ProtocolError

from vbdaemon.intake.imap.client import close_client, log_in_to
from vbdaemon.intake.imap.settings import MailboxSettings
from vbdaemon.intake.imap.trouble import LinkLost, ServerRefused, words_of_link

DELETED: Final = "\\Deleted"
WINDOW: Final = 50_000
"""UIDs asked for in one search: one line of an answer must stay below a million bytes."""
AT_ONCE: Final = 500
"""UIDs named in one command."""
_REFUSED = re.compile(r"(?:\w+ failed: |\w+ command error: )(?P<answer>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Selected:
    """A folder that was opened."""

    uidvalidity: int
    uidnext: int
    """1 where the server does not tell."""
    writable: bool
    flags: frozenset[str]
    """What can be set for good; `\\*` = any keyword."""


class Link:
    """A session that is logged in. LinkLost ends it; after ServerRefused it can be used on."""

    def __init__(self, client: Any, settings: MailboxSettings) -> None:
        self._client = client
        self._settings = settings
        self._uidnext = 1

    def can(self, capability: str) -> bool:
        """True when the server says so after login."""
        with self._saying("CAPABILITY"):
            return bool(self._client.has_capability(capability))

    def select(self, folder: str) -> Selected:
        """Open a folder: for reading only where the server does not let us write."""
        with self._saying("SELECT"):
            try:
                answer = self._client.select_folder(folder)
                writable = b"READ-ONLY" not in answer
            except IMAPClientReadOnlyError:
                answer, writable = self._client.select_folder(folder, readonly=True), False
        if b"UIDVALIDITY" not in answer:
            raise ServerRefused("SELECT", "no UIDVALIDITY: this folder has no lasting numbers")
        self._uidnext = int(answer.get(b"UIDNEXT", 1))
        flags = answer.get(b"PERMANENTFLAGS", answer.get(b"FLAGS", ()))
        return Selected(
            int(answer[b"UIDVALIDITY"]), self._uidnext, writable, frozenset(f.decode("ascii", "replace") for f in flags)
        )

    def refresh(self) -> None:
        """What arrived in the open folder meanwhile can be found."""
        with self._saying("NOOP"):
            self._client.noop()

    def uids(self, first: int, since: date | None = None) -> tuple[int, ...]:
        """UIDs in the open folder from `first` on, ascending; with `since` only what arrived on that day or later."""
        found: set[int] = set()
        start = first
        while start + WINDOW < self._uidnext:
            found.update(self._search(f"{start}:{start + WINDOW - 1}", since))
            start += WINDOW
        found.update(self._search(f"{start}:*", since))
        return tuple(sorted(uid for uid in found if uid >= first))  # "n:*" always names the last message

    def of_size(self, size: int) -> tuple[int, ...]:
        """UIDs of the messages of exactly this size."""
        with self._saying("SEARCH"):
            return tuple(self._client.search(["LARGER", size - 1, "SMALLER", size + 1]))

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Sizes as the server says (Exchange estimates); a message that is not there any more is missing."""
        return {uid: int(value) for uid, value in self._fetch(uids, "RFC822.SIZE") if isinstance(value, int)}

    def bodies(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Whole messages; one that is not there any more is missing."""
        return {uid: value for uid, value in self._fetch(uids, "BODY.PEEK[]") if isinstance(value, bytes)}

    def piece(self, uid: int, offset: int, count: int) -> bytes | None:
        """So many bytes of a message; fewer at its end, empty beyond, None when the message is not there any more."""
        found = dict(self._fetch((uid,), f"BODY.PEEK[]<{offset}.{count}>"))
        value = found.get(uid)
        return value if isinstance(value, bytes) else None

    def flag(self, uids: Sequence[int], flag: str) -> None:
        """Set a flag; UIDs that are gone are ignored by the server."""
        with self._saying("STORE"):
            for some in _chunks(uids):
                self._client.add_flags(some, [flag], silent=True)

    def move(self, uids: Sequence[int], folder: str) -> None:
        """To another folder, each message whole or not at all (MOVE, RFC 6851)."""
        with self._saying("MOVE"):
            for some in _chunks(uids):
                self._client.move(some, folder)

    def copy(self, uids: Sequence[int], folder: str) -> None:
        """Into another folder too: all of them or none."""
        with self._saying("COPY"):
            self._client.copy(uids, folder)

    def expunge(self, uids: Sequence[int]) -> None:
        """Remove those of these messages that are marked deleted, and no other's (UID EXPUNGE, RFC 4315)."""
        with self._saying("UID EXPUNGE"):
            for some in _chunks(uids):
                self._client.uid_expunge(some)

    def full_name(self, folder: str) -> str:
        """The name of a folder of ours with the prefix that some servers want, such as "INBOX."."""
        if not self.can("NAMESPACE"):
            return folder
        with self._saying("NAMESPACE"):
            personal = self._client.namespace().personal
        prefix = str(personal[0][0]) if personal else ""
        return folder if folder.startswith(prefix) else prefix + folder

    def has_folder(self, folder: str) -> bool:
        """True when the folder is there."""
        with self._saying("LIST"):
            return bool(self._client.folder_exists(folder))

    def create(self, folder: str) -> None:
        """Make a folder, and show it to people's mail programs."""
        with self._saying("CREATE"):
            self._client.create_folder(folder)
        with contextlib.suppress(ServerRefused), self._saying("SUBSCRIBE"):
            self._client.subscribe_folder(folder)

    def idle(self, seconds: float, wake: socket.socket) -> None:
        """Until the server says something, `wake` has something to read, or the seconds are over."""
        with self._saying("IDLE"):
            self._client.idle()
            waited = self._client.socket()
            if not (isinstance(waited, ssl.SSLSocket) and waited.pending()):
                with selectors.DefaultSelector() as selector:
                    selector.register(waited, selectors.EVENT_READ)
                    selector.register(wake, selectors.EVENT_READ)
                    selector.select(seconds)
            self._client.idle_done()

    def close(self, *, politely: bool) -> None:
        """End the session; a link that broke is only dropped."""
        close_client(self._client, politely=politely)

    def _search(self, uids: str, since: date | None) -> list[int]:
        with self._saying("SEARCH"):
            return list(self._client.search(["UID", uids, *(("SINCE", since) if since else ())]))

    def _fetch(self, uids: Sequence[int], what: str) -> Iterator[tuple[int, object]]:
        answered = what.replace(".PEEK", "").partition("<")[0].encode()
        for some in _chunks(uids):
            with self._saying("FETCH"):
                response = self._client.fetch(some, [what])
            for uid, values in response.items():
                found = [value for key, value in values.items() if key.startswith(answered)]
                if found:
                    yield uid, found[0]

    @contextlib.contextmanager
    def _saying(self, command: str) -> Iterator[None]:
        """Errors in our words: an answer that could not be understood may hold text of a document."""
        settings = self._settings
        try:
            yield
        except (IMAPClientAbortError, ProtocolError) as error:
            words = f"{settings.host}:{settings.port}: the connection broke during {command}"
            raise LinkLost(words) from (error if isinstance(error, OSError) else None)
        except IMAPClientError as error:
            answer = _REFUSED.match(str(error))
            if answer is None:
                raise LinkLost(f"{settings.host}:{settings.port}: no usable answer to {command}") from None
            raise ServerRefused(command, answer["answer"]) from None
        except OSError as error:
            raise LinkLost(words_of_link(error, settings.host, settings.port, settings.socket_seconds)) from None


def open_link(settings: MailboxSettings, secret: str) -> Link:
    """Connect and log in with a password or an access token; LinkLost or LoginRefused say why not."""
    return Link(log_in_to(settings, secret), settings)


def _chunks(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (uids[start : start + AT_ONCE] for start in range(0, len(uids), AT_ONCE))
