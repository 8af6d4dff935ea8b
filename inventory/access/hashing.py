"""Door to argon2: the slow hash under which passwords are stored. The only file that imports `argon2`."""

import secrets
import threading
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

_SLOTS: Final = threading.BoundedSemaphore(4)
"""A hash takes 19 MiB: a burst of sign-ins waits here and does not take the machine's memory."""


@cache
def _hasher() -> PasswordHasher:
    # Argon2id, 19 MiB, 2 passes, 1 lane: the smallest setting that OWASP's password storage sheet recommends, so that
    # an old office PC signs somebody in within a tenth of a second.
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)


@cache
def _nobody() -> str:
    """Return a hash that no password fits, so that an unknown name costs as much as a known one."""
    return hash_password(secrets.token_urlsafe(32))


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password in PHC string form (RFC 9106).

    The password is first brought to Unicode form NFC (RFC 8265, OpaqueString): the same Vietnamese letter may be
    typed composed or decomposed, depending on the keyboard.
    """
    with _SLOTS:
        return _hasher().hash(_octets(password))


def fits(stored: str | None, password: str) -> bool:
    """Tell whether a password belongs to a stored hash, at the same cost whether or not there is one.

    Args:
        stored: A hash of `hash_password`; `None` or empty if there is no such account or it has no password.
        password: What was typed.
    """
    against = stored or _nobody()
    with _SLOTS:
        try:
            matches = _hasher().verify(against, _octets(password))
        except (VerificationError, InvalidHashError):
            return False
    return matches and bool(stored)


def outdated(stored: str) -> bool:
    """Tell whether a hash was made with other parameters than today's and should be made anew."""
    return _hasher().check_needs_rehash(stored)


def prepare() -> None:
    """Make the hash that stands for unknown names, so that the first such attempt is not slower than the next."""
    _nobody()


def _octets(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
