"""The institution's page: kept by administrators, seen on every page and at the head of papers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from org.models import Institution
from tests.org.test_institution import png

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
PAGE = "/administration/institution/"


def filled(**more: object) -> dict[str, object]:
    return {
        "name_ar": "جماعة المحمدية",
        "name_fr": "Commune de Mohammedia",
        "name_en": "Municipality of Mohammedia",
        "short_name": "Mohammedia",
        "address_fr": "Place de la Mairie",
        "address_ar": "ساحة البلدية",
        "hours_fr": "lundi–vendredi 8 h 30 – 16 h 30",
        "telephones": "0523 00 00 00",
        "emergency": "0523 11 11 11",
        "legal_fr": "Éditeur : la commune.",
        "privacy_fr": "Délégué : dpd@commune.example",
        "valid_from": timezone.localdate().isoformat(),
        **more,
    }


def test_an_institution_is_named_and_stands_on_the_citizens_pages(browser: Browser) -> None:
    logo = SimpleUploadedFile("logo.png", png().read(), "image/png")

    answer = browser("admin").post(PAGE, filled(logo=logo))

    assert answer.status_code == 303
    portal = Client(headers={"accept-language": "fr"})
    home = portal.get("/portal/").content.decode()
    for words in ("Commune de Mohammedia", "Place de la Mairie", "0523 11 11 11", "logo.png"):
        assert words in home
    assert (
        "ساحة البلدية" in Client(headers={"accept-language": "ar"}).get("/portal/").content.decode()
    )
    assert "Éditeur" in portal.get("/portal/legal/").content.decode()
    assert "dpd@commune.example" in portal.get("/portal/privacy/").content.decode()
    picture = portal.get("/institution/logo.png")
    assert picture.headers["Content-Type"] == "image/png"
    page = browser("admin").get(PAGE).content.decode()
    assert "en vigueur" in page
    assert browser("amina").get("/tray/").content.decode().count("Commune de Mohammedia")


def test_without_an_institution_there_is_no_logo(client: Client) -> None:
    assert client.get("/institution/logo.png").status_code == 404


def test_days_that_are_over_keep_their_name(browser: Browser) -> None:
    client, before = browser("admin"), timezone.localdate() - timedelta(days=1)
    assert client.post(PAGE, filled(valid_from="2020-01-01")).status_code == 303

    answer = client.post(PAGE, filled(name_fr="Autre", valid_from=before.isoformat()))

    assert answer.status_code == 422
    assert "gardent le nom" in answer.content.decode()
    assert Institution.objects.count() == 1


def test_a_new_version_keeps_the_logo_until_it_is_taken_away(browser: Browser) -> None:
    client = browser("admin")
    client.post(PAGE, filled(logo=SimpleUploadedFile("logo.png", png().read(), "image/png")))

    client.post(PAGE, filled(name_fr="Autre"))
    assert Institution.objects.all()[0].logo_id
    client.post(PAGE, filled(no_logo="on"))
    assert Institution.objects.all()[0].logo_id is None


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"name_ar": ""}, "name_ar"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"email": "nobody"}, "email"),
        ({"colour_main": "#ffcc00"}, "colour_main"),
        ({"colour_head": "teal"}, "colour_head"),
        ({"logo": SimpleUploadedFile("logo.png", b"<svg/>", "image/png")}, "logo"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    more: dict[str, object], where: str, browser: Browser
) -> None:
    answer = browser("admin").post(PAGE, filled(**more))

    assert answer.status_code == 422
    assert where in answer.context["form"].errors
    assert not Institution.objects.exists()
