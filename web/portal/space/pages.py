"""The pages of my space that show: requests and letters, drafts, messages, history."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.bills.listing import bills_of, due_of
from eservices.people.kinds import PersonKind
from eservices.people.letters import letters_of, note_letters
from eservices.people.lost import send_tracking_code
from eservices.people.models import ContactPoint, Mandate
from eservices.requests.access import requests_of
from eservices.requests.drafts import give_up
from eservices.requests.models import Draft, Message
from web.portal import visit
from web.portal.access import see, wait_words
from web.portal.space import listing
from web.portal.space.access import SpaceRequest, page, uuid_in, verb
from web.shared.paging import page_of
from web.throttle import CODE_BY_NUMBER, TooManyAttemptsError, count_attempt

ROWS = 30


@page
def front(request: SpaceRequest) -> HttpResponse:
    """Show the requests and letters, newest first, and what waits for the person."""
    person = request.person
    note_letters(person)
    mine = listing.mine(person)
    waiting, narrowed = listing.waiting(mine), bool(request.GET.get("waiting"))
    shown = page_of(
        waiting if narrowed else mine,
        order=listing.ORDER,
        cursor=request.GET.get("cursor", ""),
        limit=listing.ROWS,
    )
    context = {
        "tab": "front",
        "items": listing.items_of(shown.rows, person),
        "next_cursor": shown.next_cursor,
        "later": bool(request.GET.get("cursor")),
        "waiting": waiting.count(),
        "narrowed": narrowed,
        "due": due_of(bills_of(person)),
        "unread": listing.unread_messages(person).count(),
        "drafts": _drafts(request).count(),
        "asked_mandates": _asked_of(request),
    }
    return render(request, "portal/space/front.html", context)


def _asked_of(request: SpaceRequest) -> int:
    waiting = Mandate.objects.filter(principal=request.person, confirmed_at=None, revoked_at=None)
    return waiting.exclude(asked_by=request.person).count()


@verb
def open_letter(request: SpaceRequest) -> HttpResponse:
    """Begin a visit to one of the person's letters, without its code."""
    letter = listing.letter_of(request.person, request.POST.get("letter", ""))
    visit.begin(request, letter, person=request.person)
    return see("portal:letter")


@verb
def code_again(request: SpaceRequest) -> HttpResponse:
    """Send the code of one of the person's letters to their contact."""
    person = request.person
    letter = listing.letter_of(person, request.POST.get("letter", ""))
    contact = _contact_for(request, letter.pk)
    if contact is None:
        messages.error(request, _("The code goes to the sender of the letter alone."))
        return see("portal:space")
    try:
        count_attempt(CODE_BY_NUMBER, letter.number)
        with transaction.atomic():
            send_tracking_code(letter, person=person, contact=contact)
    except TooManyAttemptsError as error:
        messages.error(request, wait_words(error))
    else:
        messages.success(request, _("The code is on its way to you."))
    return see("portal:space")


def _contact_for(request: SpaceRequest, letter_id: Any) -> ContactPoint | None:
    """Return the contact from which the letter came; any of the person's for their own request."""
    known = letters_of(request.person).filter(letter=letter_id)
    if row := known.select_related("contact").first():
        return row.contact
    own = requests_of(request.person).filter(letter=letter_id, person=request.person)
    contacts = request.person.contacts.filter(verified_at__isnull=False)
    return contacts.order_by("pk").first() if own.exists() else None


@page
def drafts(request: SpaceRequest) -> HttpResponse:
    """Show the forms that are not sent yet."""
    shown = page_of(
        _drafts(request).select_related("version"),
        order=("-saved_at", "-id"),
        cursor=request.GET.get("cursor", ""),
        limit=ROWS,
    )
    rows = [(row, listing.text_in(row.version.content.get("title"))) for row in shown.rows]
    context = {"tab": "drafts", "rows": rows, "next_cursor": shown.next_cursor}
    return render(request, "portal/space/drafts.html", context)


@verb
def delete_draft(request: SpaceRequest) -> HttpResponse:
    """Delete a draft of the person's; one that is not theirs is not there."""
    found = _drafts(request).filter(pk=uuid_in(request.POST.get("draft", ""))).first()
    if found is None:
        raise Http404
    give_up(found)
    messages.success(request, _("The draft is deleted."))
    return see("portal:space_drafts")


def _drafts(request: SpaceRequest) -> Any:
    now = timezone.now()
    return Draft.objects.filter(person=request.person, request=None, ends_at__gt=now)


@page
def conversation(request: SpaceRequest) -> HttpResponse:
    """Show the messages about the person's requests, newest first; they are read with that."""
    theirs = requests_of(request.person).values("pk")
    shown = page_of(
        Message.objects.filter(request__in=theirs).select_related(
            "request__letter", "request__version"
        ),
        order=("-id",),
        cursor=request.GET.get("cursor", ""),
        limit=ROWS,
    )
    rows = [(row, listing.title_of(row.request)) for row in shown.rows]
    answer = render(
        request,
        "portal/space/messages.html",
        {"tab": "messages", "rows": rows, "next_cursor": shown.next_cursor},
    )
    fresh = [row.pk for row in shown.rows if not row.from_citizen and row.read_at is None]
    if fresh and request.method == "GET":
        Message.objects.filter(pk__in=fresh, read_at=None).update(read_at=timezone.now())
    return answer


@page
def history(request: SpaceRequest) -> HttpResponse:
    """Show what was done with the person's account."""
    shown = page_of(
        request.person.events.all(),
        order=("-id",),
        cursor=request.GET.get("cursor", ""),
        limit=ROWS,
    )
    rows = [(row, PersonKind(row.kind).label) for row in shown.rows]
    context = {"tab": "data", "rows": rows, "next_cursor": shown.next_cursor}
    return render(request, "portal/space/history.html", context)
