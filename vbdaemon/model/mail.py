"""Mail: whose word counts, where mail leaves, and what a message turned out to be."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from vbdaemon.model.delivery import CodedStatus, RecallRequest


class Proof(StrEnum):
    """By what a mail's sender can be known; which of them count is the site's policy."""

    LOGIN = "login"
    """The account that logged in at our own listener, over TLS."""
    RESULTS_AUTH = "results-auth"
    """`auth=pass` in the Authentication-Results of a trusted host (RFC 8601 §2.7.4)."""
    RESULTS_DKIM = "results-dkim"
    """`dkim=pass` there, for the domain of From (RFC 8601 §2.7.1)."""
    RESULTS_SPF = "results-spf"
    """`spf=pass` there, for the domain of the envelope sender (RFC 8601 §2.7.2)."""
    NETWORK = "network"
    """The client's address lies in the unit's own networks, and the envelope sender is the unit's."""
    ENVELOPE = "envelope"
    """The envelope sender alone: anyone can write it."""
    FROM = "from"
    """The header From alone: anyone can write it."""


class SecretKind(StrEnum):
    """Where a password lies; it never stands in the settings themselves."""

    FILE = "file"
    """A file that only the daemon's user can read."""
    ENVIRONMENT = "env"
    """A variable of the environment."""
    CREDENTIAL = "credential"
    """A systemd credential (LoadCredential=)."""


@dataclass(frozen=True, slots=True)
class SecretSource:
    """Where a secret can be read; the secret itself is in no value."""

    kind: SecretKind
    name: str
    """Absolute path, name of the variable, or name of the credential."""


class Security(StrEnum):
    """How a connection to a mail server is protected."""

    TLS = "tls"
    """TLS from the first byte."""
    STARTTLS = "starttls"
    """TLS after STARTTLS, which must succeed."""
    PLAIN = "plain"
    """None: for a server on the same machine."""


@dataclass(frozen=True, slots=True)
class Smarthost:
    """The server that takes our outgoing mail."""

    host: str
    port: int
    security: Security
    sender: str
    """Our address in From, and the envelope sender of forwarded documents."""
    hostname: str
    """Our name in EHLO and in Message-IDs."""
    username: str = ""
    password: SecretSource | None = None
    ca: Path | None = None
    """CA certificates (PEM) to trust instead of the system's."""
    seconds: float = 60.0
    """For each step of the dialogue."""


@dataclass(frozen=True, slots=True)
class MailRules:
    """What the site says about mail."""

    addresses: tuple[str, ...] = ()
    """This office's own addresses: submissions are sent there, and no notice ever is."""
    preflight: tuple[str, ...] = ()
    """Addresses whose mail is checked and answered, and neither registered nor forwarded (kiemtra@…)."""
    authservers: tuple[str, ...] = ()
    """Names (authserv-id) of the hosts whose Authentication-Results count."""
    relays: tuple[str, ...] = ()
    """Networks of the site's own mail servers: from them, from a mailbox and by LMTP such headers can be believed."""
    unit_by: tuple[Proof, ...] = (
        Proof.LOGIN,
        Proof.RESULTS_AUTH,
        Proof.RESULTS_DKIM,
        Proof.RESULTS_SPF,
        Proof.NETWORK,
    )
    """What makes the sending unit known."""
    account_by: tuple[Proof, ...] = (Proof.LOGIN, Proof.RESULTS_AUTH)
    """What makes the sending account known: a draft needs a leader's."""
    smarthost: Smarthost | None = None
    """None: no mail leaves."""
    notices_per_hour: int = 20
    """To one address; what is beyond goes out as one digest."""
    give_up_days: float = 5.0
    """Age at which a delivery by mail that never succeeded is given up."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One mail of several that carry one whole, split for its size."""

    key: str
    """The same for all pieces of one whole from one proven sender; SHA-256, hexadecimal."""
    number: int
    """From 1."""
    total: int | None = None
    """None: the pieces do not say how many there are."""
    beside: tuple[str, ...] = ()
    """Submissions that were tried together with it, and did not make the whole."""


class CorrespondenceKind(StrEnum):
    """A message to us that hands in no document."""

    BOUNCE = "bounce"
    """A delivery status notification (RFC 3464): a mail of ours did not arrive."""
    STATUS = "status"
    """A coded status (gói tin trạng thái) about a document that we forwarded."""
    AUTO_REPLY = "auto-reply"
    """Written by a machine (RFC 3834), such as an absence note."""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """What a message that is no submission says, and about which delivery of ours."""

    kind: CorrespondenceKind
    delivery: str | None = None
    """Id of the delivery it is about, a dot and its countersign where that is named too; None when it names none."""
    status: CodedStatus | None = None
    """What the receiver says of our document."""
    permanent: bool = False
    """A bounce that will not end by waiting (status 5.x.x)."""
    words: str = ""
    """For the operator: the receiver's reason or register number; no subject, no name of a file."""
    recall: RecallRequest | None = None
    """Set when it asks for a document back: a person decides, it is not filed."""
