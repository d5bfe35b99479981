"""Grammar of templates: fields, conditions on them and a few filters. Pure, no Django.

Nothing loops, calls, or looks into a value, so that the cost of a template grows with its length
alone, whoever wrote it.
"""

from collections.abc import Collection, Iterator
from typing import Any, Final

from jinja2 import TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

FILTERS: Final = ("upper", "lower", "capitalize", "title", "trim", "default", "d", "escape", "e")
_SAID: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If),
    *(nodes.Filter, nodes.Test, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand),
    *(nodes.CondExpr, nodes.Concat),
)


class TemplateRefused(Exception):
    """The template cannot be filled.

    `code`: unknown_field, not_allowed, syntax, damaged, outside, macros, too_large, timeout.
    `detail`: the field, the word or the line in question.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


class Grammar(SandboxedEnvironment):
    """The environment of templates: plain values by these names."""

    def __init__(self, fields: Collection[str], *, escaped: bool) -> None:
        super().__init__(autoescape=escaped)
        self.known = frozenset(fields)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {"defined": self.tests["defined"]}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Refuse every attribute: values are words."""
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        """Refuse every call."""
        return False

    def from_string(self, source: Any, *args: Any, **more: Any) -> Any:
        """Return the template, checked first; raise TemplateRefused."""
        try:
            for node in _all(self.parse(source)):
                self._check(node)
            return super().from_string(source, *args, **more)
        except TemplateError as error:
            raise TemplateRefused("syntax", str(getattr(error, "message", ""))[:200]) from error
        except RecursionError as error:
            raise TemplateRefused("syntax") from error

    def _check(self, node: nodes.Node) -> None:
        if not isinstance(node, _SAID):
            raise TemplateRefused("not_allowed", _shown(node))
        if isinstance(node, nodes.Name) and node.name not in self.known:
            raise TemplateRefused("unknown_field", node.name[:80])


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)


def _shown(node: nodes.Node) -> str:
    """Return the piece of the template as a person may find it again."""
    for name in ("attr", "name", "target"):
        if isinstance(found := getattr(node, name, None), str):
            return found[:80]
    return type(node).__name__.lower()
