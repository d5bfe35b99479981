"""Which inputs a service type is written by: its sections, their rows and what each input takes."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from eservices.catalogue.definition import (
    ACTION_NEEDS,
    AUDIENCES,
    EFFECTS,
    FAMILIES,
    FIELD_TYPES,
    NEEDS,
    OUTCOMES,
    ROLES,
    STAGE_KINDS,
    TRADES,
)
from eservices.catalogue.reading import MEDIA


@dataclass(frozen=True, slots=True)
class Input:
    """A key of the content. `kind` says how it is written (`web.desk.services.values`).

    `choices` are the values that it may have, `usual` is a flag's value where nothing is said.
    """

    key: str
    kind: str = "line"
    choices: tuple[str, ...] = ()
    usual: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A list of rows, each with its inputs and perhaps with lists of its own."""

    key: str
    inputs: tuple[Input, ...]
    groups: tuple["Group", ...] = ()
    another: Any = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A page of inputs."""

    title: Any
    inputs: tuple[Input, ...] = ()
    groups: tuple[Group, ...] = ()
    help: Any = ""


_FIELDS: Final = Group(
    "fields",
    (
        Input("code", "code"),
        Input("type", "choice", FIELD_TYPES),
        Input("required", "flag"),
        Input("label", "text"),
        Input("help", "text"),
        Input("show_if", "condition"),
        Input("options", "options"),
        Input("min", "limit"),
        Input("max", "limit"),
        Input("pattern", "code"),
    ),
    another=_("Another question"),
)
_PAGES: Final = Group(
    "pages",
    (
        *(Input("code", "code"), Input("title", "text"), Input("intro", "long")),
        Input("show_if", "condition"),
    ),
    (_FIELDS,),
    _("Another page"),
)
_PIECES: Final = Group(
    "pieces",
    (
        *(Input("code", "code"), Input("required", "flag"), Input("several", "flag")),
        *(Input("title", "text"), Input("help", "text"), Input("accept", "codes", MEDIA)),
        Input("show_if", "condition"),
    ),
    another=_("Another piece"),
)
_ACTIONS: Final = Group(
    "actions",
    (
        *(Input("name", "code"), Input("to", "code"), Input("label", "text")),
        *(Input("roles", "codes", ROLES), Input("needs", "codes", ACTION_NEEDS)),
        Input("does", "codes", EFFECTS),
        *(Input("outcome", "choice", OUTCOMES), Input("danger", "flag")),
    ),
    another=_("Another action"),
)
_STAGES: Final = Group(
    "stages",
    (
        *(Input("code", "code"), Input("kind", "choice", STAGE_KINDS), Input("days", "number")),
        *(Input("notify", "flag", usual=True), Input("uploads", "flag")),
        *(Input("public", "text"), Input("internal", "text"), Input("waits_for", "text")),
    ),
    (_ACTIONS,),
    _("Another stage"),
)
_TEXTS: Final = (
    *(Input("title", "text"), Input("summary", "long"), Input("before", "long")),
    *(Input("law", "long"), Input("done", "long")),
    *(Input("fee.amount"), Input("fee.currency"), Input("fee.words", "text")),
    *(Input("term.legal_days", "number"), Input("term.norm_days", "number")),
    Input("term.unit", "choice", ("working", "calendar")),
    Input("term.silence", "choice", ("granted", "refused")),
    Input("term.words", "text"),
    *(Input("keywords", "phrases"), Input("synonyms", "phrases")),
)
_PLACE: Final = (
    *(Input("family", "choice", FAMILIES), Input("position", "number")),
    *(Input("needs", "codes", NEEDS), Input("audiences", "codes", AUDIENCES)),
    *(Input("channels", "codes"), Input("identity", "number")),
    *(Input("department", "code"), Input("department_by", "code"), Input("departments", "map")),
    *(Input("kind", "code"), Input("register", "code"), Input("danger", "condition")),
    *(Input("trades", "codes", TRADES), Input("child", "code")),
)
_KNOWLEDGE: Final = Group(
    "knowledge",
    (Input("question", "text"), Input("answer", "long")),
    another=_("Another question and answer"),
)
SECTIONS: Final[dict[str, Section]] = {
    "texts": Section(_("Texts, fee and term"), _TEXTS),
    "place": Section(_("Audience and responsible unit"), _PLACE),
    "form": Section(
        _("Questions"),
        groups=(_PAGES,),
        help=_(
            "A question is shown when a condition holds: “problem = leak, cut”, "
            "“problem != leak”, “problem ?” (answered at all) or “problem !?” (not answered). "
            "Choices stand a line each: value / Arabic / French / English, between bars."
        ),
    ),
    "pieces": Section(_("Pieces"), groups=(_PIECES,)),
    "stages": Section(_("Stages"), groups=(_STAGES,)),
    "answers": Section(_("Questions and answers"), groups=(_KNOWLEDGE,)),
}
