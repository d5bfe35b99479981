"""The office whose rows a release leaves behind: every sealed table, and letters on their way."""

from typing import Any

from django.utils import timezone

from config.organisation import load_organisation
from correspondence.dispatch import sending
from correspondence.replies import circuit, drafting
from registry.models.letters import Letter
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.rules.defaults import load_defaults
from tests.correspondence import circuits
from tests.factories import close_so_far, department, deposit, drain, person, text_file
from tests.registry import scene

TEXT = "Monsieur le Directeur,\n\nUne fuite d'eau inonde la rue des Orangers.\n\nRachid Amrani"


def build() -> dict[str, Any]:
    """Make it, and return what a test must find in it again."""
    load_organisation()
    load_defaults()
    scene.build()
    answered = _answered()
    circuits.circuit()
    circuits.visaed(_accepted("Demande de raccordement"))
    _accepted("Coupure sans préavis")
    close_so_far(actor=person("amina"))
    waiting = deposit(actor=person("amina"), subject="Encore à traiter").letter
    drain("letter.read", "letter.understand")
    return {
        "made_at": timezone.now().isoformat(),
        "read": {answered.letter.number: "inonde la rue des Orangers"},
        "codes": {answered.letter.number: answered.tracking_code},
        "waiting": waiting.number,
        "numbers": sorted(Letter.objects.values_list("number", flat=True)),
    }


def _accepted(subject: str) -> Any:
    received = deposit(actor=person("amina"), subject=subject)
    given = giving.assign(received.letter, department=department("EAU"), actor=person("amina"))
    return assignments.accept(given, actor=person("badr"))


def _answered() -> Any:
    """A letter that was read and understood, assigned, answered, and the answer put up."""
    amina, badr, dounia = (person(name) for name in ("amina", "badr", "dounia"))
    received = deposit(actor=amina, subject="Fuite rue des Orangers", files=[text_file(TEXT)])
    drain()
    letter = Letter.objects.get(pk=received.letter.pk)
    given = Assignment.objects.filter(letter=letter, department=department("EAU")).first()
    given = given or giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.accept(given, actor=badr)
    reply = drafting.draft_reply(letter, actor=badr, subject="Votre fuite", body="Réparée.")
    circuit.submit_reply(reply, actor=badr)
    circuit.approve_reply(reply, actor=dounia)
    sending.send_reply(reply, actor=dounia, method="portal")
    drain()
    return received
