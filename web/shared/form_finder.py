"""Finding a form in a page, and filling in what somebody typed; all else of the page stays."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Final

from web.shared import once
from web.shared.asking import holds_question

TYPED: Final = frozenset(
    ("text", "email", "tel", "number", "date", "month", "time", "datetime-local", "search", "url")
)
TICKED: Final = frozenset(("checkbox", "radio"))
SECRETS: Final = frozenset(
    (
        *("csrfmiddlewaretoken", "password", "oldpassword", "again", "passphrase", "secret"),
        *("pin", "otp", "token", "key", "credential"),
    )
)
Attributes = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class TypedForm:
    """What was sent: the path of the form's action, and the values of each of its names."""

    action: str
    fields: dict[str, list[str]]


@dataclass(slots=True)
class _Tag:
    """A start tag of the page: where it stands, what it says, and for a text area what it holds."""

    start: int
    end: int
    name: str
    attributes: Attributes
    close: int = 0
    options: list["_Tag"] = field(default_factory=list)

    @property
    def called(self) -> str:
        """Return the name under which its value is sent."""
        return self.attributes.get("name") or ""

    @property
    def kind(self) -> str:
        """Return the type of an input; the tag itself for any other field."""
        return (
            (self.attributes.get("type") or "text").lower() if self.name == "input" else self.name
        )

    @property
    def value(self) -> str:
        """Return the value that the tag says."""
        return self.attributes.get("value") or ""


@dataclass(slots=True)
class _Form:
    """A form with its fields, and the details around it."""

    tag: _Tag
    around: list[_Tag]
    fields: list[_Tag] = field(default_factory=list)

    def path(self) -> str:
        """Return the path to which it is sent."""
        return (self.tag.attributes.get("action") or "").split("#")[0].split("?")[0]

    def names(self) -> set[str]:
        """Return all names that it may send."""
        return {tag.called for tag in self.fields}

    def hidden(self) -> set[tuple[str, str]]:
        """Return what it sends besides what somebody types."""
        return {(tag.called, tag.value) for tag in self.fields if tag.kind == "hidden"}


class _Reader(HTMLParser):
    """Collects the forms of a page with their fields and with what they are folded in."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[_Form] = []
        self.folds: list[_Tag] = []
        self._open: list[_Tag] = []
        self._form: _Form | None = None
        self._field: _Tag | None = None
        self._elsewhere: list[_Tag] = []
        self._starts = [0]
        for line in page.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self.feed(page)
        self.close()
        named = {form.tag.attributes.get("id"): form for form in self.forms}
        for tag in self._elsewhere:
            if (form := named.get(tag.attributes.get("form"))) is not None:
                form.fields.append(tag)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._at()
        end = start + len(self.get_starttag_text() or "")
        found = _Tag(start, end, tag, dict(attrs))
        if tag == "details":
            self._open.append(found)
            self.folds.append(found)
        elif tag == "form":
            self._form = _Form(found, list(self._open))
            self.forms.append(self._form)
        elif tag == "option" and self._field:
            self._field.options.append(found)
        elif tag in {"input", "textarea", "select", "button"}:
            self._keep_field(found)

    def _keep_field(self, tag: _Tag) -> None:
        """Keep a field for the form around it, or for the one that it names wherever it stands."""
        self._field = tag
        if tag.attributes.get("form"):
            self._elsewhere.append(tag)
        elif self._form:
            self._form.fields.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "details" and self._open:
            self._open.pop()
        elif tag == "form":
            self._form = self._field = None
        elif tag == "textarea" and self._field:
            self._field.close = self._at()


def filled_in(page: str, typed: TypedForm) -> str | None:
    """Return the page with the form filled in and unfolded; None where it has no such form.

    One whose hidden fields differ is another: a newer state of the thing, or another thing.
    """
    reader = _Reader(page)
    sent = {(name, value) for name, values in typed.fields.items() for value in values}
    for form in reader.forms:
        if _fits(form, typed) and {one for one in form.hidden() if _compared(one[0])} <= sent:
            break
    else:
        return None
    edits = [*_unfolded(reader, form), *_filled(form, typed)]
    for start, end, text in sorted(edits, reverse=True):
        page = page[:start] + text + page[end:]
    return page


def is_secret(name: str) -> bool:
    """Whether a field of this name holds what is typed anew each time, and never given back."""
    parts = set(re.split(r"[^a-z]+", name.lower()))
    return bool(parts & SECRETS) or name.startswith("confirm_")


def _compared(name: str) -> bool:
    return name not in {"csrfmiddlewaretoken", "next", once.FIELD} and not holds_question(name)


def _fits(form: _Form, typed: TypedForm) -> bool:
    return form.path() == typed.action and set(typed.fields) <= form.names()


def _unfolded(reader: _Reader, form: _Form) -> Iterator[tuple[int, int, str]]:
    """Open all that the form is folded in; of details with one name only one may be open."""
    groups = {fold.attributes.get("name") for fold in form.around} - {None}
    for fold in reader.folds:
        attributes = dict(fold.attributes)
        if any(fold is one for one in form.around):
            attributes["open"] = None
        elif attributes.get("name") in groups:
            attributes.pop("open", None)
        if attributes != fold.attributes:
            yield fold.start, fold.end, _written(fold, attributes)


def _filled(form: _Form, typed: TypedForm) -> Iterator[tuple[int, int, str]]:
    left = {name: list(values) for name, values in typed.fields.items()}
    for tag in form.fields:
        values = left.get(tag.called, [])
        if "disabled" in tag.attributes or is_secret(tag.called):
            continue
        if tag.kind in TICKED:
            yield _marked(tag, "checked", tag.value in typed.fields.get(tag.called, []))
        elif tag.kind == "hidden" and values:
            values.pop(0)
        elif tag.kind == "select" and values:
            yield from _chosen(tag, values)
        elif tag.kind == "textarea" and values:
            yield tag.end, tag.close, "\n" + escape(values.pop(0))
        elif tag.kind in TYPED and values:
            yield tag.start, tag.end, _written(tag, tag.attributes | {"value": values.pop(0)})


def _chosen(tag: _Tag, values: list[str]) -> Iterator[tuple[int, int, str]]:
    wanted = values if "multiple" in tag.attributes else [values.pop(0)]
    if any(option.value in wanted for option in tag.options):
        for option in tag.options:
            yield _marked(option, "selected", option.value in wanted)


def _marked(tag: _Tag, mark: str, on: bool) -> tuple[int, int, str]:
    attributes = {name: value for name, value in tag.attributes.items() if name != mark}
    return tag.start, tag.end, _written(tag, attributes | ({mark: None} if on else {}))


def _written(tag: _Tag, attributes: Attributes) -> str:
    return f"<{tag.name}{''.join(_attributes(attributes.items()))}>"


def _attributes(pairs: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    for name, value in pairs:
        yield f" {name}" if value is None else f' {name}="{escape(value)}"'
