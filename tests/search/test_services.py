"""Finding letters on somebody's behalf, with the office's own engine."""

import datetime
import io
import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.errors import Unavailable
from jobs.models import Job
from org.models import Level, User
from registry.following import letter_by_code
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from registry.reading.readings import NewReading, record_readings
from search.answers.snippets import plain
from search.answers.spelling import better_spelling
from search.contract import InvalidCursor, SearchQuery
from search.engines import get_engine
from search.services import find_letters, index_letter_work, index_state, rebuild_index
from tests.factories import address, department, deposit, drain, kind
from tests.search import letters as made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_index(own_data_dir: Path) -> None:
    """An index of the test's own, in its DATA_DIR."""


def no_progress(done: int, total: int) -> None:
    """Progress nobody looks at."""


def read(letter: Letter, text: str) -> None:
    """Record a reading of the letter's document, and index it."""
    record_readings(letter, [NewReading(letter.documents.get().pk, "test", "fr", text, pages=[])])
    drain("letter.index")


def numbers(viewer: User, words: str, **asked: Any) -> list[str]:
    return [hit.number for hit in find_letters(viewer=viewer, words=words, **asked).hits]


def test_a_letter_is_found_by_number_subject_people_reference_and_text(amina: User) -> None:
    letter = deposit(
        subject="Branchement", sender="Tazi Mourad", external_reference="77/DT/2026"
    ).letter
    drain("letter.index")
    read(letter, "Le compteur de la villa")
    for words in (letter.number, "branchements", "tazi", "77-DT-2026", "compteurs villa"):
        assert numbers(amina, words) == [letter.number], words


def test_an_answer_far_into_a_long_letter_is_shown(amina: User) -> None:
    letter = deposit(subject="Rapport").letter
    read(letter, f"{'Le réseau est en bon état. ' * 3000}Une vanne zellige fuit.")
    (hit,) = find_letters(viewer=amina, words="zellige").hits
    assert [part.text for part in hit.snippet if part.marked] == ["zellige"]


def test_who_may_not_read_a_letter_neither_finds_nor_counts_it(
    amina: User, badr: User, chafik: User
) -> None:
    letter = deposit(subject="Zellige", departments=["EAU"]).letter
    drain("letter.index")
    assert numbers(amina, "zellige") == numbers(badr, "zellige") == [letter.number]
    found = find_letters(viewer=chafik, words="zellige")
    assert (found.total, found.hits) == (0, [])
    assert sum(found.facets.get("department", {}).values()) == 0
    assert numbers(chafik, letter.number) == []


def test_a_confidential_letter_is_found_by_who_is_cleared(
    badr: User, dounia: User, amina: User
) -> None:
    letter = deposit(
        subject="Zellige", departments=["EAU"], confidentiality=Level.CONFIDENTIAL
    ).letter
    drain("letter.index")
    assert numbers(dounia, "zellige") == [letter.number]
    assert numbers(badr, "zellige") == numbers(amina, "zellige") == []


def test_a_right_lost_after_indexing_is_lost_at_once(chafik: User) -> None:
    letter = deposit(subject="Zellige").letter
    row = address(letter, "SI")
    drain("letter.index")
    assert numbers(chafik, "zellige") == [letter.number]
    type(row).objects.filter(pk=row.pk).update(active=False)  # and its index job still waits
    found = find_letters(viewer=chafik, words="zellige")
    assert (found.total, found.hits) == (0, [])


def test_the_excerpt_shows_the_letters_own_spelling(amina: User) -> None:
    letter = deposit().letter
    read(letter, "Madame,\nmes RÉCLAMATIONS répétées")
    (hit,) = find_letters(viewer=amina, words="reclamation").hits
    assert plain(hit.snippet) == "Madame, mes RÉCLAMATIONS répétées"
    assert [part.text for part in hit.snippet if part.marked] == ["RÉCLAMATIONS"]


