"""After the answer: reopened once by the citizen, rated in one tap, with and without the code."""

from typing import Any

import pytest
from django.test import Client

from correspondence.dispatch import sending
from correspondence.replies import circuit, drafting
from registry.models.letters import Letter
from routing.assigning import giving
from routing.closing import satisfaction
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.closing import Reopening, Satisfaction
from tests import every
from tests.factories import deposit, kind, person
from tests.web.portal.test_follow import answered, login
from web.throttle import FOLLOW_BY_ADDRESS

pytestmark = pytest.mark.django_db


def test_a_letter_is_reopened_once(client: Client) -> None:
    letter = answered()
    client = login(letter)
    page = client.get("/follow/letter/").content.decode()
    assert "/follow/reopen/" in page
    client.post("/follow/reopen/", {"reason": "La fuite est revenue"})
    letter.refresh_from_db()
    assert letter.stage == "in_hand"
    assert "/follow/reopen/" not in client.get("/follow/letter/").content.decode()
    assignments.sign_off(Assignment.objects.get(), actor=person("badr"), method="phone")
    page = client.get("/follow/letter/").content.decode()
    assert "/follow/reopen/" not in page
    assert "une fois" in page
    answer = client.post("/follow/reopen/", {"reason": "Encore"}, follow=True)
    assert "une fois" in answer.content.decode()
    assert Reopening.objects.count() == 1


def test_nothing_is_reopened_without_a_reason_or_before_an_answer() -> None:
    letter = answered()
    login(letter).post("/follow/reopen/", {"reason": " \0 "})
    fresh = deposit().letter
    login(fresh).post("/follow/reopen/", {"reason": "Vite"})
    assert not Reopening.objects.exists()


def test_one_tap_rates_and_a_remark_follows() -> None:
    letter = answered()
    client = login(letter)
    assert "/follow/rate/" in client.get("/follow/letter/").content.decode()
    client.post("/follow/rate/", {"score": "4"})
    client.post("/follow/rate/", {"score": "4", "remark": "Merci\0"})
    row = Satisfaction.objects.get()
    assert (row.score, row.remark) == (4, "Merci")
    for score in ("0", "6", "x", "", "4" * 500):
        client.post("/follow/rate/", {"score": score})
    row.refresh_from_db()
    assert row.score == 4


def test_another_face_keeps_the_remark_that_was_typed() -> None:
    letter = answered()
    client = login(letter)
    client.post("/follow/rate/", {"score": "4"})
    page = client.get("/follow/letter/").content.decode()
    form = page.partition('action="/follow/rate/"')[2].partition("</form>")[0]
    hidden, face, remark = (
        form.index(part) for part in ('type="hidden" name="score"', 'value="2"', 'name="remark"')
    )
    assert hidden < face < remark  # one form, in which the face that is tapped comes last
    client.post("/follow/rate/", {"score": ["4", "2"], "remark": "Trop tard"})
    row = Satisfaction.objects.get()
    assert (row.score, row.remark) == (2, "Trop tard")


STAFF = ("amina", "badr", "dounia", "chafik", "direction", "audit", "admin")


def test_who_is_logged_in_as_staff_neither_rates_nor_reopens_whatever_code_they_have() -> None:
    letter = answered()
    link = f"/rate/{satisfaction.rating_token(letter.pk)}/"

    def attempt(username: str) -> None:
        client = Client()
        client.force_login(person(username))
        login(letter, client=client)
        page = client.get("/follow/letter/").content.decode()
        assert "/follow/reopen/" not in page
        assert "/follow/rate/" not in page
        for path in ("/follow/rate/", "/follow/reopen/", link):
            answer = client.post(path, {"score": "5", "reason": "Encore"}, follow=True)
            assert "en tant qu" in answer.content.decode()
        assert not Satisfaction.objects.exists()
        assert not Reopening.objects.exists()

    every.each(STAFF, attempt)


@pytest.mark.parametrize("path", ["/follow/reopen/", "/follow/rate/"])
def test_nothing_is_done_without_a_visit_or_by_looking(path: str, client: Client) -> None:
    assert client.post(path, {"reason": "x", "score": "5"})["Location"] == "/follow/"
    assert client.get(path).status_code == 405


def test_the_link_of_the_mail_rates_and_opens_nothing_else(client: Client, mailoutbox: Any) -> None:
    letter = answered()
    address = f"/rate/{satisfaction.rating_token(letter.pk)}/"
    page = client.get(address).content.decode()
    assert letter.number in page
    assert letter.subject not in page
    assert not Satisfaction.objects.exists()  # a mail program that looks ahead rates nothing
    assert client.post(address, {"score": "2"}).status_code == 303
    assert Satisfaction.objects.get().score == 2
    assert client.get("/follow/letter/").status_code == 303
    for language in ("ar", "fr", "en"):
        page = client.get(address, headers={"accept-language": language}).content.decode()
        assert f'lang="{language}"' in page


def test_the_mail_carries_the_link(settings: Any, mailoutbox: Any) -> None:
    from tests.factories import department, drain

    amina, badr = person("amina"), person("badr")
    letter = deposit(actor=amina).letter
    assignments.accept(giving.assign(letter, department=department("EAU"), actor=amina), actor=badr)
    reply = drafting.draft_reply(letter, actor=badr, subject="Re", body="Réparée.")
    circuit.approve_reply(circuit.submit_reply(reply, actor=badr), actor=person("dounia"))
    sending.send_reply(reply, actor=badr, method="email", address="client@example.org")
    for _ in range(3):
        drain("reply.dispatch")
    [mail] = mailoutbox
    token = mail.body.rpartition("/rate/")[2].split("/")[0]
    assert satisfaction.letter_of_token(token) == Letter.objects.get(pk=letter.pk)


def test_made_up_links_lead_nowhere_and_guessing_ends(client: Client) -> None:
    assert client.get("/rate/made-up/").status_code == 404
    for _ in range(FOLLOW_BY_ADDRESS.most):
        client.get("/rate/made-up/")
    assert client.get("/rate/made-up/").status_code == 429


@pytest.mark.parametrize(
    ("code", "words"),
    [("complaint_technical", "partiellement favorable"), ("request", "")],
)
def test_the_outcome_of_a_closed_complaint_is_said_in_plain_words(code: str, words: str) -> None:
    letter = answered()
    Letter.objects.filter(pk=letter.pk).update(kind=kind(code))
    client = login(letter)
    assert "favorable" not in client.get("/follow/letter/").content.decode()
    assignments.sign_off(
        Assignment.objects.get(), actor=person("badr"), method="letter", outcome="partly"
    )
    page = client.get("/follow/letter/").content.decode()
    assert ("favorable" in page) == bool(words)
    assert words in page


def test_a_letter_taken_up_again_says_no_outcome() -> None:
    letter = answered()
    Letter.objects.filter(pk=letter.pk).update(kind=kind("complaint_technical"))
    assignments.sign_off(
        Assignment.objects.get(), actor=person("badr"), method="letter", outcome="unfavourable"
    )
    client = login(letter)
    assert "suite favorable" in client.get("/follow/letter/").content.decode()
    client.post("/follow/reopen/", {"reason": "La fuite est revenue"})
    assert "suite favorable" not in client.get("/follow/letter/").content.decode()
