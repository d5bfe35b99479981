"""What a service type says: texts, form, pieces and stages, as immutable values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

LANGUAGES: Final = ("ar", "fr", "en")
FAMILIES: Final = (
    *("enquiry", "complaint", "reading", "bill", "connection", "contract", "permit", "information"),
    "letter",
)
AUDIENCES: Final = ("person", "company", "developer", "institution", "association")
NEEDS: Final = (
    *("water", "electricity", "sewage", "bill", "meter", "contract", "works", "information"),
    "other",
)
FIELD_TYPES: Final = (
    *("text", "long_text", "number", "money", "date", "choice", "several", "yes_no"),
    *("contract", "meter_index", "address", "phone", "email", "declaration"),
)
STAGE_KINDS: Final = (
    *("intake", "work", "waiting_citizen", "decision", "payment", "field", "end"),
)
ROLES: Final = ("office", "department", "head", "centre", "team", "citizen", "system")
ACTION_NEEDS: Final = (
    *("comment", "document", "outcome", "reason", "payment", "work_order", "quotation"),
    *("opinions", "children", "acceptance", "reply", "pieces", "charge", "meter", "final_reading"),
    *("final_bill", "refund", "plan"),
)
EFFECTS: Final = (
    *("open_contract", "activate_contract", "close_contract", "change_contract", "start_plan"),
    *("final_reading", "ask_refund", "find_bills", "statement", "duplicate"),
)
OUTCOMES: Final = ("granted", "refused", "no_action", "withdrawn")
TRADES: Final = ("water", "electricity", "sewage")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a type: where (`stages.2.kind`), and in words."""

    path: str
    words: str


class BadServiceTypeError(Exception):
    """A type that cannot be used; `problems` has at least one row."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{row.path}: {row.words}" for row in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Text:
    """One text in three languages."""

    ar: str = ""
    fr: str = ""
    en: str = ""

    def in_(self, language: str) -> str:
        """Return the text in a language, in French or the next best where it has none."""
        return str(getattr(self, language[:2], "") or self.fr or self.ar or self.en)

    def __bool__(self) -> bool:
        return bool(self.ar or self.fr or self.en)


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether something is shown: a field's answer is one of `values` (`any_answer`: any at all).

    `negated`: it is none of them. An answer with several values fits where one of them does.
    """

    field: str
    values: tuple[str, ...] = ()
    any_answer: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A value that can be chosen."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """A question of a form; limits are those of its type (characters, numbers, ISO days)."""

    code: str
    type: str
    label: Text
    help: Text = Text()
    required: bool = False
    pattern: str = ""
    least: str = ""
    most: str = ""
    options: tuple[Option, ...] = ()
    show_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of questions."""

    code: str
    title: Text
    fields: tuple[Field, ...]
    intro: Text = Text()
    show_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A paper that belongs to the request; `accept` are media families (pdf, image, plan, any)."""

    code: str
    title: Text
    help: Text = Text()
    required: bool = False
    several: bool = False
    accept: tuple[str, ...] = ("pdf", "image")
    show_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """What moves a request on: by whom, to which stage, and what must be given with it.

    `does` is what follows in contracts, bills and readings; who knows no such thing does nothing.
    """

    name: str
    to: str
    label: Text
    roles: tuple[str, ...]
    needs: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    outcome: str = ""
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage; `waits_for` says to the citizen what is awaited of them, in a waiting stage."""

    code: str
    kind: str
    public: Text
    internal: Text
    days: int = 0
    notify: bool = True
    uploads: bool = False
    waits_for: Text = Text()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Fee:
    """What the service costs; no amount where it depends (`words` then say on what)."""

    amount: Decimal | None
    currency: str
    words: Text


@dataclass(frozen=True, slots=True)
class Term:
    """How long it takes: by law, and as the office promises; what silence means."""

    legal_days: int = 0
    norm_days: int = 0
    unit: str = "working"  # or calendar
    silence: str = ""  # granted, refused or nothing
    words: Text = Text()


@dataclass(frozen=True, slots=True)
class Article:
    """A question and its answer, for the centre's agents and the service's page."""

    question: Text
    answer: Text


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole service type."""

    code: str
    family: str
    title: Text
    summary: Text
    audiences: tuple[str, ...]
    needs: tuple[str, ...]
    channels: tuple[str, ...]
    pages: tuple[Page, ...]
    pieces: tuple[Piece, ...]
    stages: tuple[Stage, ...]
    term: Term
    position: int = 100
    identity: int = 0
    department: str = ""
    departments: Mapping[str, str] = field(default_factory=dict)
    department_by: str = ""
    kind: str = ""
    register: str = "IN"
    fee: Fee | None = None
    law: Text = Text()
    before: Text = Text()
    done: Text = Text()
    danger: Condition | None = None
    trades: tuple[str, ...] = ()
    child: str = ""
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    knowledge: tuple[Article, ...] = ()

    @property
    def first(self) -> Stage:
        """The stage in which every request begins."""
        return self.stages[0]

    def stage(self, code: str) -> Stage:
        """Return the stage of this code. Raise KeyError where the type has none."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise KeyError(code)

    def fields(self) -> Iterator[Field]:
        """Yield the fields of all pages, in order."""
        for page in self.pages:
            yield from page.fields
