"""References to secrets outside the database: `env:NAME` and `file:PATH`, read anew each time."""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inventory.errors import QuangError
from inventory.text import Text

MOST_BYTES: Final = 65_536
"""A secret's file may hold this many octets."""

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,119}\Z")


class BrokenReference(QuangError):
    """What a credential refers to cannot be read, or is no credential of its kind."""

    code = "broken_reference"


def read_reference(reference: str, environ: Mapping[str, str] | None = None) -> str:
    """Return the secret that a reference names, without the line break at its end.

    Args:
        reference: `env:NAME` or `file:/absolute/path`.
        environ: Variables to look in; those of the process if absent.

    Raises:
        BrokenReference: The form is wrong, there is no such variable or file, or it is empty, too long or no text.
    """
    kind, _, place = reference.partition(":")
    if kind == "env" and _NAME.match(place):
        secret = (os.environ if environ is None else environ).get(place, "")
    elif kind == "file" and Path(place).is_absolute() and "\0" not in place:
        secret = _file(Path(place))
    else:
        raise _broken(reference, Text(vi="sai dạng", en="it is not of the right form"))
    if not secret.strip():
        raise _broken(reference, Text(vi="không có hoặc để trống", en="it does not exist or is empty"))
    return secret.rstrip("\r\n")


def _file(path: Path) -> str:
    reference = f"file:{path}"
    try:
        # A pipe would be waited for; it is opened without waiting and then refused.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise _broken(reference, Text(vi="không phải tệp thường", en="it is not a plain file"))
            with os.fdopen(os.dup(handle), "rb") as file:
                octets = file.read(MOST_BYTES + 1)
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise _broken(reference, Text(vi="không có tệp này", en="there is no such file")) from None
    except OSError as error:
        raise _broken(
            reference, Text(vi="không đọc được: {why}", en="it cannot be read: {why}").fill(why=error.strerror)
        ) from None
    if octets.startswith(b"quang-key-"):
        raise _broken(reference, Text(vi="đây là tệp khóa của chương trình", en="it is the program's own key file"))
    if len(octets) > MOST_BYTES:
        raise _broken(reference, Text(vi="tệp quá lớn", en="the file is too large"))
    try:
        return octets.decode()
    except UnicodeDecodeError:
        raise _broken(reference, Text(vi="không phải văn bản UTF-8", en="it is not UTF-8 text")) from None


def _broken(reference: str, why: Text) -> BrokenReference:
    shown = reference[:100]
    return BrokenReference(
        Text(
            vi="Không dùng được tham chiếu “{shown}”: {why}.", en="The reference “{shown}” cannot be used: {why}."
        ).fill(shown=shown, why=why),
        Text(
            vi="Viết env:TEN_BIEN hoặc file:/duong/dan, rồi kiểm tra biến hay tệp đó có nội dung và dịch vụ đọc được.",
            en="Write env:NAME or file:/path, then check that the variable or file has content and that the service may"
            " read it.",
        ),
    )
