"""`quang backup --check`: whether a backup could be restored, without touching anything."""

import shutil
import tempfile
from pathlib import Path
from typing import Final

from api.backup import postgres, sqlite
from api.backup.bundle import unpack
from api.backup.faults import Unusable, on_disk
from api.backup.manifest import KEY, RULEBOOKS, Manifest
from api.backup.tables import told
from api.settings import RulebookSettings, Settings
from api.stack import check as stack_check
from inventory.db import knows
from inventory.errors import Unavailable
from inventory.keys import Keys
from inventory.text import Text


class Newer(Unavailable):
    """A backup holds books of a newer version."""

    code = "newer_books"


def check(settings: Settings, path: Path) -> tuple[list[Text], list[Text]]:
    """Look at a backup: every sum, the database itself, and with the key its history and all that is sealed.

    Args:
        settings: The settings; only the home and its key are used.
        path: The backup.

    Returns:
        What it is, and what is wrong with it.

    Raises:
        Unusable: It is damaged or no backup.
        Unwritable: It cannot be read, or there is no room to unpack it.
        Newer: A newer version made it.
    """
    home = settings.home
    with on_disk(path):
        folder = Path(tempfile.mkdtemp(prefix=".quang-check-", dir=home if home.is_dir() else None))
    try:
        manifest = unpack(path, folder)
        whole(manifest, folder)
        lines = describe(manifest)
        key = folder / KEY
        if not key.exists() and settings.inventory.key_file.is_file():
            key.symlink_to(settings.inventory.key_file)
        if not key.exists():
            return [*lines, _NO_KEY], []
        if Keys.from_file(key).fingerprint != manifest.key:
            return lines, [_OTHER_KEY.fill(path=settings.inventory.key_file)]
        if manifest.database == "postgresql":
            return [*lines, _POSTGRES], []
        rulebooks = RulebookSettings(folder=str(folder / RULEBOOKS))
        return [*lines, _CHAINED], stack_check.kept(Settings(home=folder, rulebooks=rulebooks))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def whole(manifest: Manifest, folder: Path) -> None:
    """Make sure that books and key in an unpacked backup can be read, and that this version knows the books.

    Raises:
        Unusable: It is damaged, or not what the manifest says.
        Newer: A newer version made it.
        inventory.keys.BadKey: The key in it cannot be used.
    """
    refuse_newer(manifest)
    if manifest.with_key and Keys.from_file(folder / KEY).fingerprint != manifest.key:
        raise Unusable(_STRANGE_KEY)
    books = folder / manifest.books
    if manifest.database == "postgresql":
        postgres.look(books)
        return
    found = sqlite.facts(books)
    if (found.revision, found.rows) != (manifest.revision, manifest.rows):
        raise Unusable(_UNLIKE)


def refuse_newer(manifest: Manifest) -> None:
    """Make sure that this version knows the shape of the books.

    Raises:
        Newer: It does not.
    """
    if not knows(manifest.revision):
        raise Newer(_NEWER.fill(version=manifest.quang), _INSTALL.fill(version=manifest.quang))


def describe(manifest: Manifest) -> list[Text]:
    """Return what a backup is, a line each."""
    made = _MADE.fill(at=f"{manifest.at:%Y-%m-%d %H:%M:%S} UTC", quang=manifest.quang, step=manifest.revision)
    return [made, _HOLDS.fill(rows=told(manifest.rows), files=len(manifest.files))]


_MADE: Final = Text(
    vi="Bản sao lưu lúc {at}, quang {quang}, cơ sở dữ liệu bước {step}.",
    en="Backup of {at}, quang {quang}, database at step {step}.",
)
_HOLDS: Final = Text(
    vi="Trong đó: {rows}. Số tệp: {files}, mọi tổng kiểm đều khớp.",
    en="It holds: {rows}. Files: {files}, every sum fits.",
)
_CHAINED: Final = Text(
    vi="Khóa khớp; đã đối chiếu lịch sử, bản lưu cấu hình và bộ quy định.",
    en="The key fits; history, copies of configurations and rulebooks were checked.",
)
_POSTGRES: Final = Text(
    vi="Khóa khớp; bản kết xuất đọc được. Lịch sử chỉ đối chiếu được sau khi khôi phục vào PostgreSQL (quang check).",
    en="The key fits; the dump can be read. Its history is checked once it is back in PostgreSQL (quang check).",
)
_NO_KEY: Final = Text(
    vi="Không có khóa ở đây nên chưa đối chiếu được lịch sử và những gì đã niêm phong.",
    en="The key is not here, so neither the history nor what is sealed was checked.",
)
_OTHER_KEY: Final = Text(
    vi="Khóa {path} không phải khóa của bản sao lưu này: mật khẩu và cấu hình bên trong không mở được bằng nó.",
    en="The key {path} is not that of this backup: no password and no configuration in it opens with it.",
)
_UNLIKE: Final = Text(
    vi="cơ sở dữ liệu bên trong không đúng như mục lục.", en="the database in it is not as its list of contents says."
)
_STRANGE_KEY: Final = Text(
    vi="khóa bên trong không phải khóa của sổ sách bên trong.", en="the key in it is not that of the books in it."
)
_NEWER: Final = Text(
    vi="Bản sao lưu do quang {version} tạo, có cơ sở dữ liệu mới hơn phiên bản này.",
    en="quang {version} made this backup; its database is newer than this version knows.",
)
_INSTALL: Final = Text(
    vi="Cài quang {version} hoặc mới hơn rồi chạy lại.", en="Install quang {version} or later and run this again."
)
