"""The demo's signing folders: a circuit of visa and signature, and letters on their way through."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from correspondence.acting import rights
from correspondence.answers.addressees import AddresseeData
from correspondence.drafts import fresh
from correspondence.models.replies import Reply
from correspondence.models.steps import Act, Circuit, Who
from correspondence.replies import circuit, drafting
from correspondence.replies.editing import CircuitData, StepData, save_circuit
from org.models import Department, LetterKind, User
from registry.models.letters import Letter
from routing.inbox import assignments, reading

UNIT, KIND = "EAU", "enquiry"
_PEOPLE: Final = ("admin", "badr", "dounia")
NAMES: Final[dict[str, str]] = {
    "name_ar": "تأشيرة رئيس المصلحة ثم توقيع المدير",
    "name_fr": "Visa du chef, puis signature de la direction",
    "name_en": "Visa of the head, then signature of the director",
}
REPLY: Final = (
    "Water supplied to your site",
    "Dear Sir or Madam,\n\nWe thank you for your enquiry. In the last analyses of the water "
    "supplied to your site, hardness and residual chlorine were within the limits of the Moroccan "
    "standard. Our laboratory will gladly show you the results in detail.\n\nYours faithfully,",
)
NOTICE: Final = (
    "Coupure d’eau programmée",
    "Monsieur le Président,\n\nNous vous informons que la distribution d’eau sera suspendue "
    "dimanche de 8 h à 14 h pour le raccordement d’une nouvelle conduite.\n\nVeuillez agréer, "
    "Monsieur le Président, l’expression de notre considération distinguée.",
)
ADDRESSEE: Final = AddresseeData(
    name="Monsieur le Président",
    organisation="Commune d’El Jadida",
    address="Place Mohammed V, El Jadida",
)


def fill_folders(letters: Sequence[Letter], *, say: Callable[[str], None]) -> None:
    """Leave a reply waiting for the director's signature and a new letter for its approval.

    The reply has its visa already; the letter is the department's own. Harmless to repeat.
    """
    people = {user.username: user for user in User.objects.filter(username__in=_PEOPLE)}
    if len(people) < len(_PEOPLE):
        return
    _keep_circuit(actor=people["admin"])
    for letter in letters:
        letter.refresh_from_db()
        unit, kind = letter.department, letter.kind
        if unit and kind and (unit.code, kind.code) == (UNIT, KIND):
            _reply(letter, author=people["badr"], head=people["dounia"], say=say)
    _write_notice(people["badr"], say=say)


def _keep_circuit(*, actor: User) -> None:
    unit, kind = Department.objects.get(code=UNIT), LetterKind.objects.get(code=KIND)
    if Circuit.objects.filter(department=unit, kind=kind).exists():
        return
    steps = [StepData(1, Act.VISA, Who.HEAD), StepData(2, Act.SIGNATURE, Who.DIRECTOR)]
    data: dict[str, Any] = {**NAMES, "department": unit, "kind": kind, "steps": steps}
    save_circuit(CircuitData(**data), actor=actor)


def _reply(letter: Letter, *, author: User, head: User, say: Callable[[str], None]) -> None:
    if Reply.objects.filter(letter=letter).exists():
        return
    for row in reading.assignments_of(letter):
        if row.state == "open" and row.role == "action" and row.department.code == UNIT:
            assignments.accept(row, actor=author)
    if "draft_reply" not in rights.actions_for(author, letter):
        return
    subject, body = REPLY
    reply = drafting.draft_reply(letter, actor=author, subject=subject, body=body)
    circuit.submit_reply(reply, actor=author)
    circuit.approve_reply(reply, actor=head)
    say(f"{letter.number}  its reply has the visa of {head.username} and waits for a signature")


def _write_notice(author: User, *, say: Callable[[str], None]) -> None:
    subject, body = NOTICE
    unit = Department.objects.get(code=UNIT)
    if Reply.objects.filter(department=unit, subject=subject).exists():
        return
    draft = fresh.draft_letter(
        department=unit, actor=author, subject=subject, body=body, addressees=[ADDRESSEE]
    )
    circuit.submit_reply(draft, actor=author)
    say(f"{author.username} writes a letter of the department's own, which waits for approval")
