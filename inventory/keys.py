"""The key outside the database: it seals secrets, chains the history and signs cursors."""

import base64
import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from inventory.errors import QuangError
from inventory.text import Text

_PREFIX: Final = "quang-key-1:"
_MASTER_BYTES: Final = 32


class BadKey(QuangError):
    """The key file cannot be used, or a sealed text was not sealed with it."""

    code = "bad_key"


class Keys:
    """The keys of one installation, all derived from the one master key by HKDF-SHA256 (RFC 5869).

    Attributes:
        chain_key: 32 bytes for the HMAC chain of the history.
        cursor_key: 32 bytes for the signature of list cursors.
        configuration_key: 32 bytes that seal the copies of devices' configurations.
        fingerprint: 32 hexadecimal digits by which the key is known again; they tell nothing of it.
    """

    def __init__(self, master: bytes) -> None:
        self.chain_key: Final = _derive(master, b"history chain")
        self.cursor_key: Final = _derive(master, b"list cursors")
        self.configuration_key: Final = _derive(master, b"configurations")
        self.fingerprint: Final = _derive(master, b"fingerprint")[:16].hex()
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(master, b"sealed secrets")))

    def __repr__(self) -> str:
        return "Keys(...)"

    @classmethod
    def from_file(cls, path: Path) -> "Keys":
        """Read the key file, or make it (mode 0600) if there is none.

        Raises:
            BadKey: The file is not a key file, or others than its owner may read it.
        """
        try:
            return cls(_read(path))
        except FileNotFoundError:
            _make(path)
            return cls(_read(path))

    def seal(self, text: str) -> str:
        """Return `text` encrypted and authenticated (Fernet: AES-128-CBC with HMAC-SHA256)."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """Return the text that was sealed.

        Raises:
            BadKey: It was sealed with another key or was changed since.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise _bad_key("sealed text") from None

    def sign(self, payload: bytes) -> bytes:
        """Return a signature of 16 bytes for a cursor."""
        return hmac.digest(self.cursor_key, payload, sha256)[:16]

    def signed(self, payload: bytes, signature: bytes) -> bool:
        """Return whether a signature is that of the payload, in a time that does not depend on where they differ."""
        return hmac.compare_digest(self.sign(payload), signature)


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"quang", info=purpose).derive(master)


def _read(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise BadKey(
            Text(
                vi="Tệp khóa {path} đang cho người khác đọc.",
                en="Others than its owner may read the key file {path}.",
            ).fill(path=path),
            Text(vi="Chạy: chmod 600 {path}", en="Run: chmod 600 {path}").fill(path=path),
        )
    with path.open("rb") as file:
        line = file.read(200).decode("ascii", errors="replace").strip()
    try:
        master = base64.b64decode(line.removeprefix(_PREFIX), validate=True)
    except ValueError:
        master = b""
    if not line.startswith(_PREFIX) or len(master) != _MASTER_BYTES:
        raise _bad_key(path)
    return master


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(_PREFIX + base64.b64encode(secrets.token_bytes(_MASTER_BYTES)).decode("ascii") + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link, not a rename: of two first starts at once only one key may win.
            os.link(draft, path)
        except FileExistsError:
            return
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink(missing_ok=True)


def _bad_key(what: object) -> BadKey:
    return BadKey(
        Text(
            vi="Khóa không dùng được hoặc không khớp: {what}.",
            en="The key cannot be used or does not fit: {what}.",
        ).fill(what=what),
        Text(
            vi="Đặt lại đúng tệp khóa đã dùng khi lập cơ sở dữ liệu này; lấy từ bản sao lưu nếu cần.",
            en="Put back the key file that this database was made with, from a backup if need be.",
        ),
    )
