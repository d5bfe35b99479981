"""Who opened a request by a mandate keeps its code, which acts no more once that has ended."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from eservices.people.mandates import MandateInput, end, give
from eservices.people.models import Mandate, Person
from eservices.people.persons import person_for
from eservices.requests.acting import actions_of, take_action
from eservices.requests.messages import write_message
from eservices.requests.models import Request
from routing.acting.errors import NotAllowedError
from tests.eservices.office import opened
from tests.web.portal.test_follow import login

pytestmark = pytest.mark.django_db


def by_mandate() -> tuple[Request, Person, Mandate]:
    """A request that an agent opened for a principal."""
    principal, agent = person_for("email", "p@example.org"), person_for("email", "a@example.org")
    mandate = give(principal, MandateInput(contact="a@example.org"))
    request = opened(person=agent, mandate=mandate, on_behalf_of=principal)
    return request, principal, mandate


def revoked(principal: Person, mandate: Mandate) -> None:
    """The principal ends the mandate."""
    assert end(principal, mandate.pk)


def run_out(_principal: Person, mandate: Mandate) -> None:
    """The mandate's last day has passed."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Mandate.objects.filter(pk=mandate.pk).update(until=yesterday)


@pytest.mark.parametrize("ended", [revoked, run_out])
def test_the_code_acts_no_more(ended: Callable[[Person, Mandate], None]) -> None:
    request, principal, mandate = by_mandate()
    assert [one.name for one in actions_of(request, letter_code=True)] == ["withdraw"]
    ended(principal, mandate)
    assert actions_of(request, letter_code=True) == []
    with pytest.raises(NotAllowedError):
        take_action(request, "withdraw", letter_code=True)
    with pytest.raises(NotAllowedError):
        write_message(request, text="Bonjour", letter_code=True)
    request.refresh_from_db()
    assert request.ended_at is None
    assert [one.name for one in actions_of(request, person=principal)] == ["withdraw"]
    take_action(request, "withdraw", person=principal)


def test_an_open_page_of_the_agent_acts_no_more() -> None:
    request, principal, mandate = by_mandate()
    client = login(request.letter)
    page = client.get("/follow/letter/").content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    assert seen
    assert end(principal, mandate.pk)
    given = {"action": "withdraw", "sure": "1", "seen": seen}
    client.post("/follow/request/action/", given)
    request.refresh_from_db()
    assert request.ended_at is None
    assert client.get("/follow/letter/").status_code == 200
