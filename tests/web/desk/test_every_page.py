"""The table of pages, by which they are photographed and judged, forgets none."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.journeys.pages import PAGES
from tests.web.access.kinds import STAFF
from tests.web.access.tables import rows

pytestmark = pytest.mark.django_db
OPENS = set("+.")


def test_every_page_of_the_desk_without_an_argument_is_in_the_table(
    client_as: Callable[[str], Client],
) -> None:
    """Whoever opens an address stands in the table of who may what, which knows every address."""
    known = {page.name for page in PAGES} | {"desk:home", "desk:login"}
    missing, asked = [], 0
    for row in rows("desk"):
        kind = next((one for one in STAFF if row.signs[one] in OPENS), "")
        path = path_of(row.name)
        if row.method == "GET" and kind and path and row.name not in known:
            asked += 1
            answer = client_as(STAFF[kind]).get(path)
            if answer.status_code == 200 and b"<html" in answer.getvalue():
                missing.append(path)
    assert missing == []
    assert asked > 3


def path_of(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
