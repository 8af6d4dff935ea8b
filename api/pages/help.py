"""Help: how to begin, what each rule means and what to do, and a glossary."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from alerts.rule import fill
from alerts.rules import GROUPS, RULES
from api.house import house_of
from api.views.glossary import TERMS
from api.views.limits import written
from api.views.rendering import render
from api.views.states import MEANINGS
from inventory.errors import NotFound
from inventory.text import Text

ROUTER: Final = APIRouter(include_in_schema=False)

_RULE: Final = Text(vi="quy tắc cảnh báo", en="alert rule")

SEVERITIES: Final = {
    "critical": Text(vi="Nghiêm trọng: có người đang không dùng được", en="Critical: somebody is cut off"),
    "warning": Text(vi="Cảnh báo: vẫn chạy, nhưng cần xem", en="Warning: it works, but needs a look"),
    "info": Text(vi="Thông tin", en="Information"),
}


@ROUTER.get("/help")
async def help_page(request: Request) -> Response:
    """Show how to begin, the states, the rules and the glossary."""
    groups = [(group, group.alerts) for group in GROUPS if group.alerts]
    return render(request, "help/help.html", groups=groups, meanings=MEANINGS, terms=TERMS)


@ROUTER.get("/help/rules/{name}")
async def rule_page(request: Request, name: str) -> Response:
    """Explain one rule: what it means, what to do, whom to call, and how it is found."""
    rule = RULES.get(name)
    if rule is None:
        raise NotFound(_RULE, name)
    settings = house_of(request).settings
    expr = fill(rule.expr, rule.thresholds, settings.thresholds)
    severity = SEVERITIES[rule.severity]
    return render(
        request, "help/rule.html", rule=rule, expr=expr, limit=settings.limit, limit_words=written, severity=severity
    )


@ROUTER.get("/help/glossary")
async def glossary_page(request: Request) -> Response:
    """Explain the words."""
    return render(request, "help/glossary.html", terms=TERMS)
