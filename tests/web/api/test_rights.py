"""Every address of the API, tried by somebody who has no right and by nobody at all."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, reverse
from django.utils import timezone
from rest_framework.test import APIClient

from correspondence.models.dispatch import Dispatch
from correspondence.models.drafts import Mailing
from correspondence.replies import drafting
from identity.tokens import make_token
from jobs.models import Job
from org.absences import announce
from org.models import Absence, User
from registry.book.voiding import ask_to_void
from registry.contacts.links import link_sender
from registry.contacts.merging import merge_contacts
from routing.assigning import giving
from routing.inbox import assignments
from routing.notes import writing
from routing.opinions import opinion_requests
from search.address.request import SearchRequest
from search.exports.models import Export
from search.saved.searches import save_search
from tests.eservices.office import opened
from tests.eservices.readings.readings import a_read_meter, a_reading
from tests.eservices.relations.field import ordered, team
from tests.factories import department, deposit, person
from tests.registry.contacts import contact
from tests.web.undone import each
from web.api.urls import urlpatterns

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]

# What Chafik, of another department, is told about a letter of EAU; words that would be right.
HIS = {
    ("letter", "get"): 404,
    ("events", "get"): 404,
    ("text", "get"): 404,
    ("receipt", "get"): 404,
    ("content", "get"): 404,
    ("page", "get"): 404,
    ("page", "patch"): 404,
    ("assign", "post"): 404,
    ("same", "get"): 404,
    ("same", "post"): 404,
    ("undo_same", "post"): 404,
    ("corrections", "post"): 404,
    ("replies", "post"): 404,
    ("void_requests", "post"): 404,
    ("stop_clock", "post"): 404,
    ("restart_clock", "post"): 404,
    ("extend_clock", "post"): 404,
    ("ask_pieces", "get"): 404,
    ("ask_pieces", "post"): 404,
    ("add_pieces", "post"): 404,
    ("accept", "post"): 404,
    ("refuse", "post"): 404,
    ("transfer", "post"): 404,
    ("sign_off", "post"): 404,
    ("reply", "get"): 404,
    ("reply", "put"): 404,
    ("assignment", "get"): 404,
    ("assignments", "get"): 200,
    ("feed", "get"): 200,
    ("opinion", "get"): 404,
    ("void_request", "get"): 404,
    ("dispatch", "get"): 404,
    ("note", "get"): 404,
    ("submit", "post"): 404,
    ("approve", "post"): 404,
    ("visa", "post"): 404,
    ("sign", "post"): 404,
    ("return", "post"): 404,
    ("withdraw", "post"): 404,
    ("lasting", "post"): 404,
    ("send", "post"): 404,
    ("also", "put"): 404,
    ("templates", "get"): 200,
    ("drafts", "get"): 200,
    ("drafts", "post"): 403,
    ("draft", "get"): 404,
    ("signing_folder", "get"): 200,
    ("give_visas", "post"): 200,  # and none is given
    ("reply_paper", "get"): 404,
    ("mailings", "post"): 403,
    ("mailing", "get"): 404,
    ("mailing", "post"): 404,
    ("send_also", "post"): 404,
    ("reopen", "post"): 404,
    ("outcome", "post"): 404,
    ("outgoing", "get"): 200,
    ("posting_line", "put"): 404,
    ("acknowledge", "post"): 404,
    ("return_post", "post"): 404,
    ("settle_dispatch", "post"): 404,
    ("take_back", "post"): 404,
    ("hand_over", "post"): 404,
    ("posting_lists", "get"): 403,
    ("posting_lists", "post"): 403,
    ("posting_list_content", "get"): 403,
    ("approve_void", "post"): 404,
    ("refuse_void", "post"): 404,
    ("give", "post"): 404,
    ("split", "post"): 404,
    ("opinions", "get"): 404,
    ("opinions", "post"): 404,
    ("notes", "get"): 404,
    ("notes", "post"): 404,
    ("note", "put"): 404,
    ("note", "delete"): 404,
    ("give_opinion", "post"): 404,
    ("withdraw_opinion", "post"): 404,
    ("custody", "get"): 404,
    ("custody", "post"): 404,
    ("in_charge", "put"): 404,
    ("absences", "get"): 200,
    ("absences", "post"): 403,
    ("end_absence", "post"): 404,
    ("letters", "get"): 200,
    ("letters", "post"): 403,
    ("letter_contact", "put"): 404,
    ("letter_contact", "delete"): 404,
    ("contacts", "get"): 403,
    ("contacts", "post"): 403,
    ("contact_matches", "get"): 403,
    ("contact", "get"): 404,
    ("contact", "patch"): 403,
    ("contact_points", "post"): 403,
    ("contact_merges", "post"): 403,
    ("undo_contact_merge", "post"): 403,
    ("search", "get"): 200,
    ("suggestions", "get"): 200,
    ("saved_searches", "get"): 200,
    ("saved_searches", "post"): 201,
    ("saved_search", "get"): 404,
    ("saved_search", "patch"): 404,
    ("saved_search", "delete"): 404,
    ("exports", "get"): 200,
    ("exports", "post"): 400,
    ("export", "get"): 404,
    ("export_content", "get"): 404,
    ("search_by_meaning", "get"): 200,
    ("similar", "get"): 404,
    ("health", "get"): 403,
    ("jobs", "get"): 403,
    ("retry", "post"): 403,
    ("rules", "get"): 403,
    ("rules", "post"): 403,
    ("rule", "get"): 403,
    ("rule", "patch"): 403,
    ("rule_order", "put"): 403,
    ("rule_trials", "post"): 403,
    ("rule_trial", "get"): 403,
    **dict.fromkeys(
        [
            *((name, "get") for name in ("partners", "partner", "partner_webhook")),
            *(("partners", "post"), ("partner_deliveries", "get"), ("partner_webhook", "put")),
            *((name, "post") for name in ("partner_keys", "partner_secret", "partner_test")),
            *((name, "post") for name in ("partner_switch_on", "send_delivery_again")),
            *(("partner_key", "delete"), ("replace_partner_key", "post")),
            *(("proof", "get"), ("anchors", "get")),
            *(("announcements", "get"), ("announcements", "post"), ("announcement", "delete")),
            *(("disposals", "get"), ("disposals", "post"), ("disposal", "get")),
            *(("disposal_entries", "get"), ("disposal_certificate", "get")),
            *(("on_disposal", "post"), ("retention", "get")),
            *(("processing", "get"), ("processing_row", "get"), ("processing_row", "put")),
            *(("data_officers", "get"), ("data_officer", "put"), ("data_officer", "delete")),
            *(("printouts", "get"), ("printouts", "post"), ("printout", "get")),
            *(("printout_content", "get"), ("on_rectification", "post")),
            *(("rectifications", "get"), ("rectifications", "post"), ("rectification", "get")),
        ],
        403,
    ),
    ("hold", "get"): 404,
    ("hold", "post"): 404,
    ("hold", "put"): 404,
    ("partner_letters", "get"): 401,
    ("partner_letters", "post"): 401,  # by the keys of partners alone
    ("partner_letter", "get"): 401,
    **dict.fromkeys(
        [(n, "get") for n in ("departments", "kinds", "registers", "people", "circuits")], 200
    ),
    ("number_formats", "get"): 200,
    ("number_trial", "get"): 400,
    ("requests", "get"): 200,
    ("request", "get"): 404,
    ("request_action", "post"): 404,
    ("request_messages", "post"): 404,
    **dict.fromkeys(
        [
            ("request_dues", "get"),
            ("request_charges", "post"),
            ("request_charge", "delete"),
            ("request_meter", "post"),
            ("request_last_index", "post"),
            ("request_final_bill", "post"),
            ("request_plan", "put"),
            ("request_look", "post"),
            ("request_deliver", "post"),
            ("request_children", "post"),
            ("request_quotations", "get"),
            ("request_quotations", "post"),
            ("request_quotation_decision", "post"),
            ("request_meetings", "get"),
            ("request_meetings", "post"),
            ("request_acceptances", "get"),
            ("request_acceptances", "post"),
            ("request_reserve_lift", "post"),
        ],
        404,
    ),
    ("targets", "get"): 200,
    ("targets", "put"): 403,
    ("notifications", "get"): 200,
    ("notifications_read", "post"): 200,
    ("notification_preferences", "get"): 200,
    ("notification_preferences", "put"): 200,
    ("me", "get"): 200,
    ("my_token", "delete"): 204,
    ("my_tokens", "get"): 200,
    ("my_one_token", "delete"): 404,
    ("token", "post"): 401,
    ("follow", "post"): 404,  # by number and code alone
    ("followed_document", "post"): 404,
    ("schema", "get"): 200,
    ("services", "get"): 200,
    ("bills", "get"): 403,
    ("bill", "get"): 403,
    ("bill_content", "get"): 403,
    ("statement", "get"): 403,
    ("contact_moments", "get"): 403,
    ("contact_moments", "post"): 403,
    ("contact_moment", "get"): 403,
    ("call_backs", "get"): 403,
    ("call_backs", "post"): 403,
    ("take_call_back", "post"): 403,
    ("call_back_tries", "post"): 403,
    ("teams", "get"): 200,
    ("payments", "get"): 403,
    ("payment", "get"): 403,
    ("payment_figures", "get"): 403,
    ("payment_exports", "get"): 403,
    ("refunds", "get"): 403,
    ("work_orders", "get"): 200,
    ("work_orders", "post"): 403,
    ("work_order", "get"): 404,
    ("move_work_order", "post"): 404,
    ("cancel_work_order", "post"): 404,
    ("field_entries", "post"): 404,
    ("readings", "get"): 403,
    ("readings", "post"): 403,
    ("reading", "get"): 404,
    ("reading_photo", "get"): 403,
    ("reading_decisions", "post"): 403,
    ("approve_reading", "post"): 404,
    ("decline_reading", "post"): 404,
    ("assign_reading", "post"): 404,
    ("contracts", "get"): 403,
    ("contract", "get"): 403,
    ("imports", "get"): 403,
    ("import", "get"): 403,
    ("mandates", "get"): 403,
    ("mandate_proof", "get"): 403,
    ("confirm_mandate", "post"): 403,
    ("refuse_mandate", "post"): 403,
    ("service", "get"): 200,
    ("service_requests", "post"): 422,  # anybody, with answers
}
OPEN = {
    ("token", "post"),
    ("follow", "post"),
    ("followed_document", "post"),
    ("schema", "get"),
    ("services", "get"),
    ("service", "get"),
    ("service_requests", "post"),
}
WORDS = {
    "work_orders": {"team": "EAU-1", "planned_on": "2999-01-01", "what": "Réparer"},
    "move_work_order": {"planned_on": "2999-01-01"},
    "cancel_work_order": {"why": "Annulé"},
    "field_entries": {
        "id": "00000000-0000-4000-8000-000000000001",
        "kind": "start",
        "made_at": "2026-01-05T08:00:00Z",
    },
    "notifications_read": {"all": True},
    "notification_preferences": {"wishes": []},
    "give": {"to": [{"department": "SI"}]},
    "split": {"parts": [{"department": "SI", "matter": "a"}, {"department": "EAU", "matter": "b"}]},
    "opinions": {"asked": [{"department": "SI"}], "question": "?"},
    "notes": {"text": "Vu", "reach": "readers"},
    "note": {"text": "Vu"},
    "give_opinion": {"answer": "Oui"},
    "custody": {"what": "take"},
    "in_charge": {"person": "chafik"},
    "absences": {
        "person": "badr",
        "delegate": "chafik",
        "starts_on": "2999-01-01",
        "ends_on": "2999-01-02",
    },
    "same": {"other": "2026/IN/000001", "kind": "duplicate"},
    "undo_same": {"reason": "Erreur"},
    "assign": {"department": "SI"},
    "corrections": {"subject": "Autre"},
    "page": {"seal": "0" * 64, "confirm": True},
    "replies": {"body": "Bonjour"},
    "void_requests": {"reason": "Doublon"},
    "stop_clock": {"reason": "Expertise"},
    "restart_clock": {"reason": "Reçu"},
    "extend_clock": {"reason": "Complexe"},
    "ask_pieces": {"pieces": ["Plan"]},
    "refuse": {"reason": "Pas nous"},
    "transfer": {"department": "SI", "reason": "Pour SI"},
    "sign_off": {"method": "noted"},
    "reply": {"body": "Autre"},
    "return": {"remark": "Plus court"},
    "send_also": {"method": "handed_over", "address": "M. X"},
    "reopen": {"reason": "Encore"},
    "outcome": {"outcome": "partly", "reason": "Erreur"},
    "posting_line": {"tracking_number": "RR123456785MA"},
    "acknowledge": {"on": "2026-01-05"},
    "return_post": {"reason": "moved"},
    "settle_dispatch": {"remark": "Vu"},
    "posting_lists": {"way": "post"},
    "send": {"method": "handed_over", "address": "M. X"},
    "also": {"letters": []},
    "drafts": {
        "department": "EAU",
        "subject": "Coupure",
        "body": "Bonjour",
        "addressees": [{"name": "X"}],
    },
    "mailings": {
        "department": "EAU",
        "subject": "Coupure",
        "body": "Bonjour",
        "addressees": [{"name": "X"}],
    },
    "mailing": {"deed": "submit"},
    "give_visas": {"steps": ["00000000-0000-4000-8000-000000000000"]},
    "letter_contact": {"contact": 1},
    "contacts": {"name": "Karim Tahiri"},
    "contact": {"name": "Karim Tahiri", "version": 1},
    "contact_points": {"kind": "phone", "value": "0612345678"},
    "contact_merges": {"loser": 1},
    "letters": {"message": "Bonjour"},
    "saved_searches": {"name": "Secret", "search": "q=Secret"},
    "saved_search": {"name": "Autre"},
    "exports": {"search": "q=Secret", "format": "csv"},
    "follow": {"number": "2026/IN/1", "code": "BBBB-BBBB"},
    "followed_document": {"number": "2026/IN/1", "code": "BBBB-BBBB"},
    "request_action": {"comment": "x"},
    "request_messages": {"text": "Bonjour"},
    "request_children": {"trades": ["water"]},
    "request_quotations": {"lines": [], "valid_until": "2030-01-01"},
    "request_quotation_decision": {"decision": "accept", "remark": "Guichet"},
    "request_meetings": {"held_on": "2026-01-01", "minutes": "Secret"},
    "request_acceptances": {"kind": "final", "on": "2026-01-01"},
    "request_charges": {"subject": "Secret", "amount": "1.00"},
    "request_meter": {"serial": "X", "service": "water", "index": 1},
    "request_last_index": {"serial": "X", "index": 1},
    "request_final_bill": {"bill": "X"},
    "request_plan": {"bills": ["X"], "parts": [{"due_on": "2999-01-01", "amount": "1.00"}]},
    "decline_reading": {"reason": "photo"},
    "assign_reading": {"serial": "WM1000001"},
    "token": {"username": "chafik", "password": "not the password"},
}


def away(who: User, delegate: User) -> Absence:
    today = timezone.localdate()
    return announce(who, delegate=delegate, starts_on=today, ends_on=today, actor=who)


def methods_of(pattern: URLPattern) -> Iterator[str]:
    view = getattr(pattern.callback, "cls", None)
    yield from (m for m in ("get", "post", "put", "patch", "delete") if hasattr(view, m))


ALL = sorted((p.name, m) for p in urlpatterns if p.name for m in methods_of(p))


@pytest.fixture
def scene() -> dict[str, dict[str, Any]]:
    """A letter that lies with EAU in all its states, and the arguments of every address to it."""
    amina, badr = person("amina"), person("badr")
    letter = deposit(actor=amina, subject="Secret de EAU").letter
    assignment = giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.accept(assignment, actor=badr)
    reply = drafting.draft_reply(letter, actor=badr, subject="Re", body="Bonjour")
    void = ask_to_void(letter, actor=amina, reason="Doublon")
    document = letter.documents.get()
    job = Job.objects.filter(kind="letter.read").latest("id")
    of_letter = {"letter_id": letter.pk}
    kinds: dict[str, dict[str, Any]] = dict.fromkeys(
        ("letter", "events", "text", "receipt", "assign", "corrections", "replies", "same"),
        of_letter,
    )
    for name in ("stop_clock", "restart_clock", "extend_clock", "ask_pieces", "add_pieces"):
        kinds[name] = of_letter
    kinds |= {"void_requests": of_letter, "content": {**of_letter, "document_id": document.pk}}
    kinds["followed_document"] = {"document_id": document.pk}
    kinds["undo_same"] = {**of_letter, "link_id": document.pk}
    kinds["page"] = {**of_letter, "document_id": document.pk, "number": 1}
    for name in ("give", "split", "opinions", "custody"):
        kinds[name] = of_letter
    (opinion,) = opinion_requests.ask_opinions(
        letter, [opinion_requests.AskedDepartment(department("JUR"))], question="?", actor=badr
    )
    for name in ("opinion", "give_opinion", "withdraw_opinion"):
        kinds[name] = {"opinion_id": opinion.pk}
    note = writing.write_note(letter, author=badr, text="Secret de EAU", reach="readers")
    kinds |= {"notes": of_letter, "note": {"note_id": note.pk}}
    kinds["end_absence"] = {"absence_id": away(person("badr"), person("dounia")).pk}
    for name in ("assignment", "accept", "refuse", "transfer", "sign_off", "in_charge"):
        kinds[name] = {"assignment_id": assignment.pk}
    mailing = Mailing.objects.create(
        letter=letter,
        department=department("EAU"),
        author=badr,
        subject="Secret de EAU",
        body="x",
        made_at=timezone.now(),
    )
    kinds["mailing"] = {"mailing_id": mailing.pk}
    of_request = {"request_id": opened().pk}  # of EAU too
    kinds |= {"request": of_request, "request_messages": of_request}
    names = ["children", "quotations", "meetings", "acceptances", "dues", "charges", "meter"]
    names += ["last_index", "final_bill", "plan", "look", "deliver"]
    kinds["request_charge"] = {**of_request, "charge_id": 1}
    kinds |= {f"request_{name}": of_request for name in names}
    kinds["request_quotation_decision"] = {**of_request, "number": 1}
    kinds["request_reserve_lift"] = {**of_request, "reserve_id": 1}
    kinds["request_action"] = {**of_request, "action": "triage"}
    replied = (
        "reply",
        "submit",
        "approve",
        "visa",
        "sign",
        "return",
        "withdraw",
        "lasting",
        "send",
        "also",
        "send_also",
        "draft",
        "reply_paper",
    )
    for name in replied:
        kinds[name] = {"reply_id": reply.pk}
    dispatch = Dispatch.objects.create(
        letter=letter, reply=reply, method="handed_over", asked_at=timezone.now()
    )
    for name in (
        *("posting_line", "acknowledge", "return_post", "settle_dispatch", "take_back"),
        *("hand_over", "dispatch"),
    ):
        kinds[name] = {"dispatch_id": dispatch.pk}
    kinds |= {"reopen": of_letter, "outcome": of_letter, "posting_list_content": {"list_id": 1}}
    for name in ("void_request", "approve_void", "refuse_void"):
        kinds[name] = {"void_id": void.pk}
    row, other = contact(), contact()
    link_sender(letter, contact=row, actor=amina)
    merge = merge_contacts(winner=row, loser=other, actor=amina)
    kinds |= {
        "letter_contact": of_letter,
        "similar": of_letter,
        "hold": of_letter,
        "partner_letter": of_letter,
        "undo_contact_merge": {"merge_id": merge.pk},
    }
    for name in ("contact", "contact_points", "contact_merges"):
        kinds[name] = {"contact_id": row.pk}
    search = save_search(person=amina, name="Secret de EAU", asked=SearchRequest(words="Secret"))
    export = Export.objects.create(person=amina, address="q=Secret de EAU", format="csv")
    kinds |= {"saved_search": {"search_id": search.pk}, "export": {"export_id": export.pk}}
    kinds |= {"export_content": {"export_id": export.pk}}
    token, _key = make_token(person=amina, name="Secret de EAU", access="read")
    kinds |= {"my_one_token": {"token_id": token.pk}}
    for name in ("partner", "partner_webhook", "partner_secret", "partner_test", "partner_keys"):
        kinds[name] = {"partner_id": 1}
    kinds["partner_switch_on"] = kinds["partner_deliveries"] = {"partner_id": 1}
    kinds["partner_key"] = kinds["replace_partner_key"] = {"key_id": 1}
    kinds["announcement"] = {"announcement_id": 1}
    of_list = ("disposal", "disposal_entries", "disposal_certificate")
    kinds |= {key: {"list_id": 1} for key in of_list}
    kinds["on_disposal"] = {"list_id": 1, "what": "review"}
    kinds |= {"processing_row": {"code": "register"}, "data_officer": {"username": "amina"}}
    kinds |= {key: {"printout_id": letter.pk} for key in ("printout", "printout_content")}
    kinds["rectification"] = {"rectification_id": 1}
    kinds["on_rectification"] = {"rectification_id": 1, "what": "accept"}
    kinds["send_delivery_again"] = {"delivery_id": 1}
    kinds |= {"rule": {"rule_id": 1}, "rule_trial": {"trial_id": letter.pk}}
    kinds["service"] = kinds["service_requests"] = {"code": "complaint_water"}
    kinds["bill"] = kinds["bill_content"] = {"bill_id": 1}
    kinds["contact_moment"] = {"moment_id": letter.pk}
    kinds["take_call_back"] = kinds["call_back_tries"] = {"callback_id": 1}
    order = ordered(team(), what="Secret de EAU")
    kinds["payment"] = {"payment_id": order.pk}
    kinds["work_order"] = kinds["field_entries"] = {"order_id": order.pk}
    kinds["move_work_order"] = kinds["cancel_work_order"] = {"order_id": order.pk}
    kinds["mandate_proof"] = kinds["confirm_mandate"] = {"mandate_id": letter.pk}
    kinds["refuse_mandate"] = {"mandate_id": letter.pk}
    kinds["contract"] = {"contract_key": "1000001"}
    kinds["import"] = {"run_id": letter.pk}
    reading = {"reading_id": a_reading(a_read_meter()).pk}
    kinds |= dict.fromkeys(("reading", "reading_photo", "approve_reading"), reading)
    kinds |= dict.fromkeys(("decline_reading", "assign_reading"), reading)
    return kinds | {"retry": {"job_id": job.pk}}


def call(client: APIClient, name: str, method: str, scene: dict[str, dict[str, Any]]) -> Any:
    url = reverse(f"api:{name}", kwargs=scene.get(name, {}))
    body = WORDS.get(name) if method in ("post", "put", "patch") else None
    if name == "suggestions":
        body = {"q": "Secret"}
    if name == "outgoing":
        body = {"show": "came_back"}
    return getattr(client, method)(url, body, format="json")


def test_every_address_is_tried() -> None:
    assert set(ALL) == set(HIS)


def test_who_has_no_right_gets_nothing(api_as: Caller, scene: dict[str, dict[str, Any]]) -> None:
    client = api_as("chafik")

    def attempt(address: tuple[str, str]) -> None:
        answer = call(client, *address, scene)
        assert answer.status_code == HIS[address]
        assert "Secret de EAU" not in answer.content.decode()
        if answer.status_code >= 400:
            assert set(answer.json()["error"]) == {"code", "message", "fields", "refusals"}

    each(ALL, attempt)


def test_without_a_token_there_is_nothing(api_as: Caller, scene: dict[str, dict[str, Any]]) -> None:
    client = api_as("")

    def attempt(address: tuple[str, str]) -> None:
        answer = call(client, *address, scene)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "not_authenticated"

    each([pair for pair in ALL if pair not in OPEN], attempt)


def test_not_yours_and_not_there_are_the_same_answer(
    api_as: Caller, scene: dict[str, dict[str, Any]]
) -> None:
    client = api_as("chafik")
    theirs = call(client, "letter", "get", scene)
    nowhere = client.get("/api/v1/letters/00000000-0000-4000-8000-000000000000")
    assert (theirs.status_code, theirs.content) == (nowhere.status_code, nowhere.content)


def test_who_reads_but_may_not_do_is_told_so(
    api_as: Caller, scene: dict[str, dict[str, Any]]
) -> None:
    for name in ("assign", "accept", "corrections", "void_requests", "approve", "approve_void"):
        answer = call(api_as("audit"), name, "post", scene)
        assert (name, answer.status_code) == (name, 403)
        assert answer.json()["error"]["message"]


def test_a_session_needs_the_csrf_token_to_change_anything(
    scene: dict[str, dict[str, Any]],
) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(person("amina"))
    assert call(client, "letter", "get", scene).status_code == 200
    answer = call(client, "assign", "post", scene)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "not_allowed"
