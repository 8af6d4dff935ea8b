"""Who may use which route: a table written by hand from the rules of the house, not taken from the code it tests."""

from dataclasses import dataclass

from inventory.access.accounts import Role, Scope
from tests.support.world import PLACED

A, I, U, C = Role.ADMINISTRATOR, Role.IT_STAFF, Role.AUDITOR, Role.COMMUNE_STAFF  # noqa: E741 - a table of letters
EVERYBODY = frozenset({A, I, U, C})
OFFICE = frozenset({A, I, U})
STAFF = frozenset({A, I})
NOBODY: frozenset[Role] = frozenset()

R, W = Scope.READ, Scope.WRITE
ANY_TOKEN = frozenset(Scope)
NO_TOKEN: frozenset[Scope] = frozenset()
READING = frozenset({R, W})
WRITING = frozenset({W})


@dataclass(frozen=True)
class Rule:
    """Who may use a route.

    Attributes:
        roles: People.
        scopes: Tokens that an administrator made.
        place: Whether a reader of one commune finds only what is there (a foreign object looks as if it were not).
        open: Whether neither session nor token is needed.
    """

    roles: frozenset[Role]
    scopes: frozenset[Scope]
    place: bool = False
    open: bool = False


# noun: (who reads, who writes)
NOUN_RIGHTS = {
    "sites": (EVERYBODY, STAFF),
    "providers": (EVERYBODY, STAFF),
    "products": (EVERYBODY, STAFF),
    "assets": (EVERYBODY, STAFF | {C}),
    "devices": (EVERYBODY, STAFF),
    "holdings": (EVERYBODY, STAFF),
    "links": (EVERYBODY, STAFF),
    "services": (EVERYBODY, STAFF),
    "credentials": (OFFICE, STAFF),
    "accounts": (OFFICE, frozenset({A})),
    "tokens": (OFFICE, frozenset({A})),
    "collectors": (OFFICE, STAFF),
    "subnets": (EVERYBODY, STAFF),
    "findings": (EVERYBODY, NOBODY),
    "incidents": (EVERYBODY, NOBODY),
    "documents": (EVERYBODY, STAFF | {C}),
    "reorganisations": (OFFICE, frozenset({A})),
}
ADMINISTERED = {"accounts", "tokens", "reorganisations"}
NOT_CREATED = {"tokens", "incidents", "findings"}
NOT_CHANGED = {"tokens", "incidents", "findings", "documents", "reorganisations"}
IN_FILES = {
    "sites",
    "providers",
    "products",
    "assets",
    "devices",
    "holdings",
    "links",
    "services",
    "accounts",
    "collectors",
    "subnets",
}
NOT_RETIRED = {"incidents", "findings", "documents", "reorganisations"}

