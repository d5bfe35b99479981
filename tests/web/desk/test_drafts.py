"""Drafts, mailings and templates on their pages, as people click through them."""

import html
import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from correspondence.answers import several
from correspondence.answers.addressees import AddresseeData, answered_by
from correspondence.dispatch import sending
from correspondence.drafts import fresh
from correspondence.forms.fields import lacking_in
from correspondence.forms.keeping import keep_template
from correspondence.models.drafts import Addressee, Mailing
from correspondence.models.forms import ReplyTemplate
from correspondence.models.replies import Reply
from correspondence.replies import circuit, drafting
from org.models import Membership, User
from registry.models.letters import Letter
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.assignments import Assignment
from tests.correspondence import circuits
from tests.factories import department, deposit, drain, file, person

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
NEW: dict[str, Any] = {
    "department": "EAU",
    "subject": "Coupure d'eau",
    "body": "L'eau sera coupée.",
    "to_name": ["M. le Président", ""],
    "to_organisation": ["Commune de Salé", ""],
    "to_address": ["", ""],
    "to_email": ["bo@sale.example", ""],
    "to_phone": ["", ""],
    "to_role": ["recipient", "recipient"],
}


def new_draft(client: Client, kind: str = "outgoing", **more: Any) -> Any:
    return client.post(reverse("desk:new_draft", args=[kind]), NEW | more)


def do(client: Client, reply: Reply, what: str, **more: Any) -> Any:
    return client.post(reverse("desk:on_draft", args=[reply.pk, what]), more)


def page(client: Client, reply: Reply) -> str:
    answer = client.get(reverse("desk:draft", args=[reply.pk]))
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


@pytest.fixture
def template(db: None) -> ReplyTemplate:
    upload = file("m.txt", "Bonjour {{ recipient_name }}, réf. {{ number }}".encode())
    return keep_template(actor=person("admin"), name="Accusé type", language="fr", file=upload)


def test_an_outgoing_letter_from_its_form_to_its_number(browser: Browser) -> None:
    badr, dounia = browser("badr"), browser("dounia")
    assert badr.get(reverse("desk:new_draft", args=["outgoing"])).status_code == 200
    assert new_draft(badr).status_code == 303
    reply = Reply.objects.get()
    assert Addressee.objects.get().email == "bo@sale.example"
    assert "Commune de Salé" in page(badr, reply)
    do(badr, reply, "address", to_name=["X", "Y"], **_blank(2))
    assert [a.name for a in reply.addressees.all()] == ["X", "Y"]
    do(badr, reply, "edit", subject="Coupure", body="Le 4 mars.")
    do(badr, reply, "submit")
    do(dounia, reply, "return", remark="Quelle rue ?")
    assert "Quelle rue ?" in page(badr, reply)
    do(badr, reply, "submit")
    do(dounia, reply, "approve")
    assert do(badr, reply, "send", method="handed_over", address="X").status_code == 303
    letter = Letter.objects.get()
    assert letter.number in page(badr, reply)
    assert badr.get(reverse("desk:letter", args=[letter.pk])).status_code == 200
    assert letter.number in badr.get("/drafts/?show=sent").content.decode()


def _blank(rows: int) -> dict[str, list[str]]:
    names = ("to_organisation", "to_address", "to_email", "to_phone", "to_role")
    return dict.fromkeys(names, [""] * rows)


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(browser: Browser) -> None:
    answer = new_draft(browser("badr"), to_name=["", ""], to_organisation=["", ""])
    assert answer.status_code == 422
    assert "L&#x27;eau sera coupée." in answer.content.decode()
    assert new_draft(browser("badr"), answer_by="x", kind="internal").status_code == 422
    assert not Reply.objects.exists()


