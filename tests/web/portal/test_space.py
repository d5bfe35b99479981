"""My space: into it by a code, what stands there, and nothing of anybody else."""

import html
import json
import re
import time
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.organisation import DEMO_PASSWORD
from eservices.payments.models import Channel
from eservices.payments.posting import Line, post_payment
from eservices.people import mandates
from eservices.people.models import ContactPoint, Mandate, OneTimeCode, Person
from eservices.people.persons import person_for
from eservices.readings.models import Reading
from eservices.requests.models import Draft, Message
from language.bidi import isolate
from registry.tracking import code_of
from tests.eservices.bills.bills import a_bill
from tests.eservices.citizens import citizen, code_in, letter_of, person_of, request_of, service
from tests.eservices.contracts.contracts import a_contract, held_by
from tests.eservices.office import published_type
from tests.eservices.readings.readings import a_read_meter, a_reading
from tests.eservices.relations.centre import called
from tests.factories import drain, pdf
from tests.web.layout import flat
from web.portal.space import session, urls
from web.throttle import CONTACT_ANYWHERE, CONTACT_BY_VALUE

pytestmark = pytest.mark.django_db
SALMA, THIEF = "salma@usager.example", "thief@voleur.example"
Outbox = list[EmailMessage]
PAGES = (
    *(
        "space",
        "space_payments",
        "space_drafts",
        "space_messages",
        "space_history",
        "space_mandates",
    ),
    *("space_give_mandate", "space_ask_mandate", "space_preferences", "space_data"),
    *("space_copy", "space_delete", "space_sessions"),
)
VERBS = (
    *("space_open", "space_code_again", "space_delete_draft", "space_decide_mandate"),
    *("space_new_contact", "space_drop_contact", "space_end_session"),
)
OPEN = ("space_sign_in", "space_code", "space_leave")
BY_EID = ("space_eid", "space_eid_back")  # test_eid.py
CONFIRMING = ("space_confirm", "space_confirm_code")  # test_sessions.py
OTHERS = ("space_new_contact_code", "space_proof")


def text(answer: Any) -> str:
    """Return a page without what is new in each: the token of its forms, the seconds left to it."""
    new = r'name="csrfmiddlewaretoken" value="\w+"|data-shown="[^"]*"'
    return re.sub(new, "", answer.content.decode())


def test_every_address_is_in_the_matrix() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == {
        *PAGES,
        *VERBS,
        *OPEN,
        *BY_EID,
        *CONFIRMING,
        *OTHERS,
    }


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_in_goes_to_the_sign_in(client: Client, name: str) -> None:
    path = reverse(f"portal:{name}")
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer["Location"].startswith("/my/sign-in/?next=")
    assert client.post(path).status_code in {303, 405}


@pytest.mark.parametrize("name", VERBS)
def test_who_is_not_in_does_nothing(client: Client, name: str) -> None:
    answer = client.post(reverse(f"portal:{name}"))
    assert answer.status_code == 303
    assert answer["Location"].startswith("/my/sign-in/")
    assert client.get(reverse(f"portal:{name}")).status_code == 405


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_pages_speak_three_languages_without_inline_code(
    name: str, language: str, mailoutbox: Outbox
) -> None:
    browser = citizen(SALMA, mailoutbox, client=Client(headers={"accept-language": language}))
    answer = browser.get(reverse(f"portal:{name}"))
    assert answer.status_code == 200
    if name != "space_copy":
        page = answer.content.decode()
        assert f'<html lang="{language}"' in page
        assert "style=" not in page
        assert re.search(r"<script(?![^>]*\bsrc=)", page) is None
        fields = re.findall(r"<(?:input|textarea|select)\b[^>]*>", page)
        labels = set(re.findall(r'<label for="([^"]+)"', page))
        for field in fields:
            found = re.search(r'\bid="([^"]+)"', field)
            wrapped = 'type="checkbox"' in field
            assert 'type="hidden"' in field or wrapped or (found and found[1] in labels), field


