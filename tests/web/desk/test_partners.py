"""A partner's page: its keys, its messages with their log, its history; and the table."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from channels.models import Delivery, Partner
from channels.services import key_of, make_key, queue_deliveries, set_webhook, trial_message
from org.models import User
from registry.intake import LetterData
from tests.channels.receiver import Receiver, receiver
from tests.factories import drain

__all__ = ["receiver"]
pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def partner(admin: User) -> Partner:
    make_key(partner="Commune", may_deposit=True, may_follow=True, per_hour=60, actor=admin)
    return Partner.objects.get()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_form_sets_address_events_and_contact(browser: Browser, partner: Partner) -> None:
    client = browser("admin")
    form = {
        "partner": partner.pk,
        "whole": "1",
        "url": "https://commune.example/hook",
        "events": ["letter.answered", "letter.closed"],
        "contact": "it@commune.example",
    }
    first = client.post("/partners/webhook/", form)
    assert "whsec_" in text(first)
    again = client.post("/partners/webhook/", form)
    assert again.status_code == 303
    partner.refresh_from_db()
    assert partner.webhook_events == ["letter.answered", "letter.closed"]
    page = text(client.get(f"/partners/{partner.pk}/"))
    assert "whsec_" not in page
    assert page.count("checked") == 3  # two events, and the right of a new key

    mistakes: list[dict[str, Any]] = [
        {"events": []},
        {"contact": "x"},
        {"url": "http://commune.example/"},
    ]
    for wrong in mistakes:
        refused = client.post("/partners/webhook/", form | wrong)
        assert refused.status_code == 422
        assert "it@commune.example" in text(refused) or "contact" in wrong


def test_a_refused_key_loses_nothing_and_reads_any_digits(browser: Browser) -> None:
    client = browser("admin")
    asked = {"partner": "Commune <b>", "per_hour": "١٢٠", "may_follow": "1"}
    refused = client.post("/partners/new/", asked | {"per_hour": "12O"})
    assert refused.status_code == 422
    for kept in ('value="Commune &lt;b&gt;"', 'value="12O"'):
        assert kept in text(refused)
    assert text(refused).count("checked") == 1  # the right that was asked for alone
    assert client.post("/partners/new/", asked).status_code == 200
    assert Partner.objects.get().keys.get().per_hour == 120


def test_the_secret_is_turned_and_a_test_call_tells_what_was_answered(
    browser: Browser, partner: Partner, receiver: Receiver, admin: User
) -> None:
    client, page = browser("admin"), f"/partners/{partner.pk}/"
    set_webhook(partner.pk, url=receiver.url, actor=admin)
    assert "whsec_" in text(client.post(f"{page}webhook/secret/"))
    assert "204" in text(client.post(f"{page}webhook/test/", follow=True))
    receiver.status = 500
    assert "500" in text(client.post(f"{page}webhook/test/", follow=True))
    receiver.server.shutdown()
    receiver.server.server_close()
    assert "n’a répondu" in text(client.post(f"{page}webhook/test/", follow=True))
    assert client.post(f"{page}webhook/burn/").status_code == 404


def test_the_log_shows_what_became_of_a_message_and_sends_it_again(
    browser: Browser, partner: Partner, receiver: Receiver, admin: User
) -> None:
    from channels.services import deposit_for

    client, page = browser("admin"), f"/partners/{partner.pk}/"
    data = LetterData(channel="api", subject="x")
    letter = deposit_for(partner.keys.get(), data, files=(), message="x", once="").letter
    set_webhook(partner.pk, url=receiver.url, actor=admin)
    receiver.status = 410
    queue_deliveries()
    drain("partner.tell")
    shown = text(client.get(page))
    assert "410" in shown
    assert letter.number in shown
    receiver.status = 200
    row = Delivery.objects.get()
    told = text(client.post(f"/partners/messages/{row.pk}/again/", follow=True))
    assert "désactivé" in told
    assert Delivery.objects.get().state == "waiting"  # for the address to be switched on
    assert client.post(f"{page}webhook/on/").status_code == 303
    drain("partner.tell")
    assert Delivery.objects.get().state == "delivered"
    client.post(f"/partners/messages/{row.pk}/again/")
    drain("partner.tell")
    assert (Delivery.objects.get().state, len(receiver.got)) == ("delivered", 3)


def test_a_key_is_replaced_on_its_page(browser: Browser, partner: Partner) -> None:
    client = browser("admin")
    old = partner.keys.get()
    page = text(client.post(f"/partners/{old.pk}/replace/"))
    fresh = partner.keys.exclude(pk=old.pk).get()
    assert f"sjl_{fresh.public}_" in page
    old.refresh_from_db()
    assert old.ends_at
    assert client.post(f"/partners/{old.pk}/replace/").status_code == 303
    assert "remplacée" in text(client.get(f"/partners/{partner.pk}/"))
    assert key_of("sjl_x_y") is None


def test_a_page_with_many_messages_asks_no_more(
    browser: Browser, partner: Partner, receiver: Receiver, admin: User
) -> None:
    client, page = browser("admin"), f"/partners/{partner.pk}/"
    set_webhook(partner.pk, url=receiver.url, actor=admin)
    client.get(page)
    counts = []
    for _round in range(2):
        for _number in range(15):
            trial_message(Partner.objects.get(), actor=admin)
        with CaptureQueriesContext(connection) as queries:
            shown = text(client.get(page))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "?from=" in shown


def test_partners_whose_names_differ_by_case_alone_are_two(tmp_path: Any, capsys: Any) -> None:
    """As the register of partners has them: its own export is taken again."""
    file = tmp_path / "partners.csv"
    file.write_text("name,url,events,contact\nONEE,,,\nOnee,,,\n")
    call_command("partners", source=str(file))
    assert "nouvelles\u00a0: 2" in capsys.readouterr().out
    file.write_text("name,url,events,contact\nONEE,,,\nONEE,,,\n")
    with pytest.raises(SystemExit):
        call_command("partners", source=str(file))


def test_partners_as_a_table_and_by_command(
    partner: Partner, capsys: Any, tmp_path: Any, receiver: Receiver
) -> None:
    file = tmp_path / "partners.csv"
    file.write_text(
        "name,url,events,contact\n"
        f"Commune,{receiver.url},letter.closed letter.answered,it@commune.example\nRégie,,,\n"
    )
    call_command("partners", source=str(file))
    call_command("partners", export=True)
    out = capsys.readouterr().out
    assert f"Commune,{receiver.url},letter.answered letter.closed,it@commune.example" in out
    assert "nouvelles\u00a0: 1\u00a0; modifiées\u00a0: 1" in out
    file.write_text("name,url,events\nRégie,ftp://x,letter.burnt\n")
    with pytest.raises(SystemExit):
        call_command("partners", source=str(file))

    with override("fr"), pytest.raises(CommandError, match="Aucun partenaire ne porte ce nom"):
        call_command("webhooks", "Nobody")
    call_command("webhooks", "Commune", "--turn-secret")
    assert "whsec_" in capsys.readouterr().out
    call_command("webhooks", "Commune", "--test")
    assert '"answer_code": 204' in capsys.readouterr().out
    receiver.status = 503
    with pytest.raises(CommandError):
        call_command("webhooks", "Commune", "--test")
    for wrong in (["Nobody"], ["Commune", "--set", "ftp://x"], ["Commune", "--switch-on"]):
        with pytest.raises(CommandError) as refused:
            call_command("webhooks", *wrong)
        assert refused.value.returncode == 2
