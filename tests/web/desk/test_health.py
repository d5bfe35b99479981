"""The health page: what is well, what is not and what to do; the register verified by a button."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from jobs.models import Job
from org.models import Department, User
from registry.kinds import RegistryJob
from registry.models.letters import Letter
from registry.verifying import last_verified
from tests.factories import deposit, drain
from web.desk.administration.finding import Finding
from web.desk.administration.health_checks import findings

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
PAGE = "/administration/health/"


def line(words: str) -> Finding:
    """The one line that says this."""
    (found,) = [one for one in findings() if words in one.words]
    return found


def test_every_line_that_is_not_well_says_what_to_do(browser: Browser) -> None:
    page = browser("admin").get(PAGE).content.decode()
    for one in findings():
        assert one.state in {"ok", "warn", "bad"}
        assert one.todo or one.state == "ok", one
        assert one.name in page


def test_old_and_stopped_work_is_seen() -> None:
    deposit()
    assert line("attend depuis").state == "ok"
    Job.objects.filter(state="ready").update(run_after=timezone.now() - timedelta(hours=2))
    assert line("attend depuis").state == "bad"
    job = Job.objects.filter(state="ready").first()
    assert job
    Job.objects.filter(pk=job.pk).update(state="parked", error_code="vault")
    assert line("s’est arrêté").state == "bad"


def test_what_an_office_lacks_is_seen() -> None:
    Department.objects.update(head_office=False)
    User.objects.filter(duty="clerk").update(is_active=False)
    assert line("Aucun service n’est").state == "bad"
    assert line("Aucun agent").state == "bad"


def test_the_register_is_verified_by_a_button_and_on_record(browser: Browser) -> None:
    client = browser("admin")
    deposit()
    assert line("jamais été vérifié").state == "warn"

    assert client.post(f"{PAGE}verify/").status_code == 303
    drain(RegistryJob.REGISTER_VERIFY)

    assert line("Intègre au").state == "ok"
    act = last_verified()
    assert act
    assert act.data == {"problems": 0, "first": []}


def test_the_register_is_verified_by_the_command_and_on_record() -> None:
    letter = deposit().letter
    call_command("verify_register", "--letter", letter.number, stdout=StringIO())
    assert line("jamais été vérifié").state == "warn"  # one letter is not the register
    with pytest.raises(SystemExit):
        call_command("verify_register", "--against", "typo.pdf", stdout=StringIO())
    assert line("Intègre au").state == "ok"  # says nothing of the register
    call_command("verify_register", "--no-files", stdout=StringIO())
    act = last_verified()
    assert act
    assert act.data == {"problems": 0, "first": []}


def test_a_register_changed_from_behind_is_told(browser: Browser) -> None:
    letter = deposit().letter
    Letter.objects.filter(pk=letter.pk).update(subject="Autre")

    browser("admin").post(f"{PAGE}verify/")
    drain(RegistryJob.REGISTER_VERIFY)

    assert line("Problèmes trouvés").state == "bad"


def test_an_engine_that_is_away_does_not_take_the_page_away(
    browser: Browser, monkeypatch: Any
) -> None:
    from search.contract import EngineUnavailable
    from web.desk.administration import health_checks

    def away() -> str:
        raise EngineUnavailable("away")

    monkeypatch.setattr(health_checks, "index_state", away)
    assert browser("admin").get(PAGE).status_code == 200
    assert line("moteur de recherche ne répond pas").state == "bad"
