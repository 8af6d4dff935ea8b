import fcntl
import os
import subprocess
import sys
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
            check=True, capture_output=True, timeout=120, env=environment,
        )  # fmt: skip
        return done.stdout.decode(errors="replace")

    assert git("log", "--format=%an %s", "main", "--", "sw").splitlines() == [
        "admin sw: changed", "admin sw: first copy",
    ]  # fmt: skip
    assert git("fsck", "--strict") == ""
    assert SECRET not in git("show", "main:sw")


def test_a_bundle_that_git_makes_while_it_runs_puts_all_back(archive: Archive, tmp_path: Path) -> None:
    version, _ = save(archive)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    git = [need("git"), "-c", "safe.directory=*"]
    bundle, place = str(tmp_path / "bundle"), str(tmp_path / "again" / FOLDER)
    (tmp_path / "again").mkdir()
    for words in (["--git-dir", str(tmp_path / FOLDER), "bundle", "create", "-q", bundle, "--all"],
                  ["clone", "-q", "--bare", bundle, place]):  # fmt: skip
        subprocess.run([*git, *words], check=True, timeout=120, env=environment)
    again = Archive(tmp_path / "again", Keys(bytes(32)))
    assert again.version("sw", version).text == TEXT
    assert save(again, TEXT.replace("hostname sw", "hostname sw2"), hours=6)[1]
    assert len(again.log("sw", 9)) == 2


SAVE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from api.configurations import repository
from api.configurations.archive import Archive
from inventory.keys import Keys
# Who writes again at once may keep the other waiting: that is no matter here, however slow the disk is.
repository.WAIT_S = 110.0
archive = Archive(Path(sys.argv[1]), Keys(bytes(32)))
for number in range(15):
    for device in (sys.argv[2], "both"):
        text = f"hostname {device}\\ninterface Gi0/{number}\\nend\\n"
        archive.save(device, "ios", text, datetime(2026, 11, 23, number, tzinfo=UTC))
"""


def test_two_processes_write_without_losing_anything(archive: Archive, tmp_path: Path) -> None:
    both = [subprocess.Popen([sys.executable, "-c", SAVE, str(tmp_path), name]) for name in ("one", "two")]
    assert [process.wait(120) for process in both] == [0, 0]
    assert [len(archive.log(name, 99)) for name in ("one", "two", "both")] == [15, 15, 15]
    assert archive.findings() == []


def test_another_process_that_never_stops_writing_is_told(archive: Archive, tmp_path: Path) -> None:
    save(archive)
    with (tmp_path / FOLDER / "write.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        clock = iter((0.0, 99.0, 999.0))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("api.configurations.repository.time.monotonic", lambda: next(clock))
            with pytest.raises(Unavailable):
                save(archive, hours=6)


@pytest.mark.parametrize("by", ["itself", "git"])
def test_many_copies_take_few_files_and_all_come_back(tmp_path: Path, by: str) -> None:
    archive = Archive(tmp_path, Keys(bytes(32)), loose=100 if by == "itself" else 100_000)
    kept = {}
    for number in range(60):
        version, _ = save(archive, TEXT.replace("hostname sw", f"hostname sw{number}"), hours=number)
        kept[version] = number
    folder = tmp_path / FOLDER
    if by == "git":
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
        words = [need("git"), "-c", "safe.directory=*", "--git-dir", str(folder), "gc", "-q"]
        subprocess.run(words, check=True, timeout=120, env=environment)
    loose = [path for path in (folder / "objects").glob("??/*") if path.is_file()]
    assert list((folder / "objects" / "pack").glob("*.pack"))
    assert len(loose) < 150
    again = Archive(tmp_path, Keys(bytes(32)))
    assert all(f"hostname sw{number}\n" in again.version("sw", version).text for version, number in kept.items())
    assert [one.blob for one in again.log("sw", 99)] == list(reversed(kept))
    assert again.findings() == []


def test_the_log_of_a_device_holds_no_other_whose_name_begins_alike(archive: Archive) -> None:
    save(archive)
    save(archive, device="sw-2")
    save(archive, device="sw.lab")
    assert [len(archive.log(name, 9)) for name in ("sw", "sw-2", "s")] == [1, 1, 0]


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
    with archive.repository.locked():
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


def test_a_writer_that_was_killed_keeps_no_later_one_from_writing(archive: Archive, tmp_path: Path) -> None:
    save(archive)
    (tmp_path / FOLDER / "refs" / "heads" / "main.lock").touch()
    assert save(archive, TEXT + "! more\n", hours=1)[1]
    assert len(archive.log("sw", 9)) == 2


@pytest.mark.parametrize("made", [("branches",), ("refs/heads", "hooks"), ("refs/heads", "objects/pack")])
def test_an_archive_that_was_only_half_made_is_made_anew(
    archive: Archive, tmp_path: Path, made: tuple[str, ...]
) -> None:
    for folder in made:
        (tmp_path / FOLDER / folder).mkdir(parents=True)
    assert archive.log("sw", 9) == []
    assert save(archive)[1]


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
