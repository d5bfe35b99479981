"""A citizen asks for a service, page by page: nothing is lost, nothing is asked that need not be,
and the form is theirs alone."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from eservices.catalogue.publishing import definition_of
from eservices.people.account import prefer
from eservices.people.mandates import MandateInput, end, give
from eservices.requests.drafts import code_of, forget_ended_drafts
from eservices.requests.models import Draft, DraftFile, DraftPart, Request
from org.written_days import date_format
from registry import tracking
from registry.models.documents import Document
from registry.models.letters import Letter
from tests.eservices.citizens import citizen as signed_in
from tests.eservices.citizens import person_of
from tests.eservices.contracts.contracts import a_contract, held_by
from tests.eservices.office import content_of, published_type
from tests.factories import drain, pdf_bytes, picture_bytes
from web.models import Attempt
from web.shared.sessions import GRACE
from web.throttle import (
    CONTACT_ANYWHERE,
    CONTACT_BY_VALUE,
    DEPOSIT_BY_ADDRESS,
    DRAFT_BY_ADDRESS,
    FOLLOW_BY_ADDRESS,
    count_attempt,
)

pytestmark = pytest.mark.django_db
WHAT = {"danger": "no", "problem": "leak", "description": "De l’eau coule."}
LEAK = {**WHAT, "where_leaks": "street"}
PLACE = {"place": "12, rue des Orangers"}
HOSTILE = Path(__file__).parents[4] / "shared" / "corpus" / "hostile"


class Citizen:
    """Somebody with a browser without JavaScript."""

    def __init__(self, code: str = "complaint_water") -> None:
        published_type(code)
        self.client, self.base = Client(), f"/services/{code}"

    def get(self, step: str) -> Any:
        return self.client.get(f"{self.base}/{step}/")

    def send(self, step: str, **given: Any) -> Any:
        return self.client.post(f"{self.base}/{step}/", given)

    def filled(self) -> "Citizen":
        """All of the form but the last click."""
        self.send("form/what", **LEAK)
        self.send("form/place", **PLACE)
        self.send("pieces")
        self.send("contact", name="Fatima Bennis", phone="0612345678", tell="none")
        return self


@pytest.fixture
def citizen() -> Citizen:
    return Citizen()


def to(answer: Any) -> str:
    assert answer.status_code in (302, 303), answer.content.decode()[:2000]
    return str(answer["Location"]).removeprefix("/services/complaint_water")


def shown(answer: Any) -> list[str]:
    """The questions that a person without JavaScript sees."""
    return re.findall(r'name="_shown" value="(\w+)"', answer.content.decode())


def test_from_the_first_question_to_the_number(citizen: Citizen) -> None:
    assert to(citizen.get("start")) == "/form/what/"
    assert citizen.get("form/what").status_code == 200
    assert not Draft.objects.exists()  # looking saves nothing
    assert to(citizen.send("form/what", **LEAK)) == "/form/place/"
    assert to(citizen.send("form/place", **PLACE)) == "/pieces/"
    photo = SimpleUploadedFile("fuite.png", picture_bytes("fuite"))
    assert to(citizen.send("pieces", photo=photo)) == "/contact/"
    contact = {"name": "Fatima Bennis", "phone": "0612 34 56 78", "tell": "none"}
    assert to(citizen.send("contact", **contact)) == "/check/"
    check = citizen.get("check").content.decode()
    for words in ("Fuite", "Sur la voie publique", "12, rue des Orangers", "fuite.png", "Bennis"):
        assert words in check
    assert to(citizen.send("check")) == "/done/"
    request, letter = Request.objects.get(), Letter.objects.get()
    page = citizen.get("done").content.decode()
    assert letter.number in page
    assert tracking.code_of(letter.pk) in page
    assert (letter.channel, request.answers["where_leaks"]) == ("portal", "street")
    assert letter.sender is not None
    assert letter.sender.name == "Fatima Bennis"
    titles = list(letter.documents.order_by("position").values_list("title", flat=True))
    assert any("fuite.png" in title for title in titles)
    assert not DraftFile.objects.exists()
    assert Draft.objects.get().answers == {}


def test_a_form_says_when_it_was_last_saved(citizen: Citizen) -> None:
    citizen.send("form/what", **LEAK)
    saved = timezone.localtime(Draft.objects.get().saved_at) - timedelta(days=3)
    Draft.objects.update(saved_at=saved)
    with translation.override("fr"):
        said = f"<bdi data-saved-at>{date_format(saved, 'DATETIME_FORMAT')}</bdi>"
    assert str(saved.year) in said  # an hour alone tells no day
    assert f"Dernier enregistrement\u00a0: {said}" in citizen.get("form/place").content.decode()


def test_the_last_page_follows_the_language_that_is_chosen_there(citizen: Citizen) -> None:
    citizen.filled().send("check")
    request = Request.objects.get()
    definition = definition_of(request.version)
    stage = definition.stage(request.stage).public
    for language, other in (("fr", "ar"), ("ar", "fr")):
        citizen.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        page = unescape(citizen.get("done").content.decode())
        assert f'lang="{language}"' in page
        for text in (definition.title, stage):
            assert text.in_(language) in page
            assert text.in_(other) not in page
    request.refresh_from_db()
    assert request.language == "fr"


def chosen_way(answer: Any) -> list[str]:
    """The way of notification that is chosen on a page of the requester."""
    inputs = re.findall(r'<input type="radio"[^>]*name="tell"[^>]*>', answer.content.decode())
    return [re.findall(r'value="(\w+)"', one)[0] for one in inputs if "checked" in one]


def test_no_way_of_notification_is_chosen_that_nobody_gave(citizen: Citizen, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    citizen.send("form/what", **LEAK)
    citizen.send("form/place", **PLACE)
    citizen.send("pieces")
    assert chosen_way(citizen.get("contact")) == []
    phone = {"name": "Fatima Bennis", "phone": "0612345678"}
    assert to(citizen.send("contact", **phone)) == "/check/"  # no e-mail: nothing to be told by
    assert chosen_way(citizen.get("contact")) == ["none"]
    assert to(citizen.send("contact", **phone, email="f@example.org", tell="")) == "/check/"
    assert chosen_way(citizen.get("contact")) == ["email"]
    answer = citizen.send("contact", **phone, tell="email")
    assert answer.status_code == 422
    assert chosen_way(answer) == ["email"]


def test_the_check_says_how_one_is_told(citizen: Citizen, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    citizen.filled()
    heading = "Comment vous serez informé"
    not_at_all = "Vous ne recevrez pas de message"
    check = unescape(citizen.get("check").content.decode())
    assert heading in check
    assert not_at_all in check
    citizen.send("contact", name="Fatima Bennis", email="f@example.org", tell="email")
    check = unescape(citizen.get("check").content.decode())
    assert "Par courriel" in check[check.index(heading) :]
    assert not_at_all not in check


def test_who_chose_in_their_space_is_told_so_unless_they_choose_otherwise(
    mailoutbox: Any,
) -> None:
    published_type("complaint_water")
    salma = signed_in("salma@usager.example", mailoutbox)
    salma.post("/services/complaint_water/form/what/", LEAK)
    contact = "/services/complaint_water/contact/"
    assert chosen_way(salma.get(contact)) == ["email"]
    prefer(person_of("salma@usager.example"), language="fr", told_by="none")
    assert chosen_way(salma.get(contact)) == ["none"]


def test_sent_twice_gives_the_same_number(citizen: Citizen) -> None:
    citizen.filled()
    first = citizen.send("check")
    again = citizen.send("check")
    assert to(first) == to(again) == "/done/"
    assert Letter.objects.count() == 1
    assert to(citizen.get("check")) == "/done/"


def test_sent_again_after_a_lost_answer_gives_the_same_number(citizen: Citizen) -> None:
    # On a phone the answer to the sending may never arrive, and with it the session's new key.
    before = citizen.filled().client.cookies["sessionid"].value
    assert to(citizen.send("check")) == "/done/"
    after = citizen.client.cookies["sessionid"].value
    assert before != after
    citizen.client.cookies["sessionid"] = before
    assert to(citizen.send("check")) == "/done/"
    letter = Letter.objects.get()
    page = citizen.get("done").content.decode()
    assert letter.number in page
    assert tracking.code_of(letter.pk) in page
    assert citizen.client.cookies["sessionid"].value not in (before, after)


def test_the_key_of_before_the_sending_has_no_visit_and_ends_soon(citizen: Citizen) -> None:
    before = citizen.filled().client.cookies["sessionid"].value
    citizen.send("check")
    assert citizen.client.get("/follow/letter/").status_code == 200
    other = Client()
    other.cookies["sessionid"] = before
    assert other.get("/follow/letter/").status_code == 303
    ends = Session.objects.get(pk=before).expire_date
    assert ends - timezone.now() <= timedelta(seconds=GRACE)
    citizen.client.cookies["sessionid"] = before
    citizen.send("check")  # again, since no answer came
    assert Session.objects.get(pk=before).expire_date == ends


def test_who_leaves_the_request_leaves_its_code_nowhere(citizen: Citizen) -> None:
    citizen.filled().send("check")
    code = tracking.code_of(Letter.objects.get().pk)
    assert code in citizen.get("done").content.decode()
    citizen.client.post("/follow/leave/")
    answer = citizen.get("done")
    assert to(answer) == "/start/"
    assert citizen.client.get("/follow/letter/").status_code == 303


def test_who_leaves_ends_the_key_of_before_the_sending_too(citizen: Citizen) -> None:
    keys = [citizen.filled().client.cookies["sessionid"].value]
    citizen.send("check")
    keys.append(citizen.client.cookies["sessionid"].value)
    citizen.client.cookies["sessionid"] = keys[0]
    citizen.send("check")  # again, since no answer came
    citizen.client.post("/follow/leave/")
    assert not Session.objects.filter(pk=keys[0]).exists()
    other = Client()
    other.cookies["sessionid"] = keys[0]
    assert to(other.post("/services/complaint_water/check/")) == "/start/?closed=1"


def test_a_question_that_an_answer_asks_for_is_shown_on_a_second_look(citizen: Citizen) -> None:
    page = citizen.get("form/what")
    assert shown(page) == ["danger", "problem", "since", "description"]
    second = citizen.send("form/what", **WHAT, _shown=shown(page))
    assert second.status_code == 200
    assert "where_leaks" in shown(second)
    assert "Choisissez une réponse" not in second.content.decode()  # no error before it was seen
    third = citizen.send("form/what", **WHAT, _shown=shown(second))
    assert third.status_code == 422
    assert to(citizen.send("form/what", **LEAK, _shown=shown(second))) == "/form/place/"


def test_errors_are_named_by_field_and_linked_and_what_was_typed_stays(citizen: Citizen) -> None:
    answer = citizen.send(
        "form/what", danger="no", problem="fire", since="hier", description="X" * 4001
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    for code in ("problem", "since", "description"):
        assert f'href="#f-{code}"' in page
        assert f'id="f-{code}-error"' in page
    assert "X" * 4001 in page
    assert 'aria-invalid="true"' in page
    assert not Letter.objects.exists()


def test_the_script_saves_what_is_typed_without_judging_it(citizen: Citizen) -> None:
    url = f"{citizen.base}/form/what/"
    answer = citizen.client.post(url, {"description": "Une fu"}, headers={"X-Autosave": "1"})
    assert answer.status_code == 200
    assert set(answer.json()) == {"saved"}
    assert str(timezone.localdate().year) in answer.json()["saved"]
    assert "Une fu" in citizen.get("form/what").content.decode()
    assert Draft.objects.get().answers["description"] == "Une fu"


def test_a_form_is_resumed_by_its_code_as_often_as_wished(citizen: Citizen) -> None:
    citizen.send("form/what", **LEAK)
    code = code_of(Draft.objects.get().pk)
    assert code in citizen.get("keep").content.decode()
    for written in (code, code.lower().replace("-", " "), code):
        other = Client()
        answer = other.post("/draft/", {"code": written})
        assert to(answer) == "/form/what/"
        assert "De l’eau coule." in other.get(answer["Location"]).content.decode()
    other.post(f"{citizen.base}/form/place/", PLACE)
    assert Draft.objects.get().answers["place"] == {"text": PLACE["place"]}


def test_a_wrong_code_opens_nothing_and_guessing_ends(citizen: Citizen) -> None:
    citizen.send("form/what", **LEAK)
    stranger = Client()
    assert stranger.post("/draft/", {"code": "BBBB-BBBB-BBBB"}).status_code == 422
    for _ in range(FOLLOW_BY_ADDRESS.most - 1):
        count_attempt(FOLLOW_BY_ADDRESS, "127.0.0.1")
    assert stranger.post("/draft/", {"code": "BBBB-BBBB-BBBB"}).status_code == 429


def test_another_session_sees_nothing_of_a_form(citizen: Citizen) -> None:
    citizen.filled()
    stranger = Client()
    for step in ("form/place", "pieces", "contact", "contact/verify", "check", "done", "keep"):
        answer = stranger.get(f"{citizen.base}/{step}/")
        assert answer.status_code == 303, step
        assert "/start/" in answer["Location"]
    for step in ("pieces", "contact", "check", "keep", "give-up"):
        stranger.post(f"{citizen.base}/{step}/", {"name": "X"})
    page = stranger.get(f"{citizen.base}/form/what/").content.decode()
    assert "De l’eau coule." not in page
    draft = Draft.objects.get()
    assert draft.asker["name"] == "Fatima Bennis"
    assert stranger.post(f"/draft/{draft.pk}/").status_code == 404
    assert not Letter.objects.exists()


def test_who_comes_back_too_late_is_told_so_and_shown_the_ways(citizen: Citizen) -> None:
    """An hour without a click, on the page of who asks: the code leads back to what was typed."""
    citizen.filled()
    late = Client()
    answer = late.post(f"{citizen.base}/contact/", {"name": "Fatima Bennis"}, follow=True)
    page = answer.content.decode()
    assert "n’est plus ouvert sur cet appareil" in page
    assert 'href="/draft/"' in page
    assert f'href="{citizen.base}/form/what/"' in page


def test_a_late_page_of_questions_is_kept_and_the_others_are_asked_for(citizen: Citizen) -> None:
    answer = citizen.client.post(f"{citizen.base}/form/place/", PLACE, follow=True)
    assert "Le formulaire s’est fermé" in answer.content.decode()
    assert Draft.objects.get().answers["place"] == {"text": PLACE["place"]}


def test_a_late_page_that_the_script_saves_first_is_kept_and_told_all_the_same(
    citizen: Citizen,
) -> None:
    url = f"{citizen.base}/form/place/"
    saved = citizen.client.post(url, PLACE, headers={"X-Autosave": "1"})
    assert saved.status_code == 409
    assert not Draft.objects.exists()
    answer = citizen.client.post(url, PLACE, follow=True)
    assert "Le formulaire s’est fermé" in answer.content.decode()
    assert Draft.objects.get().answers["place"] == {"text": PLACE["place"]}


def test_a_late_page_that_only_some_answers_lead_to_is_told_like_any_other(
    citizen: Citizen,
) -> None:
    content = content_of()
    content["pages"][1]["show_if"] = {"field": "problem", "in": ["leak"]}
    published_type(content)
    assert to(citizen.get("form/place")) == "/start/?closed=1"
    answer = citizen.client.post(f"{citizen.base}/form/place/", PLACE, follow=True)
    assert "Le formulaire s’est fermé" in answer.content.decode()


def test_where_no_more_forms_are_taken_nobody_is_told_that_a_page_is_kept(
    citizen: Citizen,
) -> None:
    for _ in range(DRAFT_BY_ADDRESS.most):
        count_attempt(DRAFT_BY_ADDRESS, "127.0.0.1")
    url = f"{citizen.base}/form/place/"
    answer = citizen.client.post(url, PLACE)
    assert answer.status_code == 429
    assert "Le formulaire s’est fermé" not in answer.content.decode()
    assert not Draft.objects.exists()


@pytest.mark.parametrize("path", ["/portal/", "/follow/", "/services/complaint_water/"])
def test_the_page_that_takes_a_forms_code_is_found(citizen: Citizen, path: str) -> None:
    """Whoever has only the code on a slip of paper knows no address."""
    assert 'href="/draft/"' in citizen.client.get(path).content.decode()


def test_the_page_that_shows_the_code_says_where_it_is_typed(
    citizen: Citizen, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://bureau.example.ma"
    citizen.send("form/what", **LEAK)
    assert "https://bureau.example.ma/draft/" in citizen.get("keep").content.decode()


def test_the_code_is_sent_where_it_is_wished(citizen: Citizen, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    citizen.send("form/what", **LEAK)
    assert citizen.send("keep", contact="nobody").status_code == 422
    assert to(citizen.send("keep", contact="a@example.org")) == "/keep/"
    drain("draft.tell")
    assert [message.to for message in mail.outbox] == [["a@example.org"]]
    assert code_of(Draft.objects.get().pk) in str(mail.outbox[0].body)


def test_nobody_is_flooded_with_codes_of_forms(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    published_type(content_of(code="known", identity=1))
    published_type("complaint_water")
    victim = "victim@example.org"
    who = {"name": "Fatima Bennis", "email": victim, "tell": "email"}

    def asks(number: int, base: str, step: str, given: dict[str, str]) -> int:
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        client.post(f"{base}/form/what/", LEAK)
        client.post(f"{base}/form/place/", PLACE)
        client.post(f"{base}/contact/", who)
        status: int = client.post(f"{base}/{step}/", given).status_code
        return status

    for n in range(CONTACT_ANYWHERE.most):
        assert asks(n, "/services/complaint_water", "keep", {"contact": victim}) == 303
    assert asks(90, "/services/complaint_water", "keep", {"contact": victim}) == 429
    assert asks(91, "/services/known", "contact/verify", {"way": "email"}) == 429
    assert not drain("code.send")
    assert drain("draft.tell") == CONTACT_ANYWHERE.most


def test_what_is_no_contact_counts_for_nobody(citizen: Citizen) -> None:
    citizen.send("form/what", **LEAK)
    for _time in range(CONTACT_BY_VALUE.most + 1):
        assert citizen.send("keep", contact="nobody").status_code == 422
        Attempt.objects.filter(bucket="code.number").delete()  # that of this form alone


def test_files_stay_through_errors_and_are_left_out_at_a_wish(citizen: Citizen) -> None:
    citizen.send("form/what", **LEAK)
    citizen.send("form/place", **PLACE)
    good = [SimpleUploadedFile(f"{n}.pdf", pdf_bytes()) for n in ("un", "deux")]
    bad = SimpleUploadedFile("virus.pdf", b"MZ\x90\x00")
    answer = citizen.send("pieces", photo=[*good, bad])
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "virus.pdf" in page
    assert "un.pdf" in page
    assert "deux.pdf" in page
    first = DraftFile.objects.get(name="un.pdf")
    assert to(citizen.send("pieces", _add="1", _leave_out=[str(first.pk)])) == "/pieces/"
    assert [row.name for row in DraftFile.objects.all()] == ["deux.pdf"]
    citizen.send("pieces", _add="1", photo=SimpleUploadedFile("deux.pdf", good[1].open().read()))
    assert DraftFile.objects.count() == 1  # the same file is here once


def test_the_files_of_a_form_are_removed_sent_and_named_by_no_other(
    citizen: Citizen, mailoutbox: Any
) -> None:
    for step, given in (("form/what", LEAK), ("form/place", PLACE)):
        citizen.send(step, **given)
    citizen.send("pieces", _add="1", photo=SimpleUploadedFile("secret.pdf", pdf_bytes()))
    kept, draft = DraftFile.objects.get(), Draft.objects.get()
    stranger, thief = Citizen().filled(), Citizen()
    thief.client = signed_in("thief@voleur.example", mailoutbox)
    thief.filled()
    for other in (stranger, thief):
        own = SimpleUploadedFile("own.pdf", pdf_bytes("Le mien"))
        other.send("pieces", _add="1", _leave_out=[str(kept.pk), str(draft.pk)], photo=own)
        assert other.client.post(f"/draft/{draft.pk}/").status_code == 404
        for step in ("pieces", "check"):
            page = other.get(step).content.decode()
            assert "own.pdf" in page
            assert "secret.pdf" not in page
            assert str(kept.pk) not in page
        assert to(other.send("check")) == "/done/"
    titles = " ".join(Document.objects.values_list("title", flat=True))
    assert titles.count("own.pdf") == 2
    assert "secret.pdf" not in titles
    assert DraftFile.objects.get() == kept
    assert "secret.pdf" in citizen.get("pieces").content.decode()
    citizen.client.post(f"{citizen.base}/close/")
    assert "/start/" in citizen.get("pieces")["Location"]


def test_an_answer_is_changed_from_the_check(citizen: Citizen) -> None:
    citizen.filled()
    assert "?back=check#f-problem" in citizen.get("check").content.decode()
    answer = citizen.send("form/what", **{**LEAK, "problem": "cut"}, _back="check")
    assert to(answer) == "/check/"
    page = citizen.get("check").content.decode()
    assert "Coupure" in page
    assert "Sur la voie publique" not in page  # hidden now, and not sent
    citizen.send("check")
    assert "where_leaks" not in Request.objects.get().answers


def test_what_lacks_at_the_check_leads_to_its_page(citizen: Citizen) -> None:
    citizen.send("form/place", **PLACE)
    assert to(citizen.get("check")) == "/form/what/?errors=1&back=check"
    citizen.send("form/what", **LEAK)
    assert to(citizen.send("check")) == "/contact/"
    assert citizen.send("contact", name="", email="x").status_code == 422
    assert not Letter.objects.exists()


def test_a_place_on_the_map_is_shown_as_text_and_link(citizen: Citizen) -> None:
    citizen.send("form/what", **LEAK)
    point = {"place.latitude": "33.231600", "place.longitude": "-8.500700"}
    answer = citizen.send("form/place", **PLACE, **point)
    assert to(answer) == "/pieces/"
    page = citizen.get("form/place")
    assert "openstreetmap.org/?mlat=33.231600" in page.content.decode()
    assert "geolocation=(self)" in page["Permissions-Policy"]
    assert "geolocation=()" in citizen.get("form/what")["Permissions-Policy"]
    assert (
        citizen.send("form/place", **PLACE, **{**point, "place.latitude": "99"}).status_code == 422
    )


def test_a_form_is_given_up_and_nothing_of_it_stays(citizen: Citizen) -> None:
    citizen.send("form/what", **LEAK)
    citizen.send("pieces", _add="1", photo=SimpleUploadedFile("un.pdf", pdf_bytes()))
    assert DraftPart.objects.exists()
    citizen.send("give-up")
    assert not Draft.objects.exists()
    assert not DraftPart.objects.exists()


def test_forms_whose_time_is_over_are_swept_with_their_files(citizen: Citizen) -> None:
    citizen.send("form/what", **LEAK)
    citizen.send("pieces", _add="1", photo=SimpleUploadedFile("un.pdf", pdf_bytes()))
    draft = Draft.objects.get()
    assert timedelta(days=99) < draft.ends_at - timezone.now() <= timedelta(days=100)
    assert forget_ended_drafts() == 0
    Draft.objects.update(ends_at=timezone.now())
    assert Client().post("/draft/", {"code": code_of(draft.pk)}).status_code == 422
    assert forget_ended_drafts() == 1
    assert not DraftPart.objects.exists()


def test_a_flood_of_forms_ends(citizen: Citizen) -> None:
    Client().post(f"{citizen.base}/form/what/", WHAT)
    for _ in range(DRAFT_BY_ADDRESS.most - 1):
        count_attempt(DRAFT_BY_ADDRESS, "127.0.0.1")
    answer = Client().post(f"{citizen.base}/form/what/", WHAT)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert Draft.objects.count() == 1


def test_too_many_deposits_are_told_to_wait_and_lose_nothing(citizen: Citizen) -> None:
    for _ in range(DEPOSIT_BY_ADDRESS.most):
        count_attempt(DEPOSIT_BY_ADDRESS, "127.0.0.1")
    citizen.filled()
    answer = citizen.send("check")
    assert answer.status_code == 429
    assert Draft.objects.get().answers["description"] == "De l’eau coule."


def test_a_service_that_is_not_published_or_not_for_the_portal_is_not_there() -> None:
    assert Client().get("/services/nothing/start/").status_code == 404
    published_type(content_of(code="inner", channels=["counter"]))
    assert Client().get("/services/inner/form/what/").status_code == 404


def test_a_service_that_asks_for_more_identity_says_so() -> None:
    published_type(content_of(code="proven", identity=3))
    for step in ("start", "form/what"):
        answer = Client().get(f"/services/proven/{step}/")
        assert answer.status_code == 403
        assert 'href="/my/"' in answer.content.decode()


def test_who_may_have_a_code_by_sms_is_told_its_risk(settings: Any) -> None:
    """Where a number is to be proved, and where the form's own code can be sent."""
    risk = "transférer votre numéro"
    settings.SMS_URL = "https://sms.example/send"
    published_type(content_of(code="known", identity=1))
    client, base = Client(), "/services/known"
    client.post(f"{base}/form/what/", LEAK)
    client.post(f"{base}/form/place/", PLACE)
    who = {"name": "Fatima Bennis", "email": "fatima@example.org", "tell": "none"}
    client.post(f"{base}/contact/", who)
    assert risk not in client.get(f"{base}/contact/verify/").content.decode()
    client.post(f"{base}/contact/", {**who, "phone": "0612345678"})
    for step in ("contact/verify", "keep"):
        assert risk in client.get(f"{base}/{step}/").content.decode()
    settings.SMS_URL = ""
    for step in ("contact/verify", "keep"):
        assert risk not in client.get(f"{base}/{step}/").content.decode()


