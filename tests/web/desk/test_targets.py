"""Targets of the figures: set on their pages, over the API and by table, each change on record."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from figures.models import Target
from figures.targets import targets
from org.models import OrgChange, User
from tests.factories import department

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def test_a_target_is_set_changed_and_taken_out_of_use_on_its_page(browser: Browser) -> None:
    admin = browser("admin")
    given = {"measure": "in_term", "department": "EAU", "kind": "", "value": "90", "active": "on"}
    answer = admin.post("/administration/targets/new/", given)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/administration/targets/")
    row = Target.objects.get()
    assert targets().of("in_term", "EAU") == 90
    assert "au moins" in admin.get("/administration/targets/").content.decode()

    admin.post(f"/administration/targets/{row.pk}/", {"value": "85"})
    row.refresh_from_db()
    assert (row.value, row.active) == (85, False)
    assert targets().of("in_term", "EAU") is None
    changes = OrgChange.objects.filter(noun="target", key="in_term/EAU/*")
    assert [change.action for change in changes] == ["changed", "created"]
    assert ">90<" in admin.get(f"/administration/targets/{row.pk}/").content.decode()


@pytest.mark.parametrize("value", ["101", "0", "-1", "x", ""])
def test_no_share_is_over_a_hundred(value: str, browser: Browser) -> None:
    given = {"measure": "in_term", "value": value, "active": "on"}
    answer = browser("admin").post("/administration/targets/new/", given)
    assert answer.status_code == 422
    assert not Target.objects.exists()


def test_the_figures_show_their_target_and_the_line_of_it(browser: Browser) -> None:
    Target.objects.create(measure="ninetieth", value=30)
    page = browser("direction").get("/figures/").content.decode()
    assert "30\u00a0jours au plus" in page


def test_targets_are_set_over_the_api_by_administrators(admin: User, badr: User) -> None:
    client = APIClient()
    client.force_authenticate(admin)
    given = {"measure": "median", "department": "EAU", "value": 10}
    assert client.put("/api/v1/targets", given, format="json").status_code == 200
    given["value"] = 12
    told = client.put("/api/v1/targets", given, format="json").json()
    assert told == {
        "measure": "median", "department": "EAU", "kind": None, "value": 12, "active": True,
    }  # fmt: skip
    assert client.get("/api/v1/targets").json() == {"targets": [told], "next_cursor": ""}
    wrong = client.put("/api/v1/targets", given | {"department": "NONE"}, format="json")
    assert wrong.status_code == 400
    assert "department" in str(wrong.json())
    client.force_authenticate(badr)
    assert client.get("/api/v1/targets").json()["targets"] == [told]
    assert client.put("/api/v1/targets", given, format="json").status_code == 403


def test_targets_go_out_and_in_as_a_table(tmp_path: Path, admin: User) -> None:
    Target.objects.create(measure="in_term", value=90, department=department("EAU"))
    out = io.StringIO()
    call_command("targets", "--export", stdout=out)
    table = tmp_path / "targets.csv"
    table.write_text(out.getvalue().replace("90", "80") + "median,,,15,yes\r\n")
    call_command("targets", "--import", str(table), "--as", "admin", stdout=io.StringIO())
    assert targets().values == {("in_term", "EAU", ""): 80, ("median", "", ""): 15}
