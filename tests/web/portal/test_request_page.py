"""The citizen's page of a request: where it is, what is awaited, messages; scoped by the visit."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.catalogue.publishing import definition_of, published_types
from eservices.kinds import EserviceEvent
from eservices.people.models import Mandate
from eservices.readings.deciding import decline
from eservices.requests.acting import take_action
from eservices.requests.children import open_child
from eservices.requests.messages import write_message
from eservices.requests.models import Message, Quotation, Request
from ocr import drawing
from org.models import User
from registry.models.events import LetterEvent
from tests.eservices.citizens import citizen, person_of
from tests.eservices.office import content_of, opened
from tests.eservices.readings.readings import a_read_meter, reader, sent
from tests.factories import file, person, picture_bytes
from tests.web.portal.test_follow import login
from web.portal.request_page import shown
from web.portal.request_page.way import is_side_way, next_words, steps_of
from web.portal.request_page.works import Quoted
from web.shared import pictures
from web.shared.public_words import lines_of
from web.throttle import DEPOSIT_BY_ADDRESS, count_attempt

pytestmark = pytest.mark.django_db
PAGE = "/follow/letter/"


def fresh(request: Request) -> Request:
    """The request as it is now."""
    return Request.objects.select_related("letter", "version").get(pk=request.pk)


def seen(request: Request) -> str:
    """What the page's forms say of the stage."""
    now = fresh(request)
    return f"{now.stage}@{now.stage_since.isoformat()}"


def asked_for_pieces(badr: User) -> Request:
    """A request whose citizen is waited for."""
    request = opened(email="f@example.org")
    take_action(fresh(request), "triage", actor=badr)
    return request


def test_the_page_says_where_the_request_is_and_what_comes(badr: User) -> None:
    request = asked_for_pieces(badr)
    page = login(request.letter).get(PAGE).content.decode()
    definition = definition_of(request.version)
    assert 'aria-current="step"' in page
    for stage in definition.stages:
        if stage.kind not in ("end", "waiting_citizen"):
            assert stage.public.fr in page.replace("&#x27;", "'"), stage.code
    assert "Ce qui vient ensuite" in page
    assert "Retirer ma demande" in page
    for words in ("Ma demande", "Fermer ma demande", "Votre demande a été enregistrée"):
        assert words in page
    assert "courrier" not in page.partition("<main")[2].partition("</main>")[0]


def test_the_page_says_why_a_request_ended_and_where_to_go_on(mailoutbox: list[Any]) -> None:
    request = sent(a_read_meter(), 9000)
    decline(request.readings.get().pk, actor=reader(), reason="photo", text="Trop sombre.")
    page = login(request.letter).get(PAGE).content.decode()
    assert "Trop sombre." in page
    assert re.search(r'<a href="[^"]+/readings/again/[^"]+"', page)
    assert "Médiateur" in page


def test_pieces_are_a_side_way_and_a_quotation_is_not() -> None:
    request = opened("complaint_water")
    from eservices.catalogue.publishing import published

    found = published("developer_file")
    assert found is not None
    assert request.pk
    side = [s.code for s in found.definition.stages if is_side_way(found.definition, s)]
    assert side == ["pieces"]


def test_where_pieces_are_awaited_it_is_no_news_that_the_request_is_received() -> None:
    """From there it goes back to the intake in many services: told is what then comes."""
    told = []
    for one in published_types():
        definition = one.definition
        for stage in definition.stages:
            if is_side_way(definition, stage):
                row = Request(stage=stage.code, stage_kind=stage.kind, stage_since=timezone.now())
                opened_at = LetterEvent(
                    seq=1,
                    at=timezone.now(),
                    kind=EserviceEvent.REQUEST_OPENED,
                    data={"to": definition.first.code},
                )
                steps = steps_of(definition, row, [opened_at], "fr")
                told.append((next_words(definition, row, steps, "fr"), definition.first.public.fr))
    assert len(told) > 10
    assert [words for words, received in told if words in ("", received)] == []


def test_what_only_a_decision_leads_to_is_not_told_before_it_is_taken() -> None:
    """Nobody reads “your complaint is upheld” while the complaint is under review."""
    types = {one.version.service.code: one.definition for one in published_types()}
    for code, before, after in (
        ("complaint_bill", "decision", {"call_back", "call_back_refused"}),
        ("meter_check", "visit", {"call_back"}),
    ):
        found = types[code]
        stage = found.stage(before)
        row = Request(stage=before, stage_kind=stage.kind, stage_since=timezone.now())
        steps = steps_of(found, row, [], "fr")
        told = {step.words for step in steps}
        assert not told & {found.stage(one).public.fr for one in after}, code
    row = Request(stage="call_back_refused", stage_kind="work", stage_since=timezone.now())
    complaint = types["complaint_bill"]
    steps = steps_of(complaint, row, [], "fr")
    refused, upheld = (complaint.stage(one).public.fr for one in ("call_back_refused", "call_back"))
    assert [step.words for step in steps if step.state == "now"] == [refused]
    assert upheld not in {step.words for step in steps}


