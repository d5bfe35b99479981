"""Same mail on the desk: said at once where the file is the same, linked by one click, undone."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from org.models import User
from registry.changes import history_of
from registry.doubles.finding import Match
from registry.doubles.same_mail import link_letters, propose
from registry.models.duplicates import LetterLink
from registry.models.letters import Letter
from tests.factories import deposit, text_file

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def pair(amina: User) -> tuple[Letter, Letter]:
    """Two letters of which the later is probably the earlier again; EAU reads the later alone."""
    earlier = deposit(actor=amina, subject="Coupure à Ennajd", channel="post").letter
    later = deposit(actor=amina, subject="Coupure", channel="email", departments=["EAU"]).letter
    with transaction.atomic():
        propose(later, [Match(earlier.pk, 0.93, ("same_text", "same_pages"))])
    return earlier, later


def page(client: Client, letter: Letter) -> str:
    answer = client.get(reverse("desk:letter", args=[letter.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_click_links_two_letters_and_a_reason_takes_it_back(
    pair: tuple[Letter, Letter], browser: Browser
) -> None:
    earlier, later = pair
    clerk = browser("amina")
    shown = page(clerk, later)
    assert earlier.number in shown
    assert "93 %" in shown
    assert "Il dit la même chose." in shown
    answer = clerk.post(
        reverse("desk:link", args=[later.pk]), {"other": str(earlier.pk), "kind": "copy"}
    )
    assert answer.status_code == 303
    link = LetterLink.objects.get()
    assert (link.letter_id, link.other_id, link.kind) == (later.pk, earlier.pk, "copy")
    assert "93 %" not in page(clerk, later)
    assert later.number in page(clerk, earlier)
    address = reverse("desk:unlink", args=[earlier.pk, link.pk])
    clerk.post(address, {"reason": ""})
    link.refresh_from_db()
    assert link.undone_at is None
    clerk.post(address, {"reason": "Deux coupures"})
    link.refresh_from_db()
    assert (link.undone_at is not None, link.reason) == (True, "Deux coupures")


def test_the_second_clerk_reads_that_someone_was_faster(
    pair: tuple[Letter, Letter], browser: Browser, amina: User
) -> None:
    link_letters(*pair, kind="duplicate", actor=amina)
    address = reverse("desk:link", args=[pair[1].pk])
    answer = browser("direction").post(
        address, {"other": str(pair[0].pk), "kind": "different"}, follow=True
    )
    assert "plus rapide" in answer.content.decode()
    assert LetterLink.objects.get().kind == "duplicate"


def test_any_letter_is_linked_by_its_number_in_any_notation(browser: Browser, amina: User) -> None:
    earlier, later = deposit(actor=amina).letter, deposit(actor=amina).letter
    address = reverse("desk:link", args=[later.pk])
    wanted = {"other": f"IN-{earlier.year}-{earlier.serial}", "kind": "reminder"}
    browser("amina").post(address, wanted)
    assert LetterLink.objects.get().other_id == earlier.pk
    answer = browser("amina").post(
        address, {"other": "2019/IN/000009", "kind": "reminder"}, follow=True
    )
    assert answer.status_code == 200
    assert LetterLink.objects.count() == 1


def test_a_department_that_reads_one_of_two_letters_sees_nothing_of_the_other(
    pair: tuple[Letter, Letter], browser: Browser, amina: User
) -> None:
    earlier, later = pair
    badr = browser("badr")
    shown = page(badr, later)
    assert earlier.number not in shown
    assert 'id="same"' not in shown
    link_letters(later, earlier, kind="duplicate", actor=amina)
    shown = page(badr, later)
    assert earlier.number not in shown
    assert "Liée" not in shown
    assert amina.shown_name not in shown.split('class="timeline"')[1].split("</li>")[0]


def test_who_may_not_link_or_not_read_the_other_changes_nothing(
    pair: tuple[Letter, Letter], browser: Browser
) -> None:
    earlier, later = pair
    words = {"other": str(earlier.pk), "kind": "duplicate"}
    badr = browser("badr").post(reverse("desk:link", args=[later.pk]), words)
    chafik = browser("chafik").post(reverse("desk:link", args=[later.pk]), words)
    assert (badr.status_code, chafik.status_code) == (303, 404)
    assert not LetterLink.objects.exists()
    assert history_of(later.pk)[-1].kind == "addressed"


def test_a_link_of_other_letters_is_not_undone_here(
    pair: tuple[Letter, Letter], browser: Browser, amina: User
) -> None:
    link = link_letters(*pair, kind="duplicate", actor=amina)
    stranger = deposit(actor=amina).letter
    address = reverse("desk:unlink", args=[stranger.pk, link.pk])
    assert browser("amina").post(address, {"reason": "Non"}).status_code == 404


def test_the_registration_page_says_at_once_that_the_file_came_before(
    browser: Browser, amina: User
) -> None:
    first = deposit(actor=amina, files=[text_file("La même lettre.")]).letter
    again = deposit(actor=amina, files=[text_file("La même lettre.")]).letter
    other = deposit(actor=amina).letter
    pages = [
        browser("amina").get(reverse("desk:registered", args=[letter.pk])).content.decode()
        for letter in (again, other)
    ]
    assert first.number in pages[0]
    assert first.number not in pages[1]


def test_a_confidential_letter_with_the_same_file_is_not_named_to_who_may_not_read_it(
    browser: Browser, amina: User
) -> None:
    secret = deposit(actor=amina, files=[text_file("Plainte.")], confidentiality=2).letter
    again = deposit(actor=amina, files=[text_file("Plainte.")]).letter
    assert not Letter.objects.visible_to(amina).filter(pk=secret.pk).exists()
    page = browser("amina").get(reverse("desk:registered", args=[again.pk])).content.decode()
    assert secret.number not in page