def test_the_answer_is_the_same_for_a_known_and_an_unknown_contact(mailoutbox: Outbox) -> None:
    letter_of(SALMA)
    citizen(SALMA, mailoutbox)
    pages = []
    for contact in (SALMA, THIEF):
        browser = Client()
        first = browser.post("/my/sign-in/", {"contact": contact})
        wrong = browser.post("/my/sign-in/code/", {"code": "BBBBBB"})
        assert (first.status_code, wrong.status_code) == (303, 422)
        pages.append(text(wrong).replace(contact, ""))
    assert pages[0] == pages[1]
    assert not Person.objects.filter(contacts__key=THIEF).exists()


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "10 دقائق"), ("fr", "10 minutes"), ("en", "10 minutes")]
)
def test_page_and_mail_say_the_same_time_for_a_code(
    language: str, words: str, mailoutbox: Outbox
) -> None:
    browser = Client(headers={"accept-language": language})
    browser.post("/my/sign-in/", {"contact": SALMA})
    drain("code.send")
    assert words in text(browser.get("/my/sign-in/code/"))
    assert words in str(mailoutbox[-1].body)


def test_requests_for_codes_are_braked_alike_for_everybody(mailoutbox: Outbox) -> None:
    citizen(SALMA, mailoutbox)
    for contact in (SALMA, THIEF):
        answers = [
            Client(REMOTE_ADDR=f"192.0.2.{n}").post("/my/sign-in/", {"contact": contact})
            for n in range(CONTACT_ANYWHERE.most + 1)
        ]
        assert answers[0].status_code == 303
        assert answers[-1].status_code == 429
        assert answers[-1].headers["Retry-After"]


def test_a_stranger_locks_nobody_out_of_their_contact(mailoutbox: Outbox) -> None:
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    asked = [stranger.post("/my/sign-in/", {"contact": SALMA}).status_code for _ in range(12)]
    assert asked == [303] * CONTACT_BY_VALUE.most + [429] * (12 - CONTACT_BY_VALUE.most)
    drain("code.send")
    assert citizen(SALMA, mailoutbox).get("/my/").status_code == 200


def test_who_shows_that_it_is_their_contact_is_not_braked(mailoutbox: Outbox) -> None:
    for _ in range(CONTACT_BY_VALUE.most + 1):
        assert citizen(SALMA, mailoutbox).get("/my/").status_code == 200


def test_a_code_is_good_in_the_browser_that_asked_for_it_alone(mailoutbox: Outbox) -> None:
    browser, other = Client(), Client()
    browser.post("/my/sign-in/", {"contact": SALMA})
    drain("code.send")
    other.post("/my/sign-in/", {"contact": SALMA})
    assert other.post("/my/sign-in/code/", {"code": code_in(mailoutbox[-1])}).status_code == 422
    assert browser.post("/my/sign-in/code/", {"code": code_in(mailoutbox[-1])}).status_code == 303


def test_who_types_a_code_too_late_is_told_and_has_a_new_one_sent(mailoutbox: Outbox) -> None:
    browser = Client()
    browser.post("/my/sign-in/", {"contact": SALMA})
    drain("code.send")
    late = timezone.now() - timedelta(minutes=1)
    OneTimeCode.objects.update(ends_at=late)
    answer = browser.post("/my/sign-in/code/", {"code": code_in(mailoutbox[-1])})
    assert answer.status_code == 422
    words = flat(answer.content.decode())
    assert "il n’est plus valable. Vous pouvez en demander un nouveau" in words
    browser.post("/my/sign-in/", {"contact": SALMA})
    drain("code.send")
    answer = browser.post("/my/sign-in/code/", {"code": code_in(mailoutbox[-1])})
    assert answer["Location"] == "/my/"


def test_letters_sent_before_stand_there_and_open_without_their_code(mailoutbox: Outbox) -> None:
    mine, theirs = letter_of(SALMA, subject="Ma fuite"), letter_of(THIEF, subject="Autre chose")
    browser = citizen(SALMA, mailoutbox)
    page = browser.get("/my/").content.decode()
    assert mine.number in page
    assert "Ma fuite" in page
    assert theirs.number not in page
    answer = browser.post("/my/open/", {"letter": str(mine.pk)})
    assert (answer.status_code, answer["Location"]) == (303, "/follow/letter/")
    assert mine.number in browser.get("/follow/letter/").content.decode()


