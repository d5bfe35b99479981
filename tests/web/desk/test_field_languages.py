"""Fields for one language run in its direction, whatever the language of the page."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Final

import pytest
from django.test import Client

from tests.web.access.kinds import STAFF
from tests.web.access.tables import rows
from tests.web.desk.test_every_page import path_of

pytestmark = pytest.mark.django_db
DIRECTIONS: Final = {"ar": "rtl", "fr": "ltr", "en": "ltr"}


class Fields(HTMLParser):
    """The attributes of typed fields whose names end in a language, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str | None]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        typed = tag == "textarea" or (tag == "input" and given.get("type", "text") == "text")
        if typed and name.rpartition("_")[2] in DIRECTIONS:
            self.found[name] = given


def test_a_field_for_one_language_is_marked_with_it(client_as: Callable[[str], Client]) -> None:
    client = client_as(STAFF["M"])
    wrong, seen = [], 0
    for row in rows("desk"):
        path = path_of(row.name)
        if row.method != "GET" or not path or row.signs["M"] not in "+.":
            continue
        answer = client.get(path)
        if answer.status_code != 200 or b"<html" not in answer.getvalue():
            continue
        fields = Fields()
        fields.feed(answer.getvalue().decode())
        for name, given in fields.found.items():
            seen += 1
            language = name.rpartition("_")[2]
            if (given.get("dir"), given.get("lang")) != (DIRECTIONS[language], language):
                wrong.append((path, name))
    assert wrong == []
    assert seen > 40
