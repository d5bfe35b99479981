"""A reading is sent: the meter found, the window checked, odd figures questioned once."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from correspondence.dispatch.sender_messages import chosen_ways
from eservices.catalogue.publishing import published
from eservices.contracts.access import contracts_of
from eservices.contracts.models import Contract, Meter
from eservices.people.models import Person
from eservices.readings.deciding import reading_to_send_again
from eservices.readings.matching import SERVICE, Match, match_meter
from eservices.readings.models import Reading
from eservices.requests.draft_files import judged
from eservices.requests.opening import Opened, PieceFile
from eservices.requests.submitting import (
    AnswersRefusedError,
    SubmissionData,
    ask_service,
    check_asker,
)
from registry import tracking
from registry.intake import IncomingFile
from registry.models.letters import Channel
from registry.refusals import DepositRefusedError, OtherContentError
from web.header_checks import checked_by
from web.pending_uploads import PendingUploads, keep_uploads
from web.portal import visit
from web.portal.access import of_visit, see, wait_words
from web.portal.large_forms import refusal_by, with_uploads
from web.portal.readings.forms import ReadingForm
from web.portal.readings.judging import mandate_for, odd_about, refused
from web.portal.space.session import person_in
from web.proof import count_from
from web.register_away import register_away
from web.retry_later import braked, later_where_it_passes
from web.throttle import DEPOSIT_BY_ADDRESS, TooManyAttemptsError
from web.uploads import arrived

MOST_METERS = 50
PHOTO = "photo"  # the piece of the service


@dataclass(slots=True)
class Sending:
    """What is being sent, by whom, and perhaps in place of which declined reading."""

    request: HttpRequest
    form: ReadingForm
    person: Person | None
    declined: Reading | None = None

    @property
    def pending(self) -> PendingUploads:
        """Where the photo stays while the form is shown again."""
        return PendingUploads(
            self.request, "portal.reading", str(self.form.data.get("key", ""))[:64]
        )

    def is_own(self, match: Match) -> bool:
        """Return whether the meter is one for which the person sends readings."""
        return match.meter is not None and str(match.meter.pk) in self.form.own

    def match(self) -> Match:
        """Return the meter that is meant."""
        given = self.form.cleaned_data
        if meter := self.form.chosen:
            return Match(meter, {})
        return match_meter(
            given["contract"], service=given["energy"], serial=given["serial"], person=self.person
        )


@checked_by(refusal_by(DEPOSIT_BY_ADDRESS))
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponseBase:
    """Send a reading, with or without an account."""
    return with_uploads(_send, request, None)


@checked_by(refusal_by(DEPOSIT_BY_ADDRESS))
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send a reading in place of one that was declined, by the address in that message."""
    declined = reading_to_send_again(token)
    if declined is None:
        return see("portal:reading_send")
    return with_uploads(_send, request, declined)


def _send(request: HttpRequest, declined: Reading | None) -> HttpResponse:
    person = person_in(request)
    own = meters_of(person) if person and declined is None else []
    fixed = declined.meter if declined else None
    if request.method != "POST":
        start = _start(request, own, person, declined)
        form = ReadingForm(own=own, fixed=fixed, initial=start)
        return _page(Sending(request, form, person, declined))
    form = ReadingForm(request.POST, own=own, fixed=fixed)
    sending = Sending(request, form, person, declined)
    try:
        count_from(request, DEPOSIT_BY_ADDRESS)
    except TooManyAttemptsError as error:
        return braked(_page(sending, problems=[wait_words(error)]), error)
    new = arrived(request, "photo")[:1]
    sending.pending.leave_out(request.POST.getlist("leave_out"))
    lacking = _photo_lacking(sending, new)
    if not form.is_valid():
        return _asked(sending, new, photo=lacking)
    match = sending.match()
    problems = refused(match, again=sending.declined is not None, own=sending.is_own(match))
    if problems or lacking:
        return _asked(sending, new, problems=problems, photo=lacking)
    odd = odd_about(match, sending.form)
    if odd and not form.cleaned_data["confirmed"]:
        return _asked(sending, new, odd=odd)
    return _register(sending, match, new)


def _asked(sending: Sending, new: list[IncomingFile], **shown: list[str]) -> HttpResponse:
    """Show the form again; a photo that may be sent stays among the pending uploads."""
    service = published(SERVICE)
    pieces = service.definition.pieces if service else ()
    accept = next((piece.accept for piece in pieces if piece.code == PHOTO), ())
    wrong = keep_uploads(sending.pending, new, judge=lambda file: judged(file, accept))
    said = [refusal.words() for refusal in wrong]
    photo = [*shown.get("photo", ()), *said]
    return _page(sending, problems=shown.get("problems", ()), photo=photo, odd=shown.get("odd", ()))


