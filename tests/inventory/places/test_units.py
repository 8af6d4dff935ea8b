import json
from pathlib import Path

import api
from inventory.places.units import units


def test_the_district_had_one_centre_and_23_communes_and_became_8() -> None:
    old = [unit for unit in units() if unit.parent == "huyen-bac-quang"]
    new = [unit for unit in units() if unit.slug.endswith("-2025")]
    assert (len(old), len(new), len(units())) == (23, 8, 32)
    assert {unit.successor for unit in old} == {unit.slug for unit in new}


def test_a_unit_comes_after_those_it_names() -> None:
    seen: set[str | None] = {None}
    for unit in units():
        assert {unit.parent, unit.successor} <= seen
        seen.add(unit.slug)


def test_a_code_is_reused_by_a_unit_of_another_name() -> None:
    by_slug = {unit.slug: unit for unit in units()}
    assert by_slug["dong-tam-2025"].code == by_slug["dong-tien"].code != by_slug["dong-tam"].code


def test_the_outlines_are_those_of_the_new_communes() -> None:
    file = Path(api.__file__).parent / "static" / "map" / "communes_2025.geojson"
    outlined = {feature["properties"]["code"] for feature in json.loads(file.read_text())["features"]}
    assert outlined == {unit.code for unit in units() if unit.slug.endswith("-2025")}
