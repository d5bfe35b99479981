"""Meetings on site: who was there, and the minutes, drawn as a PDF/A."""

import io
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent, EserviceJob
from eservices.requests.family import hold
from eservices.requests.models import Request, SiteMeeting
from eservices.requests.roles import Who, roles_of
from eservices.requests.stage_messages import language_of
from jobs.outbox import enqueue
from language.lines import one_line, with_line_feeds
from org.models import User
from registry.changes import record_change
from registry.files.stored import stored_row
from registry.files.vault import store
from registry.models.events import LetterEvent
from registry.models.files import StoredFile
from registry.paper import bilingual_pdf
from registry.states import Stage
from routing.acting.errors import NotAllowedError

HOLDING: Final = {"office", "department", "head", "team"}
LONGEST: Final = 20_000
MOST_PRESENT: Final = 60  # participants
LONGEST_NAME: Final = 120
LONGEST_PLACE: Final = 300


def may_hold(request: Request, *, actor: User) -> bool:
    """Return whether the actor may write down meetings of this request."""
    voided = request.letter.stage == Stage.VOIDED
    return not voided and bool(roles_of(request, Who(actor)) & HOLDING)


def hold_meeting(
    request: Request,
    *,
    actor: User,
    held_on: date,
    minutes: str,
    place: str = "",
    present: str = "",
) -> SiteMeeting:
    """Write down a meeting with its minutes; `present` names one participant a line.

    The citizen reads them on the page of the request; a job draws them. Raise NotAllowedError.
    """
    minutes, names, place = _checked(minutes, held_on), _names(present), one_line(place)
    if len(place) > LONGEST_PLACE:
        raise NotAllowedError(_("The place of a meeting has 300 characters at most."))
    with transaction.atomic():
        hold(request)
        if not may_hold(request, actor=actor):
            raise NotAllowedError(_("You may not do this with this request."))
        row = SiteMeeting.objects.create(
            request=request,
            held_on=held_on,
            place=place,
            present="\n".join(names),
            minutes=minutes,
            made_at=timezone.now(),
            made_by=actor,
        )
        record_change(
            request.letter,
            EserviceEvent.MEETING_HELD,
            actor=actor,
            data={"on": held_on.isoformat(), "meeting": row.pk},
            visibility=LetterEvent.Visibility.CITIZEN,
        )
        enqueue(EserviceJob.MINUTES_DRAW, row.pk)
    return row


def _checked(minutes: str, held_on: date) -> str:
    minutes = with_line_feeds(minutes).strip()
    if not minutes:
        raise NotAllowedError(_("Write the minutes."))
    if len(minutes) > LONGEST:
        raise NotAllowedError(_("Minutes have 20,000 characters at most."))
    if held_on > timezone.localdate():
        raise NotAllowedError(_("Minutes are written after the meeting."))
    return minutes


def _names(present: str) -> list[str]:
    """Return who was there, a name a line; raise NotAllowedError where one would be cut."""
    names = [name for name in map(one_line, present.splitlines()) if name]
    if len(names) > MOST_PRESENT or any(len(name) > LONGEST_NAME for name in names):
        raise NotAllowedError(
            _("Of a meeting, %(people)d participants at most are named, each in %(n)d characters.")
            % {"people": MOST_PRESENT, "n": LONGEST_NAME}
        )
    return names


def meetings_of(request: Request) -> list[SiteMeeting]:
    """Return the meetings, the latest first."""
    rows = SiteMeeting.objects.filter(request=request.pk).select_related("made_by", "file")
    return list(rows.order_by("-held_on", "-pk")[:100])


def minutes_file(request: Request, meeting_id: int) -> StoredFile | None:
    """Return the drawn minutes of a meeting of this request, None where there are none."""
    row = SiteMeeting.objects.filter(request=request.pk, pk=meeting_id).select_related("file")
    found = row.first()
    return found.file if found else None


def draw_work(subject: str, _progress: Any) -> bytes:
    """Draw the minutes of a meeting: for the job, outside any transaction."""
    rows = SiteMeeting.objects.select_related("request__letter", "request__version", "made_by")
    return drawn(rows.get(pk=int(subject)))


def save_drawn(subject: str, pdf: bytes) -> None:
    """Fix the PDF to the meeting's row, once; a second drawing is dropped."""
    file = stored_row(store(io.BytesIO(pdf)), media_type="application/pdf")
    SiteMeeting.objects.filter(pk=int(subject), file=None).update(file=file)


def drawn(row: SiteMeeting) -> bytes:
    """Return the minutes as a tagged PDF/A in the citizen's language."""
    language = language_of(row.request)
    made = timezone.localtime(row.made_at).date()
    context = {
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "meeting": row,
        "present": row.present.splitlines(),
        "service": definition_of(row.request.version).title.in_(language),
        "letter": row.request.letter,
        "made": made,
    }
    return bilingual_pdf("requests/minutes.html", context, day=made, archive=True, tagged=True)
