"""The district: as many units and websites as it must have, and one way up for each."""

from ipaddress import ip_address, ip_network

from collector.lab.district import CENTRE, CORE, NETWORK, district, router_of


def test_there_are_a_centre_and_23_communes_with_a_router_and_a_website_each() -> None:
    it = district()
    assert (len(it.sites), len(it.websites), it.sites[0].slug) == (24, 24, CENTRE)
    assert {router_of(site.slug) for site in it.sites} <= {device.name for device in it.devices}


def test_it_is_the_same_each_time() -> None:
    assert district() == district()


def test_no_name_address_serial_or_port_stands_twice() -> None:
    it = district()
    for values in (
        [device.name for device in it.devices],
        [device.address for device in it.devices],
        [device.serial for device in it.devices],
        [link.name for link in it.links],
        [website.name for website in it.websites],
        [end for link in it.links for end in ((link.a, link.a_port), (link.b, link.b_port)) if end[1]],
    ):
        assert len(values) == len(set(values))


def test_every_end_is_a_port_of_its_device_and_every_address_is_inside() -> None:
    it = district()
    assert all(link.a_port in it.device(link.a).ports for link in it.links)
    assert all(not link.b_port or link.b_port in it.device(link.b).ports for link in it.links)
    assert all(ip_address(device.address) in ip_network(NETWORK) for device in it.devices)


def test_there_are_rings_spurs_and_chains() -> None:
    it = district()
    lines = [sum(router_of(site.slug) in (link.a, link.b) for link in it.links) for site in it.sites]
    assert lines.count(1) >= 5
    assert lines.count(2) >= 8
    assert max(lines) >= 6
    assert it.router(CENTRE).name == CORE
