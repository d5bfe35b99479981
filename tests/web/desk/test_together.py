"""One action on all letters that the tray or the inbox finds, as people order and undo it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from org.models import User
from registry.models.letters import Letter
from registry.verification import verify_register
from routing.acting.errors import NotAllowedError
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.together import BulkLine, BulkOrder
from routing.together import doing, ordering
from tests.factories import department, deposit, drain

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two, so that every order needs several."""
    monkeypatch.setattr(doing, "AT_ONCE", 2)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def ordered(answer: Any) -> BulkOrder:
    """The order that the answer leads to, done."""
    assert answer.status_code == 303
    drain("letters.together")
    order = BulkOrder.objects.latest("asked_at")
    assert answer.headers["Location"] == reverse("desk:bulk_order", args=[order.pk])
    return order


def states(order: BulkOrder) -> list[str]:
    return sorted(order.lines.values_list("state", flat=True))


def in_eau(amina: User, count: int) -> list[Assignment]:
    return [
        giving.assign(deposit(actor=amina).letter, department=department("EAU"), actor=amina)
        for _ in range(count)
    ]


def test_all_of_the_tray_that_the_filter_finds_goes_to_a_department_and_on(
    browser: Browser, amina: User
) -> None:
    for _ in range(4):
        deposit(actor=amina, sender="Karim Alaoui")
    other = deposit(actor=amina, sender="Salma Idrissi").letter
    clerk, address = browser("amina"), reverse("desk:all_of_tray") + "?sender=alaoui"
    page = text(clerk.get(address))
    assert "Affecter les 4 courriers" in page
    assert "alaoui" in page  # what narrows them

    answer = clerk.post(address, {"found": "4", "department": "EAU"})
    order = ordered(answer)

    assert states(order) == ["done"] * 4
    assert Assignment.objects.filter(department__code="EAU", state="open").count() == 4
    assert not other.assignments.exists()
    shown = text(clerk.get(reverse("desk:bulk_order", args=[order.pk])))
    assert "Transférer 4 courriers" in shown
    back = reverse("desk:bulk_order_back", args=[order.pk])
    assert clerk.post(back, {"department": "SI", "reason": " "}).status_code == 303
    assert BulkOrder.objects.count() == 1  # not without a reason
    giving_back = ordered(clerk.post(back, {"department": "SI", "reason": "Erreur"}))
    assert giving_back.takes_back == order
    live = Assignment.objects.filter(state="open").values_list("department__code", flat=True)
    assert list(live) == ["SI"] * 4
    assert "Transférer" not in text(clerk.get(reverse("desk:bulk_order", args=[order.pk])))
    clerk.post(back, {"department": "SI", "reason": "Encore"})
    assert BulkOrder.objects.count() == 2  # nothing is left to take back
    assert list(verify_register()) == []


def test_what_was_refused_says_why_and_stops_no_other(browser: Browser, amina: User) -> None:
    letters = [deposit(actor=amina).letter for _ in range(4)]
    clerk, address = browser("amina"), reverse("desk:all_of_tray")
    answer = clerk.post(address, {"found": "4", "department": "SI"})
    giving.assign(letters[1], department=department("EAU"), actor=amina)  # meanwhile

    order = ordered(answer)

    assert states(order) == ["done"] * 3 + ["refused"]
    page = text(clerk.get(reverse("desk:bulk_order", args=[order.pk])))
    assert "plus rapide" in page
    assert page.index(letters[1].number) < page.index(letters[0].number)  # refused ones first
    assert list(letters[1].assignments.values_list("department__code", flat=True)) == ["EAU"]


def test_an_order_goes_by_the_rights_of_when_it_is_done(browser: Browser, amina: User) -> None:
    for _ in range(3):
        deposit(actor=amina)
    clerk = browser("amina")
    answer = clerk.post(reverse("desk:all_of_tray"), {"found": "3", "department": "EAU"})
    User.objects.filter(pk=amina.pk).update(is_active=False)

    order = ordered(answer)

    assert states(order) == ["refused"] * 3
    assert not Assignment.objects.exists()


def test_who_may_not_read_a_letter_any_more_is_told_nothing_of_it(
    browser: Browser, amina: User
) -> None:
    letter = deposit(actor=amina, subject="Fuite").letter
    order = ordered(
        browser("amina").post(reverse("desk:all_of_tray"), {"found": "1", "department": "EAU"})
    )
    address = reverse("desk:bulk_order", args=[order.pk])
    page = text(browser("amina").get(address))
    assert letter.number in page
    assert "Fuite" in page
    Letter.objects.filter(pk=letter.pk).update(confidentiality=2)
    User.objects.filter(pk=amina.pk).update(clearance=0)

    page = text(browser("amina").get(address))

    assert letter.number not in page
    assert "Fuite" not in page


