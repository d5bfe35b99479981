"""Table of verbs: what each acts on, takes, does and answers; addresses and views out of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from org.models import User
from routing.acting.access import need
from routing.acting.verbs import LetterVerb
from web.api.access import caller
from web.api.described import by_form
from web.api.etags import ETAG, IF_MATCH, tag_again, tag_of, tagged, unchanged
from web.api.once import ONCE, make_once
from web.api.shape import Shape, shown
from web.api.view import ApiView, checked, no_words, responses

Body = Callable[[type[Shape], Request], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a verb acts on and how the outcome is shown.

    `find` returns the row of the address for those who may read it. `again` returns what is shown
    afterwards, where that is not what the verb returns.
    """

    address: str
    find: Callable[..., Any]
    shape: type[Shape] | None
    again: Callable[[User, Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: a method at an address.

    `act` is called with the subject's row, the actor and the values of `body`. `right`: the verb of
    letters that the actor needs before the body is looked at; most functions ask for it themselves.
    `forms`: the media types in the document, where they are not JSON alone. `refused`: the statuses
    of its errors beside those of every verb. `reads`: the view that answers GET at this address.
    `makes`: the rows that it makes under an id which `act` takes as `pk`, once for a key.
    """

    subject: Subject
    place: str
    name: str
    operation: str
    act: Callable[..., Any]
    summary: str
    body: type[Shape] | None = None
    method: str = "post"
    status: int = 200
    right: LetterVerb | None = None
    forms: tuple[str, ...] = ()
    read: Body = checked
    refused: tuple[int, ...] = (403, 404, 409)
    reads: type[ApiView] = ApiView
    makes: type[Model] | None = None

    @property
    def address(self) -> str:
        """The address after /api/."""
        return self.subject.address + self.place

    def handler(self) -> Callable[..., Response]:
        """Return the method of a view, described for the schema."""

        def handle(_view: ApiView, request: Request, **place: Any) -> Response:
            if not self.body:
                no_words(request)
            actor = caller(request)
            row = self.subject.find(actor, **place)
            if self.right:
                need(actor, row, self.right)
            given = self.read(self.body, request) if self.body else {}
            if not request.headers.get("If-Match"):
                result = self._done(request, row, actor, given)
                return self.answer(row, result, actor)
            with unchanged(request, row):
                row = self.subject.find(actor, **place)
                result = self._done(request, row, actor, given)
                return tagged(self.answer(row, result, actor), tag_again(row))

        handle.__doc__ = self.summary
        errors = (*((400,) if self.body else ()), *self.refused)
        described = extend_schema(
            operation_id=self.operation,
            parameters=[IF_MATCH, ETAG, *([ONCE] if self.makes else [])],
            request=self._bodies(),
            responses=responses(self.subject.shape, *errors, status=self.status),
        )
        method: Callable[..., Response] = described(handle)
        return method

    def _done(self, request: Request, row: Any, actor: User, given: dict[str, Any]) -> Any:
        """Do it, once where the caller names a key."""
        if self.makes is None:
            return self.act(row, actor=actor, **given)
        act = partial(self.act, row, actor=actor, **given)
        return make_once(request, self.makes, lambda pk: act(pk=pk), said=given)

    def _bodies(self) -> Any:
        """Return what the verb takes, by media type where that is not JSON alone."""
        if not self.body or not self.forms:
            return self.body
        both = by_form(self.body)
        return {form: both[form] for form in self.forms}

    def answer(self, row: Any, result: Any, actor: User) -> Response:
        """Return the subject as it now is."""
        if self.subject.shape is None:
            return Response(status=self.status)
        now = self.subject.again(actor, row) if self.subject.again else result
        return shown(self.subject.shape, now, status=self.status, viewer=actor)


@dataclass(frozen=True, slots=True)
class Look:
    """GET of a verbs' subject: the row as it now is, with its ETag."""

    subject: Subject
    name: str
    operation: str
    summary: str
    method: str = "get"
    reads: type[ApiView] = ApiView

    @property
    def address(self) -> str:
        """The address after /api/."""
        return self.subject.address

    def handler(self) -> Callable[..., Response]:
        """Return the method of a view, described for the schema."""
        shape = self.subject.shape or Shape

        def handle(_view: ApiView, request: Request, **place: Any) -> Response:
            viewer = caller(request)
            row = self.subject.find(viewer, **place)
            tag = tag_of(row)
            now = self.subject.again(viewer, row) if self.subject.again else row
            return tagged(shown(shape, now, viewer=viewer), tag)

        handle.__doc__ = self.summary
        described = extend_schema(
            operation_id=self.operation,
            parameters=[ETAG],
            responses=responses(shape, 404),
        )
        method: Callable[..., Response] = described(handle)
        return method


Row = Verb | Look


def at(address: str, view: type[APIView], name: str) -> URLPattern:
    """Return the address of a view that is written by hand."""
    return path(address, view.as_view(), name=name)


def addresses(verbs: Iterable[Row]) -> list[URLPattern]:
    """Return the addresses of the verbs, each with one view for all that is done there."""
    at: dict[str, list[Row]] = {}
    for verb in verbs:
        at.setdefault(verb.address, []).append(verb)
    return [path(place, _view(rows).as_view(), name=rows[0].name) for place, rows in at.items()]


def _view(rows: list[Row]) -> type[ApiView]:
    name = "".join(word.title() for word in rows[0].name.split("_")) + "Verb"
    reads = next((row.reads for row in rows if row.reads is not ApiView), ApiView)
    return type(name, (reads,), {row.method: row.handler() for row in rows})