def headers_of(answer: Any) -> dict[str, str]:
    """The headers, less the request's own name."""
    return {name: words for name, words in answer.headers.items() if name != "X-Request-ID"}


def test_what_is_anothers_does_not_exist(mailoutbox: Outbox) -> None:
    salma = person_for("email", SALMA, name="Salma")
    letter, request = letter_of(SALMA), request_of(salma)
    draft = Draft.objects.create(
        code_hash="x", version=service(), person=salma, made_at=timezone.now(),
        saved_at=timezone.now(), ends_at=timezone.now() + timedelta(days=9),
    )  # fmt: skip
    mandate = mandates.give(salma, mandates.MandateInput(contact="x@usager.example", proof=pdf()))
    contact = salma.contacts.get()
    browser = citizen(THIEF, mailoutbox)
    tried: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
    for mine in (letter.pk, request.letter_id):
        tried += [("/my/open/", {"letter": str(mine)}, {"letter": str(uuid4())})]
        tried += [("/my/code/", {"letter": str(mine)}, {"letter": str(uuid4())})]
    for do in ("confirm", "end"):
        there, missing = str(mandate.pk), str(uuid4())
        tried += [("/my/mandates/decide/", {"mandate": m, "do": do}, {"mandate": o, "do": do})
                  for m, o in [(there, missing)]]  # fmt: skip
    tried += [("/my/preferences/contact/remove/", {"contact": contact.pk}, {"contact": 10**9})]
    tried += [("/my/drafts/delete/", {"draft": str(draft.pk)}, {"draft": str(uuid4())})]
    for path, theirs, nothing in tried:
        first, second = browser.post(path, theirs), browser.post(path, nothing)
        assert (first.status_code, second.status_code) == (404, 404), path
        assert text(first) == text(second)
        assert headers_of(first) == headers_of(second)
    first = browser.get(f"/my/mandates/{mandate.pk}/proof/")
    second = browser.get(f"/my/mandates/{(other := uuid4())}/proof/")
    assert (first.status_code, second.status_code) == (404, 404)
    assert text(first).replace(str(mandate.pk), "") == text(second).replace(str(other), "")
    assert Draft.objects.filter(pk=draft.pk).exists()
    mandate.refresh_from_db()
    assert mandate.revoked_at is None
    assert ContactPoint.objects.filter(pk=contact.pk).exists()
    for name in PAGES:
        page = browser.get(reverse(f"portal:{name}")).content.decode()
        for secret in (letter.number, request.letter.number, "Salma", SALMA, str(draft.pk)):
            assert secret not in page, name


def test_nonsense_is_not_found_and_breaks_nothing(mailoutbox: Outbox) -> None:
    browser = citizen(SALMA, mailoutbox)
    for path, name in (
        ("/my/open/", "letter"), ("/my/code/", "letter"), ("/my/mandates/decide/", "mandate"),
        ("/my/preferences/contact/remove/", "contact"), ("/my/drafts/delete/", "draft"),
    ):  # fmt: skip
        assert browser.post(path, {name: "٣' OR 1"}).status_code == 404
        assert browser.post(path, {name: "a\0b"}).status_code == 400
    for name in ("space", "space_messages", "space_drafts", "space_history"):
        assert browser.get(reverse(f"portal:{name}"), {"cursor": "rubbish"}).status_code == 404


def test_the_session_ends_when_idle_and_when_one_leaves(mailoutbox: Outbox) -> None:
    browser = citizen(SALMA, mailoutbox)
    kept = browser.session
    kept[session.KEY] = {**kept[session.KEY], "seen": int(time.time()) - session.SECONDS - 1}
    kept.save()
    assert browser.get("/my/").status_code == 303
    browser = citizen(SALMA, mailoutbox)
    letter = letter_of(SALMA)
    browser.post("/my/open/", {"letter": str(letter.pk)})
    browser.post("/my/leave/")
    assert browser.get("/my/").status_code == 303
    assert browser.get("/follow/letter/").status_code == 303


