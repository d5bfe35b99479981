"""The demo's e-services: four requests under way, a call to the centre, a work order for a team."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from config.demo_contracts import bring_contracts
from eservices.catalogue.publishing import published
from eservices.relations.contact_log import MomentData, log_contact
from eservices.relations.models import ContactMoment, Team, WorkOrder
from eservices.relations.orders import order_work
from eservices.requests.acting import take_action
from eservices.requests.models import Request
from eservices.requests.opening import OpeningData, open_request
from org.models import Department, User
from registry.intake import PartyData
from registry.models.letters import Channel

TEAM: Final = "EAU-1"
CALLER: Final = "0661 22 33 44"
_PEOPLE: Final = ("amina", "badr", "ghita")


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """A request that the demo opens: its service, its person, and the answers."""

    key: str
    code: str
    language: str
    name: str
    answers: Mapping[str, Any]
    phone: str = ""
    email: str = ""


SAMPLES: Final = (
    SampleRequest(
        key="leak",
        code="complaint_water",
        language="ar",
        name="سعيد بنموسى",
        phone=CALLER,
        answers={
            "danger": False,
            "problem": "leak",
            "where_leaks": "street",
            "description": "الماء يتسرب من القناة أمام المدرسة منذ الصباح، والزقاق كله مبلل.",
            "place": {"text": "زنقة المسجد، حي السلام، سطات"},
        },
    ),
    SampleRequest(
        key="enquiry",
        code="enquiry",
        language="fr",
        name="Khadija Ouazzani",
        email="k.ouazzani@exemple.test",
        answers={
            "topic": "other",
            "question": "Quels jours l’agence du centre reçoit-elle sans rendez-vous\u00a0?",
        },
    ),
    SampleRequest(
        key="connection",
        code="connection_water",
        language="fr",
        name="Hassan Benjelloun",
        phone="0662 45 67 89",
        answers={
            "quality": "owner",
            "use": "housing",
            "units": 1,
            "place": {"text": "Lot 14, lotissement Al Amal, Berrechid"},
        },
    ),
    SampleRequest(
        key="permit",
        code="works_permit",
        language="fr",
        name="Atlas Fibre SARL",
        email="travaux@atlas-fibre.test",
        answers={
            "quality": "owner",
            "company": "Atlas Fibre SARL",
            "nature": "trench",
            "trades": ["water", "electricity"],
            "description": "Tranchée de 180 m pour une gaine de fibre optique, côté pair.",
            "place": {"text": "Boulevard Hassan II, Settat"},
            "site_phone": "+212522334455",
        },
    ),
)


def open_requests(*, say: Callable[[str], None]) -> None:
    """Open the requests, move each to a stage of its own, log a call and order work.

    Harmless to repeat; nothing is done where the demo's people or the services are not there.
    """
    people = {user.username: user for user in User.objects.filter(username__in=_PEOPLE)}
    if len(people) < len(_PEOPLE) or not Team.objects.filter(code=TEAM).exists():
        return
    bring_contracts(say=say)
    requests = {one.key: found for one in SAMPLES if (found := _opened(one, say=say))}
    if found := requests.get("leak"):
        _walk_leak(found, clerk=people["badr"], agent=people["ghita"], say=say)
    if found := requests.get("connection"):
        pieces = "Copie du plan de situation\nContrat de bail"
        _move(found, "ask_pieces", actor=people["amina"], comment=pieces)
    if found := requests.get("permit"):
        _move(found, "instruct", actor=people["amina"])


def _opened(sample: SampleRequest, *, say: Callable[[str], None]) -> Request | None:
    service = published(sample.code)
    if service is None:
        return None
    opened = open_request(
        OpeningData(
            service.version,
            answers=_dated(sample),
            language=sample.language,
            channel=Channel.PORTAL,
            contact=PartyData("sender", name=sample.name, email=sample.email, phone=sample.phone),
        ),
        deposit_key=f"demo:{sample.key}",
    )
    if opened.created:
        say(f"{opened.request.letter.number}  request opened: {sample.code}")
    return opened.request


def _dated(sample: SampleRequest) -> dict[str, Any]:
    """Return the answers, with days of works that lie ahead where the service requires them."""
    if sample.code != "works_permit":
        return dict(sample.answers)
    first = Request.objects.filter(service__code=sample.code, answers__company=sample.name).first()
    begins = timezone.localdate() + timedelta(days=21)
    days = {"starts_on": begins.isoformat(), "ends_on": (begins + timedelta(days=12)).isoformat()}
    return dict(first.answers) if first else {**sample.answers, **days}


def _walk_leak(request: Request, *, clerk: User, agent: User, say: Callable[[str], None]) -> None:
    """Order the repair, and log the caller's question when the team comes."""
    if not WorkOrder.objects.filter(request=request).exists():
        _move(request, "triage", actor=clerk)
        order = order_work(
            request,
            team=Team.objects.get(code=TEAM),
            planned_on=timezone.localdate(),
            what="إصلاح تسرب في الطريق العام",
            slot="10–12",
            actor=clerk,
        )
        request.refresh_from_db()
        take_action(request, "send_team", actor=clerk)
        say(f"{order.number}  work ordered for {TEAM}")
    if not ContactMoment.objects.filter(form_key="demo:call").exists():
        moment = MomentData(
            channel=ContactMoment.Channel.PHONE,
            result=ContactMoment.Result.CALLBACK,
            subject="متى تصل الفرقة؟",
            name="سعيد بنموسى",
            phone=CALLER,
            language="ar",
            waited=25,
            seconds=140,
            request=request,
            unit=Department.objects.get(code="COM"),
            form_key="demo:call",
        )
        log_contact(moment, agent=agent)


def _move(request: Request, name: str, *, actor: User, comment: str = "") -> None:
    """Take the first action of a request that still stands where it began."""
    request.refresh_from_db()
    if request.stage == "received":
        take_action(request, name, actor=actor, comment=comment)
