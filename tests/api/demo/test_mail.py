"""The demonstration's mail server: what a real client sends is kept, whole and bounded."""

import os
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from api.demo.mail import MOST_OCTETS
from tests.support.running import wait


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        fd = sock.fileno()
        os.set_inheritable(fd, True)
        words = [sys.executable, "-m", "api.demo.mail", "--fd", str(fd), "--folder", str(tmp_path / "mail")]
        process = subprocess.Popen(words, pass_fds=[fd])
        try:
            yield sock.getsockname()[1]
        finally:
            process.terminate()
            assert process.wait(60) == 0


def message(text: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "quang@example.vn", "duty@example.vn", "Đứt cáp"
    letter.set_content(text)
    return letter


def test_a_message_is_kept_as_a_file(port: int, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        client.send_message(message("Cáp Vĩnh Tuy"))
    files = wait(lambda: list((tmp_path / "mail").glob("*.eml")), 60)
    assert len(files) == 1
    assert b"duty@example.vn" in files[0].read_bytes()


def test_messages_stay_in_their_order(port: int, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        for number in range(5):
            client.send_message(message(f"number {number}"))
    files = wait(lambda: len(found := sorted((tmp_path / "mail").glob("*.eml"))) == 5 and found, 60)
    assert [f"number {number}".encode() in file.read_bytes() for number, file in enumerate(files)] == [True] * 5


def test_a_message_that_is_too_large_is_refused(port: int, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client, pytest.raises(smtplib.SMTPException):
        client.send_message(message("x" * 70 + "\n" + ("y" * 70 + "\n") * (MOST_OCTETS // 70)))
    assert list((tmp_path / "mail").glob("*.eml")) == []
