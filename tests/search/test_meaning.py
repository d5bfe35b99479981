"""Letters by meaning and similar letters, with the office's own index and the real model."""

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.errors import Unavailable
from jobs.models import Job
from org.models import User
from registry.models.letters import Letter
from registry.reading.readings import NewReading, record_readings
from search.answers.snippets import plain
from search.backends.elasticsearch.client import connect
from search.meaning import engines as meaning_engines
from search.meaning import text as meaning_text
from search.meaning.engines import get_meaning_engine
from search.meaning.keeping import without_progress
from search.meaning.prose import prose_of
from search.models import LetterVector
from search.services import (
    embed_letter_work,
    letters_by_meaning,
    meaning_state,
    rebuild_meaning,
    similar_letters,
    start_filling,
)
from tests.factories import address, deposit, drain
from tests.search.conftest import elasticsearch_url

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("meaning")]

LEAK_AR = "انفجرت قناة الماء الصالح للشرب قرب المدرسة والماء يجري في الشارع"
LEAK_FR = "La conduite d'eau potable a éclaté près de l'école et l'eau coule dans la rue."
WAGES = "Je vous prie de bien vouloir m'adresser mon bulletin de paie du mois de mars."
JOBS = ("letter.index", "letter.meaning")


@pytest.fixture(autouse=True)
def _meaning_on(own_data_dir: Path, settings: Any) -> None:
    """An office of its own, with the capability."""
    settings.MEANING = True


def letter_with(text: str, *, subject: str = "", **data: Any) -> Letter:
    letter = deposit(subject=subject, **data).letter
    reading = NewReading(letter.documents.get().pk, "test", "", text, pages=[])
    record_readings(letter, [reading])
    drain(*JOBS)
    drain(*JOBS)
    return Letter.objects.get(pk=letter.pk)


def asked(viewer: User, words: str, **more: Any) -> list[str]:
    return [hit.number for hit in letters_by_meaning(viewer=viewer, words=words, **more)]


def test_a_question_finds_the_letter_in_the_other_language_with_its_passage(amina: User) -> None:
    arabic, french = letter_with(LEAK_AR), letter_with(WAGES)
    (hit,) = letters_by_meaning(viewer=amina, words="conduite d'eau éclatée dans la rue")
    assert hit.number == arabic.number
    assert plain(hit.snippet) == LEAK_AR
    assert asked(amina, "بيان أجرة شهر مارس") == [french.number]


def test_nothing_is_better_than_nonsense(amina: User) -> None:
    letter_with(LEAK_AR)
    assert asked(amina, "recette de tajine aux pruneaux") == []


@pytest.mark.parametrize("words", ["", "2026/IN/000001", "12 34", "-fuite", "a", "\x00", "*"])
def test_what_is_no_prose_is_not_asked(amina: User, words: str) -> None:
    letter_with(LEAK_AR)
    assert asked(amina, words) == []


def test_operators_and_fields_are_not_prose() -> None:
    assert (
        prose_of('"fuite d’eau" -facture from:Tazi raccord* 2026/IN/3')
        == "fuite d’eau Tazi raccord"
    )


def test_a_similar_letter_is_in_any_language_and_never_itself(amina: User) -> None:
    arabic, french, other = letter_with(LEAK_AR), letter_with(LEAK_FR), letter_with(WAGES)
    found = similar_letters(viewer=amina, letter=arabic)
    assert [hit.number for hit in found] == [french.number]
    assert similar_letters(viewer=amina, letter=other) == []


def test_what_is_not_addressed_to_chafik_is_not_near_for_him(
    amina: User, badr: User, chafik: User
) -> None:
    hidden, mine = letter_with(LEAK_AR, departments=["EAU"]), letter_with(LEAK_FR)
    address(mine, "SI")
    drain(*JOBS)
    drain(*JOBS)
    words = "conduite d'eau cassée"
    assert set(asked(amina, words)) == {hidden.number, mine.number}
    assert asked(badr, words) == [hidden.number]
    assert asked(chafik, words) == [mine.number]
    assert similar_letters(viewer=chafik, letter=mine) == []


