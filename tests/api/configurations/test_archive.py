import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.configurations.archive import FOLDER, Archive
from inventory.errors import NotFound, Unavailable
from inventory.keys import BadKey, Keys
from tests.support.parts import need

T0 = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SECRET = "planted-c0mmunity"
TEXT = f"""\
Building configuration...
! Last configuration change at 10:11:12 ICT Mon Nov 23 2026 by admin
hostname sw
snmp-server community {SECRET} RO
end
"""


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path, Keys(bytes(32)))


def save(archive: Archive, text: str = TEXT, *, hours: float = 0, device: str = "sw") -> tuple[str, bool]:
    copy, written = archive.save(device, "ios", text, T0 + timedelta(hours=hours))
    return copy.version, written


def test_what_was_kept_comes_back_letter_by_letter(archive: Archive) -> None:
    version, written = save(archive)
    copy = archive.version("sw", version)
    assert written
    assert (copy.text, copy.platform, copy.at) == (TEXT, "ios", T0)
    assert (copy.told.who, copy.told.when) == ("admin", "10:11:12 ICT Mon Nov 23 2026")
    assert archive.last("sw") == copy


def test_only_a_real_change_is_written(archive: Archive) -> None:
    first, _ = save(archive)
    assert save(archive, TEXT.replace("10:11:12", "11:00:00"), hours=6) == (first, False)
    second, written = save(archive, TEXT.replace("hostname sw", "hostname sw2"), hours=12)
    assert written
    assert second != first
    assert [one.blob for one in archive.log("sw", 9)] == [second, first]
    assert "hostname sw\n" in archive.version("sw", first).text


def test_a_report_that_is_delivered_again_writes_nothing(archive: Archive) -> None:
    save(archive)
    second, _ = save(archive, TEXT.replace("hostname sw", "hostname sw2"), hours=6)
    assert save(archive) == (second, False)
    assert len(archive.log("sw", 9)) == 2


def test_a_clock_that_once_was_wrong_by_years_stops_no_copies(archive: Archive) -> None:
    save(archive, hours=24 * 365)
    assert save(archive, TEXT.replace("hostname sw", "hostname sw2"))[1]


def test_each_device_has_its_own_copies(archive: Archive) -> None:
    first, _ = save(archive)
    other, written = save(archive, device="rt")
    assert written
    assert other != first
    with pytest.raises(NotFound):
        archive.version("rt", first)


@pytest.mark.parametrize("version", ["", "0" * 40, "../../etc/passwd", "HEAD", "g" * 40])
def test_a_version_that_is_none_is_not_found(archive: Archive, version: str) -> None:
    save(archive)
    with pytest.raises(NotFound):
        archive.version("sw", version)


def test_nothing_on_the_disk_holds_a_secret_and_only_the_owner_reads_it(archive: Archive, tmp_path: Path) -> None:
    save(archive)
    files = [path for path in (tmp_path / FOLDER).rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []
    assert (tmp_path / FOLDER).stat().st_mode & 0o077 == 0
    assert SECRET not in repr(archive) + repr(archive.last("sw"))


def test_git_itself_reads_the_history(archive: Archive, tmp_path: Path) -> None:
    save(archive)
    save(archive, TEXT.replace("hostname sw", "hostname sw2"), hours=6)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    folder = str(tmp_path / FOLDER)

    def git(*words: str) -> str:
        done = subprocess.run(
            [need("git"), "-c", "safe.directory=*", "--git-dir", folder, *words],
            check=True, capture_output=True, timeout=30, env=environment,
        )  # fmt: skip
        return done.stdout.decode(errors="replace")

    assert git("log", "--format=%an %s", "main", "--", "sw").splitlines() == [
        "admin sw: changed", "admin sw: first copy",
    ]  # fmt: skip
    assert git("fsck", "--strict") == ""
    assert SECRET not in git("show", "main:sw")


def test_another_key_opens_nothing_and_is_told(archive: Archive, tmp_path: Path) -> None:
    version, _ = save(archive)
    stranger = Archive(tmp_path, Keys(b"x" * 32))
    with pytest.raises(BadKey):
        stranger.version("sw", version)
    with pytest.raises(BadKey):
        save(stranger, hours=6)
    assert [version[:12] in found.en for found in stranger.findings()] == [True]
    assert archive.findings() == []


def test_a_copy_of_one_device_cannot_be_put_in_the_place_of_another(archive: Archive, tmp_path: Path) -> None:
    version, _ = save(archive)
    raw = archive.repository.read(version)
    assert raw is not None
    forged = archive.repository.write("rt", raw.replace(b" sw\n", b" rt\n", 1), "rt: changed\n", "x <x@rt>", T0)
    with pytest.raises(BadKey):
        archive.version("rt", forged)


def test_a_damaged_archive_is_told_and_never_written_over(archive: Archive, tmp_path: Path) -> None:
    save(archive)
    for path in (tmp_path / FOLDER / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(b"damaged")
    with pytest.raises(Unavailable):
        save(archive, hours=6)
    assert len(archive.findings()) == 1


def test_an_archive_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way")
    with pytest.raises(Unavailable):
        save(Archive(tmp_path, Keys(bytes(32))))


def test_before_the_first_copy_there_is_nothing(archive: Archive) -> None:
    assert (archive.last("sw"), archive.log("sw", 9), archive.findings()) == (None, [], [])


def test_who_a_device_names_may_be_anybody(archive: Archive) -> None:
    save(archive, TEXT.replace("by admin", "by <>\x00;rm"))
    assert archive.log("sw", 9)[0].subject == "sw: first copy"


def test_a_mark_is_the_same_for_the_same_secret_of_a_device_alone(archive: Archive, tmp_path: Path) -> None:
    mark = archive.mark("sw", SECRET)
    assert mark == archive.mark("sw", SECRET)
    assert SECRET not in mark
    assert len({mark, archive.mark("rt", SECRET), Archive(tmp_path, Keys(b"x" * 32)).mark("sw", SECRET)}) == 3
