"""The door to PyYAML for writing: the same content always gives the same file, byte for byte."""

from collections.abc import Mapping
from typing import Any

import yaml


class _Plain(yaml.SafeDumper):
    """Writes several lines as a block, and never an alias."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - PyYAML's signature
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        return super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Plain.add_representer(str, _text)


def written(document: Mapping[str, object], *, head: str) -> str:
    """Return a document as YAML, keys in the order given.

    Args:
        document: Mappings, sequences, strings, numbers.
        head: A comment of one line for the top of the file.
    """
    body = yaml.dump(dict(document), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=10_000)
    return f"# {head}\n{body}"
