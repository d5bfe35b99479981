"""Verification of a receipt, and of a file against the registered one; no content is shown."""

import hashlib
import re
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from language.numerals import registry_number_key
from registry.models.receipts import Receipt
from registry.receipts import Verified, verify_token
from web.header_checks import announced_length, checked_by
from web.portal.access import see, wait_words
from web.portal.forms import FollowForm
from web.proof import check_from, count_from
from web.retry_later import braked
from web.throttle import VERIFY_BY_ADDRESS, TooManyAttemptsError
from web.uploads import request_limit

_TOKEN = re.compile(r"(?:^|/verify/)([\w-]{20,43})/?\s*$", re.ASCII)


class HashedFile(UploadedFile):
    """A file that was hashed: name, size in bytes and SHA-256, no content."""

    def __init__(self, name: str, size: int, sha256: str) -> None:
        super().__init__(file=None, name=name, size=size)
        self.sha256 = sha256


class Hashing(FileUploadHandler):
    """Upload handler that hashes a file as it arrives; nothing is kept, in memory or on disk."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin the next file."""
        super().new_file(*args, **kwargs)
        self._sha = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Add the bytes to the hash and nothing else."""
        self._sha.update(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile:
        """Return what is known of the file."""
        return HashedFile(self.file_name or "", file_size, self._sha.hexdigest())


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form for the address under the QR code, typed or pasted: there may be no camera."""
    if request.method == "POST":
        given = request.POST.get("address", "").strip()[:300]
        found = _TOKEN.search(given)
        if found:
            return see("portal:verify", found[1])
        if registry_number_key(given):
            return _to_follow(request, given)
        return render(request, "portal/verify_ask.html", {"wrong": True}, status=422)
    return render(request, "portal/verify_ask.html")


def _to_follow(request: HttpRequest, number: str) -> HttpResponse:
    """Show where a registry number leads, in place of a receipt's address: with a code, to it.

    The answer does not reveal whether there is such a letter.
    """
    form = FollowForm(initial={"number": number[:120]})
    return render(request, "portal/follow.html", {"form": form, "from_verify": True})


def _check_headers(request: HttpRequest) -> HttpResponse | None:
    """Check size and number of attempts before a large file is read."""
    if announced_length(request) > request_limit():
        return HttpResponse(status=413)
    try:
        check_from(request, VERIFY_BY_ADDRESS)
    except TooManyAttemptsError as error:
        return _wait(request, error)
    return None


@checked_by(_check_headers)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponseBase:
    """Set how the file is read before the CSRF check reads the form."""
    if request.method == "POST":
        if announced_length(request) > request_limit():
            return HttpResponse(status=413)
        request.upload_handlers = [Hashing(request)]
    answer: HttpResponseBase = _protected(request, token)
    return answer


def _wait(request: HttpRequest, error: TooManyAttemptsError) -> HttpResponse:
    return braked(render(request, "portal/verify.html", {"problem": wait_words(error)}), error)


@csrf_protect
def _protected(request: HttpRequest, token: str) -> HttpResponse:
    try:
        count_from(request, VERIFY_BY_ADDRESS)
    except TooManyAttemptsError as error:
        return _wait(request, error)
    verified = verify_token(token)
    if verified is None:
        return render(request, "portal/verify.html", {"unknown": True}, status=404)
    context: dict[str, Any] = {"verified": verified}
    if request.method == "POST":
        context |= _compared(request, verified, token)
    return render(request, "portal/verify.html", context)


def _compared(request: HttpRequest, verified: Verified, token: str) -> dict[str, Any]:
    """Compare the file with the registered ones.

    piece: the file is that registered piece; later: it was added after the receipt; receipt: it is
    our receipt; other: none of them.
    """
    file = request.FILES.get("file")
    if not isinstance(file, HashedFile) or not file.size:
        return {"result": "nothing"}
    sha256 = file.sha256
    found = {"name": file.name, "sha256": sha256}
    if sha256 in verified.pieces:
        return {**found, "result": "piece", "piece": verified.pieces.index(sha256) + 1}
    if sha256 in verified.pieces_later:
        return {**found, "result": "later"}
    copies = Q(file__sha256=sha256) | Q(office_file__sha256=sha256)
    receipts = Receipt.objects.filter(copies, token=token)
    return {**found, "result": "receipt" if receipts.exists() else "other"}
