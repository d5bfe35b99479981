"""A leak from the first search to a second repair, by the pages, in Arabic and without JavaScript.

The citizen finds the service by a word of speech and sends a photo; the centre logs their call; a
team repairs, its phone's entries arriving late, twice and in another order; the citizen says that
it is not solved, the request is taken up again and closed, and the figures tell it.
"""

import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from eservices.relations.figures import centre_figures
from eservices.relations.models import ContactMoment, FieldEntry, WorkOrder
from eservices.requests.models import Request
from tests.eservices.journeys.test_developer_file import Desk, fresh
from tests.factories import drain, person, picture_bytes

pytestmark = pytest.mark.django_db
PHONE = "0661223344"
WHAT = {"danger": "no", "problem": "leak", "where_leaks": "street", "description": "الماء كيضيع"}


@pytest.fixture
def citizen() -> Client:
    """A browser that asks for Arabic."""
    return Client(headers={"accept-language": "ar"})


def asked(citizen: Client) -> Request:
    """From the home page by search to the number."""
    assert 'action="/services/"' in citizen.get("/portal/").content.decode()
    found = citizen.get("/services/", {"q": "تسريب"}).content.decode()
    first = re.search(r'href="/services/([a-z_]+)/"', found)
    assert first
    assert first[1] == "complaint_water"
    base = "/services/complaint_water"
    citizen.get(f"{base}/start/")
    photo = SimpleUploadedFile("photo.jpg", picture_bytes(form="JPEG"), "image/jpeg")
    for step, given in (
        ("form/what/", WHAT),
        ("form/place/", {"place": "زنقة المسجد، سطات"}),
        ("pieces/", {"photo": photo}),
        ("contact/", {"name": "سعيد بنموسى", "phone": PHONE, "tell": "none"}),
        ("check/", {}),
    ):
        answer = citizen.post(f"{base}/{step}", given)
        assert answer.status_code == 303, (step, answer.content.decode()[-2000:])
    request = Request.objects.get()
    page = citizen.get(f"{base}/done/").content.decode()
    assert request.letter.number in page
    assert re.search(r"[B-Z]{4}-[B-Z]{4}", page)
    return request


def called(agent: Desk, request: Request) -> None:
    """The centre finds the caller by telephone and logs the call once, though it is sent twice."""
    page = agent.client.get("/centre/", {"q": PHONE}, follow=True).content.decode()
    assert request.letter.number in page
    opened = re.search(r'name="opened"\s+value="([^"]+)"', page)
    assert opened
    form = {
        "channel": "phone", "result": "answered", "subject": "متى تصل الفرقة؟", "language": "ar",
        "phone": PHONE, "name": "سعيد بنموسى", "form_key": str(uuid.uuid4()), "opened": opened[1],
    }  # fmt: skip
    for _time in range(2):
        assert agent.client.post("/centre/log/", form).status_code == 303
    assert ContactMoment.objects.count() == 1


def repaired(clerk: Desk, request: Request) -> None:
    """A team is sent; what its phone kept without a network comes twice and backwards."""
    day = timezone.localdate().isoformat()
    team = clerk.client.get(f"/work-orders/new/?request={request.pk}").content.decode()
    choice = re.search(r'<option value="(\d+)"[^>]*>EAU-1', team)
    assert choice
    form = {"team": choice[1], "planned_on": day, "what": "إصلاح تسرب", "request": str(request.pk)}
    form["checklist"] = "إغلاق الماء"
    answer = clerk.client.post(f"/work-orders/new/?request={request.pk}", form)
    assert answer.status_code in (302, 303), answer.content.decode()[-2000:]
    assert fresh(request).stage == "on_site"
    order = WorkOrder.objects.filter(request=request).latest("made_at")
    badr, now = Desk(person("badr")), timezone.now()
    entries = []
    for minute, (kind, data) in enumerate(
        (
            ("start", {}),
            ("check", {"code": order.checklist[0]["code"], "done": True}),
            ("note", {"text": "تم إصلاح القناة"}),
            ("end", {"done": True, "remark": ""}),
        )
    ):
        made = (now + timedelta(seconds=minute)).isoformat()
        entries.append(
            {
                "id": str(uuid.uuid4()),
                "order": str(order.pk),
                "kind": kind,
                "made_at": made,
                "by": str(person("badr").pk),
                "data": json.dumps(data),
            }
        )
    for entry in (*reversed(entries), *entries):
        answer = badr.client.post("/field/sync/", entry)
        assert answer.status_code == 200, answer.content
    kept = FieldEntry.objects.filter(pk__in=[entry["id"] for entry in entries])
    assert kept.count() == len(entries)
    drain("field.ended")
    assert fresh(request).stage == "repaired"


def test_a_leak_is_repaired_and_taken_up_again(citizen: Client) -> None:
    request = asked(citizen)
    clerk, agent = Desk(person("badr")), Desk(person("ghita"))
    called(agent, request)
    clerk.act(request, "triage", "triage")
    repaired(clerk, request)
    agent.act(request, "close", "closed")
    assert (fresh(request).outcome, fresh(request).stage_kind) == ("granted", "end")

    sent = citizen.get(f"/services/{request.service.code}/done/")
    assert sent.status_code in (200, 302, 303)
    again = citizen.post("/follow/reopen/", {"reason": "الماء باقي كيسيل"})
    assert again.status_code in (302, 303), again.content.decode()[-2000:]
    taken_up = fresh(request)
    assert (taken_up.stage_kind, taken_up.outcome, taken_up.ended_at) == ("work", "", None)

    repaired(clerk, request)
    agent.act(request, "close", "closed")
    today: Any = timezone.localdate()
    figures = centre_figures(since=today, until=today)
    assert figures.reopened == 1
    page = agent.client.get("/centre/figures/").content.decode()
    assert "1" in re.sub(r"<[^>]+>", " ", page)
