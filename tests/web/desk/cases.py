"""A letter that lies with EAU, with everything that the desk's pages show of one."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from correspondence.models.drafts import Mailing
from correspondence.models.replies import Reply
from correspondence.replies import drafting
from org.models import User
from registry.book.voiding import ask_to_void
from registry.contacts.links import link_sender
from registry.contacts.merging import merge_contacts
from registry.models.contacts import Contact, ContactMerge
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.models.voiding import VoidRequest
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.together import BulkOrder
from routing.together.ordering import order_many
from search.address.request import SearchRequest
from search.exports.models import Export
from search.saved.models import SavedSearch
from search.saved.searches import save_search
from tests.factories import department, deposit, text_file
from tests.registry.contacts import contact


@dataclass(frozen=True)
class Case:
    """A letter of EAU with everything that pages show."""

    letter: Letter
    document: Document
    assignment: Assignment
    reply: Reply
    void: VoidRequest
    contact: Contact
    other: Contact
    merge: ContactMerge
    search: SavedSearch
    export: Export
    mailing: Mailing
    bulk: BulkOrder

    def arguments(self) -> dict[str, Any]:
        """Values for every argument that an address of the desk may have."""
        return {
            "absence_id": 1,
            "person_id": 1,
            "code": "complaint_water",
            "version": 1,
            "section": "texts",
            "announcement_id": 1,
            "anchor_id": 1,
            "group_id": 1,
            "department_id": 1,
            "kind_id": 1,
            "target_id": 1,
            "team_id": 1,
            "order_id": 1,
            "token": "x",
            "register_id": 1,
            "name": "people",
            "opinion_id": self.letter.pk,
            "list_id": 1,
            "entry_id": 1,
            "note_id": self.letter.pk,
            "mention_id": self.letter.pk,
            "letter_id": self.letter.pk,
            "document_id": self.document.pk,
            "assignment_id": self.assignment.pk,
            "reply_id": self.reply.pk,
            "void_id": self.void.pk,
            "contact_id": self.contact.pk,
            "other_id": self.other.pk,
            "point_id": self.contact.points.get().pk,
            "merge_id": self.merge.pk,
            "job_id": 1,
            "mail_id": 1,
            "key_id": 1,
            "partner_id": 1,
            "delivery_id": 1,
            "batch_id": self.letter.pk,
            "circuit_id": 1,
            "closing_id": 1,
            "rule_id": 1,
            "trial_id": self.letter.pk,
            "what": "accept",
            "kind": "outgoing",
            "mailing_id": self.mailing.pk,
            "template_id": 1,
            "text_id": 1,
            "row_id": 1,
            "rectification_id": 1,
            "format_id": 1,
            "version_id": 1,
            "link_id": self.letter.pk,
            "search_id": self.search.pk,
            "export_id": self.export.pk,
            "handed_id": 1,
            "dispatch_id": self.letter.pk,
            "line_id": 1,
            "callback_id": 1,
            "bill_id": 1,
            "bank_id": 1,
            "on_day": "2026-11-27",
            "act": "stop",
            "payment_id": self.letter.pk,
            "refund_id": self.letter.pk,
            "mandate_id": 1,
            "day_id": 1,
            "debit_run_id": 1,
            "shift_note_id": 1,
            "reading_id": self.letter.pk,
            "round_id": 1,
            "bulk_id": self.bulk.pk,
            "number": "1000001",
            "contract_key": "1000001",
            "holder_id": 1,
            "run_id": self.letter.pk,
            "pk": str(self.letter.pk),
        }


def letter_of_eau(*, amina: User, badr: User) -> Case:
    """Registered by Amina, accepted by Badr, with a draft and a request to void it."""
    letter = deposit(
        actor=amina, subject="Fuite rue des Amandiers", files=[text_file("Une fuite d'eau.")]
    ).letter
    assignment = giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.accept(assignment, actor=badr)
    reply = drafting.draft_reply(letter, actor=badr, subject="Réponse", body="Nous venons.")
    void = ask_to_void(letter, actor=amina, reason="Saisi deux fois")
    row = contact("Client d'essai", phone="0612345678")
    link_sender(letter, contact=row, actor=amina)
    merge = merge_contacts(winner=row, loser=contact("Client dessai"), actor=amina)
    letter.refresh_from_db()
    document, other = letter.documents.get(), contact("Karim Tahiri")
    search = save_search(person=amina, name="Fuites", asked=SearchRequest(words="fuite"))
    export = Export.objects.create(person=amina, address="q=fuite", format="csv", language="fr")
    mailing = Mailing.objects.create(
        letter=letter,
        department=assignment.department,
        author=badr,
        subject=letter.subject,
        body="Bonjour",
        made_at=timezone.now(),
    )
    bulk = order_many(
        [(letter.pk, None)], actor=amina, deed="assign", department=assignment.department
    )
    of_people = (search, export, mailing, bulk)
    return Case(letter, document, assignment, reply, void, row, other, merge, *of_people)
