"""One-time codes: for one contact and purpose, five tries, ten minutes, once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from eservices.people import codes
from eservices.people.models import OneTimeCode
from jobs.models import Job
from registry.tracking import ALPHABET
from tests.correspondence.sms_gateway import sms_gateway
from tests.factories import drain

pytestmark = pytest.mark.django_db
MAIL = "salma@usager.example"


def sent(mailoutbox: list[EmailMessage], *, value: str = MAIL, bound: str = "t") -> str:
    """Return the code that a mail brought."""
    codes.send_code(way="email", value=value, bound=bound)
    assert drain("code.send") == 1
    found = re.search(rf"\b[{ALPHABET}]{{6}}\b", str(mailoutbox[-1].body))
    assert found is not None
    return found.group()


def use(code: str, *, value: str = MAIL, bound: str = "t") -> bool:
    return codes.use_code(code, way="email", value=value, bound=bound)


def test_a_code_is_good_once_however_it_is_typed(mailoutbox: list[EmailMessage]) -> None:
    code = sent(mailoutbox)
    assert mailoutbox[0].to == [MAIL]
    assert use(f" {code[:3].lower()}-{code[3:]} ", value=" Salma@Usager.example")
    assert not use(code)


def test_a_code_is_good_for_its_contact_and_purpose_alone(mailoutbox: list[EmailMessage]) -> None:
    code = sent(mailoutbox)
    assert not use(code, bound="draft:1:email")
    assert not use(code, value="autre@usager.example")
    assert use(code)


def test_after_five_tries_the_right_code_is_none(mailoutbox: list[EmailMessage]) -> None:
    code = sent(mailoutbox)
    for _try in range(codes.MOST_TRIES):
        assert not use("BBBBBB" if code != "BBBBBB" else "CCCCCC")
    assert not use(code)


def test_after_ten_minutes_it_is_none_and_the_clock_sweeps_it(
    mailoutbox: list[EmailMessage],
) -> None:
    code = sent(mailoutbox)
    row = OneTimeCode.objects.get()
    assert row.ends_at - row.made_at == timedelta(minutes=10)
    assert " 10 minutes" in str(mailoutbox[-1].body)
    OneTimeCode.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert not use(code)
    assert codes.forget_ended() == 1
    assert not OneTimeCode.objects.exists()


def test_a_contact_has_some_live_codes_at_most(mailoutbox: list[EmailMessage]) -> None:
    for number in range(codes.MOST_LIVE):
        codes.send_code(way="email", value=MAIL, bound=f"t{number}")
    with pytest.raises(codes.TooManyCodesError) as caught:
        codes.send_code(way="email", value=MAIL.upper(), bound="t")
    assert 0 < caught.value.wait <= codes.MINUTES * 60
    codes.send_code(way="email", value="autre@usager.example", bound="t")


def test_neither_jobs_nor_logs_nor_rows_hold_code_or_address(
    mailoutbox: list[EmailMessage], caplog: pytest.LogCaptureFixture
) -> None:
    codes.send_code(way="email", value=MAIL, bound="t")
    waiting = str(OneTimeCode.objects.values().get())
    assert "salma" not in waiting
    drain("code.send")
    code = re.search(rf"\b[{ALPHABET}]{{6}}\b", str(mailoutbox[-1].body))
    assert code is not None
    kept = str(list(Job.objects.values())) + str(OneTimeCode.objects.values().get()) + caplog.text
    assert code.group() not in waiting + kept
    assert "salma" not in kept
    assert OneTimeCode.objects.get().sealed == ""


def test_a_code_that_ended_is_not_sent(mailoutbox: list[EmailMessage]) -> None:
    codes.send_code(way="email", value=MAIL, bound="t")
    OneTimeCode.objects.update(ends_at=timezone.now())
    drain("code.send")
    assert mailoutbox == []


def test_by_sms(settings: Any) -> None:
    with sms_gateway(settings) as gateway:
        codes.send_code(way="phone", value="06 12 34 56 78", bound="t", language="ar")
        drain("code.send")
    (message,) = gateway.taken
    assert message["to"] == "0612345678"
    found = re.search(rf"[{ALPHABET}]{{6}}", message["text"])
    assert found is not None
    assert codes.use_code(found.group(), way="phone", value="+212 612-345678", bound="t")


@pytest.mark.parametrize("value", ["", "bientôt", "@", "12"])
def test_what_is_no_contact_gets_no_code(value: str) -> None:
    with pytest.raises(ValueError, match="no e-mail"):
        codes.send_code(way=codes.way_of(value), value=value, bound="t")
