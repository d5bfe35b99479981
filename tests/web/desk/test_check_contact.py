"""The check page and the directory: a key says who of it the sender is."""

from collections.abc import Callable

import pytest
from django.test import Client

from registry.contacts.links import link_sender
from registry.models.letters import Letter, Party
from registry.verification import verify_register
from tests.registry.contacts import contact
from tests.web.desk.test_check_page import address, form_of, shown, understood, waiting

__all__ = ["waiting"]
pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]


def test_the_sender_is_linked_to_the_contact_that_was_ticked(
    waiting: Letter, browser: Browser
) -> None:
    known = contact("Syndic Al Amal", kind="organisation", email="syndic@amal.example")
    client = browser("amina")
    page = shown(client, waiting)
    assert f'name="contact" value="{known.pk}"' in page

    form = form_of(page)
    assert "contact" not in form
    client.post(address(waiting), form | {"contact": str(known.pk)})

    assert Party.objects.get(letter=waiting, role="sender").contact_id == known.pk
    assert not list(verify_register())


def test_a_contact_that_is_none_changes_nothing(waiting: Letter, browser: Browser) -> None:
    client = browser("amina")
    form = form_of(shown(client, waiting))
    for made_up in ("9" * 18, "-1", "x", "٣"):
        assert client.post(address(waiting), form | {"contact": made_up}).status_code < 500

    assert Party.objects.get(letter=waiting, role="sender").contact_id is None


def test_another_letter_of_the_page_is_understood_alike(waiting: Letter, browser: Browser) -> None:
    understood(waiting, [("sender_phone", "0612345678", 0.9)])
    contact("Nobody Like It", phone="0699999999")

    assert 'name="contact"' not in shown(browser("amina"), waiting)


def test_a_contact_is_made_of_the_letter_where_it_was_ticked(
    waiting: Letter, browser: Browser
) -> None:
    understood(waiting, [("sender_phone", "0612345678", 0.9)])
    client = browser("amina")
    page = shown(client, waiting)
    assert 'name="new_contact"' in page
    form = form_of(page)
    assert "new_contact" not in form, "proposed, not done in silence"

    client.post(address(waiting), form | {"sender_name": "Hind Saidi", "new_contact": "1"})

    made = Party.objects.select_related("contact").get(letter=waiting, role="sender").contact
    assert made is not None
    assert made.points.get(kind="phone").value == "0612345678"
    assert not list(verify_register())


def test_a_contact_learns_what_the_letter_says_where_it_was_ticked(
    waiting: Letter, browser: Browser
) -> None:
    known = contact("Syndic Al Amal", kind="organisation", email="syndic@amal.example")
    link_sender(waiting, contact=known, actor=None)
    understood(waiting, [("sender_phone", "0612345678", 0.9)])
    client = browser("amina")
    page = shown(client, waiting)
    assert 'name="complete_contact"' in page

    client.post(address(waiting), form_of(page) | {"complete_contact": "1"})

    assert {point.kind for point in known.points.all()} == {"email", "phone"}