OTHERS = {
    "GET /healthz": Rule(EVERYBODY, ANY_TOKEN, open=True),
    "GET /readyz": Rule(EVERYBODY, ANY_TOKEN),
    "GET /metrics": Rule(STAFF, frozenset({Scope.SCRAPE})),
    "GET /api/v1/openapi.json": Rule(EVERYBODY, ANY_TOKEN),
    "POST /api/v1/session": Rule(EVERYBODY, ANY_TOKEN, open=True),
    "GET /api/v1/session": Rule(EVERYBODY, ANY_TOKEN),
    "DELETE /api/v1/session": Rule(EVERYBODY, ANY_TOKEN),
    "POST /api/v1/session/password": Rule(EVERYBODY, NO_TOKEN),
    "POST /api/v1/tokens": Rule(frozenset({A}), NO_TOKEN),
    "POST /api/v1/accounts/{key}/password": Rule(frozenset({A}), NO_TOKEN),
    "GET /api/v1/changes": Rule(EVERYBODY, READING),
    # A collector's routes answer its own token only, whatever a person's role.
    "POST /api/v1/collectors/{name}/lease": Rule(NOBODY, frozenset({Scope.COLLECTOR})),
    "GET /api/v1/collectors/{name}/roster": Rule(NOBODY, frozenset({Scope.COLLECTOR})),
    "POST /api/v1/collectors/{name}/reports": Rule(NOBODY, frozenset({Scope.COLLECTOR})),
    "GET /api/v1/collectors/{name}/errand": Rule(NOBODY, frozenset({Scope.COLLECTOR})),
    "POST /api/v1/collectors/{name}/errands/{uid}": Rule(NOBODY, frozenset({Scope.COLLECTOR})),
    "GET /api/v1/discovery/{job}": Rule(STAFF, frozenset({Scope.SCRAPE})),
    "POST /api/v1/alertmanager": Rule(STAFF, frozenset({Scope.ALERTMANAGER})),
    "GET /api/v1/incidents/{number}/timeline": Rule(EVERYBODY, READING, place=True),
    "POST /api/v1/incidents/{number}/acknowledge": Rule(STAFF | {C}, WRITING, place=True),
    "POST /api/v1/incidents/{number}/notes": Rule(STAFF | {C}, WRITING, place=True),
    "PUT /api/v1/incidents/{number}/ticket": Rule(STAFF | {C}, WRITING, place=True),
    "PUT /api/v1/incidents/{number}/cause": Rule(STAFF | {C}, WRITING, place=True),
    "GET /api/v1/documents/{key}/items": Rule(EVERYBODY, READING, place=True),
    "POST /api/v1/documents/{key}/reverse": Rule(STAFF | {C}, WRITING, place=True),
    "POST /api/v1/reorganisations/{key}/undo": Rule(frozenset({A}), NO_TOKEN),
    "GET /api/v1/stocktakes": Rule(EVERYBODY, READING),
    "POST /api/v1/stocktakes": Rule(STAFF | {C}, WRITING),
    "GET /api/v1/stocktakes/{number}": Rule(EVERYBODY, READING, place=True),
    "PUT /api/v1/stocktakes/{number}": Rule(STAFF | {C}, WRITING, place=True),
    "GET /api/v1/stocktakes/{number}/progress": Rule(EVERYBODY, READING, place=True),
    "GET /api/v1/stocktakes/{number}/differences": Rule(EVERYBODY, READING, place=True),
    # Everybody counts, an auditor too; leading a campaign is for those who write.
    "GET /api/v1/stocktakes/{number}/lines": Rule(EVERYBODY, WRITING, place=True),
    "GET /api/v1/stocktakes/{number}/things": Rule(EVERYBODY, WRITING, place=True),
    "GET /api/v1/stocktakes/{number}/evidence": Rule(EVERYBODY, WRITING, place=True),
    "POST /api/v1/stocktakes/{number}/entries": Rule(EVERYBODY, WRITING, place=True),
    "POST /api/v1/stocktakes/{number}/confirmations": Rule(EVERYBODY, WRITING, place=True),
    "POST /api/v1/stocktakes/{number}/begin": Rule(STAFF | {C}, WRITING, place=True),
    "POST /api/v1/stocktakes/{number}/review": Rule(STAFF | {C}, WRITING, place=True),
    "POST /api/v1/stocktakes/{number}/reopen": Rule(STAFF | {C}, WRITING, place=True),
    "PUT /api/v1/stocktakes/{number}/decisions": Rule(STAFF | {C}, WRITING, place=True),
    "POST /api/v1/stocktakes/{number}/identities": Rule(STAFF | {C}, WRITING, place=True),
    "GET /api/v1/stocktakes/{number}/follow-ups": Rule(EVERYBODY, READING, place=True),
    "POST /api/v1/stocktakes/{number}/follow-ups": Rule(STAFF | {C}, WRITING, place=True),
    "POST /api/v1/stocktakes/{number}/sign": Rule(STAFF | {C}, WRITING, place=True),
    "GET /api/v1/unknown-devices": Rule(EVERYBODY, READING),
    "GET /api/v1/silent-devices": Rule(EVERYBODY, READING),
    "GET /api/v1/link-suggestions": Rule(EVERYBODY, READING),
    "POST /api/v1/findings/{number}/identify": Rule(STAFF, WRITING, place=True),
    "POST /api/v1/findings/{number}/ignore": Rule(STAFF, WRITING, place=True),
    "POST /api/v1/findings/{number}/reopen": Rule(STAFF, WRITING, place=True),
    "GET /api/v1/budgets": Rule(EVERYBODY, READING),
    "POST /api/v1/budgets": Rule(STAFF, WRITING),
    "GET /api/v1/budgets/{number}": Rule(EVERYBODY, READING, place=True),
    "GET /api/v1/budgets/{number}/lines": Rule(EVERYBODY, READING, place=True),
    "GET /api/v1/budgets/{number}/estimate.xlsx": Rule(EVERYBODY, READING, place=True),
    "GET /api/v1/budgets/{number}/comparison/{other}": Rule(EVERYBODY, READING, place=True),
    "POST /api/v1/budgets/{number}/approve": Rule(STAFF, WRITING, place=True),
    "POST /api/v1/budgets/{number}/discard": Rule(STAFF, WRITING, place=True),
    "POST /api/v1/budgets/{number}/lines/{line}/settle": Rule(STAFF, WRITING, place=True),
    "POST /api/v1/budgets/{number}/lines/{line}/purchase": Rule(STAFF, WRITING, place=True),
    "GET /api/v1/wear/values": Rule(EVERYBODY, READING),
    "GET /api/v1/wear/totals": Rule(EVERYBODY, READING),
    "GET /api/v1/wear/assets/{key}": Rule(EVERYBODY, READING, place=True),
    "POST /api/v1/wear/facts": Rule(STAFF | {C}, WRITING),
    "POST /api/v1/wear/facts/{number}/withdraw": Rule(STAFF | {C}, WRITING, place=True),
    "GET /api/v1/wear/ledger": Rule(EVERYBODY, READING),
    "GET /api/v1/wear/ledger.xlsx": Rule(EVERYBODY, READING),
    "GET /api/v1/wear/table": Rule(EVERYBODY, READING),
    "GET /api/v1/wear/table.xlsx": Rule(EVERYBODY, READING),
    "GET /api/v1/wear/closings": Rule(EVERYBODY, READING),
    "GET /api/v1/wear/closings/{year}": Rule(OFFICE, READING),
    "PUT /api/v1/wear/closings/{year}": Rule(frozenset({A}), NO_TOKEN),
    "GET /api/v1/wear/edited": Rule(frozenset({A}), NO_TOKEN),
    # The accountant has the auditor's role: who compares the rules with the circular is not who writes the books.
    "GET /api/v1/wear/rulebooks": Rule(EVERYBODY, READING),
    "POST /api/v1/wear/confirmations": Rule(frozenset({A, U}), WRITING),
    "POST /api/v1/wear/confirmations/{number}/revoke": Rule(frozenset({A, U}), WRITING),
}


