"""Every address of the desk is tried by those who have no right to it.

All kinds of people at all addresses stand in tests/web/access; here rights are lost, verbs are
told what they want, and who has no duty meets every page of one.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from correspondence.models.dispatch import Dispatch
from org.absences import announce, end_early
from registry.models.letters import Letter
from routing.models.notes import Note
from routing.models.opinions import Opinion
from tests.factories import address, department, person
from tests.web.desk.cases import Case
from tests.web.refusals import plain_refusals
from tests.web.undone import each
from web.desk.urls import urlpatterns

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]

# Without log-in or for everybody who is logged in.
OPEN = {"home", "healthz", "login", "logout"}
OPEN |= {"first_run", "first_run_step"}  # tests/web/desk/test_first_run.py
OPEN |= {"accept_invitation"}  # tests/web/desk/test_people.py
OPEN |= {"day"}  # tests/web/desk/test_my_day.py
OPEN |= {"stop_figures"}  # tests/web/desk/test_figures_by_mail.py
OPEN |= {"absences", "new_absence", "end_absence"}  # tests/web/desk/test_absences.py
OPEN |= {"help", "guide"}  # tests/web/desk/test_help.py
OPEN |= {"signature", "give_signature", "signature_picture"}  # tests/web/desk/test_circuits.py
OPEN |= {  # tests/web/desk/test_notifications.py
    "notifications", "notifications_read", "notification", "notification_preferences",
    "push_browser", "remove_push_browser", "push_worker", "live",
}  # fmt: skip
OPEN |= {  # tests/web/desk/test_field_work.py
    "work_orders", "new_work_order", "work_order", "move_work_order", "cancel_work_order",
    "work_order_file", "dangers", "danger", "see_danger",
    "field", "field_worker", "field_token", "field_sync", "field_order", "enter_field",
}  # fmt: skip
OPEN |= {  # tests/web/desk/test_readings.py
    "readings", "decide_readings", "new_reading", "reading_rounds", "reading_round",
    "reading_exports", "export_readings", "reading_export", "reading_page", "decide_reading",
    "reading_photo",
}  # fmt: skip
OPEN |= {  # tests/web/desk/test_contracts.py
    "contracts", "contract", "add_holder", "end_holder",
    "imports", "new_import", "import", "import_refused",
}  # fmt: skip
OPEN |= {  # tests/web/desk/test_bills.py
    "bills", "bill", "bill_pdf", "bill_xml", "statement", "statement_pdf", "statement_csv",
}  # fmt: skip
# Pages of a letter, by GET and by POST; for who may not read the letter there is none.
OF_A_LETTER = {
    "letter", "reading", "receipt", "original", "searchable", "picture", "reply_file",
    "read_page", "contact", "similar", "pieces_receipt", "slip",
    "draft", "draft_file", "new_reply", "mailing", "mailing_live",
    "reply_paper", "reply_paper_pages", "reply_paper_page",
    "note", "full_receipt", "hand_over", "handover_slip", "dispatch_proof",
    "quotation_file", "minutes_file",
}  # fmt: skip
VERBS_ON_A_LETTER = {
    "assign", "check", "on_assignment", "draft_reply", "on_reply", "ask_void", "decide_void",
    "correct_page", "link", "unlink", "link_contact", "on_clock", "add_pieces",
    "on_draft", "on_mailing",
    "split", "on_request", "write_message", "open_trade",
    "quote", "decide_quotation", "meet", "accept_works", "lift_reserve",
    "agency_charge", "agency_uncharge", "agency_meter", "agency_last_index", "agency_final_bill",
    "agency_look", "agency_plan", "agency_deliver",
    "stick", "ask_opinion", "on_opinion",
    "write_note", "delete_note",
    "reopen", "outcome", "issue_receipt", "on_dispatch", "on_hold",
}  # fmt: skip
# Pages of a duty: Chafik (member of SI) is refused; who may is tried in the tests of each page.
OF_THE_OFFICE = {
    "deposit", "registered", "receipt_state", "tray", "tray_live", "checks", "check_page",
}  # fmt: skip
OF_THE_OFFICE |= {"mailbox", "fetch_mailbox", "mail_file", "on_mail", "folder"}
OF_THE_OFFICE |= {
    "batches", "new_batch", "batch_sheets", "batch", "batch_page", "mend_batch", "register_batch",
}  # fmt: skip
OF_THE_OFFICE |= {"without_pieces"}
OF_THE_OFFICE |= {"all_of_tray"}
OF_THE_OFFICE |= {"bulk_tray", "hand_over_receipt", "sender_receipt"}
OF_THE_OFFICE |= {
    "outgoing", "posting_lists", "posting_list_file", "close_posting_list", "describe_line",
}  # fmt: skip
# Heads of departments too.
OF_FIGURE_READERS = {"figures", "figures_table", "order_figures", "on_figures_order"}
OF_ALL_READERS = {"ask_book", "voids", "book", "closings", "closing_page", "anomalies"}
OF_JOB_WATCHERS = {"office", "office_live", "retry"}
OF_JOB_WATCHERS |= {"mandates", "mandate_proof", "decide_mandate"}  # test_mandates.py
# The directory: its keepers (clerks, director, administrators); the list for auditors too.
OF_THE_DIRECTORY = {
    "contacts", "new_contact", "contact_doubles", "edit_contact", "add_contact_point",
    "on_contact_point", "merge_contact", "tell_apart", "undo_merge",
}  # fmt: skip
# Rules are administrators' to write, and to be seen by auditors and the director.
OF_RULE_READERS = {
    "rules", "rule", "rule_history", "rule_trial", "rule_trial_live", "calendar", "deadlines",
}  # fmt: skip
OF_RULE_READERS |= {"circuits"}
OF_RULE_READERS |= {"services", "service", "service_version", "service_file"}
OF_ADMINISTRATORS = {
    "circuit", "circuit_new",
    "rule_new", "rule_do", "rule_trial_keep", "calendar_edit", "deadline", "deadline_new",
    "partners", "new_partner_key", "revoke_partner_key", "partner_webhook",
    "partner", "on_partner_webhook", "send_message_again", "replace_partner_key",
    "reply_templates", "new_template", "on_template", "try_template", "template_file",
    "reply_template", "new_retention", "retention_text", "usual_retention",
    "processing", "new_processing", "processing_row", "usual_processing", "processing_paper",
    "data_officers",
}  # fmt: skip
OF_ADMINISTRATORS |= {
    "administration", "institution", "institution_logo",
    "people", "new_person", "person", "invite_person", "deactivate_person", "table", "table_file",
    "invitations",
    "departments", "new_department", "department", "close_department",
    "kinds", "kind", "new_kind", "registers", "register", "new_register",
    "number_formats", "number_format", "new_number_format",
    "health", "verify_now", "anchor_now", "anchor_again", "announcements", "withdraw_announcement",
    "directory", "give_department", "withdraw_version",
    "channels", "try_channel", "embedding",
}  # fmt: skip
OF_ADMINISTRATORS |= {
    "new_service", "simple_service", "edit_service", "whole_service", "publish_service",
    "withdraw_service",
}  # fmt: skip
OF_ADMINISTRATORS |= {"targets", "target", "new_target"}
OF_ADMINISTRATORS |= {"teams", "team", "new_team"}
OF_ADMINISTRATORS |= {"distribution_lists", "distribution_list", "new_distribution_list"}
OF_MODEL_WATCHERS = {"models", "retrain", "use_model", "proof"}
# Pages of any reader: Chafik opens them and finds nothing of others there.
OF_ANY_READER = {
    "signing_folder",
    "give_visas",
    "inbox",
    "drafts",
    "new_draft",
    "mailings",
    "new_mailing",
    "all_of_inbox",
    "bulk_orders",
    "custody",
    "reminders",
    "by_meaning",
    "search",
    "suggestions",
    "contact_suggestions",
    "saved",
    "saved_counts",
    "exports",
    "exports_live",
    "at_the_counter",
    "unacknowledged",
    "came_back",
    "requests",
    "backlog",
    "due_list",
    "refusals",
    "outcomes",
}
# Saved searches and exports of somebody else, by GET and by POST: there are none for others.
OF_A_PERSON = {"open_saved", "change_saved", "fetch_export", "delete_export", "mention_seen"}
OF_A_PERSON |= {"bulk_order", "bulk_order_live", "bulk_order_back"}
VERBS_OF_ANY_READER = {
    "save_search", "ask_export", "ask_list", "reminders_seen", "bulk_inbox", "move_paper",
}  # fmt: skip
# The customer-relations centre: its people, director and auditor; tests/web/desk/test_centre.py.
OF_THE_CENTRE = {
    *("centre", "centre_log", "centre_customer", "centre_services", "centre_request"),
    *("centre_callbacks", "on_callback", "centre_late", "centre_shift", "centre_note"),
    *("take_centre_note", "centre_figures", "centre_figures_table"),
}
# Banks: administrators, director, auditor, accounts and collection; tests/web/desk/test_banks.py.
OF_BANK_READERS = {
    *("banks", "bank", "bank_settlements", "bank_settlements_table"),
    *("bank_settlement", "bank_settlement_table"),
}
OF_ADMINISTRATORS |= {"new_bank", "on_bank"}
# Archives: archivists, the office, director, auditors; tests/web/desk/test_archives.py.
OF_THE_ARCHIVES = {
    *("disposals", "new_disposal", "disposal", "on_disposal", "disposal_certificate"),
    *("execute_disposal", "disposal_live", "leave_out", "holds", "retention"),
}
# Personal data: the office, director, auditors; tests/web/desk/test_personal_data.py.
OF_PERSONAL_DATA = {
    *("personal_data", "printouts", "rectifications", "data_subject", "print_data"),
    *("record_rectification", "rectification", "on_rectification"),
}
# Money: collection, finance, director, auditors; tests/web/desk/test_money.py, test_cashier.py.
OF_MONEY = {
    *("payments", "payment_figures", "payment", "payment_receipt", "ask_refund"),
    *("refunds", "refund_credit", "on_refund"),
    *("bank_lines", "import_bank_file", "on_bank_line", "on_returned"),
    *("debits", "new_debit_mandate", "end_debit_mandate", "new_debit_run", "debit_run"),
    *(
        "on_untaken",
        "unpaid_by_bank",
        "receive_bank_settlement",
        "debit_run_file",
        "debit_back",
        "payment_exports",
        "export_payments",
        "payment_export",
    ),
    *("cashier", "open_cashier_day", "take_money", "close_cashier_day"),
    *("cashier_days", "cashier_day", "cashier_day_page", "close_other_day"),
}
ALL = (
    OF_BANK_READERS | OF_MONEY | OF_PERSONAL_DATA | OF_THE_CENTRE | OF_THE_ARCHIVES
    | OPEN | OF_A_LETTER | VERBS_ON_A_LETTER | OF_THE_OFFICE | OF_ALL_READERS
    | OF_JOB_WATCHERS | OF_ANY_READER | OF_THE_DIRECTORY | OF_RULE_READERS | OF_ADMINISTRATORS
    | OF_MODEL_WATCHERS | OF_A_PERSON | VERBS_OF_ANY_READER | OF_FIGURE_READERS
)  # fmt: skip
POSTED = VERBS_ON_A_LETTER | {
    "centre_log", "on_callback", "take_centre_note",
    "order_figures", "on_figures_order",
    "retry", "add_contact_point", "on_contact_point", "tell_apart", "undo_merge",
    "anchor_now", "anchor_again",
    "rule_do", "rule_trial_keep", "retrain", "use_model", "calendar_edit",
    "save_search", "change_saved", "ask_export", "delete_export", "reminders_seen", "mention_seen",
    "new_partner_key", "revoke_partner_key", "partner_webhook",
    "on_partner_webhook", "send_message_again", "replace_partner_key",
    "bulk_tray", "bulk_inbox", "bulk_order_back", "move_paper", "hand_over_receipt",
    "close_posting_list", "describe_line",
    "ask_list", "ask_book", "fetch_mailbox", "on_mail", "mend_batch", "register_batch",
    "new_template", "on_template", "invite_person", "deactivate_person", "verify_now",
    "withdraw_announcement", "give_department", "withdraw_version",
    "try_channel", "publish_service", "withdraw_service",
    "decide_mandate", "on_bank",
    "on_refund", "on_bank_line", "on_returned", "end_debit_mandate", "debit_back",
    "export_payments", "on_untaken", "unpaid_by_bank", "receive_bank_settlement",
    "usual_retention", "on_disposal", "leave_out",
    "usual_processing", "data_officers", "print_data", "record_rectification", "on_rectification",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _refusals_are_plain() -> Iterator[None]:
    """The pages of a refusal are tried in tests/web/desk/test_refusals.py, not by each address."""
    with plain_refusals():
        yield


def _rows_of(name: str, case: Case) -> dict[str, Any]:
    """What an address names besides what the case has: real rows, so that 404 says "not yours"."""
    now, badr = timezone.now(), person("badr")
    if "note" in name:
        words = {"text": "Vu", "reach": "readers", "written_at": now}
        return {"note_id": Note.objects.create(letter=case.letter, author=badr, **words).pk}
    if name in {"mandate_proof", "decide_mandate"}:
        return {"mandate_id": uuid4()}
    if name == "on_opinion":
        told = {
            "state": "open",
            "question": "?",
            "round": uuid4(),
            "place": 1,
            "asked_at": now,
            "opened_at": now,
        }
        unit = department("JUR")
        row = Opinion.objects.create(letter=case.letter, department=unit, asked_by=badr, **told)
        return {"opinion_id": row.pk, "what": "withdraw"}
    if name in {"hand_over", "handover_slip", "dispatch_proof", "on_dispatch"}:
        made = {"reply": case.reply, "method": "handed_over", "asked_at": now}
        return {
            "dispatch_id": Dispatch.objects.create(letter=case.letter, **made).pk,
            "what": "take-back",
        }
    return {}


def _address(name: str, case: Case) -> str:
    pattern = next(p for p in urlpatterns if p.name == name)
    wanted = pattern.pattern.converters
    given = case.arguments() | _rows_of(name, case)
    return reverse(f"desk:{name}", kwargs={k: v for k, v in given.items() if k in wanted})


def test_the_rows_that_are_tried_are_there(case: Case, browser: Browser) -> None:
    client = browser("badr")

    def attempt(name: str) -> None:
        assert client.get(_address(name, case)).status_code == 200

    each(["note", "hand_over", "handover_slip"], attempt)


def _call(client: Client, name: str, case: Case) -> Any:
    address = _address(name, case)
    return client.post(address) if name in POSTED else client.get(address)


def test_every_address_of_the_desk_has_a_rights_test() -> None:
    names = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}

    assert names == ALL


def _refused(client: Client, case: Case, status: int) -> Callable[[str], None]:
    """Say that an address answers with this status, on the office as it stands."""

    def attempt(name: str) -> None:
        assert _call(client, name, case).status_code == status

    return attempt


def _not_there(client: Client, case: Case, *, told: bool = False) -> Callable[[str], None]:
    """Say that an address tells nothing of the letter and changes nothing.

    `told`: actions lead to the first page, which says that standing in is over.
    """
    before = Letter.objects.get(pk=case.letter.pk).version

    def attempt(name: str) -> None:
        answer = _call(client, name, case)
        assert answer.status_code == 404 or (told and answer.headers["Location"] == "/")
        assert case.letter.number not in answer.content.decode()
        assert Letter.objects.get(pk=case.letter.pk).version == before

    return attempt


def test_a_try_is_taken_back_and_every_failure_is_told(case: Case) -> None:
    def attempt(subject: str) -> None:
        assert case.letter.subject == Letter.objects.get(pk=case.letter.pk).subject
        Letter.objects.filter(pk=case.letter.pk).update(subject=subject)
        assert subject == "c"

    with pytest.raises(AssertionError, match=r"2 of 3 failed\na: [^\n]*[^$]*\nb: ") as told:
        each(["a", "b", "c"], attempt)
    assert "c: " not in str(told.value)
    with pytest.raises(AssertionError, match="nothing was tried"):
        each([], attempt)


def _too_confidential(case: Case) -> str:
    """Its department has the letter, and the person wrote its reply; but it is above them."""
    Letter.objects.filter(pk=case.letter.pk).update(confidentiality=1)
    return "badr"


def _was_addressed_to_them(case: Case) -> str:
    address(case.letter, "SI")
    case.letter.readers.filter(department__code="SI").update(active=False)
    return "chafik"


def _was_asked(case: Case) -> str:
    case.letter.readers.create(person=person("chafik"), active=False)
    return "chafik"


def _stood_in(case: Case) -> str:
    today, badr = timezone.localdate(), person("badr")
    away = announce(badr, delegate=person("chafik"), starts_on=today, ends_on=today, actor=badr)
    end_early(away, actor=badr)
    return "chafik"


def _has_left(case: Case) -> str:
    person("badr").memberships.update(department=department("SI"))
    return "badr"


@pytest.mark.parametrize(
    "loss", [_too_confidential, _was_addressed_to_them, _was_asked, _stood_in, _has_left]
)
def test_a_right_that_was_taken_is_gone_everywhere(
    loss: Callable[[Case], str], case: Case, browser: Browser
) -> None:
    who = loss(case)

    attempt = _not_there(browser(who), case, told=loss is _stood_in)
    each(sorted(OF_A_LETTER | VERBS_ON_A_LETTER), attempt)


def test_what_somebody_else_keeps_is_not_there(case: Case, browser: Browser) -> None:
    for who in ("chafik", "direction"):
        each(sorted(OF_A_PERSON), _refused(browser(who), case, 404))


OF_A_DUTY = (
    OF_THE_OFFICE | OF_ALL_READERS | OF_JOB_WATCHERS | OF_THE_DIRECTORY | OF_RULE_READERS
    | OF_ADMINISTRATORS | OF_MODEL_WATCHERS | OF_FIGURE_READERS | OF_THE_CENTRE | OF_BANK_READERS
    | OF_MONEY | OF_THE_ARCHIVES | OF_PERSONAL_DATA
)  # fmt: skip


def test_pages_of_a_duty_are_refused_to_chafik(case: Case, browser: Browser) -> None:
    each(sorted(OF_A_DUTY), _refused(browser("chafik"), case, 403))


def test_verbs_of_the_office_change_nothing_for_a_department(case: Case, browser: Browser) -> None:
    before = case.letter.version
    fields = {"department": "SI", "reason": "parce que", "confidentiality": "0"}
    client = browser("badr")

    def attempt(name: str) -> None:
        answer = client.post(_address(name, case), fields)
        assert answer.status_code == 303
        assert Letter.objects.get(pk=case.letter.pk).version == before

    each(["assign", "check", "ask_void", "decide_void", "link"], attempt)


def test_verbs_are_not_done_by_looking(case: Case, browser: Browser) -> None:
    admin, amina = browser("admin"), browser("amina")

    def attempt(name: str) -> None:
        client = admin if name in OF_ADMINISTRATORS else amina
        assert client.get(_address(name, case)).status_code == 405

    each(sorted(POSTED - {"retrain", "use_model"}), attempt)


def test_a_document_of_another_letter_is_not_given_under_this_one(
    case: Case, browser: Browser, amina: Any
) -> None:
    from tests.factories import deposit

    other = deposit(actor=amina, subject="Autre").letter
    address = reverse("desk:original", args=[other.pk, case.document.pk])

    assert browser("amina").get(address).status_code == 404


def test_only_administrators_say_what_the_machine_answers_by(case: Case, browser: Browser) -> None:
    for who in ("amina", "audit", "direction"):
        each(["retrain", "use_model"], _refused(browser(who), case, 403))
