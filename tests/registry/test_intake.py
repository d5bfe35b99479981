"""A letter is registered whole or refused whole."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from jobs.models import Job
from org.keys import former_digests, lasting_digest
from org.models import User
from registry.changes import history_of
from registry.deposit_keys import channel_key
from registry.files import media
from registry.files.vault import get_vault
from registry.intake import PartyData
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.receipts import Receipt
from registry.models.registers import NumberSeries
from registry.refusals import FILE_FAULTS, DepositRefusedError, OtherContentError
from registry.tracking import ALPHABET, code_fits
from sandbox.warm import WarmChildren
from tests.factories import deposit, file, pdf, pdf_bytes, person, picture, text_file
from web.api.errors import problem_of

pytestmark = pytest.mark.django_db


def refusal(**kwargs: Any) -> DepositRefusedError:
    before = Letter.objects.count(), NumberSeries.objects.count(), Job.objects.count()
    with pytest.raises(DepositRefusedError) as caught:
        deposit(**kwargs)
    assert before == (Letter.objects.count(), NumberSeries.objects.count(), Job.objects.count())
    return caught.value


def test_readers_that_do_not_start_are_not_the_fault_of_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(media, "_children", WarmChildren("registry.files.no_such_child"))
    error = refusal(files=[pdf("Bonjour")])
    assert [one.code for one in error.refusals] == ["readers_busy"]
    assert problem_of(error).code == "unavailable"
    assert error.refusals[0].code not in FILE_FAULTS


@pytest.mark.parametrize("message", ["", " \n", "\u200b", "\u2066\u200d \ufeff\u2069"])
def test_a_message_that_nobody_can_see_is_nothing(message: str) -> None:
    assert [one.code for one in refusal(files=[], message=message).refusals] == ["nothing"]


def test_a_channel_knows_what_it_registered_before_its_keys_lasted(
    amina: User, settings: Any
) -> None:
    (old,) = former_digests("channels.mailbox", "a mail")
    for actor in (None, amina):
        letter = deposit(actor=actor, deposit_key=old, files=[text_file("la même")]).letter
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
        key = channel_key(actor, "channels.mailbox", "a mail")
        again = deposit(actor=actor, deposit_key=key, files=[text_file("la même")])
        assert (again.letter, again.created) == (letter, False)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = settings.SECRET_KEY_FALLBACKS[0], []
    new = channel_key(None, "channels.mailbox", "another mail")
    assert new == lasting_digest("channels.mailbox", "another mail")


def test_registering_writes_everything_that_belongs_to_it(amina: User) -> None:
    got = deposit(actor=amina, files=[pdf("Bonjour"), picture()], subject="Fuite", channel="post")
    letter = Letter.objects.get(pk=got.letter.pk)
    assert got.created
    assert (letter.subject, letter.channel, letter.stage) == ("Fuite", "post", "registered")
    assert letter.registered_by == amina
    assert letter.number == f"{letter.year}/IN/000001"
    assert [d.media_type for d in letter.documents.all()] == ["application/pdf", "image/png"]
    assert [d.role for d in letter.documents.all()] == ["main", "enclosure"]
    assert letter.sender is not None
    assert [event.kind for event in history_of(letter.pk)] == ["registered"]
    receipt = Receipt.objects.get(letter=letter)
    due = set(Job.objects.values_list("kind", "subject"))
    assert due == {
        ("letter.index", str(letter.pk)),
        ("letter.read", str(letter.pk)),
        ("receipt.render", str(receipt.pk)),
    }


def test_originals_lie_in_the_vault_unchanged() -> None:
    content = pdf_bytes("Original")
    letter = deposit(files=[file("a.pdf", content)]).letter
    stored = letter.documents.get().file
    with get_vault().open(stored.sha256) as stream:
        assert stream.read() == content
    assert stored.size == len(content)


def test_the_same_bytes_are_stored_once_for_two_letters() -> None:
    first, second = (deposit(files=[text_file("identique")]).letter for _ in range(2))
    assert first.documents.get().file == second.documents.get().file
    assert StoredFile.objects.count() == 1


def test_the_same_file_twice_in_one_letter_is_two_documents() -> None:
    letter = deposit(files=[text_file("identique"), text_file("identique")]).letter
    assert [d.position for d in letter.documents.all()] == [1, 2]
    assert StoredFile.objects.count() == 1


def test_a_message_without_file_becomes_a_document() -> None:
    for words in ("J'ai un problème d'eau.", "!", "#!/bin/sh", "MZ", "<b>Monsieur</b>", "%PDF-"):
        document = deposit(message=words).letter.documents.get()
        assert document.media_type == "text/plain"
        with get_vault().open(document.file.sha256) as stream:
            assert stream.read().decode() == words


@pytest.mark.parametrize("text", ["a", "!", "م", "ok"])
def test_a_text_of_a_few_characters_is_taken(text: str) -> None:
    assert deposit(files=[text_file(text)]).letter.documents.get().media_type == "text/plain"


def test_an_outgoing_letter_has_its_own_number_and_no_receipt() -> None:
    letter = deposit(register="OUT").letter
    assert "/OUT/" in letter.number
    assert not Receipt.objects.exists()


def test_one_bad_file_refuses_the_whole_deposit_and_names_every_reason() -> None:
    bad = [text_file(), file("vide.pdf", b""), file("jeu.pdf", b"MZ\x90\0" + b"\0" * 99)]
    error = refusal(files=bad)
    assert [(r.code, r.name) for r in error.refusals] == [
        ("empty", "vide.pdf"),
        ("executable", "jeu.pdf"),
    ]
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_refusal_speaks_the_persons_language(language: str) -> None:
    error = refusal(files=[file("vide.pdf", b"")])
    with translation.override(language):
        words = error.refusals[0].words()
    assert "vide.pdf" in words
    arabic = any("\u0600" <= c <= "\u06ff" for c in words)
    assert arabic == (language == "ar")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"files": []}, "nothing"),
        ({"register": "XX"}, "no_register"),
        ({"channel": "pigeon"}, "bad_value"),
        ({"confidentiality": 3}, "bad_value"),
        ({"confidentiality": -1}, "bad_value"),
        ({"language": "french"}, "bad_value"),
        ({"parties": [PartyData("sender", "A"), PartyData("sender", "B")]}, "bad_value"),
        ({"parties": [PartyData("witness", "A")]}, "bad_value"),
        ({"register": "PV"}, "no_register"),
    ],
)
def test_bad_data_is_refused_in_words(data: dict[str, Any], code: str) -> None:
    error = refusal(**data)
    assert [r.code for r in error.refusals] == [code]
    assert error.refusals[0].words()


@pytest.mark.parametrize("files", [101, 60])
def test_too_many_files_are_refused(files: int) -> None:
    error = refusal(files=[text_file() for _ in range(files)])
    assert [r.code for r in error.refusals] == ["too_many_files"]


def test_long_and_hostile_words_are_kept_as_one_plain_line() -> None:
    letter = deposit(subject="Objet\u202e\nfdp.exe\0" + "x" * 900, sender="A\u2066B\tC").letter
    letter.refresh_from_db()
    assert letter.subject.startswith("Objet fdp.exe x")
    assert len(letter.subject) <= 500
    assert letter.parties.get().name == "AB C"


def test_a_name_with_direction_tricks_is_shown_for_what_it_is() -> None:
    letter = deposit(files=[file("facture\u202efdp.txt", b"bonjour")]).letter
    assert letter.documents.get().title == "facturefdp.txt"


class TestDepositKey:
    """An idempotency key: the same deposit sent twice is one letter."""

    def test_the_same_key_gives_the_same_letter(self, amina: User) -> None:
        first = deposit(actor=amina, deposit_key="k1", files=[text_file("la même")])
        second = deposit(actor=amina, deposit_key="k1", files=[text_file("la même")])
        assert (first.created, second.created) == (True, False)
        assert first.letter == second.letter
        assert first.tracking_code == second.tracking_code
        assert Letter.objects.count() == 1

    def test_keys_of_two_people_never_meet(self, amina: User, badr: User) -> None:
        letters = {deposit(actor=who, deposit_key="k1").letter.pk for who in (amina, badr, None)}
        assert len(letters) == 3

    @pytest.mark.parametrize(
        "other",
        [
            {"files": [("une.txt", "autre")]},
            {"files": [("autre.txt", "une lettre")]},
            {"files": [("une.txt", "une lettre"), ("deux.txt", "deux")]},
            {"files": [("une.txt", "une lettre")], "message": "Et ceci."},
            {"files": [("une.txt", "une lettre")], "subject": "Autre"},
            {"files": [("une.txt", "une lettre")], "sender": "Autre"},
        ],
    )
    def test_the_same_key_with_other_content_is_refused_and_names_the_letter(
        self, amina: User, other: dict[str, Any]
    ) -> None:
        def send(given: dict[str, Any]) -> Any:
            files = [file(name, text.encode()) for name, text in given["files"]]
            return deposit(actor=amina, deposit_key="k1", **given | {"files": files})

        first = send({"files": [("une.txt", "une lettre")]})
        with pytest.raises(OtherContentError) as error:
            send(other)
        assert error.value.number == first.letter.number
        assert Letter.objects.count() == 1
        assert send({"files": [("une.txt", "une lettre")]}).letter == first.letter

    def test_a_message_sent_again_is_the_same(self, amina: User) -> None:
        first = deposit(actor=amina, deposit_key="k1", files=[], message="Fuite \ud800")
        again = deposit(actor=amina, deposit_key="k1", files=[], message="Fuite \ud800")
        assert again.letter == first.letter

    def test_a_letter_of_before_digests_were_kept_is_given_as_it_was(self, amina: User) -> None:
        first = deposit(actor=amina, deposit_key="k1").letter
        Letter.objects.filter(pk=first.pk).update(deposit_digest="")
        assert deposit(actor=amina, deposit_key="k1", subject="Autre").letter == first

    def test_a_key_that_is_made_of_the_content_says_all(self, amina: User) -> None:
        first = deposit(actor=amina, deposit_key="k1", key_says_all=True)
        again = deposit(actor=amina, deposit_key="k1", key_says_all=True, subject="Autre")
        assert again.letter == first.letter

    def test_a_refused_deposit_does_not_use_its_key_up(self, amina: User) -> None:
        refusal(actor=amina, deposit_key="k1", files=[file("a.pdf", b"")])
        assert deposit(actor=amina, deposit_key="k1").created


@pytest.mark.django_db(transaction=True)
def test_eight_simultaneous_deposits_with_one_key_are_one_letter() -> None:
    amina = person("amina")

    def send(_number: int) -> tuple[Any, bool]:
        try:
            got = deposit(actor=amina, deposit_key="k1", files=[text_file("la même")])
        finally:
            connection.close()
        return got.letter.pk, got.created

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert len({letter_id for letter_id, _ in answers}) == 1
    assert sum(created for _, created in answers) == 1
    assert NumberSeries.objects.get().last == 1
    assert LetterEvent.objects.count() == 1
    assert Document.objects.count() == 1


def test_the_tracking_code_opens_only_its_letter_and_is_not_in_the_database() -> None:
    first, second = deposit(), deposit()
    code, letter = first.tracking_code, first.letter
    assert set(code.replace("-", "")) <= set(ALPHABET)
    assert code_fits(letter.pk, letter.tracking_hash, code.lower().replace("-", " "))
    assert not code_fits(second.letter.pk, second.letter.tracking_hash, code)
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            assert code not in str(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_letters_that_bring_the_same_files_in_another_order_do_not_block_each_other() -> None:
    """New files are rows that the others wait for: whoever waits in a circle would be refused."""

    def send(contents: list[str]) -> None:
        try:
            deposit(files=[text_file(text) for text in contents])
        finally:
            connection.close()

    for round_ in range(6):
        contents = [f"Pièce {number} de la série {round_}" for number in range(12)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(send, [contents, contents[::-1]] * 2))
    assert (Letter.objects.count(), StoredFile.objects.count()) == (24, 72)


@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_deposits_with_one_key_and_other_content_one_is_refused() -> None:
    amina = person("amina")

    def send(number: int) -> str:
        try:
            got = deposit(actor=amina, deposit_key="k1", files=[text_file(f"lettre {number}")])
        except OtherContentError as error:
            return error.number
        finally:
            connection.close()
        return f"registered {got.letter.number}"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(send, range(4)))
    number = Letter.objects.get().number
    assert answers == [number, number, number, f"registered {number}"]
