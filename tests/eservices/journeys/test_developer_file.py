"""A developer's file by the pages, from deposit to final acceptance, walked by five people.

The owner's architect acts by mandate; Amina (the clerk), an agent of TRX, the head of TRX, and the
agents of the trades work on it: missing pieces once, an opinion against and then in favour, three
trades, a quotation accepted, reserves lifted one by one.
"""

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from eservices.kinds import EserviceEvent
from eservices.payments.posting import Line, post_payment
from eservices.requests.models import Acceptance, Quotation, Request, Reserve
from org.models import Department, Membership, User
from registry.models.events import LetterEvent
from registry.models.pieces import PiecesRequest
from routing.models.opinions import Opinion
from tests.eservices.citizens import citizen
from tests.factories import drain, freshly_signed_in, pdf_bytes, person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OWNER, ARCHITECT = "maitre@example.org", "architecte@example.org"
PROJECT = {
    "quality": "architect", "project": "Lotissement Al Amal", "owner": "Al Amal SARL",
    "kind": "estate", "trades": ["water", "electricity", "sewage"], "lots": "40", "power": "630",
}  # fmt: skip
LAND = {"place": "Route de Casablanca, Settat", "land_title": "T 12345/15"}
DWG = b"AC1032" + bytes(5) + b"plan" * 200
PIECES = (
    "property", "owner_papers", "mandate", "authorised_plan", "mass_plan", "plan_water",
    "plan_electricity", "plan_sewage",
)  # fmt: skip


class Desk:
    """Somebody of the staff at the page of the file's letter."""

    def __init__(self, user: User) -> None:
        self.user, self.client = user, Client()
        self.client.force_login(user)
        freshly_signed_in(self.client)

    def page(self, request: Request) -> str:
        """What the letter's page shows them."""
        answer = self.client.get(f"/letters/{request.letter_id}/")
        assert answer.status_code == 200, self.user
        return answer.content.decode()

    def post(self, request: Request, path: str, **given: Any) -> None:
        """Send a form of the letter's page as the page had it; it is done, or the test fails."""
        now = fresh(request)
        seen = f"{now.stage}@{now.stage_since.isoformat()}"
        answer = self.client.post(f"/letters/{request.letter_id}/{path}", {"seen": seen, **given})
        assert answer.status_code == 303, answer.content.decode()[:500]

    def act(self, request: Request, name: str, to: str, **given: Any) -> None:
        """Take an action; the request stands in the stage that it leads to."""
        self.post(request, f"request/actions/{name}/", **given)
        shown = re.findall(r'<p class="notice[^"]*">.*?</p>', self.page(request), re.DOTALL)
        assert fresh(request).stage == to, (name, shown)


def fresh(request: Request) -> Request:
    """The request as it is now."""
    return Request.objects.select_related("letter", "version", "service").get(pk=request.pk)


def hired(name: str, code: str, role: str = "member") -> Desk:
    """Somebody of a department who is at work."""
    user = User.objects.create(username=name, first_name=name.title(), duty="member")
    Membership.objects.create(user=user, department=Department.objects.get(code=code), role=role)
    return Desk(user)


def deposited(architect: Client) -> Request:
    """The architect asks in the owner's name, by the pages of the form."""
    base = "/services/developer_file"
    assert architect.get(f"{base}/start/").status_code in (200, 302, 303)
    for step, given in (("form/project/", PROJECT), ("form/land/", LAND)):
        answer = architect.post(f"{base}/{step}", given)
        assert answer.status_code == 303, answer.content.decode()[-3000:]
    files = {name: SimpleUploadedFile(f"{name}.pdf", pdf_bytes(name)) for name in PIECES} | {
        "mass_plan": SimpleUploadedFile("masse.dwg", DWG)
    }
    assert architect.post(f"{base}/pieces/", files).status_code == 303
    page = architect.get(f"{base}/contact/").content.decode()
    found = re.search(r'value="([0-9a-f-]{36})"', page)
    assert found, page
    given = {"name": "Cabinet Atlas", "email": ARCHITECT, "tell": "email", "mandate": found[1]}
    assert architect.post(f"{base}/contact/", given).status_code == 303
    answer = architect.post(f"{base}/check/")
    assert answer.status_code == 303, answer.content.decode()[-3000:]
    request = Request.objects.get(service__code="developer_file")
    assert request.mandate is not None
    assert request.on_behalf_of == request.mandate.principal
    return request


class Follower:
    """The architect on the page of the request, from my space, without the code."""

    def __init__(self, client: Client, request: Request) -> None:
        self.client, self.request = client, request
        answer = client.post("/my/open/", {"letter": str(request.letter_id)})
        assert (answer.status_code, answer["Location"]) == (303, "/follow/letter/")

    def page(self) -> str:
        """What the page shows."""
        answer = self.client.get("/follow/letter/")
        assert answer.status_code == 200
        return answer.content.decode()

    def post(self, path: str, **given: Any) -> str:
        """Send a form of the page; what it shows then."""
        now = fresh(self.request)
        seen = f"{now.stage}@{now.stage_since.isoformat()}"
        answer = self.client.post(f"/follow/{path}", {"seen": seen, **given})
        assert (answer.status_code, answer["Location"]) == (303, "/follow/letter/")
        return self.page()


