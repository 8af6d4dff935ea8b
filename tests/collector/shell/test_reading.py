"""What a reader sees of a device that pages its answers, and when a greeting is a demand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.probe import ProbeFailure
from collector.shell.reading import Reading

PAGERS = ("--More-- ", " --More--", "-- MORE --, next page: Space, next line: Enter, quit: Control-C",
          "Press any key to continue (Q to quit)", "---- More ----", "--- More ---")  # fmt: skip
WIPES = ("\r" + " " * 40 + "\r", "\n" + " " * 40 + "\n", "\b" * 9 + " " * 9 + "\b" * 9, "\r", "\n")


def read(parts: list[str]) -> tuple[str, int]:
    reading, seen, turned = Reading(), "", 0
    for part in parts:
        shown, turn = reading.take(part)
        seen, turned = seen + shown, turned + turn
    return seen, turned


@pytest.mark.parametrize("pager", PAGERS)
@pytest.mark.parametrize("wipe", WIPES)
@settings(max_examples=25)
@given(st.data())
def test_pages_are_joined_however_they_come_in_pieces(pager: str, wipe: str, data: st.DataObject) -> None:
    first, second = f"line 1\n line 2\n{pager}", f"{wipe} description x\nend\ncore#"
    cut = data.draw(st.integers(1, len(second) - 1))
    begun = data.draw(st.integers(1, first.rindex("\n")))
    assert read([first[:begun], first[begun:], second[:cut], second[cut:]]) == (
        "line 1\n line 2\n description x\nend\ncore#", 1,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["a -- more words\ncore#", "banner: press any key of the piano\ncore#", "core-sw-1#"])
def test_what_only_looks_like_a_pager_is_text(text: str) -> None:
    assert read([text]) == (text, 0)


@given(st.lists(st.text(alphabet="-MoreCxt \n#", max_size=20), max_size=12))
def test_no_text_is_lost_that_is_followed_by_a_prompt(parts: list[str]) -> None:
    seen, turned = read([*parts, "\ncore#"])
    if not turned:
        assert seen == "".join(parts) + "\ncore#"


@pytest.mark.parametrize(
    "greeting",
    ["New Password: ", "Current password: ", "Please input a new password.\nNew Password:", "new password> ",
     "Enter old password:", "(current) UNIX password: "],
)  # fmt: skip
def test_a_question_for_a_new_password_is_a_demand(greeting: str) -> None:
    reading = Reading()
    reading.greeted = True
    with pytest.raises(ProbeFailure) as caught:
        reading.take(greeting)
    assert caught.value.code == "ssh_password_change"


@pytest.mark.parametrize(
    "greeting", ["Change your password every 90 days.\ncore#", "Password: ", "The new password policy: see the wall\n>"]
)
def test_words_about_passwords_are_no_demand(greeting: str) -> None:
    reading = Reading()
    reading.greeted = True
    assert reading.take(greeting) == (greeting, False)
