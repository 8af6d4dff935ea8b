from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.agents.ports import Ports
from collector.agents.tables import tables_for
from collector.load import TABLES, boards, cisco, juniper, single
from collector.load.reading import OCTETS_MAX, Load, LoadTable
from collector.snmp import Column, Value

NOWHERE = Ports(by_index={}, by_name={}, up_time=0, changed=None, read_at=0.0)
ANY_VALUE = st.one_of(st.integers(-(2**63), 2**64), st.floats(), st.binary(max_size=40), st.text(max_size=40))


def read(table: LoadTable, columns: Mapping[str, Mapping[str, Value]]) -> list[Load]:
    """Decode `columns`; those that are not given are empty."""
    full: dict[str, Column] = {name: {} for name in (*table.live, *table.fixed)}
    full |= {name: dict(column) for name, column in columns.items()}
    return list(table.decode(full, NOWHERE))


def test_the_tables_of_a_device_follow_its_maker_and_nobody_else_is_asked_anything() -> None:
    assert tables_for("1.3.6.1.4.1.2636.1.1.1.2.21", TABLES) == (juniper.OPERATING,)
    assert tables_for("1.3.6.1.4.1.12356.101.1.30000", TABLES) == (single.FORTINET,)
    assert tables_for("1.3.6.1.4.1.8072.3.2.10", TABLES) == tables_for("", TABLES) == ()
    assert len({table.name for table in TABLES}) == len(TABLES)


def test_a_table_that_gives_way_stands_behind_the_better_one() -> None:
    order = [table.name for table in TABLES]
    for table in TABLES:
        assert all(order.index(better) < order.index(table.name) for better in table.instead_of)


def test_a_processor_of_cisco_is_called_as_its_entity_and_the_last_minute_goes_before_five() -> None:
    columns: dict[str, Column] = {
        "minute": {"1": 64, "2": 29}, "five_minutes": {"1": 71, "2": 21, "3": 5},
        "entity": {"1": 3017, "2": 0, "3": 9}, "name": {"3017": b"CPU of Routing Processor 5"},
    }  # fmt: skip
    assert read(cisco.PROCESSOR, columns) == [
        Load("CPU of Routing Processor 5", "processor", 0.64),
        Load("CPU 2", "processor", 0.29),
        Load("CPU 3", "processor", 0.05),
    ]


def test_the_only_processor_of_an_old_cisco_has_no_number() -> None:
    assert read(cisco.OLD_PROCESSOR, {"minute": {"1": 13}, "entity": {"1": 0}}) == [Load("CPU", "processor", 0.13)]
    assert read(cisco.OLDEST_PROCESSOR, {"minute": {"0": 8}}) == [Load("CPU", "processor", 0.08)]


def test_pools_that_a_cisco_keeps_full_on_purpose_are_left_out() -> None:
    columns: dict[str, Column] = {
        "used": {"1": 75, "2": 30, "6": 99, "16": 40}, "free": {"1": 25, "2": 70, "6": 1, "16": 1},
        "name": {"1": b"Processor", "2": b"I/O", "6": b"lsmpi_io", "16": b"Driver text"},
    }  # fmt: skip
    assert read(cisco.POOL, columns) == [
        Load("Processor", "memory", 0.75, size_bytes=100),
        Load("I/O", "memory", 0.3, size_bytes=100),
    ]
    enhanced: dict[str, Column] = {
        "used": {"1.1": 75, "1.2": 99, "1.3": 50}, "free": {"1.1": 25, "1.2": 1, "1.3": 50},
        "kind": {"1.1": 2, "1.2": 2, "1.3": 1},
        "name": {"1.1": b"Processor", "1.2": b"lsmpi_io", "1.3": b"MEMPOOL_DMA"}, "entity": {"1": b"RP 0"},
    }  # fmt: skip
    assert read(cisco.ENHANCED_POOL, enhanced) == [Load("Processor", "memory", 0.75, size_bytes=100)]


def test_a_pool_that_no_longer_fits_32_bits_is_read_from_64() -> None:
    top = 2**32 - 1
    columns: dict[str, Column] = {
        "used": {"7.1": top, "8.1": 10}, "free": {"7.1": top, "8.1": 10},
        "used_wide": {"7.1": 6_000_000_000}, "free_wide": {"7.1": 2_000_000_000},
        "kind": {"7.1": 2, "8.1": 2}, "name": {"7.1": b"Processor"}, "entity": {"7": b"RP 0"},
    }  # fmt: skip
    assert read(cisco.ENHANCED_POOL, columns) == [
        Load("RP 0 Processor", "memory", 0.75, size_bytes=8_000_000_000),
        Load("pool 8.1", "memory", 0.5, size_bytes=20),
    ]
    del columns["used_wide"], columns["free_wide"]
    assert [load.name for load in read(cisco.ENHANCED_POOL, columns)] == ["pool 8.1"]


