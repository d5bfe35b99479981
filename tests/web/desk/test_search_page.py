"""The search page and what stands around it, each also as Chafik, who reads nothing of others."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from org.models import User
from registry.models.letters import Letter
from registry.models.readers import DepartmentReader
from registry.reading.readings import NewReading, record_readings
from search.address.request import SearchRequest
from search.answers.marks import Marker
from search.exports.models import Export
from search.saved.models import SavedSearch
from tests.factories import address, department, deposit, drain, person
from web.desk.find import suggest
from web.desk.find.facets import facets_of
from web.desk.find.histogram import histogram_of
from web.desk.reading.viewer import pieces_of

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _own_index(own_data_dir: Path, settings: Any) -> None:
    """An index and a folder of exports of the test's own."""
    settings.EXPORT_DIR = own_data_dir / "exports"
    suggest._asked.clear()


def shown(client: Client, where: str, **asked: Any) -> str:
    answer = client.get(where, asked, follow=True)
    assert answer.status_code == 200, where
    return answer.content.decode()


def read(letter: Letter, *pages: str, document: Any = None) -> None:
    """Give the letter's document a reading with words in boxes, one page for each text."""
    made = []
    for number, text in enumerate(pages, 1):
        words = [
            [word, 0.1, 0.1 * place, 0.4, 0.1 * place + 0.05, 0.9, place]
            for place, word in enumerate(text.split(), 1)
        ]
        made.append(
            {
                "number": number, "source": "ocr", "language": "fr", "confidence": 0.9,
                "text": text, "words": words, "problem": "", "turn": 0, "seconds": 0.1,
            }
        )  # fmt: skip
    key = (document or letter.documents.get()).pk
    record_readings(letter, [NewReading(key, "test", "fr", "\n\n".join(pages), made)])
    drain("letter.index")


def test_facets_narrow_widen_and_are_taken_away(amina: User, browser: Browser) -> None:
    for subject, code in (("Zellige un", "EAU"), ("Zellige deux", "SI")):
        letter = deposit(subject=subject, departments=[code]).letter
        Letter.objects.filter(pk=letter.pk).update(department=department(code))
    drain("letter.index")
    client = browser("amina")

    page = shown(client, "/search/", q="zellige", department="EAU")
    assert "Zellige un" in page
    assert "Zellige deux" not in page
    assert "?q=zellige&amp;department=EAU&amp;department=SI" in page  # widen
    assert 'class="tag brand" href="?q=zellige"' in page  # take away
    both = shown(client, "/search/", q="zellige", department=["EAU", "SI"])
    assert "Zellige un" in both
    assert "Zellige deux" in both


def test_chafik_sees_no_count_no_bar_and_no_letter_of_others(browser: Browser) -> None:
    deposit(subject="Zellige", departments=["EAU"])
    drain("letter.index")
    answer = browser("chafik").get("/search/", {"q": "zellige"})
    assert answer.context["found"].total == 0
    counted = [
        choice.count
        for facet in answer.context["facets"]
        for choice in (*facet.choices, *facet.more)
        if choice.count
    ]
    assert counted == []
    assert answer.context["histogram"] is None


def test_dates_bound_what_is_found_and_a_bad_one_is_said(browser: Browser) -> None:
    letter = deposit(subject="Zellige").letter
    drain("letter.index")
    client, day = browser("amina"), timezone.localdate(letter.registered_at).isoformat()
    assert letter.number in shown(client, "/search/", q="zellige", after=day, before=day)
    assert letter.number not in shown(client, "/search/", q="zellige", before="2001-01-01")
    page = shown(client, "/search/", q="zellige", after="31/31/2026")
    assert "Ce n’est pas une date" in page
    assert letter.number in page


def test_the_next_page_keeps_everything_that_was_asked(browser: Browser) -> None:
    for _ in range(21):
        deposit(subject="Zellige")
    drain("letter.index")
    client = browser("amina")
    asked = "q=zellige&register=IN&after=2001-01-01&order=newest"
    first = shown(client, f"/search/?{asked}")
    (link,) = re.findall(r'href="\?([^"]+)"[^>]*>\s*Page suivante', first)
    link = link.replace("&amp;", "&")
    assert link.startswith("q=zellige&register=IN&after=2001-01-01&order=newest&from=")
    second = shown(client, f"/search/?{link}")
    assert len(re.findall("data-row", second)) == 1
    assert f'href="?{asked.replace("&", "&amp;")}"' in second  # back to the first page


