"""Rectification: recorded, decided by who has the right, carried out with history, answered."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from eservices.people.models import PersonEvent
from eservices.privacy import officers, rectifying
from eservices.privacy.models import Rectification
from eservices.privacy.rectifying import CorrectionRequest
from eservices.privacy.rights import DataNotAllowedError
from registry.contacts.directory import shown_points
from registry.models.acts import Act
from registry.models.contacts import ContactEvent
from registry.models.events import LetterEvent
from registry.models.letters import Letter, Party
from registry.states import ConflictError
from registry.verification import verify_letters
from tests.eservices.privacy.subjects import MAIL, NAME, Subject, director, salma
from tests.factories import person

pytestmark = pytest.mark.django_db
NEW = "Salma Zerqoun-Tazi"


@pytest.fixture
def subject() -> Subject:
    return salma()


def asked(key: str, **more: Any) -> Rectification:
    given: dict[str, Any] = {"what": "name", "wanted": NEW} | more
    return rectifying.record(CorrectionRequest(subject=key, **given), actor=person("amina"))


def test_it_is_recorded_with_its_ten_days(subject: Subject) -> None:
    row = asked(subject.key)
    assert (row.state, row.due_on) == ("asked", timezone.localdate() + timedelta(days=10))
    act = Act.objects.get(kind="rectification_recorded")
    assert NEW not in str(act.data)


def test_a_contacts_name_is_corrected_with_its_history(subject: Subject) -> None:
    row = rectifying.accept(asked(f"contact:{subject.contact.pk}"), actor=director())
    subject.contact.refresh_from_db()
    assert (row.state, subject.contact.name) == ("done", NEW)
    assert ContactEvent.objects.filter(contact=subject.contact, kind="edited").exists()


def test_a_citizens_name_is_corrected_and_they_see_it(subject: Subject) -> None:
    rectifying.accept(asked(subject.key), actor=director())
    subject.person.refresh_from_db()
    assert subject.person.name == NEW
    event = PersonEvent.objects.get(person=subject.person, kind="corrected")
    assert event.actor_id == director().pk


def test_an_address_is_replaced_by_the_right_one(subject: Subject) -> None:
    row = asked(
        f"contact:{subject.contact.pk}", what="email", present=MAIL, wanted="new@usager.example"
    )
    rectifying.accept(row, actor=director())
    mails = [one.value for one in shown_points(subject.contact) if one.kind == "email"]
    assert mails == ["new@usager.example"]


def test_what_is_not_kept_is_not_replaced(subject: Subject) -> None:
    row = asked(
        f"contact:{subject.contact.pk}", what="email", present="x@y.example", wanted="z@y.example"
    )
    with pytest.raises(DataNotAllowedError):
        rectifying.accept(row, actor=director())
    row.refresh_from_db()
    assert row.state == "asked"
    assert not any(one.value == "z@y.example" for one in shown_points(subject.contact))


def test_a_registered_letter_is_not_rewritten_and_gets_a_note(subject: Subject) -> None:
    letter = subject.letter
    before = (letter.subject, Party.objects.get(letter=letter, role="sender").name)
    row = asked(subject.key, what="letter", about=letter, wanted="Je suis née à Settat")
    rectifying.accept(row, actor=director())
    letter.refresh_from_db()
    assert (letter.subject, Party.objects.get(letter=letter, role="sender").name) == before
    event = LetterEvent.objects.get(letter=letter, kind="rectified")
    assert event.data == {"rectification": row.pk}
    assert list(verify_letters(Letter.objects.filter(pk=letter.pk))) == []


def test_it_is_decided_once_and_answered_once(subject: Subject) -> None:
    row = asked(subject.key)
    with pytest.raises(ConflictError):
        rectifying.answer(row, actor=director(), words="Par téléphone")
    with pytest.raises(DataNotAllowedError):
        rectifying.refuse(row, actor=director(), words=" ")
    rectifying.refuse(row, actor=director(), words="Son acte dit autre chose")
    with pytest.raises(ConflictError):
        rectifying.accept(row, actor=director())
    done = rectifying.answer(row, actor=director(), words="Lettre 2026/OUT/000001")
    assert done.answered_at is not None
    with pytest.raises(ConflictError):
        rectifying.answer(row, actor=director(), words="Encore")
    subject.person.refresh_from_db()
    assert subject.person.name == NAME


@pytest.mark.parametrize("username", ["badr", "dounia", "audit", "admin", "archives"])
def test_others_record_nothing(subject: Subject, username: str) -> None:
    with pytest.raises(DataNotAllowedError):
        rectifying.record(
            CorrectionRequest(subject=subject.key, what="name", wanted=NEW), actor=person(username)
        )


def test_a_clerk_decides_only_once_appointed(subject: Subject) -> None:
    row, amina = asked(subject.key), person("amina")
    with pytest.raises(DataNotAllowedError):
        rectifying.accept(row, actor=amina)
    officers.appoint(amina, actor=None)
    assert rectifying.accept(row, actor=amina).state == "done"


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "nothing"},
        {"wanted": " "},
        {"what": "letter"},
        {"what": "email", "wanted": "no address"},
    ],
)
def test_what_cannot_be_done_is_refused_at_once(subject: Subject, wrong: dict[str, Any]) -> None:
    with pytest.raises(DataNotAllowedError):
        asked(subject.key, **wrong)
