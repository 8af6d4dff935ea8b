"""Cursors of lists: where the next page begins, signed so that nobody can make one up."""

import base64
import binascii
import json
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final

from inventory.errors import FieldProblem, Invalid
from inventory.keys import Keys
from inventory.text import Text

_SIGNATURE_BYTES: Final = 16
_LONGEST: Final = 2000


def pack(keys: Keys, question: str, value: Any, number: int) -> str:  # noqa: ANN401 - any column's value
    """Return the cursor after the row `number` whose sorted column holds `value`.

    Args:
        keys: To sign with.
        question: The rest of the query; a cursor fits no other one.
        value: A JSON value, date or aware time.
        number: The row's internal number.
    """
    payload = json.dumps([_kind(value), _plain(value), number], ensure_ascii=False, separators=(",", ":")).encode()
    signature = keys.sign(_bound(question) + payload)
    return base64.urlsafe_b64encode(signature + payload).decode("ascii").rstrip("=")


def unpack(keys: Keys, question: str, cursor: str) -> tuple[Any, int]:
    """Return the value and number that a cursor holds.

    Raises:
        Invalid: The cursor was not made here, or for another query.
    """
    try:
        raw = base64.b64decode(cursor[:_LONGEST] + "=" * (-len(cursor[:_LONGEST]) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    signature, payload = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if not keys.signed(_bound(question) + payload, signature):
        message = Text(
            vi="Con trỏ trang không phải của danh sách này; hãy bắt đầu lại từ trang đầu.",
            en="The cursor is not one of this list; begin with the first page again.",
        )
        raise Invalid([FieldProblem("cursor", "cursor", message)])
    kind, value, number = json.loads(payload)
    return _typed(kind, value), int(number)


def _bound(question: str) -> bytes:
    return sha256(question.encode()).digest()


def _kind(value: object) -> str:
    if isinstance(value, datetime):
        return "moment"
    return "day" if isinstance(value, date) else "plain"


def _plain(value: Any) -> Any:  # noqa: ANN401 - any column's value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _typed(kind: str, value: Any) -> Any:  # noqa: ANN401 - any column's value
    if kind == "moment":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind == "day" else value
