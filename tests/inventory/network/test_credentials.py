import json
import logging
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.db import reading
from inventory.errors import Invalid
from inventory.history import Change
from inventory.keys import Keys
from inventory.network.credentials import SECRETS, Credential
from inventory.network.opening import open_credential
from inventory.network.references import BrokenReference
from inventory.nouns import NOUNS
from inventory.register import Query, create, get, list_
from tests.support.refusals import change, problems_of_creating, refused, refused_change
from tests.support.rows import add

V3 = {"name": "c", "kind": "snmp_v3", "user": "u", "auth": "sha256", "auth_pass": "authauth", "priv": "aes128",
      "priv_pass": "privpriv"}  # fmt: skip


def opened(books: Books, name: str = "c") -> dict[str, Any]:
    with reading(books.engine) as session:
        row = session.exec(select(Credential).where(Credential.name == name)).one()
        return open_credential(books.keys, row)


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"kind": "snmp_v2c"}, {("community", "required")}),
        ({"kind": "snmp_v2c", "community": ""}, {("community", "required")}),
        ({"kind": "snmp_v2c", "community": "x", "user": "u"}, {("user", "not_for_kind")}),
        ({"kind": "snmp_v2c", "community": "x", "password": "y"}, {("password", "not_for_kind")}),
        ({"kind": "snmp_v3"}, {("user", "required")}),
        ({"kind": "snmp_v3", "user": "u", "auth": "sha256"}, {("auth_pass", "required")}),
        ({"kind": "snmp_v3", "user": "u", "priv": "aes128", "priv_pass": "12345678"}, {("auth", "required")}),
        ({"kind": "snmp_v3", "user": "u", "auth": "md5", "auth_pass": "short"}, {("auth_pass", "too_short")}),
        ({"kind": "snmp_v3", "user": "u", "auth": "crc32"}, {("auth", "not_a_choice")}),
        ({"kind": "ssh", "user": "u"}, {("password", "required")}),
        ({"kind": "ssh", "password": "p"}, {("user", "required")}),
        ({"kind": "ssh", "user": "u", "enable_secret": "e"}, {("password", "required")}),
        ({"kind": "snmp_v2c", "community": "x", "enable_secret": "e"}, {("enable_secret", "not_for_kind")}),
        ({"kind": "http", "user": "u"}, {("password", "required")}),
        ({"kind": "http"}, {("user", "required"), ("password", "required")}),
        ({"kind": "snmp_v2c", "reference": "vault:x"}, {("reference", "reference")}),
        ({"kind": "snmp_v2c", "reference": "file:relative"}, {("reference", "reference")}),
        ({"kind": "snmp_v2c", "reference": "file:/a/../b"}, {("reference", "reference")}),
        ({"kind": "snmp_v2c", "reference": "env:QUANG_DATABASE_URL"}, {("reference", "reference")}),
        ({"kind": "snmp_v2c", "reference": "file:/proc/self/environ"}, {("reference", "reference")}),
        ({"kind": "snmp_v2c", "reference": "env:X", "community": "x"}, {("reference", "two_secrets")}),
        ({"kind": "telnet"}, {("kind", "not_a_choice")}),
        ({"kind": "snmp_v2c", "community": "x" * 256}, {("community", "too_long")}),
    ],
)
def test_a_wrong_field_is_named(books: Books, values: dict[str, str], problems: set[tuple[str, str]]) -> None:
    assert refused(books, "credentials", name="c", **values) == problems


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "snmp_v2c", "community": "secret-one"},
        V3,
        {"kind": "ssh", "user": "u", "private_key": "-----BEGIN secret-one"},
        {"kind": "ssh", "user": "u", "password": "secret-one", "enable_secret": "secret-two"},
        {"kind": "http", "user": "u", "password": "secret-one"},
        {"kind": "http", "bearer": "secret-one"},
    ],
)
def test_a_secret_is_written_opened_for_a_collector_and_never_read(books: Books, values: dict[str, str]) -> None:
    made = add(books, "credentials", **{"name": "c"} | values)
    assert {"kind": values["kind"]} | {k: v for k, v in values.items() if k != "name"} == opened(books)
    shown = [made, get(books, SYSTEM, NOUNS["credentials"], "c")]
    shown += list_(books, SYSTEM, NOUNS["credentials"], Query()).items
    for record in shown:
        text = record.model_dump_json() + repr(record) + str(record)
        assert not any(values[name] in text for name in SECRETS if name in values)
        assert record.model_dump()["has_secret"] is True


