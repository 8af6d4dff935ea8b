"""What of a table is read when, by one that an agent of ours fills."""

from collector.agents.ports import Ports
from collector.agents.tables import (
    CHANGED_S,
    FIXED_S,
    KEPT_MAX,
    YOUNG_S,
    YOUNG_TICKS,
    Columns,
    Table,
    read_tables,
)
from collector.snmp import SYS_UP_TIME, Agent
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import Cell, HostileAgent, cell
from tests.support.polling import PUBLIC, Poller, polling, target

BASE = "1.3.6.1.4.1.9999.1"
NOWHERE = Ports(by_index={}, by_name={}, up_time=0, changed=None, read_at=0.0)
Seen = dict[str, dict[str, object]]


def seen(columns: Columns, _: Ports) -> list[Seen]:
    return [{name: dict(column) for name, column in columns.items()}]


def even(columns: Columns) -> list[str]:
    return [index for index in columns["value"] if int(index) % 2 == 0]


EVEN = Table[Seen](
    name="EVEN", enterprises=(9,), live={"value": f"{BASE}.1", "more": f"{BASE}.2"}, decode=seen,
    fixed={"name": f"{BASE}.3"}, rows=even,
)  # fmt: skip
WORSE = Table[Seen](name="WORSE", enterprises=(9,), live={"value": f"{BASE}.1"}, decode=seen, instead_of=("EVEN",))


def rows(*values: int, column: int = 1) -> dict[str, Cell]:
    table = {f"{BASE}.{column}.{index}": cell(value) for index, value in enumerate(values, 1)}
    return {SYS_UP_TIME: cell(9_000, hostile.TICKS), **table}


def reading(agent: HostileAgent, *turns: tuple[dict[str, Cell], float], tables: tuple[Table[Seen], ...]) -> list[Seen]:
    """Read tables once for each turn: what the agent holds then, and the loop time."""

    async def read(poll: Poller) -> list[Seen]:
        found: list[Seen] = []
        asked: Agent = poll.doors.snmp.agent(target("snmp_host"), PUBLIC, agent.port)
        for holds, now in turns:
            agent.load(holds)
            found += await read_tables(asked, tables, NOWHERE, up_time=9_000, now=now)
        return found

    answer: list[Seen] = polling(read)
    return answer


def test_only_the_rows_that_are_worth_it_are_read_and_only_columns_that_hold_any() -> None:
    name = {f"{BASE}.3.2": cell("two")}
    with HostileAgent(rows(1)) as agent:
        first, second = reading(
            agent, (rows(10, 20, 30) | name, 0.0), (rows(11, 21, 31) | rows(5, 5, column=2), 1.0), tables=(EVEN,)
        )
    assert first == {"name": {"2": b"two"}, "value": {"2": 20}, "more": {}}
    assert second == {"name": {"2": b"two"}, "value": {"2": 21}, "more": {}}


def test_a_row_that_goes_is_missing_at_once_and_one_that_comes_is_found_after_an_hour() -> None:
    with HostileAgent(rows(1)) as agent:
        found = reading(
            agent, (rows(1, 2, 3, 4), 0.0), (rows(1, 2, 3), 1.0), (rows(1, 2, 3, 4, 5, 6), 2.0),
            (rows(1, 2, 3, 4, 5, 6), FIXED_S + 1), tables=(EVEN,),
        )  # fmt: skip
    assert [list(one["value"]) for one in found] == [["2", "4"], ["2"], ["2", "4"], ["2", "4", "6"]]


def looking(*turns: tuple[int, int, int, float]) -> list[list[str]]:
    """Return the rows found at each turn: how many there are, sysUpTime, entLastChangeTime, loop time."""

    async def read(poll: Poller) -> list[list[str]]:
        found = []
        asked: Agent = poll.doors.snmp.agent(target("snmp_host"), PUBLIC, agent.port)
        for count, up_time, changed, now in turns:
            agent.load(rows(*range(1, count + 1)))
            things = await read_tables(asked, (EVEN,), NOWHERE, up_time=up_time, now=now, changed=changed)
            found.append([index for thing in things for index in thing["value"]])
        return found

    with HostileAgent(rows(1)) as agent:
        answer: list[list[str]] = polling(read)
    return answer


def test_a_restart_is_seen_even_if_the_device_has_since_run_longer_than_when_it_was_first_read() -> None:
    old, two, four = 100_000, ["2"], ["2", "4"]
    assert looking((2, old, 0, 0.0), (4, 900_000, 0, 10.0), (4, 200_000, 0, 20.0)) == [two, two, four]


def test_a_device_that_has_just_started_is_looked_at_again_soon() -> None:
    boot, later = YOUNG_TICKS - 60_000, YOUNG_TICKS
    assert looking((0, boot, 0, 0.0), (2, boot + 1, 0, 60.0), (2, later, 0, YOUNG_S + 1)) == [[], [], ["2"]]
    assert looking((0, later, 0, 0.0), (2, later + 1, 0, YOUNG_S + 1)) == [[], []]


def test_a_part_that_comes_is_found_when_the_device_says_that_its_parts_have_changed() -> None:
    up = 500_000
    turns = ((2, up, 1, 0.0), (4, up, 2, CHANGED_S / 2), (4, up, 2, CHANGED_S), (6, up, 2, CHANGED_S + 60))
    assert looking(*turns) == [["2"], ["2"], ["2", "4"], ["2", "4"]]


def test_a_table_is_not_asked_where_the_device_fills_a_better_one() -> None:
    with HostileAgent(rows(1)) as agent:
        assert len(reading(agent, (rows(1, 2), 0.0), tables=(EVEN, WORSE))) == 1
        assert reading(agent, (rows(1, 2), 0.0), tables=(WORSE,)) == [{"value": {"1": 1, "2": 2}}]


def test_no_more_rows_are_asked_for_one_by_one_than_a_table_may_have() -> None:
    with HostileAgent(rows(1)) as agent:
        (found,) = reading(agent, (rows(*range(2 * KEPT_MAX + 20)), 0.0), tables=(EVEN,))
    assert len(found["value"]) == KEPT_MAX
