"""My day: what waits for each duty, in words, with as many queries however much there is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from correspondence.dispatch import sending
from correspondence.dispatch.changing import changing_dispatch
from correspondence.dispatch.undelivered import came_back
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from correspondence.replies import circuit, drafting
from org.absences import announce
from org.models import User
from registry.book.voiding import ask_to_void
from registry.disposal import lists
from registry.models.disposal import DisposalList
from registry.models.letters import Letter
from routing.assigning import giving
from routing.clocks import pieces
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.opinions import opinion_requests
from tests.factories import department, deposit, person
from tests.registry.disposing import archivist, old_letter, proposed, schedule

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
MOST_QUERIES = 40  # a head who is an agent too, with the menu's own


def tiles(client: Client) -> dict[str, Any]:
    answer = client.get("/day/")
    assert answer.status_code == 200
    return {tile.code: tile for tile in answer.context["tiles"]}


def given(amina: User, badr: User, *, due: int, to: User | None = None) -> Assignment:
    """A letter that EAU has, due in so many days; a person has it where one is named."""
    letter = deposit(actor=amina, subject="Fuite rue Ibn Sina").letter
    row = giving.assign(letter, department=department("EAU"), actor=amina)
    if to is not None:
        assignments.accept(row, actor=badr)
    day = timezone.localdate() + timedelta(days=due)
    Assignment.objects.filter(pk=row.pk).update(due_on=day, person=to)
    row.refresh_from_db()
    return row


def test_an_agent_sees_what_is_late_due_today_returned_and_asked(
    amina: User, badr: User, browser: Browser
) -> None:
    late = given(amina, badr, due=-2, to=badr)
    given(amina, badr, due=0, to=badr)
    given(amina, badr, due=5, to=badr)
    reply = drafting.draft_reply(late.letter, actor=badr, subject="Réponse", body="Texte")
    Reply.objects.filter(pk=reply.pk).update(remark="Revoir le ton")
    other = deposit(actor=amina).letter
    opinion_requests.ask_opinions(
        other,
        [opinion_requests.AskedDepartment(department("EAU"))],
        question="Conforme ?",
        actor=amina,
    )
    found = tiles(browser("badr"))
    assert {code: tile.count for code, tile in found.items() if tile.count} == {
        "late": 1, "today": 1, "opinions": 1, "returned": 1,
    }  # fmt: skip
    assert found["late"].bad
    assert found["late"].said == "1 courrier"
    assert "en retard de 2" in found["late"].rows[0].small
    assert found["returned"].rows[0].small == "Revoir le ton"
    assert "assign" not in found


def test_an_agent_sees_what_nobody_accepted_and_the_replies_that_came_back(
    amina: User, badr: User, dounia: User, browser: Browser
) -> None:
    client = browser("badr")
    assert "Rien ne vous attend" in client.get("/day/").content.decode()
    given(amina, badr, due=9)
    hers = given(amina, badr, due=9)
    Assignment.objects.filter(pk=hers.pk).update(person=dounia)
    done = given(amina, badr, due=9, to=badr)
    reply = drafting.draft_reply(done.letter, actor=badr, subject="Votre compteur", body="Texte")
    circuit.submit_reply(reply, actor=badr)
    circuit.approve_reply(Reply.objects.get(pk=reply.pk), actor=dounia)
    sending.send_reply(
        Reply.objects.get(pk=reply.pk), actor=badr, method="email", address="a@example.org"
    )
    dispatch = Dispatch.objects.select_related("letter", "reply__letter").get()
    with changing_dispatch(dispatch) as change:
        came_back(change, "mail_refused", proof={"problem": "mail_refused"})
    found = tiles(client)
    assert "Rien ne vous attend" not in client.get("/day/").content.decode()
    assert {code: tile.count for code, tile in found.items() if tile.count} == {
        "accept": 1, "undelivered": 1,
    }  # fmt: skip
    assert found["undelivered"].bad
    assert client.get(found["undelivered"].rows[0].href).status_code == 303
    assert reply.subject in client.get(found["undelivered"].link).content.decode()
    again = Reply.objects.get(pk=reply.pk)
    sending.send_reply(again, actor=badr, method="email", address="b@example.org")
    assert tiles(client)["undelivered"].count == 0
    assert reply.subject not in client.get(found["undelivered"].link).content.decode()
    assert "accept" not in tiles(browser("dounia"))  # of a head it is what she assigns


def test_a_head_sees_what_to_assign_what_is_late_and_who_is_away(
    amina: User, badr: User, dounia: User, browser: Browser
) -> None:
    given(amina, badr, due=9)
    given(amina, badr, due=-1, to=badr)
    today = timezone.localdate()
    announce(badr, delegate=dounia, starts_on=today, ends_on=today, actor=badr)
    found = tiles(browser("dounia"))
    counts = {code: found[code].count for code in ("assign", "late_here", "sign", "absences")}
    assert counts == {"assign": 1, "late_here": 1, "sign": 0, "absences": 1}


def test_a_clerk_sees_the_tray_and_deposits_that_lack_pieces(amina: User, browser: Browser) -> None:
    client = browser("amina")
    before = tiles(client)["tray"].count
    letters = [deposit(actor=amina).letter for _ in range(5)]
    bare = deposit(actor=amina, subject="Sans pièce").letter
    pieces.ask_for_pieces(bare, actor=amina, pieces="Copie de la CIN")
    found = tiles(client)
    assert found["tray"].count == before + 6
    assert len(found["tray"].rows) == 3
    assert found["tray"].rest == before + 3
    assert found["bare"].count == 1
    page = client.get(found["bare"].link).content.decode()
    assert bare.number in page
    assert "Copie de la CIN" in page
    assert letters[0].number not in page


def test_the_director_the_auditor_and_the_administrator_have_theirs(
    amina: User, badr: User, browser: Browser
) -> None:
    given(amina, badr, due=-3, to=badr)
    ask_to_void(deposit(actor=amina).letter, actor=amina, reason="Double")
    found = tiles(browser("direction"))
    assert [row.words.partition(" ")[0] for row in found["departments"].rows] == ["EAU"]
    assert found["departments"].rest == 0
    assert list(found).count("sign") == 1
    assert browser("direction").get(found["departments"].rows[0].href).status_code == 200
    found = tiles(browser("audit"))
    assert (found["departments"].count, found["void"].count) == (1, 1)
    found = tiles(browser("admin"))
    assert list(found) == ["health"]
    assert found["health"].link == "/administration/health/"


def test_chafik_sees_nothing_of_other_departments(
    amina: User, badr: User, browser: Browser
) -> None:
    letter = given(amina, badr, due=-3, to=badr).letter
    page = browser("chafik").get("/day/").content.decode()
    assert letter.subject not in page
    assert letter.number not in page
    assert Client().get("/day/").status_code == 302


def test_a_returned_draft_is_not_shown_once_its_letter_may_not_be_read(
    amina: User, badr: User, browser: Browser
) -> None:
    letter = given(amina, badr, due=5, to=badr).letter
    reply = drafting.draft_reply(letter, actor=badr, subject="Affaire Tazi", body="Texte")
    Reply.objects.filter(pk=reply.pk).update(remark="Taire le nom du plaignant")
    client = browser("badr")
    assert tiles(client)["returned"].count == 1
    Letter.objects.filter(pk=letter.pk).update(confidentiality=2)
    assert tiles(client)["returned"].count == 0
    page = client.get("/day/").content.decode()
    assert "Affaire Tazi" not in page
    assert "Taire le nom" not in page


def test_an_auditor_sees_no_request_to_void_a_letter_above_their_level(
    amina: User, browser: Browser
) -> None:
    letter = deposit(actor=amina, subject="Affaire Tazi").letter
    ask_to_void(letter, actor=amina, reason="Nom du plaignant")
    User.objects.filter(username="audit").update(clearance=0)
    client = browser("audit")
    assert tiles(client)["void"].count == 1
    Letter.objects.filter(pk=letter.pk).update(confidentiality=2)
    assert tiles(client)["void"].count == 0
    page = client.get("/day/").content.decode()
    assert "Affaire Tazi" not in page
    assert "Nom du plaignant" not in page


@pytest.mark.parametrize("who", ["amina", "badr", "dounia", "direction"])
def test_more_work_asks_no_more_queries(
    who: str, amina: User, badr: User, dounia: User, browser: Browser
) -> None:
    client = browser(who)

    def queries() -> int:
        client.get("/day/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/day/").status_code == 200
        return len(caught)

    def more() -> None:
        for due in (-2, 0):
            row = given(amina, badr, due=due, to=person(who) if who != "direction" else badr)
            reply = drafting.draft_reply(row.letter, actor=badr, subject="R", body="x")
            Reply.objects.filter(pk=reply.pk).update(remark="Revoir", author=person(who))
        given(amina, badr, due=-1)
        pieces.ask_for_pieces(deposit(actor=amina).letter, actor=amina, pieces="Plan")
        other = deposit(actor=amina).letter
        opinion_requests.ask_opinions(
            other, [opinion_requests.AskedDepartment(department("EAU"))], question="?", actor=amina
        )

    more()
    few = queries()
    for _ in range(3):
        more()
    assert queries() == few <= MOST_QUERIES
    assert Letter.objects.count() > 10


def test_an_archivist_sees_the_lists_that_they_can_take_further(browser: Browser) -> None:
    schedule()
    old_letter(unit="EAU")
    archives = browser("archives")
    assert tiles(archives)["disposals"].count == 0
    held = proposed()
    found = tiles(archives)["disposals"]
    assert (found.said, found.rows[0].words) == ("1 liste", held.number)
    lists.refuse(held, actor=person("archives"), reason="À refaire")
    lists.review(proposed(actor=person("archives")), actor=person("archives"))
    assert tiles(archives)["disposals"].count == 0  # another archivist approves it
    assert "disposals" not in tiles(browser("amina"))


def test_an_archivists_day_counts_no_list_above_their_clearance(browser: Browser) -> None:
    schedule()
    secret = old_letter(confidentiality=2)
    held = proposed(actor=archivist("latifa"))
    wafa = archivist("wafa")
    wafa.clearance = 1
    wafa.save()
    client = browser("wafa")
    assert tiles(client)["disposals"].count == 0
    assert f"/archives/lists/{held.pk}/review/" not in page_of_list(client, held)
    held.entries.filter(letter=secret).update(state="left_out")
    assert tiles(client)["disposals"].count == 1
    assert f"/archives/lists/{held.pk}/review/" in page_of_list(client, held)


def page_of_list(client: Client, held: DisposalList) -> str:
    return client.get(f"/archives/lists/{held.pk}/").content.decode()
