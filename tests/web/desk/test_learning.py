"""The page of what the machine has learnt: figures, reasons, going back; for who answers for it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import Job
from org.models import User
from tests.routing.learning import decided, letter_with
from understanding.learning.fingerprints import code_version
from understanding.models.versions import ModelFile, ModelVersion

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
RIGHT = {"letters": 200, "right": 181, "sure": 150, "sure_right": 148}
WORSE = RIGHT | {"right": 160}
NONE = {"letters": 0, "right": 0, "sure": 0, "sure_right": 0}


def version(name: str, state: str, *, reason: str = "", kept: bool = True) -> ModelVersion:
    row = ModelVersion.objects.create(
        version=name,
        code=code_version(),
        state=state,
        reason=reason,
        made_at=timezone.now(),
        live_since=timezone.now() if state != "refused" else None,
        bundled_letters=953,
        office_letters=41,
        rival="0" * 16,
        figures={"kind": RIGHT, "department": RIGHT},
        rival_figures={"kind": WORSE, "department": WORSE},
        office_figures={"kind": NONE, "department": RIGHT},
        office_rival_figures={"kind": NONE, "department": WORSE},
    )
    if kept:
        ModelFile.objects.create(version=row, data=b"x")
    return row


def test_an_auditor_reads_figures_and_reasons_and_may_change_nothing(browser: Browser) -> None:
    version("a" * 16, "refused", reason="fewer_right_here:department", kept=False)
    version("b" * 16, "retired", reason="replaced")
    version("c" * 16, "live")
    page = browser("audit").get("/models/").content.decode()
    for words in ("cccccccc", "90,5", "80,0", "953", "41", "lettres du bureau"):
        assert words in page
    assert '<form method="post" action="/models/' not in page
    assert browser("audit").get("/").status_code in {200, 302}


def test_the_page_takes_the_same_queries_for_one_version_as_for_many(browser: Browser) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert browser("admin").get("/models/").status_code == 200
        return len(caught)

    version("a" * 16, "live")
    few = queries()
    for number in range(30):
        version(f"{number:016}", "refused", reason="fewer_sure:kind", kept=False)
    assert queries() == few
    page = browser("admin").get("/models/").content.decode()
    assert "?from=" in page


def test_an_administrator_goes_back_and_forth(browser: Browser, admin: User) -> None:
    old, new = version("a" * 16, "retired"), version("b" * 16, "live")
    assert "aaaaaaaa" in browser("admin").get("/models/").content.decode()
    answer = browser("admin").post("/models/use/", {"version": old.version})
    assert (answer.status_code, answer["Location"]) == (303, "/models/")
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state, old.chosen_by) == ("live", "retired", admin)
    browser("admin").post("/models/use/", {"version": "first"})
    assert not ModelVersion.objects.filter(state="live").exists()


@pytest.mark.parametrize("name", ["", "nothing", "a" * 16, "b" * 16])
def test_a_version_that_cannot_be_used_is_refused_in_words(browser: Browser, name: str) -> None:
    version("a" * 16, "refused", kept=False)
    version("b" * 16, "retired", kept=False)
    client = browser("admin")
    answer = client.post("/models/use/", {"version": name, "next": "/models/"})
    assert answer.status_code == 303
    assert "version" in client.get("/models/").content.decode()
    assert not ModelVersion.objects.filter(state="live").exists()


def test_the_button_asks_for_a_training_where_something_was_decided(
    browser: Browser, amina: User, badr: User, own_data_dir: Any
) -> None:
    browser("admin").post("/models/retrain/", {"next": "/office/"})
    assert not Job.objects.filter(kind="model.retrain").exists()
    letter = letter_with("Fuite d'eau devant l'école")
    decided(letter, kind="complaint_technical", code="EAU", clerk=amina, member=badr)
    for _ in range(2):
        browser("admin").post("/models/retrain/", {"next": "/office/"})
    assert Job.objects.filter(kind="model.retrain").count() == 1
    assert "/models/retrain/" in browser("admin").get("/office/").content.decode()
    assert "/models/" not in browser("amina").get("/office/").content.decode()