def test_a_page_of_hits_takes_a_fixed_number_of_queries(amina: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            for hit in find_letters(viewer=amina, words="zellige").hits:
                assert hit.letter.sender
                assert hit.letter.register.code
        return len(captured)

    deposit(subject="Zellige")
    drain("letter.index")
    one = queries()
    for _ in range(5):
        deposit(subject="Zellige")
    drain("letter.index")
    assert len(numbers(amina, "zellige")) == 6
    assert queries() == one


def test_overdue_letters_are_those_still_open(amina: User) -> None:
    late, answered = deposit(subject="Zellige").letter, deposit(subject="Zellige").letter
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Letter.objects.filter(pk__in=[late.pk, answered.pk]).update(due_on=yesterday)
    Letter.objects.filter(pk=answered.pk).update(stage="answered")
    drain("letter.index")
    assert numbers(amina, "zellige", overdue=True) == [late.number]
    assert numbers(amina, "", overdue=True, filters={"stage": ["answered"]}) == []


def test_kinds_and_departments_are_asked_for_by_any_of_their_names(amina: User) -> None:
    letter = deposit(subject="Zellige", kind=kind("invoice"), department=department("EAU")).letter
    deposit(subject="Zellige", kind=kind("request"), department=department("ELEC"))
    drain("letter.index")
    for words in ("zellige type:facture", "نوع:فاتورة", "dept:eau", "service: exploitation eau"):
        assert numbers(amina, words) == [letter.number], words
    (field,) = find_letters(viewer=amina, words="zellige -type:facture").read
    assert (field.name, field.value, field.excluded) == ("kind", "invoice", True)


def test_a_field_never_widens_what_a_person_may_see(amina: User, chafik: User) -> None:
    deposit(subject="Zellige", sender="Tazi Mourad", kind=kind("invoice"), departments=["EAU"])
    drain("letter.index")
    for words in ("de:tazi", "kind:invoice", "dept:EAU", "après:2020", "-de:personne", "no:1"):
        found = find_letters(viewer=chafik, words=words)
        assert (found.total, found.hits) == (0, []), words


def test_typos_are_forgiven_and_a_better_spelling_is_offered(amina: User) -> None:
    letters = [deposit(subject="Demande").letter for _ in range(2)]
    for letter in letters:
        read(letter, "Le Zellige bleu de 2025")
    found = find_letters(viewer=amina, words="zelige blue")
    assert found.total == 2
    assert [part.text for part in found.hits[0].snippet if part.marked] == ["Zellige", "bleu"]
    assert found.corrected == "zellige bleu"
    assert find_letters(viewer=amina, words=found.corrected).corrected == ""
    assert find_letters(viewer=amina, words="zellige 2024").corrected == ""


def test_what_a_scan_misread_is_found_and_never_offered_as_a_better_spelling(amina: User) -> None:
    for text in ("Dernande de rnutation", "demande"):
        read(deposit(subject="Objet").letter, text)
    found = find_letters(viewer=amina, words="demande mutation")
    assert found.total == 1
    assert [part.text for part in found.hits[0].snippet if part.marked] == ["Dernande", "rnutation"]
    assert found.corrected == ""


def test_no_better_spelling_comes_from_a_letter_that_a_person_may_not_read(
    amina: User, chafik: User
) -> None:
    hidden = deposit(subject="Demande", departments=["EAU"]).letter
    read(hidden, "Le zellige bleu")
    assert find_letters(viewer=amina, words="zelige").corrected == "zellige"
    found = find_letters(viewer=chafik, words="zelige")
    assert (found.total, found.hits, found.corrected) == (0, [], "")
    row = address(hidden, "SI")
    drain("letter.index")
    assert find_letters(viewer=chafik, words="zelige").corrected == "zellige"
    type(row).objects.filter(pk=row.pk).update(active=False)  # and its index job still waits
    assert find_letters(viewer=chafik, words="zelige").corrected == ""


def test_pages_with_typos_forgiven_go_on_in_the_same_way(amina: User) -> None:
    for _ in range(5):
        deposit(subject="Zellige")
    drain("letter.index")
    seen: list[str] = []
    cursor = ""
    while True:
        found = find_letters(viewer=amina, words="zelige", limit=2, cursor=cursor)
        assert found.total == 5
        seen += [hit.number for hit in found.hits]
        cursor = found.next_cursor
        if not cursor:
            break
    assert len(set(seen)) == len(seen) == 5


def test_only_the_asked_facets_are_counted(amina: User) -> None:
    deposit(subject="Zellige")
    drain("letter.index")
    found = find_letters(viewer=amina, words="zellige", facets=("month",))
    assert found.facets.keys() == {"month"}


def test_a_foreign_page_marker_and_an_unknown_filter_are_refused(amina: User) -> None:
    deposit()
    drain("letter.index")
    with pytest.raises(InvalidCursor):
        find_letters(viewer=amina, words="eau", cursor="nonsense")
    with pytest.raises(ValueError, match="colour"):
        find_letters(viewer=amina, words="eau", filters={"colour": ["red"]})


@pytest.fixture
def engine_away(settings: Any) -> None:
    """SEARCH_URL names a port where nothing listens."""
    settings.SEARCH_URL = "http://127.0.0.1:9/?timeout=1"


def test_while_the_engine_is_away_the_database_looks_up_numbers(
    engine_away: None, amina: User, chafik: User
) -> None:
    letter = deposit(subject="Zellige", external_reference="77/DT/2026").letter
    serial = f"{letter.year} {letter.register.code} {letter.serial}"
    for words in (letter.number, serial, "77/dt/2026", ""):
        found = find_letters(viewer=amina, words=words)
        assert found.engine_down
        assert [hit.number for hit in found.hits] == [letter.number], words
    assert find_letters(viewer=amina, words="zellige").total == 0
    assert find_letters(viewer=amina, words="", filters={"register": ["OUT"]}).total == 0
    assert find_letters(viewer=chafik, words=letter.number).total == 0


@pytest.mark.parametrize("typed", ["number", "reference", "nothing"])
def test_a_number_or_reference_is_looked_up_in_an_index(
    engine_away: None, amina: User, typed: str
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a server goes through a small table whatever indexes it has")
    letter = deposit(external_reference="77/DT/2026").letter
    words = {"number": letter.number, "reference": "77/dt/2026", "nothing": "99/XX/1999"}[typed]
    with CaptureQueriesContext(connection) as asked:
        find_letters(viewer=amina, words=words)
        letter_by_code(words, "wrong")
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            steps = [str(row[-1]) for row in cursor.fetchall()]
        scans = [step for step in steps if step.startswith("SCAN registry_letter")]
        assert not scans, query["sql"]


def test_while_the_engine_is_away_letters_are_registered_and_their_jobs_wait(
    engine_away: None,
) -> None:
    letter = deposit().letter
    with pytest.raises(Unavailable):
        index_letter_work(str(letter.pk), no_progress)
    drain("letter.index")
    job = Job.objects.get(kind="letter.index", subject=str(letter.pk))
    assert job.state == "ready"


def test_a_letter_that_does_not_exist_is_no_error() -> None:
    index_letter_work(str(uuid.uuid4()), no_progress)


def test_a_rebuild_indexes_every_letter(amina: User) -> None:
    letters = [deposit(subject="Zellige").letter for _ in range(3)]
    assert index_state() == "missing"
    seen: list[tuple[int, int]] = []
    assert rebuild_index(lambda done, total: seen.append((done, total))) == Letter.objects.count()
    assert seen[-1][0] == seen[-1][1]
    assert sorted(numbers(amina, "zellige")) == sorted(letter.number for letter in letters)


def test_the_find_command_answers_in_its_fixed_form(amina: User) -> None:
    letter = deposit(subject="Zellige").letter
    read(letter, "Le zellige bleu")
    out = io.StringIO()
    call_command("find", "zellige", "--as", "amina", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told.keys() == {"total", "took_ms", "engine", "hits", "facets", "did_you_mean"}
    (hit,) = told["hits"]
    assert hit.pop("score") > 0
    assert hit == {"number": letter.number, "subject": "Zellige", "snippet": "Le zellige bleu"}
    assert (told["total"], told["engine"], told["did_you_mean"]) == (1, "tantivy", None)
    assert told["facets"]["month"] == {f"{timezone.localtime():%Y-%m}": 1}
    assert told["facets"]["overdue"] == {"yes": 0}


@pytest.mark.parametrize(
    "arguments",
    [
        ["eau", "--as", "nobody"],
        ["eau", "--as", "nobody\x00"],
        ["eau", "--as", "amina", "--limit", "0"],
        ["", "--as", "amina"],
        [" \u200f ", "--as", "amina"],
        ["?! …", "--as", "amina"],
    ],
)
def test_the_find_command_refuses_strangers_and_what_makes_no_sense(
    arguments: list[str], amina: User
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("find", *arguments)
    assert refused.value.returncode == 2


def test_the_find_command_refuses_in_the_persons_language(amina: User) -> None:
    User.objects.filter(pk=amina.pk).update(language="ar")
    with pytest.raises(CommandError, match="لا توجد في هذا الطلب أي كلمة"):
        call_command("find", "?!", "--as", "amina")


def test_the_rebuild_command_does_only_what_is_needed(amina: User) -> None:
    deposit(subject="Zellige")
    call_command("rebuild_index", "--if-needed", stdout=io.StringIO())
    assert len(numbers(amina, "zellige")) == 1
    deposit(subject="Zellige")
    call_command("rebuild_index", "--if-needed", stdout=io.StringIO())
    assert len(numbers(amina, "zellige")) == 1
    call_command("rebuild_index", stdout=io.StringIO())
    assert len(numbers(amina, "zellige")) == 2


def test_long_texts_are_found_whole_and_excerpted_from_their_beginning(amina: User) -> None:
    letter = deposit().letter
    read(letter, "mot divers " * 30_000 + "zellige")
    assert DocumentReading.objects.filter(document__letter=letter).exists()
    (hit,) = find_letters(viewer=amina, words="zellige").hits
    assert plain(hit.snippet).startswith("mot divers")


def test_where_there_is_no_office_find_says_so(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "none")}
    if "DATABASE_URL" in environment:
        pytest.skip("the office of DATABASE_URL is there")
    done = subprocess.run(
        [sys.executable, str(root / "manage.py"), "find", "x", "--as", "amina"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_word_behind_the_beginning_of_a_long_text_is_in_the_excerpt(amina: User) -> None:
    letter = deposit(subject="Courrier").letter
    drain("letter.index")
    read(letter, f"eau {'mot divers ' * 400} le zellige fissuré {'mot divers ' * 40}")
    (hit,) = find_letters(viewer=amina, words="zellige fissuré").hits
    assert [part.text for part in hit.snippet if part.marked] == ["zellige", "fissuré"]


def test_no_better_spelling_is_offered_where_ten_letters_have_the_word(db: None) -> None:
    get_engine().put(made.letter(serial, text="zelige") for serial in range(9))
    get_engine().put(made.letter(serial, text="zellige") for serial in range(20, 40))
    query = SearchQuery(words="zelige", reader_tokens=made.OFFICE)
    texts = ["zelige", *["zellige"] * 19]
    assert better_spelling(query, texts, found=29, as_typed=9) == "zellige"
    get_engine().put([made.letter(10, text="zelige")])
    assert better_spelling(query, texts, found=30, as_typed=10) == ""
