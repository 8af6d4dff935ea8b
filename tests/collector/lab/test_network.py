"""Faults: what each does to ports, light, counters and reachability."""

import pytest

from collector.lab.box import DOWN, LOWER_LAYER_DOWN, NO_LIGHT_DBM, UP, Port, expected_rx_dbm
from collector.lab.district import CENTRE, district
from collector.lab.network import MOST_DIM_DB, Network, NoFault

NOW = 1.75e9


@pytest.fixture
def network() -> Network:
    return Network(district(), NOW)


def ends(network: Network, link_name: str) -> list[Port]:
    link = next(link for link in network.district.links if link.name == link_name)
    return [network.boxes[link.a].ports[link.a_port], network.boxes[link.b].ports[link.b_port]]


def test_at_first_everybody_is_reached_with_the_light_that_the_length_leaves(network: Network) -> None:
    assert network.unreachable() == frozenset()
    for link in network.district.links:
        if link.b_port:
            assert [port.rx_dbm(NOW) for port in ends(network, link.name)] == pytest.approx(
                [expected_rx_dbm(link)] * 2, abs=0.3
            )


def test_a_cut_in_a_ring_takes_the_light_but_nobody_away(network: Network) -> None:
    name = network.cut_line("viet-vinh", NOW)
    assert name == "bq-viet-vinh"
    assert network.unreachable() == frozenset()
    near, far = ends(network, name)
    assert (near.state, far.state) == (LOWER_LAYER_DOWN, DOWN)
    assert near.rx_dbm(NOW) == NO_LIGHT_DBM
    assert near.received.octets(NOW + 60) == near.received.octets(NOW)


def test_a_cut_in_a_chain_takes_all_that_is_behind(network: Network) -> None:
    network.cut_line("vinh-tuy", NOW)
    assert network.unreachable() == {"vinh-tuy-r1", "dong-thanh-r1", "dong-yen-r1"}


def test_two_cuts_take_the_part_of_a_ring_between_them(network: Network) -> None:
    network.cut_line("bq-vo-diem", NOW)
    network.cut_line("lien-hiep-huu-san", NOW)
    assert network.unreachable() == {"vo-diem-r1", "lien-hiep-r1", "duc-xuan-r1"}


def test_a_site_without_power_is_silent_and_its_neighbour_sees_light(network: Network) -> None:
    network.power_off("dong-tien", NOW)
    assert network.unreachable() == {"dong-tien-r1", "thuong-binh-r1"}
    assert ends(network, "dong-tam-dong-tien")[0].state == UP


def test_power_that_returns_starts_the_clock_and_the_counters_anew(network: Network) -> None:
    box = network.boxes["dong-tien-r1"]
    network.power_off("dong-tien", NOW)
    assert network.restore("dong-tien", NOW + 300) == ["dong-tien"]
    assert box.booted_at == NOW + 300
    assert box.ports["sfp1"].received.octets(NOW + 300) == 0
    assert network.unreachable() == frozenset()


def test_a_dimmed_line_loses_light_at_both_ends_and_nothing_else(network: Network) -> None:
    before = [port.rx_dbm(NOW) for port in ends(network, "bq-viet-quang")]
    network.dim_line("viet-quang", 6.0, NOW)
    after = [port.rx_dbm(NOW) for port in ends(network, "bq-viet-quang")]
    assert [one - other for one, other in zip(before, after, strict=True)] == pytest.approx([6.0, 6.0])
    assert network.unreachable() == frozenset()


@pytest.mark.parametrize("loss", [0.0, -1.0, MOST_DIM_DB + 0.1, float("nan")])
def test_a_loss_out_of_range_is_refused(network: Network, loss: float) -> None:
    with pytest.raises(NoFault):
        network.dim_line("viet-quang", loss, NOW)
    assert network.dim == {}


def test_restore_without_a_place_ends_everything(network: Network) -> None:
    network.cut_line("vinh-tuy", NOW)
    network.dim_line("hung-an", 4.0, NOW)
    network.power_off("huu-san", NOW)
    assert network.restore(None, NOW + 5) == ["huu-san", "vinh-hao-hung-an", "vinh-hao-vinh-tuy"]
    assert network.unreachable() == frozenset()
    assert all(port.state == UP for port in ends(network, "vinh-hao-vinh-tuy"))


def test_restoring_one_place_leaves_the_others_as_they_are(network: Network) -> None:
    network.cut_line("vinh-tuy", NOW)
    network.cut_line("tan-lap", NOW)
    network.restore("tan-lap", NOW + 5)
    assert network.cut == {"vinh-hao-vinh-tuy"}


def test_an_unknown_place_is_named_and_the_centre_keeps_its_power(network: Network) -> None:
    with pytest.raises(NoFault, match="nowhere"):
        network.cut_line("nowhere", NOW)
    with pytest.raises(NoFault):
        network.restore("nowhere", NOW)
    with pytest.raises(NoFault, match="centre"):
        network.power_off(CENTRE, NOW)
