"""Headers of mails: encoded words, bare 8-bit text, both beside each other, and hostile ones."""

from pathlib import Path

import pytest

from channels.mailbox.headers import date_of, sender_of, text_of
from registry.mails import attachments_of, parts_of

SUBJECTS = [
    ("Réclamation شكاية".encode(), "Réclamation شكاية"),
    ("Réclamation".encode("cp1252"), "Réclamation"),
    (b"=?utf-8?q?R=C3=A9clamation?= " + "شكاية".encode(), "Réclamation شكاية"),
    ("شكاية ".encode() + b"=?utf-8?b?w6l0w6k=?= =?utf-8?q?_deux?= fin", "شكاية été deux fin"),
    (b"=?cp1256?q?=D4=DF?= =?none?q?x?=", "شكx"),
    (b"=?utf-8?q?Quoi_??=", "Quoi ?"),
    (b"=?unicode_escape?q?=5Cud800=20x?=", "x"),
    (b"=?base64?q?x?= a\x00b", "x a b"),
    (b"plain =? and ?= signs", "plain =? and ?= signs"),
]


def mail(folder: Path, *headers: bytes) -> Path:
    path = folder / "mail.eml"
    path.write_bytes(b"\r\n".join((*headers, b"", b"Bonjour", b"")))
    return path


@pytest.mark.parametrize(("written", "read"), SUBJECTS, ids=range(len(SUBJECTS)))
def test_no_letter_of_a_subject_is_lost(tmp_path: Path, written: bytes, read: str) -> None:
    whole = parts_of(mail(tmp_path, b"Subject: " + written))[0]
    assert text_of(whole, "Subject") == read


@pytest.mark.parametrize("begun", [b"=?utf-8?q?", b"=?utf-8?q?a?= ", b"=?a?b?=?="])
def test_endless_words_end(tmp_path: Path, begun: bytes) -> None:
    whole = parts_of(mail(tmp_path, b"Subject: " + begun * 10_000))[0]
    assert 0 < len(text_of(whole, "Subject")) <= 500


def test_a_sender_is_named_in_bare_letters(tmp_path: Path) -> None:
    written = "From: سلمى الإدريسي <salma@example.org>".encode()
    assert sender_of(parts_of(mail(tmp_path, written))[0]) == ("سلمى الإدريسي", "salma@example.org")


def test_an_attachment_is_named_in_bare_letters(tmp_path: Path) -> None:
    named = 'Content-Disposition: attachment; filename="شكاية.txt"'.encode()
    [attachment] = attachments_of(mail(tmp_path, named), "message/rfc822")
    assert attachment.name == "شكاية.txt"


@pytest.mark.parametrize("day", [b"Fri, 31 Dec 9999 23:59:59 -2359", b"\xff", b"9" * 5000])
def test_a_day_that_is_none_is_no_error(tmp_path: Path, day: bytes) -> None:
    found = date_of(parts_of(mail(tmp_path, b"Date: " + day))[0])
    assert found is None or found.tzinfo
