"""A file that anybody may have written puts nothing where it should not be, and fills no disk."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.backup.bundle import UNJUDGED, read_manifest, unpack
from api.backup.faults import Unusable, Unwritable
from api.backup.manifest import LONGEST, MOST_FILES, MOST_OCTETS, Manifest, fits

CONTENT = b"books"


def listed(name: str, content: bytes = CONTENT, **changed: Any) -> dict[str, Any]:
    return {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()} | changed


def manifest(*files: dict[str, Any], **changed: Any) -> bytes:
    said = {
        "format": 1,
        "quang": "0.1.0",
        "at": "2026-11-24T01:02:03+00:00",
        "database": "sqlite",
        "revision": "0001",
        "key": "0" * 32,
        "rows": {},
        "files": [listed("quang.db"), *files],
    }
    return json.dumps(said | changed).encode()


def bundle(path: Path, *members: tuple[tarfile.TarInfo | str, bytes], first: bytes | None = None) -> Path:
    with tarfile.open(path, "w:gz", format=tarfile.GNU_FORMAT) as tar:
        for what, content in [("manifest.json", manifest() if first is None else first), *members]:
            member = tarfile.TarInfo(what) if isinstance(what, str) else what
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def odd(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def refused(path: Path, into: Path) -> str:
    into.mkdir()
    with pytest.raises(Unusable) as why:
        unpack(path, into)
    assert why.value.first_step.vi
    return why.value.reason.en


def test_what_is_listed_is_put_into_the_folder(tmp_path: Path) -> None:
    files = [listed("configs/objects/ab/cd"), listed("rulebooks/Quy định.yaml")]
    path = bundle(
        tmp_path / "b", ("quang.db", CONTENT), *((one["name"], CONTENT) for one in files), first=manifest(*files)
    )
    (tmp_path / "into").mkdir()
    assert isinstance(unpack(path, tmp_path / "into"), Manifest)
    assert (tmp_path / "into" / "configs" / "objects" / "ab" / "cd").read_bytes() == CONTENT
    assert (tmp_path / "into" / "quang.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "name",
    ["../quang.db", "/etc/passwd", "configs/../../x", "configs/objects/../../../x", "run/lock", "configs/hooks/x",
     "tokens/scrape", "configs/objects/./x", "configs/objects//x", "rulebooks/a/b.yaml", "rulebooks/..", "",
     "configs/objects/x\\y", "configs/objects/a\nb", "configs/objects/" + "x" * 90],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused_in_the_list_and_in_the_file(tmp_path: Path, name: str) -> None:
    with_list = bundle(tmp_path / "a", ("quang.db", CONTENT), first=manifest(listed(name)))
    assert "list of contents" in refused(with_list, tmp_path / "one")
    if name:
        without = bundle(tmp_path / "b", ("quang.db", CONTENT), (name, CONTENT))
        assert "no backup may hold" in refused(without, tmp_path / "two")
    assert {one.name for one in tmp_path.iterdir()} == {"a", "b", "one", "two"} - ({"b", "two"} if not name else set())


@pytest.mark.parametrize(
    "member",
    [odd("quang.db", tarfile.SYMTYPE, "/etc/passwd"), odd("quang.db", tarfile.LNKTYPE, "manifest.json"),
     odd("quang.db", tarfile.CHRTYPE), odd("quang.db", tarfile.BLKTYPE), odd("quang.db", tarfile.FIFOTYPE),
     odd("quang.db", tarfile.DIRTYPE), odd("quang.db", tarfile.GNUTYPE_SPARSE), odd("x", tarfile.XHDTYPE),
     odd("x", tarfile.GNUTYPE_LONGNAME)],
    ids=["symbolic link", "link", "device", "block device", "pipe", "folder", "sparse", "pax", "long name"],
)  # fmt: skip
def test_what_is_no_plain_file_is_refused(tmp_path: Path, member: tarfile.TarInfo) -> None:
    path = bundle(tmp_path / "b", (member, b""), ("quang.db", CONTENT))
    assert "no backup may hold" in refused(path, tmp_path / "into")
    assert list((tmp_path / "into").iterdir()) == []


@pytest.mark.parametrize(
    ("members", "why"),
    [([], "quang.db is missing"), ([("quang.db", CONTENT), ("quang.db", CONTENT)], "no backup may hold"),
     ([("quang.db", b"other")], "was changed"), ([("quang.db", b"longer than said")], "no backup may hold")],
    ids=["missing", "twice", "changed", "larger"],
)  # fmt: skip
def test_a_file_that_is_not_as_listed_is_refused(
    tmp_path: Path, members: list[tuple[tarfile.TarInfo | str, bytes]], why: str
) -> None:
    assert why in refused(bundle(tmp_path / "b", *members), tmp_path / "into")


@pytest.mark.parametrize(
    "first",
    [b"", b"{}", b"[" * 100_000, manifest(format=2), manifest(listed("quang.db")), manifest(listed("quang.dump")),
     manifest(database="oracle"), manifest(key="short"), manifest(listed("key", size=-1)),
     manifest(listed("key", size=MOST_OCTETS + 1)), manifest(listed("key", size=MOST_OCTETS)),
     manifest(listed("key", sha256="x")), manifest(revision="../x"), manifest(at="yesterday"),
     manifest(*(listed(f"rulebooks/{n}.yaml") for n in range(MOST_FILES)))],
)  # fmt: skip
def test_a_list_of_contents_that_is_not_ours_is_refused(tmp_path: Path, first: bytes) -> None:
    path = bundle(tmp_path / "b", ("quang.db", CONTENT), first=first)
    assert "list of contents" in refused(path, tmp_path / "into") or b'"format": 2' in first


def test_a_list_of_contents_of_a_newer_shape_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="a newer version of quang made it"):
        read_manifest(bundle(tmp_path / "b", first=manifest(format=2)))


def test_a_list_of_contents_beyond_all_measure_is_not_read(tmp_path: Path) -> None:
    assert "damaged" in refused(bundle(tmp_path / "b", first=b" " * (LONGEST + 1)), tmp_path / "into")


def test_a_file_made_to_fill_disks_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = bundle(tmp_path / "b", first=manifest(listed("key", size=UNJUDGED)))
    assert "beyond all measure" in refused(path, tmp_path / "into")
    assert list((tmp_path / "into").iterdir()) == []


@pytest.mark.parametrize(
    "spoil",
    [lambda octets: octets[:-1], lambda octets: octets[:200], lambda _: b"", gzip.decompress,
     lambda octets: octets + gzip.compress(bytes(20_000))],
    ids=["a byte short", "half", "empty", "not compressed", "more behind"],
)  # fmt: skip
def test_what_is_cut_short_or_goes_on_is_refused(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = bundle(tmp_path / "b", ("quang.db", CONTENT))
    path.write_bytes(spoil(path.read_bytes()))
    refused(path, tmp_path / "into")


def test_a_file_that_is_not_there_is_told_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="nothing"):
        read_manifest(tmp_path / "nothing.tar.gz")


@given(st.text(max_size=120))
def test_no_name_that_fits_leads_out_of_the_folder(name: str) -> None:
    for one in (name, f"configs/objects/{name}", f"rulebooks/{name}.yaml"):
        if fits(one):
            assert Path("/home/x", one).resolve().is_relative_to("/home/x")
            assert not {"", ".", ".."} & set(one.split("/"))
