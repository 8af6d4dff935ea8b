"""A family of series, and its PromQL selectors."""

from dataclasses import dataclass, field
from typing import Final, Literal

TARGET_LABELS: Final = ("instance", "site")

Kind = Literal["gauge", "counter"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One family of series.

    Attributes:
        name: As Prometheus stores it.
        help: One line for the exposition, in English, with the source object where a MIB defines it.
        kind: `gauge` or `counter`.
        labels: Labels that this family adds, in the order in which a sample gives their values.
        of_target: Whether `instance` and `site` stand before `labels`.
    """

    name: str
    help: str
    kind: Kind = "gauge"
    labels: tuple[str, ...] = ()
    of_target: bool = field(default=True, kw_only=True)

    @property
    def all_labels(self) -> tuple[str, ...]:
        """Return every label of the series in exposition order."""
        return (TARGET_LABELS if self.of_target else ()) + self.labels

    def __call__(self, range_: str = "", /, **matchers: str) -> str:
        """Return a PromQL selector.

        Args:
            range_: Width of a range selector (`5m`); empty for an instant selector.
            matchers: Label to value. A value that starts with `=~`, `!~` or `!=` keeps its operator, any other is `=`.

        Raises:
            KeyError: The family has no such label.
        """
        parts = []
        for label, value in matchers.items():
            if label not in self.all_labels and label != "job":
                raise KeyError(f"{self.name} has no label {label!r}")
            operator, text = (value[:2], value[2:]) if value[:2] in {"=~", "!~", "!="} else ("=", value)
            escaped = text.replace("\\", "\\\\").replace('"', '\\"')
            parts.append(f'{label}{operator}"{escaped}"')
        selector = self.name + ("{" + ", ".join(parts) + "}" if parts else "")
        return f"{selector}[{range_}]" if range_ else selector