def test_no_problem_repeats_a_secret(books: Books) -> None:
    for problem in problems_of_creating(
        books, "credentials", name="c", kind="snmp_v3", user="u", auth="md5", auth_pass="s3cret", community="s3cret"
    ):  # fmt: skip
        assert "s3cret" not in repr(problem)
    with pytest.raises(Invalid) as caught:
        create(books, SYSTEM, NOUNS["credentials"], {"name": "c", "kind": "snmp_v2c", "community": ["s3cret"]})
    assert "s3cret" not in repr(caught.value.problems)


def test_a_part_of_a_secret_is_changed_and_the_others_stay(books: Books) -> None:
    add(books, "credentials", **V3)
    assert change(books, "credentials", "c", priv_pass="newprivpriv").version == 2
    assert (opened(books)["auth_pass"], opened(books)["priv_pass"]) == ("authauth", "newprivpriv")
    change(books, "credentials", "c", priv="none", priv_pass=None, note="x")
    assert "priv_pass" not in opened(books)
    assert refused_change(books, "credentials", "c", auth_pass=None) == {("auth_pass", "required")}
    assert refused_change(books, "credentials", "c", kind="ssh", password="x") >= {("kind", "fixed")}


def test_a_secret_for_more_rights_is_changed_alone_taken_away_and_in_no_row_of_the_history(books: Books) -> None:
    add(books, "credentials", name="c", kind="ssh", user="u", password="secret-one")
    change(books, "credentials", "c", enable_secret="secret-two")
    assert (opened(books)["password"], opened(books)["enable_secret"]) == ("secret-one", "secret-two")
    change(books, "credentials", "c", enable_secret=None)
    assert "enable_secret" not in opened(books)
    with reading(books.engine) as session:
        rows = [repr(row.model_dump()) for row in session.exec(select(Change).where(Change.object_key == "c"))]
    assert len(rows) == 3
    assert [row for row in rows if "secret-one" in row or "secret-two" in row] == []


def test_a_reference_takes_the_place_of_the_sealed_secret_and_back(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUANG_SECRET_TEST", "from-outside")
    add(books, "credentials", name="c", kind="snmp_v2c", community="inside")
    written = change(books, "credentials", "c", reference="env:QUANG_SECRET_TEST").model_dump()
    assert (written["has_secret"], written["reference"]) == (False, "env:QUANG_SECRET_TEST")
    assert opened(books)["community"] == "from-outside"
    assert refused_change(books, "credentials", "c", community="x") == {("reference", "two_secrets")}
    assert refused_change(books, "credentials", "c", reference="") == {("community", "required")}
    change(books, "credentials", "c", reference="", community="inside again")
    assert opened(books)["community"] == "inside again"


def test_the_key_file_itself_is_never_sent_to_a_device(books: Books, tmp_path: Path) -> None:
    Keys.from_file(tmp_path / "key")
    add(books, "credentials", name="c", kind="snmp_v2c", reference=f"file:{tmp_path}/key")
    with pytest.raises(BrokenReference):
        opened(books)


def test_nothing_secret_reaches_the_log(books: Books, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="inventory"):
        add(books, "credentials", name="c", kind="snmp_v2c", community="s3cret-word")
    assert "s3cret-word" not in caplog.text


def test_what_people_see_is_stored_apart_from_the_secret(books: Books) -> None:
    add(books, "credentials", **V3)
    with reading(books.engine) as session:
        row = session.exec(select(Credential)).one()
    assert json.loads(row.public) == {"user": "u", "auth": "sha256", "priv": "aes128"}
    assert "authauth" not in repr(row)
    assert row.sealed not in repr(row)
