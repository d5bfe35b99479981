"""Every page that a person opens, and who opens it: for the screenshots and the tests of pages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tests.journeys.office import Office
from tests.journeys.visitor import Visitor

CITIZEN: Final = ""
SPACE: Final = "citizen-in-space"  # a citizen who has signed in
LETTER: Final = r"/letters/[0-9a-f-]{36}/"


@dataclass(frozen=True, slots=True)
class Page:
    """A page by the name of its address.

    It opens at `path`, or behind it: `follow` are patterns of the links that lead on, one after
    the other (the first link on each page whose whole path matches).
    """

    name: str
    who: str
    path: str
    follow: tuple[str, ...] = ()


def _lists(who: str, *names: str) -> Iterator[Page]:
    """Pages whose address is `/NAME/`."""
    for name in names:
        path, _, called = name.partition("=")
        yield Page(f"desk:{called or path.strip('/').replace('/', '_')}", who, f"/{path}/")


PORTAL: Final = (
    Page("portal:home", CITIZEN, "/portal/"),
    Page("portal:services", CITIZEN, "/services/?need=water"),
    Page("portal:service", CITIZEN, "/services/complaint_electricity/"),
    Page("portal:service_widget", CITIZEN, "/services/widget/"),
    Page("portal:pay", CITIZEN, "/pay/"),
    Page("portal:pay_find", CITIZEN, "/pay/find/"),
    Page("portal:deposit", CITIZEN, "/portal/deposit/"),
    Page("portal:reading_send", CITIZEN, "/readings/send/"),
    Page("portal:follow", CITIZEN, "/follow/"),
    Page("portal:letter", CITIZEN, "/follow/letter/"),
    Page("portal:reply", CITIZEN, "/follow/letter/", (r"/follow/reply/[0-9a-f-]{36}/",)),
    Page("portal:lost_code", CITIZEN, "/follow/lost-code/"),
    Page("portal:duplicate", CITIZEN, "/bills/duplicate/"),
    Page("portal:verify_ask", CITIZEN, "/verify/"),
    Page("portal:privacy", CITIZEN, "/portal/privacy/"),
    Page("portal:legal", CITIZEN, "/portal/legal/"),
    Page("portal:accessibility", CITIZEN, "/portal/accessibility/"),
    Page("account_login", CITIZEN, "/login/"),
    Page("account_reset_password", CITIZEN, "/password/forgotten/"),
)
READINGS: Final = (
    *_lists("direction", "readings", "readings/new=new_reading"),
    *_lists("direction", "readings/rounds=reading_rounds"),
    *_lists("direction", "readings/handing-over=reading_exports"),
)
CLERK: Final = (
    *_lists("amina", "deposit", "tray", "batches", "check=checks", "custody", "contacts"),
    *_lists("amina", "contacts/new=new_contact", "contacts/doubles=contact_doubles", "search"),
    *_lists("amina", "search/saved=saved", "search/exports=exports", "search/meaning=by_meaning"),
    *_lists("amina", "register=book", "register/closings=closings", "outgoing", "mailbox"),
    *_lists("amina", "tray/all=all_of_tray"),
    *_lists("amina", "outgoing/lists=posting_lists", "outgoing/counter=at_the_counter"),
    *_lists("amina", "outgoing/waiting=unacknowledged", "outgoing/back=came_back"),
    *_lists("amina", "mailbox/folder=folder", "register/anomalies=anomalies", "void=voids"),
    *_lists("amina", "bills", "bills/statement=statement"),
    Page("desk:bill", "amina", "/bills/", (r"/bills/\d+/",)),
    Page("desk:day", "amina", "/day/"),
    Page("desk:without_pieces", "amina", "/day/without-pieces/"),
    Page("desk:batch", "amina", "/batches/", (r"/batches/[0-9a-f-]{36}/",)),
    Page("desk:check_page", "amina", "/check/", (r"/check/[0-9a-f-]{36}/",)),
    Page("desk:contact", "amina", "/contacts/", (r"/contacts/\d+/",)),
    Page("desk:edit_contact", "amina", "/contacts/", (r"/contacts/\d+/", r"/contacts/\d+/edit/")),
    Page("desk:merge", "amina", "/contacts/doubles/", (r"/contacts/\d+/merge/\d+/",)),
    Page("desk:open_saved", "amina", "/search/saved/", (r"/search/saved/[0-9a-f-]{36}/",)),
)
AGENT: Final = (
    *_lists("badr", "inbox", "drafts", "mailings", "mailings/new=new_mailing", "reminders"),
    *_lists("badr", "inbox/all=all_of_inbox", "together=bulk_orders"),
    *_lists("badr", "absences", "lists=backlog", "lists/due=due_list", "lists/refusals=refusals"),
    *_lists("badr", "lists/outcomes=outcomes", "drafts/new/outgoing=new_draft"),
    *_lists("badr", "notifications", "notifications/preferences=notification_preferences", "help"),
    Page("desk:guide", "badr", "/help/member/"),
    Page("desk:letter", "badr", "/inbox/", (LETTER,)),
    Page("desk:new_reply", "badr", "/inbox/", (LETTER, rf"{LETTER}reply/")),
    Page("desk:draft", "badr", "/drafts/", (r"/drafts/[0-9a-f-]{36}/",)),
    Page("desk:mailing", "badr", "/mailings/", (r"/mailings/[0-9a-f-]{36}/",)),
    Page(
        "desk:read_page",
        "amina",
        "/search/?q=Orangers",
        (LETTER, rf"{LETTER}documents/[0-9a-f-]{{36}}/pages/\d+/"),
    ),
)
HEADS: Final = (
    *_lists("dounia", "signing-folder=signing_folder"),
    Page("desk:give_visas", "dounia", "/signing-folder/visas/"),
    *_lists("direction", "figures", "signature"),
    Page("desk:answered", "direction", "/search/?q=Orangers", (LETTER,)),
)
ADMINISTRATION: Final = (
    *_lists("admin", "administration", "office", "rules", "rules/new=rule_new", "circuits"),
    *_lists("admin", "circuits/new=circuit_new", "deadlines", "deadlines/new=deadline_new"),
    *_lists("admin", "calendar", "templates=reply_templates"),
    *_lists("admin", "distribution=distribution_lists", "models", "partners", "security"),
    *_lists("admin", "distribution/new=new_distribution_list"),
    *(
        Page(f"desk:{called}", "admin", f"/administration/{path}/")
        for path, called in (
            ("institution", "institution"),
            ("people", "people"),
            ("people/new", "new_person"),
            ("people/invitations", "invitations"),
            ("departments", "departments"),
            ("departments/new", "new_department"),
            ("kinds", "kinds"),
            ("kinds/new", "new_kind"),
            ("registers", "registers"),
            ("registers/new", "new_register"),
            ("number_formats", "number_formats"),
            ("number_formats/new", "new_number_format"),
            ("announcements", "announcements"),
            ("embedding", "embedding"),
            ("health", "health"),
            ("proof", "proof"),
            ("channels", "channels"),
            ("directory", "directory"),
            ("targets", "targets"),
            ("targets/new", "new_target"),
            ("retention", "retention"),
            ("retention/new", "new_retention"),
            ("processing", "processing"),
            ("processing/new", "new_processing"),
            ("tables/people", "table"),
        )
    ),
    Page("desk:rule", "admin", "/rules/", (r"/rules/\d+/",)),
    Page("desk:rule_history", "admin", "/rules/", (r"/rules/\d+/", r"/rules/\d+/history/")),
    Page("desk:circuit", "admin", "/circuits/", (r"/circuits/\d+/",)),
    Page("desk:deadline", "admin", "/deadlines/", (r"/deadlines/\d+/",)),
    Page("desk:person", "admin", "/administration/people/", (r"/administration/people/\d+/",)),
    Page(
        "desk:department",
        "admin",
        "/administration/departments/",
        (r"/administration/departments/\d+/",),
    ),
    Page("desk:kind", "admin", "/administration/kinds/", (r"/administration/kinds/\d+/",)),
    Page(
        "desk:register", "admin", "/administration/registers/", (r"/administration/registers/\d+/",)
    ),
)
ACCOUNT: Final = (
    Page("account", "badr", "/account/"),
    Page("account_change_password", "badr", "/account/password/"),
    Page("usersessions_list", "badr", "/account/sessions/"),
    Page("mfa_index", "badr", "/account/second-step/"),
    Page("mfa_activate_totp", "badr", "/account/second-step/app/"),
    Page("mfa_add_webauthn", "badr", "/account/second-step/passkeys/new/"),
    Page("tokens", "badr", "/account/tokens/"),
)
CENTRE: Final = (
    *_lists("direction", "centre", "centre/callbacks=centre_callbacks", "centre/late=centre_late"),
    *_lists("direction", "centre/shift=centre_shift", "centre/figures=centre_figures"),
)
SERVICES: Final = (
    Page("portal:services", CITIZEN, "/services/?need=water"),
    Page("portal:service", CITIZEN, "/services/complaint_water/"),
    Page("portal:service_page", CITIZEN, "/services/complaint_water/start/"),
    Page("portal:space_sign_in", CITIZEN, "/my/sign-in/"),
    Page("portal:resume", CITIZEN, "/draft/"),
    *_lists("amina", "requests", "work-orders=work_orders", "work-orders/new=new_work_order"),
    *_lists("amina", "danger=dangers", "mandates", "contracts"),
    Page("desk:contract", "amina", "/contracts/", (r"/contracts/1000201/",)),
    *_lists("admin", "imports"),
    Page("desk:on_request", "amina", "/requests/", (LETTER,)),
    *_lists("badr", "field"),
    Page("desk:field_order", "badr", "/field/", (r"/field/[0-9a-f-]{36}/",)),
    Page("desk:work_order", "badr", "/work-orders/", (r"/work-orders/[0-9a-f-]{36}/",)),
    *_lists("admin", "administration/services=services", "administration/teams=teams"),
    *_lists("admin", "administration/services/new=new_service"),
    *_lists("admin", "administration/services/new/simple=simple_service"),
    *_lists("admin", "banks", "banks/new=new_bank", "banks/settlements=bank_settlements"),
    *_lists("admin", "administration/teams/new=new_team"),
    Page(
        "desk:service",
        "admin",
        "/administration/services/",
        (r"/administration/services/(?!new)[a-z_]+/",),
    ),
)
MONEY: Final = (
    *_lists("rachid", "cashier", "cashier/days=cashier_days"),
    *_lists("samira", "payments", "payments/figures=payment_figures", "payments/refunds=refunds"),
    *_lists("samira", "payments/refunds/credit=refund_credit", "payments/bank=bank_lines"),
    *_lists("direction", "personal-data=personal_data", "personal-data/print-outs=printouts"),
    *_lists("direction", "personal-data/rectifications=rectifications"),
    *_lists("archives", "archives=disposals", "archives/new=new_disposal", "archives/holds=holds"),
    *_lists("samira", "payments/debits=debits", "payments/exports=payment_exports"),
)
MY: Final = (
    Page("portal:space", SPACE, "/my/"),
    Page("portal:contracts", SPACE, "/my/contracts/"),
    Page("portal:contract", SPACE, "/my/contracts/", (r"/my/contracts/3100201/",)),
    Page("portal:prove_contract", SPACE, "/my/contracts/prove/"),
    Page("portal:my_bills", SPACE, "/my/bills/"),
    Page("portal:my_bill", SPACE, "/my/bills/", (r"/my/bills/\d+/",)),
    Page("portal:my_statement", SPACE, "/my/statement/"),
    Page("portal:space_payments", SPACE, "/my/payments/"),
    Page("portal:space_readings", SPACE, "/my/readings/"),
    Page("portal:space_reading", SPACE, "/my/readings/", (r"/my/readings/\d+/",)),
    Page("portal:space_sessions", SPACE, "/my/sessions/"),
    Page("portal:space_confirm", SPACE, "/my/confirm/"),
    Page("portal:pay_mine", SPACE, "/pay/"),
)
PAGES: Final = (
    *(*PORTAL, *MY, *CLERK, *AGENT, *HEADS, *ADMINISTRATION, *ACCOUNT),
    *(*CENTRE, *MONEY, *SERVICES, *READINGS),
)


class Reader:
    """A visitor who opens pages of the table, as one person and in one language."""

    def __init__(
        self, chromium: Any, office: Office, *, who: str, language: str, size: dict[str, int]
    ) -> None:
        self.visitor = Visitor(chromium, office, size=size)
        if who and who != SPACE:
            self.visitor.log_in(who)
        else:
            self.visitor.open("/portal/")
        self.visitor.speak(language)

    def follow_letter(self, told: dict[str, str]) -> None:
        """Open the letter as the citizen who has its number and code."""
        self.visitor.open("/follow/")
        self.visitor.page.fill("#id_number", told["number"])
        self.visitor.page.fill("#id_code", told["code"])
        self.visitor.page.press("#id_code", "Enter")
        self.visitor.page.wait_for_url(re.compile("/follow/letter/"))

    def enter_space(self, told: dict[str, str]) -> None:
        """Go on in the session of the citizen who has signed in."""
        url = self.visitor.office.url
        cookie = {"name": "sessionid", "value": told["session"], "url": url}
        self.visitor.context.add_cookies([cookie])

    def open(self, page: Page) -> None:
        """Open the page; AssertionError where a link on the way is not there."""
        self.visitor.open(page.path)
        for pattern in page.follow:
            self.visitor.open(self._link(pattern, page))

    def _link(self, pattern: str, page: Page) -> str:
        links: list[str] = self.visitor.page.evaluate(
            "[...document.querySelectorAll('main a[href]')].map(a => a.pathname)"
        )
        found = next((link for link in links if re.fullmatch(pattern, link)), "")
        assert found, f"{page.name}: no link {pattern} on {self.visitor.page.url}"
        return found
