from pathlib import Path

import pytest

from collector.settings import BadSettings, Settings, load

GOOD = {"name": "edge", "state": "/var/lib/x", "token": "s3cret-token"}


def problems(**given: object) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        load(environ={}, **{**GOOD, **given})
    return [problem.en for problem in caught.value.problems]


def test_what_is_given_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / "collector.toml"
    file.write_text('name = "from-file"\nwindow = 7\nroster_s = 9\nstate = "/var/lib/x"\n')
    environ = {"QUANG_COLLECTOR_WINDOW": "8", "QUANG_COLLECTOR_TOKEN": "t", "OTHER": "x", "QUANG_COLLECTOR_URL": ""}
    settings = load(file, environ, name="given", scope=None)
    assert (settings.name, settings.window, settings.roster_s, settings.url) == ("given", 8, 9.0, None)


def test_an_unknown_setting_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "collector.toml"
    file.write_text('name = "edge"\nwindwo = 7\n')
    with pytest.raises(BadSettings, match="windwo: there is no such setting"):
        load(file, {"QUANG_COLLECTOR_TOKEN": "t", "QUANG_COLLECTOR_STATE": "/x"})
    with pytest.raises(BadSettings, match="wnidow"):
        load(None, {"QUANG_COLLECTOR_WNIDOW": "8"}, **GOOD)


def test_every_wrong_setting_is_named_at_once() -> None:
    found = problems(window=0, roster_s=1000, name="Not A Slug", api="ftp://x")
    assert sorted(line.split(":")[0] for line in found) == ["api", "name", "roster_s", "window"]


def test_a_problem_is_told_in_vietnamese_too() -> None:
    with pytest.raises(BadSettings) as caught:
        load(environ={}, **GOOD, windwo=1)
    assert "không có cài đặt nào tên như vậy" in caught.value.problems[0].vi


@pytest.mark.parametrize(
    "given",
    [
        {"api": "http://user:pw@host"},
        {"api": "http://host/?q=1"},
        {"api": "unix:relative"},
        {"listen": "9765"},
        {"listen": "host:99999"},
        {"listen": "host:x"},
        {"url": "http://host/path"},
        {"url": "host:1"},
        {"workers": 2, "listen": "127.0.0.1:0"},
        {"workers": 65},
        {"workers": 2, "listen_fds": (5,)},
        {"listen_fds": (1,)},
        {"token": None},
    ],
)
def test_settings_that_cannot_work_are_refused(given: dict[str, object]) -> None:
    values = {key: value for key, value in {**GOOD, **given}.items() if value is not None}
    with pytest.raises(BadSettings):
        load(environ={}, **values)


def test_no_secret_stands_in_a_repr_or_in_an_error() -> None:
    assert "s3cret" not in repr(load(environ={}, **GOOD))
    assert not any("s3cret" in line for line in problems(window=0, token="s3cret-token"))


def test_the_token_file_may_hold_two_tokens_and_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("one\n")
    settings = load(environ={}, name="edge", state="/x", token_file=file)
    assert settings.tokens() == ("one",)
    file.write_text("two\r\none\n\n")
    assert settings.tokens() == ("two", "one")


@pytest.mark.parametrize("content", [None, b"\n \n", b"\xff\xfe"])
def test_a_token_file_without_a_token_says_which_file(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadSettings, match="token_file"):
        load(environ={}, name="edge", state="/x", token_file=file).tokens()


@pytest.mark.parametrize("content", [b"name = ", b"\xff", None])
def test_a_settings_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "collector.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadSettings, match=r"collector\.toml"):
        load(file, {})


def test_host_and_port_are_taken_apart() -> None:
    settings = load(environ={}, **GOOD, listen="[::1]:9000")
    assert (settings.host, settings.port) == ("::1", 9000)


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_sockets_are_listed_in_the_environment_with_commas() -> None:
    settings = load(environ={"QUANG_COLLECTOR_LISTEN_FDS": "7,8"}, workers=2, **GOOD)
    assert settings.listen_fds == (7, 8)


def test_every_setting_stands_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs" / "collector.md").read_text()
    table = text.partition("## Settings")[2]
    assert [name for name in Settings.model_fields if f"`{name}`" not in table] == []
