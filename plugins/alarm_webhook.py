"""Posts an alarm to a URL when something needs the operator. Off by default.

    [plugins]
    enabled = ["alarm_webhook"]

    [plugins.alarm_webhook]
    url = "http://127.0.0.1:8080/alarm"
    kinds = ["processing-failed", "spool-damaged"]   # left out: every kind that means trouble
    seconds = 3                                      # for each attempt; there are two
    site = "van-thu-1"                               # which office this is, in your words

The body is JSON: `event` (a number: the same event can come twice), `at`, `kind`, `submission`, `site`, and `text`,
a line for chat programs. No words of a document, no file names, subjects or persons leave. An alarm that could not
be posted is a line in the log. The URL must not be a secret that opens more than this: workers know it. The service
of `systemd/` reaches this machine only; for another add its address to `IPAddressAllow`.
"""

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Event

__version__ = "1"
ATTEMPTS = 2
TAKEN = range(200, 300)


def _web_address(url: str) -> str:
    """An http or https address, with a host, without a login."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("give an http:// or https:// address without a login")
    if parts.port == 0:
        raise ValueError("no such port")
    return url


class Settings(BaseModel):
    """`[plugins.alarm_webhook]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, AfterValidator(_web_address)]
    """Where alarms are posted to; redirects are not followed."""
    kinds: tuple[str, ...] = (
        "processing-failed",
        "spool-damaged",
        "delivery-failed",
        "delivery-given-up",
        "notice-fallback",
        "plugin-off",
        "disk",
        "alarm-held",
        "alarm-promise",
    )
    """Kinds of events that are an alarm."""
    seconds: float = Field(default=3.0, gt=0, le=4.5)
    """Patience for each attempt; both together stay within the 10 seconds of a call."""
    site: str = Field(default="", max_length=80)
    """Says which office it is; sent as it stands here."""


class AlarmWebhook:
    """The plugin with its settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def track_event(self, event: Event) -> None:
        """Post it when its kind is an alarm; ConnectionError when nobody took it, which is logged."""
        if event.kind not in self._settings.kinds:
            return
        body = json.dumps(self._message(event), ensure_ascii=False).encode()
        failure = ""
        for _ in range(ATTEMPTS):
            try:
                status = self._post(body)
            except (OSError, HTTPException) as error:
                failure = type(error).__name__
                continue
            if status in TAKEN:
                return
            failure = f"status {status}"
        raise ConnectionError(failure)

    def _message(self, event: Event) -> dict[str, object]:
        """`event.words` stay here: they can name a person who acted."""
        text = " ".join(part for part in ("vbdaemon", self._settings.site, event.kind, event.submission) if part)
        return {
            "event": event.id,
            "at": event.at.isoformat(),
            "kind": event.kind,
            "submission": event.submission,
            "site": self._settings.site,
            "text": text,
        }

    def _post(self, body: bytes) -> int:
        parts = urlsplit(self._settings.url)
        connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        line = connect(parts.hostname or "", parts.port, timeout=self._settings.seconds)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            line.request("POST", target, body, {"Content-Type": "application/json; charset=utf-8"})
            return line.getresponse().status
        finally:
            line.close()


def plugin(settings: Settings) -> AlarmWebhook:
    """What vbdaemon calls with the settings from `[plugins.alarm_webhook]`."""
    return AlarmWebhook(settings)