def test_of_two_stages_that_exclude_each_other_none_is_told_before_it_is_reached() -> None:
    """Who ends a contract does not read that we wait for their payment, and that we refund them."""
    types = {one.version.service.code: one.definition for one in published_types()}
    cancellation = types["cancellation"]
    words = {code: cancellation.stage(code).public.fr for code in ("payment", "refund")}
    seen = {}
    for code in ("received", "final_bill", "payment", "refund"):
        stage = cancellation.stage(code)
        row = Request(stage=code, stage_kind=stage.kind, stage_since=timezone.now())
        steps = steps_of(cancellation, row, [], "fr")
        seen[code] = {one for one, said in words.items() if said in {step.words for step in steps}}
    assert seen == {
        "received": set(), "final_bill": set(), "payment": {"payment"}, "refund": {"refund"}
    }  # fmt: skip
    connection = types["connection_water"]
    first = connection.first
    row = Request(stage=first.code, stage_kind=first.kind, stage_since=timezone.now())
    assert len(steps_of(connection, row, [], "fr")) > 6  # what comes one after the other is told


def test_the_day_awaited_is_that_on_which_the_quotation_or_the_bill_ends() -> None:
    today = timezone.localdate()
    soon, later, over = (today + timedelta(days=n) for n in (5, 40, -3))
    row = Request(stage_due_on=later)
    nothing: dict[str, Any] = {"dues_waiting": [], "dues_parts": []}

    def quoted(day: date) -> Quoted:
        return Quoted(Quotation(valid_until=day), [], over=day < today)

    assert shown._until(row, quoted(soon), nothing) == soon
    assert shown._until(row, quoted(over), nothing) == later  # it cannot be accepted any more
    assert shown._until(Request(stage_due_on=soon), quoted(later), nothing) == soon
    owed = {"dues_waiting": [Bill(due_on=later), Bill(due_on=soon)], "dues_parts": []}
    assert shown._until(row, None, owed) == soon
    assert shown._until(Request(), None, nothing) is None


def test_a_refusal_keeps_its_reason_when_the_complaint_is_closed() -> None:
    """From the decision on the page says why, also once the call was made and the request ended."""
    row = Request(stage="call_back_refused", stage_kind="work", outcome="refused")
    appeal = {"fr": "Adressez-vous au Médiateur."}
    moved, decided = EserviceEvent.REQUEST_MOVED, EserviceEvent.REQUEST_DECIDED
    earlier = {"outcome": "refused", "reason": "Photo illisible.", "appeal": appeal}
    refused = {"outcome": "refused", "reason": "L’index est exact.", "appeal": appeal}
    closing = {"outcome": "refused", "reason": "Usager joint.", "appeal": appeal}
    past = [(decided, earlier), (moved, {"decides": False}), (decided, refused)]
    end = [(moved, {"decides": True}), (decided, closing)]
    events = [LetterEvent(kind=kind, data=data) for kind, data in past]
    assert shown._decision(row, events, "fr")["reasons"] == ["L’index est exact."]
    events += [LetterEvent(kind=kind, data=data) for kind, data in end]
    row.ended_at = timezone.now()
    told = shown._decision(row, events, "fr")
    assert told["reasons"] == ["L’index est exact.", "Usager joint."]
    assert told["appeal"] == "Adressez-vous au Médiateur."


def test_the_history_says_a_decision_once_though_the_end_repeats_it() -> None:
    moved, decided = EserviceEvent.REQUEST_MOVED, EserviceEvent.REQUEST_DECIDED
    stage = {"stage": {"fr": "Étape"}}
    past: list[tuple[str, dict[str, Any]]] = [
        (moved, {**stage, "decides": True}), (decided, {"outcome": "refused"}),
        (moved, {**stage, "decides": True}), (decided, {"outcome": "refused"}),
        (moved, {**stage, "decides": False}),  # taken up again
        (moved, {**stage, "decides": True}), (decided, {"outcome": "refused"}),
        (moved, {**stage, "decides": True}), (decided, {"outcome": "granted"}),
    ]  # fmt: skip
    events = [
        LetterEvent(seq=seq, at=timezone.now(), kind=kind, data=data)
        for seq, (kind, data) in enumerate(past)
    ]
    for given in (events, events[::-1]):
        told = [line.words for line in lines_of(given) if "décision" in line.words]
        assert [words.rpartition(" ")[2] for words in told] == (
            ["Refusée", "Refusée", "Accordée"] if given is events
            else ["Accordée", "Refusée", "Refusée"]
        )  # fmt: skip


