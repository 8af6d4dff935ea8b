"""How things are: what was measured, what was reported, and what stands behind what."""

import itertools
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.views.measured import NOTHING, Measured
from api.views.overview import Overview
from api.views.states import MEANINGS, State, of_place, worst
from inventory.network.devices import Device
from inventory.network.links import Link
from inventory.network.services import Service
from inventory.places.sites import Site
from inventory.watch.incidents import Incident

NOW = datetime(2018, 12, 1, tzinfo=UTC)


def network(measured: Measured = NOTHING, *incidents: Incident, far_kind: str = "snmp") -> Overview:
    sites = [Site(id=1, slug="huyen", name="Huyện", kind="district"), Site(id=2, slug="xa", name="Xã", kind="commune")]
    devices = [
        Device(id=1, name="core", site_id=1, category="router", address="10.0.0.1", is_root=True),
        Device(id=2, name="xa-rt", site_id=2, category="router", address="10.0.1.1"),
        Device(id=3, name="xa-sw", site_id=2, category="switch"),
    ]
    line = Link(id=1, name="line", a_device_id=1, b_device_id=2, a_interface="p1", b_interface="p1")
    blind = Link(id=2, name="blind", a_device_id=1, b_device_id=2, a_kind="ont", b_kind=far_kind)
    web = Service(id=1, name="web", kind="website", site_id=2, url="http://x/")
    return Overview(
        {one.id or 0: one for one in sites},
        {one.id or 0: one for one in devices},
        {1: line, 2: blind},
        {1: web},
        {},
        list(incidents),
        measured,
    )


def incident(
    element: str, severity: str = "critical", state: str = "open", *, site: int = 2, hidden: int = 0
) -> Incident:
    return Incident(
        rule="LinkDown", element=element, severity=severity, state=state, opened_at=NOW, last_fired_at=NOW,
        site_id=site, hidden_count=hidden,
    )  # fmt: skip


GOOD = {"device:core": False, "device:xa-rt": False, "link:line": False, "service:web": False}


def test_without_a_measurement_nothing_is_called_good() -> None:
    states = network().states
    assert states["device:core"] is states["link:line"] is states["service:web"] is State.UNKNOWN
    assert states["device:xa-sw"] is State.UNWATCHED
    assert State.OK not in states.values()


def test_what_is_measured_well_is_good() -> None:
    states = network(Measured(True, GOOD)).states
    assert states["site:huyen"] is states["site:xa"] is states["link:line"] is states["service:web"] is State.OK


def test_what_lies_behind_a_cut_is_not_called_its_own_fault() -> None:
    down = GOOD | {"link:line": True, "device:xa-rt": True, "service:web": True}
    states = network(Measured(True, down, frozenset({"device:xa-rt"})), incident("link:line")).states
    assert states["link:line"] is State.DOWN
    assert states["device:xa-rt"] is states["site:xa"] is states["service:web"] is State.BEHIND
    assert states["site:huyen"] is State.OK


def test_a_line_between_two_places_behind_a_cut_is_affected_and_not_a_riddle() -> None:
    silent = {"device:core": True, "device:xa-rt": True}
    both = network(Measured(True, silent, frozenset({"device:core", "device:xa-rt"})))
    assert both.states["link:line"] is State.BEHIND
    one = network(Measured(True, silent, frozenset({"device:xa-rt"})))
    assert one.states["link:line"] is State.UNKNOWN


def test_a_reported_cut_counts_while_nothing_is_measured() -> None:
    states = network(NOTHING, incident("link:line", hidden=1)).states
    assert states["link:line"] is State.DOWN
    assert states["site:xa"] is State.BEHIND


def test_an_incident_of_which_nothing_is_known_does_not_hide_a_good_measurement() -> None:
    assert network(Measured(True, GOOD), incident("link:line", state="unknown")).states["link:line"] is State.OK
    assert network(NOTHING, incident("link:line", state="unknown")).states["link:line"] is State.UNKNOWN


def test_a_warning_marks_the_thing_and_its_site_but_not_the_centre() -> None:
    states = network(Measured(True, GOOD), incident("link:line", "warning")).states
    assert states["link:line"] is states["site:xa"] is State.WARNING
    assert states["site:huyen"] is State.OK


def test_a_line_that_nobody_can_be_asked_about_is_as_its_far_end_is() -> None:
    assert network(Measured(True, GOOD), far_kind="ont").states["link:blind"] is State.OK
    assert network(Measured(True, GOOD | {"device:xa-rt": True}), far_kind="ont").states["link:blind"] is State.DOWN


def test_the_network_begins_where_its_root_stands() -> None:
    root = network().root
    assert root is not None
    assert root.slug == "huyen"


@given(st.lists(st.sampled_from(list(State))))
def test_the_worst_of_some_states_does_not_depend_on_their_order(states: list[State]) -> None:
    assert worst(states) is worst(reversed(states)) is worst(sorted(states))


@pytest.mark.parametrize("states", list(itertools.combinations_with_replacement(State, 3)))
def test_a_place_is_down_only_when_nothing_in_it_works(states: tuple[State, ...]) -> None:
    found = of_place(states)
    if found in {State.DOWN, State.BEHIND}:
        assert State.OK not in states
    assert (found is State.UNWATCHED) == (set(states) == {State.UNWATCHED})


def test_every_state_has_its_words_and_its_meaning() -> None:
    assert set(MEANINGS) == set(State)
    assert len({state.text.vi for state in State}) == len({state.text.en for state in State}) == len(State)


def test_a_unit_that_is_no_more_is_counted_only_while_something_stands_there() -> None:
    sites = {1: Site(id=1, slug="old", name="Cũ", kind="commune", valid_to=date(2025, 6, 30)),
             2: Site(id=2, slug="held", name="Còn máy", kind="commune", valid_to=date(2025, 6, 30)),
             3: Site(id=3, slug="new", name="Mới", kind="commune", valid_from=date(2025, 7, 1))}  # fmt: skip
    device = Device(id=1, name="r", site_id=2, category="router")
    seen = Overview(sites, {1: device}, {}, {}, {}, [], today=date(2025, 7, 1))
    assert seen.ended == {1}
    assert Overview(sites, {}, {}, {}, {}, [], today=date(2025, 6, 30)).ended == frozenset()