def test_a_change_of_a_draft_with_a_file_that_is_refused_keeps_what_was_typed(
    browser: Browser, amina: User, badr: User
) -> None:
    reply, _letters = reply_of_badr(amina, badr, count=1)
    address = reverse("desk:on_reply", args=[reply.letter_id, reply.pk, "edit"])
    program = SimpleUploadedFile("a.pdf", b"MZ\x90 a program")
    sent = {"subject": "Fuite", "body": "La fuite est réparée.", "file": program}
    answer = browser("badr").post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "La fuite est réparée." in page
    assert f'action="{address}"' in page
    assert 'name="numbers"' not in page
    assert Reply.objects.get().body == "Réparée."


def test_a_change_of_a_letter_of_the_offices_own_keeps_what_was_typed_too(browser: Browser) -> None:
    badr = browser("badr")
    new_draft(badr)
    reply = Reply.objects.get()
    address = reverse("desk:on_draft", args=[reply.pk, "edit"])
    program = SimpleUploadedFile("a.pdf", b"MZ\x90 a program")
    sent = {"subject": "Coupure", "body": "Le 4 mars, <de 8 h à 12 h>.", "file": program}
    answer = badr.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "a.pdf" in page
    assert "Le 4 mars, &lt;de 8 h à 12 h&gt;." in page
    assert 'value="Coupure"' in page
    assert Reply.objects.get().body == reply.body


def test_the_day_for_an_answer_is_typed_day_first(browser: Browser) -> None:
    more = {"unit-SI": "recipient", "answer_by": "05/11/2999"}
    assert new_draft(browser("badr"), "internal", **more).status_code == 303
    assert Reply.objects.get().answer_by == date(2999, 11, 5)


def test_an_internal_letter_reaches_the_other_department(browser: Browser) -> None:
    badr = browser("badr")
    more = {"unit-SI": "recipient", "unit-COM": "copy", "answer_by": ""}
    assert new_draft(badr, "internal", submit="1", **more).status_code == 303
    reply = Reply.objects.get()
    do(browser("dounia"), reply, "approve")
    do(badr, reply, "send")
    letter = Letter.objects.get()
    assert letter.number in browser("chafik").get("/inbox/").content.decode()
    assert "/INT/" in letter.number
    assert page(browser("chafik"), reply) != "404"
    assert page(badr, reply).count("En attente d’acceptation") == 1  # a copy is accepted by nobody
    row = Assignment.objects.get(letter=letter, department__code="SI")
    assignments.accept(row, actor=person("chafik"))
    seen = page(badr, reply)
    assert "En attente d’acceptation" not in seen
    assert "Acceptée" in seen
    assert "Chafik Ouali" in seen


def test_the_signing_folder_is_come_back_to(browser: Browser) -> None:
    badr, dounia = browser("badr"), browser("dounia")
    new_draft(badr, submit="1")
    reply, folder = Reply.objects.get(), reverse("desk:signing_folder")
    answer = do(dounia, reply, "approve", next=folder)
    assert (answer.status_code, answer["Location"]) == (303, folder)
    outside = do(
        badr, reply, "send", method="post", address="1, rue A", next="https://evil.example/"
    )
    assert outside["Location"] == reverse("desk:draft", args=[reply.pk])


def test_who_waits_for_the_signed_paper_can_look_again(
    browser: Browser, accepted: Assignment
) -> None:
    circuits.circuit()
    reply = circuits.visaed(accepted)
    circuit.sign_reply(reply, actor=person("direction"))
    badr, address = browser("badr"), f"/letters/{accepted.letter_id}/"
    again = f'<a href="{address}">Actualiser</a>'
    assert again in badr.get(address).content.decode()
    drain("reply.sign")
    assert again not in badr.get(address).content.decode()


def test_drafts_of_others_are_not_there_for_chafik(browser: Browser) -> None:
    new_draft(browser("badr"))
    reply, chafik = Reply.objects.get(), browser("chafik")
    assert page(chafik, reply) == "404"
    for what in ("edit", "address", "submit", "approve", "return", "send"):
        assert do(chafik, reply, what).status_code == 404
    assert "Coupure" not in chafik.get("/drafts/?show=own").content.decode()
    assert Reply.objects.get().state == "draft"


