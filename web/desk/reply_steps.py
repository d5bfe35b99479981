"""A reply's steps in words: what is done, by whom, for whom, when, and what comes next."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from correspondence.acting.rights import round_of
from correspondence.models.replies import Reply
from correspondence.models.states import ReplyState
from correspondence.models.steps import Act, ReplyStep, SignatureLevel, Who
from correspondence.replies.archival_form import PROBLEM_WORDS, ways_on

MARKS = {"done": "done", "due": "now", "returned": "bad"}


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as pages show it; `mine` where it is this user's to do now."""

    row: ReplyStep
    who: str
    mark: str
    level: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """The present round of a reply, the rounds before it, and the viewer's step now."""

    steps: list[ShownStep]
    earlier: list[ShownStep]
    signed: bool
    waits_for_paper: bool
    turn: ReplyStep | None
    lasting: "ShownArchival"


@dataclass(frozen=True, slots=True)
class ShownArchival:
    """The archival level of a reply's file, why it is no higher, and the possible ways.

    Each way has a code, words, and what it means.
    """

    level: str
    problem: str
    ways: list[tuple[str, Any, Any]]


WAYS: dict[str, tuple[Any, Any]] = {
    "text": (gettext_lazy("Try once more"), gettext_lazy("Nothing is lost.")),
    "copy": (
        gettext_lazy("Make a PDF/A copy without the signature"),
        gettext_lazy("The file with its signature stays beside it in the register."),
    ),
    "picture": (
        gettext_lazy("Make a PDF/A of pictures"),
        gettext_lazy("It looks the same; its text is not text any more."),
    ),
    "as_is": (
        gettext_lazy("Go on with the file as it is"),
        gettext_lazy("It is not archival: the history says so."),
    ),
}


def walk_of(reply: Reply, turns: list[ReplyStep]) -> Walk:
    """Return the walk of a reply whose steps are prefetched; `turns` are the viewer's own now."""
    now = round_of(reply)
    rows = [row for row in reply.steps.all() if now and row.round < now[0].round]
    own = {step.pk for step in turns} if turns else set()
    return Walk(
        steps=[_shown(step, mine=step.pk in own) for step in now],
        earlier=[_shown(step) for step in rows],
        signed=any(step.act == Act.SIGNATURE for step in now),
        turn=turns[0] if turns else None,
        lasting=archival_shown(reply),
        waits_for_paper=reply.state == ReplyState.SIGNED and not reply.signed_file_id,
    )


def archival_shown(reply: Reply) -> ShownArchival:
    """Return what a page says of the archival form of a reply's file."""
    return ShownArchival(
        level=str(Reply.ArchivalLevel(reply.archive_level).label) if reply.archive_level else "",
        problem=str(PROBLEM_WORDS.get(reply.archive_problem, "")),
        ways=[(way, *WAYS[way]) for way in ways_on(reply)],
    )


def archival_words(data: dict[str, Any]) -> list[str]:
    """Return what an event says of a file's archival level, and why it is no higher."""
    level, problem = str(data.get("archive", "")), str(data.get("archive_problem", ""))
    said = [str(Reply.ArchivalLevel(level).label)] if level in Reply.ArchivalLevel.values else []
    return said + ([str(PROBLEM_WORDS[problem])] if problem in PROBLEM_WORDS else [])


def _shown(step: ReplyStep, *, mine: bool = False) -> ShownStep:
    return ShownStep(
        row=step,
        who=who_words(step),
        mark=MARKS.get(step.state, ""),
        level=str(SignatureLevel(step.level).label) if step.level else "",
        mine=mine and not step._state.adding,
    )


def who_words(step: Any) -> str:
    """Return in the current language who is to do a step (of a circuit or a reply)."""
    code = step.department.code if step.department else ""
    if step.who == Who.PERSON:
        return str(step.person.shown_name)
    if step.who == Who.DIRECTOR:
        return _("Director")
    if not code:
        return str(Who(step.who).label)
    if step.who == Who.HEAD_OR_DIRECTOR:
        return _("Head of %(department)s, or director") % {"department": code}
    return _("Head of %(department)s") % {"department": code}
