"""Secrets outside the database: read anew each time, every broken reference named, never its content."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from inventory.books import Books
from inventory.keys import BadKey, Keys
from inventory.network.credentials import Credential
from inventory.network.opening import open_credential
from inventory.network.references import MOST_BYTES, BrokenReference, read_reference

KEYS = Keys(b"k" * 32)


def test_a_variable_and_a_file_are_read_without_the_line_break(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("bí mật\r\n", encoding="utf-8")
    assert read_reference("env:QUANG_X", {"QUANG_X": "bí mật"}) == "bí mật"
    assert read_reference(f"file:{file}") == "bí mật"


@pytest.mark.parametrize(
    "reference",
    ["", "x", "http://x", "env:", "env:A B", "env:1A", "env:NONE", "env:EMPTY", "env:" + "A" * 200, "file:",
     "file:relative", "file:/none/at/all", "file:/etc\0"],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_says_why(reference: str) -> None:
    with pytest.raises(BrokenReference) as caught:
        read_reference(reference, {"EMPTY": " "})
    assert caught.value.reason.vi
    assert caught.value.first_step.vi


def test_a_file_that_is_no_secret_is_refused(tmp_path: Path) -> None:
    pipe, large, binary = tmp_path / "pipe", tmp_path / "large", tmp_path / "binary"
    os.mkfifo(pipe)
    large.write_bytes(b"x" * (MOST_BYTES + 1))
    binary.write_bytes(b"\xff\xfe")
    for path in (pipe, large, binary, tmp_path):
        with pytest.raises(BrokenReference):
            read_reference(f"file:{path}")


@pytest.mark.parametrize(
    ("kind", "public", "secret", "parts"),
    [
        ("snmp_v2c", {}, "noi-bo", {"community": "noi-bo"}),
        ("ssh", {"user": "quang"}, "mật khẩu", {"user": "quang", "password": "mật khẩu"}),
        ("ssh", {"user": "quang"}, "-----BEGIN KEY", {"user": "quang", "private_key": "-----BEGIN KEY"}),
        ("http", {}, "abc", {"bearer": "abc"}),
        ("http", {"user": "x"}, "abc", {"user": "x", "password": "abc"}),
        ("snmp_v3", {"user": "x"}, '{"auth_pass": "a"}', {"user": "x", "auth_pass": "a"}),
    ],
)
def test_what_a_reference_holds_is_understood_by_its_kind(
    kind: str, public: dict[str, Any], secret: str, parts: dict[str, Any]
) -> None:
    row = Credential(name="x", kind=kind, reference="env:SECRET", public=json.dumps(public))
    assert open_credential(KEYS, row, {"SECRET": secret}) == parts | {"kind": kind}


@pytest.mark.parametrize("secret", ["abc", "{", '{"a": 1', "[" * 100_000, "{" + "[" * 50_000])
def test_what_is_no_credential_of_its_kind_is_refused_without_being_shown(secret: str) -> None:
    row = Credential(name="x", kind="snmp_v3", reference="env:SECRET")
    with pytest.raises(BrokenReference) as caught:
        open_credential(KEYS, row, {"SECRET": secret})
    assert secret not in str(caught.value.reason).replace("{kind}", "")


def test_a_sealed_secret_opens_with_its_own_key_only(books: Books) -> None:
    row = Credential(name="x", kind="snmp_v2c", sealed=books.keys.seal('{"community": "noi-bo"}'))
    assert open_credential(books.keys, row) == {"community": "noi-bo", "kind": "snmp_v2c"}
    with pytest.raises(BadKey):
        open_credential(KEYS, row)