def test_a_verified_contact_is_asked_for_where_the_type_says_so(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    content = content_of(code="known", identity=1)
    published_type(content)
    client, base = Client(), "/services/known"
    client.post(f"{base}/form/what/", LEAK)
    client.post(f"{base}/form/place/", PLACE)
    who = {"name": "Fatima Bennis", "email": "fatima@example.org", "tell": "email"}
    assert client.post(f"{base}/contact/", who)["Location"].endswith("/contact/verify/")
    assert client.post(f"{base}/check/")["Location"].endswith("/contact/verify/")
    assert not Letter.objects.exists()
    client.post(f"{base}/contact/verify/", {"way": "email"})
    drain("code.send")
    found = re.search(r"\b[BCDFGHJKLMNPQRSTVWXZ]{6}\b", str(mail.outbox[-1].body))
    assert found
    wrong = {"way": "email", "code": "BBBBBB"}
    assert client.post(f"{base}/contact/verify/", wrong).status_code == 422
    right = {"way": "email", "code": found[0]}
    assert client.post(f"{base}/contact/verify/", right)["Location"].endswith("/check/")
    changed = {**who, "email": "other@example.org"}
    assert client.post(f"{base}/contact/", changed)["Location"].endswith("/contact/verify/")
    client.post(f"{base}/contact/", who)
    client.post(f"{base}/check/")
    person = Request.objects.get().person
    assert person is not None
    assert person.contacts.get(key="fatima@example.org").value == "fatima@example.org"


def test_a_draft_stands_in_my_data_with_questions_and_answers_in_words(mailoutbox: Any) -> None:
    definition = published_type("complaint_water").definition
    salma = signed_in("salma@usager.example", mailoutbox)
    salma.post("/services/complaint_water/form/what/", LEAK | {"since": ""})
    problem = next(one for one in definition.fields() if one.code == "problem")
    page = unescape(salma.get("/my/data/", headers={"accept-language": "fr"}).content.decode())
    assert problem.label.fr in page
    assert "un moyen de contact est vérifié" in page  # the level of identity, not its number
    assert "De l’eau coule." in page
    for code in ("problem", "leak", "where_leaks", "street"):
        assert not re.search(rf"\b{code}\b", page[page.index("part-drafts") :]), code
    fields = {one.code: one.label.fr for one in definition.fields()}
    told = page[page.index("part-drafts") :]
    assert f"{fields['danger']}\u00a0: Non" in told  # what was typed for no is not empty
    assert fields["since"] not in told
    kept = salma.get("/my/data/copy.json").json()["drafts"][0]
    assert kept["service_code"] == "complaint_water"
    assert kept["answers"]["problem"] == "leak"


def test_who_is_signed_in_goes_on_with_their_form_and_nobody_else(mailoutbox: Any) -> None:
    published_type("complaint_water")
    salma = signed_in("salma@usager.example", mailoutbox)
    salma.post("/services/complaint_water/form/what/", LEAK)
    draft = Draft.objects.get()
    url = f"/draft/{draft.pk}/"
    assert url in salma.get("/my/drafts/").content.decode()
    again = signed_in("salma@usager.example", mailoutbox)
    answer = again.post(url)
    assert to(answer) == "/form/what/"
    assert "De l’eau coule." in again.get(answer["Location"]).content.decode()
    assert signed_in("thief@voleur.example", mailoutbox).post(url).status_code == 404


def test_who_has_a_mandate_asks_for_another_and_never_without(mailoutbox: Any) -> None:
    published_type("complaint_water")
    signed_in("owner@usager.example", mailoutbox)
    architect = signed_in("architect@usager.example", mailoutbox)
    owner, fields = person_of("owner@usager.example"), ("complaint_water", "works_permit")
    rows = [
        give(owner, MandateInput(contact="architect@usager.example", services=[code]))
        for code in fields
    ]
    base = "/services/complaint_water"
    architect.post(f"{base}/form/what/", LEAK)
    architect.post(f"{base}/form/place/", PLACE)
    page = architect.get(f"{base}/contact/").content.decode()
    assert str(rows[0].pk) in page
    assert str(rows[1].pk) not in page  # it is for another service
    who = {"name": "Cabinet", "email": "architect@usager.example", "tell": "none"}
    assert (
        architect.post(f"{base}/contact/", {**who, "mandate": str(rows[1].pk)}).status_code == 422
    )
    architect.post(f"{base}/contact/", {**who, "mandate": str(rows[0].pk)})
    end(owner, rows[0].pk)
    assert "/contact/" in architect.post(f"{base}/check/")["Location"]
    assert not Letter.objects.exists()
    new = give(owner, MandateInput(contact="architect@usager.example"))
    architect.post(f"{base}/contact/", {**who, "mandate": str(new.pk)})
    assert architect.post(f"{base}/check/")["Location"].endswith("/done/")
    request = Request.objects.get()
    assert (request.on_behalf_of, request.mandate_id) == (owner, new.pk)
    assert request.person == person_of("architect@usager.example")


@pytest.mark.skipif(not HOSTILE.exists(), reason="the corpus is not here")
def test_hostile_files_are_refused_or_kept_and_break_nothing(citizen: Citizen) -> None:
    citizen.send("form/what", **LEAK)
    paths = sorted(path for path in HOSTILE.rglob("*") if path.is_file())
    small = [path for path in paths if path.stat().st_size < 500_000][:25]
    assert small
    for path in small:
        upload = SimpleUploadedFile(path.name, path.read_bytes())
        answer = citizen.send("pieces", _add="1", photo=upload)
        assert answer.status_code in (303, 422), path.name
    assert citizen.get("pieces").status_code == 200


def test_hostile_words_are_shown_as_words(citizen: Citizen) -> None:
    hostile = "<script>alert(1)</script>\u202e{{ 7*7 }}\0"
    citizen.send("form/what", **{**LEAK, "description": hostile})
    for step in ("form/what", "check"):
        page = citizen.get(step).content.decode()
        assert "<script>alert" not in page
    citizen.filled().send("check")
    assert Letter.objects.count() == 1


def test_a_form_of_another_site_is_refused(citizen: Citizen) -> None:
    strict = Client(enforce_csrf_checks=True)
    for step in ("form/what", "pieces", "check"):
        assert strict.post(f"{citizen.base}/{step}/", LEAK).status_code == 403


def test_a_page_that_was_open_too_long_is_told_in_plain_words(citizen: Citizen) -> None:
    """Its cookie is gone: the way back is the page itself, never one of another site."""
    strict, page = Client(enforce_csrf_checks=True), f"{citizen.base}/form/what/"
    ours = strict.post(page, LEAK, headers={"Referer": f"http://testserver{page}"})
    assert ours.status_code == 403
    told = ours.content.decode()
    assert "Veuillez envoyer de nouveau le formulaire" in told
    assert f'href="http://testserver{page}"' in told
    assert "CSRF" not in told
    theirs = strict.post(page, LEAK, headers={"Referer": "https://elsewhere.example/"})
    assert "elsewhere.example" not in theirs.content.decode()


def test_who_has_signed_in_is_offered_their_contracts(mailoutbox: list[Any]) -> None:
    published_type("complaint_bill")
    first = "/services/complaint_bill/form/bill/"
    browser = signed_in("salma@usager.example", mailoutbox)
    salma = person_of("salma@usager.example")
    assert "datalist" not in browser.get(first).content.decode()
    held_by(salma, a_contract("2000001", address="12, rue des Orangers"))
    a_contract("2000009")  # somebody else's
    field = r'name="contract"\s+value="([^"]*)"'
    page = browser.get(first).content.decode()
    assert re.findall(field, page) == ["2000001"]  # the only one
    assert "12, rue des Orangers" in page
    held_by(salma, a_contract("2000002"))
    page = browser.get(first).content.decode()
    assert re.findall(field, page) == [""]  # which of two, nobody but they can say
    assert re.findall(r'<option value="(\d+)">', page) == ["2000001", "2000002"]
    assert "2000009" not in page
    browser.post(first, {"contract": "2000002", "_shown": "contract"})
    assert re.findall(field, browser.get(first).content.decode()) == ["2000002"]  # as it was typed
    assert "2000001" not in Client().get(first).content.decode()
