"""Quotations, acceptances, reserves, meetings and opinions: what may be, and what may not."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from eservices.kinds import EserviceEvent
from eservices.requests import meetings, quotations
from eservices.requests.acceptances import Left, lift_reserve, record_acceptance
from eservices.requests.acting import take_action
from eservices.requests.amounts import AmountError, Line, lines_from, summed
from eservices.requests.meetings import hold_meeting
from eservices.requests.models import Quotation, Request
from eservices.requests.needs import PendingAction
from eservices.requests.opinion_need import opinion_need
from eservices.requests.roles import Who
from org.models import Department, Membership, User
from registry.files.vault import get_vault
from registry.models.events import LetterEvent
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.assigning.giving import give
from routing.inbox.assignments import accept
from routing.models.opinions import Opinion
from routing.opinions.opinion_requests import AskedDepartment, ask_opinions, withdraw_opinion
from tests.eservices.office import opened, published_type
from tests.factories import drain
from tests.web.portal.test_follow import login

LINES = [{"what": "Branchement", "quantity": "2", "unit": "u", "price": "100,50", "rate": "20"}]


def fresh(request: Request) -> Request:
    """The request as it is now."""
    return Request.objects.select_related("letter", "version", "service").get(pk=request.pk)


def later(days: int = 30) -> date:
    """A day to come."""
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def head(db: None) -> User:
    """The head of TRX."""
    user = User.objects.create(username="hanane", first_name="Hanane", duty="member")
    home = Department.objects.get(code="TRX")
    Membership.objects.create(user=user, department=home, role="head")
    return user


def file_in(stage: str) -> Request:
    """A developer's file that stands in this stage."""
    row = opened("developer_file", answers={"trades": ["water"]}, email="a@example.org")
    kind = published_type("developer_file").definition.stage(stage).kind
    Request.objects.filter(pk=row.pk).update(stage=stage, stage_kind=kind)
    return fresh(row)


def quoted(request: Request, head: User, **more: Any) -> Quotation:
    """A quotation that was sent."""
    asked: dict[str, Any] = {"lines": LINES, "valid_until": later(), **more}
    return quotations.make_quotation(fresh(request), actor=head, **asked)


