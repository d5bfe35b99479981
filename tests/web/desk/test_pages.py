"""What the desk's pages show, how many queries they take, and what they never carry."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs.models import Job
from ocr import drawing, services
from ocr.errors import ReaderFailed, Unreadable
from org.models import User
from registry.models.letters import Letter
from registry.models.registers import NumberSeries, Register
from registry.reading.readings import NewReading, record_readings
from routing.assigning import giving
from routing.models.assignments import Assignment
from routing.models.suggestions import Suggestion
from tests.factories import close_so_far, department, deposit, drain, pdf, text_file
from tests.web.desk.cases import Case
from web.shared import pictures

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
PAGES = ("/deposit/", "/tray/", "/inbox/", "/search/?q=fuite", "/office/", "/register/",
         "/register/closings/", "/register/anomalies/", "/void/")  # fmt: skip


INLINE = r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:"
ELSEWHERE = r'(?:src|href|action)="(?:https?:)?//'


def _read(letter: Letter, *, words: list[list[Any]], text: str, source: str = "ocr") -> None:
    from django.db import transaction

    page = {
        "number": 1, "source": source, "language": "fr", "confidence": 0.7, "text": text,
        "words": words, "problem": "", "turn": 0, "seconds": 0.1,
    }  # fmt: skip
    with transaction.atomic():
        record_readings(
            letter,
            [NewReading(letter.documents.get().pk, "test", "fr", text, [page])],
        )


def _shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_words_that_were_read_badly_are_marked_in_text_and_picture(
    amina: User, browser: Browser
) -> None:
    letter = deposit(actor=amina, files=[pdf()]).letter
    words = [["Une", 0.1, 0.1, 0.2, 0.12, 0.95], ["fuxte", 0.25, 0.1, 0.4, 0.12, 0.31]]
    _read(letter, words=words, text="Une fuxte d'eau")

    page = _shown(browser("amina"), reverse("desk:letter", args=[letter.pk]))

    assert re.search(r'<span class="weak"[^>]*>fuxte</span>', page)
    assert '<rect x="250.0" y="100.0" width="150.0" height="20.0" />' in page


def test_the_due_date_says_why(amina: User, browser: Browser) -> None:
    from routing.rules.defaults import load_defaults
    from tests.factories import kind

    load_defaults()
    letter = deposit(actor=amina, kind=kind("complaint_technical")).letter
    giving.assign(letter, department=department("EAU"), actor=amina)
    letter.refresh_from_db()
    assert letter.due_on is not None

    page = _shown(browser("amina"), reverse("desk:letter", args=[letter.pk]))

    assert "Pourquoi cette date" in page or "Why this date?" in page
    assert letter.due_explained["fr"].split(".")[0][:20] in page


def test_names_from_outside_keep_their_direction_and_run_nothing(
    amina: User, browser: Browser
) -> None:
    hostile = "\u202egnp.<script>alert(1)</script>"
    letter = deposit(actor=amina, subject=hostile, sender=hostile, files=[pdf(name=hostile)]).letter

    for address in (reverse("desk:letter", args=[letter.pk]), "/tray/", "/register/"):
        page = _shown(browser("amina"), address)
        assert "<script>alert" not in page
        assert "\u202e" not in page


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_pages_speak_every_language_and_direction(
    language: str, case: Case, browser: Browser
) -> None:
    client = browser("amina")
    client.cookies["django_language"] = language
    direction = "rtl" if language == "ar" else "ltr"

    for address in (*PAGES, reverse("desk:letter", args=[case.letter.pk])):
        assert f'<html lang="{language}" dir="{direction}">' in _shown(client, address)


def test_pages_hold_nothing_that_their_policy_forbids(case: Case, browser: Browser) -> None:
    client = browser("amina")
    for address in (*PAGES, reverse("desk:letter", args=[case.letter.pk])):
        answer = client.get(address)
        page = answer.content.decode()
        assert not re.search(
            r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", page
        )
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page), (
            "something from elsewhere"
        )
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "no-store"


def test_every_field_has_a_label(case: Case, browser: Browser) -> None:
    client = browser("amina")
    for address in (
        "/deposit/",
        "/search/",
        "/tray/",
        reverse("desk:letter", args=[case.letter.pk]),
    ):
        page = _shown(client, address)
        labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', page))
        inside = set(re.findall(r"<label[^>]*>\s*(<input[^>]*>)", page))
        fields = re.findall(r"<(?:input|select|textarea)\b[^>]*>", page)
        for field in fields:
            if 'type="hidden"' in field or 'type="file"' in field or field in inside:
                continue
            name = re.search(r'\bid="([^"]+)"', field)
            assert name, f"{address}: {field}"
            assert name[1] in labelled, f"{address}: {field}"


def test_originals_come_as_attachments_that_run_nothing(case: Case, browser: Browser) -> None:
    address = reverse("desk:original", args=[case.letter.pk, case.document.pk])

    answer = browser("badr").get(address)

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == b"Une fuite d'eau."  # type: ignore[attr-defined]


def test_a_page_picture_is_drawn_and_one_beyond_the_end_is_not(
    amina: User, browser: Browser
) -> None:
    letter = deposit(actor=amina, files=[pdf()]).letter
    document = letter.documents.get()
    client = browser("amina")

    good = client.get(reverse("desk:picture", args=[letter.pk, document.pk, 1]), {"w": 200})
    beyond = client.get(reverse("desk:picture", args=[letter.pk, document.pk, 9]), {"w": 200})

    assert good["Content-Type"] == "image/webp"
    assert b"".join(good.streaming_content)[8:12] == b"WEBP"  # type: ignore[attr-defined]
    assert beyond.status_code == 404


def test_a_page_picture_that_waits_for_others_is_asked_for_again(
    amina: User, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "PATIENCE", 0)
    letter = deposit(actor=amina, files=[pdf()]).letter
    client = browser("amina")
    address = reverse("desk:picture", args=[letter.pk, letter.documents.get().pk, 1]) + "?w=200"

    with drawing._places, drawing._places:
        opened = client.get(address, headers={"accept": "text/html,image/webp,*/*;q=0.8"})
        last = client.get(f"{address}&tries=20", headers={"accept": "text/html"})
        odd = client.get(f"{address}&tries=x", headers={"accept": "text/html"})
        shown = client.get(address, headers={"accept": "image/webp,*/*;q=0.8"})

    for later in (opened, last, odd, shown):
        assert (later.status_code, later["Retry-After"]) == (503, pictures.AGAIN_SECONDS)
    text = opened.content.decode()
    assert f'href="{address}"' in text
    assert f'content="{pictures.AGAIN_SECONDS};url={address}&amp;tries=1"' in text
    assert f'href="{address}"' in last.content.decode()
    assert "http-equiv" not in last.content.decode()
    assert shown.content == b""
    assert client.get(f"{address}&tries=1").status_code == 200


@pytest.mark.parametrize("failure", [ReaderFailed("killed"), Unreadable("timeout")])
def test_a_page_that_cannot_be_drawn_is_not_asked_for_again(
    amina: User,
    browser: Browser,
    own_data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
) -> None:
    def die(*_: object, **__: object) -> bytes:
        raise failure

    monkeypatch.setattr(services, "render_in_child", die)
    letter = deposit(actor=amina, files=[pdf()]).letter
    address = reverse("desk:picture", args=[letter.pk, letter.documents.get().pk, 1])
    client = browser("amina")
    assert client.get(address).status_code == 404
    opened = client.get(address, headers={"accept": "text/html"})
    assert opened.status_code == 404
    assert "http-equiv" not in opened.content.decode()


def test_who_opens_a_picture_that_cannot_be_drawn_is_told_so(
    amina: User, browser: Browser, own_data_dir: Path
) -> None:
    letter = deposit(actor=amina, files=[text_file()]).letter
    address = reverse("desk:picture", args=[letter.pk, letter.documents.get().pk, 1])
    answer = browser("amina").get(address, headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "Cette page ne peut pas être affichée" in answer.content.decode()


def test_a_window_for_a_picture_has_a_way_to_ask_again(amina: User, browser: Browser) -> None:
    letter = deposit(actor=amina, files=[pdf()]).letter
    document = letter.documents.get()
    client = browser("amina")

    for address in (
        reverse("desk:letter", args=[letter.pk]),
        reverse("desk:read_page", args=[letter.pk, document.pk, 1]),
        reverse("desk:check_page", args=[letter.pk]),
    ):
        text = client.get(address, follow=True).content.decode()
        assert "data-picture-again" in text
        plain = text.partition("<noscript>")[2].partition("</noscript>")[0]
        assert f'<a href="{address}">' in plain


def test_the_inbox_puts_the_overdue_first_and_says_so(amina: User, browser: Browser) -> None:
    today = timezone.localdate()
    for name, days in (("plus tard", 30), ("en retard", -3), ("bientôt", 2)):
        letter = deposit(actor=amina, subject=name).letter
        row = giving.assign(letter, department=department("EAU"), actor=amina)
        Assignment.objects.filter(pk=row.pk).update(due_on=today + timedelta(days=days))

    answer = browser("badr").get("/inbox/")

    rows = answer.context["rows"]
    assert [row.assignment.letter.subject for row in rows] == ["en retard", "bientôt", "plus tard"]
    assert [row.urgency for row in rows] == ["late", "soon", ""]
    assert answer.context["counts"]["late"] == 1


def test_a_registry_number_in_any_notation_leads_to_its_letter(
    case: Case, browser: Browser
) -> None:
    serial = case.letter.serial
    for words in (
        case.letter.number,
        f"in {case.letter.year} {serial}",
        f"{serial}/IN/{case.letter.year}",
    ):
        answer = browser("badr").get("/search/", {"q": words})
        assert answer["Location"] == reverse("desk:letter", args=[case.letter.pk])
        assert browser("chafik").get("/search/", {"q": words}).status_code == 200


def test_search_shows_hits_facets_and_marks(
    case: Case, browser: Browser, own_data_dir: Any
) -> None:
    _read(case.letter, words=[], text="Une fuite d'eau devant la porte.", source="text")
    drain("letter.index")

    answer = browser("badr").get("/search/", {"q": "fuite", "department": "EAU"})

    page = answer.content.decode()
    assert case.letter.number in page
    assert "<mark>fuite</mark>" in page
    assert [chip.label for chip in answer.context["chips"]] == ["Exploitation eau"]


def test_a_foreign_page_marker_is_not_found(case: Case, browser: Browser) -> None:
    for address in ("/tray/", "/register/", "/register/closings/"):
        assert browser("amina").get(address, {"from": "'; drop table"}).status_code == 404


def test_the_book_masks_what_is_above_the_readers_clearance(amina: User, browser: Browser) -> None:
    deposit(actor=amina, subject="Dossier confidentiel", confidentiality=2, sender="Nom secret")

    clerk = _shown(browser("amina"), "/register/")
    director = _shown(browser("direction"), "/register/")

    assert "2026" in clerk or str(timezone.localdate().year) in clerk
    assert "Dossier confidentiel" not in clerk
    assert "Nom secret" not in clerk
    assert "Dossier confidentiel" in director


def test_the_book_opens_at_a_number_in_any_digits(amina: User, browser: Browser) -> None:
    for _number in range(3):
        deposit(actor=amina)
    for typed in ("2", " ٢ "):
        entries = browser("amina").get("/register/", {"serial": typed}).context["entries"]
        assert [entry.letter.serial for entry in entries] == [2, 1], typed


def test_a_missing_number_shows_among_the_anomalies(amina: User, browser: Browser) -> None:
    deposit(actor=amina)
    assert 'class="tag ok"' in _shown(browser("amina"), "/register/anomalies/")
    NumberSeries.objects.filter(register__code="IN").update(last=5)

    checks = browser("amina").get("/register/anomalies/").context["checks"]

    assert next(c for c in checks if c.series.register.code == "IN").missing[-1] == 5


@pytest.mark.parametrize(
    ("serials", "last"),
    [
        ([1, 2, 3], 3), ([1, 2, 3], 2), ([2, 3, 7], 7), ([4], 9), ([1, 300, 301], 900),
        ([1, 199, 203], 205), ([1, 202], 202), ([], 2), ([6, 8], 3), (range(2, 8, 2), 0),
    ],
)  # fmt: skip
def test_numbers_are_missing_wherever_they_lack(
    serials: Sequence[int], last: int, amina: User, browser: Browser
) -> None:
    for serial in serials:
        letter = deposit(actor=amina).letter
        Letter.objects.filter(pk=letter.pk).update(serial=1000 + serial)
    Letter.objects.filter(register__code="IN").update(serial=F("serial") - 1000)
    year = timezone.localdate().year
    register = Register.objects.get(code="IN")
    NumberSeries.objects.update_or_create(register=register, year=year, defaults={"last": last})

    checks = browser("amina").get("/register/anomalies/").context["checks"]

    check = next(c for c in checks if c.series.register.code == "IN" and c.series.year == year)
    lacking = [n for n in range(1, max([last, *serials]) + 1) if n not in serials]
    assert check.missing == lacking[:200]
    assert check.count == len(serials)
    assert check.whole is (list(serials) == list(range(1, last + 1)))


def test_a_closed_day_is_listed_with_its_page(amina: User, browser: Browser) -> None:
    deposit(actor=amina)
    close_so_far(actor=amina)
    client = browser("audit")

    answer = client.get("/register/closings/")
    row = answer.context["rows"][0]
    page = client.get(reverse("desk:closing_page", args=[row.pk]))

    assert page["Content-Type"] == "application/pdf"


def test_parked_work_is_said_in_words_and_tried_again(amina: User, browser: Browser) -> None:
    letter = deposit(actor=amina).letter
    job = Job.objects.get(kind="letter.read", subject=str(letter.pk))
    Job.objects.filter(pk=job.pk).update(
        state="parked", error_code="original_missing", finished_at=timezone.now()
    )
    client = browser("amina")

    page = _shown(client, "/office/")
    assert letter.number in page
    assert "coffre" in page or "vault" in page
    client.post(reverse("desk:retry", args=[job.pk]))

    job.refresh_from_db()
    assert job.state == "ready"


def test_administrators_watch_jobs_without_seeing_letters(amina: User, browser: Browser) -> None:
    letter = deposit(actor=amina).letter
    Job.objects.filter(kind="letter.read").update(state="parked", finished_at=timezone.now())

    assert letter.number not in _shown(browser("admin"), "/office/")


@pytest.mark.parametrize("address", ["/tray/", "/inbox/", "/register/"])
def test_lists_take_the_same_queries_for_one_letter_as_for_ten(
    address: str, amina: User, browser: Browser
) -> None:
    client = browser("amina")

    def add(count: int) -> None:
        for _ in range(count):
            letter = deposit(actor=amina).letter
            if address == "/inbox/":
                giving.assign(letter, department=department("BO"), actor=amina)

    add(1)
    few = _queries(client, address)
    add(9)

    assert _queries(client, address) == few
    assert few <= 25


def test_the_letters_page_takes_a_bounded_number_of_queries(case: Case, browser: Browser) -> None:
    address = reverse("desk:letter", args=[case.letter.pk])
    client = browser("amina")
    client.get(address)  # puts the day’s reading on record
    few = _queries(client, address)
    for code in ("ELEC", "ASS", "COM"):
        giving.assign(
            Letter.objects.get(pk=case.letter.pk),
            department=department(code),
            actor=User.objects.get(username="amina"),
            role="copy",
        )

    assert _queries(client, address) <= few + 1
    assert few <= 41  # nine of them for the menu and its bell


def test_what_a_letter_also_says_stands_folded_away_and_short(
    amina: User, browser: Browser
) -> None:
    from tests.web.desk.test_check_page import understood

    letter = deposit(actor=amina).letter
    amounts = [("amount", f"{n}.50 MAD", 0.9) for n in range(1, 10)]
    rows = understood(letter, [("deadline", "P15D", 0.9), ("urgency", "urgent", 0.9), *amounts])
    Suggestion.objects.filter(pk=rows["urgent"].pk).update(decision="corrected")

    page = _shown(browser("amina"), reverse("desk:letter", args=[letter.pk]))

    assert "15 jours après réception" in page
    assert page.count("MAD") == 4
    assert "+5" in page
    assert "<dt>Urgent</dt>" not in page
