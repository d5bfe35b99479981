"""A small centre for tests: an agent, callers, a person with a request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from eservices.catalogue.models import ServiceType, ServiceTypeVersion
from eservices.people.models import Person
from eservices.people.persons import person_for
from eservices.relations.contact_log import Logged, MomentData, log_contact
from eservices.relations.models import ContactMoment
from eservices.requests.models import Request, StageKind
from org.models import Membership, User
from registry.intake import PartyData
from tests.factories import department, deposit

CONTENT = "eservices/catalogue/types/complaint_water.toml"


def agent(username: str = "hind", *, code: str = "COM", role: str = "member") -> User:
    """Somebody who works in the centre."""
    user, _new = User.objects.get_or_create(
        username=username, defaults={"first_name": "Hind", "last_name": "Alami", "duty": "member"}
    )
    Membership.objects.get_or_create(user=user, department=department(code), role=role)
    return user


def called(*, by: User | None = None, at: Any = None, **said: Any) -> Logged:
    """A call that the agent logged."""
    given = {"channel": "phone", "result": "answered", "subject": "Facture élevée"} | said
    return log_contact(MomentData(**given), agent=by or agent(), at=at)


def citizen(name: str, phone: str) -> Person:
    """A person with a verified telephone."""
    return person_for("phone", phone, name=name)


def water_type() -> ServiceTypeVersion:
    """The shipped type of complaints about water, published."""
    import tomllib
    from pathlib import Path

    service, _new = ServiceType.objects.get_or_create(code="complaint_water")
    content = tomllib.loads(Path(CONTENT).read_text("utf-8"))
    version, _new = ServiceTypeVersion.objects.get_or_create(
        service=service, version=1,
        defaults={
            "content": content, "digest": "0" * 64, "made_at": timezone.now(),
            "published_from": timezone.now() - timedelta(days=1),
        },
    )  # fmt: skip
    return version


def asked(
    person: Person | None = None,
    *,
    stage: str = "triage",
    kind: str = StageKind.WORK,
    **columns: Any,
) -> Request:
    """A request of a person, or of a letter's sender alone."""
    version, now = water_type(), timezone.now()
    phone = columns.pop("phone", "")
    name = columns.pop("name", person.name if person else "Inconnu")
    letter = deposit(
        subject="Fuite", channel="phone", department=department("EAU"), departments=["EAU"],
        parties=[PartyData("sender", name=name, phone=phone)],
    ).letter  # fmt: skip
    columns = {"opened_at": now, "stage_since": now} | columns
    if kind == StageKind.END:
        columns.setdefault("ended_at", now)
    return Request.objects.create(
        letter=letter, service=version.service, version=version, person=person, stage=stage,
        stage_kind=kind, **columns,
    )  # fmt: skip


def moments() -> list[ContactMoment]:
    """All contacts, the oldest first."""
    return list(ContactMoment.objects.order_by("at", "pk"))