@given(
    st.lists(
        st.tuples(
            st.decimals("0.001", "9999", places=3),
            st.decimals("0", "999", places=2),
            st.sampled_from(["20", "14", "10", "7", "0"]),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_a_sum_is_exact_to_the_cent(rows: list[tuple[Decimal, Decimal, str]]) -> None:
    lines = [Line("x", quantity, "u", price, Decimal(rate)) for quantity, price, rate in rows]
    found = summed(lines)
    assert found.net == sum(line.net for line in lines)
    assert found.total == found.net + found.tax
    exact = sum(line.net * line.rate / 100 for line in lines)
    assert abs(found.tax - exact) <= Decimal("0.005") * 5


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": ""}, {"quantity": "0"}, {"quantity": "-1"}, {"quantity": "NaN"},
        {"quantity": "1e9"}, {"price": "dix"}, {"price": "1.005"}, {"price": "Infinity"},
        {"rate": "19"}, {"price": "99999999999"},
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_is_named(wrong: dict[str, str]) -> None:
    with pytest.raises(AmountError, match="1"):
        lines_from([{**LINES[0], **wrong}])


@pytest.mark.parametrize("price", ["1 250,50", "1.250,50", "١٬٢٥٠٫٥٠"])
def test_numbers_are_read_as_people_type_them(price: str) -> None:
    (line,) = lines_from([{**LINES[0], "quantity": "١٢", "price": price}, {"what": " "}])
    assert (line.quantity, line.price) == (Decimal(12), Decimal("1250.50"))


def test_a_quotation_is_drawn_replaced_and_accepted_once(head: User) -> None:
    request = file_in("quotation")
    first = quoted(request, head)
    assert (str(first.net), str(first.tax), str(first.total)) == ("201.00", "40.20", "241.20")
    assert fresh(request).stage == "quotation_sent"
    second = quoted(request, head, lines=[{**LINES[0], "price": "90"}])
    first.refresh_from_db()
    assert (first.state, second.number) == ("replaced", 2)
    drain("quotation.draw")
    second.refresh_from_db()
    assert second.file is not None
    with pytest.raises(ConflictError):
        quotations.accept(fresh(request), 1, letter_code=True)
    quotations.accept(fresh(request), 2, letter_code=True)
    assert fresh(request).stage == "payment"
    with pytest.raises(ConflictError):
        quotations.accept(fresh(request), 2, letter_code=True)
    kinds = LetterEvent.objects.filter(letter=request.letter).values_list("kind", flat=True)
    assert list(kinds).count(EserviceEvent.QUOTATION_MADE) == 2
    assert list(kinds).count(EserviceEvent.QUOTATION_ACCEPTED) == 1


@pytest.mark.parametrize(("language", "words"), [("fr", "241,20\u00a0DH"), ("ar", "241,20 درهم")])
def test_a_quotation_names_amounts_as_bills_do(head: User, language: str, words: str) -> None:
    request = file_in("quotation")
    quoted(request, head)
    client = login(request.letter)
    client.cookies["django_language"] = language
    page = client.get("/follow/letter/").content.decode()
    assert page.replace("\u2066", "").replace("\u2069", "").count(words) == 2  # as sum, to accept
    assert "MAD" not in page


def test_an_expired_quotation_is_not_accepted(head: User) -> None:
    request = file_in("quotation")
    row = quoted(request, head)
    Quotation.objects.filter(pk=row.pk).update(valid_until=later(-1))
    with pytest.raises(NotAllowedError):
        quotations.accept(fresh(request), 1, letter_code=True)
    assert fresh(request).stage == "quotation_sent"
    take_action(fresh(request), "revise_quotation", actor=head, comment="À refaire")
    row.refresh_from_db()
    assert (row.state, fresh(request).stage) == ("replaced", "quotation")


def test_a_quotation_is_declined_with_a_reason(head: User) -> None:
    request = file_in("quotation")
    row = quoted(request, head)
    with pytest.raises(NotAllowedError):
        quotations.decline(fresh(request), 1, reason=" ", letter_code=True)
    quotations.decline(fresh(request), 1, reason="Trop cher", letter_code=True)
    row.refresh_from_db()
    assert (row.state, row.reason) == ("refused", "Trop cher")
    assert fresh(request).outcome == "withdrawn"


def test_who_has_no_part_in_it_quotes_and_decides_nothing(head: User, chafik: User) -> None:
    request = file_in("quotation")
    with pytest.raises(NotAllowedError):
        quoted(request, chafik)
    quoted(request, head)
    with pytest.raises(NotAllowedError):
        quotations.accept(fresh(request), 1, actor=chafik)
    with pytest.raises(NotAllowedError):
        quotations.accept(fresh(request), 1)
    with pytest.raises(NotAllowedError):
        hold_meeting(fresh(request), actor=chafik, held_on=later(0), minutes="Moi")


def test_a_final_acceptance_waits_for_every_reserve(head: User) -> None:
    request = file_in("final_acceptance")
    today = timezone.localdate()
    with pytest.raises(NotAllowedError):
        record_acceptance(fresh(request), actor=head, kind="technical", on=today)
    with pytest.raises(NotAllowedError):
        record_acceptance(fresh(request), actor=head, kind="final", on=later(1))
    left = [Left("Regard", "sewage", later(5)), Left("Vanne")]
    made = record_acceptance(fresh(request), actor=head, kind="final", on=today, reserves=left)
    with pytest.raises(ConflictError):
        record_acceptance(fresh(request), actor=head, kind="final", on=today)
    for reserve in made.reserves.order_by("pk"):
        with pytest.raises(NotAllowedError):
            take_action(fresh(request), "accept", actor=head)
        lift_reserve(fresh(request), reserve.pk, actor=head)
        with pytest.raises(ConflictError):
            lift_reserve(fresh(request), reserve.pk, actor=head)
    take_action(fresh(request), "accept", actor=head)
    assert fresh(request).stage == "meters"


def test_minutes_are_written_after_the_meeting(head: User) -> None:
    request = file_in("works")
    for wrong in ({"held_on": later(1)}, {"minutes": "  "}, {"place": "x" * 301}):
        asked: dict[str, Any] = {"held_on": later(0), "minutes": "PV", **wrong}
        with pytest.raises(NotAllowedError):
            hold_meeting(fresh(request), actor=head, **asked)
    fits = "PV\r\n" + "x" * (meetings.LONGEST - 3)  # a browser counts one letter for a line's end
    row = hold_meeting(
        fresh(request), actor=head, held_on=later(0), minutes=fits, present="Salma\n\nTarik"
    )
    assert row.present == "Salma\nTarik"
    for present in ("x" * 121, "\n".join(f"P{n}" for n in range(61))):
        with pytest.raises(NotAllowedError):
            hold_meeting(
                fresh(request), actor=head, held_on=later(0), minutes="PV", present=present
            )
    drain("minutes.draw")
    row.refresh_from_db()
    assert row.file is not None
    with get_vault().open(row.file.sha256) as stream, pikepdf.open(stream) as pdf:
        assert pdf.open_metadata().pdfa_status


@pytest.mark.parametrize("over", [True, False])
def test_a_department_that_stays_silent_holds_nothing_up(head: User, over: bool) -> None:
    """Once its day has passed and it is asked no more; before, an opinion is needed."""
    request = file_in("opinion")
    given_to = request.letter.assignments.filter(department__code="TRX").first()
    accept(given_to or give(request.letter, department=_unit("TRX"), actor=None), actor=head)
    asked = AskedDepartment(_unit("EAU"))
    [row] = ask_opinions(
        request.letter, [asked], question="Avis ?", actor=head, due_on=timezone.localdate()
    )
    if over:
        Opinion.objects.filter(pk=row.pk).update(due_on=timezone.localdate() - timedelta(days=1))
        row.refresh_from_db()
    assert need_of(request) is not None
    withdraw_opinion(row, actor=head)
    assert (need_of(request) is None) == over


def _unit(code: str) -> Department:
    return Department.objects.get(code=code)


def need_of(request: Request) -> Any:
    """Why the opinions are not there."""
    definition = published_type("developer_file").definition
    [action] = [one for one in definition.stage("opinion").actions if "opinions" in one.needs][:1]
    return opinion_need(PendingAction(request, definition, action, Who(system=True)))
