import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from api.http.limits import (
    DEEPEST_JSON,
    LARGEST_HEAD,
    LONGEST_ADDRESS,
    MOST_HEADERS,
    BodyBounds,
    Deadline,
    HeadBounds,
    depth_of,
)
from api.http.refusals import AddressTooLong, HeadTooLarge, Malformed, Refused, TooBusy, TooLarge, TooSlow


def scope(**more: object) -> Scope:
    return {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/sites",
        "raw_path": b"/api/v1/sites",
        "query_string": b"",
        "headers": [],
        **more,
    }


def parts(*bodies: bytes) -> Receive:
    left = list(bodies)

    async def receive() -> Message:
        if not left:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    return receive


async def nowhere(_message: Message) -> None:
    raise AssertionError("nothing is sent")


async def body_through(limit: int, receive: Receive, **more: object) -> bytes:
    taken = b""

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        nonlocal taken
        taken = (await receive())["body"]

    await BodyBounds(app, limit)(scope(**more), receive, nowhere)
    return taken


def test_a_body_in_pieces_arrives_whole() -> None:
    assert asyncio.run(body_through(10, parts(b"12345", b"", b"67890"))) == b"1234567890"


@pytest.mark.parametrize("pieces", [(b"x" * 11,), (b"x" * 6, b"x" * 5), tuple(b"x" for _ in range(11))])
def test_a_body_is_counted_however_it_is_cut(pieces: tuple[bytes, ...]) -> None:
    with pytest.raises(TooLarge):
        asyncio.run(body_through(10, parts(*pieces)))


@pytest.mark.parametrize("announced", [b"11", b"999999999999999999999999999"])
def test_an_announced_length_is_believed_before_a_byte_is_read(announced: bytes) -> None:
    with pytest.raises(TooLarge):
        asyncio.run(body_through(10, parts(), headers=[(b"content-length", announced)]))


def test_a_small_announced_length_does_not_hide_a_large_body() -> None:
    with pytest.raises(TooLarge):
        asyncio.run(body_through(10, parts(b"x" * 20), headers=[(b"content-length", b"5")]))


def test_a_route_with_its_own_bound_keeps_it() -> None:
    with pytest.raises(TooLarge):
        asyncio.run(body_through(10**6, parts(b"x" * 9000), path="/api/v1/session"))


def test_json_nested_too_deep_is_refused_and_brackets_in_texts_do_not_count() -> None:
    json_type = [(b"content-type", b"application/json")]
    deep = b"[" * (DEEPEST_JSON + 1) + b"]" * (DEEPEST_JSON + 1)
    with pytest.raises(Malformed):
        asyncio.run(body_through(10**6, parts(deep), headers=json_type))
    quoted = json.dumps({"a": '["' * 1000}).encode()
    assert asyncio.run(body_through(10**6, parts(quoted), headers=json_type)) == quoted


json_values = st.recursive(
    st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


def measured(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((measured(one) for one in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((measured(one) for one in value), default=0)
    return 0


@given(json_values, st.booleans())
def test_the_depth_is_counted_right(value: object, ascii_only: bool) -> None:
    assert depth_of(json.dumps(value, ensure_ascii=ascii_only).encode()) == measured(value)


@given(st.binary(max_size=2000))
def test_any_bytes_have_a_depth(body: bytes) -> None:
    assert 0 <= depth_of(body) <= len(body)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"query_string": b"q=" + b"x" * LONGEST_ADDRESS}, AddressTooLong),
        ({"raw_path": b"/" * (LONGEST_ADDRESS + 1)}, AddressTooLong),
        ({"headers": [(b"x", b"y")] * (MOST_HEADERS + 1)}, HeadTooLarge),
        ({"headers": [(b"cookie", b"x" * LARGEST_HEAD)]}, HeadTooLarge),
        ({"headers": [(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")]}, Malformed),
        ({"headers": [(b"host", b"a"), (b"host", b"b")]}, Malformed),
        ({"headers": [(b"host", b"[")]}, Malformed),
        ({"headers": [(b"host", b"a/b")]}, Malformed),
        ({"headers": [(b"host", b"")]}, Malformed),
    ],
)
def test_a_head_out_of_bounds_is_refused(more: dict[str, object], refusal: type[Refused]) -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError("not reached")

    with pytest.raises(refusal):
        asyncio.run(HeadBounds(app)(scope(**more), parts(), nowhere))


def test_a_body_that_never_ends_is_given_up() -> None:
    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        while (await receive()).get("more_body"):
            pass

    with pytest.raises(TooSlow):
        asyncio.run(Deadline(BodyBounds(app, 10), 0.05)(scope(), endless(), nowhere))


def endless() -> Receive:
    async def receive() -> Message:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"", "more_body": True}

    return receive


def test_an_answer_that_is_not_ready_in_time_is_given_up() -> None:
    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        await receive()
        await asyncio.sleep(60)

    with pytest.raises(TooBusy):
        asyncio.run(Deadline(app, 0.05)(scope(), parts(b""), nowhere))


def test_a_download_may_take_longer_than_the_deadline() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.15)
        await send({"type": "http.response.body", "body": b"done"})

    asyncio.run(Deadline(app, 0.05)(scope(), parts(b""), send))
    assert sent[-1]["body"] == b"done"


def test_a_timeout_of_something_inside_is_not_taken_for_the_deadline() -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise TimeoutError("the mail server")

    with pytest.raises(TimeoutError, match="mail server"):
        asyncio.run(Deadline(app, 5)(scope(), parts(b""), nowhere))
