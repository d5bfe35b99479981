"""How it went is asked at the end of a request, also of who has only a telephone."""

import re
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from eservices.people.persons import person_for
from eservices.requests.acting import take_action
from eservices.requests.models import Request
from org.models import User
from routing.models.closing import Satisfaction
from tests.correspondence.sms_gateway import sms_gateway
from tests.eservices.office import opened
from tests.factories import drain

pytestmark = pytest.mark.django_db
PHONE = "0661223344"


def ended(badr: User, **how: Any) -> Request:
    """A request of a leak that was looked at and closed without action."""
    request = opened(**how)
    for name in ("triage", "no_action"):
        now = Request.objects.select_related("letter", "version").get(pk=request.pk)
        take_action(now, name, actor=badr, reason="Rien trouvé" if name == "no_action" else "")
    return request


def test_a_telephone_gets_the_link_by_sms_and_it_rates(badr: User, settings: Any) -> None:
    with sms_gateway(settings) as gateway:
        person = person_for("phone", PHONE, name="Fatima Bennis")
        request = ended(badr, phone=PHONE, person=person)
        while drain("request.tell"):
            pass
    asked = [one["text"] for one in gateway.taken if "/rate/" in one["text"]]
    assert len(asked) == 1
    assert {one["to"] for one in gateway.taken} == {PHONE}
    link = re.search(r"/rate/[^ ]+/", asked[0])
    assert link
    citizen = Client()
    assert citizen.get(link[0]).status_code == 200
    citizen.post(link[0], {"score": "5"})
    assert Satisfaction.objects.get(letter=request.letter_id).score == 5


def test_a_mail_asks_too_and_a_withdrawn_request_is_not_asked(
    badr: User, mailoutbox: list[EmailMessage]
) -> None:
    person = person_for("email", "f@example.org", name="Fatima Bennis")
    ended(badr, email="f@example.org", person=person)
    gone = opened(email="f@example.org", person=person)
    take_action(gone, "withdraw", person=person)
    while drain("request.tell"):
        pass
    asked = [mail for mail in mailoutbox if "/rate/" in str(mail.body)]
    assert len(asked) == 1
