from collections.abc import Iterable

from collector import metrics
from collector.agents.ports import IF_ADMIN_STATUS, IF_NAME, IF_NUMBER, IF_OPER_STATUS, IF_TABLE_LAST_CHANGE
from collector.probe import Result
from collector.probes.snmp_interfaces import COLUMNS, DUPLEX, IF_TABLE, NARROW
from collector.snmp import SYS_UP_TIME
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import Cell, HostileAgent, cell
from tests.support.namespace import alone, ip
from tests.support.polling import PUBLIC, Poller, poll, polling, v3, values
from tests.support.snmpd import Snmpd, V3User
from tests.support.switch import device

IN_OCTETS = "1.3.6.1.2.1.31.1.1.1.6"


def names(result: Result) -> list[tuple[str, str]]:
    """Return (ifIndex, ifName) of the ports."""
    return [(index, name) for index, name, *_ in values(result, metrics.IF_HC_IN_OCTETS)]


def test_counters_equal_those_that_net_snmp_reads() -> None:
    def both() -> tuple[Result, list[dict[str, str]]]:
        ip("link add wan0 type veth peer name far0")
        with Snmpd() as agent:
            before = agent.walk(IN_OCTETS)
            result = poll("snmp_interfaces", PUBLIC, port=agent.port)
            return result, [before, *map(agent.walk, (IN_OCTETS, "1.3.6.1.2.1.31.1.1.1.15", IF_NAME))]

    # No other test lays a cable in between.
    result, (before, after, speeds, called) = alone(both)
    theirs = {oid.rpartition(".")[2]: name for oid, name in called.items()}
    assert result.success
    found = {labels[0]: value for labels, value in values(result, metrics.IF_HC_IN_OCTETS).items()}
    assert {f"{IN_OCTETS}.{index}" for index in found} == before.keys()
    for index, value in found.items():
        assert int(before[f"{IN_OCTETS}.{index}"]) <= value <= int(after[f"{IN_OCTETS}.{index}"])
    assert {labels[0]: labels[1] for labels in values(result, metrics.IF_HC_IN_OCTETS)} == theirs
    fast = values(result, metrics.IF_HIGH_SPEED)
    assert {labels[0]: value for labels, value in fast.items()} == {
        oid.rpartition(".")[2]: int(speed) for oid, speed in speeds.items()
    }


def test_v3_reads_the_same_ports() -> None:
    user = V3User("watcher", "SHA", "authentic phrase", "AES", "private phrase")
    keys = v3("watcher", "authentic phrase", "private phrase", "sha1")

    def both() -> list[list[tuple[str, str]]]:
        ip("link add wan0 type veth peer name far0")
        with Snmpd(users=(user,)) as agent:
            return [names(poll("snmp_interfaces", one, port=agent.port)) for one in (keys, PUBLIC)]

    first, second = alone(both)
    assert first == second != []


def test_all_eleven_columns_are_given_for_each_port() -> None:
    with HostileAgent(device("Gi0/1", "Gi0/2", "Gi0/3")) as agent:
        result = poll("snmp_interfaces", PUBLIC, port=agent.port)
    assert len(result.samples) == 33
    for metric, _ in COLUMNS:
        assert list(values(result, metric).values()) == [100, 200, 300]


def test_the_state_of_link_ends_is_left_to_the_fast_lane() -> None:
    with HostileAgent(device("Gi0/1", "Gi0/2")) as agent:
        result = poll("snmp_interfaces", PUBLIC, port=agent.port, link_interfaces=["Gi0/2"])
    assert [labels[1] for labels in values(result, metrics.IF_OPER_STATUS)] == ["Gi0/1"]
    assert [labels[1] for labels in values(result, metrics.IF_ADMIN_STATUS)] == ["Gi0/1"]
    assert [name for _, name in names(result)] == ["Gi0/1", "Gi0/2"]


def test_no_two_series_have_the_same_labels_when_two_ports_share_a_name() -> None:
    with HostileAgent(device("wan", "wan", "")) as agent:
        result = poll("snmp_interfaces", PUBLIC, port=agent.port)
    assert names(result) == [("1", "wan"), ("2", "wan#2"), ("3", "port 3")]
    assert len({(sample.metric.name, sample.labels) for sample in result.samples}) == len(result.samples)


