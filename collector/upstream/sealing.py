"""Encryption of secrets on the collector's disk, so that they can neither be read nor changed unnoticed.

The key is derived from the collector's token (HKDF-SHA256, RFC 5869) with a fresh salt each time; the cipher is
AES-256-GCM.
"""

import os
from collections.abc import Iterable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_SALT: Final = 16
_NONCE: Final = 12


class Unsealable(Exception):
    """No token opens it: it was sealed with another, or changed since."""


def seal(plain: bytes, token: str, purpose: bytes) -> bytes:
    """Return octets that only a holder of the token opens, and only for the same purpose."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    return salt + nonce + AESGCM(_key(token, salt)).encrypt(nonce, plain, purpose)


def unseal(sealed: bytes, tokens: Iterable[str], purpose: bytes) -> bytes:
    """Return what was sealed.

    Args:
        sealed: As `seal` returned it.
        tokens: Those to try: while a token is renewed there are two.
        purpose: As it was given to `seal`.

    Raises:
        Unsealable: None of the tokens fits.
    """
    salt, nonce, body = sealed[:_SALT], sealed[_SALT : _SALT + _NONCE], sealed[_SALT + _NONCE :]
    for token in tokens:
        try:
            return AESGCM(_key(token, salt)).decrypt(nonce, body, purpose)
        except (InvalidTag, ValueError):
            continue
    raise Unsealable


def _key(token: str, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"quang collector roster").derive(token.encode())
