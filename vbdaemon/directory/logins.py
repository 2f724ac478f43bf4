"""Passwords of accounts that log in at our mail listener: argon2id hashes in logins.toml, never passwords."""

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from vbdaemon.config import read_toml
from vbdaemon.errors import DirectoryError
from vbdaemon.model import Directory

OTHERS: Final = 0o077
SHORTEST_PASSWORD: Final = 10
NOBODY: Final = "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5IGhhcyB0aGlz$Sp5PHi63LLs9FlzXSFb3GhYPbvmzcRu0jFvjw0TdCT0"
"""Compared with when a name is unknown, so that the answer takes as long; its result is not looked at."""


@dataclass(frozen=True, slots=True)
class Logins:
    """Hashes by login, in small letters. Its words never show a hash."""

    hashes: dict[str, str] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.hashes)

    def verify(self, login: str, password: str) -> bool:
        """True when this is the account's password. Takes some 50 ms of processor time and 64 MB: for a thread."""
        known = self.hashes.get(login.casefold())
        try:
            right = PasswordHasher().verify(known or NOBODY, password)
        except VerifyMismatchError:
            return False
        return right and known is not None


def load_logins(path: Path) -> Logins:
    """The hashes of a file, none when there is no file; DirectoryError names every mistake and its remedy."""
    try:
        others = path.stat().st_mode & OTHERS
    except FileNotFoundError:
        return Logins()
    except OSError as error:
        raise DirectoryError(f"{path}: {error.strerror}") from error
    if others:
        raise DirectoryError(f"{path}: others can read these password hashes; chmod 600 {path}")
    table = read_toml(path, "password hashes")
    wrong = [f"{path}: {key}: unknown key; the only table is [password]" for key in table if key != "password"]
    hashes = table.get("password", {})
    if not isinstance(hashes, dict):
        raise DirectoryError(f'{path}: password: not a table; "vbdaemon units login LOGIN" writes it')
    wrong += [f"{path}: {words}" for login, known in hashes.items() if (words := _mistake(login, known))]
    if len({login.casefold() for login in hashes}) < len(hashes):
        wrong.append(f"{path}: a login stands twice, in capital and in small letters")
    if wrong:
        raise DirectoryError("\n".join(wrong))
    return Logins({login.casefold(): known for login, known in hashes.items()})


def strangers(logins: Logins, directory: Directory) -> tuple[str, ...]:
    """Logins with a password that no account of a unit has: they open nothing."""
    return tuple(sorted(login for login in logins.hashes if login not in directory.by_login))


def set_password(
    path: Path, login: str, password: str, directory: Directory, hasher: PasswordHasher | None = None
) -> None:
    """Keep the hash of a new password; DirectoryError when no account has this login or the password is too short.

    The file is replaced as a whole, readable by its owner only: who reads it meanwhile sees the old or the new one.
    """
    if login.casefold() not in directory.by_login:
        raise DirectoryError(f'login {login!r}: no account has it; add login = "{login}" to an account in units.toml')
    if len(password) < SHORTEST_PASSWORD:
        raise DirectoryError(f"login {login!r}: the password is too short; take at least {SHORTEST_PASSWORD} letters")
    hashes = {**load_logins(path).hashes, login.casefold(): (hasher or PasswordHasher()).hash(password)}
    lines = [
        f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(known)}\n" for name, known in sorted(hashes.items())
    ]
    head = '# argon2id hashes by login; "vbdaemon units login LOGIN" writes them.\n[password]\n'
    try:
        _replace(path, head + "".join(lines))
    except OSError as error:
        raise DirectoryError(f"{path}: {error.strerror}; the password was not changed") from error


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _mistake(login: str, known: object) -> str:
    remedy = f'set it anew with "vbdaemon units login {login}"'
    if not isinstance(known, str):
        return f"password.{login}: not a text; {remedy}"
    try:
        if extract_parameters(known).type is not Type.ID:
            return f"password.{login}: not an argon2id hash; {remedy}"
    except InvalidHashError:
        return f"password.{login}: not an argon2id hash; {remedy}"
    return ""


def _replace(path: Path, text: str) -> None:
    fd, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists() and path.stat().st_uid != Path(name).stat().st_uid:
            os.chown(name, path.stat().st_uid, path.stat().st_gid)  # root writes for the daemon's user
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
