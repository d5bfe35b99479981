"""Readings on the citizens' pages: with and without an account, odd ones, declined ones."""

import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from eservices.contracts.events import CHANGED_BY_REQUEST, note
from eservices.contracts.models import Holder
from eservices.people import mandates
from eservices.readings.deciding import again_address, decline
from eservices.readings.models import Reading
from eservices.readings.warning import UNUSUAL
from registry.deposit_files import check_files
from tests.eservices.citizens import citizen, person_of
from tests.eservices.contracts.contracts import a_meter
from tests.eservices.readings.readings import a_read_meter, a_reading, a_round, reader, today
from tests.factories import drain

pytestmark = pytest.mark.django_db
SEND = "/readings/send/"


def _photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (200, 100), "white").save(out, "JPEG")
    return SimpleUploadedFile("compteur.jpg", out.getvalue(), content_type="image/jpeg")


def _given(**changes: Any) -> dict[str, Any]:
    return {
        "contract": "1000001", "serial": "WM1000001", "energy": "water", "index": "1215",
        "read_on": today().isoformat(), "name": "Fatima Bennis", "contact": "fatima@example.ma",
        "key": "k" * 30, "photo": _photo(),
    } | changes  # fmt: skip


def _held_by(mail: str, number: str, outbox: list[Any]) -> tuple[Client, Any]:
    client = citizen(mail, outbox)
    meter = a_read_meter(number)
    Holder.objects.create(
        person=person_of(mail), contract=meter.contract, proof="code", proven_at=timezone.now()
    )
    return client, meter


