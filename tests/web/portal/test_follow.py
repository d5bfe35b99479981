"""Following a letter: by number and code together, for half an hour, in no address."""

import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from correspondence.dispatch import sending
from correspondence.replies import circuit, drafting
from ocr import drawing
from registry.book.voiding import approve_void, ask_to_void
from registry.following import letter_by_code
from registry.models.letters import Letter
from registry.tracking import code_of
from registry.verification import verify_register
from routing.assigning import giving
from routing.check import decisions
from routing.inbox import assignments
from routing.models.clocks import DeadlineRule
from tests.factories import department, deposit, drain, kind, person
from web.portal import visit
from web.shared import pictures
from web.throttle import FOLLOW_BY_ADDRESS

pytestmark = pytest.mark.django_db
URL = "/follow/"


def login(letter: Letter, *, client: Client | None = None, number: str = "") -> Client:
    client = client or Client()
    answer = client.post(URL, {"number": number or letter.number, "code": code_of(letter.pk)})
    assert (answer.status_code, answer["Location"]) == (303, "/follow/letter/")
    return client


def answered(*, body: str = "La fuite est réparée.") -> Letter:
    letter = deposit(actor=person("amina")).letter
    assignment = giving.assign(letter, department=department("EAU"), actor=person("amina"))
    assignments.accept(assignment, actor=person("badr"))
    reply = drafting.draft_reply(letter, actor=person("badr"), subject="Réponse", body=body)
    circuit.submit_reply(reply, actor=person("badr"))
    circuit.approve_reply(reply, actor=person("dounia"))
    sending.send_reply(reply, actor=person("badr"), method="portal")
    while drain("reply.dispatch"):  # drawn first, then sent
        pass
    return letter


@pytest.mark.parametrize("written", ["{y}/IN/{s}", "IN {y} {s}", "{y}-in-{s}", "N° {s}/IN/{y}"])
@pytest.mark.parametrize("digits", ["0123456789", "٠١٢٣٤٥٦٧٨٩"])
def test_a_number_is_known_in_any_notation(written: str, digits: str) -> None:
    letter = deposit().letter
    number = written.format(y=letter.year, s=letter.serial)
    login(letter, number=number.translate(str.maketrans("0123456789", digits)))


@pytest.mark.parametrize("change", [str.lower, lambda c: c.replace("-", " "), lambda c: f" {c} "])
def test_a_code_is_known_as_people_type_it(change: Any) -> None:
    letter = deposit().letter
    code = change(code_of(letter.pk))
    assert letter_by_code(letter.number, code) == letter


def test_the_answer_never_says_which_of_the_two_was_wrong(client: Client) -> None:
    letter = deposit().letter
    good = code_of(deposit().letter.pk)
    pages = []
    for number, code in ((letter.number, good), ("1999/IN/1", good), ("so what", good)):
        answer = client.post(URL, {"number": number, "code": code})
        assert answer.status_code == 422
        pages.append(answer.content.decode().replace(number, "").split("csrfmiddlewaretoken")[-1])
    assert len({page.split(">", 1)[1] for page in pages}) == 1


@given(st.text(max_size=60), st.text(max_size=40))
def test_nothing_typed_breaks_the_door(number: str, code: str) -> None:
    assert letter_by_code(number.replace("\x00", ""), code) is None


def test_outgoing_letters_have_no_door(client: Client) -> None:
    answered()
    outgoing = Letter.objects.get(register__code="OUT")
    assert letter_by_code(outgoing.number, code_of(outgoing.pk)) is None


def test_guessing_ends_after_some_attempts(client: Client) -> None:
    letter = deposit().letter
    for _ in range(FOLLOW_BY_ADDRESS.most):
        client.post(URL, {"number": letter.number, "code": "BBBBBBBB"})
    right = client.post(URL, {"number": letter.number, "code": code_of(letter.pk)})
    assert right.status_code == 429
    login(letter, client=Client(REMOTE_ADDR="192.0.2.9"))


def test_the_page_tells_stage_history_and_due_date_but_no_name_of_staff() -> None:
    DeadlineRule.objects.get_or_create(
        kind=kind("complaint_technical"), defaults={"days": 60, "unit": "calendar"}
    )
    letter = deposit(actor=person("amina")).letter
    decisions.decide_suggestion(
        letter, actor=person("amina"), values={"kind": "complaint_technical"}
    )
    assignment = giving.assign(letter, department=department("EAU"), actor=person("amina"))
    assignments.accept(assignment, actor=person("badr"))
    page = login(letter).get("/follow/letter/").content.decode()
    assert letter.number in page
    assert department("EAU").name in page
    letter.refresh_from_db()
    assert letter.due_on is not None
    assert str(letter.due_on.year) in page
    for username in ("amina", "badr"):
        assert person(username).shown_name not in page


def test_an_answer_can_be_read_and_its_reading_is_noted_once() -> None:
    letter = answered()
    client = login(letter)
    page = client.get("/follow/letter/").content.decode()
    outgoing = Letter.objects.get(register__code="OUT")
    document = outgoing.documents.filter(media_type="application/pdf").get()
    assert f"/follow/reply/{document.pk}/" in page
    for _ in range(2):
        assert client.get(f"/follow/reply/{document.pk}/").status_code == 200
    read = outgoing.events.filter(kind="reply_read")
    assert read.count() == 1
    file: Any = client.get(f"/follow/reply/{document.pk}/file/")
    assert file["Content-Disposition"].startswith("attachment")
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert list(verify_register()) == []


