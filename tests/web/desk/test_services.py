"""Administrators keep the catalogue: edited in rows or as text, looked at, published, withdrawn."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from eservices.catalogue.choice_labels import choice_label
from eservices.catalogue.loading import shipped_types
from eservices.catalogue.models import ServiceTypeVersion
from eservices.catalogue.publishing import publish, published, published_types
from eservices.catalogue.toml_files import as_toml, from_toml
from org.models import Department, User
from tests.eservices.office import content_of, kept, opened, published_type
from web.desk.services.filling import Row, Rows, Sheet, take
from web.desk.services.specs import SECTIONS, Group, Input

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
CODE = "complaint_water"
HOME = "/administration/services/"
SERVICE = f"{HOME}{CODE}/"


def typed(section: str, content: Any) -> dict[str, str]:
    """Return what a browser sends of a section where nothing was changed."""
    found: dict[str, str] = {}

    def row(it: Row) -> None:
        found[f"{it.prefix}.place"] = str(it.place)
        cells(it)

    def cells(it: Row | Sheet) -> None:
        for cell in it.cells:
            if cell.kind != "flag" or cell.value:
                found[cell.name] = cell.value.replace("\n", "\r\n")
        for group in it.groups:
            rows(group)

    def rows(group: Rows) -> None:
        for it in group.rows:
            row(it)

    cells(Sheet(SECTIONS[section], content))
    return found


def newest() -> ServiceTypeVersion:
    return ServiceTypeVersion.objects.filter(service__code=CODE).order_by("-version")[0]


def form(section: str, **changes: str) -> dict[str, str]:
    version = newest()
    return {**typed(section, version.content), "seen": str(version.version), **changes}


def test_what_was_not_changed_stays_as_it_was_written() -> None:
    for content in shipped_types().values():
        for name, section in SECTIONS.items():
            assert take(section, content, typed(name, content)).content == content


def test_texts_are_edited_and_published(client_as: Browser, admin: User) -> None:
    client = client_as("admin")
    address = f"{SERVICE}edit/texts/"
    answer = client.post(address, form("texts", **{"title.fr": "Fuite d’eau", "note": "court"}))
    assert answer.headers["Location"] == f"{SERVICE}versions/2/"
    page = client.get(f"{SERVICE}versions/2/").content.decode()
    assert "Fuite d’eau" in page
    assert published_type().definition.title.fr != "Fuite d’eau"
    assert client.post(f"{SERVICE}versions/2/publish/").status_code == 303
    assert published_type().definition.title.fr == "Fuite d’eau"
    page = client.get(SERVICE).content.decode()
    assert "court" in page
    assert "Salma Idrissi" in page


def test_nothing_changed_makes_no_version(client_as: Browser) -> None:
    client = client_as("admin")
    for section in SECTIONS:
        assert client.post(f"{SERVICE}edit/{section}/", form(section)).status_code == 303
    assert newest().version == 1


def test_a_question_is_added_moved_and_taken_away(client_as: Browser) -> None:
    client, address = client_as("admin"), f"{SERVICE}edit/form/"
    fields = newest().content["pages"][0]["fields"]
    number = len(fields)
    page = client.post(address, form("form", add="pages.0.fields"))
    assert f'name="pages.0.fields.{number}.code"' in page.content.decode()
    assert newest().version == 1
    new = f"pages.0.fields.{number}"
    changes = {f"{new}.code": "floor", f"{new}.type": "choice", f"{new}.place": "0"}
    changes |= {f"{new}.label.{one}": "Étage" for one in ("ar", "fr", "en")}
    changes[f"{new}.options"] = "low | أسفل | Bas | Low\r\nhigh | أعلى | Haut | High"
    last = next(at for at, one in enumerate(fields) if one["code"] == "since")
    changes[f"pages.0.fields.{last}.gone"] = "on"
    assert client.post(address, form("form", **changes)).status_code == 303
    kept_fields = newest().content["pages"][0]["fields"]
    assert kept_fields[0]["code"] == "floor"
    assert kept_fields[0]["options"][1]["label"] == {"ar": "أعلى", "fr": "Haut", "en": "High"}
    assert kept_fields[1:] == [one for one in fields if one["code"] != "since"]


def test_what_is_wrong_is_told_at_its_place_and_nothing_is_lost(client_as: Browser) -> None:
    client, address = client_as("admin"), f"{SERVICE}edit/form/"
    changes = {"pages.0.fields.1.label.fr": "", "pages.0.title.ar": "شيء آخر"}
    answer = client.post(address, form("form", **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#at-pages.0.fields.1"' in page
    assert "شيء آخر" in page
    assert newest().version == 1


def test_two_administrators_do_not_overwrite_each_other(client_as: Browser) -> None:
    client, mine = client_as("admin"), form("texts", **{"title.fr": "Mien"})
    kept(content_of(position=3))
    answer = client.post(f"{SERVICE}edit/texts/", mine)
    assert answer.status_code == 409
    assert "Mien" in answer.content.decode()
    whole = {"text": as_toml(content_of(position=4)), "seen": "1"}
    assert client.post(f"{SERVICE}whole/", whole).status_code == 409
    assert newest().version == 2


def test_requests_under_way_stay_on_their_version(client_as: Browser) -> None:
    request = opened(CODE)
    client = client_as("admin")
    stages = form("stages", **{"stages.0.public.fr": "C’est noté"})
    client.post(f"{SERVICE}edit/stages/", stages)
    page = client.get(f"{SERVICE}versions/2/").content.decode()
    assert "Une demande en cours reste sur la version 1." in page
    assert "C’est noté" in page
    client.post(f"{SERVICE}versions/2/publish/")
    request.refresh_from_db()
    assert request.version.version == 1
    assert request.version.content == content_of(CODE)
    assert opened(CODE).version.version == 2
    client.post(f"{SERVICE}versions/2/withdraw/")
    assert published(CODE) is None
    request.refresh_from_db()
    assert request.version.version == 1


def test_dates_are_tried_before_they_are_published(client_as: Browser, admin: User) -> None:
    start = timezone.now() + timedelta(days=3)
    publish(kept(content_of(position=3)), actor=admin, start=start)
    kept(content_of(position=4))
    client, page = client_as("admin"), f"{SERVICE}versions/3/"
    said = client.get(page, {"start": "2900-01-01T08:00"}).content.decode()
    assert "La publication de la version 2 se termine" in said
    assert "La version 2 est publiée à partir du" in client.get(page).content.decode()
    client.post(f"{page}publish/")
    assert newest().published_from is None
    client.post(f"{page}publish/", {"start": "soon"})
    assert newest().published_from is None


def test_a_service_comes_as_a_file_and_leaves_as_one(client_as: Browser) -> None:
    client = client_as("admin")
    content = content_of(code="leak_alarm")
    file = SimpleUploadedFile("x.toml", as_toml(content).encode())
    answer = client.post(f"{HOME}new/", {"file": file})
    assert answer.headers["Location"] == f"{HOME}leak_alarm/versions/1/"
    taken = client.get(f"{HOME}leak_alarm/versions/1/file.toml")
    assert from_toml(taken.content.decode()) == content
    refused = client.post(f"{HOME}new/", {"text": "code = 1"})
    assert refused.status_code == 422
    other = {"text": as_toml(content), "seen": "1"}
    assert client.post(f"{SERVICE}whole/", other).status_code == 422
    file = SimpleUploadedFile("x.toml", b"\xff")
    assert client.post(f"{HOME}new/", {"file": file}).status_code == 422


def test_directors_and_auditors_read_and_others_do_not(client_as: Browser) -> None:
    for username in ("direction", "audit"):
        client = client_as(username)
        assert "/edit/" not in client.get(SERVICE).content.decode()
        assert client.get(HOME).status_code == 200
        assert client.get(f"{SERVICE}edit/texts/").status_code == 403
        assert client.post(f"{SERVICE}versions/1/withdraw/").status_code == 403
    assert client_as("amina").get(HOME).status_code == 403


def test_every_language_is_previewed(client_as: Browser) -> None:
    client, title = client_as("admin"), published_type().definition.title
    for language in ("ar", "fr", "en"):
        page = client.get(f"{SERVICE}versions/1/", {"language": language}).content.decode()
        assert f'lang="{language}"' in page
        assert title.in_(language) in page


def test_choices_are_told_in_words(client_as: Browser) -> None:
    """A code stands beside its words where it is typed, and behind them where it is chosen."""
    client = client_as("admin")
    page = client.get(f"{SERVICE}edit/form/").content.decode()
    assert '<option value="yes_no">Oui ou non</option>' in page
    page = client.get(f"{SERVICE}edit/stages/").content.decode()
    assert ">En attente de l’usager</option>" in page
    assert "<code>final_reading</code></bdi> = <bdi>un relevé de clôture</bdi>" in page
    assert "<code>final_reading</code></bdi> = <bdi>prend le relevé de clôture</bdi>" in page


def test_no_choice_is_left_without_words() -> None:
    def wordless(inputs: Iterable[Input], of: str) -> Iterator[str]:
        for one in inputs:
            for value in one.choices:
                words = choice_label(one.key, value, of=of)
                if words == value:
                    yield f"{of}.{one.key}.{value}"

    def within(groups: Iterable[Group]) -> Iterator[str]:
        for group in groups:
            yield from wordless(group.inputs, group.key)
            yield from within(group.groups)

    with override("ar"):
        found = [one for it in SECTIONS.values() for one in wordless(it.inputs, "")]
        found += [one for it in SECTIONS.values() for one in within(it.groups)]
    assert found == []


def test_an_unknown_service_version_or_part_is_not_there(client_as: Browser) -> None:
    client = client_as("admin")
    for address in (f"{HOME}none/", f"{SERVICE}versions/9/", f"{SERVICE}edit/none/"):
        assert client.get(address).status_code == 404


def test_the_list_asks_as_often_for_many_services(
    client_as: Browser, django_assert_num_queries: Any
) -> None:
    client = client_as("admin")
    client.get(HOME)
    with CaptureQueriesContext(connection) as few:
        client.get(HOME)
    count = len(few)
    for number in range(5):
        publish(kept(content_of(code=f"leak_{number}")), actor=None)
    client.get(HOME)
    with django_assert_num_queries(count):
        assert "leak_4" in client.get(HOME).content.decode()


SIMPLE = {
    "title_ar": "شهادة السكنى",
    "title_fr": "Attestation de résidence",
    "summary_ar": "طلب شهادة السكنى.",
    "summary_fr": "Demander une attestation de résidence.",
    "days": "3",
    "unit": "working",
    "question_0_ar": "العنوان",
    "question_0_fr": "Adresse",
    "question_0_required": "on",
    "piece_2_ar": "البطاقة الوطنية",
    "piece_2_fr": "Carte nationale",
    "piece_2_required": "on",
    **{f"question_{number}_type": "text" for number in range(6)},
}


def test_a_simple_service_is_made_on_a_page_and_asked_for(client_as: Browser) -> None:
    client, page = client_as("admin"), f"{HOME}new/simple/"
    unit = str(Department.objects.get(code="COM").pk)
    assert 'href="/administration/services/new/simple/"' in client.get(HOME).content.decode()
    assert client.get(page).status_code == 200
    lacks = client.post(page, {**SIMPLE, "department": unit, "piece_2_ar": ""})
    assert lacks.status_code == 422
    assert list(lacks.context["form"].errors) == ["piece_2_ar"]
    for number in ("", "_2"):
        answer = client.post(page, {**SIMPLE, "department": unit})
        made = f"attestation_de_residence{number}"
        assert answer.headers["Location"] == f"{HOME}{made}/versions/1/"

    shown = client.get(f"{HOME}{made}/versions/1/").content.decode()
    assert "Carte nationale" in shown
    assert client.post(f"{HOME}{made}/versions/1/publish/").status_code == 303
    (found,) = [one for one in published_types() if one.definition.code == made]
    assert found.definition.department == "COM"
    assert (found.definition.term.legal_days, found.definition.term.unit) == (3, "working")
    assert [piece.required for piece in found.definition.pieces] == [True]
    citizen = Client(headers={"accept-language": "ar"})
    assert "شهادة السكنى" in citizen.get(f"/services/{made}/").content.decode()
    begun = citizen.get(f"/services/{made}/start/", follow=True).content.decode()
    assert "العنوان" in begun


def test_a_new_service_may_begin_with_the_text_of_another(client_as: Browser) -> None:
    browser = client_as("admin")
    new = "/administration/services/new/"
    assert f'<option value="{CODE}">' in browser.get(new).content.decode()
    text = browser.get(new, {"from": CODE}).context["text"]
    assert 'code = ""' in text
    before = ServiceTypeVersion.objects.count()
    assert browser.post(new, {"text": text}).status_code == 422  # it needs a code of its own
    assert ServiceTypeVersion.objects.count() == before
    answer = browser.post(new, {"text": text.replace('code = ""', 'code = "second_one"', 1)})
    assert answer.status_code == 303
    made = ServiceTypeVersion.objects.get(service__code="second_one")
    assert made.content == {**newest().content, "code": "second_one"}
    assert browser.get(new, {"from": "no_such"}).status_code == 404