def test_a_reading_without_an_account_is_registered_once(client: Client) -> None:
    meter = a_read_meter()
    assert client.get(SEND).status_code == 200
    answer = client.post(SEND, _given())
    assert (answer.status_code, answer["Location"]) == (303, "/readings/sent/")
    page = client.get("/readings/sent/").content.decode()
    reading = Reading.objects.get(meter=meter, state="received")
    assert reading.request is not None
    assert reading.request.letter.number in page
    assert client.post(SEND, _given()).status_code in (303, 422)  # the same form again
    assert Reading.objects.filter(meter=meter, source="portal", state="received").count() == 1


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_figures_and_day_are_taken_as_people_type_them(client: Client, language: str) -> None:
    """In digits of any script, with gaps, the day first."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    meter, day = a_read_meter(), today()
    digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    typed = {
        "contract": "10 00-001", "index": "\u200f1\u00a0215", "read_on": f"{day:%d/%m/%Y}",
        "contact": "+212 (0)6-61 22 33 44",
    }  # fmt: skip
    by_hand = {name: text.translate(digits) for name, text in typed.items()}
    assert client.post(SEND, _given(serial="wm 1000001", **by_hand)).status_code == 303
    reading = Reading.objects.get(meter=meter, state="received")
    assert (reading.index, reading.read_on) == (1215, day)


def test_a_stranger_is_not_told_when_it_was_read(mailoutbox: list[Any]) -> None:
    """Who sees the meter is."""
    holder, meter = _held_by("fatima@example.ma", "1000001", mailoutbox)
    a_reading(meter)
    page = Client().post(SEND, _given()).content.decode()
    assert "a déjà été envoyé." in page
    assert "envoyé le" not in page
    page = holder.post(SEND, _given(meter=str(meter.pk))).content.decode()
    assert "a déjà été envoyé le" in page


def test_an_unknown_meter_is_answered_like_a_known_one(client: Client) -> None:
    a_read_meter()
    answer = client.post(SEND, _given(serial="WM1000002", index="99999"))
    assert (answer.status_code, answer["Location"]) == (303, "/readings/sent/")
    assert Reading.objects.get(source="portal", state="received").meter is None


def test_what_is_missing_is_named_and_nothing_is_sent(client: Client) -> None:
    a_read_meter()
    wrong = _given(index="12,5", serial="", read_on=(today() + timedelta(days=2)).isoformat())
    del wrong["photo"]
    answer = client.post(SEND, wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    for field in ("id_index", "id_serial", "id_read_on", "id_photo"):
        assert f'href="#{field}"' in page
    assert not Reading.objects.filter(state="received").exists()


def test_odd_figures_are_asked_about_once_and_the_photo_stays(client: Client) -> None:
    a_read_meter()
    answer = client.post(SEND, _given(index="9000"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="confirmed"' in page
    assert "compteur.jpg" in page
    assert "1200" not in page  # a stranger learns nothing of the last index
    confirmed = _given(index="9000", confirmed="on")
    del confirmed["photo"]
    assert client.post(SEND, confirmed).status_code == 303
    drain("reading.check")
    reading = Reading.objects.get(state="received")
    assert (reading.verdict, reading.photo is not None) == ("implausible", True)


def test_outside_the_round_the_page_says_when(client: Client) -> None:
    a_read_meter()
    a_round(opens=4, closes=9, sector="S1")
    answer = client.post(SEND, _given())
    assert answer.status_code == 422
    assert not Reading.objects.filter(state="received").exists()


def test_a_holder_chooses_a_meter_and_reads_why_figures_are_odd(
    mailoutbox: list[Any],
) -> None:
    client, meter = _held_by("fatima@example.ma", "1000001", mailoutbox)
    listed = client.get("/my/readings/").content.decode()
    assert re.search(r">1200</span>\s*\(<time [^>]*>[^<]+</time>\)", listed)
    assert f"?meter={meter.pk}" in listed
    start = client.get(f"{SEND}?meter={meter.pk}").content.decode()
    assert "WM1000001" in start
    assert start.count("Un autre compteur") == 1  # the choice; its numbers are called so
    assert "Contrat et numéro de l’autre compteur" in start
    assert "Aucun compte n" not in start
    given = _given(meter=str(meter.pk), contract="", serial="", energy="", index="9000")
    odd = client.post(SEND, given)
    assert odd.status_code == 422
    assert "7800" in odd.content.decode()
    sent = client.post(SEND, _given(meter=str(meter.pk), contract="", serial="", energy=""))
    assert sent.status_code == 303
    page = client.get(f"/my/readings/{meter.pk}/").content.decode()
    assert "1215" in page
    assert "<svg" in page
    contract = client.get("/my/contracts/1000001/").content.decode()
    assert "<svg" in contract
    assert f"/my/readings/{meter.pk}/" in contract


def test_who_looks_on_for_another_sends_no_reading(mailoutbox: list[Any]) -> None:
    _owner, meter = _held_by("owner@example.ma", "1000001", mailoutbox)
    agent = citizen("agent@example.ma", mailoutbox)
    paths = ("/my/readings/", f"/my/readings/{meter.pk}/", "/my/contracts/1000001/")
    for services, sends in ((["statement"], False), (["self_reading"], True)):
        wanted = mandates.MandateInput(contact="agent@example.ma", services=services)
        mandates.give(person_of("owner@example.ma"), wanted)
        for path in paths:
            page = agent.get(path).content.decode()
            assert "WM1000001" in page
            assert (f"/readings/send/?meter={meter.pk}" in page) is sends, path


def test_more_meters_cost_no_more_queries(
    mailoutbox: list[Any], django_assert_max_num_queries: Any
) -> None:
    client, meter = _held_by("fatima@example.ma", "1000001", mailoutbox)
    a_round(sector="S1")
    with CaptureQueriesContext(connection) as of_one:
        client.get("/my/readings/")
    for n in range(4):
        a_meter(meter.contract, f"E{n}", last_read_on=today())
    with django_assert_max_num_queries(len(of_one)):
        assert "E3" in client.get("/my/readings/").content.decode()


def test_anothers_meter_is_not_there(mailoutbox: list[Any]) -> None:
    client, _meter = _held_by("fatima@example.ma", "1000001", mailoutbox)
    other = a_read_meter("1000002")
    reading = a_reading(other, index=1299)
    assert client.get(f"/my/readings/{other.pk}/").status_code == 404
    assert client.get("/my/readings/999999/").status_code == 404
    assert "WM1000002" not in client.get("/my/readings/").content.decode()
    assert "WM1000002" not in client.get(f"{SEND}?meter={other.pk}").content.decode()
    answer = client.post(SEND, _given(meter=str(other.pk), contract="", serial=""))
    assert answer.status_code == 422
    assert Client().get("/my/readings/").status_code == 303
    reading.refresh_from_db()
    assert reading.index == 1299


def test_the_meter_of_a_former_holder_shows_nothing_of_them(mailoutbox: list[Any]) -> None:
    client, meter = _held_by("fatima@example.ma", "1000001", mailoutbox)
    before = a_read_meter("1000002").contract
    Reading.objects.filter(meter=meter).update(contract=before)
    old = a_reading(meter, index=777, state="exported", read_on=today() - timedelta(days=90))
    Reading.objects.filter(pk=old.pk).update(contract=before)
    page = client.get(f"/my/readings/{meter.pk}/").content.decode()
    assert "777" not in page


def test_a_new_holder_sees_no_reading_and_no_use_of_the_holder_before(
    mailoutbox: list[Any],
) -> None:
    client, meter = _held_by("fatima@example.ma", "1000001", mailoutbox)
    a_reading(meter, index=1180, state="exported", read_on=today() - timedelta(days=40))
    note(meter.contract, UNUSUAL, meter=meter.serial, use=90, expected=15, days=30)
    paths = (f"/my/readings/{meter.pk}/", "/my/readings/", "/my/contracts/1000001/")
    pages = {path: client.get(path).content.decode() for path in paths}
    assert all("<svg" in pages[path] and "use-" in pages[path] for path in paths[::2])
    assert ">1180<" in pages[paths[0]]
    assert all(">1200<" in pages[path] for path in paths[1:])
    assert "Fuite" in pages[paths[0]] or "inhabituel" in pages[paths[0]]

    note(meter.contract, CHANGED_BY_REQUEST, what="holder")
    late = a_reading(meter, index=1195, read_on=today() - timedelta(days=1), period="2020-01")
    own = a_reading(meter, index=1203, read_on=today(), period="2020-02")
    pages = {path: client.get(path).content.decode() for path in paths}
    for page in pages.values():
        assert not any(f">{index}<" in page for index in (1180, 1200, late.index))
        assert f"use-{meter.pk}" not in page
        assert "inhabituel" not in page
    assert f">{own.index}<" in pages[paths[0]]
    assert "Ajouté à un espace" not in pages[paths[2]]


def test_a_declined_reading_is_sent_again_by_its_address(client: Client) -> None:
    meter = a_read_meter()
    client.post(SEND, _given(index="9000", confirmed="on"))
    drain("reading.check")
    reading = decline(
        Reading.objects.get(state="received").pk, actor=reader(), reason="implausible"
    )
    address = again_address(reading).split("/readings/", 1)[1]
    page = client.get(f"/readings/{address}").content.decode()
    assert "WM1000001" in page
    assert reading.reason in html.unescape(page)
    answer = client.post(f"/readings/{address}", _given(contract="", serial="", key="n" * 30))
    assert (answer.status_code, answer["Location"]) == (303, "/readings/sent/")
    assert Reading.objects.get(meter=meter, state="received").replaces == reading
    assert client.get("/readings/again/wrong/")["Location"] == SEND


@pytest.mark.parametrize("odd", [False, True])
def test_what_is_no_picture_is_refused_and_not_kept(client: Client, *, odd: bool) -> None:
    a_read_meter()
    page = SimpleUploadedFile("releve.txt", b"L'index est 1215.", content_type="text/plain")
    given = _given(photo=page, index="1" if odd else "1215")
    answer = client.post(SEND, given, headers={"accept-language": "fr"})
    words = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert words.count("n’est pas une image") == 2  # above the form, and beside the photo
    assert "texte simple" not in words
    assert "leave_out" not in words
    del given["photo"]
    again = client.post(SEND, given | {"confirmed": "on"}, headers={"accept-language": "fr"})
    assert "Ajoutez une photo du compteur." in html.unescape(again.content.decode())


def test_a_photo_is_judged_once_while_the_form_is_asked_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time it would pass the virus scanner."""
    a_read_meter()
    judged: list[str] = []

    def counting(files: list[Any], **how: Any) -> Any:
        judged.extend(file.name for file in files)
        return check_files(files, **how)

    monkeypatch.setattr("registry.deposit_files.check_files", counting)
    monkeypatch.setattr("eservices.requests.draft_files.check_files", counting)
    answer = client.post(SEND, _given(index="1"))
    assert (answer.status_code, judged) == (422, ["compteur.jpg"])
    assert "leave_out" in answer.content.decode()


def test_a_photo_stays_while_the_scanner_is_away(client: Client, settings: Any) -> None:
    meter = a_read_meter()
    given = _given()
    settings.CLAMD_URL = "tcp://127.0.0.1:1"  # nobody may listen to it but root's tcpmux
    answer = client.post(SEND, given)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "leave_out" in answer.content.decode()
    settings.CLAMD_URL = ""
    del given["photo"]
    assert client.post(SEND, given).status_code == 303
    sent = Reading.objects.select_related("request__letter").get(meter=meter, state="received")
    assert sent.request is not None
    assert sent.request.letter.documents.filter(title__contains="compteur.jpg").exists()
