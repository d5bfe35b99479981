"""Reading the content of a service type: whole, or refused with all that is wrong with it.

The content is plain JSON (in files: TOML); docs/eservices.md describes it with an example.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from eservices.catalogue.consistency import inconsistencies
from eservices.catalogue.definition import (
    ACTION_NEEDS,
    AUDIENCES,
    EFFECTS,
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
    Definition,
    Fee,
    Field,
    Option,
    Page,
    Piece,
    Problem,
    Stage,
    Term,
)
from eservices.catalogue.reader import Reader

MOST_POSITION: Final = 32767
IDENTITY_LEVELS: Final = 3
MEDIA: Final = ("pdf", "image", "plan", "any")


def read_definition(content: Mapping[str, Any]) -> Definition:
    """Return the type that the content describes. Raise BadServiceTypeError with all problems."""
    problems: list[Problem] = []
    found = _definition(Reader(content, "", problems))
    if not problems:
        problems.extend(inconsistencies(found))
    if problems:
        raise BadServiceTypeError(problems)
    return found


def _definition(reader: Reader) -> Definition:
    fee, term = _fee(reader), _term(reader)
    found = Definition(
        code=reader.code(),
        family=reader.word("family", FAMILIES, default="letter"),
        title=reader.text("title", needed=True),
        summary=reader.text("summary", needed=True),
        audiences=reader.words("audiences", AUDIENCES, default=AUDIENCES),
        needs=reader.words("needs", NEEDS, default=("other",)),
        channels=reader.words("channels", default=("portal", "counter", "phone", "api")),
        pages=tuple(_page(row) for row in reader.rows("pages")),
        pieces=tuple(_piece(row) for row in reader.rows("pieces")),
        stages=tuple(_stage(row) for row in reader.rows("stages")),
        term=term,
        position=reader.number("position", default=100, most=MOST_POSITION),
        identity=reader.number("identity", most=IDENTITY_LEVELS),
        department=reader.word("department"),
        departments=reader.table_of_words("departments"),
        department_by=reader.word("department_by"),
        kind=reader.word("kind"),
        register=reader.word("register", default="IN"),
        fee=fee,
        law=reader.text("law"),
        before=reader.text("before"),
        done=reader.text("done"),
        danger=reader.condition("danger"),
        trades=reader.words("trades", TRADES),
        child=reader.word("child"),
        keywords=_lists(reader, "keywords"),
        synonyms=_lists(reader, "synonyms"),
        knowledge=tuple(_article(row) for row in reader.rows("knowledge")),
    )
    reader.end()
    return found


def _lists(given: Reader, name: str) -> dict[str, tuple[str, ...]]:
    reader = given.table(name)
    found = {language: reader.words(language) for language in LANGUAGES}
    reader.end()
    return found


def _fee(given: Reader) -> Fee | None:
    given.asked.add("fee")
    if "fee" not in given.given:
        return None
    reader = given.table("fee")
    currency = reader.word("currency", default="MAD")
    found = Fee(reader.amount("amount"), currency, reader.text("words", needed=True))
    reader.end()
    return found


def _term(given: Reader) -> Term:
    reader = given.table("term")
    found = Term(
        legal_days=reader.number("legal_days"),
        norm_days=reader.number("norm_days"),
        unit=reader.word("unit", ("working", "calendar"), default="working"),
        silence=reader.word("silence", ("granted", "refused")),
        words=reader.text("words"),
    )
    reader.end()
    return found


def _page(reader: Reader) -> Page:
    found = Page(
        code=reader.code(),
        title=reader.text("title", needed=True),
        fields=tuple(_field(row) for row in reader.rows("fields")),
        intro=reader.text("intro"),
        show_if=reader.condition("show_if"),
    )
    reader.end()
    return found


def _field(reader: Reader) -> Field:
    found = Field(
        code=reader.code(),
        type=reader.word("type", FIELD_TYPES, default="text"),
        label=reader.text("label", needed=True),
        help=reader.text("help"),
        required=reader.flag("required"),
        pattern=reader.pattern("pattern"),
        least=reader.limit("min"),
        most=reader.limit("max"),
        options=tuple(_option(row) for row in reader.rows("options")),
        show_if=reader.condition("show_if"),
    )
    reader.end()
    if (found.type in ("choice", "several")) != bool(found.options):
        reader.wrong("options", _("belong to a choice, and to nothing else"))
    return found


def _option(reader: Reader) -> Option:
    found = Option(value=reader.word("value"), label=reader.text("label", needed=True))
    reader.end()
    return found


def _piece(reader: Reader) -> Piece:
    found = Piece(
        code=reader.code(),
        title=reader.text("title", needed=True),
        help=reader.text("help"),
        required=reader.flag("required"),
        several=reader.flag("several"),
        accept=reader.words("accept", MEDIA, default=("pdf", "image")),
        show_if=reader.condition("show_if"),
    )
    reader.end()
    return found


def _stage(reader: Reader) -> Stage:
    found = Stage(
        code=reader.code(),
        kind=reader.word("kind", STAGE_KINDS, default="work"),
        public=reader.text("public", needed=True),
        internal=reader.text("internal"),
        days=reader.number("days"),
        notify=reader.flag("notify", default=True),
        uploads=reader.flag("uploads"),
        waits_for=reader.text("waits_for"),
        actions=tuple(_action(row) for row in reader.rows("actions")),
    )
    reader.end()
    if (found.kind == "waiting_citizen") != bool(found.waits_for):
        words = _("belongs to a stage that waits for the citizen, and to no other")
        reader.wrong("waits_for", words)
    return found


def _action(reader: Reader) -> Action:
    found = Action(
        name=reader.code("name"),
        to=reader.word("to"),
        label=reader.text("label", needed=True),
        roles=reader.words("roles", ROLES, default=("department", "office", "head")),
        needs=reader.words("needs", ACTION_NEEDS),
        does=reader.words("does", EFFECTS),
        outcome=reader.word("outcome", OUTCOMES),
        danger=reader.flag("danger"),
    )
    reader.end()
    return found


def _article(reader: Reader) -> Article:
    found = Article(reader.text("question", needed=True), reader.text("answer", needed=True))
    reader.end()
    return found
