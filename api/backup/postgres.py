"""Books on PostgreSQL, by its own `pg_dump` and `pg_restore`; the password goes in a file, never on a command line."""

import os
import subprocess
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text

from api.backup.faults import Unusable, nothing_yet
from api.backup.tables import Facts, facts
from api.stack.programs import find
from inventory.db import reading
from inventory.errors import Conflict, Unavailable
from inventory.text import Text

LIMIT_S: Final = 4 * 3_600
"""Seconds that a dump or its return may take."""

_PACKAGE: Final = "postgresql-client"
_TOLD: Final = 600
_SECRET: Final = frozenset({"password", "sslpassword"})


def copy(engine: Engine, target: Path) -> Facts:
    """Dump the books to a new file, as they are at one moment, and return what they hold at that moment.

    Args:
        engine: The database.
        target: A file that does not exist yet, in a folder of our own; on disk when this returns.

    Raises:
        NothingYet: The database holds no books.
        Missing: `pg_dump` is not installed.
        Unavailable: The database does not answer, or `pg_dump` says no.
    """
    program = find(["pg_dump"], _PACKAGE)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with reading(engine) as session:
        found = facts(session)
        if found is None:
            raise nothing_yet(engine.url.database)
        # What is counted here and what is dumped there is the same moment.
        moment = session.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        words = ("--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60s", f"--snapshot={moment}")
        _run([program, *words, f"--file={target}"], engine, target.parent)
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return found


def look(path: Path) -> None:
    """Make sure that a dump can be read.

    Raises:
        Missing: `pg_restore` is not installed.
        Unusable: It cannot.
    """
    command = [find(["pg_restore"], _PACKAGE), "--file=/dev/null", str(path)]
    done = subprocess.run(  # noqa: S603 - our own words
        command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S
    )
    if done.returncode:
        raise Unusable(_BROKEN.fill(why=_said(done.stderr)))


def restore(engine: Engine, dump: Path) -> None:
    """Put a dump into an empty database: all of it or nothing.

    Raises:
        Conflict: The database is not empty.
        Missing: `pg_restore` is not installed.
        Unavailable: The database does not answer, or `pg_restore` says no; nothing was written.
    """
    program = find(["pg_restore"], _PACKAGE)
    refuse_full(engine)
    words = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run([program, *words, str(dump)], engine, dump.parent)


def refuse_full(engine: Engine) -> None:
    """Make sure that a database is empty.

    Raises:
        Conflict: It is not.
        Unavailable: It does not answer.
    """
    with reading(engine) as session:
        if session.execute(text(_ANYTHING)).scalar_one():
            raise Conflict(_FULL.fill(name=engine.url.database), _MAKE_ONE)


def _run(command: list[str], engine: Engine, folder: Path) -> None:
    """Run a program on the database; both programs take the connection as `--dbname`."""
    named = engine.url.translate_connect_args(database="dbname", username="user")
    asked = {name: value if isinstance(value, str) else ",".join(value) for name, value in engine.url.query.items()}
    known = {name: str(value) for name, value in named.items()} | asked
    secret = known.get("password")
    open_to_all = " ".join(f"{name}='{_quoted(value)}'" for name, value in known.items() if name not in _SECRET)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QUANG_")}
    file = folder / ".pgpass"
    try:
        if secret:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
                out.write("*:*:*:*:" + secret.replace("\\", "\\\\").replace(":", "\\:") + "\n")
            environment["PGPASSFILE"] = str(file)
        done = subprocess.run(  # noqa: S603 - our own words
            [*command, "--no-password", f"--dbname={open_to_all}"],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(_FAILED.fill(name=Path(command[0]).name, why=f"> {LIMIT_S} s"), _FIRST) from None
    finally:
        file.unlink(missing_ok=True)
    if done.returncode:
        raise Unavailable(_FAILED.fill(name=Path(command[0]).name, why=_said(done.stderr)), _FIRST)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _said(stderr: str) -> str:
    return " ".join(stderr.split())[-_TOLD:] or "?"


_ANYTHING: Final = (
    "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
    " WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\\_%'"
)
_BROKEN: Final = Text(
    vi="bản kết xuất PostgreSQL bên trong không đọc được ({why}).",
    en="the PostgreSQL dump in it cannot be read ({why}).",
)
_FAILED: Final = Text(vi="{name} báo lỗi: {why}", en="{name} complains: {why}")
_FIRST: Final = Text(
    vi="Kiểm tra máy chủ cơ sở dữ liệu, ổ đĩa còn chỗ không, và phiên bản postgresql-client không cũ hơn máy chủ.",
    en="Check the database server, that the disk has room, and that postgresql-client is not older than the server.",
)
_FULL: Final = Text(vi="Cơ sở dữ liệu {name} không trống.", en="The database {name} is not empty.")
_MAKE_ONE: Final = Text(
    vi="Tạo một cơ sở dữ liệu trống (createdb TÊN), ghi tên đó vào [database] url trong quang.toml rồi chạy lại; cơ sở"
    " dữ liệu cũ được giữ nguyên.",
    en="Make an empty database (createdb NAME), name it in [database] url of quang.toml and run this again; the old one"
    " stays as it is.",
)
