"""kill -9 of the process that fetches, again and again: each mail ends once."""

import random
import time
from typing import Any

import pytest

from channels.models import MailItem
from registry.models.letters import Letter
from registry.models.registers import NumberSeries
from tests.channels import mails
from tests.channels.killed import Program, program
from tests.services.dovecot_server import MailServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

FETCHER = """
for _ in range(1000):
    while services.fetch_work("mailbox", lambda done, total: None):
        pass
    print("round", flush=True)
"""


def wait_for_more(fetcher: Program) -> None:
    """Until the fetcher has registered a mail more, and so is in the midst of its work."""
    before, deadline = registered(), time.monotonic() + 60
    while registered() == before and fetcher.runs() and time.monotonic() < deadline:
        time.sleep(0.005)


def registered() -> int:
    return MailItem.objects.filter(state="registered").count()


def test_a_fetcher_that_is_killed_loses_nothing_and_registers_nothing_twice(
    mailbox: MailServer, settings: Any
) -> None:
    for number in range(60):
        mail = mails.letter(f"Lettre {number}", message_id=f"{number}@example.org")
        mailbox.deliver(f"{number:02d}", mails.raw(mail))
    draw = random.Random(11)
    with program(FETCHER, MAILBOX_URL=mailbox.url(), MAILBOX_DONE="Done") as fetcher:
        for _ in range(6):
            fetcher.begin()
            wait_for_more(fetcher)
            time.sleep(draw.uniform(0, 0.1))
            fetcher.kill()
        killed_at = registered()
        fetcher.begin()
        assert fetcher.line() == "round"
        fetcher.kill()

    assert 0 < killed_at < 60, "the kills fell before or after the work: they show nothing"
    assert MailItem.objects.filter(state="registered", kind="letter", marked=True).count() == 60
    assert Letter.objects.filter(channel="email").count() == 60
    series = NumberSeries.objects.get(register__code="IN")
    serials = Letter.objects.filter(register__code="IN").values_list("serial", flat=True)
    assert sorted(serials) == list(range(1, series.last + 1))
    assert len(mailbox.messages(".Done")) == 60
    assert mailbox.messages() == []
