"""A form as it stands for one visitor: the type's version, the draft, the answers checked."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from eservices.catalogue.answers import Checked, check_answers
from eservices.catalogue.definition import Definition
from eservices.catalogue.publishing import Published, published
from eservices.contracts.access import contracts_of
from eservices.contracts.proving import LEVEL as CONTRACT
from eservices.people.models import Person
from eservices.requests.drafts import begin_draft, move_to_version
from eservices.requests.models import Draft
from registry.models.letters import Channel
from web.portal import open_forms
from web.portal.access import see
from web.portal.service_form.fields import OwnContract
from web.portal.service_form.steps import FormStep, steps_of
from web.portal.space.session import person_in
from web.proof import count_from
from web.throttle import DRAFT_BY_ADDRESS

MOST_CONTRACTS: Final = 30  # that a form offers


@dataclass(slots=True)
class Filling:
    """What a view of the form needs; without a draft nothing was saved yet."""

    request: HttpRequest
    service: Published
    draft: Draft | None
    person: Person | None

    @property
    def definition(self) -> Definition:
        """What the type says."""
        return self.service.definition

    @property
    def code(self) -> str:
        """The code of the service."""
        return self.service.definition.code

    @property
    def language(self) -> str:
        """The language of the page."""
        return (get_language() or "fr")[:2]

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as they were typed."""
        return self.draft.answers if self.draft else {}

    @property
    def asker(self) -> dict[str, Any]:
        """The requester's data, as typed."""
        return self.draft.asker if self.draft else {}

    def checked(self, pieces: list[str] | None = None) -> Checked:
        """Return the answers, checked."""
        return check_answers(
            self.definition, self.answers, language=self.language, piece_codes=pieces
        )

    def steps(self) -> list[FormStep]:
        """Return the steps that the answers lead through."""
        return steps_of(self.definition, self.checked().values, self.language)

    def begun(self) -> Draft:
        """Return the draft, begun now where there is none. Raise TooManyAttemptsError."""
        if self.draft is None or self.draft.request_id:
            count_from(self.request, DRAFT_BY_ADDRESS)
            self.draft = begin_draft(
                self.service.version, language=self.language, person=self.person
            )
            open_forms.enter(self.request, self.draft)
        return self.draft

    def own_contracts(self) -> tuple[OwnContract, ...]:
        """Return the contracts for which the visitor may ask for this service, if signed in."""
        if self.person is None:
            return ()
        rows = contracts_of(self.person, service=self.code).order_by("number_key")
        return tuple(OwnContract(row.number, row.place) for row in rows[:MOST_CONTRACTS])

    @property
    def lacks_identity(self) -> bool:
        """Whether the law requires more than a verified contact, and the visitor has less."""
        wanted = self.definition.identity
        if wanted < 2 or self.person is None:
            return wanted > 1
        by_mandate = wanted == CONTRACT and contracts_of(self.person, service=self.code).exists()
        return self.person.level < wanted and not by_mandate


CLOSED: Final = "closed"
View = Callable[..., HttpResponseBase]


def filling_of(request: HttpRequest, code: str) -> Filling:
    """Return the form of a service. Raise Http404 where none is published for the portal."""
    service = published(code)
    if service is None or Channel.PORTAL not in service.definition.channels:
        raise Http404
    draft = open_forms.draft_in(request, code)
    if draft and draft.request_id is None and draft.version_id != service.version.pk:
        move_to_version(draft, service.version)
    return Filling(request, service, draft, person_in(request))


def of_form(*, begun: bool = True) -> Callable[[View], View]:
    """Give a view the form; `begun`: where nothing was saved yet, back to the beginning.

    Visitors with too low an identity level for the service see that, and get no further.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, code: str, *args: Any, **named: Any) -> HttpResponseBase:
            filling = filling_of(request, code)
            if filling.lacks_identity:
                return refused(request, filling)
            if begun and filling.draft is None:
                return closed(code)
            if begun and filling.draft and filling.draft.request_id:
                return see("portal:service_done", code)
            return view(request, filling, *args, **named)

        return guarded

    return decorate


def closed(code: str) -> HttpResponse:
    """Redirect to where it is said that the form is no longer open here."""
    return see("portal:service_start", code, query={CLOSED: "1"})


def refused(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Return the page that states the requirements of the service, and how to meet them."""
    title = filling.definition.title.in_(filling.language)
    context = {"filling": filling, "title": title, "service": title}
    return render(request, "portal/service_form/needs.html", context, status=403)


def go(step: FormStep) -> HttpResponse:
    """Redirect to a step, by 303."""
    answer = redirect(step.address)
    answer.status_code = 303
    return answer
