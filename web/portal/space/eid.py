"""Into my space by an electronic identity, where the office has a provider (EID_URL)."""

import logging
import time
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from eservices.people import oidc
from eservices.people.identities import IdentityTakenError, opens, person_by
from eservices.people.kinds import PersonKind
from eservices.people.letters import note_letters
from web.portal.access import see, wait_words
from web.portal.space import session
from web.portal.space.access import LONGEST_ADDRESS, page_to, to_confirm
from web.proof import count_from
from web.retry_later import braked
from web.throttle import CONTACT_BY_ADDRESS, TooManyAttemptsError

logger = logging.getLogger(__name__)
_KEY: Final = "portal.eid"
_SECONDS: Final = 15 * 60  # at the provider


@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """Send the person to the provider; what must come back is kept in this browser's session.

    By a button alone, so that no link elsewhere signs anybody in. A page leads on, since the policy
    of ours lets no form lead to another site.
    """
    if not oidc.is_set():
        raise Http404
    try:
        count_from(request, CONTACT_BY_ADDRESS)
        begun, address = oidc.begin()
    except TooManyAttemptsError as error:
        messages.error(request, wait_words(error))
        return braked(see("portal:space_sign_in"), error)
    except oidc.OidcError as error:
        return _failed(request, error.code)
    kept = {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier}
    goes_on: dict[str, Any] = {"next": request.POST.get("next", "")[:LONGEST_ADDRESS]}
    goes_on |= {"may_link": session.is_proven(request), "until": int(time.time()) + _SECONDS}
    request.session[_KEY] = {"begun": kept, **goes_on}
    return render(request, "portal/space/away.html", {"target": address})


@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer, once: the person is in, or sees why not."""
    if not oidc.is_set():
        raise Http404
    kept: dict[str, Any] | None = request.session.pop(_KEY, None)
    if not isinstance(kept, dict) or kept["until"] < time.time():
        return _failed(request, "state")
    if request.GET.get("error"):
        messages.info(request, _("You did not confirm at the electronic identity."))
        return see("portal:space_sign_in")
    language = (get_language() or "fr")[:2]
    try:
        identity = oidc.finish(
            oidc.Begun(**kept["begun"]),
            code=request.GET.get("code", ""),
            state=request.GET.get("state", ""),
        )
        inside = session.person_in(request)
        if inside is not None and not kept["may_link"] and not opens(identity, inside):
            messages.warning(request, _("Confirm that it is you, then do it again."))
            return to_confirm("portal:space_preferences")
        person = person_by(identity, person=inside, language=language)
    except oidc.OidcError as error:
        return _failed(request, error.code)
    except IdentityTakenError:
        messages.error(request, _("This electronic identity opens another space already."))
        return see("portal:space_preferences")
    note_letters(person, anew=True)
    session.begin(request, person, by=PersonKind.SIGNED_IN_EID)
    return HttpResponseRedirect(page_to(request, kept["next"]), status=303)


def _failed(request: HttpRequest, code: str) -> HttpResponse:
    """Show that it did not work, and log why: no name, no number."""
    logger.warning("electronic identity refused: %s", code)
    words = _("The electronic identity could not be checked. Please use a code, or try again.")
    messages.error(request, words)
    return see("portal:space_sign_in")
