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