def test_who_leaves_leaves_no_form_and_no_code_behind(mailoutbox: Outbox) -> None:
    published_type("complaint_water")
    form = "/services/complaint_water/form/what/"
    browser = citizen(SALMA, mailoutbox)
    browser.post(form, {"danger": "no", "problem": "leak", "description": "Chez moi, au 12."})
    assert "Chez moi, au 12." in browser.get(form).content.decode()
    assert browser.post("/my/leave/")["Clear-Site-Data"] == '"cache"'
    assert "Chez moi, au 12." not in browser.get(form).content.decode()
    assert browser.get("/services/complaint_water/keep/").status_code == 303


def test_the_next_person_in_a_browser_finds_nothing_of_the_one_before(mailoutbox: Outbox) -> None:
    published_type("complaint_water")
    form = "/services/complaint_water/form/what/"
    browser = citizen(SALMA, mailoutbox)
    letter = letter_of(SALMA)
    browser.post(form, {"danger": "no", "problem": "leak", "description": "Chez moi, au 12."})
    browser.post("/my/open/", {"letter": str(letter.pk)})
    kept = browser.session
    kept[session.KEY] = {**kept[session.KEY], "seen": int(time.time()) - session.SECONDS - 1}
    kept.save()
    assert browser.get("/my/").status_code == 303  # Salma went away without leaving
    citizen(THIEF, mailoutbox, client=browser)
    assert "Chez moi, au 12." not in browser.get(form).content.decode()
    assert browser.get("/follow/letter/").status_code == 303


def test_a_form_that_was_begun_before_the_sign_in_goes_on(mailoutbox: Outbox) -> None:
    published_type("complaint_water")
    form, browser = "/services/complaint_water/form/what/", Client()
    browser.post(form, {"danger": "no", "problem": "leak", "description": "Chez moi, au 12."})
    citizen(SALMA, mailoutbox, client=browser)
    assert "Chez moi, au 12." in browser.get(form).content.decode()


def test_a_session_of_staff_in_the_same_browser_is_another_one(mailoutbox: Outbox) -> None:
    browser = Client()
    browser.post("/login/", {"username": "amina", "password": DEMO_PASSWORD})
    key = browser.session.session_key
    citizen(SALMA, mailoutbox, client=browser)
    assert browser.session.session_key != key
    assert browser.get("/search/").status_code == 200
    letter = letter_of(SALMA)
    browser.post("/follow/", {"number": letter.number, "code": code_of(letter.pk)})
    known = UserSession.objects.get(user__username="amina")  # listed, and so to be ended
    assert known.session_key == browser.session.session_key
    browser.post("/my/leave/")
    assert browser.get("/search/").status_code == 200
    assert citizen(SALMA, mailoutbox).get("/search/").status_code == 302  # gives no rights of staff


def test_after_the_sign_in_one_goes_on_to_pages_of_the_space_alone(mailoutbox: Outbox) -> None:
    for wanted, reached in (("/my/data/", "/my/data/"), ("https://evil.example/my/", "/my/"),
                            ("//evil.example/", "/my/"), ("/search/", "/my/")):  # fmt: skip
        browser = Client()
        browser.post("/my/sign-in/", {"contact": SALMA, "next": wanted})
        drain("code.send")
        answer = browser.post("/my/sign-in/code/", {"code": code_in(mailoutbox[-1])})
        assert answer["Location"] == reached
        OneTimeCode.objects.all().delete()


def test_an_agent_sees_the_requests_of_the_scope_while_the_mandate_holds(
    mailoutbox: Outbox,
) -> None:
    salma = person_for("email", SALMA, name="Salma")
    inside, outside = request_of(salma), request_of(salma, code="test_other")
    browser = citizen(THIEF, mailoutbox)
    assert inside.letter.number not in browser.get("/my/").content.decode()
    row = mandates.give(salma, mandates.MandateInput(contact=THIEF, services=["test_permit"]))
    page = browser.get("/my/").content.decode()
    assert inside.letter.number in page
    assert f"· pour {isolate('Salma')}" in page  # whose it is
    assert "/my/code/" not in page
    assert outside.letter.number not in page
    assert inside.letter.number not in browser.get("/my/data/").content.decode()  # not their data
    answer = browser.post("/my/code/", {"letter": str(inside.letter_id)})
    assert "sender.tell" not in str(answer.headers)
    assert not drain("code.again")  # the code opens more than the mandate, and for longer
    mandates.end(salma, row.pk)
    assert inside.letter.number not in browser.get("/my/").content.decode()
    assert browser.post("/my/open/", {"letter": str(inside.letter_id)}).status_code == 404


