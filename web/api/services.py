"""The catalogue of services over the API, for everybody: what can be asked for, and how."""

from typing import Any, Final

from django.http import Http404, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from eservices.catalogue.definition import LANGUAGES
from eservices.catalogue.described import row_of, whole
from eservices.catalogue.finding import find_services
from eservices.catalogue.publishing import Published, published, published_types
from search.contract import InvalidCursor
from web.api.etags import ETAG, tag_of_words
from web.api.service_shapes import (
    MOST_SERVICES,
    LanguageAsked,
    ServiceOut,
    ServicesAsked,
    ServicesOut,
)
from web.api.shape import shown
from web.api.view import ApiView, responses, validated_query

FRESH_SECONDS: Final = 60  # how long others may keep an answer; then they ask by its ETag


class _OpenView(ApiView):
    """A view that needs no caller, and so answers everybody the same."""

    authentication_classes = []
    permission_classes = []


class ServicesView(_OpenView):
    """Services of the office."""

    @extend_schema(
        operation_id="list_services",
        parameters=[ServicesAsked, ETAG],
        responses=responses(ServicesOut, 400),
        auth=[],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """List the services that are published today."""
        given = validated_query(ServicesAsked, request)
        language = _language(given)
        found = _wanted(published_types(), given, language)
        page, cursor = _page(found, given)
        told = {
            "language": language,
            "services": [row_of(one.definition, language=language) for one in page],
            "next_cursor": cursor,
        }
        return _kept_by_others(request, shown(ServicesOut, told), language, page, cursor)


class ServiceView(_OpenView):
    """A service of the office."""

    @extend_schema(
        operation_id="get_service",
        parameters=[LanguageAsked, ETAG],
        responses=responses(ServiceOut, 400, 404),
        auth=[],
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """Return a published service with its form, pieces, fee, terms and stages."""
        language = _language(validated_query(LanguageAsked, request))
        found = published(code)
        if found is None:
            raise Http404
        told = {
            **whole(found.definition, language=language),
            "language": language,
            "version": found.version.version,
        }
        return _kept_by_others(request, shown(ServiceOut, told), language, [found])


def _language(given: dict[str, Any]) -> str:
    """Return the language that the caller names, else what the browser prefers."""
    language = str(given.get("language") or (get_language() or "fr")[:2])
    return language if language in LANGUAGES else "fr"


def _wanted(types: list[Published], given: dict[str, Any], language: str) -> list[Published]:
    """Return the services that are asked for, in their order."""
    if "q" in given:
        by_code = {one.code: one for one in types}
        found = find_services(given["q"], language=language, limit=MOST_SERVICES)
        types = [by_code[one.code] for one in found if one.code in by_code]
    for name, values in (("audience", "audiences"), ("need", "needs")):
        if name in given:
            types = [one for one in types if given[name] in getattr(one.definition, values)]
    return types


def _page(found: list[Published], given: dict[str, Any]) -> tuple[list[Published], str]:
    """Return the page that follows the cursor, the code of a service, and the next cursor."""
    start = 0
    if "cursor" in given:
        codes = [one.code for one in found]
        if given["cursor"] not in codes:
            raise InvalidCursor
        start = codes.index(given["cursor"]) + 1
    page = found[start : start + given["limit"]]
    more = len(found) > start + len(page)
    return page, page[-1].code if more else ""


def _kept_by_others(
    request: Request, answer: Response, language: str, page: list[Published], *words: str
) -> HttpResponseBase:
    """Return an answer with its ETag, which others may keep; 304 where they have it already."""
    seen = [(one.code, one.version.version, one.version.digest) for one in page]
    tag = tag_of_words(language, seen, *words)
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    patch_vary_headers(answer, ("Accept-Language",))
    unchanged = get_conditional_response(request._request, etag=tag, response=answer)
    return unchanged or answer
