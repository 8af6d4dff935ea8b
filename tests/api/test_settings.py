import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.thresholds import LINK_LOSS, OPTICAL_DRIFT
from api.settings import FILE_NAME, Settings, SettingsWrong, leaves, load, variable_of
from api.settings_page import example, page
from inventory.text import LANGUAGES

ROOT = Path(__file__).parents[2]


def home(folder: Path, text: str) -> dict[str, str]:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return {"QUANG_HOME": str(folder)}


def test_no_file_and_no_variable_is_enough(tmp_path: Path) -> None:
    settings = load({"QUANG_HOME": str(tmp_path)})
    assert settings.home == tmp_path
    assert settings.inventory.database_url == f"sqlite:///{tmp_path}/quang.db"
    assert settings.inventory.key_file == tmp_path / "key"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    environ = home(tmp_path, '[web]\nport = 1111\nhost = "10.0.0.1"\n') | {"QUANG_WEB_PORT": "2222"}
    settings = load(environ)
    assert (settings.web.port, settings.web.host) == (2222, "10.0.0.1")
    assert settings.base_url == "http://10.0.0.1:2222"


def test_one_variable_moves_the_books_to_postgresql(tmp_path: Path) -> None:
    url = "postgresql://quang:matkhau@db/quang"
    settings = load({"QUANG_HOME": str(tmp_path), "QUANG_DATABASE_URL": url})
    assert settings.inventory.database_url == url
    assert "matkhau" not in repr(settings)


def test_several_values_stand_between_commas(tmp_path: Path) -> None:
    settings = load({"QUANG_HOME": str(tmp_path), "QUANG_WEB_TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2"})
    assert settings.web.trusted_proxies == ("10.0.0.1", "10.0.0.2")


@pytest.mark.parametrize(
    ("text", "environ", "named"),
    [
        ("colour = 1\n", {}, "colour"),
        ("[web]\nprot = 1\n", {}, "web.prot"),
        ("[wbe]\nport = 1\n", {}, "wbe"),
        ("[web]\nport = 70000\n", {}, "web.port"),
        ('home = "/x"\n', {}, "home"),
        ("[web\n", {}, FILE_NAME),
        ("", {"QUANG_PORT": "1"}, "QUANG_PORT"),
        ("", {"QUANG_WEB_PROT": "1"}, "QUANG_WEB_PROT"),
        ("", {"QUANG_WEB_PORT": "many"}, "web.port"),
        ("", {"QUANG_LANGUAGE": "fr"}, "language"),
        ("", {"QUANG_TIMEZONE": "Mars/Base"}, "timezone"),
        ("", {"QUANG_TIMEZONE": "../etc"}, "timezone"),
        ("", {"QUANG_DATABASE_URL": "mysql://root:matkhau@db/x"}, "database.url"),
        ("", {"QUANG_DATABASE_URL": "sqlite://"}, "database.url"),
        ("", {"QUANG_ACCESS_IDLE_MINUTES_ADMINISTRATOR": "6"}, "access.idle_minutes_administrator"),
        ("", {"QUANG_ACCESS_IDLE_MINUTES": "nan"}, "access.idle_minutes"),
    ],
)
def test_what_is_unknown_or_wrong_stops_the_start_with_its_name(
    tmp_path: Path, text: str, environ: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsWrong) as refused:
        load(home(tmp_path, text) | environ)
    assert [problem.field for problem in refused.value.problems] == [named]
    told = str(refused.value)
    assert named in told
    assert "Cấu hình chưa đúng" in told
    assert "The settings are not right" in told
    assert "matkhau" not in told


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(SettingsWrong, match=FILE_NAME):
        load({"QUANG_HOME": str(tmp_path)})


def test_a_file_that_is_too_large_or_no_utf8_is_refused(tmp_path: Path) -> None:
    environ = home(tmp_path, "#" * 300_000)
    with pytest.raises(SettingsWrong):
        load(environ)
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsWrong):
        load(environ)


def test_two_settings_never_share_a_variable() -> None:
    names = [variable_of(path) for path, _ in leaves()]
    assert len(names) == len(set(names))


def test_every_setting_says_what_it_does() -> None:
    assert [path for path, field in leaves() if not (field.description or "").strip()] == []


def test_the_page_of_settings_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == page()


def test_the_example_file_is_accepted_as_it_stands_and_uncommented(tmp_path: Path) -> None:
    load(home(tmp_path, example()))
    whole = example().replace("# ", "")
    assert tomllib.loads(whole)
    assert load(home(tmp_path, whole)).model_dump(exclude={"home"}) == Settings(home=tmp_path).model_dump(
        exclude={"home"}
    )


@given(st.text(max_size=60), st.sampled_from([variable_of(path) for path, _ in leaves() if path != ("home",)]))
def test_any_value_is_taken_or_refused_with_a_reason(text: str, variable: str) -> None:
    refused: list[SettingsWrong] = []
    try:
        load({"QUANG_HOME": "/nowhere", variable: text})
    except SettingsWrong as error:
        refused.append(error)
    assert all(
        problem.message.to(language) for error in refused for problem in error.problems for language in LANGUAGES
    )


def test_an_offices_own_rulebooks_lie_in_its_home_unless_another_folder_is_named(tmp_path: Path) -> None:
    there = {"QUANG_HOME": str(tmp_path)}
    assert load(there).rulebook_folder == tmp_path / "rulebooks"
    assert load(there | {"QUANG_RULEBOOKS_FOLDER": "/srv/rules"}).rulebook_folder == Path("/srv/rules")
    (tmp_path / "quang.toml").write_text('[rulebooks]\nfolder = "own"\n', encoding="utf-8")
    assert load(there).rulebook_folder == tmp_path / "own"


def test_limits_of_alarms_come_from_the_file_or_the_environment(tmp_path: Path) -> None:
    told = home(tmp_path, "[thresholds]\nlink_loss_ratio = 0.1\n")
    assert load(told).limit(LINK_LOSS) == 0.1
    assert load(told).limit(OPTICAL_DRIFT) == OPTICAL_DRIFT.default
    both = load(told | {"QUANG_THRESHOLDS": "link_loss_ratio=0.2, optical_drift_db = 4"})
    assert (both.limit(LINK_LOSS), both.limit(OPTICAL_DRIFT)) == (0.2, 4.0)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ("link_loss_ratio=5", "link_loss_ratio phải từ 0.005 đến 0.5 ratio."),
        ("link_loss_ratio=nan", "link_loss_ratio phải từ 0.005 đến 0.5 ratio."),
        ("link_los=0.1", "Không có ngưỡng tên link_los."),
    ],
)
def test_a_limit_that_is_unknown_or_out_of_its_range_stops_the_start(tmp_path: Path, limits: str, words: str) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        load({"QUANG_HOME": str(tmp_path), "QUANG_THRESHOLDS": limits})
    assert [one.message.vi for one in wrong.value.problems] == [words]
