"""Disposal over the API and by command: the same lists, holds and refusals."""

import io
import json
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from registry.disposal import holds
from registry.models.disposal import DisposalList
from tests.factories import deposit, drain
from tests.registry.disposing import archivist, executed, old_letter, proposed, schedule

pytestmark = pytest.mark.django_db
URL = "/api/v1/disposal-lists"
Api = Callable[[str], APIClient]


def test_a_list_is_proposed_decided_and_executed(api_as: Api) -> None:
    schedule()
    letter = old_letter()
    clerk, keeper = api_as("amina"), api_as("archives")
    made = clerk.post(URL, {"fate": "destroy"}, format="json")
    assert made.status_code == 201, made.content
    one = f"{URL}/{made.json()['id']}"
    assert clerk.post(f"{one}/review").status_code == 409
    for what, state in (("review", "reviewed"), ("approve", "approved"), ("order", "executing")):
        assert keeper.post(f"{one}/{what}").json()["state"] == state
    drain("disposal.execute")
    assert keeper.get(one).json()["state"] == "executed"
    entries = keeper.get(f"{one}/entries").json()["entries"]
    assert [(row["number"], row["state"]) for row in entries] == [(letter.number, "done")]
    assert keeper.get(f"{one}/certificate").status_code == 200
    assert keeper.post(f"{one}/burn").status_code == 404
    assert keeper.post(f"{one}/refuse", {"reason": "trop tard"}, format="json").status_code == 409


def test_other_departments_lists_are_not_there(api_as: Api) -> None:
    schedule()
    old_letter(unit="EAU")
    held = proposed()
    archivist("driss", "COM")
    client = api_as("driss")
    assert client.get(f"{URL}/{held.pk}").status_code == 404
    assert client.post(f"{URL}/{held.pk}/review").status_code == 404
    assert client.get(URL).json()["lists"] == []
    answer = client.post(URL, {"fate": "destroy", "department": "EAU"}, format="json")
    assert answer.status_code == 409


def test_a_hold_is_placed_and_lifted(api_as: Api) -> None:
    letter = deposit(departments=["EAU"]).letter
    url = f"/api/v1/letters/{letter.pk}/hold"
    assert api_as("badr").post(url, {"reason": "moi"}, format="json").status_code == 409
    boss = api_as("direction")
    assert boss.post(url, {"reason": "Procès"}, format="json").status_code == 201
    assert boss.put(url, {"reason": "Jugé"}, format="json").json()["lifted_because"] == "Jugé"
    told = api_as("badr").get(url).json()["holds"]
    assert [row["reason"] for row in told] == ["Procès"]
    assert api_as("chafik").get(url).status_code == 404


def test_the_schedule_is_read_by_administrators(api_as: Api) -> None:
    row = schedule("request", years=15)
    told = api_as("admin").get("/api/v1/retention").json()["rows"]
    assert (told[0]["kind"], told[0]["years"], told[0]["fate"]) == ("request", 15, row.fate)


def test_by_command(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("retention", usual=True)
    call_command("retention", usual=True)
    added = "Lignes ajoutées\u00a0: {}\n".format
    assert capsys.readouterr().out == added(14) + added(0)
    schedule(years=5)
    letter = old_letter()
    call_command("legal_hold", letter.number, place="Procès", actor="direction")
    assert holds.open_hold(letter)
    with pytest.raises(CommandError):
        call_command("disposal_lists", propose="destroy", actor="amina")
    call_command("legal_hold", letter.number, lift="Jugé", actor="archives")
    with pytest.raises(CommandError) as refused:
        call_command("legal_hold", letter.number, lift="Jugé", actor="archives")
    assert refused.value.returncode == 1
    with pytest.raises(CommandError) as unknown:
        call_command("legal_hold", "2026/XX/1", place="?", actor="archives")
    assert unknown.value.returncode == 2
    call_command("disposal_lists", propose="destroy", actor="amina")
    number = DisposalList.objects.get().number
    for what in ("review", "approve"):
        call_command("disposal_lists", do=[what, number], actor="archives")
    capsys.readouterr()
    call_command("disposal_lists")
    assert capsys.readouterr().out == f"{number}\tApprouvée\tDétruits\t1 courrier\n"
    out = io.StringIO()
    call_command("disposal_lists", json=True, stdout=out)
    assert [row["state"] for row in json.loads(out.getvalue())] == ["approved"]
    with pytest.raises(CommandError) as missing:
        call_command("disposal_lists", do=["review", "2020/EL/0001"], actor="amina")
    assert missing.value.returncode == 2


def test_a_stub_is_read_without_its_content(api_as: Api) -> None:
    schedule()
    letter = old_letter(subject="Fuite rue Ibn Sina", unit="EAU")
    document = letter.documents.get()
    executed()
    client = api_as("badr")
    base = f"/api/v1/letters/{letter.pk}"
    told = client.get(base)
    assert told.status_code == 200
    assert told.json()["number"] == letter.number
    assert "Ibn Sina" not in told.content.decode()
    events = client.get(f"{base}/events")
    assert events.status_code == 200
    assert "Ibn Sina" not in events.content.decode()
    assert client.get(f"{base}/documents/{document.pk}/content").status_code == 404
    note = {"text": "Vu", "reach": "mine"}
    assert client.post(f"{base}/notes", note, format="json").status_code == 409
    assert client.get("/api/v1/search", {"q": letter.number}).status_code == 200
