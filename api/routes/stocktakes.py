"""Stocktakes over HTTP: campaigns, what phones download and deliver, differences, decisions, the signature."""

from datetime import datetime
from typing import Annotated, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.house import house_of
from api.http.auth import needs
from api.http.description import ONCE
from api.http.etag import etag_of, version_wanted
from api.http.idempotency import once_of
from api.http.problems import reader_language
from api.views.stocktaking import LineRead, campaign, campaigns, count, missing_of, phone_list, rules_of
from inventory.access.rights import Act, Actor
from inventory.audit import campaigns as acts
from inventory.audit import counting, deciding, evidence, revising, signing
from inventory.audit.campaigns import StocktakeCreate, StocktakeRead
from inventory.audit.counting import CountCreate
from inventory.audit.deciding import MOST_DECISIONS, DecisionCreate
from inventory.audit.differences import Difference
from inventory.audit.evidence import MOST_CONFIRMED
from inventory.audit.identity import MOST_ASKED, Identities, Suggestion
from inventory.audit.stocktake import CountDecision, Stocktake
from inventory.db import reading
from inventory.replays import Replayed

ROUTER: Final = APIRouter(prefix="/api/v1/stocktakes", tags=["stocktakes"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The campaign's number.")]
Reading = Annotated[Actor, Depends(needs(Act.READ, "stocktakes"))]
Leading = Annotated[Actor, Depends(needs(Act.WRITE, "stocktakes"))]
Counting = Annotated[Actor, Depends(needs(Act.COUNT, "stocktakes"))]

_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


class StocktakePage(BaseModel):
    """Campaigns, newest first."""

    items: list[StocktakeRead]


class SiteRead(BaseModel):
    """Progress of one site."""

    site: str
    name: str
    lines: int
    counted: int


class ListRead(BaseModel):
    """The expected list as a phone keeps it."""

    title: str
    state: str
    lines: list[LineRead]


class Entries(BaseModel):
    """What a phone delivers."""

    model_config = _STRICT

    entries: Annotated[list[CountCreate], Field(max_length=counting.MOST_ENTRIES)]


class RefusalRead(BaseModel):
    """An entry that cannot be taken."""

    uid: str
    reason: str


class DeliveryRead(BaseModel):
    """What became of a delivery; every entry stands in exactly one of the three."""

    accepted: int
    duplicates: int
    refused: list[RefusalRead]


class ThingRead(BaseModel):
    """What a label belongs to: of another site's asset its label, its name and the owning site only."""

    where: str
    number: int
    tag: str
    name: str
    site_name: str


class EvidenceRead(BaseModel):
    """What the network saw of a line."""

    line: int
    tag: str
    name: str
    fact: str
    value: str
    source: str
    instance: str
    last_seen: datetime


class Confirmations(BaseModel):
    """Numbers of lines whose evidence the caller answers for."""

    model_config = _STRICT

    lines: Annotated[list[Annotated[int, Field(ge=1, le=10**6)]], Field(max_length=MOST_CONFIRMED)]


class Confirmed(BaseModel):
    """How many lines are counted by it."""

    confirmed: int


class SuggestionRead(BaseModel):
    """A line that an unknown thing may be, and why."""

    tag: str
    name: str
    score: int
    reason: str


class DifferenceRead(BaseModel):
    """One difference and what was decided on it."""

    kind: str
    subject: str
    basis: str
    line: int | None
    tag: str
    name: str
    found_at: str
    decision: str | None
    note: str
    suggestions: list[SuggestionRead]


class Decisions(BaseModel):
    """Decisions on differences."""

    model_config = _STRICT

    decisions: Annotated[list[DecisionCreate], Field(min_length=1, max_length=MOST_DECISIONS)]


class Identity(BaseModel):
    """Says that the thing of `subject`, which is on no list, is the thing of line `line`."""

    model_config = _STRICT

    subject: Annotated[str, Field(min_length=1, max_length=200)]
    line: Annotated[int, Field(ge=1, le=10**6)]


class Signature(BaseModel):
    """What the head of the unit decided on the whole."""

    model_config = _STRICT

    conclusion: Annotated[str, Field(max_length=signing.LONGEST_CONCLUSION)] = ""


@ROUTER.get("", summary="List stocktakes")
def list_stocktakes(request: Request, who: Reading) -> StocktakePage:
    """Return the newest campaigns."""
    house = house_of(request)
    rows = [one.row for one in campaigns(house, who)]
    with reading(house.books.engine) as session:
        return StocktakePage(items=[acts.shown(session, row) for row in rows])


@ROUTER.post(
    "",
    summary="Plan a stocktake",
    status_code=201,
    response_model=StocktakeRead,
    openapi_extra={"parameters": [ONCE]},
)
async def plan(request: Request, body: StocktakeCreate, who: Leading) -> Response:
    """Write a campaign that has not begun yet."""
    once, house = await once_of(request), house_of(request)

    def work() -> Response:
        try:
            row = acts.plan(house.books, who, body, once)
        except Replayed as replayed:
            row = campaign(house, who, int(replayed.object_key)).row
        return _answer(request, row, status=201)

    return await run_sync(work)


@ROUTER.get("/{number}", summary="Show a stocktake", response_model=StocktakeRead)
def show(request: Request, number: Number, who: Reading) -> Response:
    """Return one campaign."""
    return _answer(request, campaign(house_of(request), who, number).row)


@ROUTER.put("/{number}", summary="Revise a stocktake", response_model=StocktakeRead)
def revise(request: Request, number: Number, body: StocktakeCreate, who: Leading) -> Response:
    """Write a campaign whole; once its list is frozen only its name, day, committee and headings change."""
    return _answer(request, revising.revise(house_of(request).books, who, number, version_wanted(request), body))


@ROUTER.get("/{number}/progress", summary="Progress of a stocktake by site")
def read_progress(request: Request, number: Number, who: Reading) -> list[SiteRead]:
    """Return how much of each site is counted."""
    found = campaign(house_of(request), who, number).progress
    return [SiteRead(site=one.site, name=one.name, lines=one.lines, counted=one.counted) for one in found]


@ROUTER.post("/{number}/begin", summary="Freeze the list and begin to count", response_model=StocktakeRead)
def begin(request: Request, number: Number, who: Leading) -> Response:
    """Freeze the expected list; `If-Match` names the version that the caller has read."""
    house = house_of(request)
    return _answer(request, acts.begin(house.books, who, number, version_wanted(request), rules_of(house)))


@ROUTER.post("/{number}/review", summary="End the counting", response_model=StocktakeRead)
def review(request: Request, number: Number, who: Leading) -> Response:
    """End the counting and begin to decide; entries that come late are still taken."""
    return _answer(request, acts.review(house_of(request).books, who, number, version_wanted(request)))


@ROUTER.post("/{number}/reopen", summary="Go back to the counting", response_model=StocktakeRead)
def reopen(request: Request, number: Number, who: Leading) -> Response:
    """Go back from the decisions to the counting."""
    return _answer(request, acts.reopen(house_of(request).books, who, number, version_wanted(request)))


@ROUTER.post("/{number}/sign", summary="Sign the minutes off", response_model=StocktakeRead)
def sign(request: Request, number: Number, body: Signature, who: Leading) -> Response:
    """Freeze everything; afterwards nothing of the campaign can be changed."""
    books, version = house_of(request).books, version_wanted(request)
    return _answer(request, signing.sign(books, who, number, version, body.conclusion))


@ROUTER.get("/{number}/lines", summary="The expected list, for a phone")
def read_lines(
    request: Request, number: Number, who: Counting, site: Annotated[str, Query(max_length=64)] = ""
) -> ListRead:
    """Return the list, of one site or of all that the caller sees, with what is counted already."""
    found, lines = phone_list(house_of(request), who, number, site)
    return ListRead(title=found.row.title, state=found.row.state, lines=lines)


@ROUTER.post("/{number}/entries", summary="Deliver what was counted")
def deliver(request: Request, number: Number, body: Entries, who: Counting) -> DeliveryRead:
    """Write entries, each uid once, in any order; what cannot be taken is named with its reason."""
    found = counting.deliver(house_of(request).books, who, number, body.entries)
    language = reader_language(request)
    refused = [RefusalRead(uid=one.uid, reason=one.reason.to(language)) for one in found.refused]
    return DeliveryRead(accepted=found.accepted, duplicates=found.duplicates, refused=refused)


@ROUTER.get("/{number}/things", summary="What a label belongs to")
def read_thing(
    request: Request, number: Number, who: Counting, tag: Annotated[str, Query(max_length=64)] = ""
) -> ThingRead:
    """Return what a label belongs to."""
    found = counting.thing(house_of(request).books, who, number, tag)
    return ThingRead(where=found.where, number=found.number, tag=found.tag, name=found.name, site_name=found.site_name)


@ROUTER.get("/{number}/evidence", summary="What the network vouches for")
def read_evidence(request: Request, number: Number, who: Counting) -> list[EvidenceRead]:
    """Return the lines that nobody counted yet and whose serial number or MAC the network saw there lately."""
    return [
        EvidenceRead(
            line=one.line.number,
            tag=one.line.tag,
            name=one.line.name,
            fact=one.fact,
            value=one.value,
            source=one.source,
            instance=one.instance,
            last_seen=one.last_seen,
        )
        for one in count(house_of(request), who, number).evidence
    ]


@ROUTER.post("/{number}/confirmations", summary="Confirm what the network vouches for")
def confirm(request: Request, number: Number, body: Confirmations, who: Counting) -> Confirmed:
    """Count the lines as present by the network; the caller answers for it."""
    return Confirmed(confirmed=evidence.confirm(house_of(request).books, who, number, body.lines))


@ROUTER.get("/{number}/differences", summary="Differences of a stocktake")
def read_differences(request: Request, number: Number, who: Reading) -> list[DifferenceRead]:
    """Return every difference with its decision; of unknown things also which missing line they may be."""
    state = count(house_of(request), who, number).state
    identities = missing_of(state)
    asked = {one.subject for one in [one for one in state.count.differences if one.extra is not None][:MOST_ASKED]}
    return [
        _difference(
            request,
            one,
            state.decisions.get(one.subject),
            _suggestions(one, identities) if one.subject in asked else [],
        )
        for one in state.count.differences
    ]


@ROUTER.put("/{number}/decisions", summary="Decide on differences", status_code=204)
def decide(request: Request, number: Number, body: Decisions, who: Leading) -> None:
    """Write decisions, all of them or none; each names the `basis` of the difference that it was made on."""
    deciding.decide(house_of(request).books, who, number, version_wanted(request), body.decisions)


@ROUTER.post("/{number}/identities", summary="Say which line an unknown thing is", status_code=204)
def identify(request: Request, number: Number, body: Identity, who: Leading) -> None:
    """Take back the entries of the unknown thing and count the line instead."""
    books, version = house_of(request).books, version_wanted(request)
    deciding.identify(books, who, number, version, body.subject, body.line)


def _suggestions(one: Difference, identities: Identities) -> list[Suggestion]:
    first = one.entries[0]
    return identities.suggest(first.tag, first.serial, first.name)


def _difference(
    request: Request, one: Difference, decision: CountDecision | None, found: list[Suggestion]
) -> DifferenceRead:
    language = reader_language(request)
    first = one.entries[0] if one.entries else None
    line = one.finding.line if one.finding is not None else None
    known = first.known if first is not None else {}
    return DifferenceRead(
        kind=one.kind.value,
        subject=one.subject,
        basis=one.basis,
        line=line.number if line is not None else None,
        tag=line.tag if line is not None else first.tag if first is not None else "",
        name=line.name if line is not None else known.get("name") or (first.name if first is not None else ""),
        found_at=", ".join(word for word in (first.site_name, first.room) if word) if first is not None else "",
        decision=decision.kind if decision is not None else None,
        note=decision.note if decision is not None else "",
        suggestions=[
            SuggestionRead(tag=it.candidate.tag, name=it.candidate.name, score=it.score, reason=it.reason.to(language))
            for it in found
        ],
    )


def _answer(request: Request, row: Stocktake, status: int = 200) -> Response:
    with reading(house_of(request).books.engine) as session:
        shown = acts.shown(session, row)
    headers = {"ETag": etag_of(shown.version)}
    return Response(shown.model_dump_json(), status, headers=headers, media_type="application/json")
