"""The root of the API: its versions and where it is described; in a browser, a page with links."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from web.api.errors import LINKS, ROOT, SCHEMA, answer_plainly

VERSIONS: Final = ("v1",)
_METHODS: Final = ("GET", "HEAD")


def root(request: HttpRequest) -> HttpResponse:
    """Return versions, document and schema of the API, for everybody."""
    if request.method not in _METHODS:
        refused = answer_plainly(request, "method_not_allowed")
        refused.headers["Allow"] = ", ".join(_METHODS)
        return refused
    addresses = _addresses(request)
    wants = request.get_preferred_type(["application/json", "text/html"])
    answer: HttpResponse = (
        render(request, "web/api.html", addresses)
        if wants == "text/html"
        else JsonResponse(addresses)
    )
    answer.headers["Link"] = LINKS
    patch_vary_headers(answer, ["Accept"])
    return answer


def _addresses(request: HttpRequest) -> dict[str, Any]:
    at = request.build_absolute_uri
    return {
        "versions": [{"version": one, "address": at(f"{ROOT}{one}/")} for one in VERSIONS],
        "documentation": at(ROOT),
        "schema": at(SCHEMA),
    }


def no_such_address(request: HttpRequest) -> JsonResponse:
    """Return the API's own 404, which says where the API is described."""
    words = _("There is nothing at this address. The API is described at %(address)s.")
    where = {"address": request.build_absolute_uri(ROOT)}
    return answer_plainly(request, "not_found", message=words % where)