def test_the_citizen_alone_sees_pictures_of_what_they_sent(
    badr: User, own_data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked_for_pieces(badr)
    client = login(request.letter)
    photo = SimpleUploadedFile("photo.png", picture_bytes(), "image/png")
    client.post("/follow/request/message/", {"text": "Voici.", "files": photo})
    ours = file("avis.png", picture_bytes())
    write_message(fresh(request), text="Et voilà.", actor=badr, files=[ours])
    page = client.get(PAGE).content.decode()
    assert "Vos réponses" in page
    assert "request.pdf" not in page
    theirs, of_office = (
        Message.objects.get(request=request, from_citizen=mine).documents.get()
        for mine in (True, False)
    )
    address = f"/follow/request/picture/{theirs.pk}/"
    [image] = [one for one in re.findall(r"<img[^>]*>", page) if f'src="{address}"' in one]
    assert 'width="72"' in image
    assert 'height="96"' in image  # its place is kept, whenever it comes
    with monkeypatch.context() as hurried, drawing._places, drawing._places:
        hurried.setattr(pictures, "PATIENCE", 0)
        later = client.get(address)
    assert (later.status_code, later["Retry-After"]) == (503, pictures.AGAIN_SECONDS)
    assert client.get(address)["Content-Type"] == "image/webp"
    assert client.get(f"/follow/request/picture/{of_office.pk}/").status_code == 404

    other = login(opened(email="g@example.org").letter)
    assert other.get(address).status_code == 404
    nobody = Client().get(address)
    assert (nobody.status_code, nobody["Location"]) == (303, "/follow/")


def test_messages_go_both_ways_with_files_and_are_read(badr: User) -> None:
    request = asked_for_pieces(badr)
    client = login(request.letter)
    plan = SimpleUploadedFile("plan.txt", "Le compteur est derrière la porte.".encode())
    client.post("/follow/request/message/", {"text": "Voici le plan.", "files": plan})
    theirs = Message.objects.get(request=request, from_citizen=True)
    assert theirs.documents.count() == 1
    ours = write_message(
        fresh(request), text="Merci, nous venons.", actor=badr, files=[file("avis.txt", b"Avis")]
    )
    page = client.get(PAGE).content.decode()
    assert "Merci, nous venons." in page
    assert "Voici le plan." in page
    ours.refresh_from_db()
    assert ours.read_at is not None
    document = ours.documents.get()
    answer = client.get(f"/follow/request/document/{document.pk}/")
    assert b"".join(answer.streaming_content) == b"Avis"  # type: ignore[attr-defined]


def test_an_empty_message_is_refused_in_words() -> None:
    client = login(opened().letter)
    answer = client.post("/follow/request/message/", {"text": "  "}, follow=True)
    assert "Écrivez un message" in answer.content.decode()
    assert not Message.objects.exists()


def test_a_message_of_many_short_lines_arrives_whole(badr: User) -> None:
    # A browser sends two characters for each end of a line, and its field counts one.
    client = login(asked_for_pieces(badr).letter)
    text = "a\r\n" * 1998 + "fin"
    assert len(text) > 5000
    client.post("/follow/request/message/", {"text": text})
    assert Message.objects.get(from_citizen=True).text == text.replace("\r\n", "\n")


def test_a_message_with_a_file_that_is_refused_keeps_its_text() -> None:
    client = login(opened().letter)
    program = SimpleUploadedFile("a.pdf", b"MZ\x90 a program")
    answer = client.post("/follow/request/message/", {"text": "Voici le plan.", "files": program})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "a.pdf" in page
    assert "Voici le plan.</textarea>" in page
    assert not Message.objects.exists()


def test_too_many_attempts_keep_the_text_of_a_message() -> None:
    client = login(opened().letter)
    for _each in range(DEPOSIT_BY_ADDRESS.most):
        count_attempt(DEPOSIT_BY_ADDRESS, "127.0.0.1")
    answer = client.post("/follow/request/message/", {"text": "Voici le plan."})
    assert answer.status_code == 429
    assert "Voici le plan.</textarea>" in answer.content.decode()


def test_staff_read_no_messages_for_the_citizen(badr: User) -> None:
    request = asked_for_pieces(badr)
    ours = write_message(fresh(request), text="Bonjour", actor=badr)
    client = login(request.letter)
    client.force_login(badr)
    client.get(PAGE)
    ours.refresh_from_db()
    assert ours.read_at is None
    client.post("/follow/request/message/", {"text": "Pour lui"})
    assert Message.objects.count() == 1


@pytest.mark.parametrize("sure", [True, False])
def test_a_withdrawal_is_confirmed(badr: User, sure: bool) -> None:
    request = asked_for_pieces(badr)
    client = login(request.letter)
    said = {"action": "withdraw", "ask": "confirm", "seen": seen(request)}
    client.post("/follow/request/action/", said | ({"sure": "1"} if sure else {}))
    assert fresh(request).outcome == ("withdrawn" if sure else "")
    withdrawn = LetterEvent.objects.filter(
        letter=request.letter, kind=EserviceEvent.REQUEST_WITHDRAWN
    )
    assert withdrawn.exists() is sure


def test_a_page_of_an_earlier_stage_acts_no_more(badr: User) -> None:
    request = opened()
    client, before = login(request.letter), seen(request)
    take_action(fresh(request), "triage", actor=badr)
    said = {"action": "withdraw", "ask": "confirm", "sure": "1", "seen": before}
    answer = client.post("/follow/request/action/", said, follow=True)
    assert fresh(request).outcome == ""
    assert "entre-temps" in answer.content.decode()


def test_another_visit_gets_what_does_not_exist(badr: User) -> None:
    request = asked_for_pieces(badr)
    ours = write_message(
        fresh(request), text="Secret", actor=badr, files=[file("avis.txt", b"Avis")]
    )
    document = ours.documents.get()
    other = login(opened().letter)
    addresses = (document.pk, "00000000-0000-0000-0000-000000000000")
    answers = [other.get(f"/follow/request/document/{pk}/") for pk in addresses]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({len(answer.content) for answer in answers}) == 1
    assert "Secret" not in other.get(PAGE).content.decode()
    nobody = Client().get(f"/follow/request/document/{document.pk}/")
    assert (nobody.status_code, nobody["Location"]) == (
        302,
        "/follow/",
    ) or nobody.status_code == 303


def test_a_letter_that_is_no_request_has_none_of_it() -> None:
    from tests.factories import deposit

    client = login(deposit().letter)
    assert client.post("/follow/request/message/", {"text": "Bonjour"}).status_code == 404
    assert "Mes messages" not in client.get(PAGE).content.decode()


def test_trades_stand_on_the_page_of_their_file() -> None:
    content = content_of(
        "complaint_water", code="file", trades=["water", "sewage"], child="complaint_water",
        department="EAU",
    )  # fmt: skip
    request = opened(content)
    child = open_child(fresh(request), "water", actor=person("amina")).request
    page = login(request.letter).get(PAGE).content.decode()
    assert child.letter.number in page
    assert "par métier" in page


def mandate_of(agent: Any, principal: Any, **more: Any) -> Mandate:
    """A mandate that holds."""
    now = timezone.now()
    return Mandate.objects.create(
        agent=agent, principal=principal, asked_by=principal, made_at=now, confirmed_at=now, **more
    )


def test_who_acts_for_the_owner_loses_the_page_with_the_mandate(
    mailoutbox: list[EmailMessage],
) -> None:
    client = citizen("architect@example.org", mailoutbox)
    agent = person_of("architect@example.org")
    citizen("owner@example.org", mailoutbox)
    mandate = mandate_of(agent, person_of("owner@example.org"))
    request = opened(
        person=agent, mandate=mandate, on_behalf_of=mandate.principal,
        email="architect@example.org",
    )  # fmt: skip
    assert client.post("/my/open/", {"letter": str(request.letter_id)}).status_code == 303
    assert client.get(PAGE).status_code == 200
    client.post("/follow/request/message/", {"text": "Au nom du propriétaire"})
    assert Message.objects.get().person == agent
    mandate.revoked_at = timezone.now()
    mandate.save()
    gone = client.get(PAGE)
    assert (gone.status_code, gone["Location"]) == (303, "/follow/")
    client.post("/follow/request/message/", {"text": "Encore"})
    assert Message.objects.count() == 1
    wrong = client.post("/my/open/", {"letter": str(request.letter_id)})
    none = client.post("/my/open/", {"letter": "00000000-0000-0000-0000-000000000000"})
    assert (wrong.status_code, none.status_code) == (404, 404)
    assert request.letter.number not in client.get("/my/").content.decode()


def test_a_message_that_just_fits_its_field_is_taken_though_browsers_send_longer_line_ends(
    badr: User, own_data_dir: Path
) -> None:
    request = asked_for_pieces(badr)
    text = "\r\n".join(["x" * 39] * 100)  # 3999 letters as the field counts them
    login(request.letter).post("/follow/request/message/", {"text": text})
    assert Message.objects.get(request=request).text == text.replace("\r\n", "\n")
