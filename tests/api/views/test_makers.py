"""Makers by the beginning of a MAC, from tables as the IEEE writes them."""

from pathlib import Path

import pytest

from api.views import makers
from api.views.makers import Maker, Makers, guess_of
from tests.support.makers import need_makers

HEAD = "Registry,Assignment,Organization Name,Organization Address\n"


def tables(folder: Path, **files: str) -> Makers:
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text(HEAD + lines, encoding="utf-8")
    return Makers(folder)


def test_the_longest_beginning_counts(tmp_path: Path) -> None:
    found = tables(
        tmp_path,
        oui="MA-L,70B3D5,IEEE Registration Authority,x\nMA-L,000C42,Routerboard.com,Riga\nMA-L,8C1F64,Big Block,x\n",
        mam="MA-M,8C1F641,Middle Block,x\n",
        oui36='MA-S,70B3D5719,"2M, Technology",x\nMA-S,8C1F64123,Small Block,x\n',
    )
    assert found.of("00:0c:42:01:02:03").name == "Routerboard.com"
    assert found.of("70:b3:d5:71:90:01").name == "2M, Technology"
    assert found.of("70:b3:d5:00:00:01") == Maker()
    names = [found.of(f"8c:1f:64:{rest}").name for rest in ("12:3f:ff", "1f:00:00", "20:00:00")]
    assert names == ["Small Block", "Middle Block", "Big Block"]


@pytest.mark.parametrize("mac", ["", "00:0c:42", "da:a1:19:00:00:01", "ff:ff:ff:ff:ff:ff"])
def test_what_stands_in_no_table_has_no_maker(tmp_path: Path, mac: str) -> None:
    assert tables(tmp_path, oui="MA-L,000C42,Routerboard.com,Riga\n").of(mac) == Maker()


def test_without_the_tables_there_are_no_makers(tmp_path: Path) -> None:
    assert Makers(tmp_path / "none").of("00:0c:42:01:02:03") == Maker()
    (tmp_path / "oui.csv").mkdir()
    assert Makers(tmp_path).of("00:0c:42:01:02:03") == Maker()


def test_lines_that_are_none_are_passed_over_and_names_are_one_short_line(tmp_path: Path) -> None:
    found = tables(
        tmp_path,
        oui=f"nonsense\nMA-L,XYZ,Nobody,x\nMA-L,12,Short,x\nMA-L,000001,Private,\n"
        f'MA-L,000002,"<b>Two\nlines\x1b</b>",x\nMA-L,000003,{"x" * 500},x\nMA-L,00000４,Wide figure,x\n',
    )
    assert found.of("00:00:01:00:00:00") == Maker()
    assert found.of("00:00:02:00:00:00").name == "<b>Two lines </b>"
    assert len(found.of("00:00:03:00:00:00").name) == makers.LONGEST
    assert found.of("00:00:04:00:00:00") == Maker()


def test_a_file_that_is_too_large_or_no_table_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mam.csv").write_bytes(b'"' + b"\xff\0" * 200_000)
    found = tables(tmp_path, oui="MA-L,000C42,Routerboard.com,Riga\n" * 10)
    assert found.of("00:0c:42:01:02:03").name == "Routerboard.com"
    monkeypatch.setattr(makers, "MOST_OCTETS", 100)
    assert Makers(tmp_path).of("00:0c:42:01:02:03") == Maker()


def test_no_more_rows_than_the_bound_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "MOST_ROWS", 2)
    found = tables(tmp_path, oui="MA-L,000C42,One,x\nMA-L,000C43,Two,x\n")
    assert (found.of("00:0c:42:00:00:00").name, found.of("00:0c:43:00:00:00").name) == ("One", "")


def test_makers_of_one_kind_of_thing_are_guessed_by_the_beginning_of_a_word() -> None:
    assert guess_of("Hangzhou Hikvision Digital Technology Co.,Ltd.") is makers.GUESSES[0][0]
    assert guess_of("Brother industries, LTD.") is makers.GUESSES[1][0]
    assert guess_of("Samsung Electronics Co.,Ltd") is None
    assert guess_of("Notdell Inc") is None


def test_debians_tables_are_read() -> None:
    found = Makers(need_makers())
    assert "Hikvision" in found.of("4c:bd:8f:01:02:03").name
    assert found.of("00:0c:42:01:02:03").guess is not None
    assert found.of("da:a1:19:00:00:01") == Maker()
