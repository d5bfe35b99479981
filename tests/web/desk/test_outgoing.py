"""Outgoing mail on screen: lists and what is done from them, for the office and a department."""

import base64
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw

from correspondence.dispatch import posting, sending
from correspondence.models.dispatch import Dispatch, PostingLine, PostingList
from correspondence.models.replies import Reply
from correspondence.replies import circuit, drafting
from registry.models.letters import Letter
from routing.assigning import giving
from routing.inbox import assignments
from tests.factories import department, deposit, drain, person, picture_bytes

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
HOME = "12, rue des Orangers"


def sent(
    method: str, *, address: str = HOME, subject: str = "Fuite", drawn: bool = True
) -> Dispatch:
    """A reply of EAU on its way out; with its paper, or as the moment before it is drawn."""
    amina, badr = person("amina"), person("badr")
    letter = deposit(actor=amina, subject=subject).letter
    assignments.accept(giving.assign(letter, department=department("EAU"), actor=amina), actor=badr)
    reply = drafting.draft_reply(letter, actor=badr, subject=f"Re {subject}", body="Réparée.")
    circuit.submit_reply(reply, actor=badr)
    circuit.approve_reply(reply, actor=person("dounia"))
    sending.send_reply(reply, actor=badr, method=method, address=address)
    if drawn:
        work()
    return Dispatch.objects.select_related("letter", "reply").get(reply=reply)


def work() -> None:
    for _ in range(4):
        drain("reply.dispatch", "posting.draw")


def signature_url() -> str:
    image = Image.new("RGB", (300, 100), "white")
    ImageDraw.Draw(image).line((10, 80, 280, 20), fill="black", width=4)
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def test_a_day_at_the_post_office(browser: Browser) -> None:
    dispatch = sent("registered")
    amina = browser("amina")
    page = amina.get(reverse("desk:outgoing")).content.decode()
    assert dispatch.letter.number in page
    assert HOME in page
    line = PostingLine.objects.get()
    address = reverse("desk:describe_line", args=[line.pk])
    given = {"tracking_number": "RR123456784MA", "weight": "٤٠", "postage": "1\u202f034,50"}
    answer = amina.post(address, given, follow=True)
    assert "RR123456784MA" in answer.content.decode()  # kept, and warned of
    line.refresh_from_db()
    assert (line.weight, str(line.postage)) == (40, "1034.50")
    amina.post(address, {"tracking_number": "RR123456785MA"})
    amina.post(reverse("desk:close_posting_list"), {"way": "registered"})
    work()
    row = PostingList.objects.get()
    lists = amina.get(reverse("desk:posting_lists")).content.decode()
    assert row.number in lists
    paper: Any = amina.get(reverse("desk:posting_list_file", args=[row.pk]))
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    waiting = reverse("desk:unacknowledged")
    assert dispatch.letter.number in amina.get(waiting).content.decode()
    found = amina.get(waiting, {"number": "rr123456785ma"}).content.decode()
    assert dispatch.letter.number in found
    assert dispatch.letter.number not in amina.get(waiting, {"number": "X"}).content.decode()


def test_the_second_clerk_to_describe_a_letter_is_told(browser: Browser) -> None:
    sent("registered")
    amina, line = browser("amina"), PostingLine.objects.get()
    address = reverse("desk:describe_line", args=[line.pk])
    page = amina.get(reverse("desk:outgoing")).content.decode()
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    amina.post(address, {"tracking_number": "RR123456785MA", "seen": seen})

    told = amina.post(address, {"postage": "31", "seen": seen}, follow=True)

    line.refresh_from_db()
    assert (line.tracking_number, line.postage) == ("RR123456785MA", None)
    assert "notice warning" in told.content.decode() or "Quelqu" in told.content.decode()
    page = amina.get(reverse("desk:outgoing")).content.decode()
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    given = {"tracking_number": "RR123456785MA", "postage": "31", "seen": seen}
    amina.post(address, given)
    line.refresh_from_db()
    assert str(line.postage) == "31.00"


@pytest.mark.parametrize(
    "given",
    [
        *({"weight": "lourd"}, {"weight": "9" * 30}, {"weight": "0" * 9 + "9" * 11}),
        *({"weight": "0" * 9 + "9" * 5000}, {"weight": "²"}),
        *({"postage": "-1"}, {"postage": "NaN"}, {"postage": "sNaN"}, {"postage": "1e999999"}),
    ],
)
def test_figures_that_are_none_are_refused(browser: Browser, given: dict[str, str]) -> None:
    sent("registered")
    line = PostingLine.objects.get()
    address = reverse("desk:describe_line", args=[line.pk])
    answer = browser("amina").post(address, given, follow=True)
    assert answer.status_code == 200
    line.refresh_from_db()
    assert (line.weight, line.postage) == (None, None)


