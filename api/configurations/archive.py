"""The copies: one is written only when something real has changed, and opens only with the key outside the database."""

import hmac
import json
import os
import re
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.configurations.repository import LOOSE, BrokenRepository, Entry, Repository
from collector.platforms import PLATFORMS
from collector.shell.configs import LONGEST, Told, lines_of, told
from inventory.errors import NotFound, Unavailable
from inventory.keys import BadKey, Keys
from inventory.text import Text

FOLDER: Final = "configs"
"""In the home folder."""

RESENT: Final = timedelta(days=7)
"""What was read before the copy kept last is a report delivered again; beyond this, a clock that was wrong."""

NOUN: Final = Text(vi="bản lưu cấu hình", en="copy of a configuration")

_MAGIC: Final = b"quang configuration 1 "
_NONCE: Final = 12
_VERSION: Final = re.compile(r"[0-9a-f]{40}")
_NOT_A_NAME: Final = re.compile(r"[^A-Za-z0-9._@-]")


@dataclass(frozen=True, slots=True)
class Copy:
    """A configuration as it was kept.

    Attributes:
        device: Its stable name.
        version: By which it is asked for: 40 hexadecimal digits.
        platform: A key of `PLATFORMS`.
        at: When it was read from the device; aware UTC.
        text: All of it, with its secrets.
        told: What it says of its own last change.
    """

    device: str
    version: str
    platform: str
    at: datetime
    text: str = field(repr=False)
    told: Told = field(default_factory=Told)

    def lines(self) -> list[str]:
        """Return its lines that do not change by themselves, with their secrets."""
        return lines_of(PLATFORMS[self.platform], self.text)


class Archive:
    """All copies of all devices."""

    def __init__(self, home: Path, keys: Keys, *, loose: int = LOOSE) -> None:
        """Prepare the archive; its folder is made with the first copy.

        Args:
            home: Folder of the state.
            keys: The keys of the installation.
            loose: Files of their own that git's objects may have, about.
        """
        self.repository = Repository(home / FOLDER, loose)
        self._cipher = AESGCM(keys.configuration_key)
        self._mark_key = hmac.digest(keys.configuration_key, b"marks", sha256)
        self._lock = Lock()

    def __repr__(self) -> str:
        return "Archive(...)"

    def save(self, device: str, platform: str, text: str, at: datetime) -> tuple[Copy, bool]:
        """Keep a configuration unless nothing real differs from the copy kept last.

        Args:
            device: Its stable name.
            platform: A key of `PLATFORMS`.
            text: As the device printed it, tidied.
            at: When it was read; aware UTC.

        Returns:
            The copy that stands for it, and whether it was written now.

        Raises:
            Unavailable: The repository cannot be read or written.
            BadKey: The copy kept last was sealed with another key.
        """
        try:
            with self._lock, self.repository.locked():
                return self._save(device, platform, text, at)
        except BrokenRepository as error:
            raise _unavailable(error) from None

    def _save(self, device: str, platform: str, text: str, at: datetime) -> tuple[Copy, bool]:
        last = self.last(device)
        if last is not None and (timedelta(0) <= last.at - at < RESENT or self._same(last, platform, text)):
            return last, False
        said = told(PLATFORMS[platform], text)
        sealed = self._seal(device, platform, text, at)
        by = _NOT_A_NAME.sub("", said.who) or "device"
        message = f"{device}: {'changed' if last else 'first copy'}\n"
        version = self.repository.write(device, sealed, message, f"{by} <{by}@{device}>", at)
        return Copy(device, version, platform, at, text, said), True

    @staticmethod
    def _same(last: Copy, platform: str, text: str) -> bool:
        return last.platform == platform and last.lines() == lines_of(PLATFORMS[platform], text)

    def last(self, device: str) -> Copy | None:
        """Return the copy kept last, or `None`. Raises as `version`."""
        try:
            version = self.repository.heads().get(device)
        except BrokenRepository as error:
            raise _unavailable(error) from None
        return None if version is None else self.version(device, version)

    def version(self, device: str, version: str) -> Copy:
        """Return one copy of a device.

        Raises:
            NotFound: The device has no such copy.
            Unavailable: The repository cannot be read.
            BadKey: It was sealed with another key, or changed since.
        """
        try:
            raw = self.repository.read(version) if _VERSION.fullmatch(version) else None
        except BrokenRepository as error:
            raise _unavailable(error) from None
        if raw is None or not raw.startswith(_head(device)):
            raise NotFound(NOUN, version[:12])
        return self._open(device, version, raw)

    def log(self, device: str, most: int) -> list[Entry]:
        """Return when copies of a device were written, the newest first.

        Raises:
            Unavailable: The repository cannot be read.
        """
        try:
            return self.repository.log(device, most)
        except BrokenRepository as error:
            raise _unavailable(error) from None

    def mark(self, device: str, secret: str) -> str:
        """Return what stands in the place of a secret: the same for the same secret of a device, and never it."""
        digest = hmac.digest(self._mark_key, f"{device}\0{secret}".encode(), sha256)
        return f"⟨••• {digest.hex()[:4]}⟩"

    def findings(self) -> list[Text]:
        """Return every copy that does not open; for `quang check`."""
        found = []
        try:
            for version, raw in self.repository.blobs():
                device = raw[len(_MAGIC) :].partition(b"\n")[0][:64].decode(errors="replace")
                try:
                    self._open(device, version, raw)
                except BadKey:
                    found.append(_SHUT.fill(device=device, version=version[:12]))
        except BrokenRepository as error:
            found.append(_BROKEN.fill(why=str(error)))
        return found

    def _seal(self, device: str, platform: str, text: str, at: datetime) -> bytes:
        head, nonce = _head(device), os.urandom(_NONCE)
        facts = json.dumps({"platform": platform, "at": at.isoformat()})
        # Compressed before it is sealed: sealed octets do not shrink, and nobody else chooses what stands beside them.
        return head + nonce + self._cipher.encrypt(nonce, zlib.compress(f"{facts}\n{text}".encode(), 9), head)

    def _open(self, device: str, version: str, raw: bytes) -> Copy:
        head = _head(device)
        body = raw[len(head) :]
        try:
            plain = _inflated(self._cipher.decrypt(body[:_NONCE], body[_NONCE:], head))
            line, _, text = plain.decode().partition("\n")
            facts = json.loads(line)
            platform, at = facts["platform"], datetime.fromisoformat(facts["at"])
            said = told(PLATFORMS[platform], text)
        except (InvalidTag, ValueError, KeyError, zlib.error):
            raise BadKey(_SHUT.fill(device=device, version=version[:12]), _PUT_BACK) from None
        return Copy(device, version, platform, at, text, said)


