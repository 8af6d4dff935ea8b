"""One question to a web server and its answer, whatever version of HTTP carries them."""

from typing import Final, NamedTuple

BODY_MAX: Final = 1_048_576
"""Octets of the body that are read and searched."""


class Question(NamedTuple):
    """What is asked.

    Attributes:
        method: `GET` or `HEAD`.
        scheme: `http` or `https`.
        authority: Host and port as the address has them.
        path: With the query.
        headers: Lower-case names; without host, connection and length.
    """

    method: str
    scheme: str
    authority: str
    path: str
    headers: tuple[tuple[str, str], ...]


class Reply(NamedTuple):
    """What came back.

    Attributes:
        status: Of the final answer.
        location: Where a redirect leads.
        body: Its first `BODY_MAX` octets.
        version: 1.0, 1.1 or 2.
    """

    status: int
    location: str | None
    body: bytes
    version: float
