"""What people do with the sample letters: deposit them, accept a proposal, answer one."""

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from config.demo_agency import ask_agency
from config.demo_bank import add_bank
from config.demo_bills import add_bills
from config.demo_counter import add_counter
from config.demo_folder import fill_folders
from config.demo_readings import add_readings
from config.demo_requests import open_requests
from config.finishing import Progress, finish, suggested_value
from correspondence.dispatch import sending
from correspondence.replies import circuit, drafting
from jobs.models import Job
from org.models import Department, User
from registry.intake import IncomingFile, LetterData, Received, receive_letter
from registry.kinds import RegistryJob
from registry.models.letters import Letter, ReplyLink
from routing.assigning import giving
from routing.check import decisions
from routing.inbox import assignments, reading
from search.services import find_letters, wait_until_searchable

SAMPLES = settings.ROOT / "samples"
READ_SECONDS = 1200
REPLIES = {
    "ar": (
        "جواب على شكايتكم",
        "سلام تام بوجود مولانا الإمام،\n\nوبعد، جوابا على مراسلتكم المشار إليها أعلاه، نخبركم أن "
        "فرقة التدخل انتقلت إلى عين المكان وأنجزت الإصلاح اللازم.\n\nوتفضلوا بقبول فائق الاحترام.",
    ),
    "fr": (
        "Réponse à votre courrier",
        "Madame, Monsieur,\n\nEn réponse à votre courrier cité en référence, nous vous informons "
        "que notre équipe s’est rendue sur place et a effectué la réparation.\n\nVeuillez agréer, "
        "Madame, Monsieur, l’expression de nos salutations distinguées.",
    ),
}


@dataclass(frozen=True, slots=True)
class SampleLetter:
    """One bundled letter: its files and a word that search must find it by."""

    key: str
    files: tuple[Path, ...]
    find_word: str
    answered: bool


@dataclass(slots=True)
class Journey:
    """How far one sample has come."""

    sample: SampleLetter
    letter: Letter
    tracking_code: str
    found: bool
    reply_number: str
    parked: bool
    seconds: float

    @property
    def finished(self) -> bool:
        """Whether it was read, routed and found, and answered where the demo answers it."""
        routed = reading.assignments_of(self.letter).filter(role="action").exists()
        answered = bool(self.reply_number) or not self.sample.answered
        return routed and self.found and answered and not self.parked

    def as_json(self) -> dict[str, Any]:
        """Return the object that `demo --json` promises."""
        return {
            "file": self.sample.files[0].name,
            "number": self.letter.number,
            "tracking_code": self.tracking_code,
            "language": self.letter.language,
            "kind": self.letter.kind.code if self.letter.kind else "",
            "department": self.letter.department.code if self.letter.department else "",
            "stage": self.letter.stage,
            "found": self.found,
            "reply_number": self.reply_number,
            "seconds": round(self.seconds, 2),
        }


def load_samples() -> list[SampleLetter]:
    """Return the bundled letters, in the order of their manifest."""
    rows = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))
    return [
        SampleLetter(
            key=row["id"],
            files=tuple(SAMPLES / name for name in row["files"]),
            find_word=row["find_word"],
            answered=row["reply_shown"],
        )
        for row in rows
    ]


def deposit_key_of(sample: str) -> str:
    """Return the key under which a sample is registered, once."""
    return f"demo:{sample}"


def walk(samples: Sequence[SampleLetter], *, say: Callable[[str], None]) -> list[Journey]:
    """Take the samples from deposit to reply, and return how far each has come.

    All are deposited and read; then people route and answer them and put letters into signing
    folders, and each is searched for.
    """
    amina = User.objects.get(username="amina")
    received = [_deposit(sample, actor=amina, say=say) for sample in samples]
    letters = [each.letter for each in received]
    finish([x.pk for x in letters], seconds=READ_SECONDS, on_progress=_teller(letters, say))
    for sample, letter in zip(samples, letters, strict=True):
        _route(letter, actor=amina, say=say)
        if sample.answered:
            _answer(letter, say=say)
    fill_folders(letters, say=say)
    open_requests(say=say)
    add_bills()
    add_readings()
    add_counter()
    add_bank()
    ask_agency(say=say)
    finish([letter.pk for letter in letters], seconds=READ_SECONDS)
    wait_until_searchable()
    return [
        _journey(sample, each, viewer=amina) for sample, each in zip(samples, received, strict=True)
    ]