def posted() -> Dispatch:
    dispatch = sent("registered")
    line = PostingLine.objects.get()
    amina = person("amina")
    posting.describe_line(line, actor=amina, tracking_number="RR123456785MA")
    posting.close_posting_list(actor=amina, way="registered")
    work()
    return dispatch


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d/%m/%Y"])
def test_an_acknowledgement_with_its_scan(browser: Browser, form: str) -> None:
    dispatch = posted()
    address = reverse("desk:on_dispatch", args=[dispatch.pk, "acknowledge"])
    scan = SimpleUploadedFile("ar.png", picture_bytes("AR"), content_type="image/png")
    browser("amina").post(address, {"on": timezone.localdate().strftime(form), "scan": scan})
    dispatch.refresh_from_db()
    assert dispatch.state == "delivered"
    proof: Any = browser("badr").get(reverse("desk:dispatch_proof", args=[dispatch.pk]))
    assert proof.status_code == 200
    letter = browser("badr").get(reverse("desk:letter", args=[dispatch.reply.letter_id]))
    assert "RR123456785MA" in letter.content.decode()


@pytest.mark.parametrize("day", ["", "tomorrow", "2999-01-01"])
def test_a_day_that_cannot_be_is_said_and_nothing_is_kept(browser: Browser, day: str) -> None:
    dispatch = posted()
    address = reverse("desk:on_dispatch", args=[dispatch.pk, "acknowledge"])
    assert browser("amina").post(address, {"on": day}, follow=True).status_code == 200
    dispatch.refresh_from_db()
    assert dispatch.state == "sent"


def test_what_came_back_stands_in_the_list_of_office_and_department(browser: Browser) -> None:
    dispatch = posted()
    address = reverse("desk:on_dispatch", args=[dispatch.pk, "return"])
    browser("badr").post(address, {"reason": "unclaimed"})
    back = reverse("desk:came_back")
    for who, sees in (("amina", True), ("badr", True), ("chafik", False)):
        page = browser(who).get(back).content.decode()
        assert (dispatch.letter.number in page) is sees
        assert ("<b>1</b>" in page) is sees
    settle = reverse("desk:on_dispatch", args=[dispatch.pk, "settle"])
    assert browser("chafik").post(settle, {"remark": "x"}).status_code == 404
    browser("badr").post(settle, {"remark": "Appelé"})
    assert dispatch.letter.number not in browser("badr").get(back).content.decode()


def test_a_letter_is_handed_over_with_a_drawn_signature(browser: Browser) -> None:
    dispatch = sent("handed_over", address="")
    amina = browser("amina")
    assert dispatch.letter.number in amina.get(reverse("desk:at_the_counter")).content.decode()
    address = reverse("desk:hand_over", args=[dispatch.pk])
    assert amina.get(address).status_code == 200
    refused = amina.post(address, {"name": "Mme Idrissi", "drawn": ""})
    assert refused.status_code == 422
    assert "Mme Idrissi" in refused.content.decode()
    done = amina.post(address, {"name": "Mme Idrissi", "drawn": signature_url()})
    assert done.status_code == 303
    dispatch.refresh_from_db()
    assert dispatch.state == "handed_over"
    shown: Any = amina.get(reverse("desk:dispatch_proof", args=[dispatch.pk]))
    assert shown["Content-Type"] == "image/png"


@pytest.mark.parametrize("drawn", ["data:text/html;base64,AAAA", "data:image/png;base64,@@", "x"])
def test_what_is_no_drawing_is_refused(browser: Browser, drawn: str) -> None:
    dispatch = sent("handed_over", address="")
    address = reverse("desk:hand_over", args=[dispatch.pk])
    assert browser("amina").post(address, {"name": "X", "drawn": drawn}).status_code == 422


def test_without_a_screen_the_signed_slip_is_added(browser: Browser) -> None:
    dispatch = sent("handed_over", address="")
    slip = browser("badr").get(reverse("desk:handover_slip", args=[dispatch.pk]))
    assert slip.content.startswith(b"%PDF")
    scan = SimpleUploadedFile("slip.png", picture_bytes("Signé"), content_type="image/png")
    address = reverse("desk:hand_over", args=[dispatch.pk])
    browser("badr").post(address, {"name": "Mme Idrissi", "slip": scan})
    dispatch.refresh_from_db()
    assert dispatch.state == "handed_over"


