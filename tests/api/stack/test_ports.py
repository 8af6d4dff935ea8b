"""Ports: held before anybody else can take them, and never quietly exchanged where a person chose one."""

import socket
from pathlib import Path

import pytest

from api.stack import ports
from tests.support.parts import free_port


def taken() -> socket.socket:
    # Not any free port: the kernel's own are taken and left by everybody's connections, and so are those beside them.
    return socket.create_server(("127.0.0.1", free_port()))


def test_the_wanted_port_is_taken_if_it_is_free() -> None:
    port = free_port()
    with ports.listen("127.0.0.1", port, firm=True) as sock:
        assert sock.getsockname()[1] == port
        with socket.create_connection(("127.0.0.1", port), 5):
            pass


def test_another_port_is_chosen_if_the_wanted_one_is_taken() -> None:
    with taken() as other:
        port = other.getsockname()[1]
        with ports.listen("127.0.0.1", port, firm=False) as sock:
            assert port < sock.getsockname()[1] <= port + ports.TRIED


def test_a_port_that_a_person_chose_is_not_exchanged_but_refused_with_a_first_step() -> None:
    with taken() as other, pytest.raises(ports.PortTaken) as failure:
        ports.listen("127.0.0.1", other.getsockname()[1], firm=True)
    assert str(other.getsockname()[1] if other.fileno() >= 0 else "") in failure.value.reason.vi
    assert "ss -ltnp" in failure.value.first_step.en


def test_two_starts_at_once_never_get_the_same_port() -> None:
    port = free_port()
    with ports.listen("127.0.0.1", port, firm=False) as one, ports.listen("127.0.0.1", port, firm=False) as other:
        assert one.getsockname()[1] != other.getsockname()[1]


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ports.PortTaken) as failure:
        ports.listen("192.0.2.1", free_port(), firm=False)
    assert "192.0.2.1" in failure.value.reason.en


def test_a_socket_file_is_for_its_owner_only_and_replaces_a_left_over(tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    ports.listen_file(path).close()
    with ports.listen_file(path):
        assert path.stat().st_mode & 0o077 == 0
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))


def test_a_socket_file_in_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ports.PortTaken):
        ports.listen_file(tmp_path / "missing" / "a.sock")