def matrix() -> dict[str, Rule]:
    rules = dict(OTHERS)
    for noun, (readers, writers) in NOUN_RIGHTS.items():
        place = noun in PLACED
        path, one = f"/api/v1/{noun}", f"/api/v1/{noun}/{{key}}"
        writing = NO_TOKEN if noun in ADMINISTERED else WRITING
        rules[f"GET {path}"] = Rule(readers, READING, place)
        rules[f"GET {one}"] = Rule(readers, READING, place)
        if noun not in NOT_CREATED:
            rules[f"POST {path}"] = Rule(writers, writing)
        if noun in IN_FILES:
            rules[f"POST /api/v1/imports/{noun}"] = Rule(writers, writing)
        if noun in IN_FILES | {"findings", "incidents", "documents", "reorganisations"}:
            rules[f"GET /api/v1/exports/{noun}"] = Rule(readers, READING)
        if noun not in NOT_CHANGED:
            rules[f"PATCH {one}"] = Rule(writers, writing, place)
        if noun not in NOT_RETIRED:
            rules[f"POST {one}/retire"] = Rule(writers, writing, place)
            rules[f"POST {one}/restore"] = Rule(writers, writing, place)
    return rules


MATRIX = matrix()

BODIES: dict[str, dict[str, object]] = {
    "POST /api/v1/collectors/{name}/lease": {"version": "0.1.0", "url": None, "workers": 1},
    "POST /api/v1/collectors/{name}/reports": {"reports": []},
    "POST /api/v1/collectors/{name}/errands/{uid}": {"results": []},
    "POST /api/v1/alertmanager": {"version": "4", "alerts": []},
    "POST /api/v1/incidents/{number}/notes": {"text": "Đang kiểm tra."},
    "PUT /api/v1/incidents/{number}/ticket": {"ticket": "VT-1"},
    "PUT /api/v1/incidents/{number}/cause": {"cause": "Mất điện."},
    "POST /api/v1/findings/{number}/identify": {"asset": "TS/1"},
    "POST /api/v1/findings/{number}/ignore": {"reason": "Máy cá nhân."},
    "POST /api/v1/documents/{key}/reverse": {"day": "2026-01-01", "reason": "Ghi nhầm"},
    "PUT /api/v1/stocktakes/{number}": {"title": "Kiểm kê", "due": "2026-12-31", "sites": ["tan-lap"]},
    "POST /api/v1/stocktakes/{number}/entries": {"entries": []},
    "POST /api/v1/stocktakes/{number}/confirmations": {"lines": []},
    "PUT /api/v1/stocktakes/{number}/decisions": {
        "decisions": [{"subject": "missing:1", "basis": "0" * 64, "kind": "search"}]
    },
    "POST /api/v1/stocktakes/{number}/follow-ups": {"subject": "missing:1", "day": "2026-11-01"},
    "POST /api/v1/stocktakes/{number}/identities": {"subject": "tag:x", "line": 1},
}
"""What is sent where the rights are looked at after the fields; everywhere else it is an empty object."""
