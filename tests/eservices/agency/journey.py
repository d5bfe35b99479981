"""Citizens and staff of the digital agency, by the pages: deposit, field work, payment."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from eservices.agency.dues import bills_of
from eservices.payments.models import Channel, Payment
from eservices.payments.posting import Line, post_payment
from eservices.relations.models import Team, WorkOrder
from eservices.requests.acting import take_action
from eservices.requests.models import Request
from org.models import Department, Membership, User
from routing.acting.errors import NotAllowedError
from tests.eservices.journeys.test_developer_file import Desk, fresh
from tests.eservices.office import opened
from tests.eservices.relations.field import enter, team
from tests.factories import drain, pdf, pdf_bytes, person

JOBS = ("agency.begin", "agency.go_on", "field.ended")


def asked(client: Client, code: str, *pages: tuple[str, dict[str, Any]], **more: Any) -> Request:
    """A request by the pages of the form, with a PDF for each of the pieces."""
    base = f"/services/{code}"
    assert client.get(f"{base}/start/").status_code in (200, 302, 303)
    for page, given in pages:
        answer = client.post(f"{base}/form/{page}/", given)
        assert answer.status_code == 303, answer.content.decode()[-3000:]
    files = {
        name: SimpleUploadedFile(f"{name}.pdf", pdf_bytes(name)) for name in more.get("pieces", ())
    }
    if files:
        assert client.post(f"{base}/pieces/", files).status_code == 303
    contact = {"name": "Salma Alami", "email": "salma@example.org", "tell": "email"}
    answer = client.post(f"{base}/contact/", {**contact, **more.get("contact", {})})
    assert answer.status_code == 303, answer.content.decode()[-3000:]
    before = set(Request.objects.values_list("pk", flat=True))
    answer = client.post(f"{base}/check/")
    assert answer.status_code == 303, answer.content.decode()[-3000:]
    request = Request.objects.exclude(pk__in=before).get()
    client.get(f"{base}/done/")
    return request


class Clerk(Desk):
    """Somebody of the staff who also works on the agency's part of the page."""

    def act_refused(self, request: Request, name: str, **given: Any) -> None:
        """Try an action that is refused: the request stays where it is."""
        before = fresh(request).stage
        with pytest.raises(NotAllowedError):
            take_action(fresh(request), name, actor=self.user, files=[given["files"]])
        assert fresh(request).stage == before

    def agency(self, request: Request, path: str, **given: Any) -> str:
        """Send a form of the part; what the page shows then."""
        answer = self.client.post(f"/letters/{request.letter_id}/agency/{path}/", given)
        assert answer.status_code == 303, answer.content.decode()[:500]
        return self.page(request)


def branch_head(code: str = "BRT") -> Clerk:
    """The head of BRT, or of another department."""
    user = User.objects.create(username=f"head-{code}", first_name="Hind", duty="member")
    home = Department.objects.get(code=code)
    Membership.objects.create(user=user, department=home, role="head")
    return Clerk(user)


def order_of(request: Request, action: str) -> WorkOrder:
    """The order with which Amina sends a team; the request stands in the field stage then."""
    found = Team.objects.filter(code="BRT-9").first()
    crew = found or team("BRT-9", department="BRT", members=("badr",))
    form = {
        "team": crew.pk, "planned_on": timezone.localdate().isoformat(), "what": action,
        "request": str(request.pk), "checklist": "Photo",
    }  # fmt: skip
    amina = Desk(person("amina")).client
    answer = amina.post(f"/work-orders/new/?request={request.pk}", form)
    assert answer.status_code in (302, 303), answer.content.decode()[-2000:]
    return WorkOrder.objects.filter(request=request).latest("made_at")


def worked(order: WorkOrder, *indexes: tuple[str, str]) -> None:
    """The team reads these meters (serial, index) and is done."""
    for serial, value in indexes:
        enter(order, "index", value=value, serial=serial)
    enter(order, "end", done=True, remark="")
    drain(*JOBS)


def paid(request: Request, *, channel: str = Channel.CASH) -> Payment:
    """All that the request waits for is paid."""
    lines = [Line(one.number, one.remaining) for one in bills_of(request) if one.remaining > 0]
    payment = post_payment(lines, channel=channel, paid_at=timezone.now())
    drain(*JOBS)
    return payment


def shown(page: str) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


__all__ = ["Clerk", "asked", "branch_head", "fresh", "order_of", "paid", "shown", "worked"]


def subscription_to_pay(amount: str, **more: Any) -> tuple[Request, Clerk]:
    """A subscription whose deposit waits to be paid, and the head of the branch that asked it."""
    answers = {
        "quality": "owner", "services": ["water"], "use": "housing",
        "place": {"text": "Settat"}, "from_on": timezone.localdate().isoformat(), **more,
    }  # fmt: skip
    request, head = opened("subscription", answers=answers), branch_head()
    head.agency(request, "charges", subject="Dépôt", amount=amount)
    take_action(fresh(request), "offer_contract", actor=head.user, files=[pdf("Contrat")])
    head.act(request, "accept_contract", "payment")
    return request, head
