"""Grammar of templates: fields, conditions on them and a few filters. Pure, no Django.

There are no loops, calls or attributes of values, so that the cost of a template grows with its
length alone, whoever wrote it.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from jinja2 import TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

FILTERS: Final = ("upper", "lower", "capitalize", "title", "trim", "default", "d", "escape", "e")
_SAID: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If),
    *(nodes.Filter, nodes.Test, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand),
    *(nodes.CondExpr, nodes.Concat),
)


Mistake = tuple[str, str, int]
MOST_MISTAKES: Final = 20
# What the parser says in English, in the order in which it is looked for.
_MISREAD: Final = (
    ("not_closed", re.compile("(?:end of template|Missing end of)")),
    ("not_opened", re.compile(r"unknown tag '(else|elif|endif)'")),
    ("not_allowed", re.compile(r"(?:unknown tag|No (?:filter|test) named) '(\w+)'")),
    ("near", re.compile(r"got '(?!end of )([^']+)'")),
    ("near", re.compile(r"unexpected (?:char )?['\"](.+)['\"]")),
)


class TemplateRefused(Exception):
    """The template cannot be filled.

    `code`: unknown_field, not_allowed, not_closed, not_opened, near, syntax, damaged, outside,
    macros, too_large, timeout.
    `detail`: the field or the word in question; `line`: where it stands, 0 where that says nothing.
    `others`: the mistakes after the first, as (code, detail, line).
    """

    def __init__(
        self, code: str, detail: str = "", line: int = 0, others: Sequence[Mistake] = ()
    ) -> None:
        super().__init__(code)
        self.code, self.detail, self.line, self.others = code, detail, line, tuple(others)

    @property
    def mistakes(self) -> list[Mistake]:
        """All mistakes that were found, in the order of their lines."""
        return [(self.code, self.detail, self.line), *self.others]


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
            found = [m for node in _all(self.parse(source)) if (m := self._mistake(node))]
            if found:
                raise _refusal(found)
            return super().from_string(source, *args, **more)
        except TemplateError as error:
            code, word = _misread(str(getattr(error, "message", "")))
            raise TemplateRefused(code, word, getattr(error, "lineno", 0) or 0) from error
        except RecursionError as error:
            raise TemplateRefused("syntax") from error

    def _mistake(self, node: nodes.Node) -> Mistake | None:
        if not isinstance(node, _SAID):
            return "not_allowed", _shown(node), node.lineno
        if isinstance(node, nodes.Name) and node.name not in self.known:
            return "unknown_field", node.name[:80], node.lineno
        return None


def _misread(said: str) -> tuple[str, str]:
    """Return the code of a mistake and the word in question, from what the parser says of it."""
    for code, pattern in _MISREAD:
        if found := pattern.search(said):
            return code, found[1][:80] if pattern.groups else ""
    return "syntax", ""


def _refusal(found: list[Mistake]) -> TemplateRefused:
    first, *others = sorted(dict.fromkeys(found), key=lambda mistake: mistake[2])[:MOST_MISTAKES]
    return TemplateRefused(*first, others=others)


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