def test_names_are_kept_until_the_table_changes_or_the_device_restarts() -> None:
    async def four(poller: Poller) -> list[list[tuple[str, str]]]:
        seen = []
        for table in (
            device("a", "b"),
            device("x", "y"),
            device("b", "a", changed=2),
            device("c", "d", changed=2, up_time=5),
        ):
            agent.load(table)
            seen.append(names(await poller("snmp_interfaces", PUBLIC, port=agent.port)))
        return seen

    with HostileAgent(device("a", "b")) as agent:
        first, kept, renumbered, restarted = polling(four)
    assert first == kept == [("1", "a"), ("2", "b")]
    assert renumbered == [("1", "b"), ("2", "a")]
    assert restarted == [("1", "c"), ("2", "d")]


def test_a_new_port_is_named_in_the_poll_that_first_shows_it() -> None:
    async def twice(poller: Poller) -> Result:
        await poller("snmp_interfaces", PUBLIC, port=agent.port)
        agent.load(device("a", "b", "c"))
        return await poller("snmp_interfaces", PUBLIC, port=agent.port)

    with HostileAgent(device("a", "b")) as agent:
        assert names(polling(twice)) == [("1", "a"), ("2", "b"), ("3", "c")]


def test_an_agent_that_tells_of_no_change_is_walked_each_time() -> None:
    def mute(*ports: str) -> dict[str, Cell]:
        return {oid: value for oid, value in device(*ports).items() if oid not in {IF_NUMBER, IF_TABLE_LAST_CHANGE}}

    async def twice(poller: Poller) -> Result:
        await poller("snmp_interfaces", PUBLIC, port=agent.port)
        agent.load(mute("a", "b", "c"))
        return await poller("snmp_interfaces", PUBLIC, port=agent.port)

    with HostileAgent(mute("a", "b")) as agent:
        assert names(polling(twice)) == [("1", "a"), ("2", "b"), ("3", "c")]


def test_known_ports_are_asked_cell_by_cell_in_few_packets_and_give_what_a_walk_gives() -> None:
    async def twice(poller: Poller) -> tuple[Result, Result]:
        first = await poller("snmp_interfaces", PUBLIC, port=agent.port)
        agent.seen.clear()
        return first, await poller("snmp_interfaces", PUBLIC, port=agent.port)

    with HostileAgent(device(*(f"Gi0/{number}" for number in range(24)))) as agent:
        walked, asked = polling(twice)
        kinds = [request.kind for request in agent.seen]
    assert list(asked.samples) == list(walked.samples)
    assert kinds == [hostile.GET] * 5


def test_a_port_that_lost_its_state_is_found_out_by_a_walk() -> None:
    async def twice(poller: Poller) -> Result:
        await poller("snmp_interfaces", PUBLIC, port=agent.port)
        table = device("a", "b")
        for column in (IF_OPER_STATUS, IF_ADMIN_STATUS):
            del table[f"{column}.2"]
        agent.load(table)
        return await poller("snmp_interfaces", PUBLIC, port=agent.port)

    with HostileAgent(device("a", "b")) as agent:
        assert polling(twice).reason == "snmp_uneven"


def test_a_restart_is_seen_even_if_the_device_has_since_run_longer_than_when_it_was_first_read() -> None:
    async def three(poller: Poller) -> list[list[tuple[str, str]]]:
        seen = []
        for table in (device("a", up_time=100), device("a", up_time=50_000), device("b", up_time=6_000)):
            agent.load(table)
            seen.append(names(await poller("snmp_interfaces", PUBLIC, port=agent.port)))
        return seen

    with HostileAgent() as agent:
        assert polling(three)[2] == [("1", "b")]


def test_a_small_device_without_64_bit_counters_still_gives_the_rest() -> None:
    old = {oid: value for oid, value in device("eth0").items() if not oid.startswith("1.3.6.1.2.1.31.1.1")}
    with HostileAgent(old) as agent:
        result = poll("snmp_interfaces", PUBLIC, port=agent.port)
    assert result.success
    assert len(result.samples) == len(IF_TABLE)
    assert [labels[1] for labels in values(result, metrics.IF_MTU)] == ["port 1"]


