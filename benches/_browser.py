"""A person at a browser without JavaScript: pages, forms, and patience when nobody answers."""

import html
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter

PATIENCE = 300.0  # seconds that a person tries on
_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


class _From(HTTPAdapter):
    """Calls come from an address of their own, as those of different people do."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Bind what is opened to the address."""
        super().init_poolmanager(*args, **kwargs, source_address=(self.address, 0))


class Browser:
    """Cookies, the page that was read last, and how often a call was sent again."""

    def __init__(self, office: str, *, address: str = "127.0.0.1") -> None:
        self.office, self.again = office, 0
        self.session = requests.Session()
        self.session.headers["Accept-Language"] = "fr"
        self.session.mount("http://", _From(address))

    def get(self, path: str) -> requests.Response:
        """Open a page, again and again until it is answered."""
        return self.until_answered(lambda: self._send("GET", path))

    def post(self, path: str, fields: Mapping[str, str]) -> requests.Response:
        """Post a form once. Raise requests.RequestException, also for an answer of 5xx."""
        answer = self._send("POST", path, fields)
        answer.raise_for_status() if answer.status_code >= 500 else None
        return answer

    def until_answered(self, call: Callable[[], requests.Response]) -> requests.Response:
        """Call until there is an answer that is no error of the server."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = call()
                if answer.status_code < 500:
                    return answer
            except requests.RequestException:
                if time.monotonic() > deadline:
                    raise
            if time.monotonic() > deadline:
                raise TimeoutError(f"{answer.url}: {answer.status_code} {answer.text[:500]}")
            self.again += 1
            time.sleep(0.3)

    def _send(
        self, method: str, path: str, fields: Mapping[str, str] | None = None
    ) -> requests.Response:
        url = path if path.startswith("http") else f"{self.office}{path}"
        return self.session.request(method, url, data=fields, timeout=40, allow_redirects=False)

    def log_in(self, username: str, password: str) -> None:
        """Sign in as one of the staff."""
        while True:
            fields = hidden(self.get("/login/").text)
            given = {**fields, "username": username, "password": password}
            try:
                answer = self.post("/login/", given)
            except requests.RequestException:
                self.again += 1
                time.sleep(0.3)
                continue
            if answer.status_code in {302, 303}:
                return
            raise RuntimeError(f"no log-in: {answer.status_code}")


def form_of(page: str, action: str = "") -> str:
    """Return the form that posts to an address, or the first that posts to its own page."""
    for found in re.finditer(r"<form\b([^>]*)>(.*?)</form>", page, re.DOTALL):
        said = dict(_ATTRIBUTE.findall(found.group(1)))
        if said.get("method") == "post" and said.get("action", "") == action:
            return found.group(2)
    return ""


def hidden(form: str) -> dict[str, str]:
    """Return the hidden fields of a form."""
    rows = [dict(_ATTRIBUTE.findall(one)) for one in _INPUT.findall(form)]
    return {
        row["name"]: html.unescape(row.get("value", ""))
        for row in rows
        if row.get("type") == "hidden"
    }
