"""The single window: the home page is the catalogue, and any service is three clicks away."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from eservices.catalogue.models import ServiceType
from eservices.catalogue.publishing import published, published_types, withdraw
from org.institution import keep_institution
from tests.eservices.office import content_of, published_type
from web.middleware import POLICY

pytestmark = pytest.mark.django_db
HOME = "/portal/"


def visitor(language: str = "fr") -> Client:
    return Client(headers={"accept-language": language})


def text_of(address: str, language: str = "fr") -> str:
    return visitor(language).get(address).content.decode()


def links(page: str) -> set[str]:
    main = page.partition("<main")[2].partition("</main>")[0]
    return {unescape(found) for found in re.findall(r'href="([^"#]+)"', main)}


def walked(most: int) -> Iterator[tuple[str, int]]:
    """Follow the links of the pages from the home page, at most so many clicks."""
    client, seen, ring = visitor(), {HOME}, {HOME}
    for clicks in range(1, most + 1):
        found = {one for page in ring for one in links(client.get(page).content.decode())}
        ring = {one for one in found - seen if one.startswith(("/services/", HOME))}
        seen |= ring
        yield from ((one, clicks) for one in ring)


def test_the_front_door_leads_a_citizen_home() -> None:
    answer = visitor().get("/")
    assert (answer.status_code, answer["Location"]) == (302, HOME)


def test_every_service_is_three_clicks_from_home() -> None:
    clicks = dict(walked(3))
    for one in published_types():
        assert clicks[reverse("portal:service", args=[one.code])] <= 2, one.code


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_service_has_its_page_in_three_languages(language: str) -> None:
    for one in published_types():
        page = unescape(text_of(reverse("portal:service", args=[one.code]), language))
        told = one.definition
        wanted = [told.title, told.summary, told.law, *(piece.title for piece in told.pieces)]
        for text in wanted:
            assert text.in_(language) in page, (one.code, text)
        for article in told.knowledge:
            assert article.answer.in_(language) in page


def test_the_page_tells_fee_time_law_and_what_silence_means() -> None:
    words = {"ar": "ر", "fr": "par branchement", "en": "e"}
    term = {"legal_days": 30, "norm_days": 1, "unit": "working", "silence": "refused"}
    published_type(content_of(fee={"amount": "120.5", "words": words}, term=term))
    page = unescape(text_of("/services/complaint_water/"))
    for told in (
        "120,50\u2069\u00a0DH",
        "par branchement",
        "30 jours ouvrables",
        "1 jour ouvrable",
    ):
        assert told in page
    assert "réputée refusée" in page


def test_unknown_withdrawn_and_inactive_services_answer_alike() -> None:
    found = published("complaint_water")
    assert found is not None
    withdraw(found.version, actor=None)
    ServiceType.objects.filter(code="pay_bill").update(active=False)
    codes = ("nowhere", "complaint_water", "pay_bill")
    answers = [visitor().get(f"/services/{code}/") for code in codes]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({_alike(answer, code) for answer, code in zip(answers, codes, strict=True)}) == 1
    assert "complaint_water" not in text_of("/services/list.json")


def _alike(answer: Any, code: str) -> str:
    """Return an answer without what names the address, or is drawn anew each time."""
    page = answer.content.decode().replace(code, "")
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_a_search_works_without_scripts() -> None:
    page = text_of("/services/?q=compteur+bloque")
    first = re.search(r'class="svc-card[^"]*"\s+href="([^"]+)"', page)
    assert first is not None
    assert first[1] == "/services/meter_check/"
    assert 'value="compteur bloque"' in page
    nothing = text_of("/services/?q=%3Cscript%3Eqqqqq")
    assert "Aucun service trouvé" in nothing
    assert "<script>qqqqq" not in nothing
    assert reverse("portal:deposit") in nothing


def test_needs_and_audiences_choose() -> None:
    shown = links(text_of("/services/?need=sewage"))
    assert "/services/complaint_sewage/" in shown
    assert "/services/pay_bill/" not in shown
    everything = links(text_of("/services/"))
    assert links(text_of("/services/?need=nothing&audience=nobody")) == everything
    developer = {one.code for one in published_types() if "developer" in one.definition.audiences}
    shown = links(text_of("/services/?audience=developer"))
    assert {one for one in shown if one.endswith("_file/")} == {"/services/developer_file/"}
    assert "developer_file" in developer


def test_suggestions_come_while_typing() -> None:
    answer = visitor("ar").get("/services/suggestions/", {"q": "الضو مقطوع"})
    rows = json.loads(answer.content)["suggestions"]
    assert rows[0]["url"] == "/services/complaint_electricity/"
    assert len(rows) <= 6
    assert json.loads(visitor().get("/services/suggestions/").content) == {"suggestions": []}


def test_dangers_come_first_with_the_emergency_number() -> None:
    values = {"name_ar": "و", "name_fr": "Régie", "emergency": "05 23 00 11 22"}
    keep_institution(values, actor=None, valid_from=timezone.localdate(), logo=None)
    page = text_of(HOME)
    danger = page.index("svc-danger-title")
    assert danger < page.index("svc-popular")
    assert 'href="tel:0523001122"' in page[danger:]
    for one in published_types():
        if one.definition.danger:
            assert reverse("portal:service", args=[one.code]) in page[danger : danger + 4000]
    assert (
        "tel:0523001122" in text_of("/services/complaint_electricity/").partition("svc-columns")[0]
    )


def test_what_was_reachable_stays_so() -> None:
    shown = links(text_of(HOME))
    for name in ("deposit", "follow", "verify_ask", "pay", "reading_send", "duplicate"):
        assert reverse(f"portal:{name}") in shown
    assert reverse("portal:deposit") in links(text_of("/services/pay_bill/"))


def test_pages_ask_the_database_a_bounded_number_of_times(
    django_assert_max_num_queries: Any,
) -> None:
    text_of(HOME)
    for address in (HOME, "/services/", "/services/?q=eau", "/services/pay_bill/"):
        with django_assert_max_num_queries(8):
            text_of(address)


def test_the_list_of_links_is_for_every_site() -> None:
    answer = visitor().get("/services/list.json", {"language": "ar"})
    told = json.loads(answer.content)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert told["language"] == "ar"
    codes = [row["code"] for row in told["services"]]
    assert codes == [one.code for one in published_types()]
    assert all(row["url"].endswith(f"/services/{row['code']}/") for row in told["services"])
    assert not answer.cookies


def test_the_widget_is_framed_by_the_sites_allowed_alone(settings: Any) -> None:
    settings.EMBED_HOSTS = ["https://www.example.ma"]
    answer = visitor().get("/services/widget/", {"language": "ar"})
    page = answer.content.decode()
    assert "frame-ancestors 'self' https://www.example.ma" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert not answer.cookies
    assert '<html lang="ar" dir="rtl">' in page
    assert "<script" not in page
    assert "style=" not in page
    elsewhere = visitor().get(HOME)
    assert elsewhere["X-Frame-Options"] == "SAMEORIGIN"
    assert elsewhere["Content-Security-Policy"] == POLICY


def test_nobody_else_frames_it_by_default() -> None:
    answer = visitor().get("/services/widget/", {"language": "xx"})
    assert answer["Content-Security-Policy"] == POLICY
    assert '<html lang="fr"' in answer.content.decode()


def test_the_administrator_gets_the_code_to_paste(client_as: Any, settings: Any) -> None:
    settings.PUBLIC_URL, settings.EMBED_HOSTS = "https://courrier.example", ["https://a.example"]
    page = unescape(client_as("admin").get("/administration/embedding/").content.decode())
    assert '<iframe src="https://courrier.example/services/widget/?language=ar"' in unescape(page)
    assert "https://a.example" in page
    settings.EMBED_HOSTS = []
    assert "EMBED_HOSTS" in client_as("admin").get("/administration/embedding/").content.decode()


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("نسيت الكود", "ar"),
        ("ضاع لي الرمز", "ar"),
        ("code oublié", "fr"),
        ("J’ai perdu mon code de suivi", "fr"),
        ("i lost my code", "en"),
        ("nsit lcode", "fr"),
    ],
)
def test_whoever_looks_for_a_lost_code_is_led_to_its_page(words: str, language: str) -> None:
    client = visitor(language)
    page = client.get("/services/", {"q": words}).content.decode()
    assert "/follow/lost-code/" in links(page)
    found = json.loads(client.get("/services/suggestions/", {"q": words}).content)["suggestions"]
    assert found[0]["url"] == "/follow/lost-code/"


@pytest.mark.parametrize("words", ["code postal", "compteur perdu", "", "رمز"])
def test_other_words_do_not_lead_there(words: str) -> None:
    page = visitor().get("/services/", {"q": words}).content.decode()
    assert "/follow/lost-code/" not in links(page)


def test_how_to_follow_a_request_is_found_too() -> None:
    for words in ("تتبع الطلب", "suivi de ma demande", "track my request"):
        assert "/follow/" in links(visitor().get("/services/", {"q": words}).content.decode())


def test_where_a_form_s_code_is_asked_for_the_lost_codes_are_near() -> None:
    assert "/follow/lost-code/" in links(text_of("/draft/"))
