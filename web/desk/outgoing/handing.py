"""Handover at the counter: who takes the letter, and their signature, drawn or on paper."""

import base64
import io
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from correspondence.dispatch import handing, posting, rights
from correspondence.models.dispatch import Dispatch
from registry.intake import IncomingFile
from registry.refusals import DepositRefusedError
from routing.acting.errors import NotAllowedError
from web.desk.files import arriving
from web.desk.outgoing.verbs import dispatch_of
from web.retry_later import later_where_it_passes
from web.shared.guard import StaffRequest, form, page, reads_letters, redirect_after

_DRAWN: Final = "data:image/png;base64,"


@form(reads_letters)
def hand(request: StaffRequest, dispatch_id: UUID) -> HttpResponse:
    """Show and take the form to sign; without JavaScript the signed slip is added as a file."""
    dispatch = dispatch_of(request, dispatch_id)
    rights.need_on_dispatch(request.user, dispatch, "hand_over")
    if request.method != "POST":
        return _page(request, dispatch)
    try:
        handing.hand_over(
            dispatch,
            actor=request.user,
            name=_plain(request, "name"),
            signature=_signature(request),
            identity=handing.Identity(_plain(request, "kind"), _plain(request, "number")),
        )
    except NotAllowedError as error:
        return _page(request, dispatch, problem=str(error))
    except DepositRefusedError as error:
        words = " ".join(str(one.words()) for one in error.refusals)
        refused = _page(request, dispatch, problem=words)
        return later_where_it_passes(refused, error.refusals)
    messages.success(request, _("Handed over. The signature is kept."))
    return redirect_after("/outgoing/counter/", request)


def _plain(request: StaffRequest, name: str) -> str:
    return str(request.POST.get(name, "")).replace("\0", "").strip()


def _page(request: StaffRequest, dispatch: Dispatch, *, problem: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "dispatch": dispatch,
        "letter": dispatch.letter,
        "addressee": posting.addressee(dispatch),
        "kinds": handing.IdentityKind.choices if settings.HANDOVER_IDENTITY else [],
        "given": {name: _plain(request, name) for name in ("name", "kind", "number")},
        "problem": problem,
    }
    return render(request, "web/hand_over.html", context, status=422 if problem else 200)


def _signature(request: StaffRequest) -> IncomingFile | None:
    """Return the scan of the signed slip, else what was drawn on the screen."""
    if upload := request.FILES.get("slip"):
        return arriving(upload)
    drawn = str(request.POST.get("drawn", ""))
    if not drawn.startswith(_DRAWN):
        return None
    try:
        content = base64.b64decode(drawn.removeprefix(_DRAWN), validate=True)
    except ValueError:
        return None
    return IncomingFile("signature.png", io.BytesIO(content))


@page(reads_letters)
def slip(request: StaffRequest, dispatch_id: UUID) -> HttpResponseBase:
    """Serve the slip to be signed on paper, as PDF."""
    dispatch = dispatch_of(request, dispatch_id)
    rights.need_on_dispatch(request.user, dispatch, "hand_over")
    answer = HttpResponse(handing.slip_pdf(dispatch), content_type="application/pdf")
    name = f"{dispatch.letter.number.replace('/', '-')}-slip.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
