"""`quang restore`: a backup put back, into a home that has nothing, or in the place of what moves aside."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from api.backup import postgres
from api.backup.bundle import read_manifest, unpack
from api.backup.checking import refuse_newer, whole
from api.backup.faults import on_disk
from api.backup.folder import settle, staging
from api.backup.manifest import CONFIGS, FORMS, KEY, RULEBOOKS, SETTINGS, Manifest
from api.backup.moving import Moves, all_or_nothing
from api.settings import HOME_VARIABLE, Settings, load
from api.stack import check as stack_check
from api.stack import home as stack_home
from inventory.columns import now
from inventory.db import connect, migrate
from inventory.errors import Conflict
from inventory.keys import BadKey, Keys
from inventory.occupation import alone
from inventory.text import Text

_BESIDE: Final = f"{SETTINGS}.from-backup"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        manifest: What came back.
        aside: What was moved aside, from and to.
        notes: What a person has to know.
        findings: What the check found afterwards.
    """

    manifest: Manifest
    aside: tuple[tuple[Path, Path], ...]
    notes: tuple[Text, ...]
    findings: tuple[Text, ...]


def restore(home: Path, path: Path, *, replace: bool) -> Restored:
    """Put a backup back and check it.

    Args:
        home: Folder of the state; made if it is not there.
        path: The backup.
        replace: Whether books that are there move aside.

    Raises:
        Running: `quang up` works in this home.
        inventory.occupation.Occupied: Some other program works with the books.
        Unusable: The file is damaged or no backup.
        Newer: A newer version made it.
        Conflict: There are books already, the database is of another kind, or not empty.
        inventory.keys.BadKey: The key is missing, or is not the one of this backup.
        Unwritable: A file cannot be read or written, or the disk is full; all is as it was.
        SettingsWrong: The settings cannot be used.
    """
    refuse_newer(read_manifest(path))
    with on_disk(home):
        for folder in (home, home / "run"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = stack_home.lock(home)
    try:
        with on_disk(home), staging(home, "restore") as stage:
            return _restore(home, path, stage, replace=replace)
    finally:
        os.close(lock)


def _restore(home: Path, path: Path, stage: Path, *, replace: bool) -> Restored:
    here = home / SETTINGS
    if here.exists() and not replace:
        _refuse_books(load(), replace=False)
    manifest = unpack(path, stage)
    whole(manifest, stage)
    for folder in (path for path in stage.rglob("*") if path.is_dir()):
        settle(folder)
    settings = _settings(home, stage)
    _refuse_books(settings, replace=replace)
    _refuse_kind(settings, manifest)
    _refuse_key(settings, manifest)
    moves = Moves(f"{now().astimezone(settings.zone):%Y%m%d-%H%M%S}")
    with alone(settings.inventory.database_url) as occupation:
        with all_or_nothing(moves):
            notes = _put(settings, manifest, stage, moves)
            if manifest.database == "postgresql":
                _into_postgres(settings, stage / manifest.books)
        _into_shape(settings)
        # The check works with the books as everybody does.
        occupation.share()
        return Restored(manifest, tuple(moves.aside), tuple(notes), tuple(stack_check.kept(load())))


def _settings(home: Path, stage: Path) -> Settings:
    """Return the settings as they will be: those of this home if it has any, or those of the backup."""
    if (home / SETTINGS).exists():
        return load()
    given = dict(os.environ) | {HOME_VARIABLE: str(stage)}
    return load(given).model_copy(update={"home": home})


def _database(settings: Settings) -> Path | None:
    url = make_url(settings.inventory.database_url)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _refuse_books(settings: Settings, *, replace: bool) -> None:
    file, configs = _database(settings), settings.home / CONFIGS
    there = [one for one in (file, configs) if one is not None and one.exists()]
    if there and not replace:
        raise Conflict(_BOOKS.fill(what=", ".join(map(str, there))), _REPLACE)


def _refuse_kind(settings: Settings, manifest: Manifest) -> None:
    file = _database(settings)
    if (file is None) != (manifest.database == "postgresql"):
        named = "SQLite" if file else "PostgreSQL"
        held = "SQLite" if manifest.database == "sqlite" else "PostgreSQL"
        raise Conflict(_KIND.fill(held=held, named=named), _SAME_KIND.fill(held=held))
    if file is None:
        engine = connect(settings.inventory.database_url)
        try:
            postgres.refuse_full(engine)
        finally:
            engine.dispose()


def _refuse_key(settings: Settings, manifest: Manifest) -> None:
    file = settings.inventory.key_file
    if manifest.with_key:
        return
    if not file.is_file():
        raise BadKey(_NO_KEY.fill(path=file), _PUT_KEY.fill(path=file))
    if Keys.from_file(file).fingerprint != manifest.key:
        raise BadKey(_OTHER_KEY.fill(path=file), _PUT_KEY.fill(path=file))


def _put(settings: Settings, manifest: Manifest, stage: Path, moves: Moves) -> list[Text]:
    home, notes = settings.home, []
    file = _database(settings)
    if file is not None:
        for end in ("-wal", "-shm", "-journal"):
            moves.away(file.with_name(file.name + end))
        moves.put(stage / manifest.books, file)
    moves.away(home / CONFIGS)
    for name in (CONFIGS, FORMS):
        if (stage / name).exists():
            moves.put(stage / name, home / name)
    if manifest.with_key and not _same(stage / KEY, settings.inventory.key_file):
        moves.put(stage / KEY, settings.inventory.key_file)
    if (stage / SETTINGS).exists() and not _same(stage / SETTINGS, home / SETTINGS):
        kept = (home / SETTINGS).exists()
        moves.put(stage / SETTINGS, home / (_BESIDE if kept else SETTINGS))
        notes += [_SETTINGS.fill(file=home / _BESIDE)] if kept else []
    if (stage / RULEBOOKS).exists():
        target = settings.rulebook_folder
        inside = target.resolve().is_relative_to(home.resolve()) and target != home
        moves.put(stage / RULEBOOKS, target if inside else home / RULEBOOKS)
        notes += [] if inside else [_RULEBOOKS.fill(folder=home / RULEBOOKS, named=target)]
    return notes


def _into_postgres(settings: Settings, dump: Path) -> None:
    engine = connect(settings.inventory.database_url)
    try:
        postgres.restore(engine, dump)
    finally:
        engine.dispose()


def _into_shape(settings: Settings) -> None:
    """Bring the books of an older version to the shape of this one, while nobody else works with them."""
    engine = connect(settings.inventory.database_url)
    try:
        migrate(engine)
    finally:
        engine.dispose()


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


_BOOKS: Final = Text(vi="Ở đây đã có sổ sách: {what}.", en="There are books here already: {what}.")
_REPLACE: Final = Text(
    vi="Nếu muốn thay bằng bản sao lưu, thêm --replace: dữ liệu cũ được dời sang thư mục before-restore-…, không xóa.",
    en="To have the backup in their place add --replace: what is here moves to a folder before-restore-…, nothing is"
    " deleted.",
)
_KIND: Final = Text(
    vi="Bản sao lưu giữ sổ sách {held}, còn cấu hình đang dùng {named}.",
    en="The backup holds books on {held}, the settings name {named}.",
)
_SAME_KIND: Final = Text(
    vi="Đặt [database] url trong quang.toml thành một cơ sở dữ liệu {held} rồi chạy lại; muốn chuyển loại thì khôi phục"
    " trước, sau đó dùng quang export và quang import.",
    en="Set [database] url in quang.toml to a {held} database and run this again; to change the kind restore first,"
    " then use quang export and quang import.",
)
_NO_KEY: Final = Text(
    vi="Bản sao lưu không chứa khóa và chưa có khóa ở {path}: mật khẩu và cấu hình đã niêm phong sẽ không mở được.",
    en="The key is neither in the backup nor at {path}: sealed passwords and configurations would not open.",
)
_OTHER_KEY: Final = Text(
    vi="Khóa ở {path} không phải khóa của bản sao lưu này: mật khẩu và cấu hình đã niêm phong sẽ không mở được.",
    en="The key at {path} is not that of this backup: sealed passwords and configurations would not open.",
)
_PUT_KEY: Final = Text(
    vi="Chép tệp khóa đã cất riêng (giấy, USB) vào {path}, chạy chmod 600 {path}, rồi chạy lại. Chưa có gì thay đổi.",
    en="Copy the key that was put away (paper, a stick) to {path}, chmod 600 {path}, and run this again. Nothing was"
    " changed.",
)
_SETTINGS: Final = Text(
    vi="Giữ nguyên quang.toml của máy này; bản trong sao lưu nằm ở {file}.",
    en="The quang.toml of this machine stays; the one of the backup is {file}.",
)
_RULEBOOKS: Final = Text(
    vi="Bộ quy định riêng được đặt ở {folder}, còn cấu hình chỉ tới {named}: hãy chép sang đó.",
    en="The own rulebooks are in {folder}, but the settings name {named}: copy them there.",
)