def test_an_agent_without_ports_is_a_failure_and_never_a_device_without_interfaces() -> None:
    with HostileAgent({SYS_UP_TIME: cell(1, hostile.TICKS), "1.3.6.1.2.1.4.1.0": cell(1)}) as agent:
        result = poll("snmp_interfaces", PUBLIC, port=agent.port)
    assert (result.success, result.reason, result.samples) == (False, "snmp_empty", ())


def test_states_that_do_not_fit_each_other_are_a_failure() -> None:
    table = device("a", "b", "c")
    del table[f"{IF_OPER_STATUS}.2"]
    with HostileAgent(table) as agent:
        assert poll("snmp_interfaces", PUBLIC, port=agent.port).reason == "snmp_uneven"


def test_counters_of_ports_that_are_not_there_are_a_failure() -> None:
    with HostileAgent(device("a") | {f"{IN_OCTETS}.77": cell(1, hostile.COUNTER64)}) as agent:
        assert poll("snmp_interfaces", PUBLIC, port=agent.port).reason == "snmp_uneven"


def test_text_where_a_counter_must_be_is_a_failure() -> None:
    with HostileAgent(device("a") | {f"{IN_OCTETS}.1": cell("many")}) as agent:
        assert poll("snmp_interfaces", PUBLIC, port=agent.port).reason == "snmp_garbled"


def test_more_ports_than_one_answer_holds_are_all_read() -> None:
    with HostileAgent(device(*(f"Gi0/{number}" for number in range(130)))) as agent:
        result = poll("snmp_interfaces", PUBLIC, port=agent.port)
    assert len(names(result)) == 130


def old_device(*names: str, octets: int = 1_000, speed: int = 100_000_000, up_time: int = 9_000) -> dict[str, Cell]:
    """Return the tables of a device that has ifTable alone."""
    table = {
        oid: value for oid, value in device(*names, up_time=up_time).items() if not oid.startswith("1.3.6.1.2.1.31.1.1")
    }
    received, sent, fast = NARROW
    for index in range(1, len(names) + 1):
        table[f"{received}.{index}"] = cell(octets, hostile.COUNTER32)
        table[f"{sent}.{index}"] = cell(2 * index, hostile.COUNTER32)
        table[f"{fast}.{index}"] = cell(speed, hostile.GAUGE32)
    return table


def test_a_device_without_the_newer_table_is_read_from_the_older_one_under_the_names_of_its_descriptions() -> None:
    with HostileAgent(old_device("", "")) as agent:
        result = poll("snmp_interfaces", PUBLIC, port=agent.port)
    assert names(result) == [("1", "port 1"), ("2", "port 2")]
    assert list(values(result, metrics.IF_HC_IN_OCTETS).values()) == [0, 0]
    assert list(values(result, metrics.IF_HC_OUT_OCTETS).values()) == [0, 0]
    assert list(values(result, metrics.IF_HIGH_SPEED).values()) == [100, 100]


def test_a_counter_of_32_bits_counts_from_when_it_was_first_seen_and_goes_on_where_it_ends() -> None:
    async def five(poller: Poller) -> list[float]:
        seen = []
        polls = ((2**32 - 10, 9_000), (90, 12_000), (3_000_000_000, 15_000), (190, 18_000), (7, 10))
        for octets, up_time in polls:
            agent.load(old_device("eth0", octets=octets, up_time=up_time))
            result = await poller("snmp_interfaces", PUBLIC, port=agent.port)
            seen += values(result, metrics.IF_HC_IN_OCTETS).values()
        return seen

    with HostileAgent(old_device("eth0")) as agent:
        first, ended, full, set_back, restarted = polling(five)
    assert (first, ended, full) == (0, 100, 3_000_000_010)
    # More than a gigabyte in no time at 100 Mbit/s is no traffic: somebody has set the counter back.
    assert (set_back, restarted) == (3_000_000_200, 3_000_000_207)


