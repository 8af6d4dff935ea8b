import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from math import isnan
from pathlib import Path
from typing import Any

import gufo.snmp
import pytest

from collector.agents.plan import GET_MAX, REPETITIONS_MAX
from collector.agents.session import STRAYS_MAX
from collector.probe import ProbeFailure
from collector.snmp import SYS_UP_TIME, Agent, Snmp, missing_names
from collector.target import Credential, SnmpV3
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import HostileAgent, Request, cell
from tests.support.parts import free_port
from tests.support.polling import PUBLIC, target, v3
from tests.support.snmpd import Snmpd, V3User

USER = V3User("watcher", "SHA-256", "authentic phrase", "AES", "private phrase")
STRONG = V3User("strong", "SHA-512", "authentic phrase", "AES", "private phrase")
KEYS = v3("watcher", "authentic phrase", "private phrase")

SYS_NAME = "1.3.6.1.2.1.1.5.0"
SYS_TABLE = "1.3.6.1.2.1.1.9.1.3"
IF_DESCR = "1.3.6.1.2.1.2.2.1.2"
IF_ALIAS = "1.3.6.1.2.1.31.1.1.1.18"
ROWS = {f"{IF_DESCR}.{row}": cell(f"port {row}") for row in range(1, 101)}
BASICS = {SYS_UP_TIME: cell(4_200, hostile.TICKS), SYS_NAME: cell("fake")}


@pytest.fixture(scope="module")
def agent() -> Iterator[Snmpd]:
    with Snmpd(users=(USER, STRONG)) as running:
        yield running


def talk(
    port: int,
    act: Callable[[Agent], Awaitable[Any]],
    *,
    credential: Credential = PUBLIC,
    timeout_s: float = 30.0,
    public: bool | None = None,
) -> Any:
    async def inside() -> Any:
        door = Snmp(public=public)
        try:
            return await act(door.agent(target("snmp_system", timeout_s=timeout_s), credential, port))
        finally:
            door.close()

    return asyncio.run(inside())


def failure(port: int, act: Callable[[Agent], Awaitable[Any]], **options: Any) -> ProbeFailure:
    with pytest.raises(ProbeFailure) as caught:
        talk(port, act, **options)
    return caught.value


def test_the_pinned_library_has_every_private_name_that_is_used() -> None:
    assert gufo.snmp.__version__ == "0.13.0"
    assert missing_names() == ()


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize("credential", [PUBLIC, KEYS, v3("strong", "authentic phrase", "private phrase", "sha512")])
def test_a_walk_reads_what_net_snmp_reads(agent: Snmpd, credential: Credential, public: bool) -> None:
    found, (column,) = talk(
        agent.port, lambda peer: peer.poll((SYS_NAME,), (SYS_TABLE,)), credential=credential, public=public
    )
    theirs = agent.walk(SYS_TABLE)
    assert found[SYS_NAME] == b"agent.example"
    assert {f"{SYS_TABLE}.{index}": text.decode() for index, text in column.items()} == theirs
    assert theirs


def test_a_missing_instance_is_absent_and_not_a_failure(agent: Snmpd) -> None:
    found = talk(agent.port, lambda peer: peer.get((SYS_NAME, "1.3.6.1.2.1.1.99.0")))
    assert found.keys() == {SYS_UP_TIME, SYS_NAME}


def test_a_column_that_the_agent_does_not_have_is_empty(agent: Snmpd) -> None:
    assert talk(agent.port, lambda peer: peer.walk(("1.3.6.1.2.1.47.1.1.1.1.99", "1.3.6.1.6.99"))) == [{}, {}]


def test_one_poll_at_a_time_and_the_others_wait_for_their_turn(agent: Snmpd) -> None:
    async def crowd(peer: Agent) -> Any:
        return await asyncio.gather(*(peer.poll((SYS_NAME,), (SYS_TABLE,)) for _ in range(20)))

    answers = talk(agent.port, crowd)
    assert len(answers) == 20
    assert all(found[SYS_NAME] == b"agent.example" and column for found, (column,) in answers)


def test_a_session_keeps_its_socket_between_polls(agent: Snmpd) -> None:
    def open_files() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    async def several(peer: Agent) -> tuple[int, int]:
        await peer.get((SYS_NAME,))
        before = open_files()
        for _ in range(10):
            await peer.get((SYS_NAME,))
        return before, open_files()

    before, after = talk(agent.port, several)
    assert after <= before


