import re

from inventory.assets.categories import CATEGORIES, LifeClass
from inventory.fields import Entry


def test_a_category_has_both_names_a_life_and_attributes_that_are_all_optional() -> None:
    for code, category in CATEGORIES.items():
        assert re.fullmatch(r"[a-z][a-z_]{0,31}", code)
        assert category.label.vi
        assert category.life in LifeClass
        assert issubclass(category.attributes, Entry)
        category.attributes()


def test_personal_computers_are_not_watched_by_default() -> None:
    assert CATEGORIES["desktop"].probes == CATEGORIES["laptop"].probes == ()
    assert "snmp_optics" in CATEGORIES["router"].probes


def test_what_has_tables_of_its_own_is_asked_for_them_and_a_printer_that_is_off_is_no_alarm() -> None:
    assert "snmp_ups" in CATEGORIES["ups"].probes
    assert {"snmp_host", "snmp_sensors"} <= set(CATEGORIES["server"].probes) & set(CATEGORIES["router"].probes)
    # What feeds a rack tells its load by the tables of sensors; it wears as the machines do that it feeds.
    assert "snmp_sensors" in CATEGORIES["pdu"].probes
    assert CATEGORIES["pdu"].life is CATEGORIES["ups"].life is CATEGORIES["switch"].life is LifeClass.MACHINE
    assert "snmp_printer" in CATEGORIES["printer"].probes
    assert "icmp" not in CATEGORIES["printer"].probes
