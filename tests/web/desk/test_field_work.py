"""Work orders, the team's sheet and alarms, over HTTP."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from eservices.kinds import EserviceJob
from eservices.relations.danger import ring
from eservices.relations.models import DangerAlarm, FieldEntry, Team, WorkOrder
from jobs.models import Job
from notices.kinds import NoticeKind
from notices.models import Notice
from tests.eservices.relations.field import enter, ordered, team
from tests.factories import person, picture_bytes

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def _entry(
    order: WorkOrder, kind: str = "note", *, by: str = "badr", **more: Any
) -> dict[str, Any]:
    given = {"id": str(uuid.uuid4()), "order": str(order.pk), "kind": kind}
    given |= {"by": str(person(by).pk), "made_at": timezone.now().isoformat()}
    return given | {"data": json.dumps({"text": "Vu"})} | more


def _photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", picture_bytes(form="JPEG"), "image/jpeg")


# ---- the board and the order


def test_an_order_is_made_shown_moved_and_cancelled(browser: Browser) -> None:
    crew, client = team(), browser("dounia")
    today = timezone.localdate()
    given = {"team": crew.pk, "planned_on": today.isoformat(), "what": "Réparer la vanne"}
    given |= {"checklist": "Couper l’eau\n\nRéparer", "address": "12, rue des Orangers"}
    made = client.post("/work-orders/new/", given)
    order = WorkOrder.objects.get()
    assert made.status_code == 303
    assert made["Location"] == f"/work-orders/{order.pk}/"
    assert [item["label"] for item in order.checklist] == ["Couper l’eau", "Réparer"]
    shown = client.get("/work-orders/").content.decode()
    assert order.number in shown
    assert "12, rue des Orangers" in client.get(f"/work-orders/{order.pk}/").content.decode()
    moved = {"team": crew.pk, "planned_on": (today + timedelta(days=1)).isoformat(), "slot": "8–10"}
    assert client.post(f"/work-orders/{order.pk}/move/", moved).status_code == 303
    past = moved | {"planned_on": "2020-01-01"}
    assert client.post(f"/work-orders/{order.pk}/move/", past).status_code == 422
    assert client.post(f"/work-orders/{order.pk}/cancel/", {"why": ""}).status_code == 303
    assert WorkOrder.objects.get().state == "planned"
    client.post(f"/work-orders/{order.pk}/cancel/", {"why": "Doublon"})
    assert WorkOrder.objects.get().state == "cancelled"
    assert "Doublon" in client.get(f"/work-orders/{order.pk}/").content.decode()


def test_the_board_is_narrowed_and_shows_what_is_late(browser: Browser) -> None:
    one, two = team(), team("EAU-8")
    first, second = ordered(one, what="Vanne"), ordered(two, what="Regard")
    WorkOrder.objects.filter(pk=second.pk).update(
        planned_on=timezone.localdate() - timedelta(days=2)
    )
    client = browser("amina")
    week = client.get("/work-orders/").content.decode()
    assert first.number in week
    assert second.number not in week
    late = client.get("/work-orders/?late=1").content.decode()
    assert second.number in late
    assert first.number not in late
    chosen = client.get("/work-orders/?span=all&team=EAU-8").content.decode()
    assert second.number in chosen
    assert first.number not in chosen
    typed = (timezone.localdate() - timedelta(days=2)).strftime("%d/%m/%Y")
    that_day = client.get("/work-orders/", {"span": "day", "day": typed}).content.decode()
    assert second.number in that_day
    assert first.number not in that_day
    assert client.get("/work-orders/?day=2026-13-45&span=x&state=y").status_code == 200


def test_the_board_asks_the_same_queries_for_one_order_and_for_fifty(
    browser: Browser, django_assert_max_num_queries: Any
) -> None:
    crew, client = team(), browser("amina")
    ordered(crew)
    client.get("/work-orders/")
    for _ in range(55):
        ordered(crew)
    with django_assert_max_num_queries(24):
        page = client.get("/work-orders/")
    assert "from=" in page.content.decode()


def test_an_order_of_others_is_not_there(browser: Browser) -> None:
    order = ordered()
    client = browser("chafik")
    assert client.get(f"/work-orders/{order.pk}/").status_code == 404
    assert client.get(f"/field/{order.pk}/").status_code == 404
    assert client.post(f"/work-orders/{order.pk}/cancel/", {"why": "x"}).status_code == 404
    sent = client.post("/field/sync/", _entry(order, by="chafik"))
    assert sent.status_code == 422
    assert not order.entries.filter(kind="note").exists()
    assert order.number not in client.get("/work-orders/?span=all").content.decode()


def test_nobody_and_others_get_nothing_of_an_order_or_an_alarm(
    browser: Browser, nobody: Client
) -> None:
    alarm = _alarm()
    order = WorkOrder.objects.get(danger=alarm)
    photo = enter(order, "photo").entry
    reads = [
        f"/work-orders/{order.pk}/", f"/work-orders/{order.pk}/files/{photo.pk}/",
        f"/field/{order.pk}/", f"/danger/{alarm.pk}/",
    ]  # fmt: skip
    posts = [
        f"/work-orders/{order.pk}/move/", f"/work-orders/{order.pk}/cancel/",
        f"/field/{order.pk}/entries/", f"/danger/{alarm.pk}/seen/",
    ]  # fmt: skip
    chafik = browser("chafik")
    for address in reads:
        assert nobody.get(address).status_code == 302, address
        assert chafik.get(address).status_code == 404, address
        assert browser("amina").get(address).status_code == 200, address
    for address in posts:
        assert nobody.post(address).status_code in {302, 401}, address
        assert chafik.post(address).status_code == 404, address
    for address in ("/work-orders/", "/work-orders/new/", "/field/", "/danger/"):
        assert nobody.get(address).status_code == 302, address
    assert chafik.get("/work-orders/new/").status_code == 403
    assert alarm.what not in chafik.get("/danger/").content.decode()


# ---- teams


def test_a_team_is_made_and_changed_by_an_administrator(browser: Browser) -> None:
    client = browser("admin")
    given: dict[str, Any] = {
        "code": "eau-7",
        "name_ar": "فرقة",
        "name_fr": "Équipe",
        "department": "EAU",
    }
    given |= {"members": ["badr"], "active": "on"}
    assert client.post("/administration/teams/new/", given).status_code == 303
    made = Team.objects.get(code="EAU-7")
    assert [user.username for user in made.members.all()] == ["badr"]
    assert client.post("/administration/teams/new/", given).status_code == 422
    address = f"/administration/teams/{made.pk}/"
    assert client.post(address, given | {"members": ["dounia"]}).status_code == 303
    assert "dounia" in client.get(address).content.decode()
    assert "EAU-7" in client.get("/administration/teams/").content.decode()
    assert "dounia" in client.get("/administration/tables/teams/file.csv").content.decode()
    assert browser("amina").get("/administration/teams/").status_code == 403


# ---- the sheet without a script


def test_the_sheet_shows_today_and_tomorrow_of_my_teams_and_what_is_late(browser: Browser) -> None:
    crew = team()
    today = timezone.localdate()
    now = ordered(crew)
    later = ordered(crew, planned_on=today + timedelta(days=1))
    far = ordered(crew, planned_on=today + timedelta(days=3))
    page = browser("badr").get("/field/").content.decode()
    assert now.number in page
    assert later.number in page
    assert far.number not in page
    assert "aucune équipe" in browser("chafik").get("/field/").content.decode()


def test_every_kind_of_entry_goes_by_a_plain_form(browser: Browser) -> None:
    order, client = ordered(), browser("badr")
    address = f"/field/{order.pk}/entries/"
    forms: list[dict[str, Any]] = [
        {"kind": "start"},
        {"kind": "check", "code": "1", "done": "yes"},
        {"kind": "photo", "caption": "avant", "file": _photo()},
        {"kind": "part", "what": "joint", "quantity": "2"},
        {"kind": "index", "value": "00412"},
        {"kind": "note", "text": "Route fermée"},
        {"kind": "sign", "name": "Fatima", "file": _photo()},
        {"kind": "end", "done": "yes", "remark": "Réparé"},
    ]
    for form in forms:
        form["id"] = str(uuid.uuid4())
        assert client.post(address, form).status_code == 303, form["kind"]
    client.post(address, {"kind": "note", "text": "Route fermée", "id": forms[5]["id"]})
    found = WorkOrder.objects.get(pk=order.pk)
    assert (found.state, found.meter_index, found.outcome) == ("done", "00412", "Réparé")
    assert found.signed_name == "Fatima"
    assert found.signature_id
    assert found.entries.filter(by=person("badr")).count() == len(forms)
    page = client.get(f"/field/{order.pk}/").content.decode()
    assert "Route fermée" in page
    photo = found.entries.get(kind="photo")
    picture = client.get(f"/work-orders/{order.pk}/files/{photo.pk}/")
    assert picture["Content-Type"] == "image/jpeg"
    assert client.get(f"/work-orders/{order.pk}/files/{uuid.uuid4()}/").status_code == 404


def test_a_form_that_cannot_be_understood_says_why_and_keeps_nothing(browser: Browser) -> None:
    order, client = ordered(), browser("badr")
    for form in ({"kind": "index", "value": "abc"}, {"kind": "note", "text": "x"}, {"kind": "?"}):
        more = {"id": str(uuid.uuid4())} if form["kind"] == "index" else {"id": "no id"}
        answer = client.post(f"/field/{order.pk}/entries/", form | more, follow=True)
        assert 'class="notice error"' in answer.content.decode()
    assert not order.entries.filter(by=person("badr")).exists()


# ---- the sheet's script


def test_an_entry_sent_again_is_taken_once(browser: Browser) -> None:
    order, client = ordered(), browser("badr")
    entry = _entry(order)
    first, again = (client.post("/field/sync/", entry).json() for _ in range(2))
    assert (first["new"], again["new"]) == (True, False)
    assert first["id"] == again["id"] == entry["id"]
    photo = _entry(order, "photo", data="{}")
    assert client.post("/field/sync/", photo | {"file": _photo()}).json()["new"]
    assert order.entries.filter(by=person("badr")).count() == 2


def test_a_session_that_ended_asks_to_sign_in_and_another_person_is_told_apart(
    browser: Browser, nobody: Client
) -> None:
    order = ordered()
    for answer in (nobody.post("/field/sync/", _entry(order)), nobody.get("/field/token/")):
        assert answer.status_code == 401
        assert answer.json()["sign_in"].startswith("/login/")
    assert browser("dounia").post("/field/sync/", _entry(order)).status_code == 409
    assert browser("badr").get("/field/token/").json()["person"] == person("badr").pk


def test_entries_need_the_token_of_the_page(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person("badr"))
    order = ordered()
    assert strict.post("/field/sync/", _entry(order)).status_code == 403
    token = strict.get("/field/token/").json()["csrf"]
    sent = strict.post("/field/sync/", _entry(order), headers={"X-CSRFToken": token})
    assert sent.status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        *({"id": "x"}, {"order": "x"}, {"order": str(uuid.uuid4())}, {"made_at": "yesterday"}),
        *({"made_at": "9999-12-31T23:59:59-23:00"}, {"made_at": "0001-01-01T00:00:00+23:00"}),
        *({"made_at": "2026-01-01T08:00:00"}, {"data": "{"}, {"data": "[]"}, {"kind": "x"}),
        *({"data": '{"text": "a\\u0000b"}'}, {"data": '{"text": ""}'}),
        *({"data": '{"text": "a\\ud800"}'}, {"data": '{"text": "a", "text": "b"}'}),
    ],
)
def test_what_cannot_be_read_is_answered_in_words(browser: Browser, wrong: dict[str, Any]) -> None:
    order = ordered()
    answer = browser("badr").post("/field/sync/", _entry(order) | wrong)
    assert answer.status_code == 422
    assert answer.json()["problem"]
    assert not FieldEntry.objects.filter(by=person("badr")).exists()


def test_the_worker_serves_what_lies_below_the_sheet_alone(nobody: Client) -> None:
    answer = nobody.get("/field/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in answer


# ---- danger


def _alarm() -> DangerAlarm:
    order = ordered(dangerous=True)
    job = Job.objects.get(kind=EserviceJob.DANGER_ALARM)
    ring(job.subject)
    ring(job.subject)
    return DangerAlarm.objects.get(order=order)


def test_danger_is_told_at_once_to_the_head_and_then_to_the_next_until_it_is_seen(
    browser: Browser,
) -> None:
    alarm = _alarm()
    told = Notice.objects.filter(kind=NoticeKind.DANGER)
    assert set(told.values_list("person__username", flat=True)) >= {"dounia"}
    assert not told.filter(person__username="badr").exists()
    again = Job.objects.get(kind=EserviceJob.DANGER_ALARM, subject__startswith="again")
    assert again.run_after - timezone.now() > timedelta(minutes=4)
    ring(again.subject)
    ring(again.subject)
    assert told.filter(person__username="badr").count() == 1
    client = browser("dounia")
    assert alarm.what in client.get("/day/").content.decode()
    assert alarm.what in client.get("/danger/").content.decode()
    assert client.post(f"/danger/{alarm.pk}/seen/").status_code == 303
    alarm.refresh_from_db()
    assert alarm.seen_by == person("dounia")
    assert alarm.seen_at
    count = told.count()
    ring(f"again:{alarm.pk}:{alarm.rounds}")
    assert told.count() == count
    browser("badr").post(f"/danger/{alarm.pk}/seen/")
    alarm.refresh_from_db()
    assert alarm.seen_by == person("dounia")


def test_an_alarm_of_others_is_not_there_and_an_auditor_does_not_confirm(browser: Browser) -> None:
    alarm = _alarm()
    assert browser("chafik").get(f"/danger/{alarm.pk}/").status_code == 404
    assert browser("chafik").post(f"/danger/{alarm.pk}/seen/").status_code == 404
    browser("audit").post(f"/danger/{alarm.pk}/seen/")
    alarm.refresh_from_db()
    assert alarm.seen_at is None


def test_an_archivist_reads_letters_and_no_work_in_the_field(browser: Browser) -> None:
    """An order names a customer, an address, a telephone."""
    alarm = _alarm()
    order = WorkOrder.objects.get()
    lists = ("/work-orders/", "/danger/")
    paths = (*lists, f"/work-orders/{order.pk}/", f"/danger/{alarm.pk}/")
    for path in paths:
        assert browser("audit").get(path).status_code == 200, path
    assert [browser("archives").get(path).status_code for path in paths] == [403, 403, 404, 404]
    assert alarm.what not in browser("archives").get("/day/").content.decode()
    said = browser("archives").get("/search/").content.decode()
    assert not [path for path in lists if f'href="{path}"' in said]


def test_a_notice_of_danger_leads_to_the_alarm_and_cannot_be_wished_away(browser: Browser) -> None:
    alarm = _alarm()
    notice = Notice.objects.get(kind=NoticeKind.DANGER, person=person("dounia"))
    opened = browser("dounia").get(f"/notifications/{notice.pk}/")
    assert opened["Location"] == f"/danger/{alarm.pk}/"
    assert "danger" not in browser("dounia").get("/notifications/preferences/").content.decode()


def test_the_team_enters_on_its_own_sheet() -> None:
    order = ordered(team(members=("chafik",)))
    enter(order, "start", by=person("chafik"))
    assert WorkOrder.objects.get(pk=order.pk).state == "started"
