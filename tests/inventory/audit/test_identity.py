"""Identity: suggestions by serial, MAC, label and name; a placeholder suggests nothing."""

from hypothesis import given
from hypothesis import strategies as st

from inventory.audit.identity import LEAST_SCORE, MOST_SUGGESTIONS, Candidate, Identities

A = Candidate(1, "TL-0001", "5CG8123ABC", "02:00:00:00:00:01", "Máy tính HP ProDesk 400")
B = Candidate(2, "TL-0002", "5CG8123ABD", "02:00:00:00:00:02", "Máy in Canon LBP 2900")
C = Candidate(3, "TL-0100", "Default string", "", "Bộ lưu điện Santak")
IDENTITIES = Identities([A, B, C])


def tags(tag: str = "", serial: str = "", name: str = "") -> list[str]:
    return [one.candidate.tag for one in IDENTITIES.suggest(tag, serial, name)]


def test_the_same_serial_wins_whatever_its_spelling() -> None:
    assert IDENTITIES.suggest("", "5cg-8123 abc", "")[0].score == 100
    assert tags(serial="5CG8123ABC")[0] == "TL-0001"


def test_a_mac_is_known_in_any_notation() -> None:
    assert tags(serial="0200.0000.0002") == ["TL-0002"]


def test_letters_that_look_alike_are_the_same() -> None:
    assert tags(serial="5CGBI23A8C")[:1] == ["TL-0001"]


def test_neighbours_of_one_delivery_are_not_taken_for_each_other() -> None:
    assert tags(serial="5CG8123ABE") == []


def test_a_placeholder_names_nothing() -> None:
    assert tags(serial="Default string") == []
    assert tags(serial="0000000") == []


def test_a_misread_label_and_a_like_name_are_suggested() -> None:
    assert tags(tag="TL-OOO2")[0] == "TL-0002"
    assert tags(name="may in canon 2900 LBP") == ["TL-0002"]
    assert tags(name="Cái ghế") == []


def test_two_different_serials_are_two_things_however_alike_their_names() -> None:
    assert tags(serial="ZZZ999888", name="Máy in Canon LBP 2900") == []


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=60))
def test_whatever_was_read_the_suggestions_are_few_and_in_order(tag: str, serial: str, name: str) -> None:
    found = IDENTITIES.suggest(tag, serial, name)
    assert len(found) <= MOST_SUGGESTIONS
    assert all(LEAST_SCORE <= one.score <= 100 for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
