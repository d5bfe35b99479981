"""The versions of the classifier, their figures, and going back to earlier ones."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.signs import colon
from routing.training import model_choice, office_training
from understanding.models.versions import ModelVersion
from web.shared.guard import StaffRequest, go_on, keeps_models, page, verb, watches_models
from web.shared.paging import page_of

ROWS: Final = 20
QUESTIONS: Final = (
    ("department", gettext_lazy("Department")),
    ("kind", gettext_lazy("Kind")),
)
REASONS: Final[dict[str, Any]] = {
    "fewer_right": gettext_lazy("Fewer right answers to the bundled letters."),
    "less_sure_right": gettext_lazy(
        "Too many wrong among its sure answers to the bundled letters."
    ),
    "fewer_sure": gettext_lazy("Sure of far fewer letters."),
    "fewer_right_here": gettext_lazy("Fewer right answers to the office’s own letters."),
    "less_sure_right_here": gettext_lazy("More wrong among its sure answers to our own letters."),
    "overtaken": gettext_lazy("Another version was put in use while it was being judged."),
    "replaced": gettext_lazy("A newer version was not worse."),
    "put_back": gettext_lazy("A person went back to another version."),
    "brought_back": gettext_lazy("A person brought it back."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A question's figures, in per cent: of a version beside the one it was measured against."""

    question: Any
    bundled: "Measured"
    own: "Measured"


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares in per cent, None where nothing was measured; `old_…` are the other version's."""

    letters: int
    right: float | None
    old_right: float | None
    sure: float | None
    sure_right: float | None
    old_sure_right: float | None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in words; `back` where it may be brought back."""

    row: ModelVersion
    reason: str
    lines: list[Line]
    back: bool


@page(watches_models)
def models(request: StaffRequest) -> HttpResponse:
    """Show the versions, newest first, with their figures."""
    found = page_of(
        model_choice.model_versions(),
        order=["-made_at", "-pk"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {
        "rows": [_shown(row) for row in found.rows],
        "next": found.next_cursor,
        "live": model_choice.version_in_use(),
        "waiting": office_training.new_decisions(),
    }
    return render(request, "web/models.html", context)


@verb(keeps_models)
def retrain(request: StaffRequest) -> HttpResponse:
    """Retrain on the decisions made, as soon as nothing else is due."""
    if office_training.queue_retraining():
        messages.success(request, _("The machine learns as soon as nothing else waits."))
    else:
        messages.info(request, _("Nothing was decided since it last learnt."))
    return go_on(request, otherwise="/models/")


@verb(keeps_models)
def use_model(request: StaffRequest) -> HttpResponse:
    """Go back to an earlier version, or to the first model."""
    model_choice.use_version(request.POST.get("version", ""), actor=request.user)
    messages.success(request, _("This version answers from now on."))
    return go_on(request, otherwise="/models/")


def _shown(row: ModelVersion) -> VersionRow:
    code, _colon, question = row.reason.partition(":")
    words = str(REASONS.get(code, code))
    named = dict(QUESTIONS).get(question)
    return VersionRow(
        row=row,
        reason=f"{named}{colon()} {words}" if named else words,
        lines=[
            Line(
                words,
                _measured(row.figures.get(name), row.rival_figures.get(name)),
                _measured(row.office_figures.get(name), row.office_rival_figures.get(name)),
            )
            for name, words in QUESTIONS
        ],
        back=model_choice.can_come_back(row, with_file=row.has_file),  # type: ignore[attr-defined]
    )


def _measured(new: dict[str, int] | None, old: dict[str, int] | None) -> Measured:
    new, old = new or {}, old or {}
    return Measured(
        new.get("letters", 0),
        _percent(new, "right", "letters"),
        _percent(old, "right", "letters"),
        _percent(new, "sure", "letters"),
        _percent(new, "sure_right", "sure"),
        _percent(old, "sure_right", "sure"),
    )


def _percent(figures: dict[str, int], part: str, whole: str) -> float | None:
    return 100 * figures[part] / figures[whole] if figures.get(whole) else None
