"""Every page, in Arabic on a phone and in French on a desk: reachable, whole, usable by everybody.

Judged by axe-core (WCAG 2.2 A and AA and its best practices), and by its width on 320 px.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

import pytest

from tests.journeys.office import ROOT, Office, as_prepared, running_office
from tests.journeys.pages import PAGES, SPACE, Page, Reader
from tests.journeys.visitor import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]
AXE = ROOT / "tools/javascript/node_modules/axe-core/axe.min.js"
LEAST_WORDS = 20  # characters that can be seen
NARROWEST = {"width": 320, "height": 700}
SHOWN_THOUGH_HIDDEN = """[...document.querySelectorAll('[hidden]')]
    .filter(it => it.checkVisibility()).map(it => it.outerHTML.slice(0, 120))"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WAYS = [("ar", PHONE), ("fr", DESKTOP)]
WHO = attrgetter("who")
PEOPLE = {who: list(theirs) for who, theirs in groupby(sorted(PAGES, key=WHO), WHO)}


@pytest.fixture(scope="module")
def furnished(
    prepared: Office, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Office, dict[str, str]]]:
    """An office with work in every state, and number and code of an answered letter."""
    folder = tmp_path_factory.mktemp("pages")
    told: dict[str, str] = {}

    def fill(office: Office) -> None:
        as_prepared(prepared)(office)
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.furnish"],
            env=office.environment | {"JOB_DELIVERY": "none"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        told.update(json.loads(done.stdout.splitlines()[-1]))

    with running_office(folder, workers=False, begin=fill) as office:
        yield office, told


def problems_of(reader: Reader, page: Page) -> Iterator[str]:
    """What is wrong with the page that is open."""
    browser = reader.visitor.page
    browser.evaluate(AXE.read_text())
    found = browser.evaluate(
        "rules => axe.run({runOnly: rules}).then(done => done.violations.map("
        "v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')))",
        RULES,
    )
    yield from (f"{page.name}: {words}" for words in found)
    if len(browser.inner_text("main").strip()) < LEAST_WORDS:
        yield f"{page.name}: next to nothing is to be seen"
    shown = browser.evaluate(SHOWN_THOUGH_HIDDEN)
    yield from (f"{page.name}: shown though hidden: {words}" for words in shown)
    size = browser.viewport_size
    browser.set_viewport_size(NARROWEST)
    if (wider := reader.visitor.overflow()) > 0:
        yield f"{page.name}: {wider} px wider than 320"
    browser.set_viewport_size(size)


@pytest.mark.parametrize(("language", "size"), WAYS, ids=["ar-phone", "fr-desktop"])
@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who or "citizen")
def test_pages_are_usable_by_everybody(
    who: str,
    language: str,
    size: dict[str, int],
    furnished: tuple[Office, dict[str, str]],
    chromium: Any,
) -> None:
    office, told = furnished
    reader = Reader(chromium, office, who=who, language=language, size=size)
    if not who:
        reader.follow_letter(told)
    elif who == SPACE:
        reader.enter_space(told)
    problems: list[str] = []
    for page in PEOPLE[who]:
        try:
            reader.open(page)
        except AssertionError as error:
            problems.append(str(error))
            continue
        problems += problems_of(reader, page)
    assert problems + reader.visitor.complaints == []
