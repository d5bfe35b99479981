"""The page of papers and photos: kept with the draft as soon as they arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from eservices.catalogue.conditions import shown_pieces
from eservices.catalogue.definition import Piece
from eservices.requests.draft_files import files_of, keep_files, leave_out
from eservices.requests.drafts import save_answers
from eservices.requests.models import DraftFile
from web.addresses import address_of
from web.header_checks import checked_by
from web.portal.access import see, wait_words
from web.portal.large_forms import refusal_by, with_uploads
from web.portal.service_form.filling import Filling, go, of_form
from web.portal.service_form.questions import step_context
from web.portal.service_form.steps import after
from web.proof import count_from
from web.retry_later import braked
from web.throttle import DRAFT_SAVED_BY_ADDRESS, TooManyAttemptsError
from web.uploads import arrived

_ACCEPT: Final = {
    "pdf": "application/pdf,.pdf",
    "image": "image/*",
    "plan": "application/pdf,.pdf,image/*,.dwg,.dxf",
    "any": "",
}


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """A piece of the form: its words, the files that are here, and what is wrong."""

    piece: Piece
    title: str
    help: str
    held: Sequence[DraftFile]
    errors: Sequence[str]

    @property
    def id(self) -> str:
        """The id of its control, where links of the summary lead."""
        return f"p-{self.piece.code}"

    @property
    def accept(self) -> str:
        """What a browser offers to choose."""
        wanted = [_ACCEPT.get(one, "") for one in self.piece.accept]
        return "" if "" in wanted else ",".join(wanted)

    @property
    def takes_photos(self) -> bool:
        """Whether a photo taken now would do."""
        return not {"image", "any"}.isdisjoint(self.piece.accept)


@checked_by(refusal_by(DRAFT_SAVED_BY_ADDRESS))
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def pieces(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show the page of papers and photos, or take what was sent."""
    return with_uploads(_pieces, request, code)


@of_form()
def _pieces(request: HttpRequest, filling: Filling) -> HttpResponseBase:
    wanted = shown_pieces(filling.definition, filling.checked().values)
    if not wanted:
        return go(after(filling.steps(), "pieces"))
    if request.method != "POST":
        errors = _lacking(filling, wanted) if request.GET.get("errors") else {}
        return _page(filling, wanted, errors)
    return _take(request, filling, wanted)


def _take(request: HttpRequest, filling: Filling, wanted: list[Piece]) -> HttpResponse:
    draft = filling.begun()
    leave_out(draft, request.POST.getlist("_leave_out"))
    try:
        count_from(request, DRAFT_SAVED_BY_ADDRESS)
    except TooManyAttemptsError as error:
        return braked(_page(filling, wanted, {}, wait=wait_words(error)), error)
    save_answers(draft, {}, page="pieces")
    address = salted_hmac("draft.address", address_of(request), algorithm="sha256").hexdigest()
    errors: dict[str, list[str]] = {}
    for piece in wanted:
        files = arrived(request, piece.code)
        if refusals := keep_files(draft, piece, files, address=address):
            errors[piece.code] = [refusal.words() for refusal in refusals]
    stays = "_add" in request.POST
    if not stays:
        errors = _lacking(filling, wanted) | errors
    if errors:
        return _page(filling, wanted, errors, status=422)
    if stays:
        return see("portal:service_pieces", filling.code)
    if request.POST.get("_back") == "check":
        return see("portal:service_check", filling.code)
    return go(after(filling.steps(), "pieces"))


def _lacking(filling: Filling, wanted: list[Piece]) -> dict[str, list[str]]:
    held = [file.piece for file in files_of(filling.begun())]
    found = filling.checked(held).errors
    return {piece.code: [found[piece.code]] for piece in wanted if piece.code in found}


def _page(
    filling: Filling,
    wanted: list[Piece],
    errors: dict[str, list[str]],
    *,
    wait: str = "",
    status: int = 200,
) -> HttpResponse:
    language, held = filling.language, files_of(filling.begun())
    shown = [
        ShownPiece(
            piece,
            piece.title.in_(language),
            piece.help.in_(language) if piece.help else "",
            [file for file in held if file.piece == piece.code],
            errors.get(piece.code, []),
        )
        for piece in wanted
    ]
    context: dict[str, Any] = {
        **step_context(filling, "pieces"),
        "pieces": shown,
        "wrong": [one for one in shown if one.errors],
        "wait": wait,
        "limit_mb": settings.UPLOAD_MAX_MB,
    }
    return render(filling.request, "portal/service_form/pieces.html", context, status=status)
