"""The command line: it speaks both languages, and does what an administrator of the machine needs without the pages."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.parts import need
from tests.support.running import quang

COMMANDS = [
    (),
    ("up",),
    ("api",),
    ("collect",),
    ("render",),
    ("check",),
    ("backup",),
    ("restore",),
    ("import",),
    ("export",),
    ("config",),
    ("config", "list"),
    ("config", "show"),
    ("config", "export"),
    ("demo",),
    ("demo", "cut"),
    ("demo", "dim"),
    ("demo", "power-off"),
    ("demo", "restore"),
    ("key",),
    ("key", "show-path"),
    ("user",),
    ("user", "add"),
    ("user", "password"),
    ("user", "list"),
    ("token",),
    ("token", "issue"),
    ("token", "list"),
    ("token", "revoke"),
    ("token", "renew"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("commands") / "home"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_is_in_both_languages(words: tuple[str, ...], home: Path) -> None:
    done = quang(*words, "--help", home=home)
    assert done.returncode == 0
    assert " / " in done.stdout
    assert any(mark in done.stdout for mark in "ạảếềộưđệịổ")


def test_help_comes_without_loading_the_database_library(home: Path) -> None:
    script = "import sys, api.__main__; print(sorted({'sqlalchemy', 'fastapi', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.stdout.strip() == "[]"


def test_the_version_is_told(home: Path) -> None:
    assert quang("--version", home=home).stdout.startswith("quang 0.")


def test_an_account_is_made_listed_and_given_a_new_password(home: Path) -> None:
    made = quang("user", "add", "hoa.nt", "--role", "auditor", "--name", "Nguyễn Thị Hoa", home=home)
    assert made.returncode == 0, made.stderr
    name, password = made.stdout.strip().split(": ")
    assert (name, len(password) > 14) == ("hoa.nt", True)
    assert "hoa.nt\tauditor\t–\tNguyễn Thị Hoa\tđang dùng / active" in quang("user", "list", home=home).stdout
    again = quang("user", "password", "hoa.nt", home=home).stdout
    assert again.startswith("hoa.nt: ")
    assert password not in again


def test_a_wrong_account_is_refused_with_each_wrong_field_and_no_traceback(home: Path) -> None:
    done = quang("user", "add", "Hoa NT", "--role", "commune_staff", "--email", "nowhere", home=home)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert {"username", "email"} <= {line.strip().split(":")[0] for line in done.stderr.splitlines()}


def test_an_unknown_account_gets_no_password(home: Path) -> None:
    done = quang("user", "password", "nobody", home=home)
    assert done.returncode == 1
    assert "nobody" in done.stderr


def test_a_token_is_issued_listed_and_revoked(home: Path) -> None:
    quang("user", "add", "bao.cao", "--role", "auditor", home=home)
    words = ("--scope", "read", "--days", "30", "--account", "bao.cao")
    issued = quang("token", "issue", "report", *words, home=home)
    assert issued.returncode == 0, issued.stderr
    secret = issued.stdout.strip()
    assert secret.startswith("quang_")
    listed = quang("token", "list", home=home).stdout
    assert "report\tread\t–\t" in listed
    assert secret not in listed
    assert quang("token", "revoke", "report", home=home).returncode == 0
    assert "đã thu hồi / revoked" in quang("token", "list", home=home).stdout


def test_a_token_that_reads_needs_an_account_whose_rights_it_has(home: Path) -> None:
    done = quang("token", "issue", "loose", "--scope", "read", home=home)
    assert done.returncode == 1
    assert "--account" in done.stderr


def test_a_collector_token_needs_its_collector(home: Path) -> None:
    done = quang("token", "issue", "far", "--scope", "collector", home=home)
    assert done.returncode == 1
    assert "collector_name" in done.stderr


def test_the_path_of_the_key_is_told_not_the_key(home: Path) -> None:
    done = quang("key", "show-path", home=home)
    assert done.stdout.strip() == str(home / "key")


def test_the_rendered_files_please_their_programs(home: Path, tmp_path: Path) -> None:
    done = quang("render", "--to", str(tmp_path / "out"), home=home)
    assert done.returncode == 0, done.stderr
    written = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.yml")}
    assert {"prometheus.yml", "alertmanager.yml", "rules/quang.yml"} <= written
    assert list((tmp_path / "out" / "grafana" / "boards" / "vi").glob("*.json"))
    for command in (
        (need("promtool"), "check", "rules", str(tmp_path / "out" / "rules" / "quang.yml")),
        (need("amtool"), "check-config", str(tmp_path / "out" / "alertmanager.yml")),
    ):
        subprocess.run(command, check=True, capture_output=True, timeout=240)


def test_check_tells_what_was_changed_behind_the_programs_back(tmp_path: Path) -> None:
    home = tmp_path / "home"
    quang("user", "add", "hoa.nt", "--role", "auditor", home=home)
    with sqlite3.connect(home / "quang.db") as database:
        database.execute("update account set role = 'administrator' where username = 'hoa.nt'")
    database.close()
    done = quang("check", home=home)
    assert done.returncode == 1
    assert "hoa.nt" in done.stderr
    assert "role" in done.stderr


def test_a_collector_without_settings_names_each_that_is_missing(home: Path) -> None:
    done = quang("collect", home=home)
    assert done.returncode == 1
    assert "name: thiếu cài đặt này. / name: this setting is missing." in done.stderr


def test_a_fault_without_a_demonstration_says_how_to_start_one(home: Path) -> None:
    done = quang("demo", "cut", "tan-lap", home=home)
    assert done.returncode == 1
    assert "quang demo" in done.stderr
    assert "Chưa có huyện mô phỏng nào đang chạy." in done.stderr
