"""Custody of papers: a code is scanned or typed to record who has the paper now."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from channels.kinds import ChannelEvent
from channels.services import letter_of_code, stickers_on
from org.models import Department, User
from org.people import Permissions
from registry.access import NoSuchLetterError, get_letter
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.custody import holding
from routing.kinds import RoutingEvent
from web.desk.forms import department_choices
from web.desk.letter_events import Happened
from web.shared.guard import StaffRequest, go_on, page, redirect_after, verb
from web.shared.paging import page_of
from web.shared.same_letters import other_letter
from web.stickers import stick as put_sticker

ROWS: Final = 50
MOST_PEOPLE: Final = 500
LONGEST_NAME: Final = 150  # letters of a user's name, the longest of what a paper goes to
LONGEST_CODE: Final = 60
GOES_TO: Final = ("department", "person", "box")
WHAT: Final = ("take", *GOES_TO)
PAPER: Final = (
    RoutingEvent.PAPER_TAKEN,
    RoutingEvent.PAPER_HANDED,
    RoutingEvent.PAPER_CONFIRMED,
    RoutingEvent.PAPER_BOXED,
)


def handles_papers(permissions: Permissions) -> bool:
    """Allow those who work on letters: members of departments, clerks, the director."""
    works = permissions.duty in holding.WORKERS
    return works and (permissions.reads_all or bool(permissions.departments))


@page(handles_papers)
def desk(request: StaffRequest) -> HttpResponse:
    """Show the field for the scanner, the user's papers, and those that nobody confirmed."""
    rows = holding.papers_with(request.user)
    found = page_of(rows, order=["given_at", "pk"], cursor=request.GET.get("from", ""), limit=ROWS)
    what = request.GET.get("what", "take")
    context = {
        "what": what if what in WHAT else "take",
        "filled": {name: request.GET.get(name, "") for name in GOES_TO},
        "code": request.GET.get("code", "")[:LONGEST_CODE],
        "departments": department_choices(),
        "people": people_choices(),
        "rows": found.rows,
        "next": found.next_cursor,
        "unconfirmed": list(
            holding.papers_unconfirmed(request.user).order_by("given_at", "pk")[:ROWS]
        ),
    }
    return render(request, "web/custody.html", context)


@verb(handles_papers)
def move(request: StaffRequest) -> HttpResponse:
    """Record who has a paper now; the next one is scanned with the same choice."""
    what, code = request.POST.get("what", "take"), request.POST.get("code", "")
    given = {name: request.POST.get(name, "").strip() for name in GOES_TO}
    filled = {name: to[:LONGEST_NAME] for name, to in given.items() if to}
    back = f"{reverse('desk:custody')}?{urlencode({'what': what[:10], **filled})}"
    if what in WHAT and filled.keys() - {what}:  # neither is guessed: who has a paper is proof
        messages.error(request, _("Tick what happens with the paper, and fill in that line alone."))
        return go_on(request, otherwise=f"{back}&{urlencode({'code': code[:LONGEST_CODE]})}")
    to = given.get(what, "")
    try:
        letter = _letter_of(request.user, code)
        messages.success(request, _moved(request, letter, what, to))
    except NoSuchLetterError:
        _refuse(request, code, _("There is no letter of this number."))
    except LookupError:
        words = _("This sticker is on no letter yet. Put it on one on the page of that letter.")
        _refuse(request, code, words)
    except NotAllowedError as error:
        _refuse(request, code, str(error))
    return go_on(request, otherwise=back)


def _refuse(request: StaffRequest, code: str, words: str) -> None:
    """Say what is wrong and with which code; the field is left empty for the next scan."""
    read = " ".join(code.replace("\0", "").split())[:LONGEST_CODE]
    messages.error(request, f"\u2068{read}\u2069 – {words}" if read else words)


@verb(handles_papers)
def stick(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Put a free sticker on the letter's paper."""
    letter = get_letter(request.user, letter_id)
    try:
        number = put_sticker(letter, actor=request.user, code=request.POST.get("code", "")[:200])
        words = _("Sticker %(sticker)s stands on this letter now.") % {"sticker": number}
        messages.success(request, words)
    except NotAllowedError as error:
        messages.error(request, str(error))
    return redirect_after(f"{reverse('desk:letter', args=[letter.pk])}#paper", request)


def _letter_of(viewer: User, code: str) -> Letter:
    """Return the letter of a registry number, or of the code of one of our stickers.

    Raise NoSuchLetterError, and LookupError for a sticker that is on no letter.
    """
    stuck_on = letter_of_code(code)
    return get_letter(viewer, stuck_on) if stuck_on else other_letter(viewer, code)


def _moved(request: StaffRequest, letter: Letter, what: str, to: str) -> str:
    """Record the move and return the message about it."""
    given: dict[str, Any] = {"number": letter.number}
    if what == "box":
        row = holding.box_paper(letter, actor=request.user, box=to)
        return _("%(number)s lies in box %(box)s.") % {**given, "box": row.box}
    if what == "department":
        unit = Department.objects.filter(code=to, active=True).first()
        holding.hand_over_paper(letter, actor=request.user, department=unit)
        return _("%(number)s is handed to %(to)s.") % {**given, "to": unit}
    if what == "person":
        person = User.objects.filter(username=to, is_active=True).first()
        holding.hand_over_paper(letter, actor=request.user, person=person)
        return _("%(number)s is handed to %(to)s.") % {
            **given, "to": person.shown_name if person else ""
        }  # fmt: skip
    holding.take_paper(letter, actor=request.user)
    return _("%(number)s is with you.") % given


def people_choices() -> list[User]:
    """Return those to whom a paper may be given."""
    rows = User.objects.filter(is_active=True, duty__in=holding.WORKERS)
    return list(rows.order_by("last_name", "first_name", "pk")[:MOST_PEOPLE])


def custody_box(letter: Letter, viewer: User, happened: Happened) -> dict[str, Any]:
    """Return the box of the letter's page: who has the paper, and its way."""
    way = list(holding.way_of_paper(letter)[:100]) if happened.any_of(*PAPER) else []
    present = next((row for row in way if row.current), None)
    return {
        "paper": present,
        "paper_way": way,
        "papers": viewer.duty in holding.WORKERS,
        "stickers": stickers_on(letter) if happened.any_of(ChannelEvent.STICKER_PUT) else [],
    }
