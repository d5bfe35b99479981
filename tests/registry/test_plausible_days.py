"""Days on which no letter was written or received are refused wherever they are typed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from org.models import User
from registry.corrections import BadCorrectionError, correct_letter
from registry.models.letters import Letter
from registry.plausible_days import receipt_problem, writing_problem
from tests.factories import deposit

YEAR = timezone.localdate().year


@pytest.mark.parametrize("day", [date.min, date(YEAR - 201, 12, 31), date.max])
def test_no_letter_was_written_then(day: date) -> None:
    assert writing_problem(day)


def test_letters_of_today_and_old_deeds_were_written() -> None:
    assert writing_problem(timezone.localdate()) == writing_problem(date(YEAR - 200, 1, 1)) == ""


@pytest.mark.parametrize("year", [1, YEAR - 101])
def test_no_letter_came_in_then(year: int) -> None:
    assert receipt_problem(datetime(year, 1, 1, tzinfo=timezone.get_default_timezone()))
    assert receipt_problem(timezone.now() + timedelta(minutes=1))
    assert not receipt_problem(timezone.now() - timedelta(days=36_000))


@pytest.mark.django_db
def test_a_correction_to_such_a_day_is_refused(amina: User) -> None:
    letter = deposit().letter
    with pytest.raises(BadCorrectionError):
        correct_letter(letter, actor=amina, changes={"document_date": date(26, 3, 1)})
    assert Letter.objects.get().document_date is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"received_at": "1900-01-01T08:00"}, {"document_date": "0001-01-01"}]
)
def test_the_desk_registers_no_letter_of_such_a_day(wrong: dict[str, Any], client_as: Any) -> None:
    client: Client = client_as("amina")
    form = {"channel": "counter", "register": "IN", "confidentiality": "0", "message": "Bonjour"}
    answer = client.post("/deposit/", form | wrong)
    assert "aria-invalid" in answer.content.decode()
    assert not Letter.objects.exists()
    client.post("/deposit/", form)
    assert Letter.objects.count() == 1
