"""Settings, read only: what is set and where it comes from, and how the parts of the system are."""

import sys
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from alerts.thresholds import THRESHOLDS
from api.house import House, house_of
from api.http.auth import actor
from api.settings import FILE_NAME, leaves, variable_of
from api.views.limits import written
from api.views.rendering import render
from api.views.states import State
from api.watch.prometheus import WrongQuery
from inventory.access.rights import Act, Actor, check
from inventory.columns import now
from inventory.errors import Unavailable
from inventory.nouns import NOUNS
from inventory.register import Query, list_
from inventory.text import Text, same

ROUTER: Final = APIRouter(include_in_schema=False)

SILENT_S: Final = 60.0
"""A collector that reports each 10 s and has not for this long has stopped."""

_SECRET: Final = frozenset({"database.url"})
_SET: Final = Text(vi="(đã đặt, không hiển thị)", en="(set, not shown)")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the system and how it is."""

    name: Text
    state: State
    detail: Text


@ROUTER.get("/settings")
async def settings(request: Request) -> Response:
    """Show everything that is set, and the parts."""
    check(actor(request), Act.ADMINISTER, "settings")
    house = house_of(request)
    parts = await run_sync(_parts, house, actor(request))
    return render(
        request,
        "settings/settings.html",
        rows=[(".".join(path), variable_of(path), _shown(house, path)) for path, _ in leaves()],
        file=str(house.settings.home / FILE_NAME),
        system_parts=parts,
        thresholds=THRESHOLDS,
        limit=house.settings.limit,
        limit_words=written,
        versions=(("quang", version("quang")), ("Python", sys.version.split()[0])),
    )


def _parts(house: House, person: Actor) -> list[Part]:
    found = [_prometheus(house)]
    kind = house.books.engine.dialect.name
    found.append(Part(_DATABASE, State.OK, same("SQLite" if kind == "sqlite" else "PostgreSQL")))
    collectors = list_(house.books, person, NOUNS["collectors"], Query(limit=100)).items
    return [*found, *map(_collector, collectors)]


def _prometheus(house: House) -> Part:
    try:
        house.prometheus.query("vector(1)")
    except (Unavailable, WrongQuery) as error:
        return Part(same("Prometheus"), State.DOWN, error.reason)
    return Part(same("Prometheus"), State.OK, same(house.settings.prometheus.url))


def _collector(one: Any) -> Part:  # noqa: ANN401 - the noun's read model
    name = _COLLECTOR.fill(name=one.name)
    if one.seen_at is None:
        return Part(name, State.UNKNOWN, _NEVER)
    silent = (now() - one.seen_at).total_seconds() > SILENT_S
    state = State.DOWN if silent else State.OK
    return Part(name, state, _SILENT if silent else _REPORTS)


def _shown(house: House, path: tuple[str, ...]) -> str | Text:
    value: Any = house.settings
    for part in path:
        value = getattr(value, part)
    if ".".join(path) in _SECRET:
        return _SET if value else ""
    if isinstance(value, dict):
        value = tuple(f"{name}={number:g}" for name, number in value.items())
    if isinstance(value, bool):
        return _YES if value else _NO
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


_YES: Final = Text(vi="có", en="yes")
_NO: Final = Text(vi="không", en="no")
_DATABASE: Final = Text(vi="Cơ sở dữ liệu", en="Database")
_COLLECTOR: Final = Text(vi="Bộ thu thập {name}", en="Collector {name}")
_NEVER: Final = Text(vi="Chưa báo về lần nào.", en="It has never reported.")
_SILENT: Final = Text(vi="Đã ngừng báo về.", en="It has stopped reporting.")
_REPORTS: Final = Text(vi="Đang báo về đều.", en="It reports.")
