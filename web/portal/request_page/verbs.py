"""What the citizen does with a request in a visit: its actions, messages, and reading of files."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from eservices.requests.acting import take_action
from eservices.requests.messages import write_message
from eservices.requests.models import Message, Request
from eservices.requests.moving import request_of
from language.lines import with_line_feeds
from registry.models.documents import Document
from registry.refusals import DepositRefusedError
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from web.header_checks import checked_by
from web.portal import visit
from web.portal.access import by_citizen, of_visit, see, wait_words
from web.portal.request_page.papers import given_papers
from web.portal.request_page.visiting import seen_of, who_visits
from web.portal.sent_files import check_sent_files
from web.proof import count_from
from web.retry_later import braked, later_where_it_passes
from web.shared.files import stored
from web.throttle import DEPOSIT_BY_ADDRESS, TooManyAttemptsError
from web.uploads import arrived, takes_uploads

Act = Callable[[HttpRequest, Request], str]  # what the citizen reads when it is done


def visited(request: HttpRequest) -> Request:
    """Return the request of the visited letter. Raise Http404 where the letter is none."""
    found = request_of(visit.letter_of(request))
    if found is None:
        raise Http404
    return found


def done(request: HttpRequest, act: Act) -> HttpResponse:
    """Act on the visited request, and go back to its page with what came of it.

    Only in the stage that the page had shown.
    """
    row = visited(request)
    try:
        if request.POST.get("seen") != seen_of(row):
            raise ConflictError
        count_from(request, DEPOSIT_BY_ADDRESS)
        messages.success(request, act(request, row))
    except TooManyAttemptsError as error:
        messages.error(request, wait_words(error))
    except DepositRefusedError as error:
        messages.error(request, " ".join(refusal.words() for refusal in error.refusals))
    except ConflictError:
        messages.warning(
            request, _("This request has moved on meanwhile: here is how it stands now.")
        )
    except NotAllowedError as error:
        messages.error(request, str(error))
    return see("portal:letter")


def typed(request: HttpRequest, name: str, longest: int = 4000) -> str:
    """Return a field as it was typed, with one character for each end of a line."""
    return with_line_feeds(request.POST.get(name, "").replace("\0", ""))[:longest]


@checked_by(check_sent_files)
@require_POST
@by_citizen
@takes_uploads
@of_visit
def act(request: HttpRequest) -> HttpResponse:
    """Take one action of the request's type, or withdraw the request."""
    return done(request, _taken)


def _taken(request: HttpRequest, row: Request) -> str:
    name = typed(request, "action", 40)
    if "confirm" in request.POST.getlist("ask") and not request.POST.get("sure"):
        raise NotAllowedError(_("Nothing was done: please confirm that you are sure."))
    who = who_visits(request, row)
    take_action(
        row,
        name,
        person=who.person,
        letter_code=who.letter_code,
        comment=typed(request, "comment"),
        reason=typed(request, "reason"),
        files=arrived(request),
    )
    return _("It is done. The page shows where your request is now.")


@checked_by(check_sent_files)
@require_POST
@by_citizen
@takes_uploads
@of_visit
def write(request: HttpRequest) -> HttpResponse:
    """Write a message to the office, with files; where it is refused, its text stays."""
    row, text = visited(request), typed(request, "text", 5000)
    who = who_visits(request, row)
    try:
        count_from(request, DEPOSIT_BY_ADDRESS)
        write_message(
            row,
            text=text,
            person=who.person,
            letter_code=who.letter_code,
            files=arrived(request),
        )
    except TooManyAttemptsError as error:
        return braked(_again(request, row, text, [wait_words(error)]), error)
    except DepositRefusedError as error:
        said = [refusal.words() for refusal in error.refusals]
        return later_where_it_passes(_again(request, row, text, said), error.refusals)
    except NotAllowedError as error:
        return _again(request, row, text, [str(error)])
    messages.success(request, _("Your message is with the office."))
    return see("portal:letter")


def _again(request: HttpRequest, row: Request, text: str, refusals: list[str]) -> HttpResponse:
    context = {"letter": row.letter, "text": text, "refusals": refusals}
    return render(request, "portal/request/message.html", context, status=422)


@require_safe
@of_visit
def document(request: HttpRequest, document_id: UUID) -> HttpResponseBase:
    """Return a file of a message, or one given to the citizen. Raise Http404 for any other."""
    row = visited(request)
    theirs = Message.objects.filter(request=row.pk, documents=document_id).exists()
    theirs = theirs or any(one.pk == document_id for one in given_papers(row))
    rows = Document.objects.filter(pk=document_id, letter=row.letter_id)
    found = rows.select_related("file").first() if theirs else None
    if found is None:
        raise Http404
    return stored(found.file, found.media_type, name=found.title)
