"""Reading the content of a service type: whole, or refused with all that is wrong with it.

The content is plain JSON (in files: TOML); docs/eservices.md describes it with an example.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from eservices.catalogue.consistency import inconsistencies
from eservices.catalogue.definition import (
    ACTION_NEEDS,
    AUDIENCES,
    FAMILIES,
    FIELD_TYPES,
    LANGUAGES,
    NEEDS,
    OUTCOMES,
    ROLES,
    STAGE_KINDS,
    TRADES,
    Action,
    Article,
    BadServiceTypeError,
    Condition,
    Definition,
    Fee,
    Field,
    Option,
    Page,
    Piece,
    Problem,
    Stage,
    Term,
    Text,
)

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")


def read_definition(content: Mapping[str, Any]) -> Definition:
    """Return the type that the content describes. Raise BadServiceTypeError with all problems."""
    problems: list[Problem] = []
    found = _Reader(content, "", problems).definition()
    if not problems:
        problems.extend(inconsistencies(found))
    if problems:
        raise BadServiceTypeError(problems)
    return found


class _Reader:
    """A table of the content, its path, and the problems that reading it adds to."""

    def __init__(self, given: Any, path: str, problems: list[Problem]) -> None:
        self.given: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
        self.path, self.problems = path, problems
        self.asked: set[str] = set()
        if not isinstance(given, Mapping):
            self.wrong("", "must be a table")

    def wrong(self, name: str, words: str) -> None:
        at = ".".join(part for part in (self.path, name) if part)
        self.problems.append(Problem(at, words))

    def take(self, name: str, kind: type, default: Any) -> Any:
        self.asked.add(name)
        value = self.given.get(name, default)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.wrong(name, f"must be of type {kind.__name__}")
            return default
        return value

    def word(self, name: str, known: tuple[str, ...] = (), *, default: str = "") -> str:
        value = str(self.take(name, str, default)).strip()
        if known and value not in known and not (value == "" and default == ""):
            self.wrong(name, f"must be one of: {', '.join(known)}")
        return value

    def words(
        self, name: str, known: tuple[str, ...] = (), *, default: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        value = self.take(name, list, list(default))
        for one in value:
            if not isinstance(one, str) or (known and one not in known):
                self.wrong(name, f"{one!r} is not known")
        return tuple(str(one) for one in value)

    def code(self, name: str = "code") -> str:
        value = self.word(name)
        if not _CODE.fullmatch(value):
            self.wrong(name, "must be a code of small letters, digits and underscores")
        return value

    def text(self, name: str, *, needed: bool = False) -> Text:
        reader = self.table(name)
        found = Text(*(reader.word(language) for language in LANGUAGES))
        reader.end()
        if (needed or found) and not (found.ar and found.fr and found.en):
            self.wrong(name, "must say something in ar, fr and en")
        return found

    def table(self, name: str) -> "_Reader":
        return _Reader(self.take(name, dict, {}), f"{self.path}.{name}".strip("."), self.problems)

    def rows(self, name: str) -> Iterator["_Reader"]:
        for at, row in enumerate(self.take(name, list, [])):
            yield _Reader(row, f"{self.path}.{name}.{at}".strip("."), self.problems)

    def end(self) -> None:
        for name in self.given:
            if name not in self.asked:
                self.wrong(str(name), "is not known")

    def condition(self, name: str) -> Condition | None:
        if name not in self.given:
            return None
        reader = self.table(name)
        found = Condition(
            field=reader.word("field"),
            values=reader.words("in"),
            any_answer=reader.take("answered", bool, False),
            negated=reader.take("not", bool, False),
        )
        reader.end()
        if not found.field or bool(found.values) == found.any_answer:
            reader.wrong("", "needs a field, and either values (in) or answered")
        return found

    def amount(self, name: str) -> Decimal | None:
        given = self.word(name)
        if not given:
            return None
        try:
            return Decimal(given)
        except InvalidOperation:
            self.wrong(name, "must be an amount such as 120.00")
            return None

    def definition(self) -> Definition:
        fee, term = self._fee(), self._term()
        found = Definition(
            code=self.code(),
            family=self.word("family", FAMILIES, default="letter"),
            title=self.text("title", needed=True),
            summary=self.text("summary", needed=True),
            audiences=self.words("audiences", AUDIENCES, default=AUDIENCES),
            needs=self.words("needs", NEEDS, default=("other",)),
            channels=self.words("channels", default=("portal", "counter", "phone", "api")),
            pages=tuple(_page(row) for row in self.rows("pages")),
            pieces=tuple(_piece(row) for row in self.rows("pieces")),
            stages=tuple(_stage(row) for row in self.rows("stages")),
            term=term,
            position=self.take("position", int, 100),
            identity=self.take("identity", int, 0),
            department=self.word("department"),
            departments={k: str(v) for k, v in self.take("departments", dict, {}).items()},
            department_by=self.word("department_by"),
            kind=self.word("kind"),
            register=self.word("register", default="IN"),
            fee=fee,
            law=self.text("law"),
            before=self.text("before"),
            done=self.text("done"),
            danger=self.condition("danger"),
            trades=self.words("trades", TRADES),
            child=self.word("child"),
            keywords=self._lists("keywords"),
            synonyms=self._lists("synonyms"),
            knowledge=tuple(_article(row) for row in self.rows("knowledge")),
        )
        self.end()
        return found

    def _lists(self, name: str) -> dict[str, tuple[str, ...]]:
        reader = self.table(name)
        found = {language: reader.words(language) for language in LANGUAGES}
        reader.end()
        return found

    def _fee(self) -> Fee | None:
        if "fee" not in self.given:
            return None
        reader = self.table("fee")
        currency = reader.word("currency", default="MAD")
        found = Fee(reader.amount("amount"), currency, reader.text("words", needed=True))
        reader.end()
        return found

    def _term(self) -> Term:
        reader = self.table("term")
        found = Term(
            legal_days=reader.take("legal_days", int, 0),
            norm_days=reader.take("norm_days", int, 0),
            unit=reader.word("unit", ("working", "calendar"), default="working"),
            silence=reader.word("silence", ("granted", "refused")),
            words=reader.text("words"),
        )
        reader.end()
        return found


def _page(reader: _Reader) -> Page:
    found = Page(
        code=reader.code(),
        title=reader.text("title", needed=True),
        fields=tuple(_field(row) for row in reader.rows("fields")),
        intro=reader.text("intro"),
        show_if=reader.condition("show_if"),
    )
    reader.end()
    return found


def _field(reader: _Reader) -> Field:
    found = Field(
        code=reader.code(),
        type=reader.word("type", FIELD_TYPES, default="text"),
        label=reader.text("label", needed=True),
        help=reader.text("help"),
        required=reader.take("required", bool, False),
        pattern=reader.word("pattern"),
        least=str(reader.given.get("min", "")),
        most=str(reader.given.get("max", "")),
        options=tuple(_option(row) for row in reader.rows("options")),
        show_if=reader.condition("show_if"),
    )
    reader.asked |= {"min", "max"}
    reader.end()
    if (found.type in ("choice", "several")) != bool(found.options):
        reader.wrong("options", "belong to a choice, and to nothing else")
    return found


def _option(reader: _Reader) -> Option:
    found = Option(value=reader.word("value"), label=reader.text("label", needed=True))
    reader.end()
    return found


def _piece(reader: _Reader) -> Piece:
    found = Piece(
        code=reader.code(),
        title=reader.text("title", needed=True),
        help=reader.text("help"),
        required=reader.take("required", bool, False),
        several=reader.take("several", bool, False),
        accept=reader.words("accept", ("pdf", "image", "plan", "any"), default=("pdf", "image")),
        show_if=reader.condition("show_if"),
    )
    reader.end()
    return found


def _stage(reader: _Reader) -> Stage:
    found = Stage(
        code=reader.code(),
        kind=reader.word("kind", STAGE_KINDS, default="work"),
        public=reader.text("public", needed=True),
        internal=reader.text("internal"),
        days=reader.take("days", int, 0),
        notify=reader.take("notify", bool, True),
        uploads=reader.take("uploads", bool, False),
        waits_for=reader.text("waits_for"),
        actions=tuple(_action(row) for row in reader.rows("actions")),
    )
    reader.end()
    if (found.kind == "waiting_citizen") != bool(found.waits_for):
        reader.wrong("waits_for", "belongs to a stage that waits for the citizen, and to no other")
    return found


def _action(reader: _Reader) -> Action:
    found = Action(
        name=reader.code("name"),
        to=reader.word("to"),
        label=reader.text("label", needed=True),
        roles=reader.words("roles", ROLES, default=("department", "office", "head")),
        needs=reader.words("needs", ACTION_NEEDS),
        outcome=reader.word("outcome", OUTCOMES),
        danger=reader.take("danger", bool, False),
    )
    reader.end()
    return found


def _article(reader: _Reader) -> Article:
    found = Article(reader.text("question", needed=True), reader.text("answer", needed=True))
    reader.end()
    return found