def test_a_file_of_an_estate_from_deposit_to_final_acceptance(
    mailoutbox: list[EmailMessage],
) -> None:
    owner, architect = citizen(OWNER, mailoutbox), citizen(ARCHITECT, mailoutbox)
    given = {"contact": ARCHITECT, "services": ["developer_file"], "contracts": "", "until": ""}
    assert owner.post("/my/mandates/give/", given).status_code == 303
    request = deposited(architect)
    amina, agent = Desk(person("amina")), hired("tarik", "TRX")
    head = hired("hanane", "TRX", "head")
    atlas = Follower(architect, request)

    _missing_pieces_once(amina, agent, atlas, request)
    _three_trades(agent, head, atlas, request)
    _opinion_against_and_again(agent, head, request)
    _quotation_accepted(agent, head, atlas, request)
    _works_and_acceptances(amina, agent, head, atlas, request)

    head.act(request, "accept", "meters")
    agent.act(request, "meters_set", "done", comment="40 compteurs posés")
    ended = fresh(request)
    assert (ended.outcome, ended.stage_kind) == ("granted", "end")
    _moves_and_events_agree(request)
    _gone_with_the_mandate(owner, architect, request)


def _missing_pieces_once(amina: Desk, agent: Desk, atlas: Follower, request: Request) -> None:
    amina.act(request, "ask_pieces", "pieces", comment="Note de calcul de l’assainissement")
    assert "Note de calcul" in atlas.page()
    assert "Ce que nous attendons de vous" in atlas.page()
    assert "Ce qui vient ensuite" in atlas.page()
    note = SimpleUploadedFile("note.pdf", pdf_bytes("Note"))
    atlas.post("pieces/", piece="1", files=note)
    assert fresh(request).stage == "instruction"
    agent.post(request, "request/actions/ask_pieces/", comment="Encore une")
    assert fresh(request).stage == "instruction"
    assert PiecesRequest.objects.filter(letter=request.letter).count() == 1
    atlas.post("request/message/", text="La note est jointe.")
    agent.post(request, "request/messages/", text="Bien reçue, merci.")
    assert "Bien reçue, merci." in atlas.page()
    assert "La note est jointe." in agent.page(request)


def _three_trades(agent: Desk, head: Desk, atlas: Follower, request: Request) -> None:
    agent.post(request, "request/children/", trade=["water", "electricity", "sewage"])
    children = list(Request.objects.filter(parent=request).order_by("trade"))
    assert [child.trade for child in children] == ["electricity", "sewage", "water"]
    for child in children:
        assert child.letter.number in atlas.page()
    agent.post(request, "request/actions/to_opinion/")
    assert fresh(request).stage == "instruction"  # three trades are open
    codes = {"water": "EAU", "electricity": "ELEC", "sewage": "ASS"}
    for child in children:
        chief = hired(f"chef-{child.trade}", codes[child.trade], "head")
        chief.act(child, "instruct", "instruction")
        chief.act(child, "to_decision", "decision")
        chief.act(child, "grant", "delivery", comment="Desserte possible")
        chief.act(child, "deliver", "delivered", comment="Transmis à TRX")
    agent.act(request, "to_opinion", "opinion")


def _opinion_against_and_again(agent: Desk, head: Desk, request: Request) -> None:
    head.post(request, "request/actions/to_quotation/")
    assert fresh(request).stage == "opinion"  # none was asked for
    agent.post(request, "opinions/", asked=["EAU", "SI"], question="Avis sur les plans ?")
    against, other = Desk(person("badr")), Desk(person("chafik"))
    _give(against, request, "EAU", "Défavorable : pression insuffisante.")
    head.post(request, "request/actions/to_quotation/")
    assert fresh(request).stage == "opinion"  # the other one is waited for
    _give(other, request, "SI", "Favorable.")
    agent.post(request, "opinions/", asked=["EAU"], question="Avec un surpresseur ?")
    _give(against, request, "EAU", "Favorable avec le surpresseur.")
    assert Opinion.objects.filter(letter=request.letter, state="given").count() == 3
    assert "Favorable avec le surpresseur." in agent.page(request)
    head.act(request, "to_quotation", "quotation")


def _give(desk: Desk, request: Request, code: str, answer: str) -> None:
    row = Opinion.objects.get(letter=request.letter, department__code=code, state="open")
    desk.post(request, f"opinions/{row.pk}/give/", answer=answer)


