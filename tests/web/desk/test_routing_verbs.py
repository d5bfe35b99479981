"""Opinions, lists, splitting, bulk, slips and papers by their pages; and as who has no right."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from channels.batch.marks import STICKER, Mark, code_of, new_number
from channels.models import Sticker
from org.models import User
from registry.models.letters import Letter
from registry.verification import verify_register
from routing.assigning import giving, lists
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.custody import Custody
from routing.models.distribution import DistributionList
from routing.models.opinions import Opinion
from routing.opinions import opinion_requests
from tests.factories import department, deposit
from tests.web.desk.cases import Case

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def post(client: Client, address: str, /, *args: Any, **fields: Any) -> Any:
    return client.post(reverse(f"desk:{address}", args=args), fields)


def test_an_opinion_is_asked_answered_and_shown(case: Case, browser: Browser) -> None:
    badr, chafik = browser("badr"), browser("chafik")
    post(badr, "ask_opinion", case.letter.pk, asked=["SI"], question="Le réseau tient-il ?")
    opinion = Opinion.objects.get()
    assert "Le réseau tient-il ?" in chafik.get("/inbox/").content.decode()
    assert "1 attendu" in badr.get(f"/letters/{case.letter.pk}/").content.decode()
    done = post(chafik, "on_opinion", case.letter.pk, opinion.pk, "give", answer="Il tient.")
    assert done.status_code == 303
    assert "Il tient." in badr.get(f"/letters/{case.letter.pk}/").content.decode()
    assert list(verify_register()) == []


def test_a_question_taken_back_sends_nobody_to_a_letter_they_read_no_more(
    case: Case, browser: Browser
) -> None:
    badr = browser("badr")
    post(badr, "ask_opinion", case.letter.pk, asked=["SI"], question="?")
    opinion = Opinion.objects.get()
    refused = post(browser("chafik"), "on_opinion", case.letter.pk, opinion.pk, "withdraw")
    assert refused.status_code == 303
    opinion.refresh_from_db()
    assert opinion.state == "open"
    post(badr, "on_opinion", case.letter.pk, opinion.pk, "withdraw")
    assert browser("chafik").get(f"/letters/{case.letter.pk}/").status_code == 404


def test_bad_words_about_an_opinion_are_said(case: Case, browser: Browser) -> None:
    badr = browser("badr")
    for fields in (
        {"question": "?"},
        {"asked": "SI"},
        {"asked": "SI", "question": "?", "due_on": "x"},
    ):
        assert post(badr, "ask_opinion", case.letter.pk, **fields).status_code == 303
    assert not Opinion.objects.exists()
    unknown = reverse("desk:on_opinion", args=[case.letter.pk, case.letter.pk, "give"])
    assert badr.post(unknown).status_code == 404


def test_the_day_of_an_opinion_is_typed_day_first(case: Case, browser: Browser) -> None:
    asked = {"asked": "SI", "question": "?", "due_on": "05/11/2999"}
    post(browser("badr"), "ask_opinion", case.letter.pk, **asked)
    assert Opinion.objects.get().due_on == date(2999, 11, 5)


def test_a_list_is_kept_by_the_administrator_and_given_by_the_clerk(
    browser: Browser, amina: User
) -> None:
    admin, clerk = browser("admin"), browser("amina")
    bad = post(admin, "new_distribution_list", name="Chantiers")
    assert bad.status_code == 422
    assert 'value="Chantiers"' in bad.content.decode()
    post(admin, "new_distribution_list", name="Chantiers", action=["TRX"], copy=["SI", "DG"])
    row = DistributionList.objects.get()
    assert "Chantiers" in admin.get("/distribution/").content.decode()
    letter = deposit(actor=amina).letter
    assert "Chantiers" in clerk.get("/tray/").content.decode()
    post(clerk, "assign", letter.pk, list=row.pk)
    given = Assignment.objects.values_list("department__code", "role")
    assert set(given) == {("TRX", "action"), ("SI", "copy"), ("DG", "copy")}
    seen = admin.get(f"/distribution/{row.pk}/").context["seen"]
    post(admin, "distribution_list", row.pk, name="Chantiers", action=["EAU"], seen=seen)
    row.refresh_from_db()
    assert (row.active, row.entries.get().department.code) == (False, "EAU")


def test_action_and_copies_in_one_form(browser: Browser, amina: User) -> None:
    letter = deposit(actor=amina).letter
    post(browser("amina"), "assign", letter.pk, department="EAU", action=["TRX"], copy=["SI"])
    given = Assignment.objects.values_list("department__code", "role")
    assert set(given) == {("EAU", "action"), ("TRX", "action"), ("SI", "copy")}


def test_a_letter_is_split_by_its_page(browser: Browser, amina: User) -> None:
    letter = deposit(actor=amina).letter
    clerk = browser("amina")
    post(
        clerk, "split", letter.pk,
        part_department=["EAU", "COM", ""], part_matter=["La fuite", "La facture", ""],
    )  # fmt: skip
    assert Assignment.objects.count() == 2
    assert "La facture" in clerk.get(f"/letters/{letter.pk}/").content.decode()
    again = post(clerk, "split", letter.pk, part_department=["EAU"], part_matter=["x"])
    assert again.status_code == 303
    assert Assignment.objects.count() == 2


def test_the_tray_counts_refusals_and_shows_only_those(
    browser: Browser, amina: User, badr: User
) -> None:
    refused, other = deposit(actor=amina).letter, deposit(actor=amina).letter
    row = giving.assign(refused, department=department("EAU"), actor=amina)
    assignments.refuse(row, actor=badr, reason="Pas nous")
    page = browser("amina").get("/tray/").content.decode()
    assert "refusé 1 fois" in page
    assert other.number in page
    page = browser("amina").get("/tray/?refused=1").content.decode()
    assert refused.number in page
    assert other.number not in page


def test_several_letters_of_the_tray_at_once(browser: Browser, amina: User) -> None:
    letters = [deposit(actor=amina).letter for _ in range(3)]
    giving.assign(letters[0], department=department("EAU"), actor=amina)
    ids = [str(letter.pk) for letter in letters]
    answer = post(browser("amina"), "bulk_tray", what="assign", letters=ids, department="EAU")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "plus rapide" in page  # of the first it is said why it did not go
    assert Assignment.objects.filter(department__code="EAU").count() == 3
    slips = post(browser("amina"), "bulk_tray", what="slips", letters=ids)
    assert slips.headers["Content-Type"] == "application/pdf"
    for fields in ({"what": "assign", "department": "EAU"}, {"what": "assign", "letters": ids}):
        assert post(browser("amina"), "bulk_tray", **fields).status_code == 303


def test_several_letters_of_the_inbox_at_once(browser: Browser, amina: User, badr: User) -> None:
    rows = [
        giving.assign(deposit(actor=amina).letter, department=department("EAU"), actor=amina)
        for _ in range(3)
    ]
    assignments.accept(rows[0], actor=badr)
    ids = [str(row.pk) for row in rows]
    # Chafik names assignments of others: none of them is there for him.
    assert post(browser("chafik"), "bulk_inbox", what="accept", assignments=ids).status_code == 303
    answer = post(browser("badr"), "bulk_inbox", what="accept", assignments=ids)
    assert answer.status_code == 200
    assert "Quelqu’un a été plus rapide" in answer.content.decode()
    assert Assignment.objects.filter(state="accepted").count() == 3
    post(browser("badr"), "bulk_inbox", what="noted", assignments=ids)
    assert Assignment.objects.filter(state="signed_off").count() == 3
    assert list(verify_register()) == []


def fields_of(page: str, what: str) -> dict[str, Any]:
    """The assignments that the form of a result page names, and its button."""
    assert f'name="what" value="{what}"' in page
    return {"what": what, "assignments": re.findall(r'name="assignments" value="([^"]+)"', page)}


def test_letters_given_together_to_the_wrong_department_go_on_together(
    browser: Browser, amina: User
) -> None:
    letters = [deposit(actor=amina).letter for _ in range(3)]
    giving.assign(letters[0], department=department("EAU"), actor=amina)
    ids, clerk = [str(letter.pk) for letter in letters], browser("amina")
    done = post(clerk, "bulk_tray", what="assign", letters=ids, department="EAU").content.decode()
    assert department("EAU").name in done.partition("</h1>")[0]  # it is said to whom
    fields = fields_of(done, "move")
    assert len(fields["assignments"]) == 2  # not the one that somebody else gave
    assert post(clerk, "bulk_tray", **fields, department="SI", reason=" ").status_code == 303
    assert post(clerk, "bulk_tray", **fields, reason="Erreur").status_code == 303
    moved = post(clerk, "bulk_tray", **fields, department="SI", reason="Erreur").content.decode()
    live = Assignment.objects.filter(state="open").values_list("department__code", flat=True)
    assert sorted(live) == ["EAU", "SI", "SI"]
    assert set(fields_of(moved, "move")["assignments"]).isdisjoint(fields["assignments"])
    again = post(clerk, "bulk_tray", **fields, department="SI", reason="x").content.decode()
    assert 'value="move"' not in again  # nothing went: there is nothing to take back
    copies = post(browser("badr"), "bulk_tray", **fields, department="EAU", reason="x")
    assert copies.status_code == 403
    assert list(verify_register()) == []


def test_letters_closed_together_by_mistake_are_reopened_together(
    browser: Browser, amina: User, badr: User
) -> None:
    rows = [
        giving.assign(deposit(actor=amina).letter, department=department("EAU"), actor=amina)
        for _ in range(3)
    ]
    giving.assign(rows[2].letter, department=department("SI"), actor=amina)  # stays open
    agent = browser("badr")
    ids = [str(row.pk) for row in rows]
    assert (
        'value="reopen"'
        not in post(agent, "bulk_inbox", what="accept", assignments=ids).content.decode()
    )
    done = post(agent, "bulk_inbox", what="noted", assignments=ids).content.decode()
    fields = fields_of(done, "reopen")
    assert sorted(fields["assignments"]) == sorted(ids[:2])
    assert post(agent, "bulk_inbox", **fields, reason="").status_code == 303
    assert Letter.objects.filter(stage="closed").count() == 2
    page = post(agent, "bulk_inbox", **fields, reason="Close par erreur").content.decode()
    assert "Courriers rouverts" in page
    assert not Letter.objects.filter(stage="closed").exists()
    assert Assignment.objects.filter(state="open", department__code="EAU").count() == 2
    assert list(verify_register()) == []


def test_the_inbox_asks_as_much_for_many_as_for_few(
    browser: Browser, amina: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(12):
        letter = deposit(actor=amina).letter
        giving.assign(letter, department=department("SI"), actor=amina)
        asked = [opinion_requests.AskedDepartment(department("EAU"))]
        opinion_requests.ask_opinions(letter, asked, question="?", actor=amina)
    client = browser("badr")
    with django_assert_max_num_queries(25):
        assert client.get("/inbox/").status_code == 200


def test_the_head_names_who_is_in_charge_by_the_page(case: Case, browser: Browser) -> None:
    args = (case.letter.pk, case.assignment.pk, "put-in-charge")
    post(browser("badr"), "on_assignment", *args, person="dounia")
    case.assignment.refresh_from_db()
    assert case.assignment.person == User.objects.get(username="badr")
    post(browser("dounia"), "on_assignment", *args, person="dounia")
    case.assignment.refresh_from_db()
    assert case.assignment.person == User.objects.get(username="dounia")
    post(browser("dounia"), "on_assignment", *args, person="nobody")


def test_letters_are_linked_by_hand(browser: Browser, amina: User) -> None:
    one, two = deposit(actor=amina).letter, deposit(actor=amina).letter
    post(browser("amina"), "link", two.pk, other=one.number, kind="follows")
    assert "Fait suite à" in browser("amina").get(f"/letters/{two.pk}/").content.decode()
    assert "Suivi de" in browser("amina").get(f"/letters/{one.pk}/").content.decode()


def test_a_paper_is_scanned_from_hand_to_hand(case: Case, browser: Browser) -> None:
    amina, badr = browser("amina"), browser("badr")
    number = case.letter.number
    post(amina, "move_paper", code=number, what="take")
    done = post(
        amina, "move_paper", code=number.replace("/", "-"), what="department", department="EAU"
    )
    assert done.headers["Location"] == "/custody/?what=department&department=EAU"
    assert number in badr.get("/custody/").content.decode()
    assert "non confirmé" in amina.get(f"/letters/{case.letter.pk}/").content.decode()
    post(badr, "move_paper", code=number, what="take")
    post(badr, "move_paper", code=number, what="box", box="A-12")
    assert Custody.objects.get(current=True).box == "A-12"
    assert "A-12" in amina.get(f"/letters/{case.letter.pk}/").content.decode()


def test_a_sticker_of_ours_leads_to_the_letter_that_it_stands_on(
    case: Case, browser: Browser
) -> None:
    amina = browser("amina")
    code, other = (code_of(Mark(STICKER, new_number())) for _ in range(2))
    Sticker.objects.create(number=code.split("/")[2], letter=case.letter)
    post(amina, "move_paper", code=code, what="box", box="B-7")
    assert Custody.objects.get(current=True).box == "B-7"
    post(amina, "move_paper", code=other, what="box", box="B-8")
    assert "étiquette" in amina.get("/custody/").content.decode()
    post(browser("chafik"), "move_paper", code=code, what="take")
    assert Custody.objects.get(current=True).box == "B-7"


def test_a_paper_of_others_is_not_there(case: Case, browser: Browser) -> None:
    chafik = browser("chafik")
    for code in (case.letter.number, "2099/IN/1", "x" * 300, ""):
        assert post(chafik, "move_paper", code=code, what="take").status_code == 303
    assert "pas de courrier de ce" in chafik.get("/custody/").content.decode().lower()
    assert not Custody.objects.exists()
    assert browser("audit").get("/custody/").status_code == 403


@pytest.mark.parametrize(
    ("what", "filled"),
    [
        ("take", {"department": "EAU"}),
        ("take", {"person": "badr"}),
        ("take", {"box": "A-12"}),
        ("department", {"department": "EAU", "person": "badr"}),
    ],
)
def test_a_paper_goes_nowhere_while_the_mark_and_what_is_filled_in_differ(
    case: Case, browser: Browser, what: str, filled: dict[str, str]
) -> None:
    amina, number = browser("amina"), case.letter.number
    done = post(amina, "move_paper", code=number, what=what, **filled)
    assert not Custody.objects.exists()
    page = amina.get(done.headers["Location"])
    assert "Cochez ce que devient l’original" in page.content.decode()
    assert f'value="{number}"' in page.content.decode()
    for name, value in filled.items():
        assert page.context["filled"][name] == value


def test_a_code_that_leads_nowhere_is_named_in_the_answer(case: Case, browser: Browser) -> None:
    amina = browser("amina")
    post(amina, "move_paper", code="2099/IN/000017", what="take")
    assert "2099/IN/000017\u2069 –" in amina.get("/custody/").content.decode()
    post(amina, "move_paper", code=case.letter.number, what="box", box="")
    shown = amina.get("/custody/").content.decode()
    assert f"{case.letter.number}\u2069 –" in shown


@pytest.mark.parametrize("name", ["what", "box", "department", "person", "code"])
def test_the_desk_of_papers_comes_back_however_long_a_field_is(
    browser: Browser, case: Case, name: str
) -> None:
    sent = {"what": name, "code": case.letter.number, name: "ب" * 70_000}
    assert post(browser("amina"), "move_paper", **sent).status_code == 303


def test_the_slip_of_a_letter(case: Case, browser: Browser) -> None:
    answer = browser("badr").get(f"/letters/{case.letter.pk}/slip.pdf")
    assert answer.content.startswith(b"%PDF")
    assert Letter.objects.get(pk=case.letter.pk).version == case.letter.version


def test_a_page_from_before_overwrites_no_list(admin: User, browser: Browser) -> None:
    eau = department("EAU")
    row = lists.keep_list(None, name="Chantiers", entries=[(eau, "action")], actor=admin)
    address, client = f"/distribution/{row.pk}/", browser("admin")
    seen = client.get(address).context["seen"]
    form = {"name": "Chantiers", "active": "1", "action": "SI", "seen": seen}
    assert client.post(address, form).status_code == 303
    assert list(row.entries.values_list("department__code", flat=True)) == ["SI"]

    answer = client.post(address, {**form, "action": "COM"})
    assert answer.status_code == 409
    assert list(row.entries.values_list("department__code", flat=True)) == ["SI"]


def test_a_list_of_more_digits_than_are_read_is_none(browser: Browser, amina: User) -> None:
    letter = deposit(actor=amina).letter
    answer = browser("amina").post(f"/letters/{letter.pk}/assign/", {"list": "9" * 5000})
    assert answer.status_code < 500
    assert not letter.assignments.exists()


@pytest.mark.parametrize("way", ["one", "many"])
def test_what_a_colleague_took_from_the_tray_meanwhile_goes_nowhere_else(
    browser: Browser, letter: Letter, amina: User, way: str
) -> None:
    giving.assign(letter, department=department("EAU"), actor=amina)
    if way == "one":
        fields = {"department": "COM", "from": "tray", "next": "/tray/"}
        answer = browser("amina").post(f"/letters/{letter.pk}/assign/", fields, follow=True)
    else:
        chosen = {"what": "assign", "department": "COM", "letters": [str(letter.pk)]}
        answer = browser("amina").post("/tray/bulk/", chosen)
    page = answer.content.decode().replace("\u2068", "").replace("\u2069", "")
    assert f"Quelqu’un a été plus rapide\u00a0: le courrier est chez {department('EAU')}." in page
    assert [row.department.code for row in letter.assignments.all()] == ["EAU"]
    # From its own page a letter still goes to another department besides.
    browser("amina").post(f"/letters/{letter.pk}/assign/", {"department": "COM"})
    assert letter.assignments.count() == 2
