"""The letter's page: pages beside text, facts, assignments, replies, history, on one screen."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language

from correspondence.acting.rights import (
    ReplySituation,
    reply_verbs_on,
    situation_read,
    verbs_of,
)
from correspondence.answers import reading as replies_reading
from correspondence.answers import several
from correspondence.dispatch import sending, undelivered
from correspondence.dispatch.default_method import default_method
from correspondence.drafts.reading import drafts_read_by
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from correspondence.models.steps import Circuit
from correspondence.replies.choosing import circuits_for
from correspondence.replies.paper import letter_itself
from registry.access import get_letter, readable_among
from registry.kinds import RegistryEvent
from registry.models.documents import Document
from registry.models.letters import Letter, Party, ReplyLink
from registry.models.marks import warning_of
from registry.models.registers import Register
from registry.models.voiding import VoidRequest
from routing.acting.verbs import LetterVerb
from routing.clocks.due_date_words import words_of
from routing.inbox import reading as routing_reading
from routing.models.assignments import Assignment
from routing.models.suggestions import Suggestion
from search.services import meaning_state
from web.desk.agency.box import agency_box
from web.desk.archives.on_letter import hold_box, show_stub
from web.desk.contacts.box import box_of
from web.desk.files import receipt_context
from web.desk.forms import department_choices
from web.desk.letter import facts, next_steps, same
from web.desk.letter.bar import bar_of
from web.desk.letter.clock_box import clock_of
from web.desk.letter.closing_box import closing_of
from web.desk.letter.custody import custody_box
from web.desk.letter.history import lines_of
from web.desk.letter.mail_words import left_in_mails
from web.desk.letter.notes import notes_box
from web.desk.letter.opinions import opinions_box
from web.desk.letter.routing_box import routing_box
from web.desk.letter_events import Happened, happened_to
from web.desk.outgoing.pages import row_of
from web.desk.reading import viewer
from web.desk.reply_steps import Walk, walk_of
from web.desk.requests.panel import request_panel
from web.desk.requests.works import works_box
from web.desk.work_orders.on_letter import orders_box
from web.shared.guard import StaffRequest, page, reads_letters
from web.shared.reading import read_letter

NAMING_DEPARTMENTS: Final = {LetterVerb.ASSIGN, LetterVerb.TRANSFER, LetterVerb.ASK_OPINION}


@dataclass(frozen=True, slots=True)
class Mine:
    """A reply and the actions that this user may take on it."""

    row: Any
    verbs: Set[str]


@dataclass(frozen=True, slots=True)
class MyReply(Mine):
    """A reply with its steps and what else its box shows.

    The circuits that its draft may take, the further letters that it answers, and whether the user
    may read the letter that it became.
    """

    walk: Walk
    circuits: list[Circuit]
    further: list[Letter]
    opens: bool


@page(reads_letters)
def show(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Show the letter's page.

    `?document=` and `?page=` choose what the viewer shows; `?q=` is the search that led here, whose
    words are marked.
    """
    letter = read_letter(request.user, letter_id)
    if letter.disposal_id is not None:
        return show_stub(request, letter)
    documents = list(letter.documents.select_related("file__warning"))
    words, asked = request.GET.get("q", "").strip(), request.GET.get("page", "")
    shown = viewer.viewer_of(
        documents,
        wanted=request.GET.get("document", "") or ("" if words else _opens_on(letter)),
        number=viewer.shown_number(asked) if asked else None,
        words=words,
    )
    context: dict[str, Any] = {
        "letter": letter,
        "documents": documents,
        "viewer": shown,
        "carried": f"&{urlencode({'q': shown.hits.words})}" if shown and shown.hits else "",
    }
    if request.GET.get("only") == "viewer":
        return render(request, "web/parts/viewer.html", context)
    context |= _all_else(request, letter, documents) | {
        "problems": viewer.problems_of(letter, documents, shown),
        "warnings": [(each, told) for each in documents if (told := warning_of(each.file))],
    }
    steps = next_steps.steps_of(context)
    context |= {
        "steps": steps,
        "places": next_steps.places_of(context),
        "bar": bar_of(context),
        "opened": _opened(request, steps),
    }
    return render(request, "web/letter.html", context)


def _opened(request: StaffRequest, steps: list[next_steps.Place]) -> str:
    """Return the part that is open: the named one, else where the next step is done."""
    if "notes" in request.GET:
        return "notes"
    return steps[0].anchor if steps else "facts"


def _opens_on(letter: Letter) -> str:
    """Return the document on which the page of one's own letter opens: the letter itself."""
    if letter.register.direction == Register.Direction.INCOMING:
        return ""
    found = letter_itself(letter)
    return str(found.pk) if found else ""


def _recipients(letter: Letter) -> list[Party]:
    """Return to whom one's own letter goes, those with a copy last."""
    roles = (Party.Role.RECIPIENT, Party.Role.COPY)
    return [party for role in roles for party in letter.parties.all() if party.role == role]


def _of_request(
    request: StaffRequest, letter: Letter, now: ReplySituation, happened: Happened
) -> dict[str, Any]:
    """Return opinions, the request of an e-service and its works, where there are any."""
    return {
        **opinions_box(letter, now, happened),
        **request_panel(letter, request.user, happened),
        **works_box(letter, request, happened),
        **agency_box(letter, request, happened),
        **orders_box(letter, request.user, happened),
    }


