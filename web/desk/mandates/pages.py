"""Citizens' mandates for staff: those that wait with their proof, deciding, the last decisions."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from eservices.catalogue.publishing import published_types
from eservices.people import mandates
from eservices.people.kinds import PersonKind
from eservices.people.models import Mandate, Person, PersonEvent
from org.people import Permissions
from web.shared.files import stored
from web.shared.guard import StaffRequest, page, redirect_after, verb
from web.shared.paging import page_of

ROWS: Final = 30
_DECIDED: Final = (PersonKind.MANDATE_CONFIRMED, PersonKind.MANDATE_REFUSED)


def decides(permissions: Permissions) -> bool:
    """Allow clerks and administrators, who decide about mandates."""
    return permissions.may_watch_jobs


@page(decides)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the mandates that wait, the oldest first, and the last decisions."""
    waiting = mandates.waiting().exclude(proof=None)
    shown = page_of(
        waiting.select_related("agent", "principal").prefetch_related(
            "agent__contacts", "principal__contacts"
        ),
        order=("made_at", "id"),
        cursor=request.GET.get("cursor", ""),
        limit=ROWS,
    )
    titles = {
        one.code: one.definition.title.in_(get_language() or "fr") for one in published_types()
    }
    rows = [
        (row, [titles.get(code, code) for code in row.services], _has_space(row.principal))
        for row in shown.rows
    ]
    context = {"rows": rows, "next_cursor": shown.next_cursor, "decided": _decided()}
    return render(request, "web/mandates/listed.html", context)


def _has_space(principal: Person) -> bool:
    """Return whether the contact that the agent wrote down is somebody's who has verified it."""
    return any(contact.verified_at for contact in principal.contacts.all())


def _decided() -> list[dict[str, Any]]:
    """Return what staff decided last: each stands in the history of both, and once here."""
    events = PersonEvent.objects.filter(kind__in=_DECIDED, actor__isnull=False)
    found = {
        str(event.data.get("mandate")): event
        for event in reversed(events.select_related("actor").order_by("-id")[: 2 * ROWS])
    }
    named = dict(Mandate.objects.filter(pk__in=found).values_list("pk", "named"))
    last = sorted(found.items(), key=lambda pair: pair[1].pk, reverse=True)
    return [
        {
            "event": event,
            "words": PersonKind(event.kind).label,
            "named": named.get(UUID(key), ""),
        }
        for key, event in last
    ]


@page(decides)
def proof(_request: StaffRequest, mandate_id: UUID) -> HttpResponseBase:
    """Return the proof of a mandate as a download: it is an untrusted file."""
    row = get_object_or_404(Mandate.objects.select_related("proof"), pk=mandate_id)
    if row.proof is None:
        raise Http404
    return stored(row.proof, row.proof.media_type, name=row.proof_name)


@verb(decides)
def decide(request: StaffRequest, mandate_id: UUID) -> HttpResponse:
    """Confirm a mandate whose proof was seen, or refuse it."""
    if request.POST.get("do") == "confirm":
        done = mandates.confirm_by_staff(mandate_id, actor=request.user)
        words = _("The mandate is confirmed.")
    else:
        done = mandates.refuse_by_staff(mandate_id, actor=request.user)
        words = _("The mandate is refused.")
    if not done:
        raise Http404
    messages.success(request, words)
    return redirect_after(reverse("desk:mandates"), request)