def _quotation_accepted(agent: Desk, head: Desk, atlas: Follower, request: Request) -> None:
    until = timezone.localdate() + timedelta(days=30)
    lines: dict[str, Any] = {
        "what": ["Branchement d’eau", "Poste 630 kVA"],
        "quantity": ["40", "1"],
        "unit": ["u", "u"],
        "price": ["1 250,50", "180000"],
        "rate": ["20", "20"],
        "valid_until": until.isoformat(),
    }
    agent.post(request, "request/quotations/", **{**lines, "price": ["beaucoup", "1"]})
    assert not Quotation.objects.exists()
    assert "beaucoup" in agent.page(request)  # what was typed is there again
    agent.post(request, "request/quotations/", **lines)
    row = Quotation.objects.get()
    assert str(row.total) == "276024.00"
    assert fresh(request).stage == "quotation_sent"
    while drain("quotation.draw"):
        pass
    pdf = b"".join(atlas.client.get("/follow/request/quotation-1.pdf").streaming_content)  # type: ignore[attr-defined]
    assert pdf.startswith(b"%PDF")
    assert "Lire le devis" in atlas.page()
    atlas.post("request/quotation/", quotation="1", decision="accept")
    assert fresh(request).stage == "quotation_sent"  # without the tick nothing is done
    page = atlas.post("request/quotation/", quotation="1", decision="accept", sure="1")
    assert "Vous avez accepté le devis n°" in page
    assert fresh(request).stage == "payment"
    atlas.post("request/quotation/", quotation="1", decision="decline", sure="1", reason="Non")
    row.refresh_from_db()
    assert row.state == "accepted"
    [bill] = request.bills.all()
    assert bill.total == 27_602_400
    assert f"/pay/?bill={bill.number.replace('/', '%2F')}" in atlas.page()
    agent.post(request, "request/actions/paid/")
    assert fresh(request).stage == "payment"  # it is not paid yet
    post_payment([Line(bill.number, bill.total)], channel="transfer", paid_at=timezone.now())
    drain("agency.go_on")
    assert fresh(request).stage == "works"


def _works_and_acceptances(
    amina: Desk, agent: Desk, head: Desk, atlas: Follower, request: Request
) -> None:
    today = timezone.localdate().isoformat()
    agent.post(
        request, "request/meetings/", held_on=today, place="Chantier", present="M. Atlas\nTarik",
        minutes="Le réseau d’eau est posé.",
    )  # fmt: skip
    assert "Le réseau d’eau est posé." in atlas.page()
    agent.act(request, "works_done", "technical_acceptance")
    head.post(request, "request/actions/accept/")
    assert fresh(request).stage == "technical_acceptance"  # nothing is recorded yet
    reserves = {
        "reserve-1": "Regard à reprendre", "trade-1": "sewage", "due-1": "",
        "reserve-2": "Vanne à étiqueter", "trade-2": "water", "due-2": "",
    }  # fmt: skip
    for kind, to in (
        ("technical", "provisional_acceptance"),
        ("provisional", "final_acceptance"),
        ("final", ""),
    ):
        left = reserves if kind == "provisional" else {}
        head.post(request, "request/acceptances/", kind=kind, on=today, minutes="PV", **left)
        if to:
            head.act(request, "accept", to)
    assert "Regard à reprendre" in atlas.page()
    head.post(request, "request/actions/accept/")
    assert fresh(request).stage == "final_acceptance"  # two reserves are open
    sewage, water = Reserve.objects.order_by("pk")
    child = Request.objects.get(parent=request, trade="sewage")
    chief = Desk(User.objects.get(username="chef-sewage"))
    chief.post(child, "request/reserves/", reserve=str(water.pk))  # not of their trade
    chief.post(child, "request/reserves/", reserve=str(sewage.pk), remark="Repris")
    water.refresh_from_db()
    sewage.refresh_from_db()
    assert (water.lifted_at, sewage.lifted_by) == (None, chief.user)
    agent.post(request, "request/reserves/", reserve=str(water.pk))
    assert Acceptance.objects.filter(request=request).count() == 3
    assert atlas.page().count("levée le") == 2


def _moves_and_events_agree(request: Request) -> None:
    """No stage without an event: the moves make one chain from the first stage to the last."""
    rows = LetterEvent.objects.filter(letter=request.letter, kind=EserviceEvent.REQUEST_MOVED)
    moves = [(row.data["from"], row.data["to"]) for row in rows.order_by("seq")]
    assert moves[0][0] == "received"
    assert moves[-1][1] == "done"
    assert all(one[1] == two[0] for one, two in pairwise(moves))


def _gone_with_the_mandate(owner: Client, architect: Client, request: Request) -> None:
    page = owner.get("/my/mandates/").content.decode()
    found = re.search(r'name="mandate" value="([0-9a-f-]{36})"', page)
    assert found, page
    owner.post("/my/mandates/decide/", {"mandate": found[1], "do": "end"})
    gone = architect.get("/follow/letter/")
    assert (gone.status_code, gone["Location"]) == (303, "/follow/")
    assert owner.post("/my/open/", {"letter": str(request.letter_id)}).status_code == 303
    assert request.letter.number in owner.get("/follow/letter/").content.decode()
