import os
from importlib import resources
from pathlib import Path

import pytest
import yaml

from inventory.assets.rulebook import WearBook
from inventory.assets.rulebook_files import LONGEST, MOST_FILES, BadRulebook, parse_rulebook, read_rulebooks

SHIPPED = resources.files("inventory.assets") / "rulebooks"
TT_141 = (SHIPPED / "tt-141-2025.yaml").read_text(encoding="utf-8")


def refused(content: str | bytes) -> BadRulebook:
    with pytest.raises(BadRulebook) as caught:
        parse_rulebook("own.yaml", content if isinstance(content, bytes) else content.encode())
    error = caught.value
    assert error.reason.vi.startswith("Không dùng được bộ quy định own.yaml")
    assert error.reason.en.startswith("The rulebook own.yaml cannot be used")
    return error


def fields(content: str | bytes) -> set[str]:
    return {problem.field for problem in refused(content).problems}


@pytest.mark.parametrize("name", sorted(entry.name for entry in SHIPPED.iterdir() if entry.name.endswith(".yaml")))
def test_every_rulebook_that_ships_is_named_by_its_key(name: str) -> None:
    book = parse_rulebook(name, (SHIPPED / name).read_bytes())
    assert f"{book.key}.yaml" == name


def test_an_unknown_key_is_refused_by_its_name() -> None:
    assert fields(TT_141 + "colour: red\n") == {"colour"}
    assert "colour" in refused(TT_141 + "colour: red\n").reason.vi
    assert fields(TT_141.replace("useful_life_years: 1", "useful_life_years: 1\n  colour: red")) == {"threshold.colour"}


def test_all_wrong_lines_are_named_at_once() -> None:
    wrong = (
        TT_141.replace("cost_vnd: 10000000", "cost_vnd: ten")
        .replace("day: 2026-01-01", "day: soon")
        .replace("most_percent: 20", "most_percent: 20.5")
        .replace("years: 7", "years: 0")
    )
    assert fields(wrong) == {"threshold.cost_vnd", "in_force.day", "variation.most_percent", "lives.computer.years"}


def test_a_wrong_line_is_told_by_its_number_in_both_languages() -> None:
    number = TT_141[: TT_141.index("years: 7")].count("\n") + 1
    error = refused(TT_141.replace("years: 7", "years: many"))
    assert f"dòng {number}, lives.computer.years: " in error.reason.vi
    assert f"line {number}, lives.computer.years: " in error.reason.en
    assert error.lines == {"lives.computer.years": number}
    assert "dòng 3: Không phải YAML" in refused("kind: wear\nkey: x\n\tbad").reason.vi


def test_what_is_no_readable_file_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(BadRulebook) as caught:
        read_rulebooks(tmp_path)
    assert caught.value.file == "folder.yaml"
    (tmp_path / "folder.yaml").rmdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(BadRulebook) as caught:
        read_rulebooks(tmp_path)
    assert caught.value.file == "pipe.yaml"


def test_a_missing_line_is_named() -> None:
    values = yaml.safe_load(TT_141)
    del values["lives"]["machine"]
    error = refused(yaml.safe_dump(values))
    assert "machine" in error.reason.vi
    assert "machine" in error.reason.en


def test_a_rate_beside_its_years_and_a_province_beyond_its_right_are_refused() -> None:
    assert fields(TT_141.replace("rate_bp: 1429", "rate_bp: 2000")) == {"lives.computer"}
    assert fields(TT_141.replace("rate_bp: 1429", "rate_bp: 1429\n    variation_percent: 21")) == {""}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "kind: [",
        "kind: nothing",
        "- kind: wear",
        "kind: wear\nkind: norms",
        "a: &a [1]\nb: *a",
        "kind: !!python/object/apply:os.system [true]",
        "[" * 20_000,
        b"\xff\xfe\x00",
        b"kind: wear\x00",
        "kind: wear\nkey: " + "x" * LONGEST,
    ],
)
def test_what_is_no_rulebook_is_refused_with_a_reason(content: str | bytes) -> None:
    assert refused(content).problems


def test_a_norm_names_categories_that_exist() -> None:
    norms = (SHIPPED / "qd-10-2026.yaml").read_text(encoding="utf-8")
    error = refused(norms.replace("categories: [scanner]", "categories: [scanner, abacus]"))
    assert {problem.field for problem in error.problems} == {"norms.shared-scanner.categories"}
    assert "abacus" in error.reason.vi


def test_an_office_replaces_a_book_by_its_own_copy_and_adds_another(tmp_path: Path) -> None:
    confirmed = TT_141.replace("confirmed: false", "confirmed: true")
    (tmp_path / "ours.yaml").write_text(confirmed, encoding="utf-8")
    later = TT_141.replace("key: tt-141-2025", "key: tt-9-2030").replace("day: 2026-01-01", "day: 2030-01-01")
    (tmp_path / "tt-9-2030.yaml").write_text(later, encoding="utf-8")
    books = read_rulebooks(tmp_path)
    assert not [doubt for doubt in books.doubts() if doubt.book == "tt-141-2025"]
    assert [book.key for book in books.wear] == ["tt-45-2018", "tt-23-2023", "tt-141-2025", "tt-9-2030"]
    assert books.wear_in(2026).version != read_rulebooks().wear_in(2026).version


def test_an_office_without_a_folder_has_what_ships(tmp_path: Path) -> None:
    assert read_rulebooks(tmp_path / "none") == read_rulebooks()


def test_two_files_of_the_same_key_or_first_year_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TT_141, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(TT_141, encoding="utf-8")
    with pytest.raises(BadRulebook) as caught:
        read_rulebooks(tmp_path)
    assert caught.value.file == "b.yaml"
    (tmp_path / "b.yaml").write_text(TT_141.replace("key: tt-141-2025", "key: twin"), encoding="utf-8")
    with pytest.raises(BadRulebook):
        read_rulebooks(tmp_path)


def test_a_folder_of_too_many_files_is_refused(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 1):
        (tmp_path / f"{number}.yaml").touch()
    with pytest.raises(BadRulebook):
        read_rulebooks(tmp_path)


def test_a_book_read_is_as_its_file_says() -> None:
    book = parse_rulebook("tt-141-2025.yaml", TT_141.encode())
    assert isinstance(book, WearBook)
    assert book.model_dump(mode="json", exclude={"lives"}) == {
        key: value if key != "in_force" else value | {"day": value["day"].isoformat()}
        for key, value in yaml.safe_load(TT_141).items()
        if key != "lives"
    }
