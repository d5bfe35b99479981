"""The table of pages, by which they are photographed and judged, forgets none."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.journeys.pages import PAGES
from tests.web.refusals import plain_refusals
from web.desk.urls import urlpatterns

pytestmark = pytest.mark.django_db
PEOPLE = ("admin", "amina", "direction", "dounia")


def test_every_page_of_the_desk_without_an_argument_is_in_the_table(
    client_as: Callable[[str], Client],
) -> None:
    clients = [client_as(name) for name in PEOPLE]
    known = {page.name for page in PAGES} | {"desk:home", "desk:login"}
    missing = []
    for name in sorted({pattern.name for pattern in urlpatterns if pattern.name}):
        try:
            path = reverse(f"desk:{name}")
        except NoReverseMatch:
            continue
        if f"desk:{name}" in known:
            continue
        with plain_refusals():
            answers = (client.get(path) for client in clients)
            if any(one.status_code == 200 and b"<html" in one.getvalue() for one in answers):
                missing.append(path)
    assert missing == []
