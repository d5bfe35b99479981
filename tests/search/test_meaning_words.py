"""Letters found by words that mean the same in other letters: the list of words, and its use."""

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from jobs.models import Job
from org.models import User
from search.answers.snippets import plain
from search.backends.elasticsearch.client import connect
from search.contract import Hit
from search.engines import get_engine
from search.meaning import word_list as files_of_words
from search.meaning.joining import Lists, joined
from search.meaning.models import WordList, WordPart
from search.meaning.near_words import by_script, word_vectors
from search.meaning.translating import stems_of
from search.meaning.vocabulary import choose_words, common_stems, content_words, count_words
from search.meaning.word_list import draft_of_words, words_in_use, words_of
from search.meaning.word_making import (
    Part,
    _read,
    is_making_words,
    save_words,
    start_words,
    words_work,
)
from search.meaning_contract import Near
from search.models import LetterVector
from search.services import letters_by_meaning, queue_words
from tests.factories import address, deposit, drain
from tests.search.conftest import elasticsearch_url
from tests.search.test_meaning import JOBS, LEAK_AR, LEAK_FR, WAGES, asked, letter_with

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("meaning")]

METER_AR = "أطلب منكم تغيير العداد المعطل في منزلي وقراءة الاستهلاك من جديد"


@pytest.fixture(autouse=True)
def _meaning_on(own_data_dir: Path, settings: Any) -> None:
    settings.MEANING = True


def make_words() -> WordList:
    Job.objects.exclude(kind="meaning.words").delete()  # it would give way to them
    start_words()
    while drain("meaning.words"):
        pass
    return words_in_use()


def test_the_list_holds_the_words_of_the_letters_as_they_are_spelt() -> None:
    letter_with(LEAK_FR, subject="Réclamation n° 12")
    letter_with(LEAK_AR)
    made = make_words()
    assert (made.letters, made.words) == (2, len(known_words()))
    assert {"réclamation", "éclaté", "conduite", "قناة", "المدرسة"} <= known_words()
    assert not {"la", "12", "de", "في"} & known_words()


def known_words() -> set[str]:
    return {word for part in WordPart.objects.all() for word in part.words.split("\n")}


def test_a_letter_says_by_which_words_of_its_language_it_was_found(amina: User) -> None:
    letter_with(METER_AR)
    letter_with(LEAK_AR)
    make_words()
    (hit, *_) = letters_by_meaning(viewer=amina, words="remplacer le compteur de ma maison")
    assert plain(hit.snippet) == METER_AR
    assert "العداد" in hit.by_words
    assert [part.text for part in hit.snippet if part.marked and part.text in hit.by_words]


