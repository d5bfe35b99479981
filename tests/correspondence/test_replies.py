"""A reply walks from draft to approval, by the hands that may, and never loses a word."""

import pytest

from correspondence.dispatch import sending
from correspondence.models.replies import Reply
from correspondence.replies import circuit, drafting
from org.models import User
from registry.changes import history_of
from registry.refusals import DepositRefusedError
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.assignments import Assignment
from tests.factories import department, file, pdf, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(accepted: Assignment, badr: User) -> Reply:
    return drafting.draft_reply(accepted.letter, actor=badr, subject="Fuite", body="En cours.")


def test_only_a_department_that_accepted_drafts(assigned: Assignment, badr: User) -> None:
    with pytest.raises(NotAllowedError):
        drafting.draft_reply(assigned.letter, actor=badr, subject="Fuite", body="En cours.")
    assignments.accept(assigned, actor=badr)
    reply = drafting.draft_reply(assigned.letter, actor=badr, subject="Fuite", body="En cours.")
    assert (reply.state, reply.outgoing, reply.department.code) == ("draft", None, "EAU")


def test_a_member_does_not_approve_even_their_own(draft: Reply, badr: User, amina: User) -> None:
    circuit.submit_reply(draft, actor=badr)
    for who in (badr, amina):
        with pytest.raises(NotAllowedError):
            circuit.approve_reply(draft, actor=who)
    assert Reply.objects.get(pk=draft.pk).state == "submitted"


def test_a_head_may_approve_their_own_and_the_director_anyone_s(
    accepted: Assignment, dounia: User, direction: User
) -> None:
    own = drafting.draft_reply(accepted.letter, actor=dounia, subject="A", body="B")
    circuit.approve_reply(circuit.submit_reply(own, actor=dounia), actor=dounia)
    other = drafting.draft_reply(accepted.letter, actor=dounia, subject="C", body="D")
    circuit.approve_reply(circuit.submit_reply(other, actor=dounia), actor=direction)
    assert (own.state, own.approved_by) == ("approved", dounia)
    assert (other.state, other.approved_by) == ("approved", direction)


def test_the_head_of_another_department_does_not_approve(
    accepted: Assignment, badr: User, amina: User, chafik: User
) -> None:
    from org.models import Membership

    Membership.objects.filter(user=chafik).update(role="head")
    giving.assign(accepted.letter, department=department("SI"), actor=amina)
    reply = drafting.draft_reply(accepted.letter, actor=badr, subject="A", body="B")
    circuit.submit_reply(reply, actor=badr)
    with pytest.raises(NotAllowedError):
        circuit.approve_reply(reply, actor=chafik)


def test_returned_with_a_remark_it_is_a_draft_again(draft: Reply, badr: User, dounia: User) -> None:
    circuit.submit_reply(draft, actor=badr)
    with pytest.raises(NotAllowedError):
        circuit.return_reply(draft, actor=dounia, remark=" ")
    circuit.return_reply(draft, actor=dounia, remark="Donnez la date")
    assert (draft.state, draft.remark) == ("draft", "Donnez la date")
    drafting.edit_reply(draft, actor=badr, subject="Fuite", body="Le 3 mars.")
    assert Reply.objects.get(pk=draft.pk).body == "Le 3 mars."


def test_spaces_that_do_not_break_stay_in_a_draft(draft: Reply, badr: User) -> None:
    text = "Le 12\u00a0d\u00e9cembre\u00a0: 1\u202f200\u00a0DH"
    drafting.edit_reply(draft, actor=badr, subject="Fuite", body=text)
    assert Reply.objects.get(pk=draft.pk).body == text


def test_what_was_submitted_is_not_edited(draft: Reply, badr: User) -> None:
    as_open_in_another_window = Reply.objects.select_related("letter", "department").get()
    circuit.submit_reply(draft, actor=badr)
    with pytest.raises(ConflictError):
        drafting.edit_reply(as_open_in_another_window, actor=badr, subject="x", body="y")
    assert Reply.objects.get(pk=draft.pk).body == "En cours."


def test_a_reply_of_nothing_is_refused(accepted: Assignment, badr: User) -> None:
    with pytest.raises(NotAllowedError):
        drafting.draft_reply(accepted.letter, actor=badr, subject="Fuite", body=" \n")


def test_a_file_is_judged_like_any_deposit(accepted: Assignment, badr: User) -> None:
    with pytest.raises(DepositRefusedError):
        drafting.draft_reply(
            accepted.letter,
            actor=badr,
            subject="x",
            body="",
            file=file("a.pdf", b"MZ\x90\x00" * 40),
        )
    reply = drafting.draft_reply(
        accepted.letter, actor=badr, subject="x", body="", file=pdf(name="réponse.pdf")
    )
    assert reply.file_name == "réponse.pdf"
    drafting.edit_reply(reply, actor=badr, subject="x", body="Texte", drop_file=True)
    assert Reply.objects.get(pk=reply.pk).file is None


def test_a_department_does_not_sign_off_with_a_reply_under_way(
    draft: Reply, accepted: Assignment, badr: User
) -> None:
    circuit.submit_reply(draft, actor=badr)
    with pytest.raises(NotAllowedError):
        assignments.sign_off(accepted, actor=badr, method="letter")


def test_a_stranger_moves_no_reply(approved: Reply, draft: Reply) -> None:
    chafik = person("chafik")
    for deed in (
        lambda: drafting.edit_reply(draft, actor=chafik, subject="x", body="y"),
        lambda: circuit.submit_reply(draft, actor=chafik),
        lambda: sending.send_reply(approved, actor=chafik, method="portal"),
    ):
        with pytest.raises(NotAllowedError):
            deed()


def test_drafts_and_remarks_stay_from_the_citizen_s_eyes(
    draft: Reply, badr: User, dounia: User
) -> None:
    circuit.submit_reply(draft, actor=badr)
    circuit.return_reply(draft, actor=dounia, remark="Trop sec")
    kinds = {event.kind for event in history_of(draft.home.pk, citizen=True)}
    assert kinds == {"registered", "accepted"}