def _head(device: str) -> bytes:
    """Return the line with which a file begins; it is sealed with the rest, so that no copy passes for another's."""
    return _MAGIC + device.encode() + b"\n"


def _inflated(octets: bytes) -> bytes:
    stream = zlib.decompressobj()
    plain = stream.decompress(octets, 4 * LONGEST + 1_000)
    if not stream.eof:
        raise ValueError("too long")
    return plain


def _unavailable(error: BrokenRepository) -> Unavailable:
    return Unavailable(
        _BROKEN.fill(why=str(error)),
        Text(
            vi="Kiểm tra thư mục configs trong thư mục dữ liệu: quyền ghi, dung lượng đĩa; lấy lại từ bản sao lưu nếu"
            " cần.",
            en="Look at the folder configs in the home folder: may it be written, is the disk full? Restore it from a"
            " backup if need be.",
        ),
    )


_SHUT: Final = Text(
    vi="Bản lưu cấu hình {version} của {device} không mở được bằng khóa này.",
    en="The copy {version} of the configuration of {device} does not open with this key.",
)
_BROKEN: Final = Text(vi="Kho lưu cấu hình có lỗi: {why}.", en="The archive of configurations is broken: {why}.")
_PUT_BACK: Final = Text(
    vi="Đặt lại đúng tệp khóa đã dùng khi lưu; lấy từ bản sao lưu nếu cần. Nếu khóa mất hẳn: dời thư mục configs đi nơi"
    " khác, bản lưu mới sẽ bắt đầu lại.",
    en="Put back the key file that it was sealed with, from a backup if need be. If the key is gone for good, move the"
    " folder configs away: copies begin anew.",
)
