"""The pages that refuse: whole pages of the desk that tell nothing of what is refused."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.desk.cases import Case

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]


@pytest.mark.parametrize("who", ["chafik", "amina", "badr", "audit", "direction"])
def test_a_duty_is_refused_by_a_page(who: str, case: Case, browser: Browser) -> None:
    answer = browser(who).get(reverse("desk:new_target"))

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Vous ne pouvez pas faire cela" in page
    assert 'href="/help/"' in page
    assert case.letter.number not in page


@pytest.mark.parametrize("who", ["chafik", "dounia"])
def test_a_letter_of_others_is_missing_by_a_page(who: str, case: Case, browser: Browser) -> None:
    case.letter.readers.update(active=False)
    for answer in (
        browser(who).get(reverse("desk:letter", args=[case.letter.pk])),
        browser(who).post(reverse("desk:assign", args=[case.letter.pk])),
    ):
        page = answer.content.decode()
        assert answer.status_code == 404
        assert "Il n’y a rien ici" in page
        assert 'href="/help/"' in page
        assert case.letter.number not in page


def test_who_only_administers_is_refused_by_a_page(case: Case, browser: Browser) -> None:
    answer = browser("admin").get(reverse("desk:letter", args=[case.letter.pk]))

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Vous ne pouvez pas faire cela" in page
    assert case.letter.number not in page