def test_the_list_tells_a_draft_that_came_back(browser: Browser) -> None:
    badr = browser("badr")
    new_draft(badr, submit="1")
    assert "renvoyé" not in badr.get("/drafts/").content.decode()
    do(browser("dounia"), Reply.objects.get(), "return", remark="Précisez le jour.")
    assert Reply.objects.get().remark == "Précisez le jour."
    assert "renvoyé" in badr.get("/drafts/").content.decode()


def test_an_unsigned_verb_is_told(browser: Browser) -> None:
    new_draft(browser("badr"))
    reply = Reply.objects.get()
    assert do(browser("badr"), reply, "approve").status_code == 303
    assert do(browser("badr"), reply, "burn").status_code == 404
    assert Reply.objects.get().state == "draft"


def test_a_template_is_filled_into_the_form(browser: Browser, template: ReplyTemplate) -> None:
    answer = new_draft(browser("badr"), template=str(template.pk), fill="1", body="")
    assert "Bonjour M. le Président" in answer.content.decode()
    assert not Reply.objects.exists()
    new_draft(browser("badr"), template=str(template.pk), body="")
    assert Reply.objects.get().body == "Bonjour M. le Président, réf."


def body_of(answer: Any) -> str:
    (found,) = re.findall(r'name="body"[^>]*>(.*?)</textarea>', answer.content.decode(), re.DOTALL)
    return html.unescape(found)


def test_a_template_takes_no_text_away(
    browser: Browser, template: ReplyTemplate, accepted: Assignment
) -> None:
    badr, typed = browser("badr"), "Suite à votre visite,\r\nnous l’avons réparée."
    letter = reverse("desk:new_reply", args=[accepted.letter_id])
    words = {"subject": "Fuite", "body": typed, "template": str(template.pk)}
    for address in (letter, reverse("desk:new_draft", args=["outgoing"])):
        asked = badr.post(address, NEW | words | {"fill": "1"})
        assert body_of(asked) == typed.replace("\r\n", "\n")
        for choice in ("below", "instead"):
            assert f'value="{choice}"'.encode() in asked.content
        below = body_of(badr.post(address, NEW | words | {"fill": "below"}))
        assert below.startswith("Suite à votre visite,\nnous l’avons réparée.\n\nBonjour")
        instead = badr.post(address, NEW | words | {"fill": "instead"})
        assert body_of(instead).startswith("Bonjour")
        again = badr.post(address, NEW | words | {"fill": "1", "body": body_of(instead)})
        assert b'value="instead"' not in again.content
    assert not Reply.objects.exists()


def test_fields_without_a_value_are_told_where_a_template_is_filled(
    browser: Browser, template: ReplyTemplate, accepted: Assignment
) -> None:
    words, number = {"template": str(template.pk), "fill": "1"}, "Numéro de la lettre"
    page = html.unescape(new_draft(browser("badr"), body="", **words).content.decode())
    assert number in page.split("complétez son texte")[1].split("</p>")[0]
    answers = reverse("desk:new_reply", args=[accepted.letter_id])
    filled = browser("badr").post(answers, {"subject": "Fuite", "body": "", **words})
    assert accepted.letter.number in body_of(filled)
    assert number not in html.unescape(filled.content.decode())


def test_a_field_that_a_condition_asks_for_leaves_no_hole() -> None:
    text = "{% if subject %}{{ subject }}{% endif %} {{ number }} {{ kind|default('x') }}"
    values = {"subject": "", "number": "", "kind": ""}
    assert lacking_in(text, values) == ("number",)
    assert lacking_in(text, values | {"number": "2026/IN/000001"}) == ()


