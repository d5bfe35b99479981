"""Pages of lists and figures: whose they are, what they count, what is taken along of them."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from figures.counting import count_all
from org.models import User
from registry.book.voiding import approve_void, ask_to_void
from registry.models.letters import Letter
from registry.models.registers import NumberSeries
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.closing import Satisfaction
from search.exports.export_requests import fetch_export
from search.exports.models import Export, ExportedLetter
from tests.factories import department, deposit, drain, kind
from tests.web.desk.cases import Case

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
LISTS = ("/lists/", "/lists/due/", "/lists/refusals/", "/lists/outcomes/")


@pytest.fixture
def own_exports(own_data_dir: Path, settings: Any) -> None:
    """A folder of exports of the test's own."""
    settings.EXPORT_DIR = own_data_dir / "exports"


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def refused_letter(amina: User, badr: User) -> Letter:
    letter = deposit(actor=amina, subject="Facture égarée").letter
    given = giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.refuse(given, actor=badr, reason="Concerne la clientèle")
    return letter


def test_the_backlog_is_of_the_office_or_of_ones_own_department(
    case: Case, browser: Browser
) -> None:
    for who in ("amina", "direction", "audit", "dounia", "badr"):
        page = shown(browser(who), "/lists/")
        assert case.letter.number in page, who
    page = shown(browser("chafik"), "/lists/")
    assert case.letter.number not in page
    assert "EAU" not in page.split("<main", 1)[1]


def test_a_letter_of_today_waits_since_today(case: Case, browser: Browser) -> None:
    assert "depuis aujourd’hui" in shown(browser("amina"), "/lists/")


def test_filters_and_bands_narrow_the_list(case: Case, browser: Browser) -> None:
    number, client = case.letter.number, browser("direction")
    assert number in shown(client, "/lists/?department=EAU&band=week")
    assert number not in shown(client, "/lists/?department=COM")
    assert number not in shown(client, "/lists/?band=older")
    assert number not in shown(client, "/lists/?channel=portal")
    today = timezone.localdate().isoformat()
    assert number in shown(client, f"/lists/?since={today}&until={today}")
    assert number in shown(client, "/lists/?since=nonsense&person=x&band=x&kind=x")


def test_refusals_say_their_reason_and_count_it(
    case: Case, amina: User, badr: User, browser: Browser
) -> None:
    letter = refused_letter(amina, badr)
    page = shown(browser("direction"), "/lists/refusals/")
    assert letter.number in page
    assert page.count("Concerne la clientèle") == 2
    assert case.letter.number not in page