def test_the_copy_holds_nothing_of_others_once_the_mandate_has_ended(mailoutbox: Outbox) -> None:
    salma, browser = person_for("email", SALMA, name="Salma"), citizen(THIEF, mailoutbox)
    agent = person_of(THIEF)
    row = mandates.give(salma, mandates.MandateInput(contact=THIEF))
    letter = letter_of(THIEF)  # the agent's address stands on the letter
    request = request_of(agent, mandate=row, on_behalf_of=salma, answers={"text": "Chez Salma"})
    request.letter = letter
    request.save()
    Message.objects.create(
        request=request, at=timezone.now(), from_citizen=False, text="Votre dossier avance."
    )
    called(request=request, notes="Le chantier de Salma attend.")
    called(person=agent, notes="Sa propre facture.")
    copy = browser.get("/my/data/copy.json").content.decode()
    assert letter.number in copy
    mandates.end(salma, row.pk)
    for address in ("/my/data/copy.json", "/my/data/"):
        copy = browser.get(address).content.decode()
        assert "Sa propre facture." in copy
        for words in (letter.number, "Chez Salma", "Votre dossier avance.", "Le chantier de Salma"):
            assert words not in copy


def test_who_gave_no_name_is_known_by_a_verified_contact(mailoutbox: Outbox) -> None:
    salma, browser = person_for("email", SALMA), citizen(THIEF, mailoutbox)
    mandates.give(salma, mandates.MandateInput(contact=THIEF))
    assert SALMA in browser.get("/my/mandates/").content.decode()
    assert browser.get("/my/data/copy.json").json()["mandates"][0]["other"] == SALMA


def test_the_copy_holds_what_was_paid_and_read(mailoutbox: Outbox) -> None:
    browser = citizen(SALMA, mailoutbox)
    salma, contract = person_of(SALMA), a_contract("2000001")
    bill = a_bill(contract, 12840)
    now = timezone.now()
    paid = post_payment(
        [Line(bill.number, 12840)], channel=Channel.CARD, paid_at=now, person=salma, reference="T1"
    )
    reading = a_reading(a_read_meter("1000001"))
    Reading.objects.filter(pk=reading.pk).update(person=salma)
    copy = browser.get("/my/data/copy.json").json()
    (told,) = copy["payments"]
    assert (told["receipt"], told["bills"]) == (paid.receipt, [bill.number])
    assert told["amount"] == "128.40 MAD"
    (read,) = copy["readings"]
    assert (read["meter"], read["index"]) == ("WM1000001", 1215)
    page = flat(browser.get("/my/data/").content.decode())
    assert paid.receipt in page
    assert "paid_at" not in page
    assert paid.receipt not in citizen(THIEF, mailoutbox).get("/my/data/").content.decode()


def test_the_page_says_in_words_what_the_file_keeps_as_codes(mailoutbox: Outbox) -> None:
    salma = person_for("email", SALMA)
    salma.preferences = {"told_by": "phone"}
    salma.save()
    mandates.give(salma, mandates.MandateInput(contact=THIEF, until=date(2027, 3, 1)))
    browser = citizen(SALMA, mailoutbox)
    page = flat(browser.get("/my/data/").content.decode())
    assert "par SMS" in page
    assert "1er mars 2027" in page
    assert "2027-03-01" not in page
    copy = browser.get("/my/data/copy.json").json()
    assert copy["person"][0]["preferences"] == {"told_by": "phone"}
    assert copy["mandates"][0]["until"] == "2027-03-01"


def test_what_waits_for_the_person_is_said_and_messages_are_read_once_seen(
    mailoutbox: Outbox,
) -> None:
    salma = person_for("email", SALMA)
    request = request_of(salma, stage="pieces", stage_kind="waiting_citizen")
    message = Message.objects.create(
        request=request, at=timezone.now(), from_citizen=False, text="Merci de compléter."
    )
    browser = citizen(SALMA, mailoutbox)
    page = flat(browser.get("/my/").content.decode())
    assert "Nous attendons votre réponse" in page
    assert "1 message non lu" in page
    assert "À compléter" in page
    assert "Autorisation de travaux" in page
    assert "Merci de compléter." in browser.get("/my/messages/").content.decode()
    message.refresh_from_db()
    assert message.read_at is not None
    assert "non lu" not in browser.get("/my/").content.decode()


