from datetime import timedelta

import pytest

from inventory.access.accounts import Role
from inventory.columns import now
from tests.support.api import Api

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_token_shows_its_secret_once(api: Api) -> None:
    client = api.signed_in(Role.ADMINISTRATOR)
    made = client.post("/api/v1/tokens", json={"name": "report", "scopes": ["read"], "expires_at": soon()})
    assert made.status_code == 201, made.text
    secret = made.json()["secret"]
    program = api.client(Authorization=f"Bearer {secret}")
    assert program.get("/api/v1/sites").status_code == 200
    assert program.get("/api/v1/session").json()["scopes"] == ["read"]
    shown = client.get("/api/v1/tokens/report")
    assert secret not in shown.text
    ended = client.post("/api/v1/tokens/report/retire", headers={"If-Match": shown.headers["ETag"]})
    assert ended.status_code == 200, ended.text
    assert program.get("/api/v1/sites").status_code == 401


@ONE_DATABASE
def test_a_wrong_token_is_refused_by_field_over_http(api: Api) -> None:
    client = api.signed_in(Role.ADMINISTRATOR)
    answer = client.post("/api/v1/tokens", json={"name": "A B", "scopes": [], "expires_at": "2030-01-01"})
    assert answer.status_code == 422
    fields = {error["field"] for error in answer.json()["errors"]}
    assert {"scopes", "expires_at"} <= fields


def soon() -> str:
    return (now() + timedelta(days=30)).isoformat()
