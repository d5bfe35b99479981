"""The daily closing seals what was done and writes the day's page of the book."""

import io
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from org.errors import BadOrganisationError
from org.models import User
from registry.book.beginning import begin_with
from registry.book.closing import DayNotOverError, close_day
from registry.book.voiding import approve_void, ask_to_void
from registry.changes import record_change
from registry.files.vault import open_path
from registry.kinds import RegistryEvent
from registry.models.closings import DailyClosing
from registry.models.letters import Letter
from registry.models.registers import NumberSeries, Register
from registry.proof.exporting import export_proof
from registry.verification import verify_register
from tests.factories import close_so_far, deposit
from tests.registry.papers import make_key, text_of_pdf
from tools.verify_independently import verify

pytestmark = pytest.mark.django_db


def closings(code: str = "IN") -> list[DailyClosing]:
    return list(DailyClosing.objects.filter(series__register__code=code).order_by("sequence"))


def test_a_closing_follows_on_the_one_before() -> None:
    deposit()
    deposit()
    close_so_far()
    deposit()
    close_so_far()
    first, second = closings()
    assert (first.first, first.last, second.first, second.last) == (1, 2, 3, 3)
    assert second.previous_hash == first.hash
    assert second.chain_head == second.series.chain_head
    assert list(verify_register()) == []


def missing_numbers(folder: Path) -> list[str]:
    """What the verifier that shares nothing with the house says of missing numbers."""
    found: list[str] = []
    folder.mkdir()
    export_proof(folder)
    verify(folder, [], [], "", found.append)
    return [line for line in found if "series" in line]


def test_a_year_that_goes_on_from_paper_is_closed_and_verified_from_its_first_number(
    admin: User, tmp_path: Path
) -> None:
    register = Register.objects.get(code="IN")
    begin_with(register, 4472, actor=admin)
    close_so_far()
    assert not closings()
    deposit()
    deposit()
    close_so_far()

    (first,) = closings()
    assert (first.first, first.last) == (4472, 4473)
    assert not list(verify_register(files=False))
    assert not missing_numbers(tmp_path / "whole")
    with pytest.raises(BadOrganisationError):
        begin_with(register, 4470, actor=admin)
    for forged in (4470, 4473):
        NumberSeries.objects.filter(register=register).update(first=forged)
        assert "gap" in {problem.code for problem in verify_register(files=False)}
        assert missing_numbers(tmp_path / str(forged))


def test_what_came_after_midnight_is_of_the_next_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The night's job closes the day before, a few minutes after it was over."""
    day, morrow = date(2026, 6, 10), date(2026, 6, 11)

    def it_is(day: date, hour: int, minute: int) -> None:
        moment = timezone.make_aware(datetime.combine(day, time(hour, minute)))
        monkeypatch.setattr(timezone, "now", lambda: moment)

    it_is(day, 23, 50)
    old, moved = deposit().letter, deposit().letter
    it_is(morrow, 0, 3)
    new = deposit().letter
    with transaction.atomic():
        record_change(moved, RegistryEvent.CORRECTED, actor=None, changes={"subject": "Autre"})
    it_is(morrow, 0, 5)
    close_day(day=day)
    close_day(day=day)
    (first,) = closings()
    it_is(morrow + timedelta(days=1), 0, 5)
    close_day(day=morrow)
    second = closings()[1]
    assert (first.first, first.last, second.first, second.last) == (1, 2, 3, 3)
    assert {tuple(head[:2]) for head in first.heads} == {(str(old.pk), 1), (str(moved.pk), 1)}
    assert {tuple(head[:2]) for head in second.heads} == {(str(new.pk), 1), (str(moved.pk), 2)}
    assert first.chain_head != second.chain_head == second.series.chain_head
    assert list(verify_register()) == []


@pytest.mark.parametrize("days", [0, 1, 26_000])
def test_a_day_that_has_not_ended_is_not_closed(days: int) -> None:
    deposit()
    with pytest.raises(DayNotOverError, match="n’est pas encore"):
        close_day(day=timezone.localdate() + timedelta(days=days))
    assert closings() == []


def test_the_last_day_that_ended_is_closed_where_none_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deposit()
    morrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: morrow)
    close_day()
    assert [closing.day for closing in closings()] == [timezone.localdate() - timedelta(days=1)]


