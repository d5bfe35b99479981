"""`python -m tests.journeys.check_letters deposit|told [NUMBER…]`: letters that wait for a check in
the environment's office, read and understood at once; and what became of them, as JSON."""

import json
import sys
from typing import Any

import django

KINDS = ("request", "complaint_technical", "complaint_commercial", "enquiry")
DEPARTMENTS = ("EAU", "ELEC", "COM", "REC")
COUNT = 22
PICTURED = {1, 2, 3, 13, 21, 22}  # the others are text, which costs no drawing


def first_page(n: int) -> tuple[str, ...]:
    """The lines of letter `n`."""
    return (
        "Expediteur : Syndic Amal",
        "Tel : 05 23 00 00 31",
        f"syndic{n}@example.ma",
        "El Jadida, le 12 janvier 2026",
        f"N/Ref : SY/{n}/2026",
        f"Objet : fuite d'eau devant le bloc {n}",
        "Monsieur,",
        "Une fuite coule depuis trois jours devant notre bloc.",
        "P.J. : facture ; photographie",
    )


def deposit_all() -> list[dict[str, str]]:
    """COUNT letters with a picture; nothing but the index is left for the office's worker."""
    from django.db import transaction

    from jobs.models import Job
    from registry.reading.readings import NewReading, record_readings
    from tests import factories
    from tests.registry.read_pages import page

    letters = []
    for n in range(1, COUNT + 1):
        with transaction.atomic():
            lines = first_page(n)
            text = "\n".join(lines)
            file = factories.pdf(text, pages=2) if n in PICTURED else factories.text_file(text)
            letter = factories.deposit(subject="", sender="", files=[file]).letter
            pages = [page(*lines) | {"number": 1}, page("Suite de la lettre") | {"number": 2}]
            text = "\f".join(str(one["text"]) for one in pages)
            new = NewReading(letter.documents.get().pk, "test 1", "fr", text, pages)
            record_readings(letter, [new])
            _understand(letter, n)
            ours = Job.objects.filter(subject=str(letter.pk), state="ready")
            ours.exclude(kind="letter.index").update(state="superseded")
        letters.append({"id": str(letter.pk), "number": letter.number})
    return letters


def _understand(letter: Any, n: int) -> None:
    from routing.proposals.suggesting import save_understanding
    from understanding.letters.read_pages import placed, read_pages, text_of_pages
    from understanding.letters.understanding import Suggested, Understanding, understand_text

    pages = read_pages(letter.pk)
    found = understand_text(text_of_pages(pages), language="fr", model=None)
    facts = [one for one in found.suggestions if one.field not in {"kind", "department"}]
    doubt = 0.4 if n == 15 else 0.93
    codes = [
        ("kind", KINDS[n % 4], 0.93), ("kind", KINDS[(n + 1) % 4], 0.3),
        ("department", DEPARTMENTS[n % 4], doubt), ("department", DEPARTMENTS[(n + 1) % 4], 0.3),
    ]  # fmt: skip
    rows = [Suggested(f, v, s, ("words:fuite",), "classifier", False) for f, v, s in codes]
    save_understanding(str(letter.pk), placed(Understanding((*rows, *facts), "test"), pages))


def told(numbers: list[str]) -> list[dict[str, Any]]:
    """What stands in the register of these letters, in their order."""
    from registry.models.letters import Letter
    from routing.models.assignments import Assignment
    from routing.models.suggestions import Suggestion

    rows = []
    for letter in Letter.objects.filter(number__in=numbers).order_by("registered_at"):
        given = Assignment.objects.filter(letter=letter).select_related("department")
        facts = Suggestion.objects.filter(letter=letter, current=True)
        rows.append(
            {
                "number": letter.number,
                "subject": letter.subject,
                "kind": letter.kind.code if letter.kind else "",
                "date": str(letter.document_date),
                "reference": letter.external_reference,
                "email": letter.sender.email if letter.sender else None,
                "sender": letter.sender.shown_name if letter.sender else "",
                "departments": [row.department.code for row in given],
                "decisions": {f"{x.field}={x.value}": x.decision for x in facts},
            }
        )
    return rows


if __name__ == "__main__":
    django.setup()
    print(json.dumps(deposit_all() if sys.argv[1] == "deposit" else told(sys.argv[2:])))