@pytest.mark.parametrize(
    "query",
    [
        "q=%22%22%22&department=%00", "year=abc&month=2026-99&stage=x", "order=oldest&after=x",
        "from=nonsense", "q=" + "%D8%B4" * 2000, "department=" + "&department=".join("x" * 300),
        "overdue=%27;drop", "q=<script>alert(1)</script>",
    ],
)  # fmt: skip
def test_hostile_addresses_are_answered(browser: Browser, query: str) -> None:
    deposit(subject="Zellige")
    drain("letter.index")
    answer = browser("amina").get(f"/search/?{query}")
    assert answer.status_code in {200, 400, 404, 414}
    assert b"<script>alert" not in answer.content


def test_a_page_of_results_takes_a_fixed_number_of_queries(browser: Browser) -> None:
    client = browser("amina")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get("/search/?q=zellige")
        return len(caught)

    deposit(subject="Zellige")
    drain("letter.index")
    queries()
    one = queries()
    for number in range(8):
        deposit(subject=f"Zellige {number}", departments=["EAU"])
    drain("letter.index")
    assert queries() == one


def test_long_facets_unfold() -> None:
    counts = {"department": {f"D{n:02d}": 20 - n for n in range(14)}}
    (facet, _overdue) = facets_of(SearchRequest(words="x"), counts, {})
    assert len(facet.choices) == 8
    assert len(facet.more) == 6
    chosen = SearchRequest(words="x", filters={"department": ("D13",)})
    assert facets_of(chosen, counts, {})[0].choices[0].label == "D13"


def test_months_are_bars_with_the_empty_ones_between_them() -> None:
    counts = {"month": {"2025-11": 4, "2026-02": 1}, "year": {"2025": 4, "2026": 1}}
    found = histogram_of(SearchRequest(words="x"), counts)
    assert found is not None
    assert found.unit == "month"
    assert [bar.count for bar in found.bars] == [4, 0, 0, 1]
    assert [bar.height for bar in found.bars] == [100, 0, 0, 25]
    assert found.bars[3].address == SearchRequest(words="x").toggled("month", "2026-02").address()


def test_more_than_three_years_are_bars_of_years() -> None:
    counts = {"month": {"2020-01": 1, "2026-02": 1}, "year": {"2020": 1, "2026": 1}}
    found = histogram_of(SearchRequest(words="x"), counts)
    assert found is not None
    assert found.unit == "year"
    assert [bar.count for bar in found.bars] == [1, 0, 0, 0, 0, 0, 1]


@given(
    st.dictionaries(
        st.text(max_size=8) | st.from_regex(r"[0-9]{4}-[0-9]{2}", fullmatch=True),
        st.integers(0, 10**9),
    ),
    st.dictionaries(
        st.text(max_size=8) | st.from_regex(r"[0-9]{4}", fullmatch=True), st.integers(0, 10**9)
    ),
)
def test_no_counts_break_the_bars(months: dict[str, int], years: dict[str, int]) -> None:
    found = histogram_of(SearchRequest(words="x"), {"month": months, "year": years})
    if found:
        assert 2 <= len(found.bars) <= 60
        assert all(0 <= bar.height <= 100 for bar in found.bars)
        assert all((bar.count > 0) == (bar.height > 0) for bar in found.bars)


def test_suggestions_are_the_viewers_own(browser: Browser) -> None:
    letter = deposit(subject="Zellige", departments=["EAU"]).letter
    drain("letter.index")
    found = browser("badr").get("/search/suggestions/", {"q": "zell"}).json()["suggestions"]
    assert f"/letters/{letter.pk}/" in [one["url"] for one in found]
    assert browser("chafik").get("/search/suggestions/", {"q": "zell"}).json() == {
        "suggestions": []
    }


def test_suggestions_are_asked_with_patience(browser: Browser, monkeypatch: Any) -> None:
    monkeypatch.setattr("web.desk.find.suggest.time.monotonic", lambda: 7.0)
    client = browser("amina")
    codes = [client.get("/search/suggestions/", {"q": "z"}).status_code for _ in range(14)]
    assert codes == [200] * 12 + [429] * 2


