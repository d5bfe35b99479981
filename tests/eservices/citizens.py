"""Citizens for tests: signed in by the code that a mail brings, with requests of their own."""

import json
import re
from typing import Any

from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from eservices.catalogue.models import ServiceType, ServiceTypeVersion
from eservices.people.models import Person
from eservices.people.persons import known_person
from eservices.requests.models import Request
from registry.intake import PartyData
from registry.models.letters import Letter
from registry.tracking import ALPHABET
from tests.factories import deposit, drain

CONTENT = {
    "title": {"fr": "Autorisation de travaux", "ar": "رخصة أشغال", "en": "Works permit"},
    "stages": [
        {"code": "received", "kind": "intake", "public": {"fr": "Reçue", "ar": "وردت"}},
        {"code": "pieces", "kind": "waiting_citizen", "public": {"fr": "À compléter"}},
    ],
}


def code_in(mail: EmailMessage) -> str:
    """Return the code that a mail brings."""
    found = re.search(rf"\b[{ALPHABET}]{{6}}\b", str(mail.body))
    assert found is not None, mail.body
    return found.group()


def citizen(mail: str, outbox: list[EmailMessage], *, client: Client | None = None) -> Client:
    """Return a browser whose user has signed in to my space with this address."""
    client = client or Client()
    answer = client.post("/my/sign-in/", {"contact": mail})
    assert (answer.status_code, answer["Location"]) == (303, "/my/sign-in/code/")
    drain("code.send")
    answer = client.post("/my/sign-in/code/", {"code": code_in(outbox[-1])})
    assert (answer.status_code, answer["Location"]) == (303, "/my/")
    return client


def person_of(mail: str) -> Person:
    """Return the person who has verified this address."""
    found = known_person("email", mail)
    assert found is not None
    return found


def letter_of(mail: str, **more: Any) -> Letter:
    """Return a registered letter whose sender has this address."""
    party = PartyData("sender", name="Salma Alami", email=mail)
    return deposit(parties=[party], **more).letter


def service(code: str = "test_permit") -> ServiceTypeVersion:
    """Return a version of a service type that says as much as lists need."""
    kind, _made = ServiceType.objects.get_or_create(code=code)
    version, _made = ServiceTypeVersion.objects.get_or_create(
        service=kind,
        version=1,
        defaults={
            "content": json.loads(json.dumps(CONTENT)),
            "digest": "0" * 64,
            "made_at": timezone.now(),
        },
    )
    return version


def request_of(person: Person | None, *, code: str = "test_permit", **more: Any) -> Request:
    """Return a request of this person, with its registered letter."""
    version = service(code)
    given = {"stage": "received", "stage_kind": "intake", **more}
    return Request.objects.create(
        letter=deposit(subject="Travaux").letter,
        service=version.service,
        version=version,
        person=person,
        stage_since=timezone.now(),
        opened_at=timezone.now(),
        **given,
    )
