"""PromQL constructs that many rules share."""

from alerts.rule import Element


def as_element(kind: Element, expr: str, label: str) -> str:
    """Return `expr` with a label `element` of the form `kind:<value of label>`."""
    return relabel(expr, "element", f"{kind}:$1", label)


def relabel(expr: str, to: str, pattern: str, source: str) -> str:
    """Return `expr` with label `to` set to `pattern`, in which `$1` is the whole value of label `source`."""
    return f'label_replace({expr}, "{to}", "{pattern}", "{source}", "(.*)")'


def either(*exprs: str) -> str:
    """Return the union of several expressions: of equal label sets the first one's value counts."""
    return "\nor\n".join(exprs)
