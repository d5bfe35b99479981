"""We have this letter already: found again in whatever form it comes, and no other one with it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.book.voiding import approve_void, ask_to_void
from registry.doubles.finding import Known, Match, find_same, known_hashes, same_files
from registry.doubles.index import (
    MOST_OF_A_KEY,
    Print,
    Seen,
    candidates,
    numbers_of,
    print_of,
    write_print,
)
from registry.models.duplicates import Fingerprint, FingerprintBand
from registry.models.letters import Letter
from tests.factories import deposit, person, text_file

pytestmark = pytest.mark.django_db

LETTER = (
    "Samira Chraibi\n34, rue des Amandiers, El Jadida\nEl Jadida, le 12 mars 2026\n"
    "Monsieur le Directeur,\nDepuis trois semaines l'eau coule sous le trottoir devant ma porte et "
    "la cave du voisin est inondée. Contrat 4412907, téléphone 0661248735. Je vous demande "
    "d'envoyer une équipe avant que le mur ne cède.\nVeuillez agréer mes salutations distinguées."
)
FORM = (
    "DEMANDE DE RÉSILIATION\nJe soussigné {name}, titulaire du contrat n° {contract}, demande la "
    "résiliation de mon abonnement à compter du {day}. L'index relevé au compteur est de {index}. "
    "Je reste joignable au {phone}. Je vous prie d'agréer l'expression de ma considération.\n{name}"
)
ONE = FORM.format(
    name="Hassan Guerraoui", contract=5259450, day="11 mai", index=3957, phone="0692146393"
)
OTHER = FORM.format(
    name="Khadija Sebti", contract=7031188, day="28 juin", index=1204, phone="0618870021"
)


def keep(text: str = "", *, look: str = "", number: int = 0, **data: Any) -> Letter:
    """A registered letter in the index, as its reading would have put it there."""
    letter = deposit(files=[text_file(text)] if text else None, **data).letter
    document = letter.documents.get()
    write_print(document, print_of(Seen(text, (look,) if look else ())))
    record(document, text)
    return letter


def record(document: Any, text: str) -> None:
    from django.db import transaction

    from registry.reading.readings import NewReading, record_readings

    with transaction.atomic():
        page = {"number": 1, "text": text, "words": []}
        letter = Letter.objects.get(pk=document.letter_id)
        record_readings(letter, [NewReading(document.pk, "test", "fr", text, [page])])


def found(text: str = "", *, look: str = "", **known: Any) -> list[Match]:
    return find_same(Known((Seen(text, (look,) if look else ()),), **known))


def look_of_rows(count: int, *, seed: int = 1) -> str:
    """The look of a page with so many different rows of writing."""
    import random

    rng = random.Random(seed)
    return "".join(f"{rng.randint(120, 250):02x}{rng.getrandbits(32):08x}" for _ in range(count))


def test_a_letter_misread_here_and_there_is_found_by_its_words() -> None:
    letter = keep(LETTER)
    misread = LETTER.replace("semaines", "semaincs").replace("trottoir", "trotloir")
    (match,) = found(misread.replace("Directeur", "Dirceteur"))
    assert (match.letter_id, match.reasons) == (letter.pk, ("same_text",))
    assert match.score > 0.9


def test_the_words_in_a_mail_are_found_although_its_head_stands_before_them() -> None:
    letter = keep(LETTER)
    (match,) = found(f"From: samira@example.org\nSubject: fuite\nDate: 14 Mar 2026\n\n{LETTER}")
    assert match.letter_id == letter.pk


def test_the_same_form_with_other_names_and_numbers_is_another_letter() -> None:
    keep(ONE)
    assert found(OTHER) == []
    assert found(ONE)


def test_a_form_that_looks_the_same_too_is_still_another_letter() -> None:
    look = look_of_rows(20)
    keep(ONE, look=look)
    assert found(OTHER, look=look) == []


def test_pages_that_nobody_can_read_are_found_by_what_they_look_like() -> None:
    letter = keep("", look=look_of_rows(20))
    (match,) = found("", look=look_of_rows(20))
    assert (match.letter_id, match.reasons) == (letter.pk, ("same_pages",))
    assert found("", look=look_of_rows(20, seed=2)) == []


def test_a_page_with_a_line_or_two_looks_like_any_other() -> None:
    keep("", look=look_of_rows(1))
    assert found("", look=look_of_rows(1)) == []


def test_few_words_say_nothing() -> None:
    keep("Veuillez trouver ci-joint le document demandé.")
    assert found("Veuillez trouver ci-joint le document demandé.") == []


def test_sender_reference_and_date_together_count(amina: Any) -> None:
    from datetime import date

    facts: dict[str, Any] = {"external_reference": "GT/7-2026", "document_date": date(2026, 3, 4)}
    letter = deposit(sender="Cabinet Atlas", **facts).letter
    write_print(
        letter.documents.get(), print_of(Seen(), sender="Cabinet Atlas", reference="GT/7-2026")
    )
    same = {"sender": "CABINET ATLAS", "reference": "GT / 7 - 2026"}
    (match,) = found(**same, written=date(2026, 3, 4))
    assert (match.letter_id, match.reasons) == (letter.pk, ("same_sender_reference_date",))
    assert found(**same, written=date(2026, 3, 5)) == []


def test_a_mail_that_came_before_is_known_by_its_message_id() -> None:
    letter = keep("")
    write_print(letter.documents.get(), print_of(Seen(message_id="abc@example.org")))
    (match,) = find_same(Known((Seen(message_id="abc@example.org"),)))
    assert (match.letter_id, match.reasons) == (letter.pk, ("same_message",))


def test_the_same_file_is_known_before_anything_is_read() -> None:
    letter = deposit(files=[text_file("La même lettre.")]).letter
    again = deposit(files=[text_file("La même lettre.")]).letter
    assert same_files(known_hashes(again), again.pk) == [letter.pk]
    (match,) = find_same(Known((Seen(sha256=known_hashes(again)[0]),)), besides=again.pk)
    assert (match.letter_id, match.score, match.reasons) == (letter.pk, 1.0, ("same_file",))


def test_an_enclosure_in_common_is_no_letter_in_common() -> None:
    plan = "Plan de situation du lotissement"
    deposit(files=[text_file("Première demande"), text_file(plan)])
    other = deposit(files=[text_file("Autre demande"), text_file(plan)]).letter
    assert same_files(known_hashes(other), other.pk) == []


def test_voided_letters_and_what_we_sent_are_left_out() -> None:
    voided = keep(LETTER)
    approve_void(
        ask_to_void(voided, actor=person("amina"), reason="Essai"), actor=person("direction")
    )
    keep(LETTER, register="OUT", sender="")
    assert found(LETTER) == []


def test_a_form_that_everybody_sends_costs_no_more_than_any_letter() -> None:
    """However many have a key, so many rows of it are read."""
    letter = deposit().letter
    rows = [Fingerprint(document=letter.documents.get(), letter=letter)]
    for _ in range(MOST_OF_A_KEY + 20):
        other = deposit().letter
        rows.append(Fingerprint(document=other.documents.get(), letter=other))
    Fingerprint.objects.bulk_create(rows)
    FingerprintBand.objects.bulk_create(FingerprintBand(fingerprint=row, value=7) for row in rows)
    with CaptureQueriesContext(connection) as queries:
        near = candidates([7, 8, 9])
    assert len(queries) == 2
    assert len(near) < len(rows)
    assert near[0].letter_id == rows[-1].letter_id  # the newest
    assert "registry_fingerprintband" not in "".join(
        line for line in _plan(queries[0]["sql"]).splitlines() if "SCAN" in line
    )


def _plan(sql: str) -> str:
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            return ""
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(str(row) for row in cursor.fetchall())


def test_a_new_reading_takes_the_place_of_the_old_one_in_the_index() -> None:
    letter = keep(LETTER)
    document = letter.documents.get()
    write_print(document, print_of(Seen(ONE)))
    record(document, ONE)
    assert found(LETTER) == []
    assert found(ONE)
    assert Fingerprint.objects.get(letter=letter).bands.count() == len(print_of(Seen(ONE)).keys)


def test_a_document_without_anything_to_know_it_by_has_no_key() -> None:
    assert print_of(Seen()) == Print((), (), "", frozenset())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Tél. 06 61 24 87 35, contrat 4412907", ["0661248735", "4412907"]),
        ("العقد رقم ٤٤١٢٩٠٧", ["4412907"]),
        ("le 12 mars 2026, 34 DH", []),
    ],
)
def test_long_numbers_are_found_in_any_notation(text: str, numbers: list[str]) -> None:
    assert numbers_of(text) == numbers
