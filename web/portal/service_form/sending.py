"""Check your answers, send, and what one gets: number, code, receipt, and what remains."""

from contextlib import ExitStack
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from correspondence.dispatch.sender_messages import available_ways, chosen_ways
from eservices.catalogue.conditions import shown_pieces
from eservices.catalogue.publishing import definition_of
from eservices.contracts.access import contract_of
from eservices.contracts.proving import LEVEL as CONTRACT
from eservices.people.models import Person
from eservices.people.persons import person_for
from eservices.requests import drafts
from eservices.requests.draft_files import files_of, opened
from eservices.requests.models import Request
from eservices.requests.opening import Opened, PieceFile
from eservices.requests.paper import answer_sections
from eservices.requests.submitting import (
    AnswersRefusedError,
    SubmissionData,
    ask_service,
    remaining,
)
from registry import tracking
from registry.models.letters import Channel
from registry.models.receipts import Receipt
from registry.refusals import DepositRefusedError, OtherContentError
from web.portal import open_forms, visit
from web.portal.access import see, wait_words
from web.portal.service_form.asker import (
    asker_of,
    contract_in,
    mandate_of,
    must_verify,
    notification_ways,
    verified,
)
from web.portal.service_form.filling import Filling, of_form
from web.portal.service_form.questions import step_context
from web.portal.service_form.steps import page_address
from web.portal.visit import VisitOverError
from web.proof import count_from
from web.register_away import register_away
from web.retry_later import braked, later_where_it_passes
from web.throttle import DEPOSIT_BY_ADDRESS, TooManyAttemptsError


@require_http_methods(["GET", "HEAD", "POST"])
@of_form()
def check(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Show every answer with a way to change it; send."""
    if wrong := _first_wrong(filling):
        return redirect(wrong)
    if request.method != "POST":
        return _page(filling)
    if unproven(filling):
        return _page(filling, [_("This contract is not in your space. Add it first.")])
    try:
        count_from(request, DEPOSIT_BY_ADDRESS)
        _send(request, filling)
    except TooManyAttemptsError as error:
        return braked(_page(filling, [wait_words(error)]), error)
    except AnswersRefusedError as error:
        return _page(filling, list(error.errors.values()))
    except DepositRefusedError as error:
        page = _page(filling, [refusal.words() for refusal in error.refusals])
        return later_where_it_passes(page, error.refusals)
    return see("portal:service_done", filling.code)


def _first_wrong(filling: Filling) -> str:
    """Return the address of the first step that lacks something, "" where none does."""
    held = [file.piece for file in files_of(filling.begun())]
    errors = filling.checked(held).errors
    ask = "?errors=1&back=check"
    for page in filling.definition.pages:
        if any(one.code in errors for one in page.fields):
            return f"{page_address(filling.definition, page.code)}{ask}"
    if any(piece.code in errors for piece in filling.definition.pieces):
        return reverse("portal:service_pieces", args=[filling.code]) + ask
    if asker_of(filling).errors:
        seen = "?errors=1" if filling.asker else ""
        return reverse("portal:service_contact", args=[filling.code]) + seen
    if must_verify(filling):
        return reverse("portal:service_verify", args=[filling.code])
    return ""


def unproven(filling: Filling) -> str:
    """Return the number of the form's contract where the law requires its proof and it lacks."""
    number = contract_in(filling) if filling.definition.identity == CONTRACT else ""
    person = filling.person
    seen = person and number and contract_of(person, number, service=filling.code)
    return "" if seen else number


def _send(request: HttpRequest, filling: Filling) -> None:
    """Register the request; the draft is the key, so that it is registered once."""
    draft = filling.begun()
    with ExitStack() as cleanup:
        files = [PieceFile(*one) for one in opened(draft, cleanup)]
        try:
            made = _open(filling, files)
        except OtherContentError as error:
            messages.info(request, error.refusals[0].words())
            found = Request.objects.select_related("letter").get(letter__number=error.number)
            made = Opened(found, tracking.code_of(found.letter_id), created=False)
    drafts.sent(draft, made.request)
    visit.begin(request, made.request.letter, fresh=True)


def _open(filling: Filling, files: list[PieceFile]) -> Opened:
    draft, mandate = filling.begun(), mandate_of(filling)
    how = SubmissionData(
        language=filling.language,
        channel=Channel.PORTAL,
        person=_person(filling),
        mandate=mandate,
        deposit_key=f"draft:{draft.pk}",
        notify_by=notification_ways(filling),
    )
    with register_away():
        return ask_service(
            filling.service, filling.answers, asker=asker_of(filling), files=files, how=how
        )


def _person(filling: Filling) -> Person | None:
    """Return who is signed in, or whose contact was verified in this form."""
    if filling.person:
        return filling.person
    if known := verified(filling):
        name = asker_of(filling).party.name
        return person_for(*known, name=name, language=filling.language)
    return None


def _page(filling: Filling, problems: list[str] | None = None) -> HttpResponse:
    language, checked = filling.language, filling.checked()
    held = files_of(filling.begun())
    pieces = [
        (piece.title.in_(language), [file for file in held if file.piece == piece.code])
        for piece in shown_pieces(filling.definition, checked.values)
    ]
    context: dict[str, Any] = {
        **step_context(filling, "check"),
        "sections": answer_sections(
            filling.definition, checked.values, language=language, unanswered=True
        ),
        "pieces": pieces,
        "party": asker_of(filling).party,
        "mandate": mandate_of(filling),
        "ways": available_ways(),
        "told": notification_ways(filling),
        "fee": filling.definition.fee,
        "fee_words": filling.definition.fee.words.in_(language) if filling.definition.fee else "",
        "problems": problems or [],
        "unproven": unproven(filling),
    }
    status = 422 if problems else 200
    return render(filling.request, "portal/service_form/check.html", context, status=status)


@require_safe
def done(request: HttpRequest, code: str) -> HttpResponse:
    """Show number and code, what remains, the day, the stage, and how to follow."""
    draft = open_forms.draft_in(request, code)
    if draft is None:
        return see("portal:service_start", code)
    if draft.request is None:
        return see("portal:service_check", code)
    try:
        letter = visit.letter_of(request, fresh=True)
    except VisitOverError:
        letter = None
    if letter is None or letter.pk != draft.request.letter_id:
        visit.begin(request, draft.request.letter, fresh=True)
        letter = visit.letter_of(request, fresh=True)
    found = Request.objects.select_related("letter", "version").filter(letter=letter).first()
    if found is None:
        raise Http404
    definition = definition_of(found.version)
    language = (get_language() or "fr")[:2]
    context = {
        "letter": letter,
        "code": tracking.code_of(letter.pk),
        "service": definition.title.in_(language),
        "stage": definition.stage(found.stage).public.in_(language),
        "due": letter.due_on or found.stage_due_on,
        "remaining": remaining(found, language=language),
        "danger": found.dangerous,
        "after": definition.done.in_(language) if definition.done else "",
        "told": chosen_ways(letter),
        "documents": letter.documents.select_related("file"),
        "receipt": letter.receipts.filter(kind=Receipt.Kind.REGISTRATION).first(),
    }
    return render(request, "portal/service_form/done.html", context)
