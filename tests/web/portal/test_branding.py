"""The institution's face for programs: security.txt, manifest, icons, colours; its public texts."""

import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from org.institution import keep_institution, keep_logo
from org.models import Institution
from tests.org.test_institution import png
from web.middleware import POLICY
from web.portal.urls import urlpatterns

pytestmark = pytest.mark.django_db
SECURITY = "/.well-known/security.txt"


def kept(*, logo: bool = False, **more: str) -> Institution:
    values = {"name_ar": "جماعة المحمدية", "name_fr": "Commune de Mohammedia", **more}
    picture = keep_logo(png()) if logo else None
    return keep_institution(values, actor=None, valid_from=timezone.localdate(), logo=picture)


def visitor(language: str = "fr") -> Client:
    return Client(headers={"accept-language": language})


def test_security_txt_names_the_institutions_contact(client: Client) -> None:
    kept(email="contact@commune.example")

    answer = client.get(SECURITY)

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    rows = [line.split(": ", 1) for line in answer.content.decode().splitlines()]
    told = dict(rows)
    assert len(told) == len(rows)
    assert told["Contact"] == "mailto:contact@commune.example"
    assert told["Canonical"].endswith(SECURITY)
    ends = datetime.strptime(told["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < ends - timezone.now() < timedelta(days=365)


@pytest.mark.parametrize("website", ["", "http://commune.example/"])
def test_without_a_contact_there_is_no_security_txt(client: Client, website: str) -> None:
    assert client.get(SECURITY).status_code == 404
    kept(website=website)
    assert client.get(SECURITY).status_code == 404


def test_a_web_site_by_https_is_a_contact(client: Client) -> None:
    kept(website="https://commune.example/contact")
    assert b"Contact: https://commune.example/contact\n" in client.get(SECURITY).content


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_the_manifest_speaks_the_language_of_its_page(language: str, direction: str) -> None:
    kept(short_name="Mohammedia")
    page = visitor(language).get("/portal/").content.decode()
    address = re.search(r'rel="manifest"\s+href="([^"]+)"', page)
    assert address

    # A browser asks for it without cookies and in any language.
    answer = Client().get(address[1])

    told = json.loads(answer.content)
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert (told["lang"], told["dir"]) == (language, direction)
    assert told["name"] == ("جماعة المحمدية" if language == "ar" else "Commune de Mohammedia")
    assert told["short_name"] == "Mohammedia"
    assert "manifest-src 'self'" in POLICY


def test_a_manifest_in_another_language_is_not_found(client: Client) -> None:
    assert client.get("/institution/de.webmanifest").status_code == 404


def test_icons_are_the_logo_in_the_sizes_that_are_told(client: Client) -> None:
    told = json.loads(client.get("/institution/fr.webmanifest").content)
    assert [one["src"].split("/")[-1] for one in told["icons"]] == [
        "icon-192.png", "icon-512.png", "icon-maskable-512.png"
    ]  # fmt: skip
    kept(logo=True)
    told = json.loads(client.get("/institution/fr.webmanifest").content)
    for one in told["icons"]:
        with Image.open(io.BytesIO(client.get(one["src"]).content)) as icon:
            assert f"{icon.width}x{icon.height}" == one["sizes"]
            assert icon.getpixel((0, 0)) == (255, 255, 255)
            assert icon.getpixel((icon.width // 2, icon.height // 2)) == (15, 92, 99)
    assert client.get("/institution/icon-100000.png").status_code == 404


def test_colours_come_by_a_style_sheet_and_nothing_inline() -> None:
    assert "theme.css" not in visitor().get("/portal/").content.decode()
    assert visitor().get("/institution/theme.css").status_code == 404
    kept(colour_main="#7a1f3d", colour_head="#123a63")

    page = visitor().get("/portal/").content.decode()
    address = re.search(r'href="(/institution/theme\.css[^"]*)"', page)

    assert address
    assert "style=" not in page
    assert "<style" not in page
    answer = visitor().get(address[1])
    assert answer.headers["Content-Type"].startswith("text/css")
    sheet = answer.content.decode()
    assert "--brand: #7a1f3d;" in sheet
    assert "--rail: #123a63;" in sheet


@pytest.mark.parametrize(
    ("language", "legal", "accessible"),
    [
        ("ar", "من ينشر هذا الموقع", "للجميع"),
        ("fr", "Qui publie ce site", "Pour tous"),
        ("en", "Who publishes this site", "For everybody"),
    ],
)
def test_notices_stand_in_every_foot_and_have_words_of_their_own(
    language: str, legal: str, accessible: str
) -> None:
    kept(email="contact@commune.example")
    foot = visitor(language).get("/follow/").content.decode()
    for address in ("/portal/legal/", "/portal/accessibility/", "/portal/privacy/"):
        assert f'href="{address}"' in foot
    assert legal in visitor(language).get("/portal/legal/").content.decode()
    page = visitor(language).get("/portal/accessibility/").content.decode()
    assert accessible in page
    assert "mailto:contact@commune.example" in page


def test_the_institutions_own_words_come_first() -> None:
    kept(legal_fr="Éditeur : la commune.", accessibility_fr="Audit : 2026, par <A>.")
    assert "Éditeur : la commune." in visitor().get("/portal/legal/").content.decode()
    page = visitor().get("/portal/accessibility/").content.decode()
    assert "Audit : 2026, par &lt;A&gt;." in page
    assert "Aucun organisme" not in page


@pytest.mark.parametrize(
    ("number", "dialled"), [("0523 11.11-11", "0523111111"), ("15", "15"), ("15 ou 19", "")]
)
def test_the_emergency_number_can_be_dialled(number: str, dialled: str) -> None:
    kept(emergency=number)
    page = visitor().get("/portal/").content.decode()
    assert page.count(f">{number}<") == 2
    assert page.count(f'href="tel:{dialled}"') == (2 if dialled else 0)


def test_every_address_of_the_face_is_open_and_only_read() -> None:
    kept(logo=True, email="a@b.example", colour_main="#7a1f3d")
    arguments: dict[str, list[str | int]] = {"manifest": ["fr"], "icon": [192]}
    names = {"security", "manifest", "logo", "icon", "theme", "legal", "accessibility", "privacy"}
    assert names <= {getattr(pattern, "name", "") for pattern in urlpatterns}
    for name in names:
        address = reverse(f"portal:{name}", args=arguments.get(name, []))
        assert Client().get(address).status_code == 200, name
        assert Client().post(address).status_code == 405, name