def test_words_find_what_vectors_alone_leave_below_the_floor(
    amina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = letter_with(METER_AR)
    monkeypatch.setattr("search.meaning.searching.ASKED_FLOOR", 0.9)
    assert asked(amina, "remplacer le compteur de ma maison") == []
    make_words()
    assert asked(amina, "remplacer le compteur de ma maison") == [letter.number]


def test_rights_hold_for_what_words_find(
    amina: User, chafik: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden, mine = letter_with(METER_AR, departments=["EAU"]), letter_with(METER_AR)
    address(mine, "SI")
    drain(*JOBS)
    drain(*JOBS)
    make_words()
    monkeypatch.setattr("search.meaning.searching.ASKED_FLOOR", 0.9)
    words = "remplacer le compteur"
    assert set(asked(amina, words)) == {hidden.number, mine.number}
    assert asked(chafik, words) == [mine.number]
    mine.readers.update(active=False)
    assert asked(chafik, words) == []


def test_nothing_is_still_better_than_nonsense(amina: User) -> None:
    letter_with(LEAK_AR)
    make_words()
    assert asked(amina, "recette de tajine aux pruneaux") == []


def test_a_list_is_mapped_from_files_that_are_written_again_when_lost(
    amina: User, own_data_dir: Path
) -> None:
    letter_with(METER_AR)
    made = make_words()
    assert words_of(made.made) is not None
    files = list((own_data_dir / "meaning-words" / made.made).iterdir())
    assert len(files) == 4
    files_of_words._opened.cache_clear()
    shutil.rmtree(own_data_dir / "meaning-words")
    assert words_of(made.made) is not None
    assert words_of("no such list") is None


def test_an_earlier_list_is_forgotten_with_its_files(
    own_data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_with(METER_AR)
    first = make_words()
    words_of(first.made)
    letter_with(LEAK_FR)
    second = make_words()
    assert first.made != second.made
    assert set(WordPart.objects.values_list("made", flat=True)) == {second.made}
    words_of(second.made)
    assert [one.name for one in (own_data_dir / "meaning-words").iterdir()] == [second.made]


def test_a_list_that_would_be_the_same_is_not_made_again() -> None:
    letter_with(METER_AR)
    assert make_words().made == make_words().made


def test_another_model_makes_another_list(amina: User, monkeypatch: pytest.MonkeyPatch) -> None:
    letter_with(METER_AR)
    first = make_words()
    monkeypatch.setattr("search.meaning.text._RULES", "other")
    assert make_words().made != first.made


def test_it_is_made_batch_by_batch_and_the_old_list_answers_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.meaning.word_making._LETTERS", 1)
    monkeypatch.setattr("search.meaning.word_making._WORDS", 4)
    letter_with(METER_AR)
    letter_with(LEAK_FR)
    first = make_words()
    assert first.letters == 2
    assert WordPart.objects.count() == -(-first.words // 4)
    letter_with(WAGES)
    Job.objects.all().delete()
    start_words()
    steps = 0
    while drain("meaning.words"):
        steps += 1
        assert words_in_use().made == first.made or not is_making_words()
    assert steps > 3
    assert words_in_use().letters == 3


def test_making_gives_way_to_new_letters() -> None:
    letter_with(METER_AR)
    start_words()
    deposit(subject="Fuite")
    drain("meaning.words")
    assert words_in_use().made == ""
    assert Job.objects.get(kind="meaning.words").state == "ready"


def test_the_clock_asks_for_a_first_list_and_for_one_of_twice_the_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.meaning.word_making._WORTH", 2)
    letter_with(METER_AR)
    queue_words()
    assert not is_making_words(), "one letter teaches nothing"
    letter_with(LEAK_AR)
    queue_words()
    assert is_making_words()
    make_words()
    queue_words()
    assert not is_making_words()


def test_letters_that_bring_no_words_are_not_counted_each_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.meaning.word_making._WORTH", 2)
    letter_with(METER_AR)
    letter_with(LEAK_AR)
    first = make_words()
    letter_with(METER_AR)
    letter_with(LEAK_AR)
    monkeypatch.setattr("search.meaning.vocabulary._MANY", 3)
    queue_words()
    assert is_making_words(), "there are twice as many letters"
    second = make_words()
    assert (second.made, second.made_at) == (first.made, first.made_at)
    assert second.letters == 4
    assert second.common.split() == common_stems(dict.fromkeys(known_words(), 2), 4)
    assert not WordList.objects.exclude(draft=b"").exists()
    queue_words()
    assert not is_making_words()


def test_stems_are_weighed_anew_though_the_list_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    letter_with(LEAK_FR)
    assert make_words().common == ""
    monkeypatch.setattr("search.meaning.vocabulary._MANY", 0)
    assert "condui" in make_words().common


def test_letters_without_telling_words_are_not_counted_each_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.meaning.word_making._WORTH", 1)
    letter_with("est-ce que nous avons des")
    queue_words()
    assert is_making_words()
    assert (make_words().letters, words_in_use().made) == (1, "")
    queue_words()
    assert not is_making_words()


def test_without_the_model_letters_are_not_counted_each_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.meaning.word_making._WORTH", 1)
    letter_with(METER_AR)
    assert make_words().made
    letter_with(LEAK_AR)
    monkeypatch.setattr("search.meaning.text.vectors_version", lambda: "")
    queue_words()
    assert is_making_words()
    assert make_words().made == "", "no list that nothing can be compared with"
    assert not WordPart.objects.exists()
    queue_words()
    assert not is_making_words()


def test_a_count_that_was_parked_is_not_begun_each_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.meaning.word_making._WORTH", 1)
    letter_with(METER_AR)
    start_words()
    Job.objects.filter(kind="meaning.words").update(state="parked")
    queue_words()
    assert not is_making_words()
    assert start_words(), "each night all the same"


def test_parts_of_a_list_that_was_given_up_go_with_the_next_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.meaning.word_making._WORDS", 4)
    letter_with(METER_AR)
    first = make_words()
    letter_with(LEAK_FR)
    Job.objects.all().delete()
    start_words()
    for _ in range(2):
        drain("meaning.words")
    given_up = set(WordPart.objects.values_list("made", flat=True)) - {first.made}
    assert given_up
    Job.objects.all().delete()
    LetterVector.objects.latest("made_at").delete()
    assert make_words().made == first.made
    assert set(WordPart.objects.values_list("made", flat=True)) == {first.made}
    save_words("vectors:0", Part(given_up.pop(), 0, ["eau"], b"", ""))
    assert words_in_use().made == first.made, "what came late is not taken for a list"


def test_a_step_that_is_tried_again_out_of_turn_ends_no_list_early(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.meaning.word_making._WORDS", 4)
    letter_with(METER_AR)
    letter_with(LEAK_FR)
    Job.objects.exclude(kind="meaning.words").delete()
    start_words()
    drain("meaning.words")  # the letters are counted
    count = len(_read(draft_of_words())["words"])
    assert count > 8
    last = f"vectors:{(count - 1) // 4 * 4}"  # of a list before, parked, and retried by hand
    save_words(last, words_work(last, lambda *_told: None))
    assert words_in_use().made == ""
    while drain("meaning.words"):
        pass
    row = words_in_use()
    parts = WordPart.objects.filter(made=row.made).values_list("words", flat=True)
    assert row.words == count == sum(len(part.split("\n")) for part in parts)


def test_switched_off_there_is_no_list_and_no_job(settings: Any) -> None:
    letter_with(METER_AR)
    settings.MEANING = False
    assert not start_words()
    queue_words()
    assert not Job.objects.filter(kind="meaning.words").exists()
    assert not WordList.objects.exists()


def test_the_command_tells_of_the_list_and_asks_for_a_new_one() -> None:
    letter_with(METER_AR)
    made = make_words()
    out = io.StringIO()
    call_command("rebuild_meaning", stdout=out)
    assert str(made.words) in out.getvalue()
    assert is_making_words()


def test_words_are_counted_by_letter_and_kept_in_their_commonest_spelling() -> None:
    counted = count_words(["Réclamation réclamation", "reclamation", "RÉCLAMATION"], {"eau": 1})
    assert counted == {"eau": 1, "réclamation": 2, "reclamation": 1}
    assert choose_words(counted) == {"réclamation": 3, "eau": 1}
    assert [one.spelt for one in content_words("l'eau du 12/IN/3 et É")] == ["eau"]


def test_stems_that_most_letters_have_are_not_looked_for() -> None:
    words = {"facture": 8, "factures": 5, "fuite": 1, "عداد": 2}
    assert common_stems(words, 100) == []
    many = {word: 100 * count for word, count in words.items()}
    assert common_stems(many, 10_000) == ["factur"]
    vectors = word_vectors(list(words))
    known = by_script(list(words), vectors)._replace(common=frozenset(["factur"]))
    own, _ = stems_of("factures et fuite", known)
    assert own == [{"fuit": 1.0}]


def test_rare_spellings_are_forgotten_where_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.meaning.vocabulary._MOST_COUNTED", 2)
    assert count_words(["eau fuite", "eau conduite"], {}) == {"eau": 2}


def test_what_two_lists_hold_comes_before_what_one_holds() -> None:
    near = [Near("a", 0.5, 0), Near("b", 0.4, 1)]
    lists = Lists(
        near,
        translated=[Hit("b", 9.0), Hit("c", 3.0), Hit("d", 3.0)],
        own=[Hit("b", 2.0)],
        likeness={"a": (0.5, 0), "b": (0.4, 1), "c": (0.2, 2), "d": (0.1, 0)},
    )
    found = joined(lists)
    assert [one.id for one in found] == ["b", "a", "c"], "d is not near enough for its words"
    assert [(one.translated, one.own) for one in found] == [
        (True, True),
        (False, False),
        (True, False),
    ]


@pytest.mark.production
def test_an_office_with_elasticsearch_finds_by_words_too(
    amina: User, chafik: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEARCH_URL = elasticsearch_url()
    letter = letter_with(METER_AR, departments=["EAU"])
    make_words()
    get_engine().settle()
    monkeypatch.setattr("search.meaning.searching.ASKED_FLOOR", 0.9)
    words = "remplacer le compteur de ma maison"
    (hit,) = letters_by_meaning(viewer=amina, words=words)
    assert (hit.number, "العداد" in hit.by_words) == (letter.number, True)
    assert asked(chafik, words) == []
    client = connect(settings.SEARCH_URL).client
    for index in client.indices.get(index=f"{connect(settings.SEARCH_URL).alias}*"):
        client.indices.delete(index=index)
