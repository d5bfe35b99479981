"""Where a citizen is in their space now, and ending it from another browser."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from eservices.people import sessions
from web.portal.access import see
from web.portal.space import session
from web.portal.space.access import SpaceRequest, page, proven, uuid_in, verb

MOST: Final = 100


@page
def listed(request: SpaceRequest) -> HttpResponse:
    """Show the sessions that are not over, this one first."""
    here = session.row_of(request)
    found = sessions.sessions_of(request.person)[:MOST]
    rows = sorted(((row, row.pk == here) for row in found), key=lambda one: not one[1])
    return render(request, "portal/space/sessions.html", {"tab": "data", "rows": rows})


@verb
@proven("portal:space_sessions")
def end(request: SpaceRequest) -> HttpResponse:
    """End one other session of the person's, or all of them; this one ends by leaving."""
    here, given = session.row_of(request), request.POST.get("session", "")
    if given == "others":
        keys = sessions.end_others(request.person, but=here)
    elif (wanted := uuid_in(given)) == here:
        raise Http404
    else:
        keys = sessions.end_one(request.person, wanted)
        if not keys:
            raise Http404
    session.close_elsewhere(keys)
    messages.success(request, _("Ended: nobody is in there any more."))
    return see("portal:space_sessions")
