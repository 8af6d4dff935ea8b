"""Opening credentials: from the sealed row, or the place it refers to, to the plain parts that a collector needs."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from inventory.keys import Keys
from inventory.network.credentials import Credential
from inventory.network.references import BrokenReference, read_reference
from inventory.text import Text

_BARE: Final[Mapping[str, Callable[[str, Mapping[str, Any]], str]]] = {
    "snmp_v2c": lambda _secret, _public: "community",
    "ssh": lambda secret, _public: "private_key" if secret.startswith("-----BEGIN ") else "password",
    "http": lambda _secret, public: "password" if public.get("user") else "bearer",
}
"""For each kind of which the secret may stand alone in its file: the part that it then is."""


def open_credential(keys: Keys, credential: Credential, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the parts of a credential with `kind`, in clear; they are not yet checked against the kind.

    A variable or file that a credential refers to holds either the secret alone (a community, a password, a private
    key) or a JSON object of the secret parts.

    Raises:
        BrokenReference: What it refers to cannot be read or is no JSON object.
        BadKey: It was sealed with another key.
    """
    public = json.loads(credential.public or "{}")
    if credential.reference:
        secret = _parts(credential, public, read_reference(credential.reference, environ))
    else:
        secret = json.loads(keys.open(credential.sealed)) if credential.sealed else {}
    return {**public, **secret, "kind": credential.kind}


def _parts(credential: Credential, public: Mapping[str, Any], secret: str) -> dict[str, Any]:
    if secret.lstrip().startswith("{"):
        try:
            parts = json.loads(secret)
        except (ValueError, RecursionError):
            parts = None
        if isinstance(parts, dict):
            return parts
    elif credential.kind in _BARE:
        return {_BARE[credential.kind](secret, public): secret}
    raise BrokenReference(
        Text(
            vi="Nội dung ở “{place}” không dùng được cho loại {kind}.",
            en="What stands at “{place}” cannot be used for the kind {kind}.",
        ).fill(place=credential.reference[:100], kind=credential.kind),
        Text(
            vi="Ghi một đối tượng JSON gồm các phần bí mật, ví dụ: {example}",
            en="Write a JSON object of the secret parts, for example: {example}",
        ).fill(example='{"auth_pass": "...", "priv_pass": "..."}'),
    )