@pytest.mark.parametrize("gently", [True, False])
def test_a_restarted_v3_agent_is_greeted_anew_without_losing_a_poll(gently: bool) -> None:
    with Snmpd(users=(USER,)) as running:

        async def twice(peer: Agent) -> Any:
            await peer.get((SYS_NAME,))
            await asyncio.to_thread(running.restart, gently=gently)
            return await peer.get((SYS_NAME,))

        assert talk(running.port, twice, credential=KEYS, timeout_s=8.0)[SYS_NAME] == b"agent.example"


@pytest.mark.parametrize(
    ("credential", "code"),
    [
        (v3("watcher", "another phrase", "private phrase"), "snmp_refused"),
        (v3("nobody", "authentic phrase", "private phrase"), "snmp_refused"),
        (v3("watcher", "authentic phrase", "private phrase", "sha1"), "snmp_refused"),
        (v3("watcher", "authentic phrase", "another phrase"), "snmp_v3_no_answer"),
    ],
)
def test_a_wrong_v3_user_or_key_is_told_apart_from_silence(agent: Snmpd, credential: Credential, code: str) -> None:
    timeout_s = 30.0 if code == "snmp_refused" else 3.0
    found = failure(agent.port, lambda peer: peer.get((SYS_NAME,)), credential=credential, timeout_s=timeout_s)
    assert found.code == code


def test_a_v3_user_without_keys_is_served_where_the_agent_allows_it() -> None:
    with Snmpd(config="createUser open\nrouser open noauth") as running:
        found = talk(running.port, lambda peer: peer.get((SYS_NAME,)), credential=SnmpV3(user="open"))
    assert found[SYS_NAME] == b"agent.example"


def test_a_wrong_community_reads_as_no_answer_within_the_deadline(agent: Snmpd) -> None:
    began = time.monotonic()
    wrong = PUBLIC.model_copy(update={"community": type(PUBLIC.community)("secret")})
    assert failure(agent.port, lambda peer: peer.get(()), credential=wrong, timeout_s=1.0).code == "snmp_no_answer"
    assert time.monotonic() - began < 30


def test_a_closed_port_is_reported_at_once() -> None:
    # What only comes at a deadline is "snmp_no_answer".
    assert failure(free_port(socket.SOCK_DGRAM), lambda peer: peer.get(())).code == "snmp_closed"


def test_no_more_object_identifiers_than_fit_are_asked_for_at_once() -> None:
    oids = [f"{IF_DESCR}.{row}" for row in range(1, 101)]
    with HostileAgent(BASICS | ROWS) as peer:
        found = talk(peer.port, lambda session: session.get(oids))
        assert len(found) == 101
        assert [len(request.oids) for request in peer.seen] == [GET_MAX, 100 - (GET_MAX - 1) + 1]


def test_a_column_is_asked_with_one_row_more_than_it_had_last_time() -> None:
    async def twice(session: Agent) -> Any:
        return await session.walk((IF_DESCR,)), await session.walk((IF_DESCR,))

    few = {oid: value for oid, value in ROWS.items() if int(oid.rpartition(".")[2]) <= 7}
    with HostileAgent(BASICS | few | {f"{IF_DESCR[:-1]}3.1": cell(6)}) as peer:
        first, second = talk(peer.port, twice)
        bulks = [request.repetitions for request in peer.seen if request.kind == hostile.GET_BULK]
    assert first == second
    assert len(first[0]) == 7
    assert bulks == [25, 8]
    assert max(bulks) <= REPETITIONS_MAX


def test_answers_larger_than_the_buffer_of_the_library_are_asked_for_in_smaller_parts() -> None:
    long = {f"{IF_ALIAS}.{row}": cell("x" * 250) for row in range(1, 61)}
    with HostileAgent(BASICS | long) as peer:
        (column,) = talk(peer.port, lambda session: session.walk((IF_ALIAS,)))
        found = talk(peer.port, lambda session: session.get(list(long)))
    assert len(column) == 60
    assert len(found) == 61


def test_an_agent_whose_answers_must_be_small_is_asked_for_less_at_once_and_remembered() -> None:
    def small(peer: HostileAgent, request: Request) -> Any:
        big = request.kind == hostile.GET and len(request.oids) > 20
        return hostile.error(1)(peer, request) if big else hostile.honest(peer, request)

    async def twice(session: Agent) -> tuple[Any, Any]:
        ask = ((), (IF_DESCR,), tuple(str(row) for row in range(1, 101)))
        first = await session.cells(*ask)
        peer.seen.clear()
        return first, await session.cells(*ask)

    rows = {f"{IF_DESCR}.{row}": cell(f"port {row}") for row in range(1, 101)}
    with HostileAgent(BASICS | rows, small) as peer:
        first, second = talk(peer.port, twice)
        sizes = [len(request.oids) for request in peer.seen]
    assert first == second
    assert first[1] == [f"port {row}".encode() for row in range(1, 101)]
    assert max(sizes) <= 20