def test_more_letters_ask_no_more_queries(amina: User, badr: User, browser: Browser) -> None:
    clerk, head = browser("amina"), browser("dounia")
    asks = dict.fromkeys((*LISTS, "/inbox/", "/inbox/?show=done"), head)
    asks["/tray/"] = clerk

    def queries() -> dict[str, int]:
        return {address: asked(client, address) for address, client in asks.items()}

    def asked(client: Client, address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    def more() -> None:
        refused_letter(amina, badr)
        letter = deposit(actor=amina, subject="Fuite").letter
        given = giving.assign(letter, department=department("EAU"), actor=amina)
        done = deposit(actor=amina, subject="Fuite").letter
        other = giving.assign(done, department=department("EAU"), actor=amina)
        assignments.accept(given, actor=badr)
        assignments.accept(other, actor=badr)
        Letter.objects.filter(pk=done.pk).update(kind=kind("complaint_technical"))
        assignments.sign_off(other, actor=badr, method="phone", outcome="partly")
        giving.assign(deposit(actor=amina).letter, department=department("EAU"), actor=amina)

    more()
    few = queries()
    for _ in range(3):
        more()
    assert queries() == few


def test_a_list_is_taken_along_as_a_table(
    case: Case, amina: User, browser: Browser, own_exports: None
) -> None:
    answer = browser("amina").post(
        "/lists/file/", {"list": "backlog", "address": "department=EAU", "format": "csv"}
    )
    assert answer.headers["Location"] == "/search/exports/"
    drain("search.export")
    export = Export.objects.get(source="backlog")
    _export, stream = fetch_export(amina, export.pk)
    with stream:
        rows = list(csv.reader(io.StringIO(stream.read().decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [case.letter.number]
    assert "EAU" in shown(browser("amina"), "/search/exports/")


def settled(amina: User, badr: User, *, outcome: str = "", method: str = "phone") -> Letter:
    """A complaint of EAU that Badr has signed off."""
    letter = deposit(actor=amina, subject="Réclamation sur une fuite").letter
    Letter.objects.filter(pk=letter.pk).update(kind=kind("complaint_technical"))
    row = giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.accept(row, actor=badr)
    row.refresh_from_db()
    assignments.sign_off(row, actor=badr, method=method, outcome=outcome)
    return letter


def test_figures_say_how_many_complaints_were_positive_and_how_many_nobody_knows(
    amina: User, badr: User, browser: Browser
) -> None:
    for outcome in ("favourable", "partly", "unfavourable"):
        settled(amina, badr, outcome=outcome)
    settled(amina, badr, method="noted")
    count_all()
    page = shown(browser("direction"), "/figures/")
    assert "2 sur 3" in page  # of so few no percentage is said
    assert "Non renseignée" in page
    assert "ni positives, ni négatives" in page
    assert "/lists/outcomes/?since=" in page


def test_outcomes_are_listed_narrowed_and_taken_along(
    amina: User, badr: User, dounia: User, browser: Browser, own_exports: None
) -> None:
    good = settled(amina, badr, outcome="favourable")
    bad = settled(amina, badr, outcome="unfavourable")
    unknown = settled(amina, badr, method="noted")
    client = browser("dounia")
    page = shown(client, "/lists/outcomes/")
    assert all(letter.number in page for letter in (good, bad, unknown))
    page = shown(client, "/lists/outcomes/?band=favourable")
    assert good.number in page
    assert bad.number not in page
    page = shown(client, "/lists/outcomes/?band=unrecorded")
    assert unknown.number in page
    assert good.number not in page
    assert good.number not in shown(browser("chafik"), "/lists/outcomes/")
    for format in ("csv", "xlsx", "pdf"):
        client.post("/lists/file/", {"list": "outcomes", "address": "", "format": format})
    drain("search.export")
    made = Export.objects.filter(source="outcomes")
    assert [(one.problem, one.count) for one in made] == [("", 3)] * 3
    _export, stream = fetch_export(dounia, made.get(format="csv").pk)
    with stream:
        rows = list(csv.DictReader(io.StringIO(stream.read().decode("utf-8-sig"))))
    assert {row["Numéro"]: row["Suite"] for row in rows} == {
        good.number: "Favorable",
        bad.number: "Défavorable",
        unknown.number: "Non renseignée",
    }


def test_a_complaint_of_two_departments_stands_once_with_the_last(
    amina: User, badr: User, chafik: User, browser: Browser
) -> None:
    letter = deposit(actor=amina, subject="Réclamation").letter
    Letter.objects.filter(pk=letter.pk).update(kind=kind("complaint_technical"))
    first = giving.assign(letter, department=department("EAU"), actor=amina)
    second = giving.assign(letter, department=department("SI"), actor=amina)
    assignments.sign_off(assignments.accept(first, actor=badr), actor=badr, method="phone")
    assignments.accept(second, actor=chafik)
    assignments.sign_off(second, actor=chafik, method="phone", outcome="outside")
    page = shown(browser("direction"), "/lists/outcomes/")
    assert page.count(letter.number) == 1
    assert letter.number not in shown(browser("direction"), "/lists/outcomes/?department=EAU")


def test_chafik_takes_nothing_of_others_along(case: Case, browser: Browser) -> None:
    asked = {"list": "backlog", "address": "department=EAU", "format": "csv"}
    browser("chafik").post("/lists/file/", asked)
    assert not Export.objects.exclude(source="search").exists()


@pytest.mark.parametrize("format", ["csv", "xlsx", "pdf"])
def test_the_book_has_every_number_and_masks_what_may_not_be_read(
    format: str, amina: User, direction: User, browser: Browser, own_exports: None
) -> None:
    first = deposit(actor=amina, subject="=1+1 Fuite").letter
    secret = deposit(actor=amina, subject="Affaire secrète", confidentiality=2).letter
    void = deposit(actor=amina, subject="Saisi deux fois").letter
    approve_void(ask_to_void(void, actor=amina, reason="Double"), actor=direction)
    series = NumberSeries.objects.get(register__code="IN")

    browser("amina").post("/register/file/", {"series": series.pk, "format": format})
    drain("search.export")

    export = Export.objects.get(source="book")
    assert (export.problem, export.count) == ("", 3)
    kept = set(ExportedLetter.objects.values_list("letter_id", flat=True))
    assert kept == {first.pk, void.pk}
    _export, stream = fetch_export(amina, export.pk)
    with stream:
        data = stream.read()
    if format == "csv":
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:]
        assert [row[0] for row in rows] == [first.number, secret.number, void.number]
        assert rows[0][3] == "'=1+1 Fuite"
        assert "secrète" not in data.decode()
        assert rows[2][6] == "Annulé"


@pytest.mark.parametrize(
    "given",
    [
        *({"month": "2020-01"}, {"day": "2026-13-40"}, {"series": "x"}),
        *({"day": "9999-12-31"}, {"month": "9999-12"}, {"day": "0000-01-01"}),
    ],
)
def test_a_book_of_no_time_is_refused_in_words(
    given: dict[str, str], amina: User, browser: Browser
) -> None:
    deposit(actor=amina)
    series = NumberSeries.objects.get(register__code="IN")
    asked = {"series": str(series.pk), "format": "csv", **given}
    page = browser("amina").post("/register/file/", asked, follow=True).content.decode()
    assert "Choisissez un jour ou un mois" in page
    assert not Export.objects.exists()


def test_a_book_is_asked_for_in_digits_of_any_script(amina: User, browser: Browser) -> None:
    deposit(actor=amina)
    series = NumberSeries.objects.get(register__code="IN")
    month = f"{series.year}-{timezone.localdate().month:02d}"
    arabic = month.translate({ord("0") + n: 0x660 + n for n in range(10)})
    asked = {"series": str(series.pk), "format": "csv", "month": arabic}
    assert browser("amina").post("/register/file/", asked).status_code == 303
    assert Export.objects.get().address.endswith(month)


def test_figures_are_of_the_office_or_of_the_head(case: Case, badr: User, browser: Browser) -> None:
    count_all()
    for who in ("direction", "audit", "amina", "dounia"):
        page = shown(browser(who), "/figures/")
        assert '<svg class="chart"' in page, who
        assert "EAU" in page
        assert case.letter.subject not in page
        assert case.letter.number not in page
    for who in ("badr", "chafik", "admin"):
        assert browser(who).get("/figures/").status_code == 403
    assert "COM ·" not in shown(browser("dounia"), "/figures/").split("<main", 1)[1]


def test_every_chart_has_its_unit_its_legend_and_the_same_as_a_table(
    amina: User, badr: User, browser: Browser
) -> None:
    settled(amina, badr, outcome="favourable")
    count_all()
    page = shown(browser("direction"), "/figures/")
    charts = page.count('<svg class="chart"')
    assert charts == page.count('<details class="behind">') == page.count('class="unit"')
    assert charts >= 5
    assert "style=" not in page.split("<main", 1)[1]
    assert "Quand les courriers arrivent" in page
    assert "Charge par service et par semaine" in page


def test_figures_ask_no_more_queries_for_more_letters_and_months(
    amina: User, badr: User, browser: Browser
) -> None:
    client = browser("direction")

    def queries() -> int:
        count_all()
        client.get("/figures/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/figures/").status_code == 200
        return len(caught)

    settled(amina, badr, outcome="partly")
    few = queries()
    for _ in range(3):
        settled(amina, badr, outcome="partly")
    assert queries() == few <= 30


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", ("وردت مراسلتان.", "عولجت مراسلة واحدة.")),
        ("fr", ("2 courriers sont arrivés.", "1 courrier a été traité.")),
        ("en", ("2 letters came in.", "1 letter was treated.")),
    ],
)
def test_the_figures_are_told_in_plain_words(
    language: str, words: tuple[str, ...], amina: User, badr: User, browser: Browser
) -> None:
    settled(amina, badr, outcome="partly")
    deposit(actor=amina)
    count_all()
    answer = browser("direction").get("/figures/", headers={"accept-language": language})
    page = answer.content.decode()
    for said in words:
        assert said in page, said


def test_figures_of_any_months_and_of_none(case: Case, browser: Browser) -> None:
    client = browser("direction")
    for asked in ("since=2020-01&until=2019-01", "since=x", "since=0001-01&until=9999-12"):
        assert client.get(f"/figures/?{asked}").status_code == 200, asked


def test_a_kind_narrows_a_list(case: Case, browser: Browser) -> None:
    letter = case.letter
    Letter.objects.filter(pk=letter.pk).update(kind=kind("complaint_technical"))
    client = browser("direction")
    assert letter.number in shown(client, "/lists/?kind=complaint_technical")
    assert letter.number not in shown(client, "/lists/?kind=request")


def test_what_citizens_say_stands_beside_the_work_of_ones_own_departments(
    browser: Browser, amina: User
) -> None:
    letter = deposit(actor=amina, subject="Fuite").letter
    now = timezone.now()
    for code, score in (("EAU", 5), ("EAU", 2), ("COM", 4)):
        other = letter if code == "EAU" and score == 5 else deposit(actor=amina).letter
        Satisfaction.objects.create(
            letter=other, department=department(code), score=score, given_at=now, changed_at=now
        )
    page = shown(browser("direction"), "/figures/")
    assert "3,7" in page or "3.7" in page
    of_eau = shown(browser("dounia"), "/figures/")
    assert "3,5" in of_eau or "3.5" in of_eau


def _totals(client: Client, address: str) -> dict[str, int]:
    """What the table above a list counts, by department."""
    answer = client.get(address)
    return {row[0].code: row[3] for row in answer.context["table"]}


@pytest.mark.parametrize("address", LISTS)
def test_only_letters_that_may_be_read_are_counted(
    address: str, amina: User, badr: User, dounia: User, direction: User, browser: Browser
) -> None:
    today = timezone.localdate()
    for level in (0, 1, 2):
        letter = deposit(actor=amina, confidentiality=level).letter
        given = giving.assign(letter, department=department("EAU"), actor=direction)
        given.person, given.due_on = badr, today
        if "refusals" in address:
            given.state, given.reason, given.decided_at = "refused", "Non", timezone.now()
        if "outcomes" in address:
            given.state, given.method, given.signed_off_at = "signed_off", "letter", timezone.now()
            complaint = kind("complaint_technical")
            Letter.objects.filter(pk=letter.pk).update(stage="closed", kind=complaint)
        given.save()
    void = deposit(actor=amina).letter
    given = giving.assign(void, department=department("EAU"), actor=amina)
    Assignment.objects.filter(pk=given.pk).update(due_on=today)
    if "refusals" in address:
        assignments.refuse(given, actor=badr, reason="Non")
    approve_void(ask_to_void(void, actor=amina, reason="Double"), actor=direction)

    for who, seen in (("amina", 1), ("badr", 1), ("dounia", 2), ("audit", 2), ("direction", 3)):
        client = browser(who)
        assert _totals(client, address) == {"EAU": seen}, who
        answer = client.get(address, {"department": "EAU"})
        assert answer.context["total"] == seen == len(answer.context["lines"]), who
        for row, _address in answer.context.get("people", []):
            assert (row["total"], row["today"]) == (seen, seen), who
    assert _totals(browser("chafik"), address) == {}
