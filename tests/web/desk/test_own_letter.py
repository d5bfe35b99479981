"""The answer leaves by its letter's way; an own letter's page says sent, to whom, and opens."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from correspondence.dispatch import sending
from correspondence.dispatch.default_method import default_method
from correspondence.models.replies import Reply
from org.models import User
from registry.intake import PartyData
from registry.models.letters import Channel
from tests.factories import deposit, drain

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.mark.parametrize(
    ("channel", "email", "way"),
    [
        (Channel.PORTAL, "a@usager.example", "portal"),
        (Channel.API, "", "portal"),
        (Channel.EMAIL, "a@usager.example", "email"),
        (Channel.COUNTER, "a@usager.example", "email"),
        (Channel.COUNTER, "", "handed_over"),
        (Channel.POST, "", "post"),
    ],
)
def test_the_way_of_the_letter_is_proposed(channel: str, email: str, way: str) -> None:
    sender = PartyData("sender", name="Client", email=email, address="12 rue de la Source, Rabat")
    letter = deposit(channel=channel, parties=[sender]).letter
    assert default_method(letter) == way


def test_the_page_chooses_the_citizens_page_for_a_letter_of_the_portal(
    approved: Reply, browser: Browser
) -> None:
    letter = approved.home
    type(letter).objects.filter(pk=letter.pk).update(channel=Channel.PORTAL)
    page = browser("badr").get(reverse("desk:letter", args=[letter.pk])).content.decode()
    chosen = re.findall(r'<option value="(\w+)" selected>', page[page.index('name="method"') :])
    assert chosen[0] == "portal"


def test_an_own_letter_is_sent_to_its_recipient_and_opens_on_itself(
    approved: Reply, badr: User, browser: Browser
) -> None:
    outgoing = sending.send_reply(approved, actor=badr, method="portal")
    for _ in range(3):
        drain("reply.dispatch")
    answer = browser("badr").get(reverse("desk:letter", args=[outgoing.pk]))
    page = answer.content.decode()
    assert "reçu le" not in page
    assert "envoyé le" in page
    (recipient,) = outgoing.parties.filter(role="recipient")
    assert escape(recipient.shown_name) in page
    assert "Destinataire" in page
    assert answer.context["viewer"].document.media_type == "application/pdf"
