"""`./sijill bench page_weight`: bytes of a first visit to each page, page pictures apart.

An office of its own is served by `manage up`; headless Chromium opens each page with an empty
cache, and the bytes that came over the wire are added up: page, styles, scripts, fonts. Exit 1
where a page weighs more than MOST.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.journeys.office import PASSWORD, ROOT, Office, running_office

CHROMIUM: Final = "/usr/bin/chromium"
MOST: Final = 150_000
KINDS: Final = {"document": "page", "stylesheet": "styles", "script": "scripts", "font": "fonts"}
PAGES: Final = (
    ("", "/portal/"),
    ("", "/services/complaint_electricity/"),
    ("", "/portal/deposit/"),
    ("", "/login/"),
    ("amina", "/deposit/"),
    ("amina", "/tray/"),
    ("amina", "/check/"),
    ("amina", "/search/"),
    ("badr", "/inbox/"),
    ("direction", "/letters/…/"),
    ("direction", "/figures/"),
    ("admin", "/rules/"),
)


@contextmanager
def browser() -> Iterator[Any]:
    """Start the system's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def session_of(chromium: Any, office: Office, username: str) -> list[dict[str, Any]]:
    """Return the cookies of a person who logged in; none for a stranger."""
    if not username:
        return []
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{office.url}/login/")
    page.fill("#id_username", username)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    cookies: list[dict[str, Any]] = context.cookies()
    context.close()
    return cookies


def weight(
    chromium: Any, office: Office, *, path: str, cookies: Any, language: str
) -> Counter[str]:
    """Return the bytes of a first visit by what they were for; pictures under "pictures"."""
    context = chromium.new_context(viewport={"width": 1366, "height": 800})
    chosen = {"name": "django_language", "value": language, "url": office.url}
    context.add_cookies([*cookies, chosen])
    page = context.new_page()
    found: Counter[str] = Counter()

    def count(request: Any) -> None:
        sizes = request.sizes()
        kind = KINDS.get(request.resource_type, "pictures" if ".webp" in request.url else "other")
        found[kind] += sizes["responseBodySize"] + sizes["responseHeadersSize"]

    page.on("requestfinished", count)
    page.goto(office.url + path, wait_until="networkidle")
    context.close()
    return found


def main() -> int:
    """Print the table; return 1 where a page is too heavy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--languages", nargs="+", default=["ar", "fr"])
    chosen = parser.parse_args()
    heavy = False
    print("| Page | Language | page | styles | scripts | fonts | other | all | pictures |")
    print("|---|---|---|---|---|---|---|---|---|")
    with (
        TemporaryDirectory() as folder,
        running_office(Path(folder), workers=False) as office,
        browser() as chromium,
    ):
        letter = one_letter(office)
        sessions = {name: session_of(chromium, office, name) for name, _path in PAGES}
        for username, path in PAGES:
            for language in chosen.languages:
                found = weight(
                    chromium,
                    office,
                    path=path.replace("…", letter),
                    cookies=sessions[username],
                    language=language,
                )
                cells = [found[name] for name in ("page", "styles", "scripts", "fonts", "other")]
                heavy |= sum(cells) > MOST
                row = [*cells, sum(cells), found["pictures"]]
                print(f"| `{path}` | {language} | {' | '.join(f'{n / 1000:.1f}' for n in row)} |")
    return int(heavy)


def one_letter(office: Office) -> str:
    """Register a letter that the director reads; return its id."""
    told = office.manage("deposit", str(ROOT / "samples/files/02-syndic-coupures.pdf"), "--json")
    letter: str = json.loads(told)["id"]
    return letter


if __name__ == "__main__":
    sys.exit(main())