def test_ports_without_64_bit_counters_are_read_beside_those_that_have_them() -> None:
    mixed = device("gi1", "serial1", "inner")
    for index in (2, 3):
        for metric, oid in COLUMNS:
            if metric in {metrics.IF_HC_IN_OCTETS, metrics.IF_HC_OUT_OCTETS}:
                del mixed[f"{oid}.{index}"]

    none = {hostile.key(f"{oid}.3") for oid in NARROW[:2]}

    async def thrice(poller: Poller) -> list[tuple[dict[str, float], int]]:
        seen = []
        for octets in (2**32 - 10, 90, 1_090):
            before = len(agent.seen)
            agent.load(mixed | {f"{NARROW[0]}.2": cell(octets, hostile.COUNTER32)})
            result = await poller("snmp_interfaces", PUBLIC, port=agent.port)
            heard = values(result, metrics.IF_HC_IN_OCTETS)
            asked = sum(oid in none for one in agent.seen[before:] for oid in one.oids)
            seen.append(({labels[1]: value for labels, value in heard.items()}, asked))
        assert {labels[1]: value for labels, value in values(result, metrics.IF_HIGH_SPEED).items()} == {
            "gi1": 100, "serial1": 200, "inner": 300,
        }  # fmt: skip
        return seen

    with HostileAgent(mixed) as agent:
        first, second, third = polling(thrice)
    assert first[0] == {"gi1": 100, "serial1": 0}
    assert (second[0]["serial1"], third[0]["serial1"]) == (100, 1_100)
    # What has no counter at all is asked for one once.
    assert (first[1], second[1], third[1]) == (2, 0, 0)


def test_a_speed_that_the_older_table_cannot_say_is_unknown() -> None:
    with HostileAgent(old_device("eth0", speed=2**32 - 1)) as agent:
        result = poll("snmp_interfaces", PUBLIC, port=agent.port)
    assert values(result, metrics.IF_HIGH_SPEED) == {}
    assert list(values(result, metrics.IF_HC_IN_OCTETS).values()) == [0]


def test_duplex_is_told_where_the_device_tells_it() -> None:
    duplex = {f"{DUPLEX}.1": cell(3), f"{DUPLEX}.2": cell(2), f"{DUPLEX}.3": cell(1)}
    with HostileAgent(device("a", "b", "c", "d") | duplex) as agent:
        result = poll("snmp_interfaces", PUBLIC, port=agent.port)
    assert {labels[1]: value for labels, value in values(result, metrics.DUPLEX).items()} == {"a": 3, "b": 2}
    assert len(result.samples) == 4 * len(COLUMNS) + 2


def test_duplex_follows_its_port_to_another_number() -> None:
    async def twice(poller: Poller) -> list[dict[str, float]]:
        seen = []
        for table, half in ((device("a", "b"), 1), (device("b", "a", changed=2), 2)):
            agent.load(table | {f"{DUPLEX}.{index}": cell(2 if index == half else 3) for index in (1, 2)})
            result = await poller("snmp_interfaces", PUBLIC, port=agent.port)
            seen.append({labels[1]: value for labels, value in values(result, metrics.DUPLEX).items()})
        return seen

    with HostileAgent(device("a", "b")) as agent:
        assert polling(twice) == [{"a": 2, "b": 3}] * 2


def test_a_port_that_comes_while_the_table_is_walked_does_not_cost_the_poll() -> None:
    one, two = device("Gi0/1", "ppp1"), device("Gi0/1", "ppp1", "ppp2")
    for table in (one, two):
        table |= {IF_NUMBER: cell(len(table)), IF_TABLE_LAST_CHANGE: cell(len(table), hostile.TICKS)}

    def dialled(agent: HostileAgent, request: hostile.Request) -> Iterable[bytes]:
        answer = list(hostile.honest(agent, request))
        if len(agent.seen) == at:
            agent.load(two)
        return answer

    with HostileAgent(one, hostile.honest) as agent:
        poll("snmp_interfaces", PUBLIC, port=agent.port)
        requests = len(agent.seen)
    for at in range(1, requests + 1):
        with HostileAgent(one, dialled) as agent:
            result = poll("snmp_interfaces", PUBLIC, port=agent.port)
        assert result.success, at