def test_a_right_lost_a_second_ago_is_lost(chafik: User) -> None:
    mine, other = letter_with(LEAK_FR, departments=["SI"]), letter_with(LEAK_AR, departments=["SI"])
    assert len(asked(chafik, "conduite d'eau cassée")) == 2
    other.readers.update(active=False)  # and no job has told the index
    assert asked(chafik, "conduite d'eau cassée") == [mine.number]
    assert similar_letters(viewer=chafik, letter=mine) == []


def test_what_is_shown_already_is_left_out(amina: User) -> None:
    first, second = letter_with(LEAK_FR), letter_with(LEAK_AR)
    found = asked(amina, "conduite d'eau cassée", without=[first.pk], limit=1)
    assert found == [second.number]


def test_vectors_are_made_again_only_where_words_have_changed(
    amina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = letter_with(LEAK_AR)
    made = LetterVector.objects.get(letter=letter).made_at
    address(letter, "SI")
    drain(*JOBS)
    assert drain(*JOBS) == 1, "the index is told of the new reader"
    assert LetterVector.objects.get(letter=letter).made_at == made
    record_readings(letter, [NewReading(letter.documents.get().pk, "test", "", WAGES, pages=[])])
    drain(*JOBS)
    drain(*JOBS)
    assert LetterVector.objects.get(letter=letter).made_at > made
    assert asked(amina, "conduite d'eau cassée") == []


def test_hits_take_a_fixed_number_of_queries(amina: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            for hit in letters_by_meaning(viewer=amina, words="conduite d'eau cassée"):
                assert hit.letter.sender
                assert hit.letter.register.code
        return len(captured)

    letter_with(LEAK_AR)
    one = queries()
    for _ in range(3):
        letter_with(LEAK_AR)
    assert len(asked(amina, "conduite d'eau cassée")) == 4
    assert queries() == one <= 8


def test_switched_off_it_is_not_there_and_asks_for_no_job(amina: User, settings: Any) -> None:
    settings.MEANING = False
    letter = letter_with(LEAK_AR)
    assert (meaning_state(), asked(amina, "conduite d'eau")) == ("off", [])
    assert similar_letters(viewer=amina, letter=letter) == []
    assert not Job.objects.filter(kind="letter.meaning").exists()
    with pytest.raises(CommandError):
        call_command("rebuild_meaning")


def test_without_the_package_all_else_works(amina: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning_engines, "find_spec", lambda _name: None)
    letter_with(LEAK_AR)
    assert (meaning_state(), asked(amina, "conduite d'eau")) == ("off", [])


def test_a_changed_model_file_means_no_vectors_and_no_error(
    amina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("language.vectors._encoder", lambda: None)
    letter = letter_with(LEAK_AR)
    assert asked(amina, "conduite d'eau") == []
    assert similar_letters(viewer=amina, letter=letter) == []


def test_a_lost_index_is_made_again_from_the_database_without_the_model(
    amina: User, own_data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = letter_with(LEAK_AR)
    shutil.rmtree(own_data_dir / "meaning")
    assert asked(amina, "conduite d'eau cassée") == []
    monkeypatch.setattr(meaning_text, "sentence_vectors", None)
    assert rebuild_meaning() == 1
    monkeypatch.undo()
    assert asked(amina, "conduite d'eau cassée") == [letter.number]


def test_earlier_letters_are_filled_in_spare_time_and_go_on_where_they_were(
    amina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.meaning.keeping._BATCH", 2)
    letters = [letter_with(text) for text in (LEAK_AR, LEAK_FR, WAGES)]
    LetterVector.objects.all().delete()
    Job.objects.all().delete()
    assert start_filling()
    assert meaning_state() == "filling"
    drain("meaning.fill")
    assert LetterVector.objects.count() == 2, "one batch, then the next asks again"
    drain("meaning.fill")
    assert {row.letter_id for row in LetterVector.objects.all()} == {one.pk for one in letters}
    while drain("meaning.fill"):
        pass
    assert meaning_state() == "on"
    assert not start_filling()


def test_filling_gives_way_to_new_letters(amina: User) -> None:
    letter_with(LEAK_AR)
    LetterVector.objects.all().delete()
    start_filling()
    deposit(subject="Fuite")
    drain("meaning.fill")
    assert not LetterVector.objects.exists()
    assert Job.objects.get(kind="meaning.fill").state == "ready"


def test_another_model_makes_index_and_vectors_anew(
    amina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = letter_with(LEAK_AR)
    monkeypatch.setattr("search.meaning.text._RULES", "other")
    assert asked(amina, "conduite d'eau cassée") == [], "said in the log, and no error"
    with pytest.raises(Unavailable):
        embed_letter_work(str(letter.pk), without_progress)
    Job.objects.exclude(kind="meaning.fill").delete()
    while drain("meaning.fill"):
        pass
    assert LetterVector.objects.get().model.endswith("/other")
    assert asked(amina, "conduite d'eau cassée") == [letter.number]


def test_the_command_says_what_it_did(amina: User) -> None:
    letter_with(LEAK_AR)
    out = io.StringIO()
    call_command("rebuild_meaning", stdout=out)
    assert "1 (" in out.getvalue()


def test_letterhead_and_courtesy_are_left_out_of_what_a_letter_is_about() -> None:
    text = (
        "ROYAUME DU MAROC\nMinistère de l'Intérieur\nProvince d'El Jadida\n12, rue de Tétouan\n"
        "Tél. 05 23 34 56 78\nÀ Monsieur le Directeur\nJ'ai l'honneur de porter à votre "
        "connaissance ce qui suit, en vous remerciant de l'attention que vous lui accorderez.\n"
        f"{LEAK_FR}\nJe vous prie d'agréer, Monsieur le Directeur, l'expression de ma "
        "considération distinguée.\nSignature : K. Bennani\nPièces jointes : copies\n"
    )
    made = meaning_text.letter_vectors("", text)
    assert made is not None
    assert len(made.vectors) == 512 * len(made.places)
    passages = [text[start:end] for start, end in made.places]
    assert any(LEAK_FR in passage for passage in passages)
    assert not any("ROYAUME" in passage for passage in passages)


def test_a_letter_without_words_has_no_vectors(amina: User) -> None:
    letter = letter_with("12 / 34", subject="")
    assert LetterVector.objects.get(letter=letter).places == []
    assert similar_letters(viewer=amina, letter=letter) == []


def test_no_query_word_reaches_the_log(amina: User, caplog: pytest.LogCaptureFixture) -> None:
    letter_with(LEAK_AR)
    with caplog.at_level("DEBUG"):
        asked(amina, "conduite éclatée")
    assert "conduite" not in caplog.text


@pytest.mark.production
def test_an_office_with_elasticsearch_finds_the_same_within_the_same_rights(
    amina: User, chafik: User, settings: Any
) -> None:
    settings.SEARCH_URL = elasticsearch_url()
    hidden, mine = letter_with(LEAK_AR, departments=["EAU"]), letter_with(LEAK_FR)
    address(mine, "SI")
    drain(*JOBS)
    drain(*JOBS)
    get_meaning_engine().settle()
    words = "conduite d'eau cassée"
    assert set(asked(amina, words)) == {hidden.number, mine.number}
    assert asked(chafik, words) == [mine.number]
    (similar,) = similar_letters(viewer=amina, letter=hidden)
    assert similar.number == mine.number
    mine.readers.update(active=False)
    assert asked(chafik, words) == []
    assert rebuild_meaning() == 2
    assert set(asked(amina, words)) == {hidden.number, mine.number}
    client = connect(settings.SEARCH_URL).client
    for index in client.indices.get(index=f"{connect(settings.SEARCH_URL).alias}*"):
        client.indices.delete(index=index)


def test_an_index_that_is_away_makes_its_job_wait_and_the_page_go_on(
    amina: User, settings: Any
) -> None:
    settings.SEARCH_URL = "http://127.0.0.1:1/?timeout=1"
    letter = deposit().letter
    with pytest.raises(Unavailable):
        embed_letter_work(str(letter.pk), without_progress)
    assert asked(amina, "conduite d'eau") == []
