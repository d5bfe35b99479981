"""A letter that lies with EAU, with everything that the desk's pages show of one."""

from dataclasses import dataclass
from typing import Any

from org.models import User
from registry.models import Document, Letter, VoidRequest
from registry.voiding import ask_to_void
from routing import services as routing
from routing.models import Assignment, Reply
from tests.factories import department, deposit, text_file


@dataclass(frozen=True)
class Case:
    """A letter of EAU with everything that pages show."""

    letter: Letter
    document: Document
    assignment: Assignment
    reply: Reply
    void: VoidRequest

    def arguments(self) -> dict[str, Any]:
        """Values for every argument that an address of the desk may have."""
        return {
            "letter_id": self.letter.pk,
            "document_id": self.document.pk,
            "assignment_id": self.assignment.pk,
            "reply_id": self.reply.pk,
            "void_id": self.void.pk,
            "number": 1,
            "job_id": 1,
            "closing_id": 1,
            "what": "accept",
            "link_id": self.letter.pk,
        }


def letter_of_eau(*, amina: User, badr: User) -> Case:
    """Registered by Amina, accepted by Badr, with a draft and a request to void it."""
    letter = deposit(
        actor=amina, subject="Fuite rue des Amandiers", files=[text_file("Une fuite d'eau.")]
    ).letter
    assignment = routing.assign(letter, department=department("EAU"), actor=amina)
    routing.accept(assignment, actor=badr)
    reply = routing.draft_reply(letter, actor=badr, subject="Réponse", body="Nous venons.")
    void = ask_to_void(letter, actor=amina, reason="Saisi deux fois")
    letter.refresh_from_db()
    return Case(letter, letter.documents.get(), assignment, reply, void)
