"""What is known of widespread mail servers: addresses, token endpoints, and what an operator should know."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Preset:
    """Defaults for one kind of server."""

    host: str = ""
    provider: str = ""
    """Whose tokens it takes."""
    hint: str = ""


PRESETS: Final = {
    "": Preset(),
    "zimbra": Preset(
        hint="Zimbra: a certificate of the agency's own CA needs ca; IMAP must be on for the account (class of service)"
    ),
    "exchange": Preset(
        hint="Exchange: the IMAP service is off at first, start it on the server; username is DOMAIN\\name"
    ),
    "google": Preset(
        "imap.gmail.com",
        "google",
        "Google: IMAP must be on; the account's own password does not work: an app password, or [imap.oauth]",
    ),
    "microsoft365": Preset(
        "outlook.office365.com",
        "microsoft",
        "Microsoft 365: passwords do not work: [imap.oauth]; IMAP must be on for the mailbox",
    ),
}
"""By the name in the settings."""

TOKEN_URLS: Final = {
    "microsoft": "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
    "google": "https://oauth2.googleapis.com/token",
}

_SCOPES: Final = {
    "microsoft": "https://outlook.office365.com/IMAP.AccessAsUser.All offline_access",
    "google": "https://mail.google.com/",
}
_CLIENT_SCOPES: Final = {"microsoft": "https://outlook.office365.com/.default"}


def scope_of(provider: str, *, by_client: bool) -> str:
    """What is asked for at the token endpoint; empty where nothing is known."""
    return (_CLIENT_SCOPES if by_client else _SCOPES).get(provider, "")
