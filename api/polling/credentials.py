"""The credentials of a roster: opened, checked against their kind, each broken one named alone."""

import logging
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from collector.target import Credential as Opened
from inventory.errors import QuangError
from inventory.keys import Keys
from inventory.network.credentials import Credential
from inventory.network.opening import open_credential
from inventory.network.references import BrokenReference, read_reference
from inventory.text import Text

log = logging.getLogger(__name__)

_OPENED: Final[TypeAdapter[Opened]] = TypeAdapter(Opened)


def opened(
    keys: Keys, credentials: Iterable[Credential], environ: Mapping[str, str] | None = None
) -> tuple[dict[str, dict[str, Any]], dict[str, Text]]:
    """Return the usable credentials in clear, and why each of the others is not usable, both by name.

    Targets of an unusable credential stay in the roster: the collector says of each why it is not polled.

    Args:
        keys: The keys that sealed them.
        credentials: Rows of the books.
        environ: Variables for references; those of the process if absent.
    """
    good: dict[str, dict[str, Any]] = {}
    bad: dict[str, Text] = {}
    for credential in credentials:
        try:
            parts = open_credential(keys, credential, environ)
            _OPENED.validate_python(parts)
        except QuangError as error:
            bad[credential.name] = error.reason
        except (ValidationError, ValueError) as error:
            bad[credential.name] = _wrong(error)
        else:
            good[credential.name] = parts
    return good, bad


def fingerprint(references: Iterable[str], environ: Mapping[str, str] | None = None) -> bytes:
    """Return a digest of what the references name now, so that a changed file or variable is noticed.

    A reference that cannot be read counts as such; it never raises.
    """
    digest = blake2b(digest_size=16)
    for reference in references:
        try:
            secret = read_reference(reference, environ)
        except BrokenReference as broken:
            secret = broken.reason.en
        digest.update(blake2b(f"{reference}\0{secret}".encode(), digest_size=16).digest())
    return digest.digest()


def _wrong(error: ValueError) -> Text:
    """Name the wrong parts, never what they hold."""
    if not isinstance(error, ValidationError):
        return Text(vi="Nội dung lưu không phải JSON.", en="What is stored is not JSON.")
    problems = error.errors(include_input=False, include_context=False, include_url=False)
    parts = ", ".join(f"{'.'.join(map(str, one['loc'][1:] or one['loc']))} ({one['type']})" for one in problems)
    return Text(vi="Các phần chưa đúng: {parts}.", en="Parts that are not right: {parts}.").fill(parts=parts)
