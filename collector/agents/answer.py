"""Reads the part of an SNMP v2c answer that the library discards: its error-status (RFC 3416, section 3)."""

import os
import socket
from collections.abc import Iterator
from typing import Final

PACKET_MAX: Final = 65_535

ERROR_STATUS: Final = (
    "", "tooBig", "noSuchName", "badValue", "readOnly", "genErr", "noAccess", "wrongType", "wrongLength",
    "wrongEncoding", "wrongValue", "noCreation", "inconsistentValue", "resourceUnavailable", "commitFailed",
    "undoFailed", "authorizationError", "notWritable", "inconsistentName",
)  # fmt: skip
"""Names of error-status by number; the first stands for success."""


TOO_BIG: Final = 1
"""The answer would not fit what the agent or its path can carry."""


def raw_status(descriptor: int) -> tuple[str, int]:
    """Receive one datagram and return its error-status and the number of its variable bindings.

    Args:
        descriptor: A non-blocking UDP socket; it stays open.

    Raises:
        BlockingIOError: Nothing has come yet.
        TimeoutError: The port is closed.
        ValueError: The datagram is no SNMP.
    """
    with socket.socket(fileno=os.dup(descriptor)) as peer:
        try:
            packet = peer.recv(PACKET_MAX)
        except ConnectionRefusedError:
            raise TimeoutError from None
    return status_of(packet)


def status_of(packet: bytes) -> tuple[str, int]:
    """Return the name of a v2c answer's error-status (empty for success) and the number of its variable bindings.

    Raises:
        ValueError: The octets are no SNMP answer.
    """
    try:
        _, message = next(_elements(packet))
        _version, _community, (_, body) = _elements(message)
        _number, (_, status), _index, (_, bindings) = _elements(body)
        number = int.from_bytes(status, "big")
        count = sum(1 for _ in _elements(bindings))
    except (IndexError, StopIteration, TypeError) as error:
        raise ValueError("no SNMP answer") from error
    return (ERROR_STATUS[number] if number < len(ERROR_STATUS) else f"error-status {number}"), count


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            width = size & 0x7F
            if not 1 <= width <= 4:
                raise ValueError("no SNMP answer")
            size, at = int.from_bytes(data[at : at + width], "big"), at + width
        if at + size > len(data):
            raise ValueError("no SNMP answer")
        yield tag, data[at : at + size]
        at += size