def test_where_another_number_is_found_now_nothing_is_done(browser: Browser, amina: User) -> None:
    deposit(actor=amina)
    clerk, address = browser("amina"), reverse("desk:all_of_tray")
    deposit(actor=amina)

    answer = clerk.post(address, {"found": "1", "department": "EAU"})

    assert answer.status_code == 409
    assert "Affecter les 2 courriers" in text(answer)
    assert clerk.post(address, {"found": "2"}).status_code == 303  # no department: said, not done
    assert not BulkOrder.objects.exists()


def test_more_than_the_limit_is_refused_not_cut(
    browser: Browser, amina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "MOST", 2)
    rows = [(deposit(actor=amina).letter.pk, None) for _ in range(3)]
    with pytest.raises(NotAllowedError):
        ordering.order_many(rows, actor=amina, deed="assign", department=department("EAU"))
    assert not BulkOrder.objects.exists()


def test_all_of_the_inbox_is_accepted_noted_and_reopened(
    browser: Browser, amina: User, badr: User
) -> None:
    rows = in_eau(amina, 3)
    assignments.accept(rows[0], actor=badr)
    agent, address = browser("badr"), reverse("desk:all_of_inbox")
    page = text(agent.get(address))
    assert "Accepter les 2 courriers" in page  # the third is in hand
    assert "Solder les 3 courriers" in page
    assert agent.post(address, {"deed": "made-up"}).status_code == 409
    accepted = ordered(agent.post(address, {"deed": "accept", "found_accept": "2"}))
    assert states(accepted) == ["done"] * 2
    assert Assignment.objects.filter(state="accepted").count() == 3
    assert agent.post(reverse("desk:bulk_order_back", args=[accepted.pk]), {"reason": "x"}).headers[
        "Location"
    ]  # no way back
    assert BulkOrder.objects.count() == 1

    noted = ordered(agent.post(address, {"deed": "noted", "found_noted": "3"}))
    assert Letter.objects.filter(stage="closed").count() == 3
    back = reverse("desk:bulk_order_back", args=[noted.pk])
    reopened = ordered(agent.post(back, {"reason": "Soldés par erreur"}))
    assert states(reopened) == ["done"] * 3
    assert not Letter.objects.filter(stage="closed").exists()
    assert list(verify_register()) == []


def test_an_order_is_its_askers_alone(browser: Browser, amina: User) -> None:
    in_eau(amina, 1)
    order = ordered(
        browser("badr").post(reverse("desk:all_of_inbox"), {"deed": "accept", "found_accept": "1"})
    )
    page = reverse("desk:bulk_order", args=[order.pk])
    assert page in text(browser("badr").get("/together/"))
    assert page not in text(browser("dounia").get("/together/"))
    for name in ("bulk_order", "bulk_order_live"):
        assert browser("dounia").get(reverse(f"desk:{name}", args=[order.pk])).status_code == 404
    back = reverse("desk:bulk_order_back", args=[order.pk])
    assert browser("dounia").post(back, {"reason": "x"}).status_code == 404
    assert browser("badr").get("/inbox/all/?show=done").status_code == 404
    assert browser("chafik").get("/tray/all/").status_code == 403


def test_work_that_is_repeated_does_nothing_twice_and_what_is_broken_off_is_said(
    browser: Browser, amina: User
) -> None:
    letters = [deposit(actor=amina).letter for _ in range(3)]
    order = ordering.order_many(
        [(letter.pk, None) for letter in letters],
        actor=amina,
        deed="assign",
        department=department("EAU"),
    )
    steps: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        steps.append((done, total))
        raise InterruptedError

    with pytest.raises(InterruptedError):
        doing.together_work(str(order.pk), stop)
    assert states(order) == ["done", "done", "waiting"]
    clerk, page = browser("amina"), reverse("desk:bulk_order", args=[order.pk])
    live = reverse("desk:bulk_order_live", args=[order.pk])
    assert "Affectation de courriers" in text(clerk.get(live))
    doing.together_parked(str(order.pk), "gave up")
    assert "1 courrier reste en l’état" in text(clerk.get(page))
    assert clerk.get(live).status_code == 303
    BulkOrder.objects.update(finished_at=None)
    doing.together_work(str(order.pk), lambda done, total: steps.append((done, total)))
    assert steps == [(2, 3), (3, 3)]
    assert Assignment.objects.count() == 3
    assert BulkLine.objects.filter(state="done", assignment=None).count() == 0