def test_memory_of_a_cisco_processor_is_in_kib() -> None:
    columns: dict[str, Column] = {"used": {"1": 2_429_964}, "free": {"1": 5_823_892}, "entity": {"1": 0}}
    assert read(cisco.PROCESSOR_MEMORY, columns) == [Load("CPU", "memory", 0.2944, size_bytes=8_451_948_544)]
    assert read(cisco.PROCESSOR_MEMORY, {"used": {"1": 1}}) == []


def test_zeros_of_juniper_are_no_readings_and_parts_without_memory_have_no_processor() -> None:
    columns: dict[str, Column] = {
        "name": {"2.1": b"PEM 0", "7.1": b"FPC 0", "9.1": b"Routing Engine 0", "9.2": b"Routing Engine 1"},
        "now": {"2.1": 0, "7.1": 13, "9.1": 29, "9.2": 0}, "minute": {"9.1": 20},
        "size": {"2.1": 0, "7.1": 2_048, "9.1": 16_351, "9.2": 16_351},
        "buffers": {"2.1": 0, "7.1": 14, "9.1": 8, "9.2": 0}, "heap": {"2.1": 0, "7.1": 10, "9.1": 0, "9.2": 0},
    }  # fmt: skip
    assert read(juniper.OPERATING, columns) == [
        Load("FPC 0", "processor", 0.13),
        Load("FPC 0", "memory", 0.14, size_bytes=2_048 * 2**20),
        Load("FPC 0 heap", "memory", 0.1),
        Load("Routing Engine 0", "processor", 0.2),
        Load("Routing Engine 0", "memory", 0.08, size_bytes=16_351 * 2**20),
        Load("Routing Engine 1", "processor", 0.0),
    ]


def test_a_board_of_huawei_or_h3c_is_read_with_its_own_limit_and_a_port_is_no_board() -> None:
    columns: dict[str, Column] = {
        "name": {"3": b"MPU Board 0"}, "cpu": {"3": 0, "4": 0}, "memory": {"3": 20, "4": 0},
        "cpu_limit": {"3": 95, "4": 0}, "memory_limit": {"3": 85, "4": 0}, "size": {"3": -1, "4": 0},
    }  # fmt: skip
    expected = [Load("MPU Board 0", "processor", 0.0, 0.95), Load("MPU Board 0", "memory", 0.2, 0.85)]
    assert read(boards.HUAWEI, columns) == read(boards.H3C, columns) == expected
    full: dict[str, Column] = {name: dict(column) for name, column in columns.items()}
    assert list(boards.working(full)) == ["3"]


def test_an_older_huawei_gives_the_free_part_of_its_memory() -> None:
    columns: dict[str, Column] = {"size": {"0.1.0": 400, "0.2.0": 10}, "free": {"0.1.0": 300, "0.2.0": 11}}
    assert read(boards.HUAWEI_MEMORY, columns) == [Load("memory 0.1.0", "memory", 0.25, size_bytes=400)]
    assert read(boards.HUAWEI_PROCESSOR, {"minute": {"0.1.0": 7}}) == [Load("CPU 0.1.0", "processor", 0.07)]


def test_makers_that_give_percent_or_sizes_are_read() -> None:
    fortinet: dict[str, Column] = {"cpu": {"0": 5}, "memory": {"0": 19}, "size": {"0": 1_000}}
    assert read(single.FORTINET, fortinet) == [
        Load("CPU", "processor", 0.05),
        Load("memory", "memory", 0.19, size_bytes=1_024_000),
    ]
    assert read(single.TP_LINK, {"percent": {"1": 8, "2": 101, "3": 9}}) == [
        Load("CPU 1", "processor", 0.08),
        Load("CPU 3", "processor", 0.09),
    ]
    assert read(single.RUIJIE, {"percent": {"0": 10}, "limit": {"0": 85}}) == [Load("CPU", "processor", 0.1, 0.85)]
    assert read(single.HPE_MEMORY, {"used": {"1": 25}, "size": {"1": 100}}) == [
        Load("memory", "memory", 0.25, size_bytes=100)
    ]
    assert read(single.HPE_MEMORY, {"used": {"1": 101}, "size": {"1": 100}}) == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@given(value=ANY_VALUE, other=ANY_VALUE, index=st.sampled_from(["1", "0", "1.1", "7.1.0.0"]))
def test_no_value_makes_a_decoder_fail(table: LoadTable, value: Value, other: Value, index: str) -> None:
    columns = {name: {index: value if at % 2 else other} for at, name in enumerate((*table.live, *table.fixed))}
    assert table.rows is not None
    assert set(table.rows(columns)) <= {index}
    for load in table.decode(columns, NOWHERE):
        assert load.name
        assert 0 <= load.share <= 1
        assert load.limit is None or 0 < load.limit <= 1
        assert load.size_bytes is None or 0 < load.size_bytes <= 2 * OCTETS_MAX
