import pytest

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.errors import Conflict
from inventory.nouns import NOUNS
from inventory.register import Query, get, list_, retire
from tests.support.refusals import change, refused, refused_change
from tests.support.rows import add, add_device, add_site

BASE = {"name": "r1", "site": "a", "category": "router"}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": "Core 1"}, ("name", "slug")),
        ({"address": "core.example.vn"}, ("address", "ip_address")),
        ({"address": "10.0.0.256"}, ("address", "ip_address")),
        ({"address": "0.0.0.0"}, ("address", "ip_address")),
        ({"address": "ff02::1"}, ("address", "ip_address")),
        ({"category": "spaceship"}, ("category", "no_such")),
        ({"site": "nowhere"}, ("site", "no_such")),
        ({"ports": {"snmp": 0}}, ("ports.snmp", "out_of_range")),
        ({"ports": {"snmp": 65_536}}, ("ports.snmp", "out_of_range")),
        ({"ports": {"telnet": 23}}, ("ports.telnet.[key]", "not_a_choice")),
        ({"snmp_credential": "nothing"}, ("snmp_credential", "no_such")),
        ({"snmp_credential": "shell"}, ("snmp_credential", "other_kind")),
        ({"ssh_credential": "district"}, ("ssh_credential", "other_kind")),
        ({"probes": {"icmp": {"interval_s": 0}}}, ("probes.icmp.interval_s", "out_of_range")),
        ({"probes": {"icmp": {"interval_s": 1, "timeout_s": 2}}}, ("probes.icmp.timeout_s", "order")),
        ({"probes": {"icmp": {"note": "x" * 5_000}}}, ("probes.icmp", "too_long")),
        ({"probes": {"http": {"expect": "a\x00b"}}}, ("probes", "control_character")),
        ({"probes": {"http": {"expect": ["\ud83d"]}}}, ("probes", "control_character")),
        ({"site": "a\x00"}, ("site", "control_character")),
        ({"probes": {"icmp": 1}}, ("probes.icmp", "dict_type")),
        ({"probes": {"ICMP!": {}}}, ("probes.ICMP!.[key]", "pattern")),
        ({"optical_overrides": {"sfp1": {"rx_warn_low": -70}}}, ("optical_overrides.sfp1.rx_warn_low", "out_of_range")),
        ({"optical_overrides": {"sfp1": {"rx": -20}}}, ("optical_overrides.sfp1.rx.[key]", "pattern")),
    ],
)
def test_a_wrong_field_is_named(books: Books, values: dict[str, object], problem: tuple[str, str]) -> None:
    add_site(books, "a")
    add(books, "credentials", name="district", kind="snmp_v2c", community="a-long-word")
    add(books, "credentials", name="shell", kind="ssh", user="u", password="p")
    assert refused(books, "devices", **BASE | values) == {problem}


def test_a_device_is_read_as_it_was_written(books: Books) -> None:
    add_site(books, "a")
    add(books, "credentials", name="district", kind="snmp_v2c", community="a-long-word")
    values = BASE | {
        "address": "2001:db8::1", "ports": {"snmp": 1161}, "snmp_credential": "district", "is_root": True,
        "probes": {"icmp": {"interval_s": 1}, "snmp_optics": {"enabled": False}, "x": {"path": "/"}},
        "optical_overrides": {"sfp1": {"rx_warn_low": -24.0}},
    }  # fmt: skip
    add(books, "devices", **values)
    written = get(books, SYSTEM, NOUNS["devices"], "r1").model_dump(mode="json")
    assert {name: written[name] for name in values} == values
    assert list_(books, SYSTEM, NOUNS["devices"], Query()).items[0].model_dump(mode="json") == written


def test_the_name_never_changes_and_stays_taken(books: Books) -> None:
    add_site(books, "a")
    add_device(books, "r1", "a")
    assert refused_change(books, "devices", "r1", name="r2") == {("name", "fixed")}
    assert refused(books, "devices", **BASE) == {("name", "taken")}


def test_what_is_not_sent_stays_and_what_is_sent_empty_goes(books: Books) -> None:
    add_site(books, "a")
    add(books, "credentials", name="district", kind="snmp_v2c", community="a-long-word")
    add_device(books, "r1", "a", title="T", snmp_credential="district")
    written = change(books, "devices", "r1", snmp_credential="", address=None).model_dump()
    assert (written["title"], written["snmp_credential"], written["address"]) == ("T", None, None)
    assert refused_change(books, "devices", "r1", site=None) == {("site", "string_type")}
    assert refused_change(books, "devices", "r1", title=None) == {("title", "string_type")}


KEY = "ssh-ed25519 SHA256:" + "A" * 43


def test_a_device_is_reached_through_another_whose_key_is_known(books: Books) -> None:
    add_site(books, "a")
    add_device(books, "gate", "a", ssh_host_key=KEY, ports={"ssh": 2222})
    add_device(books, "r1", "a", ssh_jump="gate")
    assert get(books, SYSTEM, NOUNS["devices"], "r1").model_dump()["ssh_jump"] == "gate"
    (behind,) = list_(books, SYSTEM, NOUNS["devices"], Query(filters={"ssh_jump": "gate"})).items
    assert behind.key == "r1"
    assert change(books, "devices", "r1", ssh_jump="").model_dump()["ssh_jump"] is None


@pytest.mark.parametrize(
    ("jump", "code"), [("nowhere", "no_such"), ("far", "chain"), ("dark", "no_address"), ("new", "no_host_key")]
)
def test_who_cannot_be_trusted_with_the_password_is_no_jump_host(books: Books, jump: str, code: str) -> None:
    add_site(books, "a")
    add_device(books, "gate", "a", ssh_host_key=KEY)
    add_device(books, "far", "a", ssh_host_key=KEY, ssh_jump="gate")
    add_device(books, "dark", "a", ssh_host_key=KEY, address=None)
    add_device(books, "new", "a")
    assert refused(books, "devices", **BASE | {"ssh_jump": jump}) == {("ssh_jump", code)}


def test_a_jump_host_stays_one_while_somebody_is_behind_it(books: Books) -> None:
    add_site(books, "a")
    add_device(books, "gate", "a", ssh_host_key=KEY)
    add_device(books, "other", "a", ssh_host_key=KEY)
    add_device(books, "r1", "a", ssh_jump="gate")
    assert refused_change(books, "devices", "gate", ssh_jump="gate") == {
        ("ssh_jump", "itself"),
        ("ssh_jump", "still_jump"),
    }
    assert refused_change(books, "devices", "other", ssh_jump="other") == {("ssh_jump", "itself")}
    assert refused_change(books, "devices", "gate", ssh_jump="other") == {("ssh_jump", "still_jump")}
    assert refused_change(books, "devices", "gate", address=None) == {("address", "still_jump")}
    with pytest.raises(Conflict):
        retire(books, SYSTEM, NOUNS["devices"], "gate", 1)
    # After a reset the key is cleared, and the next one is taken.
    change(books, "devices", "gate", ssh_host_key="")
    change(books, "devices", "r1", title="Still behind it", ssh_host_key=KEY)
    change(books, "devices", "r1", ssh_jump=None)
    change(books, "devices", "gate", address=None)