def test_a_chosen_file_that_a_page_cannot_give_back_is_told(
    browser: Browser, template: ReplyTemplate
) -> None:
    chosen = SimpleUploadedFile("plan.pdf", b"%PDF-1.4")
    again = "Le fichier que vous aviez choisi n’a pas été conservé"
    filled = new_draft(browser("badr"), template=str(template.pk), fill="1", body="", file=chosen)
    assert again in html.unescape(filled.content.decode())
    filled = new_draft(browser("badr"), template=str(template.pk), fill="1", body="")
    assert again not in html.unescape(filled.content.decode())


def test_a_reply_out_of_a_template_to_two_letters(
    browser: Browser, template: ReplyTemplate, amina: User, badr: User
) -> None:
    letters = []
    for n in range(2):
        letter = deposit(subject=f"Fuite {n}").letter
        row = giving.assign(letter, department=department("EAU"), actor=amina)
        assignments.accept(row, actor=badr)
        letters.append(letter)
    address = reverse("desk:new_reply", args=[letters[0].pk])
    assert template.name in browser("badr").get(address).content.decode()
    words = {"subject": "Fuites", "body": "", "template": str(template.pk)}
    answer = browser("badr").post(address, words | {"numbers": "2020/IN/000009"})
    assert (answer.status_code, Reply.objects.count()) == (422, 0)
    answer = browser("badr").post(address, words | {"numbers": letters[1].number})
    assert answer.status_code == 303
    reply = Reply.objects.get()
    assert letters[0].number in reply.body
    assert [row.letter for row in reply.also.all()] == [letters[1]]
    assert browser("badr").get(reverse("desk:draft", args=[reply.pk])).status_code == 303


def reply_of_badr(amina: User, badr: User, count: int = 3) -> tuple[Reply, list[Letter]]:
    """A draft of EAU, and letters in the same hands, the first of which it answers."""
    letters = [deposit(actor=amina, subject=f"Fuite {n}").letter for n in range(count)]
    for letter in letters:
        given = giving.assign(letter, department=department("EAU"), actor=amina)
        assignments.accept(given, actor=badr)
    return drafting.draft_reply(letters[0], actor=badr, subject="", body="Réparée."), letters


def further(client: Client, reply: Reply, **words: Any) -> str:
    address = reverse("desk:on_reply", args=[reply.letter_id, reply.pk, "further"])
    return client.post(address, words, follow=True).content.decode()


def test_further_letters_are_added_and_taken_away_where_the_draft_stands(
    browser: Browser, amina: User, badr: User
) -> None:
    reply, (_first, second, third) = reply_of_badr(amina, badr)
    client = browser("badr")
    page = further(client, reply, numbers=f"{second.number}, {third.number}")
    assert f'name="kept" value="{second.number}" checked' in page
    page = further(client, reply, kept=[third.number])
    assert second.number not in page.split('id="replies"', 1)[1].split("</section>", 1)[0]
    assert [one.number for one in several.further_of([reply], badr)[reply.pk]] == [third.number]
    page = further(client, reply, kept=[third.number], numbers="2026/IN/999999")
    assert "2026/IN/999999" in page
    assert len(several.further_of([reply], badr)[reply.pk]) == 1


def test_what_the_editor_does_not_read_any_more_stays_answered(
    browser: Browser, amina: User, badr: User
) -> None:
    reply, (_first, second, third) = reply_of_badr(amina, badr)
    further(browser("badr"), reply, numbers=second.number)
    given = Assignment.objects.select_related("letter", "department").get(letter=second)
    assignments.transfer(given, actor=badr, department=department("SI"), reason="Compétence")
    page = further(browser("badr"), reply, numbers=third.number)
    assert second.number not in page.split('id="replies"', 1)[1].split("</section>", 1)[0]
    assert set(answered_by(reply)) == {reply.letter, second, third}


