"""What names a person in print-outs and rectifications goes; an appointment ends with the duty."""

from typing import Any

import pytest
from django.utils import timezone

from eservices.people import account
from eservices.privacy import forgetting, officers, rectifying
from eservices.privacy.models import Officer, Printout, Rectification
from eservices.privacy.printing import PrintoutRequest, ask_printout
from eservices.privacy.rectifying import CorrectionRequest
from eservices.privacy.rights import DataNotAllowedError
from identity.staff import person_values, save_person, set_active
from org.models import User
from registry.models.acts import Act
from tests.eservices.privacy.subjects import NAME, director, salma
from tests.factories import person

pytestmark = pytest.mark.django_db


def asked_for() -> tuple[Printout, Rectification]:
    subject = salma()
    told = CorrectionRequest(subject=subject.key, what="name", wanted="Salma Z.", reason="Son acte")
    row = rectifying.record(told, actor=person("amina"))
    return ask_printout(
        PrintoutRequest(subject=subject.key, reason="CIN vue"), actor=director()
    ), row


def emptied(*rows: Any) -> list[bool]:
    for row in rows:
        row.refresh_from_db()
    return [row.name == "" and row.reason in ("", "—") for row in rows]


def test_a_deleted_account_leaves_no_name_and_nothing_to_write() -> None:
    printout, row = asked_for()
    subject = row.subject
    account.delete(salma_of(subject))
    assert emptied(printout, row) == [True, True]
    assert row.wanted == "—"
    with pytest.raises(DataNotAllowedError):
        rectifying.accept(row, actor=director())
    assert rectifying.refuse(row, actor=director(), words="Compte supprimé").state == "refused"


def salma_of(key: str) -> Any:
    from eservices.people.models import Person

    return Person.objects.get(pk=key.partition(":")[2])


def test_what_is_years_old_is_emptied_and_what_waits_stays() -> None:
    printout, row = asked_for()
    assert forgetting.forget_old() == 0
    long_ago = timezone.now() - forgetting.KEPT * 2
    Printout.objects.update(asked_at=long_ago)
    Rectification.objects.update(recorded_at=long_ago)
    assert forgetting.forget_old() == 1
    assert emptied(printout, row) == [True, False]
    assert row.name == NAME
    rectifying.refuse(row, actor=director(), words="Non")
    rectifying.answer(row, actor=director(), words="Lettre")
    Rectification.objects.update(answered_at=long_ago)
    assert forgetting.forget_old() == 1
    assert emptied(printout, row) == [True, True]
    assert forgetting.forget_old() == 0


def change(who: User, duty: str) -> User:
    admin = person("admin")
    return save_person({**person_values(who), "duty": duty}, actor=admin, person=who)[0]


def test_an_appointment_ends_with_the_duty() -> None:
    amina = person("amina")
    officers.appoint(amina, actor=None)
    change(amina, "clerk")
    assert Officer.objects.filter(ended_at=None).exists()
    change(change(amina, "member"), "clerk")
    assert not Officer.objects.filter(ended_at=None).exists()
    ended = Officer.objects.get(person=amina)
    assert ended.ended_by == person("admin")
    assert Act.objects.filter(kind="data_officer_ended").exists()


def test_an_appointment_ends_with_the_account() -> None:
    amina = person("amina")
    officers.appoint(amina, actor=None)
    set_active(amina, False, actor=person("admin"))
    set_active(amina, True, actor=person("admin"))
    assert not Officer.objects.filter(ended_at=None).exists()
