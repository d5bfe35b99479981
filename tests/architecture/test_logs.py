"""Logs say what happened to which id, never whom it is about or what it says."""

import logging
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client

from config.logs import Line
from identity.invitations import invite, link_of
from jobs.models import Job
from org.models import User
from registry.book.voiding import approve_void, ask_to_void
from registry.first_run import make_link
from registry.intake import PartyData
from registry.refusals import DepositRefusedError
from tests.factories import deposit, drain, file, pdf, text_file

NOT_OURS = ("fontTools", "weasyprint", "PIL")
SECRETS = [
    *("Zoubida", "Tafoughalt", "zoubida.t@example.org", "0661998877", "Impasse Secrète"),
    *("arriération", "confidentiel-42.pdf", "إنذار خطير"),
]


@pytest.mark.django_db
def test_a_letters_way_leaves_no_personal_word_in_the_log(
    amina: User, direction: User, caplog: pytest.LogCaptureFixture
) -> None:
    name, organisation, email, phone, place = SECRETS[:5]
    sender = PartyData(
        "sender", name=name, organisation=organisation, address=place, email=email, phone=phone
    )
    words = f"{SECRETS[5]} {SECRETS[7]}"
    with caplog.at_level(logging.INFO):
        letter = deposit(
            actor=amina,
            subject=words,
            parties=[sender],
            files=[pdf(words, name=SECRETS[6]), text_file(words, name=SECRETS[6])],
        ).letter
        with pytest.raises(DepositRefusedError):
            deposit(files=[file(SECRETS[6], b"%PDF-broken")])
        drain()
        approve_void(ask_to_void(letter, actor=amina, reason=SECRETS[5]), actor=direction)
        with transaction.atomic():
            Job.objects.filter(state="ready").update(kind="letter.read")
        drain()
    formatter = logging.Formatter()
    ours = [r for r in caplog.records if not r.name.startswith(NOT_OURS)]
    said = "\n".join(formatter.format(r) for r in ours if r.levelno >= logging.INFO)
    assert [secret for secret in SECRETS if secret in said] == []


@pytest.mark.django_db
def test_no_link_that_opens_something_stands_in_the_log(
    admin: User, badr: User, caplog: pytest.LogCaptureFixture
) -> None:
    invitation = urlsplit(link_of(invite(badr, actor=admin))).path
    wizard = urlsplit(make_link()).path
    with caplog.at_level(logging.DEBUG):
        assert Client().post(invitation, {"new_password1": "short"}).status_code == 422
        assert Client().get(wizard).status_code == 404
        assert Client().get("/rate/token-of-a-letter/").status_code == 404
        for way in ("portal/receipt", "readings/again", "figures/reports/stop"):
            Client().get(f"/{way}/token-of-another/")
        assert Client().get("/letters/nothing-of-the-kind/").status_code == 404
    said = "\n".join(Line().format(record) for record in caplog.records)
    assert "/letters/nothing-of-the-kind/" in said
    secrets = [invitation.split("/")[3], wizard.split("/")[2], "token-of-a-letter"]
    secrets.append("token-of-another")
    assert [secret for secret in secrets if secret in said] == []
    assert said.count("/invitation/") == 1
