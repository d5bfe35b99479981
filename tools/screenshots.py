"""python -m tools.screenshots: pictures of all pages, in Arabic and French, on a desk and a phone.

An office of its own walks the sample letters, gets work in every state, and is photographed as the
people who work in it. Three sets: `all` (every page of `tests/journeys/pages.py`, into FOLDER),
`tour` (those that README and docs show, into docs/screenshots) and `guides` (those of the guides
on `/help/`, into web/static/web/help). Exit 1 where a page did not open; the others are there.
"""

import argparse
import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from PIL import Image
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright

from tests.journeys.office import ROOT, Office, running_office
from tests.journeys.pages import PAGES, SPACE, Page, Reader

CHROMIUM: Final = "/usr/bin/chromium"
SIZES: Final = {
    "": {"width": 1366, "height": 800},
    "-phone": {"width": 390, "height": 844},
}
TOUR: Final = ROOT / "docs" / "screenshots"
GUIDES: Final = ROOT / "web" / "static" / "web" / "help"
QUALITY: Final = 72
SETTLE_MS: Final = 4000  # for pictures that a page fetches
GUIDE_WIDTH: Final = 900


def file_name(page: str, *, language: str, size: str) -> str:
    """Return the name of a picture: `desk-tray-ar-phone.webp`."""
    return f"{page.replace(':', '-').replace('_', '-')}-{language}{size}.webp"


def tour_pictures() -> set[str]:
    """Return the names of the pictures that README and docs refer to."""
    texts = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    words = "\n".join(text.read_text(encoding="utf-8") for text in texts)
    return {part.partition(".webp")[0] + ".webp" for part in words.split("screenshots/")[1:]}


def guide_pictures() -> set[str]:
    """Return the names of the pictures that the guides show."""
    from web.desk.help.guides import pictures

    return set(pictures())


@contextlib.contextmanager
def furnished_office(folder: Path) -> Iterator[tuple[Office, dict[str, str]]]:
    """Run an office with the sample letters processed, and with work in every state besides."""
    told: dict[str, str] = {}

    def fill(office: Office) -> None:
        command = [sys.executable, str(ROOT / "manage.py"), "demo", "--once"]
        subprocess.run(command, env=office.environment, check=True, stdout=sys.stderr)
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.furnish"],
            env=office.environment | {"JOB_DELIVERY": "none"},
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        told.update(json.loads(done.stdout.splitlines()[-1]))

    with running_office(folder, begin=fill) as office:
        yield office, told


def photograph(
    chromium: Any,
    office: Office,
    told: dict[str, str],
    *,
    pages: Iterable[Page],
    wanted: set[str] | None,
    languages: Sequence[str],
    folder: Path,
    width: int = 0,
) -> list[str]:
    """Write the pictures that are wanted (None: all) into the folder; return what did not open."""
    failed: list[str] = []
    folder.mkdir(parents=True, exist_ok=True)
    people = groupby(sorted(pages, key=lambda page: page.who), lambda page: page.who)
    for (who, theirs), language, size in product(
        [(who, list(theirs)) for who, theirs in people], languages, SIZES
    ):
        named = {p: file_name(p.name, language=language, size=size) for p in theirs}
        named = {p: name for p, name in named.items() if wanted is None or name in wanted}
        if not named:
            continue
        reader = Reader(chromium, office, who=who, language=language, size=SIZES[size])
        if not who:
            reader.follow_letter(told)
        elif who == SPACE:
            reader.enter_space(told)
        for page, name in named.items():
            try:
                reader.open(page)
            except AssertionError as error:
                failed.append(str(error))
                continue
            with contextlib.suppress(PlaywrightTimeout):
                reader.visitor.page.wait_for_load_state("networkidle", timeout=SETTLE_MS)
            _save(reader.visitor.page.screenshot(), folder / name, width=width)
            print(name, file=sys.stderr)
        reader.visitor.context.close()
    return failed


def _save(png: bytes, path: Path, *, width: int) -> None:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    if width and picture.width > width:
        height = round(picture.height * width / picture.width)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    picture.save(path, "WEBP", quality=QUALITY, method=6)


def main(arguments: Sequence[str]) -> int:
    """Make the pictures; 1 where a page did not open."""
    parser = argparse.ArgumentParser(prog="./sijill screenshots", description=__doc__)
    parser.add_argument("sets", choices=["all", "tour", "guides"], nargs="*", default=["all"])
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "screenshots")
    parser.add_argument("--only", nargs="*", default=[], help="names of pages, as desk:tray")
    asked = parser.parse_args(arguments)
    known: dict[str, dict[str, Any]] = {
        "all": {"wanted": None, "languages": ("ar", "fr"), "folder": asked.folder},
        "tour": {"wanted": tour_pictures(), "languages": ("ar", "fr"), "folder": TOUR},
        "guides": {
            "wanted": guide_pictures(),
            "languages": ("ar", "fr", "en"),
            "folder": GUIDES,
            "width": GUIDE_WIDTH,
        },
    }
    pages = [page for page in PAGES if not asked.only or page.name in asked.only]
    failed: list[str] = []
    with (
        TemporaryDirectory(prefix="sijill-pictures-") as folder,
        furnished_office(Path(folder)) as (office, told),
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name in asked.sets:
            failed += photograph(chromium, office, told, pages=pages, **known[name])
        chromium.close()
    print("".join(f"not opened: {words}\n" for words in failed), end="", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
