from hypothesis import given
from hypothesis import strategies as st

from inventory.spelling import fold, vietnamese_order


def test_folding_forgets_case_diacritics_and_extra_blanks() -> None:
    assert fold("  Thị  trấn VIỆT Quang – Đường Ưu ") == "thi tran viet quang – duong uu"
    assert fold("Xa\u0303 \u0110o\u0302\u0300ng") == fold("Xã Đồng") == "xa dong"


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_letters_come_in_the_order_of_the_vietnamese_alphabet() -> None:
    alphabet = [*"aăâbcdđeêghiklmnoôơpqrstuưvxy"]
    shuffled = sorted(alphabet)
    assert shuffled != alphabet
    assert sorted(shuffled, key=vietnamese_order) == alphabet


def test_tones_decide_only_between_words_that_are_otherwise_equal() -> None:
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma"], key=vietnamese_order) == ["ma", "mà", "mả", "mã", "má", "mạ"]
    words = ["Đá", "dạ", "Da bò", "đa", "da", "Ấn", "an", "Ăn", "2", "10"]
    assert sorted(words, key=vietnamese_order) == ["10", "2", "an", "Ăn", "Ấn", "da", "dạ", "Da bò", "đa", "Đá"]


@given(st.text(max_size=200))
def test_the_order_is_digits_that_fit_the_column(text: str) -> None:
    order = vietnamese_order(text)
    assert len(order) <= 200
    assert order.isascii()
    assert order.isdigit()
