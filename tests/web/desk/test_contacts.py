"""The directory's pages: found by any spelling, kept by its keepers, seen by readers of letters."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.contacts.links import link_sender
from registry.contacts.merging import find_doubles
from registry.models.contacts import Contact, ContactMerge, ContactView
from registry.models.letters import Letter
from tests.factories import deposit, person
from tests.registry.contacts import contact

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def shown(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def letter_from(row: Contact, *, subject: str = "Fuite", departments: Any = ()) -> Letter:
    letter = deposit(actor=person("amina"), subject=subject, departments=departments).letter
    link_sender(letter, contact=row, actor=person("amina"))
    return letter


@pytest.mark.parametrize("words", ["محمد العلوي", "alaoui", "+212 612345678", "m@example.org"])
def test_the_list_finds_by_any_spelling(words: str, browser: Browser) -> None:
    contact("Mohamed Alaoui", phone="0612345678", email="m@example.org")
    contact("Karim Tahiri")

    page = shown(browser("amina"), "/contacts/", q=words)

    assert "Mohamed Alaoui" in page
    assert "Karim Tahiri" not in page


def test_the_list_takes_a_fixed_number_of_queries(browser: Browser) -> None:
    client = browser("amina")

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            shown(client, "/contacts/")
        return len(caught)

    contact("Mohamed Alaoui", phone="0612345678")
    few = queries()
    for number in range(12):
        contact(f"Karim Tahiri {number}", phone=f"06123456{number:02d}")

    assert queries() == few


def test_the_list_and_the_page_go_on(browser: Browser) -> None:
    for number in range(45):
        contact(f"Tahiri {number:03d}")
    client = browser("amina")

    first = client.get("/contacts/").context
    second = client.get("/contacts/", {"from": first["next"]}).context

    names = [row.name for page in (first, second) for row, _points in page["rows"]]
    assert names == sorted(names)
    assert len(names) == 45


def test_a_page_shows_letters_of_the_viewer_alone_and_is_kept(browser: Browser) -> None:
    row = contact()
    letter_from(row, subject="Pour EAU", departments=["EAU"])
    letter_from(row, subject="Pour SI", departments=["SI"])
    address = reverse("desk:contact", args=[row.pk])

    page = shown(browser("badr"), address)

    assert "Pour EAU" in page
    assert "Pour SI" not in page
    assert "Pour SI" in shown(browser("chafik"), address)
    assert "Pour EAU" not in shown(browser("admin"), address)
    assert ContactView.objects.filter(contact=row).count() == 3


def test_who_only_reads_sees_no_notes_and_no_verbs(browser: Browser) -> None:
    row = contact(phone="0612345678")
    Contact.objects.filter(pk=row.pk).update(notes="Client difficile")
    letter_from(row, departments=["EAU"])
    address = reverse("desk:contact", args=[row.pk])

    assert "Client difficile" in shown(browser("amina"), address)
    page = shown(browser("badr"), address)

    assert "Client difficile" not in page
    assert "/points/" not in page


def test_a_contact_is_made_and_changed_by_forms(browser: Browser) -> None:
    client = browser("direction")
    given = {"name": "Karim Tahiri", "kind": "person", "phone": "0612345678"}

    made = client.post("/contacts/new/", given)
    row = Contact.objects.get()
    change = {"name": "Karim El Tahiri", "kind": "person", "version": "1", "language": "ar"}
    client.post(reverse("desk:edit_contact", args=[row.pk]), change)
    late = client.post(reverse("desk:edit_contact", args=[row.pk]), {**change, "name": "X"})

    row.refresh_from_db()
    assert made.status_code == late.status_code == 303
    assert (row.name, row.language, row.version) == ("Karim El Tahiri", "ar", 2)


def test_a_form_with_a_wrong_entry_says_so_and_makes_nothing(browser: Browser) -> None:
    given = {"name": "Karim Tahiri", "kind": "person", "phone": "abc"}

    answer = browser("amina").post("/contacts/new/", given)

    assert answer.status_code == 422
    assert not Contact.objects.exists()


def test_entries_are_added_verified_and_forgotten(browser: Browser) -> None:
    client, row = browser("amina"), contact()
    address = reverse("desk:add_contact_point", args=[row.pk])

    client.post(address, {"kind": "phone", "value": "0612345678"})
    client.post(address, {"kind": "email", "value": "nobody"})
    point = row.points.get()
    client.post(reverse("desk:on_contact_point", args=[row.pk, point.pk, "verify"]))
    point.refresh_from_db()
    assert point.verified_by == person("amina")
    client.post(reverse("desk:on_contact_point", args=[row.pk, point.pk, "forget"]))

    assert not row.points.exists()


def test_two_are_looked_at_merged_and_taken_apart(browser: Browser) -> None:
    client = browser("amina")
    row, other = contact("Mohamed Alaoui", phone="0612345678"), contact("محمد العلوي")
    letter_from(other)
    address = reverse("desk:merge_contact", args=[row.pk, other.pk])

    assert "محمد العلوي" in shown(client, address)
    client.post(address)
    stub = client.get(reverse("desk:contact", args=[other.pk]))
    assert stub.headers["Location"] == reverse("desk:contact", args=[row.pk])
    assert client.post(address).status_code == 303  # already: said, not done again
    client.post(reverse("desk:undo_merge", args=[ContactMerge.objects.get().pk]))

    assert not Contact.objects.exclude(merged_into=None).exists()


def test_doubles_are_listed_until_told_apart(browser: Browser) -> None:
    client = browser("amina")
    row, other = contact(phone="0612345678"), contact(phone="0612345678")
    find_doubles()

    assert reverse("desk:merge_contact", args=[row.pk, other.pk]) in shown(
        client, "/contacts/doubles/"
    )
    client.post(reverse("desk:tell_apart", args=[row.pk, other.pk]))

    assert "/merge/" not in shown(client, "/contacts/doubles/")


def test_not_the_same_is_taken_back_from_the_list_and_from_the_contact(browser: Browser) -> None:
    client = browser("amina")
    row, other = contact(phone="0612345678"), contact(phone="0612345678")
    find_doubles()
    address = reverse("desk:tell_apart", args=[row.pk, other.pk])
    listed, page = "/contacts/doubles/?show=apart", reverse("desk:contact", args=[row.pk])
    again = 'name="again"'

    assert again not in shown(client, listed) + shown(client, page)
    for place in (listed, page):
        client.post(address)
        assert again in shown(client, listed)
        assert again in shown(client, page)
        assert client.post(address, {"again": "1", "next": place}).headers["Location"] == place
        assert again not in shown(client, place)
        assert "/merge/" in shown(client, "/contacts/doubles/")
    client.post(address, {"again": "1"})
    assert "ne sont plus distingués" in shown(client, page)


def test_the_page_of_the_merge_says_that_the_two_were_told_apart(browser: Browser) -> None:
    client = browser("amina")
    row, other = contact(phone="0612345678"), contact(phone="0612345678")
    apart = reverse("desk:tell_apart", args=[row.pk, other.pk])
    merges = [
        reverse("desk:merge_contact", args=pair)
        for pair in ((row.pk, other.pk), (other.pk, row.pk))
    ]

    for address in merges:
        page = shown(client, address)
        assert "Pas les mêmes" in page
        assert 'name="again"' not in page
    client.post(apart)

    for address in merges:  # whichever is to stay
        page = shown(client, address)
        assert "Pas les mêmes" not in page
        assert 'name="again"' in page
        assert person("amina").shown_name in page


def test_a_letters_sender_is_confirmed_made_and_unlinked(browser: Browser) -> None:
    client, row = browser("amina"), contact("Mohamed Alaoui")
    letter = deposit(actor=person("amina"), sender="محمد العلوي").letter
    address = reverse("desk:link_contact", args=[letter.pk])
    page = reverse("desk:letter", args=[letter.pk])

    assert "Mohamed Alaoui" in shown(client, page)
    client.post(address, {"contact": str(row.pk)})
    assert letter.parties.get().contact == row
    client.post(address, {"what": "unlink"})
    assert letter.parties.get().contact is None
    client.post(address, {"what": "new"})

    made = letter.parties.get().contact
    assert made is not None
    assert made.name == "محمد العلوي"


@pytest.mark.parametrize("given", [{}, {"contact": "x"}, {"contact": "9" * 30}, {"contact": "0"}])
def test_a_contact_that_is_none_is_not_linked(given: dict[str, str], browser: Browser) -> None:
    letter = deposit(actor=person("amina")).letter

    answer = browser("amina").post(reverse("desk:link_contact", args=[letter.pk]), given)

    assert answer.status_code == 404


def test_a_department_does_not_say_who_a_letter_is_from(browser: Browser) -> None:
    letter = deposit(actor=person("amina"), departments=["EAU"]).letter
    address = reverse("desk:link_contact", args=[letter.pk])

    browser("badr").post(address, {"contact": str(contact().pk)})

    assert letter.parties.get().contact is None


def test_the_rail_leads_there_for_those_who_read_the_directory(browser: Browser) -> None:
    for username in ("amina", "direction", "admin", "audit"):
        assert 'data-keys="g a"' in shown(browser(username), "/contacts/")
    assert 'href="/contacts/"' not in shown(browser("badr"), "/inbox/")
