"""What a citizen does after the answer is marked, told, counted, and closed by a setting."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from correspondence.dispatch import sending
from correspondence.models.replies import Reply
from figures.counting import count_month
from org.models import User
from registry.models.letters import Letter
from routing.closing import reopening, satisfaction
from routing.inbox import assignments
from routing.inbox.marks import marks_of
from routing.models.assignments import Assignment
from tests.factories import drain

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def left(reply: Reply, badr: User, *, method: str = "portal") -> Letter:
    """The letter, answered; its assignment is still live."""
    User.objects.filter(username="badr").update(email="badr@regie.example")
    sending.send_reply(reply, actor=badr, method=method, address="M. Alami" if method else "")
    while drain("reply.dispatch"):
        pass
    found: Letter = Letter.objects.select_related("register").get(pk=reply.letter_id)
    return found


def signed_off(letter: Letter, badr: User) -> None:
    assignments.sign_off(Assignment.objects.get(letter=letter), actor=badr, method="letter")
    letter.refresh_from_db()


def test_a_reopened_letter_is_marked_told_and_counted_with_who_did_it(
    approved: Reply, badr: User, browser: Browser, mailoutbox: list[EmailMessage]
) -> None:
    letter = left(approved, badr)
    signed_off(letter, badr)
    reopening.reopen_by_citizen(letter, reason="La fuite est revenue")
    User.objects.filter(username="dounia").update(email="dounia@regie.example")
    drain("notice.spread")
    drain("notice.tell")
    assert {mail.to[0] for mail in mailoutbox} <= {"badr@regie.example", "dounia@regie.example"}
    assert any(letter.number in mail.subject for mail in mailoutbox)
    assert "La fuite" not in mailoutbox[0].body  # number and address alone
    client = browser("badr")
    assert "repris à la demande de l’expéditeur" in client.get("/inbox/").content.decode()
    page = client.get(reverse("desk:letter", args=[letter.pk])).content.decode()
    history = page[page.index('id="history"') :]
    line = history[history.index("La fuite est revenue") :]
    assert "l’expéditeur" in line[: line.index("</li>")]
    month = letter.registered_at.date().replace(day=1)
    assert any(row.reopened for row in count_month(month))


def test_a_rating_is_told_once_and_marked(
    approved: Reply, badr: User, browser: Browser, mailoutbox: list[EmailMessage]
) -> None:
    letter = left(approved, badr)
    signed_off(letter, badr)
    satisfaction.rate(letter, score=2)
    satisfaction.rate(letter, score=2)
    drain("notice.spread")
    drain("notice.tell")
    assert [mail.to for mail in mailoutbox] == [["badr@regie.example"]]
    assert "noté 2 sur 5" in browser("badr").get("/inbox/?show=done").content.decode()


def test_who_is_in_charge_is_told_of_an_answer_that_another_sent(
    approved: Reply, badr: User, dounia: User, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.filter(username="badr").update(email="badr@regie.example")
    sending.send_reply(approved, actor=dounia, method="portal")
    drain("notice.spread")
    drain("notice.tell")
    assert [mail.to for mail in mailoutbox] == [["badr@regie.example"]]


def test_marks_need_few_queries(
    approved: Reply, badr: User, django_assert_max_num_queries: Any
) -> None:
    letter = left(approved, badr)
    with django_assert_max_num_queries(4):
        assert marks_of([letter])[letter.pk].score == 0


@pytest.mark.parametrize("method", ["portal", "handed_over"])
def test_by_the_setting_a_delivered_answer_closes_its_letter(
    approved: Reply,
    badr: User,
    settings: Any,
    method: str,
    register_is_clean: Callable[[], None],
) -> None:
    settings.CLOSE_ANSWERED = True
    letter = left(approved, badr, method=method)
    if method == "portal":
        assert letter.stage == "answered"  # it has left; nobody has read it
        approved.refresh_from_db()
        assert approved.outgoing is not None
        sending.note_portal_reading(approved.outgoing)
        letter.refresh_from_db()
    assert letter.stage == "closed"
    row = Assignment.objects.get(letter=letter)
    assert (row.state, row.method) == ("signed_off", "letter")
    register_is_clean()


def test_without_the_setting_a_delivered_answer_stays_answered(approved: Reply, badr: User) -> None:
    assert left(approved, badr, method="handed_over").stage == "answered"