@pytest.mark.parametrize("public", [False, True])
def test_cells_that_the_agent_lacks_are_none_or_not_a_number_in_their_place(public: bool) -> None:
    async def both(session: Agent) -> Any:
        ask = ((SYS_NAME,), (IF_DESCR, IF_ALIAS), ("1", "2", "3"))
        return await session.cells(*ask), await session.numbers(*ask)

    rows = {f"{IF_DESCR}.{row}": cell(row) for row in (1, 3)}
    with HostileAgent(BASICS | rows) as peer:
        (scalars, values), (same, numbers) = talk(peer.port, both, public=public)
    assert scalars[SYS_NAME] == b"fake"
    assert scalars == same
    assert values == [1, None, 3, None, None, None]
    assert [None if isnan(number) else number for number in numbers] == values


@pytest.mark.parametrize("public", [False, True])
def test_a_text_among_numbers_is_a_failure_that_names_its_cell(public: bool) -> None:
    rows = {f"{IF_DESCR}.{row}": cell("three" if row == 3 else row) for row in range(1, 5)}
    with HostileAgent(BASICS | rows) as peer:
        caught = failure(peer.port, lambda session: session.numbers((), (IF_DESCR,), tuple("1234")), public=public)
    assert (caught.code, caught.detail) == ("snmp_garbled", f"{IF_DESCR}.3")


def test_an_agent_that_restarts_between_two_packets_shows_the_lower_uptime() -> None:
    def restarts(peer: HostileAgent, request: Request) -> Any:
        if len(peer.seen) > 1:
            peer.load(BASICS | rows | {SYS_UP_TIME: cell(1, hostile.TICKS)})
        return hostile.honest(peer, request)

    rows = {f"{IF_DESCR}.{row}": cell(row) for row in range(1, 101)}
    with HostileAgent(BASICS | rows, restarts) as peer:
        scalars, _ = talk(peer.port, lambda session: session.cells((), (IF_DESCR,), tuple(map(str, range(1, 101)))))
    assert scalars[SYS_UP_TIME] == 1


def test_a_lost_request_is_sent_again() -> None:
    def deaf_twice(peer: HostileAgent, request: Request) -> Any:
        return hostile.honest(peer, request) if len(peer.seen) > 2 else ()

    def heard() -> bool:
        with HostileAgent(BASICS, deaf_twice) as peer:
            try:
                found = talk(peer.port, lambda session: session.get((SYS_NAME,)), timeout_s=3.0)
            except ProbeFailure:
                return False
            return found[SYS_NAME] == b"fake" and len(peer.seen) == 3

    # Where this process stands still, the third one may be given up too early: once, not each time.
    assert any(heard() for _ in range(5))


def test_silence_in_the_middle_is_told_apart_from_a_wrong_community() -> None:
    def tired(peer: HostileAgent, request: Request) -> Any:
        return hostile.honest(peer, request) if request.kind == hostile.GET else ()

    with HostileAgent(BASICS, tired) as peer:
        # Where this process stands still, not even the first question may be answered in time: once, not each time.
        codes = (failure(peer.port, lambda session: session.walk((IF_DESCR,)), timeout_s=3.0).code for _ in range(5))
        assert "snmp_stalled" in codes


def test_an_answer_that_comes_too_late_does_not_spoil_the_next_poll() -> None:
    def slow(peer: HostileAgent, request: Request) -> Any:
        if len(peer.seen) == 1:
            time.sleep(0.4)
        return hostile.honest(peer, request)

    async def twice(session: Agent) -> Any:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await session.get((SYS_NAME,))
        return await session.get((IF_DESCR + ".3",))

    with HostileAgent(BASICS | ROWS, slow) as peer:
        assert talk(peer.port, twice)[IF_DESCR + ".3"] == b"port 3"


