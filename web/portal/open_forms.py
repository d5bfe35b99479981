"""The form that somebody is filling in: named by their session, by no address, for an hour."""

import time
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest

from eservices.requests.drafts import open_draft
from eservices.requests.models import Draft
from web.shared.session_ends import SessionEnd, note_session_shown
from web.shared.sessions import lengthen, renew_key
from web.shared.timed_facts import ends_in

KEY: Final = "portal.drafts"
SECONDS: Final = 3600  # without a click or a save by the script
MOST: Final = 10  # forms at once


def draft_in(request: HttpRequest, code: str) -> Draft | None:
    """Return the draft of this service in this session, sent or not; None where there is none."""
    held = _held(request).get(code)
    if held is None or held[1] < time.time():
        return None
    draft = open_draft(held[0])
    if draft is None or draft.version.service.code != code:
        return None
    if held[1] - time.time() < SECONDS - 60:
        _hold(request, code, draft)
    note_session_shown(request, _kind(code))
    return draft


def session_ends(request: HttpRequest) -> dict[str, SessionEnd | None]:
    """Return the forms that are open, by their kind, and until when."""
    held = _held(request).items()
    return {_kind(code): SessionEnd(f"draft:{draft}", until) for code, (draft, until) in held}


def enter(request: HttpRequest, draft: Draft) -> None:
    """Let this session go on with a draft whose code was given, or that was begun in it."""
    renew_key(request)
    lengthen(request, SECONDS)
    _hold(request, draft.version.service.code, draft)


def leave(request: HttpRequest, code: str) -> None:
    """Forget the draft here: the next user of this computer sees nothing of it."""
    held = _held(request)
    held.pop(code, None)
    request.session[KEY] = held
    renew_key(request)


def forget(request: HttpRequest, which: Q | None = None) -> None:
    """Forget the forms of this session, or those that are so: none of them shows here any more."""
    held = _held(request)
    if not held:
        return
    rows = Draft.objects.filter(which or Q(), pk__in=[one[0] for one in held.values()])
    gone = {str(pk) for pk in rows.values_list("pk", flat=True)}
    request.session[KEY] = {code: one for code, one in held.items() if one[0] not in gone}


def _kind(code: str) -> str:
    return f"{KEY}.{code}"


def _held(request: HttpRequest) -> dict[str, Any]:
    held = request.session.get(KEY)
    return dict(held) if isinstance(held, dict) else {}


def _hold(request: HttpRequest, code: str, draft: Draft) -> None:
    held = _held(request)
    held.pop(code, None)
    held = dict(list(held.items())[-(MOST - 1) :])
    request.session[KEY] = {**held, code: [str(draft.pk), ends_in(SECONDS)]}