def test_the_front_leads_with_what_waits_for_the_person(mailoutbox: Outbox) -> None:
    salma = person_for("email", SALMA)
    waits = request_of(salma, stage="pieces", stage_kind="waiting_citizen")
    request_of(salma)
    browser = citizen(SALMA, mailoutbox)
    page = flat(browser.get("/my/").content.decode())
    assert "1 dossier attend votre réponse" in page
    assert page.index("space-news") < page.index("mine-title")
    narrowed = browser.get("/my/?waiting=1").content.decode()
    assert waits.letter.number in narrowed
    assert narrowed.count('class="space-what"') == 1
    assert "Plus rien n’attend" in citizen(THIEF, mailoutbox).get("/my/?waiting=1").content.decode()


def test_a_bill_to_be_paid_leads_the_front(mailoutbox: Outbox) -> None:
    browser = citizen(SALMA, mailoutbox)
    assert "À payer" not in browser.get("/my/").content.decode()
    contract = a_contract("8100")
    held_by(person_of(SALMA), contract)
    a_bill(contract, total=6120)
    page = flat(browser.get("/my/").content.decode())
    assert "À payer" in page
    assert "61,20" in page


def test_a_lost_code_goes_to_the_verified_contact(mailoutbox: Outbox) -> None:
    letter = letter_of(SALMA)
    browser = citizen(SALMA, mailoutbox)
    mailoutbox.clear()
    assert browser.post("/my/code/", {"letter": str(letter.pk)}).status_code == 303
    assert drain("code.again") == 1
    (mail,) = mailoutbox
    assert mail.to == [SALMA]
    assert code_of(letter.pk) in mail.body
    assert letter.events.filter(kind="sender_told").exists()


def test_a_new_contact_is_added_by_its_code_and_anothers_is_not(mailoutbox: Outbox) -> None:
    person_for("email", THIEF)
    browser = citizen(SALMA, mailoutbox)
    for contact, count in (("deux@usager.example", 2), (THIEF, 2)):
        answer = browser.post("/my/preferences/contact/", {"contact": contact})
        assert answer["Location"] == "/my/preferences/contact/code/"
        drain("code.send")
        wrong = browser.post("/my/preferences/contact/code/", {"code": "BBBBBB"})
        assert wrong.status_code == 422
        code = {"code": code_in(mailoutbox[-1])}
        assert browser.post("/my/preferences/contact/code/", code).status_code == 303
        assert person_of(SALMA).contacts.count() == count
    assert person_of(THIEF) != person_of(SALMA)


def test_everything_that_is_kept_can_be_taken_along_corrected_and_deleted(
    mailoutbox: Outbox,
) -> None:
    letter = letter_of(SALMA)
    browser = citizen(SALMA, mailoutbox)
    browser.post("/my/data/", {"name": "Salma  Alami", "kind": "family"})
    browser.post("/my/preferences/", {"language": "ar", "told_by": "none"})
    assert '<bdi dir="ltr">127.0.0.*</bdi>' in browser.get("/my/data/").content.decode()
    answer = browser.get("/my/data/copy.json")
    assert answer["Content-Disposition"].startswith("attachment")
    kept = json.loads(answer.content)
    assert kept["person"][0]["name"] == "Salma Alami"
    assert kept["contacts"][0]["value"] == SALMA
    assert [row["number"] for row in kept["requests_and_letters"]] == [letter.number]
    assert len(kept["history"]) == 5
    assert browser.post("/my/data/delete/", {}).status_code == 422
    assert browser.post("/my/data/delete/", {"sure": "yes"}).status_code == 303
    assert browser.get("/my/").status_code == 303
    assert not ContactPoint.objects.filter(key=SALMA).exists()
    letter.refresh_from_db()  # the register keeps it


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "ajoutez d’abord votre numéro"), ("ar", "أضيفوا أولا رقم هاتفكم")],
)
def test_a_way_without_a_contact_is_refused_instead_of_kept_and_passed_over(
    mailoutbox: Outbox, language: str, words: str
) -> None:
    browser = citizen(SALMA, mailoutbox)
    given = {"language": language, "told_by": "phone"}
    answer = browser.post("/my/preferences/", given, headers={"accept-language": language})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert person_of(SALMA).preferences == {}
    assert browser.post("/my/preferences/", given | {"told_by": "email"}).status_code == 303


