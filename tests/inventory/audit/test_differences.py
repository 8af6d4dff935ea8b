"""Differences are a pure function of the list and the entries: order and repetition do not matter."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inventory.audit.differences import Tally, live, tally
from inventory.audit.stocktake import CountEntry, ExpectedLine

T0 = datetime(2026, 12, 1, tzinfo=UTC)


def line(number: int, site_id: int = 1, room: str = "Phòng 1") -> ExpectedLine:
    return ExpectedLine(
        id=number * 10, stocktake_id=1, number=number, asset_id=number, tag=f"T{number}", name="Máy",
        category="desktop",
        site_id=site_id, site=f"s{site_id}", site_name=f"S{site_id}", room=room, status="in_use", cost_vnd=1,
    )  # fmt: skip


def entry(uid: str, number: int | None = None, minute: int = 0, **values: object) -> CountEntry:
    fields: dict[str, object] = {
        "uid": uid, "stocktake_id": 1, "line_id": None if number is None else number * 10, "method": "scan",
        "site_id": 1, "site_name": "S1", "room": "Phòng 1", "counted_by": "a",
        "counted_at": T0 + timedelta(minutes=minute), "received_at": T0,
    }  # fmt: skip
    return CountEntry(**fields | values)


def kinds(found: Tally) -> list[tuple[str, str]]:
    return [(one.kind.value, one.subject) for one in found.differences]


def test_what_is_found_in_its_place_is_no_difference() -> None:
    assert kinds(tally([line(1)], [entry("a", 1)])) == []


def test_what_nobody_saw_is_missing() -> None:
    assert kinds(tally([line(1), line(2)], [entry("a", 2)])) == [("missing", "missing:1")]


def test_another_site_or_room_is_elsewhere_and_spelling_is_not() -> None:
    assert kinds(tally([line(1)], [entry("a", 1, site_id=2)])) == [("elsewhere", "elsewhere:1")]
    assert kinds(tally([line(1)], [entry("a", 1, room="Kho")])) == [("elsewhere", "elsewhere:1")]
    assert kinds(tally([line(1)], [entry("a", 1, room="phong 1")])) == []
    assert kinds(tally([line(1, room="")], [entry("a", 1, room="Kho")])) == []
    assert kinds(tally([line(1)], [entry("a", 1, room="")])) == []


def test_one_word_of_damage_is_enough_until_it_is_taken_back() -> None:
    broken = entry("a", 1, condition="damaged")
    later = entry("b", 1, minute=5)
    assert kinds(tally([line(1)], [broken, later])) == [("damaged", "damaged:1")]
    assert kinds(tally([line(1)], [broken, later, entry("c", voids="a")])) == []


def test_the_last_place_counts_and_whoever_stood_there_before_the_network() -> None:
    there = entry("a", 1, minute=1, site_id=2)
    network = entry("b", 1, minute=9, method="network")
    assert kinds(tally([line(1)], [there, network])) == [("elsewhere", "elsewhere:1")]
    assert kinds(tally([line(1)], [there, network, entry("c", 1, minute=5)])) == []


def test_two_people_who_find_the_same_unknown_label_find_one_thing() -> None:
    found = tally([], [entry("a", tag="LA-1"), entry("b", tag="la-1 ", minute=3), entry("c", name="Máy in")])
    assert kinds(found) == [("surplus", "entry:c"), ("surplus", "tag:la-1")]
    assert kinds(tally([], [entry("a", asset_id=5, tag="X"), entry("b", asset_id=5, tag="X")])) == [
        ("unexpected", "asset:5")
    ]


def test_a_decision_no_longer_fits_when_something_new_is_seen() -> None:
    first = tally([line(1)], [entry("a", 1, condition="damaged")]).differences[0]
    more = tally([line(1)], [entry("a", 1, condition="damaged"), entry("b", 1)]).differences[0]
    assert first.subject == more.subject
    assert first.basis != more.basis


UIDS = [f"{n:032x}" for n in range(12)]

entries = st.builds(
    lambda uid, number, minute, site, room, method, condition, voids: entry(
        uid, number, minute, site_id=site, room=room, method=method, condition=condition, voids=voids,
        tag="" if number is not None else "LẠ-1",
    ),
    st.sampled_from(UIDS),
    st.one_of(st.none(), st.integers(1, 4)),
    st.integers(0, 5),
    st.integers(1, 2),
    st.sampled_from(["", "Phòng 1", "phong 1", "Kho"]),
    st.sampled_from(["scan", "hand", "network"]),
    st.sampled_from(["ok", "damaged"]),
    st.one_of(st.just(""), st.just(""), st.sampled_from(UIDS)),
)  # fmt: skip


@given(
    st.lists(entries, max_size=12, unique_by=lambda one: one.uid),
    st.randoms(use_true_random=False),
    st.integers(0, 12),
)
def test_any_order_and_any_repetition_gives_the_same_differences(
    sent: list[CountEntry], chance: object, repeated: int
) -> None:
    lines = [line(n) for n in range(1, 5)]
    expected = tally(lines, sent)
    shuffled = sent + sent[:repeated]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    again = tally(list(reversed(lines)), shuffled)
    assert [(one.subject, one.basis, one.kind) for one in again.differences] == [
        (one.subject, one.basis, one.kind) for one in expected.differences
    ]
    assert [one.entries for one in again.findings] == [one.entries for one in expected.findings]


@given(st.lists(entries, max_size=12, unique_by=lambda one: one.uid))
def test_every_line_is_found_or_missing_and_nothing_is_lost(sent: list[CountEntry]) -> None:
    lines = [line(n) for n in range(1, 5)]
    found = tally(lines, sent)
    missing = {one.subject for one in found.differences if one.kind == "missing"}
    assert len(missing) + sum(one.present for one in found.findings) == len(lines)
    placed = [one for some in found.findings for one in some.entries] + [
        one for some in found.extras for one in some.entries
    ]
    assert sorted(one.uid for one in placed) == sorted(one.uid for one in live(sent))
