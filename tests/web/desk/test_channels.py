"""The page of channels: settings without secrets, and a test of each that is made in earnest."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from org.models import User
from tests.channels import mails
from tests.channels.conftest import mail_server as dovecot
from tests.channels.conftest import mailbox
from tests.correspondence.mail_server import mail_server
from tests.correspondence.sms_gateway import sms_gateway
from tests.services.dovecot_server import MailServer
from web.desk.administration.channel_settings import masked

__all__ = ["dovecot", "mailbox"]
pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
PAGE = "/administration/channels/"


def tried(client: Client, name: str, **form: str) -> str:
    answer = client.post(f"{PAGE}{name}/try/", form)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture(name="mail_server")
def _mail_server(dovecot: MailServer) -> MailServer:
    return dovecot


def test_secrets_are_not_shown(browser: Browser, settings: Any) -> None:
    settings.MAILBOX_URL = "imaps://courrier:geheim@mail.example/INBOX?ca_certs=/x"
    settings.SMS_URL, settings.SMS_KEY = "https://gateway.example/geheim?token=geheim", "geheim"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "office", "geheim"
    page = browser("admin").get(PAGE).content.decode()
    assert "geheim" not in page
    wanted = ("courrier:•••••@mail.example/INBOX", "https://gateway.example/…", "office:•••••@")
    for words in wanted:
        assert words in page
    assert masked("imap://user@host/a") == "imap://user@host/a"


def test_nothing_is_tried_where_nothing_is_set(browser: Browser, settings: Any) -> None:
    settings.MAILBOX_URL = settings.WATCH_FOLDER = ""
    settings.SMS_URL = "none"
    client = browser("admin")
    assert "MAILBOX_URL)" in tried(client, "mailbox")
    assert "WATCH_FOLDER)" in tried(client, "folder")
    assert "SMS_URL)" in tried(client, "sms", to="0612345678")
    assert "Indiquez un numéro" in tried(client, "sms", to="x")
    assert client.post(f"{PAGE}pigeon/try/").status_code == 404


def test_a_file_is_written_and_removed(browser: Browser, settings: Any, tmp_path: Path) -> None:
    settings.WATCH_FOLDER = str(tmp_path)
    (tmp_path / "a.pdf").touch()
    client = browser("admin")
    assert "1 élément" in tried(client, "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]
    settings.WATCH_FOLDER = str(tmp_path / "nowhere")
    assert "notice error" in tried(client, "folder")


def test_a_mail_goes_to_who_asks(browser: Browser, settings: Any, admin: User) -> None:
    client = browser("admin")
    User.objects.filter(pk=admin.pk).update(email="")
    assert "aucune adresse" in tried(client, "email")
    User.objects.filter(pk=admin.pk).update(email="admin@office.example")
    with mail_server(settings) as postman:
        assert "admin@office.example" in tried(client, "email", to="else@office.example")
        assert [mail["To"] for mail in postman.taken] == ["admin@office.example"]
        User.objects.filter(pk=admin.pk).update(email="unknown@office.example")
        assert "a refusé l’adresse" in tried(client, "email")
    assert "injoignable" in tried(client, "email")


def test_an_sms_goes_to_the_number_given(
    browser: Browser, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    client = browser("admin")
    with sms_gateway(settings) as gateway:
        assert "notice success" in tried(client, "sms", to="06 12 34 56 78")
        assert gateway.taken[0]["to"] == "0612345678"
        gateway.status = 403
        page = tried(client, "sms", to="0612345678")
        assert "SMS_KEY)" in page
        assert settings.SMS_KEY not in page
        with pytest.raises(SystemExit):
            call_command("try_channel", "sms", "--to", "0612345678")
        assert "SMS_KEY" in capsys.readouterr().out


def test_the_mailbox_is_opened_and_its_mails_counted(
    browser: Browser, mailbox: MailServer, settings: Any
) -> None:
    client = browser("admin")
    for name in ("1", "2"):
        mailbox.deliver(name, mails.raw(mails.letter(subject="x", message_id=f"{name}@x")))
    page = tried(client, "mailbox")
    assert "2 courriels" in page
    assert "INBOX" in page
    settings.MAILBOX_URL = mailbox.url(password="wrong")
    page = tried(client, "mailbox")
    assert "notice error" in page
    assert "wrong" not in page
    settings.MAILBOX_URL = mailbox.url(folder="Nowhere")
    assert "notice error" in tried(client, "mailbox")
