"""Base of the API's views: size limits, errors in the schema, pages, single rows."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Final, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.fields import empty
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from web.addresses import address_of
from web.api.bodies import known_only, unknown_of, wrong_parameters
from web.api.errors import PROBLEM, ErrorOut, TooLargeRequestError
from web.api.shape import given_to
from web.api.tokens import need_scope
from web.budget import ALL, HEAVY, HEAVY_AT_ONCE, Budget, CountedRequest
from web.header_checks import accept_body, announced_length, is_header_check
from web.throttle import TooManyAttemptsError
from web.uploads import request_limit, take_uploads

MOST_ROWS: Final = 100
ROWS: Final = 30
Row = TypeVar("Row", bound=Model)
Handler = TypeVar("Handler", bound=Callable[..., Any])


class WantedError(Exception):
    """Answer to an announced body, not an error: the caller may send it, up to `most` bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(f"up to {most} bytes")
        self.most = most


class ProblemsToo(DefaultContentNegotiation):
    """Content negotiation of JSON, for callers that accept problems of RFC 9457 as well."""

    def get_accept_list(self, request: Request) -> list[str]:
        """Return what the caller accepts of an answer that is no error."""
        accepted = [one for one in super().get_accept_list(request) if PROBLEM not in one]
        return accepted or ["*/*"]


class ApiView(APIView):
    """Base view that limits sizes and numbers of requests and answers errors in the one shape.

    `heavy`: its questions cost much; a caller has fewer of them a minute, and few at once.
    """

    heavy: ClassVar[bool] = False
    taken: CountedRequest | None = None
    place: AbstractContextManager[None] | None = None
    content_negotiation_class: type[BaseContentNegotiation] = ProblemsToo

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the announced length and the caller before anything is read.

        A request of headers alone is answered that the body may follow.
        """
        multipart = (request.content_type or "").startswith("multipart/")
        most = request_limit() if multipart else int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
        if announced_length(request) > most:
            raise TooLargeRequestError
        super().initial(request, *args, **kwargs)
        need_scope(request)
        self._count(request)
        if is_header_check(request):
            raise WantedError(most)

    def _count(self, request: Request) -> None:
        """Count the request for its caller, and hold a place for a heavy question."""
        key = key_of(request)
        self._take(ALL, key, settings.API_PER_MINUTE)
        if self.is_heavy(request) and not is_header_check(request):
            self._take(HEAVY, key, settings.API_HEAVY_PER_MINUTE)
            place = HEAVY_AT_ONCE.entered(key, most=heavy_at_once())
            place.__enter__()
            self.place = place

    def _take(self, budget: Budget, key: str, most: int) -> None:
        """Count the request under one limit; who is refused is told of that limit, too."""
        try:
            self.taken = budget.take(key, most=most)
        except TooManyAttemptsError as error:
            self.taken = CountedRequest(budget.policy, most, 0, error.wait)
            raise

    def is_heavy(self, request: Request) -> bool:
        """Return whether this question costs much; all of a view do, or none, unless it says."""
        return self.heavy

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and free the place of a heavy question whatever became of it."""
        try:
            return super().dispatch(request, *args, **kwargs)
        finally:
            if self.place:
                self.place.__exit__(None, None, None)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        """Tell the caller what is left of its limit."""
        answer = super().finalize_response(*args, **kwargs)
        if self.taken and self.taken.most:
            for name, words in self.taken.headers().items():
                answer[name] = words
        return answer

    def handle_exception(self, exc: Exception) -> Any:
        """Return the answer to an error of the view."""
        if isinstance(exc, WantedError):
            return accept_body(most=exc.most)
        return super().handle_exception(exc)


class UploadView(ApiView):
    """A view that takes files: how they are read is set before anything reads them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Set how files are read, then dispatch."""
        take_uploads(request)
        return super().dispatch(request, *args, **kwargs)


def key_of(request: Request) -> str:
    """Return by what a caller is counted: the key or token, the person, or the address."""
    given = request.auth
    if isinstance(given, Model):
        return f"{type(given).__name__} {given.pk}"
    if request.user.is_authenticated:
        return f"person {request.user.pk}"
    return f"address {address_of(request._request)}"


def heavy_at_once() -> int:
    """Return how many heavy questions one caller may have under way: half of the threads."""
    return max(1, settings.WEB_THREADS // 2)


class AsItIs(BaseContentNegotiation):
    """Content negotiation of files, whose type is fixed, whatever the caller accepts."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        """Return the first parser; such views read nothing."""
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first renderer, for errors."""
        first = next(iter(renderers))
        return first, first.media_type


def responses(shape: Any, *errors: int, status: int = 200) -> dict[int, Any]:
    """Return the answers of a view for the schema: its own, and its possible errors."""
    return {status: shape} | dict.fromkeys((401, *errors), ErrorOut)


def operation(
    name: str, shape: Any, *errors: int, asks: Any = (), takes: Any = empty, status: int = 200
) -> Callable[[Handler], Handler]:
    """Describe a view's method for the schema: its name, what it answers, its possible errors.

    `shape` may be all its answers by status. `asks`: what its address's query and its headers may
    say. `takes`: the shape of its body.
    """
    answers = shape if isinstance(shape, dict) else responses(shape, *errors, status=status)
    return extend_schema(operation_id=name, parameters=[*asks], request=takes, responses=answers)


def file_answer(*media_types: str) -> dict[Any, Any]:
    """Return the answers of a view that answers with bytes."""
    return {(200, *media_types): OpenApiTypes.BINARY, 401: ErrorOut, 404: ErrorOut}


def checked(
    shape: type[serializers.Serializer[Any]], request: Request, *, partial: bool = False
) -> dict[str, Any]:
    """Return the request's values, checked by a shape; `partial` asks for none of them.

    Raise ValidationError that names each wrong field, also those that the shape does not know.
    """
    given = shape(data=request.data, partial=partial)
    unknown = unknown_of(given, request)
    if not given.is_valid() or unknown:
        raise ValidationError({**given.errors, **unknown})
    return dict(given.validated_data)


def no_words(request: Request) -> None:
    """Raise ValidationError where an action that takes no values is given some."""
    known_only(serializers.Serializer(), request)


def validated_query(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return the address's query, checked by a shape.

    A name that the shape does not know is an error, since a misspelt filter would silently show
    everything; so is a second value where one counts.
    """
    with given_to(shape, request.query_params) as given:
        if wrong := wrong_parameters(given, request):
            raise ValidationError(wrong)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
    return {name: value for name, value in values.items() if value not in ("", None)}


def get_or_404(rows: "QuerySet[Row]") -> Row:
    """Return the only row. Raise Http404 where there is none."""
    row = rows.first()
    if row is None:
        raise Http404
    return row
