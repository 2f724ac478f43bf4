"""What an account logs in with: its password, or an access token."""

from collections.abc import Callable, Mapping

from vbdaemon.intake.imap.settings import MailboxSettings
from vbdaemon.intake.imap.token import Post, TokenSupply
from vbdaemon.secret import reveal


class Keys:
    """Reads the secret anew for each login, so that a changed password needs no restart."""

    def __init__(
        self,
        settings: MailboxSettings,
        environment: Mapping[str, str],
        monotonic: Callable[[], float],
        post: Post,
    ) -> None:
        self._password = settings.password
        self._environment = environment
        self._tokens = None if settings.token is None else TokenSupply(settings.token, environment, monotonic, post)

    def secret(self) -> str:
        """Password or access token; ConfigurationError or MailboxTrouble say why there is none."""
        if self._tokens is not None:
            return self._tokens.token()
        assert self._password is not None
        return reveal(self._password, self._environment)

    def renew(self) -> bool:
        """The server refused the login: True when the next `secret` is another one."""
        return self._tokens is not None and self._tokens.forget()