def _all_else(request: StaffRequest, letter: Letter, documents: list[Document]) -> dict[str, Any]:
    assignments = list(routing_reading.assignments_of(letter))
    drafts = list(replies_reading.drafts_of(letter))
    now = situation_read(request.user, letter, assignments=assignments, replies=drafts)
    can, happened = verbs_of(now), happened_to(letter)
    departments = department_choices() if can & NAMING_DEPARTMENTS else []
    linked = _linked(request, letter)
    suggestions = list(routing_reading.suggestions_of(letter))
    return {
        **receipt_context(letter),
        **_replies(request, now, [row for row in drafts if row.outgoing_id != letter.pk]),
        **routing_box(assignments, now, can),
        **_of_request(request, letter, now, happened),
        "can": can,
        "sender": letter.sender,
        "is_own": letter.register.direction != Register.Direction.INCOMING,
        "recipients": _recipients(letter),
        "default_method": default_method(letter),
        "clock": clock_of(letter, can, happened=happened, assignments=assignments),
        "by_meaning": meaning_state() != "off",
        "reading": viewer.reading_state(letter),
        **_past(request, letter, documents, happened),
        **_facts(letter, suggestions, can),
        "departments": departments,
        "methods": Assignment.Method.choices,
        "ways": sending.ways_offered(),
        "reasons": undelivered.ReturnReason.choices,
        **closing_of(letter, can, happened),
        **notes_box(
            letter, now.permissions, cursor=request.GET.get("notes", ""), units=dict(departments)
        ),
        "due_words": words_of(letter.due_explained, language=(get_language() or "fr")[:2]),
        **custody_box(letter, request.user, happened),
        **hold_box(letter, request.user, happened),
        "void_request": _void_request(letter, happened),
        "linked": linked,
        "draft_behind": _draft_behind(request, letter),
        "nearby": same.shown_near(letter, request.user),
        "link_choices": same.BY_HAND,
    }


def _past(
    request: StaffRequest, letter: Letter, documents: list[Document], happened: Happened
) -> dict[str, Any]:
    """Return the history, and what it tells of attachments that stayed in their mail."""
    return {
        "history": lines_of(letter, request.user, happened.events),
        "left_in_mails": left_in_mails(documents, happened.events),
    }


def _facts(letter: Letter, suggestions: list[Suggestion], can: Set[str]) -> dict[str, Any]:
    return {
        "facts": facts.facts_of(letter, suggestions),
        "further": facts.further_of(suggestions),
        "check": facts.check_form(letter, suggestions) if "correct" in can else None,
        "proposals": facts.department_proposals(suggestions),
        "box": box_of(letter, can, suggestions),
    }


def _replies(request: StaffRequest, now: ReplySituation, rows: list[Reply]) -> dict[str, Any]:
    """Return the replies and their dispatches, with this user's actions on each."""
    further = several.further_of(rows, request.user) if rows else {}
    opens = readable_among([row.outgoing_id for row in rows if row.outgoing_id], request.user)
    sent = _dispatches(now.letter) if any(row.outgoing_id for row in rows) else []
    return {
        "replies": [
            _my_reply(now, row, now.letter, further.get(row.pk, []), row.outgoing_id in opens)
            for row in rows
        ],
        "dispatches": [row_of(now.permissions, row) for row in sent],
    }


def _my_reply(
    now: ReplySituation, reply: Reply, letter: Letter, further: list[Letter], opens: bool
) -> MyReply:
    verbs = reply_verbs_on(now, reply) if now.routed else set()
    fitting = circuits_for(reply.department, letter) if "submit_reply" in verbs else []
    walk = walk_of(reply, now.turns(reply))
    return MyReply(reply, verbs, walk, fitting, further, opens)


def _draft_behind(request: StaffRequest, letter: Letter) -> Reply | None:
    """Return the draft that became this letter.

    None for one that was received, and where the user may not read the draft.
    """
    if letter.register.direction == Register.Direction.INCOMING:
        return None
    rows = drafts_read_by(request.user).filter(outgoing=letter)
    return rows.select_related("department", "author", "letter").first()


def _dispatches(letter: Letter) -> Any:
    rows = Dispatch.objects.filter(reply__letter=letter).prefetch_related("letter__parties")
    wanted = ("letter", "reply__letter", "reply__department", "posting_line")
    return rows.select_related(*wanted).order_by("asked_at", "pk")


def _void_request(letter: Letter, happened: Happened) -> VoidRequest | None:
    """Return the newest request to void the letter, with the people in it."""
    if not happened.any_of(RegistryEvent.VOID_ASKED):
        return None
    requests = letter.void_requests.select_related("asked_by", "decided_by")
    return requests.order_by("-asked_at").first()


def _linked(request: StaffRequest, letter: Letter) -> list[Letter]:
    """Return the letters that answer this one or are answered by it, where readable."""
    pairs = ReplyLink.objects.filter(incoming=letter) | ReplyLink.objects.filter(outgoing=letter)
    ids = {i for pair in pairs.values_list("incoming", "outgoing") for i in pair} - {letter.pk}
    return list(
        Letter.objects.visible_to(request.user).filter(pk__in=ids).order_by("registered_at")
    )


@page(reads_letters)
def reading(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Return a fragment with the progress of the reading; polling stops once it is finished."""
    letter = get_letter(request.user, letter_id)
    state = viewer.reading_state(letter)
    context = {"letter": letter, "reading": state, "polled": True}
    return render(request, "web/parts/reading.html", context)
