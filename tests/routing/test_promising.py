"""The receipt with due date: issued by itself once, a supplement when the day moves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from org.models import User
from registry.files.vault import open_path
from registry.models.letters import Letter
from registry.models.receipts import Receipt
from registry.receipts import verify_token
from routing.acting.errors import NotAllowedError
from routing.check import decisions
from routing.clocks import due as clocks_due
from routing.clocks import pieces, promising, stopping
from routing.models.clocks import DeadlineRule
from tests.factories import deposit, drain, file, kind, pdf_bytes

pytestmark = pytest.mark.django_db
JOBS = ("letter.index", "receipt.full", "receipt.render")


@pytest.fixture
def rule(db: None) -> DeadlineRule:
    return DeadlineRule.objects.create(
        kind=kind("request"),
        days=30,
        unit="calendar",
        moves=False,
        silence="approval",
        extension_days=10,
        appeal_fr="Recours devant la commission.",
        appeal_ar="الطعن أمام اللجنة.",
    )


@pytest.fixture
def due(rule: DeadlineRule, amina: User) -> Letter:
    letter = deposit(actor=amina, kind=rule.kind).letter
    decisions.decide_suggestion(letter, actor=amina, values={"kind": "request"})
    clocks_due.recompute_due_dates(actor=None)
    letter.refresh_from_db()
    assert letter.due_on is not None
    return letter


def draw() -> None:
    for _ in range(4):
        drain(*JOBS)


def text_of(receipt: Receipt) -> str:
    import pypdfium2

    assert receipt.file is not None
    with open_path(receipt.file.sha256) as path, pypdfium2.PdfDocument(path) as paper:
        text = " ".join(page.get_textpage().get_text_bounded() for page in paper)
    return " ".join(text.split())


def test_it_is_issued_by_itself_once_and_says_what_is_promised(
    due: Letter, register_is_clean: Callable[[], None]
) -> None:
    draw()
    draw()
    receipt = due.receipts.get(kind="complete")
    assert receipt.words["due_on"] == str(due.due_on)
    words = text_of(receipt)
    assert due.due_on is not None
    for word in (due.number, due.due_on.strftime("%d/%m/%Y"), "Recours devant la commission."):
        assert word in words
    assert "approbation" in receipt.words["fr"]["silence"]
    assert receipt.words["ar"]["appeal"] == "الطعن أمام اللجنة."
    assert due.events.filter(kind="receipt_issued", visibility="citizen").count() == 1
    register_is_clean()


def test_without_words_of_the_rule_the_office_s_own_stand_there(
    due: Letter, rule: DeadlineRule
) -> None:
    rule.appeal_fr = rule.appeal_ar = ""
    rule.save()
    draw()
    words = due.receipts.get(kind="complete").words
    assert words["fr"]["appeal"]
    assert words["ar"]["appeal"]


def test_a_moved_day_leaves_the_first_promise_and_is_told_by_a_supplement(
    due: Letter, amina: User, register_is_clean: Callable[[], None]
) -> None:
    draw()
    first = due.receipts.get(kind="complete")
    with pytest.raises(NotAllowedError):
        promising.issue_supplement(due, actor=amina)
    stopping.extend_clock(due, actor=amina, reason="Dossier complexe")
    draw()
    assert due.receipts.filter(kind="complete").count() == 1
    promising.issue_supplement(due, actor=amina)
    draw()
    second = due.receipts.filter(kind="complete").latest("issued_at")
    first.refresh_from_db()
    assert first.words["due_on"] != second.words["due_on"]
    assert "complémentaire" in text_of(second)
    assert "complémentaire" not in text_of(first)
    told, newest = verify_token(first.token), verify_token(second.token)
    assert told is not None
    assert newest is not None
    assert (told.later, newest.later) == (True, False)
    register_is_clean()


def test_after_the_missing_pieces_the_new_day_is_promised_by_itself(
    due: Letter, amina: User
) -> None:
    draw()
    pieces.ask_for_pieces(due, actor=amina, pieces="Plan")
    draw()
    pieces.add_pieces(due, actor=None, files=[file("plan.pdf", pdf_bytes("Plan"))], received=[1])
    draw()
    assert due.receipts.filter(kind="complete").count() == 2


def test_of_others_no_receipt_is_issued(due: Letter, chafik: User, badr: User) -> None:
    for who in (chafik, badr):
        with pytest.raises(NotAllowedError):
            promising.issue_supplement(due, actor=who)


def test_a_letter_without_a_term_has_none(amina: User) -> None:
    letter = deposit(actor=amina).letter
    draw()
    assert not letter.receipts.filter(kind="complete").exists()
    assert timezone.now() - letter.registered_at < timedelta(minutes=5)
