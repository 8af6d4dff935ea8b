"""Prometheus' text format (version 0.0.4), rendered from text that is kept per target.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/. Labels are in alphabetical order and numbers are
written as by Prometheus' own client library, so both render the same lines.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Final

from collector.metrics import BY_NAME, CATALOGUE, Metric
from collector.probe import Sample

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

CHUNK_BYTES: Final = 131_072
"""A page is rendered and sent in pieces of about this size, so that a long one never holds up the polls."""

PARTS_AT_ONCE: Final = 500
"""Targets that are looked through in one step before the first line is rendered."""

_EXPONENT_FROM: Final = 1e6
_EXACT_BELOW: Final = 2.0**53
_EXPONENTS: Final = tuple(f"e+{length - 1:02d}" for length in range(18))

Blocks = Mapping[str, bytes]
"""Lines of one target by the name of their family; each block that is not empty ends with a line feed."""

_small: Final[dict[float, str]] = {float(value): f"{value}.0" for value in range(-1, 2_048)}
"""States, speeds and most error counts are small whole numbers."""


def escape(value: str) -> str:
    """Return a label's value as it stands between the quotes."""
    if "\\" in value or '"' in value or "\n" in value:
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
    return value


def number(value: float) -> str:
    """Return a finite number in the notation that the client library uses: an exponent from 1,000,000 on."""
    if value < _EXPONENT_FROM:
        return repr(float(value))
    if value < _EXACT_BELOW and value == (whole := int(value)):
        # Counters are whole numbers, and most of what is rendered are counters.
        text = str(whole)
        digits = text.rstrip("0")
        return f"{digits[0]}.{digits[1:]}{_EXPONENTS[len(text)]}" if len(digits) > 1 else digits + _EXPONENTS[len(text)]
    text = repr(float(value))
    dot = text.find(".")
    if dot > 6:
        digits = (text[0] + "." + text[1:dot] + text[dot + 1 :]).rstrip("0.")
        return f"{digits}e+{dot - 1:02d}"
    return text


def lines(name: str, rows: Iterable[tuple[str, float]], tail: str) -> bytes:
    """Return the lines of one family of one target.

    Args:
        name: The family.
        rows: Text of the labels that differ from row to row, each with a comma behind it, and the value; a row whose
            value is not finite has no line.
        tail: Text of the labels behind those, with the closing brace.
    """
    known, head = _small.get, name + "{"
    written = [f"{head}{text}{tail} {known(value) or number(value)}\n" for text, value in rows if isfinite(value)]
    return "".join(written).encode()


def label_text(names: Sequence[str], values: Sequence[str]) -> str:
    """Return `{a="1",b="2"}`, sorted by name; empty without labels.

    Raises:
        ValueError: There are more names than values, or fewer.
    """
    pairs = sorted(zip(names, values, strict=True))
    return "{" + ",".join(f'{name}="{escape(value)}"' for name, value in pairs) + "}" if pairs else ""


def _head(metric: Metric) -> bytes:
    text = metric.help.replace("\\", "\\\\").replace("\n", "\\n")
    return f"# HELP {metric.name} {text}\n# TYPE {metric.name} {metric.kind}\n".encode()


_HEADS: Final = {metric.name: _head(metric) for metric in CATALOGUE}
_ORDER: Final = {metric.name: place for place, metric in enumerate(CATALOGUE)}


def render(parts: Iterable[Blocks]) -> Iterator[bytes]:
    """Yield a page in chunks: every family once, with its help and type, then the lines of all targets.

    Each step does a bounded piece of the work, so that whoever asks for them one by one never stops for long; a chunk
    may be empty. Blocks that are made when they are asked for are asked for once.

    Args:
        parts: The blocks of each target of the page. No two parts may hold the same series.
    """
    families: dict[str, list[Blocks]] = {}
    for count, part in enumerate(parts, 1):
        for name in part:
            families.setdefault(name, []).append(part)
        if count % PARTS_AT_ONCE == 0:
            yield b""
    chunk: list[bytes] = []
    size = 0
    for name in sorted(families, key=_place):
        chunk.append(_head_of(name))
        for part in families[name]:
            piece = part[name]
            chunk.append(piece)
            size += len(piece)
            if size >= CHUNK_BYTES:
                yield b"".join(chunk)
                chunk, size = [], 0
    if chunk:
        yield b"".join(chunk)


def own_series(samples: Iterable[Sample]) -> dict[str, bytes]:
    """Return the blocks of series that come from no target, such as the collector's own."""
    blocks: dict[str, list[str]] = {}
    for metric, labels, value in samples:
        text = label_text(metric.labels, labels)
        blocks.setdefault(metric.name, []).append(f"{metric.name}{text} {number(value)}\n")
    return {name: "".join(lines).encode() for name, lines in blocks.items()}


def _place(name: str) -> tuple[int, str]:
    return (_ORDER.get(name, len(_ORDER)), name)


def _head_of(name: str) -> bytes:
    return _HEADS.get(name) or _head(BY_NAME[name])
