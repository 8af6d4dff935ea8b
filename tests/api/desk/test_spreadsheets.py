"""Files of rows on the command line."""

from pathlib import Path

import pytest

from tests.support.running import quang

HEAD = "Tên ngắn,Tên đơn vị,Loại đơn vị,Trực thuộc\n"
SITES = HEAD + "huyen,Huyện Bắc Quang,huyện,\ntan-lap,Xã Tân Lập,xã,huyen\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files") / "home"


def test_a_list_is_rehearsed_imported_and_exported(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text(SITES, encoding="utf-8")
    rehearsed = quang("import", "sites", str(file), "--dry-run", home=home)
    assert (rehearsed.returncode, rehearsed.stderr.count("✗")) == (0, 0)
    assert "2 mới / new" in rehearsed.stdout
    assert "Chưa ghi gì. / Nothing was written." in rehearsed.stdout
    written = quang("import", "sites", str(file), home=home)
    assert "Đã ghi. / Written." in written.stdout
    book = tmp_path / "sites.xlsx"
    assert quang("export", "sites", str(book), home=home).stdout.strip() == str(book)
    again = quang("import", "sites", str(book), home=home)
    assert "2 giữ nguyên / unchanged" in again.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"sites.csv", "sites.xlsx"}


def test_wrong_rows_are_told_in_both_languages_and_nothing_is_written(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text(HEAD + "a,Xã A,xãã,\nB C,Xã B,xã,nowhere\n", encoding="utf-8")
    done = quang("import", "sites", str(file), home=home)
    assert done.returncode == 1
    assert "✗ 2, Loại đơn vị “xãã”: Chỉ nhận:" in done.stderr
    assert "→ Xã" in done.stderr
    assert "→ b-c" in done.stderr
    assert "There is no site “nowhere”." in done.stderr
    assert "3 lỗi / errors" in done.stdout
    assert "Traceback" not in done.stderr


def test_an_account_imports_what_it_may(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text(HEAD + "c,Xã C,xã,\n", encoding="utf-8")
    quang("user", "add", "kiem.tra", "--role", "auditor", home=home)
    refused = quang("import", "sites", str(file), "--as", "kiem.tra", home=home)
    assert (refused.returncode, "không có quyền" in refused.stderr) == (1, True)
    unknown = quang("import", "sites", str(file), "--as", "ai-do", home=home)
    assert (unknown.returncode, "ai-do" in unknown.stderr) == (1, True)


def test_columns_are_named_by_hand(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text("Ma so ngan,Goi la,Cap bac\nd,Xã D,xã\n", encoding="utf-8")
    said = ("--map", "Ma so ngan=slug", "--map", "Goi la=name", "--map", "Cap bac=kind")
    assert quang("import", "sites", str(file), *said, home=home).returncode == 0
    wrong = quang("import", "sites", str(file), "--map", "no sign", home=home)
    assert (wrong.returncode, "map" in wrong.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("import", "credentials", "x.csv"), "assets"),
        (("import", "sites", "nowhere.csv"), "nowhere.csv"),
        (("export", "tokens", "x.csv"), "assets"),
        (("export", "sites", "x.doc"), "xlsx"),
        (("export", "sites", "nowhere/x.csv"), "x.csv"),
    ],
)
def test_what_cannot_be_done_is_told_without_a_traceback(
    words: tuple[str, ...], told: str, home: Path, tmp_path: Path
) -> None:
    done = quang(*words[:2], str(tmp_path / words[2]), home=home)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