@pytest.mark.parametrize(
    ("behaviour", "codes"),
    [
        (hostile.garbage, {"snmp_garbled"}),
        (hostile.truncated, {"snmp_garbled"}),
        (hostile.flood, {"snmp_garbled"}),
        (hostile.other_number, {"snmp_no_answer"}),
        (hostile.empty, {"snmp_empty"}),
        (hostile.error(1), {"snmp_error"}),
        (hostile.error(2), {"snmp_error"}),
        (hostile.error(5), {"snmp_error"}),
        (hostile.backwards, {"snmp_circular"}),
        (hostile.itself, {"snmp_circular"}),
        (hostile.endless, {"snmp_endless"}),
    ],
)
def test_a_hostile_agent_gives_a_failure_with_its_reason(behaviour: hostile.Behaviour, codes: set[str]) -> None:
    with HostileAgent(BASICS | ROWS, behaviour) as peer:
        assert _hostile(peer, behaviour).code in codes


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (hostile.garbage, "snmp_garbled"),
        (hostile.truncated, "snmp_garbled"),
        (hostile.other_number, "snmp_no_answer"),
        (hostile.empty, "snmp_empty"),
        (hostile.error(5), "snmp_empty"),
        (hostile.backwards, "snmp_circular"),
        (hostile.itself, "snmp_circular"),
        (hostile.endless, "snmp_endless"),
    ],
)
def test_the_public_client_fails_with_a_reason_too(behaviour: hostile.Behaviour, code: str) -> None:
    with HostileAgent(BASICS | ROWS, behaviour) as peer:
        assert _hostile(peer, behaviour, public=True).code == code


def _hostile(peer: HostileAgent, behaviour: hostile.Behaviour, **options: Any) -> ProbeFailure:
    """Poll an agent; only one whose answers are not heard at all is waited for in vain."""
    timeout_s = 1.0 if behaviour is hostile.other_number else 30.0
    return failure(peer.port, lambda session: session.poll((SYS_NAME,), (IF_DESCR,)), timeout_s=timeout_s, **options)


@pytest.mark.parametrize(("number", "name"), [(1, "tooBig"), (2, "noSuchName"), (5, "genErr"), (99, "error-status 99")])
def test_an_error_status_is_named(number: int, name: str) -> None:
    with HostileAgent(BASICS, hostile.error(number)) as peer:
        assert failure(peer.port, lambda session: session.get((SYS_NAME,))).detail == name


def test_an_error_in_the_middle_of_a_column_is_no_end_of_the_table() -> None:
    def breaks(peer: HostileAgent, request: Request) -> Any:
        middle = request.kind == hostile.GET_BULK and len(request.oids[0]) > 10
        return hostile.error(5)(peer, request) if middle else hostile.honest(peer, request)

    with HostileAgent(BASICS | ROWS, breaks) as peer:
        caught = failure(peer.port, lambda session: session.walk((IF_DESCR,)))
    assert (caught.code, caught.detail) == ("snmp_error", "genErr")


def test_a_flood_between_two_polls_closes_the_socket_and_the_next_poll_opens_another() -> None:
    closed = threading.Event()

    def chatty(peer: HostileAgent, request: Request) -> Any:
        yield from hostile.honest(peer, request)
        # Not all at once, for which a socket need not have room.
        while len(peer.seen) == 1 and not closed.wait(0.01):
            yield from (b"\xff" * 40 for _ in range(STRAYS_MAX // 4))

    async def twice(session: Agent) -> Any:
        await session.get((SYS_NAME,))
        async with asyncio.timeout(60):
            while session._line is not None:  # type: ignore[attr-defined]  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        closed.set()
        return await session.get((SYS_NAME,))

    with HostileAgent(BASICS, chatty) as peer:
        assert talk(peer.port, twice)[SYS_NAME] == b"fake"


def test_an_agent_on_ipv6_is_reached() -> None:
    async def inside(port: int) -> Any:
        door = Snmp()
        try:
            return await door.agent(target("snmp_system", address="::1"), PUBLIC, port).get((SYS_NAME,))
        finally:
            door.close()

    with HostileAgent(BASICS, address="::1") as peer:
        assert asyncio.run(inside(peer.port))[SYS_NAME] == b"fake"


def test_privacy_without_authentication_is_refused_before_anything_is_sent(agent: Snmpd) -> None:
    odd = KEYS.model_copy(update={"auth": "none", "auth_pass": None})
    assert failure(agent.port, lambda peer: peer.get(()), credential=odd).code == "credential"


@pytest.mark.parametrize("credential", [PUBLIC, KEYS])
def test_no_secret_stands_in_what_a_session_shows_of_itself(agent: Snmpd, credential: Credential) -> None:
    async def inside() -> str:
        door = Snmp()
        session = door.agent(target("snmp_system"), credential, agent.port)
        await session.get(())
        shown = repr([door, session, list(door._sessions), session._line])  # type: ignore[attr-defined]
        door.close()
        return shown

    shown = asyncio.run(inside())
    assert all(secret not in shown for secret in ("public", "phrase", "\\x"))