def test_a_search_is_kept_opened_changed_and_deleted(amina: User, browser: Browser) -> None:
    client = browser("amina")
    deposit(subject="Zellige")
    drain("letter.index")
    kept = {"name": "Mes zelliges", "address": "q=zellige", "alert": "none"}
    assert (
        "La recherche est enregistrée"
        in client.post("/search/saved/new/", kept, follow=True).content.decode()
    )
    search = SavedSearch.objects.get()
    assert "Mes zelliges" in shown(client, "/search/saved/")
    SavedSearch.objects.update(seen_at=search.created_at.replace(year=2000))
    assert "1 nouveau courrier" in shown(client, "/search/saved/counts/")
    answer = client.get(f"/search/saved/{search.pk}/")
    assert answer["Location"] == "/search/?q=zellige"
    assert "nouveau courrier" not in shown(client, "/search/saved/counts/")
    client.post(f"/search/saved/{search.pk}/change/", {"name": "Autre nom"})
    search.refresh_from_db()
    assert (search.name, search.pinned) == ("Autre nom", False)
    client.post(f"/search/saved/{search.pk}/change/", {"do": "delete"})
    assert not SavedSearch.objects.exists()


def test_counts_of_saved_searches_tell_chafik_nothing(chafik: User, browser: Browser) -> None:
    SavedSearch.objects.create(person=chafik, name="Z", address="q=zellige")
    deposit(subject="Zellige", departments=["EAU"])
    drain("letter.index")
    assert "new-count" not in shown(browser("chafik"), "/search/saved/counts/")


def test_an_export_is_asked_for_watched_and_fetched(browser: Browser) -> None:
    letter = deposit(subject="Zellige").letter
    drain("letter.index")
    client = browser("amina")
    client.post("/search/exports/new/", {"address": "q=zellige", "format": "csv"})
    assert "Attend son tour" in shown(client, "/search/exports/")
    drain("search.export")
    export = Export.objects.get()
    page = shown(client, "/search/exports/live/")
    assert f"/search/exports/{export.pk}/file/" in page
    answer = client.get(f"/search/exports/{export.pk}/file/")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert letter.number in body.decode("utf-8-sig")
    assert answer["Content-Disposition"].startswith("attachment")
    assert int(answer["Content-Length"]) == len(body)


def test_chafik_fetches_nothing_that_is_no_longer_his(chafik: User, browser: Browser) -> None:
    row = address(deposit(subject="Zellige").letter, "SI")
    drain("letter.index")
    client = browser("chafik")
    client.post("/search/exports/new/", {"address": "q=zellige", "format": "csv"})
    drain("search.export")
    export = Export.objects.get()
    DepartmentReader.objects.filter(pk=row.pk).update(active=False)
    answer = client.get(f"/search/exports/{export.pk}/file/", follow=True)
    assert "ne vous sont plus accessibles" in answer.content.decode()


def test_what_is_refused_is_said_on_the_search_page(browser: Browser) -> None:
    answer = browser("amina").post(
        "/search/exports/new/", {"address": "q=zellige", "format": "csv"}, follow=True
    )
    assert "rien à exporter" in answer.content.decode()


def test_the_words_of_the_search_are_marked_on_the_picture_and_in_the_text(
    browser: Browser,
) -> None:
    letter = deposit(subject="Autre").letter
    read(letter, "rien ici", "les RÉCLAMATIONS du quartier")
    page = shown(browser("amina"), f"/letters/{letter.pk}/", q="reclamation")
    assert '<mark data-hit="text">RÉCLAMATIONS</mark>' in page
    assert page.count('data-hit="picture"') in {0, 1}  # a text file has no picture
    first = shown(browser("amina"), f"/letters/{letter.pk}/", q="reclamation", page="1")
    # the page with the hit is opened, whatever comes before it
    assert "page=1&amp;q=reclamation" in page
    assert 'data-hit="text"' in first


def test_marks_do_not_open_a_letter_of_others(browser: Browser) -> None:
    letter = deposit(subject="Autre", departments=["EAU"]).letter
    read(letter, "le zellige caché")
    answer = browser("chafik").get(f"/letters/{letter.pk}/", {"q": "zellige"})
    assert answer.status_code == 404
    assert "caché" not in answer.content.decode()


@given(st.text("aé ش\nfuite", max_size=80), st.text('aé شfuite*"-', max_size=20))
def test_pieces_with_marks_are_the_text(text: str, query: str) -> None:
    words = [
        [word, 0, 0, 1, 1, 0.1 if place % 2 else 0.9, 1] for place, word in enumerate(text.split())
    ]
    pieces = list(pieces_of(text, words, Marker(query)))
    assert "".join(piece.text for piece in pieces) == text


def test_who_only_administers_keeps_and_exports_nothing(browser: Browser) -> None:
    client = browser("admin")
    for where in ("/search/saved/new/", "/search/exports/new/"):
        assert client.post(where, {"address": "q=x", "name": "x"}).status_code == 403
    assert not SavedSearch.objects.filter(person=person("admin")).exists()
