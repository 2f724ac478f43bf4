"""Access tokens for XOAUTH2: asked for at the provider, with the refresh token that it may replace saved before use."""

import contextlib
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final

from vbdaemon.errors import ConfigurationError
from vbdaemon.intake.imap.settings import TokenSettings
from vbdaemon.intake.imap.trouble import LoginRefused, MailboxTrouble
from vbdaemon.model import SecretKind, SecretSource
from vbdaemon.secret import reveal
from vbdaemon.spool.durable import sync_folder, write_file

POST_SECONDS: Final = 30.0
EARLY_SECONDS: Final = 60.0
"""A token is renewed so long before it ends."""
USUAL_SECONDS: Final = 3600.0
MOST_BYTES: Final = 1 << 20

Post = Callable[[str, bytes], tuple[int, bytes]]
"""Sends a form to a URL; answers status and body. OSError when nobody answers."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token endpoint that points elsewhere is not followed: the form holds secrets."""

    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        """Nowhere."""
        return


def https_post(url: str, form: bytes) -> tuple[int, bytes]:
    """POST over HTTPS, certificates checked, the environment's proxy used, no redirect followed."""
    if not url.startswith("https://"):
        raise ConfigurationError(f"token_url {url}: must begin with https://")
    request = urllib.request.Request(url, form, {"Content-Type": "application/x-www-form-urlencoded"})  # noqa: S310 - https, see above
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=POST_SECONDS) as response:
            return int(response.status), bytes(response.read(MOST_BYTES))
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read(MOST_BYTES)
    except HTTPException as error:
        raise OSError(type(error).__name__) from None


@dataclass(frozen=True, slots=True)
class _Token:
    access: str
    ends: float
    """Monotonic moment."""


class TokenSupply:
    """Access tokens of one account. Belongs to one thread; each account has a token file of its own."""

    def __init__(
        self, settings: TokenSettings, environment: Mapping[str, str], monotonic: Callable[[], float], post: Post
    ) -> None:
        self._settings = settings
        self._environment = environment
        self._monotonic = monotonic
        self._post = post
        self._token: _Token | None = None
        self._unsaved = ""

    def token(self) -> str:
        """A token that can be used now; MailboxTrouble or ConfigurationError when there is none."""
        if self._token is None or self._token.ends <= self._monotonic():
            self._token = self._ask()
        return self._token.access

    def forget(self) -> bool:
        """The server refused it; True when asking for a new one may help."""
        cached, self._token = self._token is not None, None
        return cached

    def _ask(self) -> _Token:
        settings = self._settings
        form = {"client_id": settings.client, "scope": settings.scope, "grant_type": "client_credentials"}
        if settings.secret is not None:
            form["client_secret"] = reveal(settings.secret, self._environment)
        used = ""
        if settings.token_file is not None:
            used = self._unsaved or reveal(SecretSource(SecretKind.FILE, str(settings.token_file)), self._environment)
            form |= {"grant_type": "refresh_token", "refresh_token": used}
        answer = self._answer({key: value for key, value in form.items() if value})
        access = answer.get("access_token")
        if not isinstance(access, str) or not access:
            raise MailboxTrouble(f"{settings.url}: no access token in the answer; check token_url")
        renewed = answer.get("refresh_token")
        if settings.token_file is not None and isinstance(renewed, str):
            self._save(settings.token_file, renewed, used)
        return _Token(access, self._monotonic() + _lifetime(answer.get("expires_in")) - EARLY_SECONDS)

    def _answer(self, form: Mapping[str, str]) -> dict[str, Any]:
        url = self._settings.url
        try:
            status, body = self._post(url, urllib.parse.urlencode(form).encode())
        except OSError as error:
            reason = getattr(error, "reason", None) or error.strerror or type(error).__name__
            raise MailboxTrouble(f"{url}: no token ({reason}); check the network, the proxy and token_url") from None
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise MailboxTrouble(f"{url}: status {status}, no token; check token_url")
        if status >= 400 or "error" in answer:  # noqa: PLR2004 - HTTP's own number
            raise self._refusal(status, str(answer.get("error", ""))[:60])
        return answer

    def _refusal(self, status: int, code: str) -> MailboxTrouble:
        settings = self._settings
        if code == "invalid_grant":
            remedy = f"sign in anew and write it to {settings.token_file}"
            return LoginRefused(f"{settings.url}: the refresh token is not valid any more; {remedy}")
        if code in ("invalid_client", "unauthorized_client", "invalid_scope"):
            return LoginRefused(f"{settings.url}: {code}; check client, secret, tenant and scope of [imap.oauth]")
        return MailboxTrouble(f"{settings.url}: status {status} {code}".rstrip())

    def _save(self, path: Path, renewed: str, used: str) -> None:
        """A replaced refresh token is on disk before the access token is used; until then it is kept in mind."""
        if renewed == used and not self._unsaved:
            return
        self._unsaved = renewed
        new = path.with_name(f".{path.name}.new")
        try:
            owner = path.stat()
            new.unlink(missing_ok=True)
            write_file(new, renewed.encode() + b"\n")
            if os.geteuid() == 0:  # "vbdaemon check" run by root must not lock the daemon's user out
                os.chown(new, owner.st_uid, owner.st_gid)
            os.replace(new, path)  # noqa: PTH105 - the same words as the other durable steps
            sync_folder(path.parent)
        except OSError as error:
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)
            raise MailboxTrouble(
                f"{path}: the replaced refresh token cannot be saved ({error.strerror}); the daemon must own its folder"
            ) from None
        self._unsaved = ""


def _lifetime(answer: object) -> float:
    """Seconds; providers send a number, some as text."""
    try:
        seconds = float(str(answer))
    except ValueError:
        return USUAL_SECONDS
    return min(max(seconds, 2 * EARLY_SECONDS), 24 * USUAL_SECONDS)
