"""What stayed inside a mail is told on the letter: how many, which, and why."""

import html
from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories import deposit, file
from tests.registry.test_mails import mail

pytestmark = pytest.mark.django_db


def _page(browser: Callable[[str], Client], content: bytes) -> str:
    letter = deposit(files=[file("fuite.eml", content)]).letter
    return html.unescape(browser("amina").get(f"/letters/{letter.pk}/").content.decode())


def test_a_letter_names_the_attachments_after_the_hundredth(
    browser: Callable[[str], Client], amina: object
) -> None:
    many = [(f"n{n}.txt", f"piece {n}".encode(), "application/octet-stream") for n in range(130)]
    page = _page(browser, mail(*many))
    notice = page.partition("30 pièces jointes de ce courriel")[2].partition("</p>")[0]
    assert "n100.txt" in notice
    assert "n119.txt" in notice
    assert "et 10 autres" in notice
    history = page.partition("pièces jointes laissées dans leur courriel\u00a0: 30")[2]
    assert "n129.txt" in history


def test_a_letter_says_why_an_attachment_stayed(
    browser: Callable[[str], Client], amina: object
) -> None:
    game = ("jeu.exe", b"MZ\x90\0" + b"\0" * 99, "application/octet-stream")
    page = _page(browser, mail(game))
    notice = page.partition("1 pièce jointe de ce courriel")[2].partition("</p>")[0]
    assert "programmes\u00a0: \u2068jeu.exe\u2069" in notice


def test_a_letter_whose_mail_was_taken_whole_says_nothing(
    browser: Callable[[str], Client], amina: object
) -> None:
    assert "de ce courriel" not in _page(browser, mail(("note.txt", b"bonjour", "text/plain")))
