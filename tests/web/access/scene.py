"""An office with data: rows for the arguments of its addresses, and the words that lie in them.

Everything is Salma's or lies with EAU, so that whoever is neither finds nothing of it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.core import signing
from django.utils import timezone

from channels.partners.deliveries import trial_message
from channels.partners.models import Partner, PartnerKey
from channels.services import make_key, set_webhook
from correspondence.models.dispatch import Dispatch
from eservices.contracts.models import Contract, ImportRun
from eservices.payments.cashier import open_day
from eservices.payments.posting import Line, post_payment
from eservices.people import mandates
from eservices.people.models import Person
from eservices.people.persons import person_for
from eservices.relations.models import DangerAlarm, FieldEntry
from eservices.requests.models import Draft, Request
from figures.models import ReportOrder, Target
from identity.tokens import make_token
from jobs.models import Job
from notices.models import Notice
from org.absences import announce
from org.models import Announcement
from registry.models.documents import Document
from routing.notes import writing
from routing.opinions import opinion_requests
from tests.correspondence.circuits import circuit
from tests.eservices.bank.banks import Bank, a_bank
from tests.eservices.bills.bills import a_bill
from tests.eservices.contracts.contracts import a_contract, a_meter, held_by
from tests.eservices.office import WATER, opened
from tests.eservices.readings.readings import a_reading, a_round
from tests.eservices.relations.centre import called
from tests.eservices.relations.field import enter, ordered, team
from tests.factories import close_so_far, department, pdf, person
from tests.web.desk.cases import Case, letter_of_eau

WORD: Final = "Zerqoun"  # in what is Salma's: her name, request, contract, order, mandate
SALMA: Final = "salma@usager.example"
NADIA: Final = "nadia@usager.example"


@dataclass(frozen=True)
class Scene:
    """The office, what its addresses are asked for, and the keys that programs come with."""

    case: Case
    request: Request
    contract: Contract
    salma: Person
    nadia: Person
    bank: Bank
    partner_key: str
    arguments: dict[str, Any]

    @property
    def words(self) -> tuple[str, ...]:
        """What no answer holds that is not meant for who asks."""
        numbers = (self.case.letter.number, self.request.letter.number, self.contract.number)
        return (WORD, "Amandiers", "Nous venons", *numbers)


def build() -> Scene:
    """Make the office."""
    case = letter_of_eau(amina=person("amina"), badr=person("badr"))
    salma = person_for("email", SALMA, name=f"Salma {WORD}")
    nadia = person_for("email", NADIA, name="Nadia Tazi")
    told = {**WATER, "description": f"Fuite chez {WORD}"}
    request = opened(email=SALMA, answers=told, person=salma)
    contract = a_contract("7700001", customer_name=f"Salma {WORD}", email=SALMA)
    held_by(salma, contract)
    held_by(nadia, a_contract("8800001", customer_name="Nadia Tazi"))
    bank = a_bank()
    key, partner_key = _partner()
    arguments = {
        **case.arguments(),
        **_of_the_letter(case),
        **_of_the_request(request, salma, nadia),
        **_of_the_contract(contract, salma),
        **_of_the_field(request),
        **_of_the_office(key),
        "bank_id": bank.client and _bank_id(bank),
    }
    return Scene(case, request, contract, salma, nadia, bank, partner_key, arguments)


def _partner() -> tuple[PartnerKey, str]:
    admin = person("admin")
    key, text = make_key(
        partner="Commune", may_deposit=True, may_follow=True, per_hour=60, actor=admin
    )
    set_webhook(key.partner_id, url="https://commune.example/hook", actor=admin)
    trial_message(Partner.objects.get(), actor=admin)
    return key, text


def _bank_id(bank: Bank) -> int:
    from eservices.bank.models import BankPartner

    return BankPartner.objects.get(code=bank.code).pk


def _of_the_letter(case: Case) -> dict[str, Any]:
    badr, now = person("badr"), timezone.now()
    asked = opinion_requests.AskedDepartment(department("JUR"))
    (opinion,) = opinion_requests.ask_opinions(case.letter, [asked], question=WORD, actor=badr)
    note = writing.write_note(case.letter, author=badr, text=f"{WORD} @dounia", reach="readers")
    made = {"reply": case.reply, "method": "handed_over", "asked_at": now}
    dispatch = Dispatch.objects.create(letter=case.letter, **made)
    notice = Notice.objects.create(
        person=badr, kind="assigned", key="access", letter=case.letter, made_at=now
    )
    today = timezone.localdate()
    away = announce(badr, delegate=person("dounia"), starts_on=today, ends_on=today, actor=badr)
    job = Job.objects.filter(kind="letter.read").latest("id")
    return {
        "opinion_id": opinion.pk, "note_id": note.pk, "dispatch_id": dispatch.pk,
        "mention_id": note.mentions.get().pk, "notice_id": notice.pk, "absence_id": away.pk,
        "job_id": job.pk,
    }  # fmt: skip


def _of_the_request(request: Request, salma: Person, nadia: Person) -> dict[str, Any]:
    now = timezone.now()
    mandate = mandates.ask(
        salma, mandates.MandateInput(name=f"Père {WORD}", services=["works_permit"], proof=pdf())
    )
    draft = Draft.objects.create(
        code_hash="0" * 64, version=request.version, person=salma, made_at=now, saved_at=now,
        ends_at=now + timedelta(days=9), answers={"description": WORD},
    )  # fmt: skip
    moment = called(by=person("amina"), subject=WORD, person=salma).moment
    document = Document.objects.filter(letter=request.letter)[0]
    return {
        "request_id": request.pk, "request_letter": request.letter_id, "mandate_id": mandate.pk,
        "draft_id": draft.pk, "moment_id": moment.pk, "citizen_document": document.pk,
    }  # fmt: skip


def _of_the_contract(contract: Contract, salma: Person) -> dict[str, Any]:
    now = timezone.now()
    readings = a_round()
    bill = a_bill(contract, 98765, number=f"ZB-{WORD}")
    paid = a_bill(contract, 45600)
    meter = a_meter(contract, f"S{WORD}")
    reading = a_reading(meter, state="asked")
    payment = post_payment(
        [Line(paid.number, 45600)], channel="card", paid_at=now, person=salma, payer=WORD
    )
    day = open_day(person("rachid"), desk="G1", opening=500)
    run = ImportRun.objects.create(
        kind="contracts", name=f"{WORD}.csv", sha256="0" * 64, started_at=now
    )
    return {
        "contract_key": contract.number_key, "bill_id": bill.pk, "meter_id": meter.pk,
        "reading_id": reading.pk, "payment_id": payment.pk, "run_id": run.pk,
        "round_id": readings.pk,
        "holder_id": contract.holders.get().pk, "day_id": day.pk,
        "again": signing.dumps(str(reading.pk), salt="reading-again"),
    }  # fmt: skip


def _of_the_field(request: Request) -> dict[str, Any]:
    crew = team()
    order = ordered(crew, what=f"Réparer {WORD}", request=request)
    enter(order, "photo")
    alarm = DangerAlarm.objects.create(
        request=request, department=department("EAU"), what=WORD, raised_at=timezone.now()
    )
    entry = FieldEntry.objects.filter(order=order, kind="photo").get()
    return {
        "order_id": order.pk, "team_id": crew.pk, "alarm_id": alarm.pk, "entry_id": entry.pk,
    }  # fmt: skip


def _of_the_office(key: PartnerKey) -> dict[str, Any]:
    today = timezone.localdate()
    closings = close_so_far(actor=person("amina"))
    spoken = Announcement.objects.create(
        words_ar="مغلق",
        words_fr="Fermé",
        first_day=today,
        last_day=today,
        made_at=timezone.now(),
    )
    order = ReportOrder.objects.create(
        person=person("direction"), every="month", months=3, token=WORD, ordered_at=timezone.now()
    )
    token, _key = make_token(person=person("badr"), name=WORD, access="read")
    return {
        "announcement_id": spoken.pk, "token_id": token.pk, "circuit_id": circuit().pk,
        "target_id": Target.objects.create(measure="ninetieth", value=30).pk,
        "report_order": order.pk, "closing_id": closings[0].pk,
        "partner_id": key.partner_id, "key_id": key.pk,
        "delivery_id": key.partner.deliveries.get().pk,
    }  # fmt: skip