def test_nobody_adds_a_letter_of_others_or_changes_a_draft_of_others(
    browser: Browser, amina: User, badr: User
) -> None:
    reply, (_first, second, _third) = reply_of_badr(amina, badr)
    secret = deposit(actor=amina, subject="Affaire de SI", departments=["SI"]).letter
    further(browser("badr"), reply, numbers=secret.number)
    further(browser("amina"), reply, numbers=second.number)
    address = reverse("desk:on_reply", args=[reply.letter_id, reply.pk, "further"])
    assert browser("chafik").post(address, {"numbers": second.number}).status_code == 404
    assert answered_by(reply) == [reply.letter]


def test_letter_and_draft_lead_to_each_other(
    browser: Browser, amina: User, badr: User, dounia: User, template: ReplyTemplate
) -> None:
    reply, letters = reply_of_badr(amina, badr, count=1)
    circuit.submit_reply(reply, actor=badr)
    circuit.approve_reply(reply, actor=dounia)
    outgoing = sending.send_reply(reply, actor=badr, method="handed_over", address="M. X")
    client = browser("badr")
    there = client.get(reverse("desk:letter", args=[letters[0].pk])).content.decode()
    box = there.split('id="replies"', 1)[1].split("</section>", 1)[0]
    assert f'href="{reverse("desk:letter", args=[outgoing.pk])}"' in box
    back = client.get(reverse("desk:letter", args=[outgoing.pk])).content.decode()
    draft = reverse("desk:draft", args=[reply.pk])
    assert f'href="{draft}"' in back
    assert letters[0].number in back
    assert client.get(draft)["Location"].startswith(reverse("desk:letter", args=[letters[0].pk]))
    assert "/drafts/" not in there.split("<main", 1)[1].split('id="replies"', 1)[0]


def test_a_letter_of_the_office_s_own_leads_to_its_draft_and_back(browser: Browser) -> None:
    badr, dounia = browser("badr"), browser("dounia")
    new_draft(badr)
    reply = Reply.objects.get()
    do(badr, reply, "submit")
    do(dounia, reply, "approve")
    do(badr, reply, "send", method="email", address="bo@sale.example")
    reply.refresh_from_db()
    assert reply.outgoing_id
    letter = reverse("desk:letter", args=[reply.outgoing_id])
    assert f'href="{letter}"' in page(badr, reply)
    assert f'href="{reverse("desk:draft", args=[reply.pk])}"' in badr.get(letter).content.decode()


def test_a_mailing_out_of_a_table(browser: Browser) -> None:
    badr = browser("badr")
    assert badr.get("/mailings/new/").status_code == 200
    table = SimpleUploadedFile("t.csv", b"Karim;;Rabat;k@client.example\nSalma;;Rabat;\n")
    words = {"department": "EAU", "subject": "Coupure", "body": "Bonjour {{ recipient_name }}"}
    answer = badr.post("/mailings/new/", words | {"table": table})
    mailing = Mailing.objects.get()
    assert answer.status_code == 303
    live = reverse("desk:mailing_live", args=[mailing.pk])
    assert badr.get(live).status_code == 200
    drain("mailing.carry")
    assert badr.get(live).status_code == 303
    shown = badr.get(reverse("desk:mailing", args=[mailing.pk])).content.decode()
    assert "Karim" in shown
    badr.post(reverse("desk:on_mailing", args=[mailing.pk, "submit"]))
    drain("mailing.carry")
    assert {reply.state for reply in Reply.objects.all()} == {"submitted"}
    assert browser("chafik").get(reverse("desk:mailing", args=[mailing.pk])).status_code == 404
    assert "Coupure" in badr.get("/mailings/").content.decode()


def test_a_mailing_keeps_the_department_that_was_chosen(browser: Browser, badr: User) -> None:
    Membership.objects.create(user=badr, department=department("COM"))
    client, words = browser("badr"), {"subject": "Coupure", "body": "Bonjour"}
    for chosen in ("EAU", "COM"):  # one of them is the first of the list
        for more, status in (({}, 422), ({"find": "1", "find_words": "x"}, 200)):
            answer = client.post("/mailings/new/", words | {"department": chosen} | more)
            assert answer.status_code == status
            assert f'value="{chosen}" selected' in answer.content.decode()