def meters_of(person: Person) -> list[Meter]:
    """Return the meters in use for which a person may send readings."""
    return in_use(contracts_of(person, service=SERVICE))


def in_use(contracts: QuerySet[Contract]) -> list[Meter]:
    """Return the meters in use of these contracts."""
    rows = Meter.objects.filter(contract__in=contracts, removed_on=None)
    rows = rows.exclude(service="sewage")
    return list(rows.select_related("contract").order_by("contract", "pk")[:MOST_METERS])


def _start(
    request: HttpRequest, own: list[Meter], person: Person | None, declined: Reading | None
) -> dict[str, Any]:
    wanted = request.GET.get("meter", "")
    known = {str(meter.pk) for meter in own}
    contact = person.contacts.filter(verified_at__isnull=False).first() if person else None
    return {
        "meter": wanted if wanted in known else next(iter(known), "") if len(known) == 1 else "",
        "read_on": timezone.localdate(),
        "name": person.name if person else _name_before(declined),
        "contact": contact.value if contact else declined.contact if declined else "",
        "energy": "water",
    }


def _name_before(declined: Reading | None) -> str:
    """Return the name under which the declined reading came."""
    if declined is None or declined.request is None or declined.request.letter.sender is None:
        return ""
    return str(declined.request.letter.sender.name)


def _photo_lacking(sending: Sending, new: list[IncomingFile]) -> list[str]:
    there = new or sending.pending.files()
    return [] if there else [_("Add a photo of the meter.")]


def _register(sending: Sending, match: Match, new: list[IncomingFile]) -> HttpResponse:
    pending = sending.pending
    try:
        with ExitStack() as cleanup, register_away():
            # The newest photo: who chose another one means that.
            opened = _open(sending, match, pending.with_new(new, cleanup)[-1:])
    except AnswersRefusedError as error:
        wrong = dict(error.errors)
        photo = [words for words in [wrong.pop(PHOTO, "")] if words]
        return _asked(sending, [] if photo else new, problems=list(wrong.values()), photo=photo)
    except (DepositRefusedError, OtherContentError) as error:
        refusals = keep_uploads(pending, new, refusals=error.refusals)
        page = _page(sending, problems=[refusal.words() for refusal in refusals])
        return later_where_it_passes(page, error.refusals)
    pending.used()
    visit.begin(sending.request, opened.request.letter, fresh=True)
    return see("portal:reading_sent")


def _open(sending: Sending, match: Match, files: list[IncomingFile]) -> Opened:
    given, service = sending.form.cleaned_data, published(SERVICE)
    if service is None:
        raise AnswersRefusedError({"service": _("Readings are not taken here at present.")})
    meter = match.meter
    contact = given["contact"]
    way = "email" if "@" in contact else "phone"
    language = (get_language() or "fr")[:2]
    asker = check_asker({"name": given["name"], way: contact}, language=language)
    answers = {
        "contract": meter.contract.number if meter else given["contract"],
        "energy": meter.service if meter else given["energy"],
        "serial": meter.serial if meter else given["serial"],
        "index": given["index"],
        "read_on": given["read_on"].isoformat(),
    }
    key = sending.form.initial_key()
    mandate = mandate_for(sending.person, meter)
    how = SubmissionData(
        language=language,
        channel=Channel.PORTAL,
        person=sending.person,
        mandate=mandate,
        deposit_key=f"reading:{key}" if len(key) >= 20 else "",
        notify_by=("email", "sms") if contact else (),
    )
    pieces = [PieceFile(PHOTO, file.name, file.stream) for file in files]
    return ask_service(service, answers, asker=asker, files=pieces, how=how)


def _page(
    sending: Sending,
    *,
    problems: Iterable[str] = (),
    photo: Iterable[str] = (),
    odd: Iterable[str] = (),
) -> HttpResponse:
    form, said = sending.form, list(problems)
    context = {
        "form": form,
        "key": form.initial_key(),
        "problems": said,
        "photo": list(photo),
        "held": sending.pending.files() if form.is_bound else [],
        "odd": list(odd),
        "fixed": form.fixed,
        "declined": sending.declined,
        "limit_mb": settings.UPLOAD_MAX_MB,
        "signed_in": sending.person is not None,
    }
    status = 422 if form.is_bound else 200
    return render(sending.request, "portal/readings/send.html", context, status=status)


@require_safe
@of_visit
def sent(request: HttpRequest) -> HttpResponse:
    """Show number and code of a reading that was sent in this visit, and what follows."""
    letter = visit.letter_of(request, fresh=True)
    context = {
        "letter": letter,
        "code": tracking.code_of(letter.pk),
        "told": chosen_ways(letter),
        "signed_in": person_in(request) is not None,
    }
    return render(request, "portal/readings/sent.html", context)