def _deposit(sample: SampleLetter, *, actor: User, say: Callable[[str], None]) -> Received:
    with ExitStack() as stack:
        files = [
            IncomingFile(path.name, stack.enter_context(path.open("rb"))) for path in sample.files
        ]
        mail = any(path.suffix in {".eml", ".msg"} for path in sample.files)
        data = LetterData(channel="email" if mail else "counter")
        received = receive_letter(
            data,
            actor=actor,
            files=files,
            deposit_key=deposit_key_of(sample.key),
            key_says_all=True,
        )
    word = "registered" if received.created else "known already"
    say(f"{received.letter.number}  {word}: {sample.files[0].name}")
    return received


def _teller(
    letters: Sequence[Letter], say: Callable[[str], None]
) -> Callable[[list[Progress]], None]:
    """Return a function that reports each page read, once."""
    numbers = {letter.pk: letter.number for letter in letters}
    told: dict[Any, int] = {}

    def tell(progress: list[Progress]) -> None:
        for step in progress:
            if step.done and step.done != told.get(step.letter_id):
                told[step.letter_id] = step.done
                say(f"{numbers[step.letter_id]}  page {step.done} of {step.total} read")

    return tell


def _route(letter: Letter, *, actor: User, say: Callable[[str], None]) -> None:
    """Confirm the kind and the department that were suggested, as the clerk."""
    letter.refresh_from_db()
    code = suggested_value(letter, "department")
    kind = suggested_value(letter, "kind")
    if kind and letter.kind_id is None:
        decisions.decide_suggestion(letter, actor=actor, values={"kind": kind})
    if code and reading.tray(actor).filter(pk=letter.pk).exists():
        department = Department.objects.get(code=code)
        giving.assign(letter, department=department, actor=actor)
        say(f"{letter.number}  {actor.username} accepts the proposal: {code}")


def _answer(letter: Letter, *, say: Callable[[str], None]) -> None:
    """Draft a reply as a member; approve and send it to the citizen's page as the head."""
    if ReplyLink.objects.filter(incoming=letter).exists():
        return
    letter.refresh_from_db()
    department = letter.department
    if department is None:
        return
    head = User.objects.filter(memberships__department=department, memberships__role="head").first()
    member = User.objects.filter(
        memberships__department=department, memberships__role="member"
    ).first()
    if head is None or member is None:
        say(f"{letter.number}  {department.code} has nobody in the demo who could answer")
        return
    for assignment in reading.assignments_of(letter):
        if assignment.state == "open" and assignment.role == "action":
            assignments.accept(assignment, actor=member)
    subject, body = REPLIES.get(letter.language, REPLIES["fr"])
    reply = drafting.draft_reply(letter, actor=member, subject=subject, body=body)
    circuit.submit_reply(reply, actor=member)
    circuit.approve_reply(reply, actor=head)
    outgoing = sending.send_reply(reply, actor=head, method="portal")
    say(f"{letter.number}  answered by {outgoing.number}")


def _journey(sample: SampleLetter, received: Received, *, viewer: User) -> Journey:
    letter = Letter.objects.select_related("kind", "department").get(pk=received.letter.pk)
    hits = find_letters(viewer=viewer, words=sample.find_word, limit=100).hits
    link = ReplyLink.objects.filter(incoming=letter).select_related("outgoing").first()
    subject = str(letter.pk)
    read = Job.objects.filter(kind=RegistryJob.LETTER_READ, subject=subject, state="done").first()
    ended = read.finished_at if read else None
    seconds = (ended - letter.registered_at).total_seconds() if ended else 0.0
    return Journey(
        sample=sample,
        letter=letter,
        tracking_code=received.tracking_code,
        found=any(hit.letter.pk == letter.pk for hit in hits),
        reply_number=link.outgoing.number if link else "",
        parked=Job.objects.filter(subject=subject, state="parked").exists(),
        seconds=seconds,
    )
