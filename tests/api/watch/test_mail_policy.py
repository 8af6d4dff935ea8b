"""What readers see of a subject is what was written, whichever Python folds it."""

import email
import re
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.watch.mail_policy import POLICY

WORDS = st.lists(
    st.sampled_from(["Việt", "Vinh", "–", "trung", "tâm", "[ĐỨT", "CÁP]", "Đường", "truyền", "x" * 40, "ữ" * 40, "=?"]),
    min_size=1,
    max_size=30,
)


def sent(subject: str) -> bytes:
    message = EmailMessage(policy=POLICY)
    message["Subject"] = subject
    return message.as_bytes()


@given(WORDS.map(" ".join))
@example("[ĐỨT CÁP] Đường truyền Việt Vinh – trung tâm")
def test_a_subject_is_read_as_it_was_written(subject: str) -> None:
    assert email.message_from_bytes(sent(subject), policy=default)["Subject"] == subject


@given(WORDS.map(" ".join).filter(lambda said: not said.isascii()))
def test_lines_and_encoded_words_are_as_short_as_the_standard_wants(subject: str) -> None:
    lines = sent(subject).split(b"\r\n")
    assert max(map(len, lines)) <= 76
    assert all(len(word) <= 75 for word in re.findall(rb"=\?\S+\?=", sent(subject)))


@pytest.mark.parametrize("subject", ["Ho Chi Minh", "Điện"])
def test_text_and_bytes_are_the_same(subject: str) -> None:
    message = EmailMessage(policy=POLICY)
    message["Subject"] = subject
    assert message.as_string().encode() == message.as_bytes()
