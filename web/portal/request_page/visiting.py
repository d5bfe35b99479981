"""As whom a visit acts on its request, and in which stage its page was shown."""

from django.http import HttpRequest

from eservices.requests.access import is_citizen_of
from eservices.requests.models import Request
from eservices.requests.roles import Who
from web.portal import visit
from web.portal.space.session import person_in


def who_visits(request: HttpRequest, row: Request) -> Who:
    """Return as whom this visit acts: as a person of my space, else as who has the code."""
    person = visit.person_of(request) or person_in(request)
    theirs = person if person and is_citizen_of(person, row) else None
    return Who(person=theirs, letter_code=visit.person_of(request) is None)


def seen_of(row: Request) -> str:
    """Return in which stage, since when, the page shows the request: a form sends it back."""
    return f"{row.stage}@{row.stage_since.isoformat()}"