def test_a_day_ends_by_the_office_s_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """At half past eleven in the evening UTC, the next day has begun in Casablanca."""
    moment = datetime(2026, 6, 10, 23, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    with timezone.override("America/New_York"):  # a viewer's zone changes nothing
        close_day(day=date(2026, 6, 10))
        with pytest.raises(DayNotOverError):
            close_day(day=date(2026, 6, 11))


def test_a_day_without_anything_new_is_not_closed_twice() -> None:
    deposit()
    close_so_far()
    close_so_far()
    assert len(closings()) == 1


def test_a_change_to_an_old_letter_is_sealed_by_the_next_closing() -> None:
    letter = deposit().letter
    close_so_far()
    with transaction.atomic():
        record_change(letter, RegistryEvent.CORRECTED, actor=None, changes={"subject": "Autre"})
    close_so_far()
    closing = closings()[1]
    assert closing.heads == [[str(letter.pk), 2, letter.chain_head]]
    assert (closing.first, closing.last) == (2, 1)
    assert list(verify_register()) == []


def test_each_register_is_closed_for_itself_and_minutes_are_not(
    amina: User, direction: User
) -> None:
    letter = deposit().letter
    deposit(register="OUT")
    approve_void(ask_to_void(letter, actor=amina, reason="double"), actor=direction)
    close_so_far()
    assert (len(closings("IN")), len(closings("OUT")), len(closings("PV"))) == (1, 1, 0)


def test_the_page_holds_every_entry_in_both_languages(amina: User, direction: User) -> None:
    subjects = ["شكاية بخصوص تسرب الماء", "Fuite d'eau rue des Orangers", "Doublon"]
    letters = [deposit(subject=subject).letter for subject in subjects]
    approve_void(ask_to_void(letters[2], actor=amina, reason="double"), actor=direction)
    close_so_far()
    page = closings()[0].page
    assert page is not None
    said = text_of_pdf(page, "-layout")
    for letter in letters:
        assert letter.number in said
    assert subjects[1] in " ".join(said.split())
    for word in ("شكاية", "تسرب", "سجل"):
        assert word in said
    assert closings()[0].hash[:16] in "".join(said.split())


def test_a_voided_entry_is_struck_through(amina: User, direction: User) -> None:
    """Seen on the page itself: a line of ink crosses the middle of the entry's words."""
    from registry.book.closing import draw_page

    letter = deposit(subject="Doublon").letter
    close_so_far()
    plain = closings()[0].page
    approve_void(ask_to_void(letter, actor=amina, reason="double"), actor=direction)
    voided = draw_page(closings()[0])
    assert plain is not None
    assert rules_of(voided, letter) > rules_of(plain, letter)


def rules_of(file: Any, letter: Letter) -> int:
    """How many lines and thin boxes cross the middle of the letter's number."""
    import pdfplumber

    with open_path(file.sha256) as path, pdfplumber.open(path) as pdf:
        page = pdf.pages[0]
        word = next(w for w in page.extract_words() if letter.number in w["text"])
        height = word["bottom"] - word["top"]
        top, bottom = word["top"] + height * 0.3, word["bottom"] - height * 0.2
        drawn = [*page.lines, *[rect for rect in page.rects if rect["height"] < 2]]
        return sum(
            top < (rule["top"] + rule["bottom"]) / 2 < bottom
            and rule["x0"] <= word["x0"] + 1
            and rule["x1"] >= word["x1"] - 1
            for rule in drawn
        )


def test_the_page_is_signed_when_the_office_has_a_key(tmp_path: Path, settings: Any) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature

    make_key(tmp_path / "key.p12", password=b"secret")
    settings.SIGNING_KEY_FILE = str(tmp_path / "key.p12")
    settings.SIGNING_KEY_PASSWORD = "secret"
    deposit()
    close_so_far()
    page = closings()[0].page
    assert page is not None
    with open_path(page.sha256) as path:
        content = path.read_bytes()
    signature = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    status = validate_pdf_signature(signature)
    assert (status.intact, status.valid) == (True, True)
    forged = PdfFileReader(io.BytesIO(content.replace(b"/Catalog", b"/CatalOg", 1)))
    assert not validate_pdf_signature(forged.embedded_signatures[0]).intact


def test_a_wrong_key_password_closes_nothing_by_half(tmp_path: Path, settings: Any) -> None:
    make_key(tmp_path / "key.p12", password=b"secret")
    settings.SIGNING_KEY_FILE = str(tmp_path / "key.p12")
    settings.SIGNING_KEY_PASSWORD = "wrong"
    deposit()
    with pytest.raises(Exception, match="SIGNING_KEY_FILE"):
        close_so_far()
    settings.SIGNING_KEY_PASSWORD = "secret"
    close_so_far()
    assert [c.page is not None for c in closings()] == [True]
    assert list(verify_register()) == []