def test_contract_numbers_that_run_together_are_sent_back(mailoutbox: Outbox) -> None:
    """Unless the contracts of who gives the mandate say where a number ends."""
    owner = citizen(SALMA, mailoutbox)
    given = {"contact": THIEF, "contracts": "12345 678", "until": ""}
    answer = owner.post("/my/mandates/give/", given)
    assert answer.status_code == 422
    assert "Mettez une virgule" in html.unescape(answer.content.decode())
    held_by(person_of(SALMA), a_contract("12345678"))
    assert owner.post("/my/mandates/give/", given).status_code == 303
    assert Mandate.objects.get().contracts == ["12345678"]


def test_who_gives_a_mandate_is_told_that_the_contact_is_needed(mailoutbox: Outbox) -> None:
    """Who asks for one may name the other instead."""
    owner = citizen(SALMA, mailoutbox)
    labels = {}
    for verb in ("give", "ask"):
        page = owner.get(f"/my/mandates/{verb}/").content.decode()
        labels[verb] = page.partition('<label for="id_contact">')[2].partition("</label>")[0]
    assert "optional" not in labels["give"]
    assert "optional" in labels["ask"]


def test_mandates_are_given_asked_for_confirmed_and_ended_by_pages(mailoutbox: Outbox) -> None:
    owner, architect = citizen(SALMA, mailoutbox), citizen(THIEF, mailoutbox)
    given = {"contact": THIEF, "services": ["works_permit"], "contracts": "12, 13", "until": ""}
    assert owner.post("/my/mandates/give/", given).status_code == 303
    title = published_type("works_permit").definition.title.fr
    held = html.unescape(architect.get("/my/mandates/").content.decode())
    assert title in held
    asked = {"contact": SALMA, "name": "Salma"}
    assert architect.post("/my/mandates/ask/", asked).status_code == 422
    proof = pdf().stream
    proof.name = "pouvoir.pdf"  # type: ignore[misc]  # the name that a browser sends along
    assert architect.post("/my/mandates/ask/", {**asked, "proof": proof}).status_code == 303
    row = Mandate.objects.get(asked_by=person_of(THIEF))
    assert b"%PDF" in b"".join(owner.get(f"/my/mandates/{row.pk}/proof/").streaming_content)  # type: ignore[attr-defined]
    owner.post("/my/mandates/decide/", {"mandate": str(row.pk), "do": "confirm"})
    assert row in mandates.mandates_of(person_of(THIEF))
    owner.post("/my/mandates/decide/", {"mandate": str(row.pk), "do": "end"})
    assert row not in mandates.mandates_of(person_of(THIEF))


def test_a_longer_list_asks_no_more_queries(
    mailoutbox: Outbox, django_assert_max_num_queries: Any
) -> None:
    salma = person_for("email", SALMA)
    browser = citizen(SALMA, mailoutbox)
    for _count in range(25):
        request_of(salma)
    with django_assert_max_num_queries(24):
        page = browser.get("/my/").content.decode()
    assert page.count('name="letter"') == 40
    cursor = re.search(r"\?cursor=([^\"]+)", page)
    assert cursor is not None
    assert browser.get(f"/my/?cursor={cursor[1]}").content.decode().count('name="letter"') == 10


def test_leaving_is_on_every_page_of_the_space(mailoutbox: Outbox) -> None:
    browser = citizen(SALMA, mailoutbox)
    for name in PAGES:
        answer = browser.get(reverse(f"portal:{name}"), follow=True)
        if "html" in answer["Content-Type"]:  # a copy of the data is no page
            assert f'action="{reverse("portal:space_leave")}"' in answer.content.decode(), name
