"""What a mail is, by what it says of itself: real forms of bounces and automatic replies."""

from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.mailbox.digest import digest_of
from channels.mailbox.headers import references_of, sender_of, text_of
from channels.mailbox.judging import Judgement, judge
from registry.files.kinds import RefusedError
from registry.mails import parts_of
from tests.channels import mails


def judged(content: bytes) -> Judgement:
    return judge(list(message_from_bytes(content).walk()))


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, "letter"),
        ({"Auto_Submitted": "no"}, "letter"),
        ({"Auto_Submitted": "auto-generated"}, "letter"),  # a supplier's invoice
        ({"Precedence": "bulk"}, "letter"),
        ({"Auto_Submitted": "auto-replied"}, "auto_reply"),
        ({"Auto_Submitted": "Auto-Replied (vacation); owner=x"}, "auto_reply"),
        ({"X_Autoreply": "yes"}, "auto_reply"),
        ({"Precedence": "auto_reply"}, "auto_reply"),
        ({"subject": "Réponse automatique : absente"}, "letter"),  # written by a person
        (
            {"subject": "Automatic reply: votre courrier", "Auto_Submitted": "auto-generated"},
            "auto_reply",
        ),
        ({"subject": "رد تلقائي: غياب", "X_Auto_Response_Suppress": "All"}, "auto_reply"),
        ({"Return_Path": "<>", "sender": "mailer-daemon@mx.example.net"}, "bounce"),
        ({"X_Failed_Recipients": "x@example.org"}, "bounce"),
    ],
)
def test_a_mail_is_withheld_only_by_what_a_machine_wrote(
    headers: dict[str, str], kind: str
) -> None:
    assert judged(mails.raw(mails.letter(**headers))).kind == kind


OWN = "courrier@office.example"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"sender": f"Office <{OWN.upper()}>", "Auto_Submitted": "auto-generated"}, "auto_reply"),
        ({"sender": OWN}, "letter"),  # written by a person of the office, or by its scanner
        ({"sender": OWN, "Auto_Submitted": "no"}, "letter"),  # a reply that it sent to itself
        ({"Auto_Submitted": "auto-generated"}, "letter"),  # of another office
        ({"sender": f'"{OWN}" <a@b.example>', "Auto_Submitted": "auto-generated"}, "letter"),
    ],
)
def test_what_the_office_itself_told_comes_back_and_is_no_letter(
    headers: dict[str, str], kind: str
) -> None:
    parts = list(message_from_bytes(mails.raw(mails.letter(**headers))).walk())
    assert judge(parts, own=OWN).kind == kind
    assert judge(parts).kind == "letter"  # of an office that sends no mail


def test_a_bounce_says_which_mail_came_back_from_whom() -> None:
    content = mails.bounce(message_id="a.b@x", subject="Réponse – 2026/OUT/000001", recipient="s@e")

    found = judged(content)

    assert found.kind == "bounce"
    assert (found.report.message_id, found.report.recipient) == ("a.b@x", "s@e")
    assert (found.report.status, found.report.subject) == ("5.1.1", "Réponse – 2026/OUT/000001")


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_did_not_fail_is_a_notice(action: str) -> None:
    content = mails.bounce(message_id="a.b@x", subject="x", recipient="s@e", action=action)

    assert judged(content).kind == "notice"


def test_a_read_receipt_is_a_notice() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@example.org", "Lu"
    mail.set_type("multipart/report")
    mail.set_param("report-type", "disposition-notification")

    assert judged(mail.as_bytes()).kind == "notice"


def test_a_forwarded_bounce_is_the_letter_of_who_forwards_it() -> None:
    mail = mails.letter("Voici ce que j'ai reçu de vous.")
    inner = message_from_bytes(mails.bounce(message_id="a.b@x", subject="x", recipient="s@e"))
    mail.add_attachment(inner)

    assert judged(mail.as_bytes()).kind == "letter"


def test_real_mails_are_judged_without_a_word_of_complaint(tmp_path: Path) -> None:
    kinds: dict[str, int] = {}
    for name, content in mails.real_mails():
        path = tmp_path / "mail"
        path.write_bytes(content)
        try:
            parts = parts_of(path)
        except RefusedError:
            continue
        found = judge(parts)
        kinds[found.kind] = kinds.get(found.kind, 0) + 1
        assert len(digest_of(path, parts[0])) == 64, name
        assert len(sender_of(parts[0])[0]) <= 200
        assert "\n" not in text_of(parts[0], "Subject")
    if not kinds:
        pytest.skip("NOT SHOWN: the corpus of real mails is not here")
    assert kinds["letter"] > 100
    assert kinds["bounce"] >= 1


@given(st.binary(max_size=2000))
def test_no_bytes_break_the_judging(content: bytes) -> None:
    for head in (b"", b"Content-Type: multipart/report\r\n", b"From: ", b"References: "):
        parts = list(message_from_bytes(head + content).walk())
        judge(parts)
        sender_of(parts[0])
        references_of(parts[0])


@given(trace=st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=40))
def test_the_way_of_a_mail_does_not_change_its_digest(
    tmp_path_factory: pytest.TempPathFactory, trace: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "mail.eml"
    content = mails.raw(mails.letter(message_id="x@y.example"))
    found = []
    for head in ("", f"Received: {trace}\r\n"):
        path.write_bytes(head.encode() + content)
        found.append(digest_of(path, parts_of(path)[0]))
    assert found[0] == found[1]
    path.write_bytes(content + b"more")
    assert digest_of(path, parts_of(path)[0]) != found[0]
