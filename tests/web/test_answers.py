"""What holds of answers whatever is asked: headers, methods, folders, lines of the log."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from config.logs import JsonLine, Line
from tests.architecture.test_house import modules
from tests.web.signin.test_log_in import log_in

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
PATHS = ("/", "/login/", "/portal/", "/inbox/", "/api/v1/letters", "/api/schema/", "/no-such-page/")


@pytest.mark.parametrize("path", PATHS)
def test_other_sites_are_not_told_from_which_page_somebody_came(
    client_as: Browser, path: str
) -> None:
    assert client_as("badr").get(path)["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PATHS)
def test_no_request_is_sent_back_as_it_came(client_as: Browser, path: str) -> None:
    """TRACE would show a script the cookies that it may not read."""
    answer = client_as("badr").trace(path, headers={"X-Secret": "told-to-nobody"})
    assert answer.status_code in {302, 404, 405}
    assert "told-to-nobody" not in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        *("/static/", "/static/web/", "/static/.git/HEAD", "/.git/HEAD", "/.git/config", "/.env"),
        *("/media/", "/static/../config/settings.py", "/static/%2e%2e/config/settings.py"),
    ],
)
def test_no_folder_is_listed_and_none_beside_it_is_served(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code in {400, 404}
    assert "Index of" not in answer.content.decode()


def test_the_sessions_cookie_is_out_of_reach_of_scripts_and_other_sites(badr: Any) -> None:
    cookie = log_in("badr").cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"


def test_what_a_stranger_writes_makes_no_line_of_the_log(caplog: Any) -> None:
    """Neither line ends nor signs of a terminal in an address, a name or a header come through."""
    caplog.set_level("DEBUG")
    forged = "2026-01-01 INFO identity forged by a stranger"
    for path in (f"/no/%0A{forged}", f"/no/%0D%0A{forged}", f"/no/%1B[31m{forged}/"):
        Client().get(path, headers={"X-Request-ID": "given\tname", "User-Agent": f"a\t{forged}"})
    log_in(f"nobody\n{forged}", "faux")
    assert "forged by a stranger" in caplog.text
    for record in caplog.records:
        plain = Line().format(record)
        assert not [line for line in plain.splitlines()[1:] if line.startswith("2026-")], plain
        assert "\x1b" not in plain
        (told,) = JsonLine().format(record).splitlines()
        assert json.loads(told)["message"]


def test_lines_go_to_standard_error_and_nowhere_else() -> None:
    """By the settings of an office that sets nothing; the tests' own handlers are not ours."""
    handlers = settings.LOGGING["handlers"]
    assert {one["class"] for one in handlers.values()} == {"logging.StreamHandler"}
    assert settings.LOGGING["root"]["handlers"] == ["stderr"]
    for path in modules():
        assert not re.search(r"FileHandler|addHandler|basicConfig", path.read_text("utf-8")), path