def test_others_do_not_open_a_way_out(browser: Browser) -> None:
    dispatch = sent("handed_over", address="")
    for name in ("hand_over", "handover_slip", "dispatch_proof"):
        address = reverse(f"desk:{name}", args=[dispatch.pk])
        assert browser("chafik").get(address).status_code == 404
    address = reverse("desk:hand_over", args=[dispatch.pk])
    assert browser("audit").get(address).status_code == 403


def test_a_reply_leaves_by_a_further_way_from_its_letter(browser: Browser) -> None:
    dispatch = sent("portal", address="")
    letter = dispatch.reply.letter_id
    address = reverse("desk:on_reply", args=[letter, dispatch.reply_id, "also"])
    browser("badr").post(address, {"method": "post", "address": HOME})
    assert set(Dispatch.objects.values_list("method", flat=True)) == {"portal", "post"}
    page = browser("badr").get(reverse("desk:letter", args=[letter])).content.decode()
    assert HOME in page


def test_an_answered_letter_is_taken_up_again(browser: Browser) -> None:
    dispatch = sent("portal", address="")
    letter = dispatch.reply.home.pk
    address = reverse("desk:reopen", args=[letter])
    browser("amina").post(address, {"reason": "Le client rappelle"})
    assert Letter.objects.get(pk=letter).stage == "in_hand"
    page = browser("amina").get(reverse("desk:letter", args=[letter])).content.decode()
    assert "Le client rappelle" in page


def test_that_the_citizen_has_read_stands_on_the_letter(browser: Browser) -> None:
    dispatch = sent("portal", address="")
    sending.note_portal_reading(dispatch.letter)
    page = browser("badr").get(reverse("desk:letter", args=[dispatch.reply.letter_id]))
    assert "lu par l" in page.content.decode()


def test_a_letter_is_not_ready_before_its_paper_is_drawn(browser: Browser) -> None:
    sent("registered", drawn=False)
    amina, line = browser("amina"), PostingLine.objects.get()
    given = {"tracking_number": "RR123456785MA"}
    amina.post(reverse("desk:describe_line", args=[line.pk]), given)
    (row,) = amina.get(reverse("desk:outgoing")).context["rows"]
    assert (row.ready, row.drawn) == (False, False)
    close = reverse("desk:close_posting_list")
    refused = amina.post(close, {"way": "registered"}, follow=True).content.decode()
    assert "en cours de mise en page" in refused
    assert not PostingList.objects.exists()
    work()
    (row,) = amina.get(reverse("desk:outgoing")).context["rows"]
    assert (row.ready, row.drawn) == (True, True)
    amina.post(close, {"way": "registered"})
    assert PostingList.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("outgoing", "registered"),
        ("at_the_counter", "handed_over"),
    ],
)
def test_a_list_takes_the_same_queries_for_more_letters(
    browser: Browser, name: str, method: str
) -> None:
    client, address = browser("amina"), reverse(f"desk:{name}")
    counts = []
    for subject in ("Une", "Deux", "Trois"):
        sent(method, address=HOME if method == "registered" else "", subject=subject)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_lists_go_on_by_key(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.desk.outgoing.pages.ROWS", 1)
    first, second = sent("handed_over", address=""), sent("handed_over", address="")
    client, address = browser("amina"), reverse("desk:at_the_counter")
    page = client.get(address)
    assert first.letter.number in page.content.decode()
    assert second.letter.number not in page.content.decode()
    further = client.get(address, {"from": page.context["next"]}).content.decode()
    assert second.letter.number in further
    assert client.get(address, {"from": "made-up"}).status_code == 404
    assert Reply.objects.count() == 2


def test_a_list_that_cannot_be_closed_leaves_the_clerk_on_its_page(browser: Browser) -> None:
    client, page = browser("amina"), "http://testserver/outgoing/?way=post"
    answer = client.post("/outgoing/close/", headers={"referer": page})
    assert (answer.status_code, answer["Location"]) == (303, "/outgoing/?way=post")
    elsewhere = "https://ailleurs.example/outgoing/"
    for other in (elsewhere, "http://testserver/outgoing/close/", ""):
        answer = client.post("/outgoing/close/", headers={"referer": other})
        assert (answer.status_code, answer["Location"]) == (303, "/")
