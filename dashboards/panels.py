"""The door to grafanalib: boards as Grafana's JSON, deterministically."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from grafanalib import core as grafana

from dashboards.board import WIDTH, Board, Bound, Column, Panel, Query, Row, State, Variable, uid
from inventory.text import LANGUAGES, Language, Text

DATASOURCE: Final = {"type": "prometheus", "uid": "quang-prometheus"}
"""The data source that `dashboards.provisioning` declares."""

TAG: Final = "quang"

# The first schema of Grafana 9: what is written here needs no migration when it is loaded.
_SCHEMA: Final = 36
_ROW_HEIGHT: Final = 1
_NAMES: Final[Mapping[Language, Text]] = {
    "vi": Text(vi="Tiếng Việt", en="Vietnamese"),
    "en": Text(vi="Tiếng Anh", en="English"),
}


def drawn(
    board: Board, language: Language, *, all_boards: Sequence[Board], changes: Mapping[str, float] | None = None
) -> str:
    """Return a board as Grafana's JSON.

    Args:
        board: What to draw.
        language: Of every word on it.
        all_boards: Those that it links to, in this order.
        changes: Name of an alert's threshold to the operator's value.

    Raises:
        WrongThreshold: A value lies outside its threshold's range.
    """
    dashboard = grafana.Dashboard(
        title=board.title.to(language),
        description=board.description.to(language),
        uid=uid(board.slug, language),
        tags=[TAG, f"{TAG}-{language}"],
        editable=False,
        schemaVersion=_SCHEMA,
        graphTooltip=grafana.GRAPH_TOOLTIP_MODE_SHARED_CROSSHAIR,
        timezone="browser",
        refresh="10s",
        time=grafana.Time(f"now-{board.hours}h", "now"),
        templating=grafana.Templating([_variable(one, language) for one in board.variables]),
        links=_links(board, language, all_boards),
        panels=list(_panels(board.rows, language, changes or {})),
    ).auto_panel_ids()
    return json.dumps(dashboard.to_json_data(), default=_plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _plain(part: Any) -> Any:  # noqa: ANN401 - what json hands over
    return part.to_json_data()


def _panels(rows: Sequence[Row], language: Language, changes: Mapping[str, float]) -> Iterator[grafana.Panel]:
    """Lay the panels out from left to right and top to bottom, none over another."""
    y = 0
    for row in rows:
        yield grafana.RowPanel(title=row.title.to(language), gridPos=grafana.GridPos(_ROW_HEIGHT, WIDTH, 0, y))
        y += _ROW_HEIGHT
        x = tallest = 0
        for panel in row.panels:
            if x + panel.width > WIDTH:
                y, x, tallest = y + tallest, 0, 0
            yield _panel(panel, language, changes, grafana.GridPos(panel.height, panel.width, x, y))
            x, tallest = x + panel.width, max(tallest, panel.height)
        y += tallest


def _panel(panel: Panel, language: Language, changes: Mapping[str, float], place: grafana.GridPos) -> grafana.Panel:
    shared: dict[str, Any] = {
        "title": panel.title.to(language),
        "description": panel.description.to(language),
        "dataSource": DATASOURCE,
        "gridPos": place,
        # One point per pixel of a wide screen; grafanalib's own 100 would hide a short outage.
        "maxDataPoints": 1000,
        "targets": [_target(query, index, panel, language) for index, query in enumerate(panel.queries)],
        "thresholds": _steps(panel.bounds, changes),
        "mappings": _mappings(panel.states, language),
        "extraJson": {"fieldConfig": {"defaults": {"noValue": panel.empty.to(language)}}},
    }
    match panel.kind:
        case "timeseries":
            return _timeseries(panel, shared)
        case "stat":
            return _stat(panel, shared)
        case "states":
            return grafana.StateTimeline(**shared, showValue="never", legendDisplayMode="hidden")
        case "table":
            return _table(panel, shared, language, changes)


def _timeseries(panel: Panel, shared: dict[str, Any]) -> grafana.Panel:
    return grafana.TimeSeries(
        **shared,
        unit=panel.unit,
        fillOpacity=8,
        showPoints="never",
        tooltipMode="multi",
        tooltipSort="desc",
        thresholdsStyleMode="line" if panel.bounds else "off",
        axisSoftMin=None if panel.unit in {"dBm", "dB"} else 0,
    )


def _stat(panel: Panel, shared: dict[str, Any]) -> grafana.Panel:
    return grafana.Stat(
        **shared,
        format=panel.unit,
        reduceCalc="lastNotNull",
        graphMode="none",
        colorMode="background" if panel.bounds else "value",
    )


def _table(panel: Panel, shared: dict[str, Any], language: Language, changes: Mapping[str, float]) -> grafana.Panel:
    titles = {column.field: column.title.to(language) for column in panel.columns}
    order = {column.field: index for index, column in enumerate(panel.columns)}
    # What is not a column of ours is filtered out by name, so that a new label of a series never appears by itself.
    wanted = {"id": "filterFieldsByName", "options": {"include": {"names": list(titles)}}}
    organised = {"id": "organize", "options": {"renameByName": titles, "indexByName": order}}
    merged = [{"id": "merge", "options": {}}] if len(panel.queries) > 1 else []
    return grafana.Table(
        **shared,
        unit=panel.unit,
        span=None,
        transformations=[*merged, wanted, organised],
        overrides=[_override(column, language, changes) for column in panel.columns],
    )


def _override(column: Column, language: Language, changes: Mapping[str, float]) -> dict[str, Any]:
    properties: list[dict[str, Any]] = [{"id": "unit", "value": column.unit}]
    if column.bounds:
        steps = {"mode": "absolute", "steps": _steps(column.bounds, changes)}
        properties += [{"id": "thresholds", "value": steps}, {"id": "custom.displayMode", "value": "color-text"}]
    if column.states:
        properties.append({"id": "mappings", "value": _mappings(column.states, language)})
        properties.append({"id": "custom.displayMode", "value": "color-text"})
    if column.opens and column.opens_with:
        address = f"/d/{uid(column.opens, language)}?var-{column.opens_with}=${{__value.text}}"
        properties.append({"id": "links", "value": [{"title": column.title.to(language), "url": address}]})
    return {"matcher": {"id": "byName", "options": column.title.to(language)}, "properties": properties}


def _target(query: Query, index: int, panel: Panel, language: Language) -> grafana.Target:
    is_table = panel.kind == "table"
    return grafana.Target(
        expr=query.expr,
        legendFormat=query.legend.to(language),
        refId=chr(ord("A") + index),
        instant=query.now or is_table,
        format="table" if is_table else "time_series",
        intervalFactor=1,
        datasource=DATASOURCE,
    )


def _steps(bounds: Sequence[Bound], changes: Mapping[str, float]) -> list[dict[str, object]]:
    if not bounds:
        return [{"color": "text", "value": None}]
    return [{"color": bound.colour, "value": bound.value(changes)} for bound in bounds]


def _mappings(states: Sequence[State], language: Language) -> list[grafana.StatValueMappings]:
    if not states:
        return []
    items = [
        grafana.StatValueMappingItem(state.text.to(language), str(state.value), state.colour, index)
        for index, state in enumerate(states)
    ]
    return [grafana.StatValueMappings(*items)]


def _variable(variable: Variable, language: Language) -> grafana.Template:
    return grafana.Template(
        name=variable.name,
        label=variable.label.to(language),
        query=variable.query,
        dataSource=DATASOURCE,
        refresh=grafana.REFRESH_ON_TIME_RANGE_CHANGE,
        multi=variable.several,
        includeAll=variable.several,
        default="$__all" if variable.several else None,
    )


def _links(board: Board, language: Language, all_boards: Sequence[Board]) -> list[grafana.DashboardLink]:
    """Return links to the other boards in the same language, and to this one in the other."""
    others = [
        grafana.DashboardLink(
            type="link", icon="dashboard", title=one.title.to(language), uri=f"/d/{uid(one.slug, language)}"
        )
        for one in all_boards
        if one.slug != board.slug
    ]
    translations = [
        grafana.DashboardLink(
            type="link",
            icon="doc",
            includeVars=True,
            title=_NAMES[other].to(other),
            uri=f"/d/{uid(board.slug, other)}",
        )
        for other in LANGUAGES
        if other != language
    ]
    return others + translations
