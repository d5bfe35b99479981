"""The bar of verbs on a letter's page: the two commonest of the situation, the rest in a menu."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.states import Stage
from routing.models.states import LIVE

IN_REACH: Final = 2


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that this user may do now.

    Done at once where it has an address to post `fields` to; else `target` is the field of the
    page where it is filled in. `accepts` marks what the key for "accept" does.
    """

    words: str
    icon: str
    target: str = ""
    address: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    accepts: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """The verbs that stand in the bar, and those of its menu."""

    first: list[Verb]
    rest: list[Verb]


def bar_of(shown: dict[str, Any]) -> Bar:
    """Return the verbs of the page's context, the commonest of the situation first."""
    verbs = list(_verbs(shown))
    return Bar(verbs[:IN_REACH], verbs[IN_REACH:])


def _verbs(shown: dict[str, Any]) -> Iterator[Verb]:
    for one in shown["opinions"]:
        if "give_opinion" in one.verbs:
            yield Verb(_("Give the opinion"), "info", f"o-{one.row.pk}")
    for reply in shown["replies"]:
        yield from _on_reply(shown["letter"].pk, reply)
    yield from _on_assignments(shown, asked=True)
    yield from _on_letter(shown)
    yield from _on_assignments(shown, asked=False)
    yield from _on_clock(shown["can"])
    yield from _seldom(shown)


def _on_reply(letter: Any, mine: Any) -> Iterator[Verb]:
    reply, verbs, turn = mine.row, mine.verbs, mine.walk.turn
    step = (("step", str(turn.pk if turn and not turn._state.adding else "")),)

    def at_once(words: str, icon: str, what: str, fields: Any = ()) -> Verb:
        address = reverse("desk:on_reply", args=[letter, reply.pk, what])
        return Verb(words, icon, address=address, fields=fields)

    if "sign_reply" in verbs:
        yield Verb(_("Sign…"), "pen", f"sg-{reply.pk}")  # it says first what it does
    elif "approve_reply" in verbs:
        own = turn is not None and turn.who == "head_or_director"
        yield at_once(_("Approve") if own else _("Give the visa"), "check", "approve", step)
    if "return_reply" in verbs:
        yield Verb(_("Return"), "reply", f"rm-{reply.pk}")
    if "send_reply" in verbs:
        yield Verb(_("Send"), "send", f"w-{reply.pk}")
    if "submit_reply" in verbs and len(mine.circuits) > 1:
        yield Verb(_("Submit for approval"), "forward", f"ci-{reply.pk}")
    elif "submit_reply" in verbs:
        yield at_once(_("Submit for approval"), "forward", "submit")
    if "edit_reply" in verbs:
        yield Verb(_("Change the draft"), "pen", f"rs-{reply.pk}")
    if "withdraw_reply" in verbs:
        yield at_once(_("Take back to change"), "again", "withdraw")


def _on_assignments(shown: dict[str, Any], *, asked: bool) -> Iterator[Verb]:
    """Yield the actions of departments: the ones due now, else those that are allowed besides."""
    answered = shown["letter"].stage == Stage.ANSWERED
    for given in shown["assignments"]:
        pk, verbs = given.row.pk, given.verbs
        if asked and "accept" in verbs:
            address = reverse("desk:on_assignment", args=[shown["letter"].pk, pk, "accept"])
            yield Verb(_("Accept"), "check", address=address, accepts=True)
        if "refuse" in verbs and asked == ("accept" in verbs):
            yield Verb(_("Refuse"), "cross", f"r-{pk}")
        if "sign_off" in verbs and asked == answered:
            yield Verb(_("Sign off"), "check", f"m-{pk}")
        if not asked and "put_in_charge" in verbs:
            yield Verb(_("Put in charge"), "person", f"p-{pk}")
        if not asked and "transfer" in verbs:
            yield Verb(_("Transfer"), "forward", f"t-{pk}")


def _on_letter(shown: dict[str, Any]) -> Iterator[Verb]:
    can, letter = shown["can"], shown["letter"]
    lies = any(given.row.state in LIVE for given in shown["assignments"])
    if "assign" in can and not lies:
        best = shown["proposals"][:1] if not shown["assignments"] else []
        for proposal in best:
            yield Verb(
                _("Assign to %(department)s") % {"department": proposal.value},
                "forward",
                address=reverse("desk:assign", args=[letter.pk]),
                fields=(("department", proposal.value),),
                accepts=True,
            )
        words = _("Another department") if best else _("Choose the department")
        yield Verb(words, "forward", "assign-department")
    if "draft_reply" in can:
        yield Verb(_("Write a reply"), "reply", "rs-new")
    if shown["check"]:
        yield Verb(_("Check and correct"), "letter", "id_subject")
    if "assign" in can and lies:
        yield Verb(_("Assign to another department"), "forward", "assign-department")


def _on_clock(can: Any) -> Iterator[Verb]:
    for verb, words, icon, target in (
        ("add_pieces", _("Add the pieces"), "clip", "clock-files"),
        ("ask_pieces", _("Ask for missing pieces"), "send", "clock-pieces"),
        ("ask_opinion", _("Ask for an opinion"), "info", "ask-question"),
        ("restart_clock", _("Let the clock go on"), "clock", "clock-restart"),
        ("stop_clock", _("Stop the clock"), "clock", "clock-stop"),
        ("extend_clock", _("Extend the term"), "clock", "clock-extend"),
    ):
        if verb in can:
            yield Verb(words, icon, target)


def _seldom(shown: dict[str, Any]) -> Iterator[Verb]:
    can = shown["can"]
    for reply in shown["replies"]:
        if "send_also" in reply.verbs:
            yield Verb(_("Send by a further way too"), "send", f"aw-{reply.row.pk}")
    if shown.get("note_reaches"):
        yield Verb(_("Write a note"), "pen", "note-text")
    if "record_outcome" in can:
        words = _("Correct the outcome") if shown.get("outcome") else _("Record the outcome")
        yield Verb(words, "stamp", "outcome-value")
    for verb, words, icon, target in (
        ("reopen", _("Take up again"), "again", "reopen-reason"),
        ("link", _("Link with another letter"), "pages", "same-other"),
        ("ask_void", _("Ask for voiding"), "strike", "void-reason"),
    ):
        if verb in can:
            yield Verb(words, icon, target)
