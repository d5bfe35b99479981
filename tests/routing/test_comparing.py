"""The job that asks whether a letter is here already, along its way through the office."""

import pytest
from django.core.management import call_command

from jobs.models import Job
from org.models import User
from registry.corrections import correct_letter
from registry.mails import message_id_of
from registry.models.duplicates import Fingerprint, SameMail
from registry.models.letters import Letter
from tests.factories import deposit, drain, file, text_file

pytestmark = pytest.mark.django_db

TEXT = (
    "Rachid Tazi\n12, rue de Tétouan\nEl Jadida, le 3 février 2026\nMonsieur le Directeur,\n"
    "Le compteur de mon atelier affiche 4812 mètres cubes alors que l'atelier est fermé depuis "
    "l'été. Contrat 7120044, téléphone 0661993027. Je vous prie de faire vérifier l'appareil et "
    "de suspendre la facture en attendant.\nVeuillez agréer mes salutations distinguées.\n{end}"
)
WAY = ("letter.read", "letter.understand", "letter.compare")


def walk() -> None:
    """Read, understood, compared."""
    for _ in range(3):
        drain(*WAY)


def test_a_letter_that_comes_again_is_proposed_after_its_reading(amina: User) -> None:
    paper = deposit(actor=amina, files=[text_file(TEXT.format(end="R. Tazi"))]).letter
    mail = deposit(
        actor=amina, channel="email", files=[text_file(f"Bonjour,\n{TEXT.format(end='Rachid')}")]
    ).letter
    walk()
    row = SameMail.objects.get()
    assert (row.letter_id, row.other_id, row.kind) == (mail.pk, paper.pk, "copy")
    assert row.reasons[0] == "same_text"


def test_a_letter_that_names_our_number_is_proposed_as_its_reminder(amina: User) -> None:
    first = deposit(actor=amina, files=[text_file("Une fuite devant ma porte, rue des Lilas.")])
    words = f"Objet : rappel\nV/Réf. : {first.letter.number}\nMa lettre reste sans réponse."
    second = deposit(actor=amina, files=[text_file(words)])
    walk()
    row = SameMail.objects.get()
    assert (row.letter_id, row.other_id) == (second.letter.pk, first.letter.pk)
    assert (row.kind, row.reasons) == ("reminder", ["quotes_number"])


def test_letters_from_before_the_index_are_put_into_it_when_asked(amina: User) -> None:
    old = deposit(actor=amina).letter
    walk()
    Fingerprint.objects.filter(letter=old).delete()
    deposit(actor=amina, register="OUT", sender="")
    for missing, asked in ((True, 1), (True, 1), (False, 1)):
        call_command("compare_letters", missing=missing)
        ready = Job.objects.filter(kind="letter.compare", state="ready")
        assert [job.subject for job in ready] == [str(old.pk)] * asked
    walk()
    assert Fingerprint.objects.filter(letter=old).exists()
    call_command("compare_letters", missing=True)
    assert not Job.objects.filter(kind="letter.compare", state="ready").exists()


def test_what_we_sent_is_neither_indexed_nor_compared(amina: User) -> None:
    deposit(actor=amina, register="OUT", sender="", files=[text_file(TEXT)])
    walk()
    assert not Fingerprint.objects.exists()


def test_comparing_again_changes_nothing(amina: User) -> None:
    for end in ("R. Tazi", "R. Tazi."):
        deposit(actor=amina, files=[text_file(TEXT.format(end=end))])
    walk()
    before = list(SameMail.objects.values("letter", "other", "score"))
    for letter in Letter.objects.all():
        Job.objects.filter(kind="letter.compare", subject=str(letter.pk)).update(state="ready")
    walk()
    assert list(SameMail.objects.values("letter", "other", "score")) == before
    assert len(before) == 1


def test_a_corrected_reference_is_a_reason_to_look_again(amina: User) -> None:
    letter = deposit(actor=amina).letter
    walk()
    correct_letter(letter, actor=amina, changes={"subject": "Autre"})
    assert not Job.objects.filter(kind="letter.compare", state="ready").exists()
    correct_letter(letter, actor=amina, changes={"external_reference": "GT/7"})
    assert Job.objects.filter(kind="letter.compare", state="ready").exists()


def test_a_mail_is_known_by_its_message_id_however_it_is_wrapped(
    amina: User, tmp_path: object
) -> None:
    mail = (
        "Received: from {relay}\nMessage-ID: <77ab@example.org>\nFrom: a@example.org\n"
        "To: bo@example.org\nSubject: Demande\nDate: Tue, 3 Feb 2026 10:00:00 +0100\n\nBonjour.\n"
    )
    for relay in ("one.example", "two.example"):
        content = mail.format(relay=relay).encode()
        deposit(actor=amina, channel="email", files=[file("m.eml", content)])
    walk()
    assert SameMail.objects.get().reasons[0] == "same_message"


def test_a_message_id_is_read_from_the_head_alone(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "m.eml"
    path.write_bytes(b"Subject: x\r\n\r\nMessage-ID: <body@example.org>\r\n")
    assert message_id_of(path) == ""
    path.write_bytes(b"MESSAGE-Id:  <head@example.org>\r\n\r\nx")
    assert message_id_of(path) == "head@example.org"
