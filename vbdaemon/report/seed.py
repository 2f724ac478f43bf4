"""From the secret and the public value to the seed: hashes alone, no files, no clock, no chance.

The secret is 64 hexadecimal digits, small letters. Whoever has a shell can repeat all of it:

    printf %s SECRET | sha256sum                 the commitment, published before the quarter ended
    printf %s%s SECRET VALUE | sha256sum         the seed

The public value has a form that is announced with the population, before the value exists: digits alone, so many of
them. There is one way only to write it then, and nobody can try spellings until a sample pleases.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from vbdaemon.errors import VbdaemonError

SECRET_BYTES = 32
SECRET = re.compile(r"[0-9a-f]{64}")
_BETWEEN = re.compile(r"[\s.,\-_]")
_FORM = re.compile(r"(digits|hex):([0-9]{1,3})")
LEAST = {"digits": 5, "hex": 5}
"""With fewer, whoever knows the secret could look at every outcome before the population is fixed, and shape it."""
MOST = 128


class ScoringError(VbdaemonError):
    """The quarter cannot be scored so; the message says why."""


@dataclass(frozen=True, slots=True)
class ValueForm:
    """How the public value is written: so many decimal or hexadecimal digits."""

    kind: str
    """ "digits" or "hex"."""
    length: int

    @classmethod
    def parse(cls, text: str) -> "ValueForm":
        """Reads "digits:5", "hex:64"; ScoringError otherwise, or when there would be too few outcomes."""
        found = _FORM.fullmatch(text)
        if found is None or not LEAST[found[1]] <= int(found[2]) <= MOST:
            raise ScoringError(
                f'{text!r} is no form of a public value; say "digits:N" or "hex:N", N from 5 to {MOST}: '
                "with fewer outcomes the one who knows the secret could foresee them all"
            )
        return cls(found[1], int(found[2]))

    def __str__(self) -> str:
        return f"{self.kind}:{self.length}"

    def read(self, text: str) -> str:
        """The value as it enters the seed: blanks, points, commas and hyphens between its digits do not count.

        ScoringError when it is not of this form.
        """
        value = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).lower()
        digits = "0123456789" if self.kind == "digits" else "0123456789abcdef"
        if len(value) != self.length or not set(value) <= set(digits):
            raise ScoringError(f"{text!r} is not the public value that was announced: {self.words}")
        return value

    @property
    def words(self) -> str:
        """The form in words."""
        return f"{self.length} {'decimal' if self.kind == 'digits' else 'hexadecimal'} digits"


def new_secret(randomness: Callable[[int], bytes]) -> str:
    """A secret from a source of random bytes such as `secrets.token_bytes`."""
    return randomness(SECRET_BYTES).hex()


def commitment_of(secret: str) -> str:
    """What is published of a secret before the quarter ends: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def seed_of(secret: str, value: str) -> str:
    """SHA-256 of secret and public value, one after the other; the secret's length is fixed, so no two pairs meet."""
    return hashlib.sha256(f"{secret}{value}".encode()).hexdigest()