def test_a_mailing_to_nobody_says_so(browser: Browser, accepted: Assignment) -> None:
    words = {"department": "EAU", "subject": "Coupure", "body": "Bonjour"}
    assert browser("badr").post("/mailings/new/", words).status_code == 422
    letter = str(accepted.letter_id)
    assert browser("badr").get(f"/mailings/new/?letter={letter}").status_code == 200
    answer = browser("badr").post("/mailings/new/", words | {"letter": letter, "parties": "1"})
    assert (answer.status_code, Mailing.objects.get().lines.count()) == (303, 1)


@pytest.fixture
def accepted(amina: User, badr: User) -> Assignment:
    row = giving.assign(deposit().letter, department=department("EAU"), actor=amina)
    return assignments.accept(row, actor=badr)


def upload(text: str, name: str = "m.txt") -> io.BytesIO:
    stream = io.BytesIO(text.encode())
    stream.name = name
    return stream


def test_the_administrator_keeps_tries_and_retires_templates(browser: Browser) -> None:
    admin = browser("admin")
    words = {"name": "Accusé", "language": "fr", "department": "EAU", "kind": ""}
    bad = admin.post("/templates/new/", words | {"file": upload("{{ nom }}")})
    assert (bad.status_code, "nom" in bad.content.decode()) == (422, True)
    assert admin.post("/templates/new/", words | {"file": upload("M. {{ sender_name }}")})
    template = ReplyTemplate.objects.get()
    version = template.versions.get()
    tried = admin.get(reverse("desk:try_template", args=[version.pk])).content.decode()
    assert "M. Karim Tahiri" in tried
    admin.post(
        reverse("desk:on_template", args=[template.pk, "version"]),
        {"file": upload("<p>M. {{ sender_name }}</p>", "m.html")},
    )
    newest = template.versions.order_by("-number")[0]
    answer = admin.get(reverse("desk:try_template", args=[newest.pk]))
    assert (newest.number, answer.headers["Content-Type"]) == (2, "application/pdf")
    old = admin.get(reverse("desk:template_file", args=[version.pk]))
    assert b"sender_name" in b"".join(old.streaming_content)  # type: ignore[attr-defined]
    admin.post(reverse("desk:on_template", args=[template.pk, "retire"]))
    assert ReplyTemplate.objects.get().retired_at


def test_the_list_of_drafts_costs_the_same_however_long(
    browser: Browser, django_assert_max_num_queries: Any, badr: User
) -> None:
    client = browser("badr")
    for n in range(12):
        fresh.draft_letter(
            department=department("EAU"),
            actor=badr,
            subject=f"L {n}",
            body="x",
            addressees=[AddresseeData(name="A")],
        )
    with django_assert_max_num_queries(16):
        client.get("/drafts/?show=own")


@pytest.mark.parametrize("fault", ["file", "length"])
def test_a_reply_refused_on_the_letters_page_keeps_what_was_typed(
    browser: Browser, amina: User, badr: User, fault: str
) -> None:
    letter = deposit(actor=amina).letter
    given = giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.accept(given, actor=badr)
    sent: dict[str, Any] = {"subject": "Fuite", "body": "La fuite est réparée.", "submit": "1"}
    if fault == "file":
        sent["file"] = SimpleUploadedFile("a.pdf", b"MZ\x90 a program")
    else:
        sent["body"] += "x" * drafting.BODY_LENGTH
    answer = browser("badr").post(reverse("desk:draft_reply", args=[letter.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "La fuite est réparée." in page
    assert f'action="{reverse("desk:new_reply", args=[letter.pk])}"' in page
    assert not Reply.objects.exists()
