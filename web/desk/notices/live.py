"""What changes while a page is open: counts, reading, who else is on the letter.

An answer is a stream of events that ends at once and states when to request again (`retry`): no
thread of the web server is ever held by an open page (ADR 49).
"""

import hashlib
import json
from threading import BoundedSemaphore
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse

from correspondence.acting.waiting_steps import count_waiting
from jobs.models import Job
from notices.presence import note_open, others_on
from notices.reading import MOST_COUNTED, count_unread
from org.people import cached_permissions
from registry.access import readable_among
from registry.kinds import RegistryJob
from routing.inbox import reading as inbox_reading
from web.context import permissions_for
from web.shared.guard import StaffRequest, page

READING_SECONDS: Final = 2
BUSY_SECONDS: Final = 30
# Of the threads of a process a quarter at most works for pages that are merely open.
_places = BoundedSemaphore(max(1, settings.WEB_THREADS // 4))


@page()
def live(request: StaffRequest) -> HttpResponse:
    """Answer what is new since the event that the browser saw last; JSON for a program that polls.

    `?letter=` is the letter whose page is open. Nothing where the office wants no live pages.
    """
    if not settings.LIVE_SECONDS:
        return HttpResponse(status=204)  # tells a browser not to ask again
    if not _places.acquire(blocking=False):
        return _answer(request, None, BUSY_SECONDS)
    try:
        with cached_permissions():
            told = _state(request)
    finally:
        _places.release()
    reads = told.get("reading", {}).get("busy")
    return _answer(request, told, READING_SECONDS if reads else settings.LIVE_SECONDS)


def _state(request: StaffRequest) -> dict[str, Any]:
    user, permissions = request.user, permissions_for(request)
    counts = {
        "/notifications/": count_unread(user),
        "/tray/": len(inbox_reading.tray_keys(user)[:MOST_COUNTED]),
        "/inbox/": min(inbox_reading.inbox_counts(user)["open"], MOST_COUNTED),
        "/signing-folder/": count_waiting(user, permissions, most=MOST_COUNTED),
    }
    return {"counts": counts, **_of_letter(request)}


def _of_letter(request: StaffRequest) -> dict[str, Any]:
    """Return what is new of the letter on screen; nothing of one that the person may not read."""
    try:
        letter_id = UUID(request.GET.get("letter", ""))
    except ValueError:
        return {}
    if not readable_among([letter_id], request.user):
        return {}
    note_open(letter_id, request.user)
    others = [person.shown_name for person in others_on(letter_id, request.user)]
    return {"reading": _reading(letter_id), "others": others}


def _reading(letter_id: UUID) -> dict[str, Any]:
    kinds = (RegistryJob.LETTER_READ, RegistryJob.LETTER_UNDERSTAND)
    jobs = Job.objects.filter(
        kind__in=kinds, subject=str(letter_id), state__in=("ready", "running")
    )
    job = jobs.order_by("id").first()
    if job is None:
        return {"busy": False}
    return {"busy": True, "done": job.done_steps, "total": job.total_steps}


def _answer(request: StaffRequest, told: dict[str, Any] | None, seconds: int) -> HttpResponse:
    if "text/event-stream" not in request.headers.get("Accept", ""):
        return JsonResponse({**(told or {}), "again_in": seconds})
    lines = [f"retry: {seconds * 1000}", ""]
    if told is not None:
        plain = json.dumps(told, ensure_ascii=False, sort_keys=True)
        seen = hashlib.sha256(plain.encode()).hexdigest()[:16]
        if request.headers.get("Last-Event-ID") != seen:
            lines += [f"id: {seen}"]
            for name, value in told.items():
                lines += [f"event: {name}", f"data: {json.dumps(value, ensure_ascii=False)}", ""]
    stream = "\n".join([*lines, ""])
    return HttpResponse(stream, content_type="text/event-stream; charset=utf-8")
