"""Merging units over HTTP: rehearsed, done, taken back."""

from inventory.access.accounts import Role
from tests.support.api import Api
from tests.support.rows import add_asset, add_site

BODY = {"decree": "Nghị quyết sắp xếp", "pairs": [{"old": "a", "new": "new"}, {"old": "b", "new": "new"}]}


def test_a_merger_is_rehearsed_done_and_taken_back(api: Api) -> None:
    for slug in ("a", "b", "new"):
        add_site(api.books, slug)
    for n, slug in enumerate(("a", "a", "b")):
        add_asset(api.books, f"T{n}", slug)
    administrator = api.signed_in(Role.ADMINISTRATOR)
    body = BODY | {"day": api.books.today().isoformat()}

    def standing() -> set[str]:
        return {one["site"] for one in administrator.get("/api/v1/assets").json()["items"]}

    rehearsed = administrator.post("/api/v1/reorganisations?rehearse=true", json=body)
    assert rehearsed.status_code == 201, rehearsed.text
    assert rehearsed.json()["counts"]["asset"] == 3
    assert rehearsed.json()["by_unit"] == {"a": {"asset": 2}, "b": {"asset": 1}}
    assert (rehearsed.json()["number"], standing()) == ("", {"a", "b"})
    done = administrator.post("/api/v1/reorganisations", json=body).json()
    assert (done["counts"], standing()) == (rehearsed.json()["counts"], {"new"})
    shown = administrator.get(f"/api/v1/reorganisations/{done['number']}")
    assert shown.json()["pairs"] == BODY["pairs"]
    undone = administrator.post(
        f"/api/v1/reorganisations/{done['number']}/undo", headers={"If-Match": shown.headers["ETag"]}
    )
    assert (undone.status_code, standing()) == (200, {"a", "b"})
    again = administrator.post(f"/api/v1/reorganisations/{done['number']}/undo", headers={"If-Match": '"2"'})
    assert again.status_code == 409
    wrong = administrator.post("/api/v1/reorganisations", json=body | {"pairs": [{"old": "a", "new": "nowhere"}]})
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["/pairs/0/new"]