def test_an_answer_stands_on_the_page_as_words_not_only_as_a_picture() -> None:
    client = login(answered())
    document = Letter.objects.get(register__code="OUT").documents.get(media_type="application/pdf")

    page = client.get(f"/follow/reply/{document.pk}/").content.decode()

    words = page.split('<article class="card written" lang="fr" dir="ltr">')[1].split("</article>")
    for told in ("<p>La fuite est réparée.</p>", "<h2>Réponse</h2>", "Rahmani", "N°"):
        assert told in words[0]
    assert "<img" not in words[0]
    assert "1.webp" in words[1]


def test_the_words_of_an_answer_are_never_markup() -> None:
    client = login(answered(body="<script>alert(1)</script>\n\n<b>x</b>"))
    document = Letter.objects.get(register__code="OUT").documents.get(media_type="application/pdf")
    page = client.get(f"/follow/reply/{document.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_an_answer_that_was_voided_is_shown_no_more() -> None:
    letter = answered()
    outgoing = Letter.objects.get(register__direction="out")
    document, client = outgoing.documents.all()[0], login(letter)
    assert client.get(f"/follow/reply/{document.pk}/file/").status_code == 200

    asked = ask_to_void(outgoing, actor=person("amina"), reason="Autre destinataire")
    approve_void(asked, actor=person("direction"))
    for address in ("", "1.webp", "file/"):
        assert client.get(f"/follow/reply/{document.pk}/{address}").status_code == 404
    assert str(document.pk) not in client.get("/follow/letter/").content.decode()


def test_a_page_of_an_answer_is_shown_as_a_picture() -> None:
    letter = answered()
    document = Letter.objects.get(register__code="OUT").documents.get(media_type="application/pdf")
    client = login(letter)
    answer: Any = client.get(f"/follow/reply/{document.pk}/1.webp")
    assert answer["Content-Type"] == "image/webp"
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    assert client.get(f"/follow/reply/{document.pk}/99.webp").status_code == 404


def test_a_picture_of_an_answer_that_waits_for_others_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, own_data_dir: Path
) -> None:
    letter = answered()
    document = Letter.objects.get(register__code="OUT").documents.get(media_type="application/pdf")
    client = login(letter)
    monkeypatch.setattr(pictures, "PATIENCE", 0)
    address = f"/follow/reply/{document.pk}/1.webp"
    assert "data-picture-state" in client.get(f"/follow/reply/{document.pk}/").content.decode()
    with drawing._places, drawing._places:
        shown = client.get(address, headers={"accept": "image/webp,*/*;q=0.8"})
        opened = client.get(address, headers={"accept": "text/html"})
    for later in (shown, opened):
        assert (later.status_code, later["Retry-After"]) == (503, pictures.AGAIN_SECONDS)
    assert shown.content == b""
    assert f'href="/follow/reply/{document.pk}/"' in opened.content.decode()
    assert client.get(address).status_code == 200


def test_a_visit_opens_no_document_of_another_letter() -> None:
    theirs = answered()
    document = Letter.objects.get(register__code="OUT").documents.first()
    assert document is not None
    client = login(deposit().letter)
    own = theirs.documents.get()
    for row in (document, own):
        for rest in ("", "1.webp", "file/"):
            assert client.get(f"/follow/reply/{row.pk}/{rest}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/follow/letter/", "/portal/deposit/done/", "/portal/receipt/", "/portal/receipt/state/"],
)
def test_without_a_visit_every_page_of_a_letter_leads_to_the_door(
    client: Client, path: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (303, "/follow/")


def test_a_visit_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    client = login(deposit().letter)
    now = time.time()
    monkeypatch.setattr("web.shared.timed_facts.time.time", lambda: now + visit.SECONDS + 1)
    assert client.get("/follow/letter/").status_code == 303


def test_a_visit_ends_when_it_is_closed() -> None:
    client = login(deposit().letter)
    assert client.post("/follow/leave/").status_code == 303
    assert client.get("/follow/letter/").status_code == 303
    assert client.get("/follow/leave/").status_code == 405


def test_a_code_is_shown_after_the_deposit_only() -> None:
    letter = deposit().letter
    client = login(letter)
    assert code_of(letter.pk) not in client.get("/follow/letter/").content.decode()
    assert client.get("/portal/deposit/done/").status_code == 303


def test_a_voided_letter_says_so_and_keeps_its_number() -> None:
    letter = deposit(actor=person("amina")).letter
    request = ask_to_void(letter, actor=person("amina"), reason="Doublon de Fatima")
    approve_void(request, actor=person("direction"))
    page = login(letter).get("/follow/letter/").content.decode()
    assert "struck" in page
    assert request.minute_number is not None
    assert request.minute_number in page
    assert "Fatima" not in page


def test_pages_of_a_letter_are_kept_by_no_cache() -> None:
    client = login(deposit().letter)
    assert "no-store" in client.get("/follow/letter/")["Cache-Control"]
