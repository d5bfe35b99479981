"""Letters for the post office: gathered, closed in a list, proven by it, and what comes back."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from correspondence.dispatch import lists, posting, returns, sending
from correspondence.kinds import OutgoingJob
from correspondence.models.dispatch import Dispatch, PostingLine, PostingList
from correspondence.models.replies import Reply
from jobs.models import Job
from org.models import User
from registry.files.vault import open_path
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from tests.factories import drain, file, picture_bytes

pytestmark = pytest.mark.django_db
GOOD = "RR473124829GB"  # the Universal Postal Union's own example
HOME = "12, rue des Orangers, El Jadida"


def send(reply: Reply, actor: User, method: str = "registered", address: str = HOME) -> Letter:
    outgoing = sending.send_reply(reply, actor=actor, method=method, address=address)
    work()
    return outgoing


def work() -> None:
    for _ in range(4):
        drain(OutgoingJob.REPLY_DISPATCH, OutgoingJob.POSTING_DRAW)


def number(actor: User, tracking: str = GOOD) -> PostingLine:
    line = PostingLine.objects.get()
    return posting.describe_line(line, actor=actor, tracking_number=tracking, weight=40)


def posted(reply: Reply, badr: User, amina: User) -> Dispatch:
    send(reply, badr)
    number(amina)
    posting.close_posting_list(actor=amina, way="registered")
    work()
    return Dispatch.objects.select_related("letter", "reply__letter", "reply__department").get()


def words_of(row: PostingList) -> str:
    import pypdfium2

    row.refresh_from_db()
    assert row.file is not None
    with open_path(row.file.sha256) as path, pypdfium2.PdfDocument(path) as paper:
        text = " ".join(page.get_textpage().get_text_bounded() for page in paper)
        return " ".join(text.split())


@pytest.mark.parametrize(
    ("tracking", "right"),
    [
        (GOOD, True),
        ("RR473124828GB", False),
        ("RR123456785MA", True),
        ("RA000000005MA", True),
        ("123456", True),
        ("", True),
    ],
)
def test_the_check_digit_of_a_tracking_number(tracking: str, right: bool) -> None:
    assert posting.s10_is_right(tracking) is right


def test_a_letter_counts_as_sent_only_with_the_list_in_the_vault(
    approved: Reply, badr: User, amina: User, register_is_clean: Callable[[], None]
) -> None:
    outgoing = send(approved, badr)
    assert Dispatch.objects.get().state == "waiting"
    number(amina, " rr 473 124 829 gb ")
    closed = posting.close_posting_list(actor=amina, way="registered")
    assert (closed.posting_list.count, closed.left) == (1, 0)
    assert Dispatch.objects.get().state == "waiting"
    work()
    words = words_of(closed.posting_list)
    for word in (closed.posting_list.number, outgoing.number, GOOD, "rue des Orangers", "40"):
        assert word in words
    dispatch = Dispatch.objects.get()
    assert dispatch.state == "sent"
    assert dispatch.proof["tracking_number"] == GOOD
    closed.posting_list.refresh_from_db()
    assert closed.posting_list.file is not None
    assert dispatch.proof["list_sha256"] == closed.posting_list.file.sha256
    assert Letter.objects.get(pk=outgoing.pk).stage == "closed"
    register_is_clean()


def test_a_registered_letter_without_a_number_stays_for_the_next_list(
    approved: Reply, badr: User, amina: User
) -> None:
    send(approved, badr)
    with pytest.raises(NotAllowedError):
        posting.close_posting_list(actor=amina, way="registered")
    assert not PostingList.objects.exists()
    assert posting.to_be_posted("registered").count() == 1


def test_plain_post_needs_no_number(approved: Reply, badr: User, amina: User) -> None:
    send(approved, badr, method="post")
    row = posting.close_posting_list(actor=amina, way="post").posting_list
    work()
    assert row.number.split("/")[1:] == ["P", "0001"]
    assert "tracking_number" not in Dispatch.objects.get().proof


def test_two_who_close_at_once_make_one_list(approved: Reply, badr: User, amina: User) -> None:
    send(approved, badr, method="post")
    posting.close_posting_list(actor=amina, way="post")
    with pytest.raises(NotAllowedError):
        posting.close_posting_list(actor=amina, way="post")
    assert PostingList.objects.count() == 1
    line = PostingLine.objects.get()
    with pytest.raises(NotAllowedError):
        posting.describe_line(line, actor=amina, tracking_number="RR123456785MA")


def test_posting_is_the_office_s(approved: Reply, badr: User) -> None:
    send(approved, badr)
    with pytest.raises(NotAllowedError):
        number(badr)
    with pytest.raises(NotAllowedError):
        posting.close_posting_list(actor=badr, way="post")


@pytest.mark.parametrize("tracking", ["<script>", "RR", "x" * 31, "é" * 10])
def test_what_cannot_be_a_number_is_refused(
    approved: Reply, badr: User, amina: User, tracking: str
) -> None:
    send(approved, badr)
    with pytest.raises(NotAllowedError):
        number(amina, tracking)


def test_a_tracking_number_belongs_to_one_letter(approved: Reply, badr: User, amina: User) -> None:
    send(approved, badr)
    number(amina)
    sending.send_also(Reply.objects.get(), actor=badr, method="post", address=HOME)
    other = PostingLine.objects.get(dispatch__method="post")
    with pytest.raises(NotAllowedError):
        posting.describe_line(other, actor=amina, tracking_number=GOOD, postage=Decimal("34.50"))


def test_without_an_address_no_number_is_taken(approved: Reply, badr: User) -> None:
    with pytest.raises(NotAllowedError):
        sending.send_reply(approved, actor=badr, method="post")
    assert not Letter.objects.filter(register__code="OUT").exists()


def test_the_acknowledgement_makes_it_received(
    approved: Reply, badr: User, amina: User, register_is_clean: Callable[[], None]
) -> None:
    dispatch = posted(approved, badr, amina)
    assert lists.unacknowledged(amina).get() == dispatch
    today = timezone.localdate()
    for day in (None, today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(NotAllowedError):
            returns.acknowledge(dispatch, actor=amina, on=day)
    scan = file("ar.png", picture_bytes("AR", form="PNG"))
    returns.acknowledge(dispatch, actor=amina, on=today, scan=scan)
    dispatch = Dispatch.objects.get()
    assert dispatch.state == "delivered"
    assert dispatch.proof_file is not None
    assert dispatch.proof["acknowledgement"] == dispatch.proof_file.sha256
    assert Reply.objects.get().state == "delivered"
    assert not lists.unacknowledged(amina).exists()
    register_is_clean()


def test_a_returned_letter_stands_with_a_person_again(
    approved: Reply, badr: User, amina: User, register_is_clean: Callable[[], None]
) -> None:
    dispatch = posted(approved, badr, amina)
    with pytest.raises(NotAllowedError):
        returns.return_post(dispatch, actor=amina, reason="eaten by the dog")
    returns.return_post(dispatch, actor=amina, reason="unclaimed")
    dispatch = Dispatch.objects.select_related("letter", "reply__letter", "reply__department").get()
    assert (dispatch.state, dispatch.proof["problem"]) == ("failed", "returned_unclaimed")
    assert dispatch.proof["tracking_number"] == GOOD
    assert Reply.objects.get().state == "bounced"
    assert Letter.objects.get(pk=approved.home.pk).stage == "in_hand"
    for who in (amina, badr):
        assert lists.came_back_for(who).get() == dispatch
    with pytest.raises(ConflictError):
        returns.return_post(dispatch, actor=amina, reason="moved")
    again = Reply.objects.select_related("letter__register", "department").get()
    sending.send_reply(again, actor=amina, method="portal")
    assert not lists.came_back_for(amina).exists()
    register_is_clean()


def test_what_came_back_can_be_seen_to_without_sending(
    approved: Reply, badr: User, amina: User, register_is_clean: Callable[[], None]
) -> None:
    dispatch = posted(approved, badr, amina)
    returns.return_post(dispatch, actor=amina, reason="deceased")
    with pytest.raises(NotAllowedError):
        returns.settle(dispatch, actor=badr, remark=" ")
    returns.settle(dispatch, actor=badr, remark="La famille est prévenue")
    assert not lists.came_back_for(badr).exists()
    register_is_clean()


def test_who_has_no_right_does_nothing(
    approved: Reply, badr: User, amina: User, chafik: User
) -> None:
    dispatch = posted(approved, badr, amina)
    for verb, words in (
        (returns.acknowledge, {"on": timezone.localdate()}),
        (returns.return_post, {"reason": "moved"}),
    ):
        with pytest.raises(NotAllowedError):
            verb(dispatch, actor=chafik, **words)
    assert not lists.came_back_for(chafik).exists()
    assert not lists.unacknowledged(chafik).exists()


def test_a_way_that_failed_does_not_bounce_what_is_under_way_on_another(
    approved: Reply, badr: User, amina: User, settings: Any
) -> None:
    from tests.correspondence.mail_server import mail_server

    send(approved, badr, method="post")
    reply = Reply.objects.select_related("letter__register", "department").get()
    with mail_server(settings):
        sending.send_also(reply, actor=badr, method="email", address="unknown@example.org")
        work()
    states = dict(Dispatch.objects.values_list("method", "state"))
    assert states == {"post": "waiting", "email": "failed"}
    assert Reply.objects.get().state == "sent"
    assert lists.came_back_for(badr).get().method == "email"
    with pytest.raises(NotAllowedError):
        sending.send_also(reply, actor=badr, method="post", address=HOME)


def test_a_letter_that_waits_can_be_taken_back(
    approved: Reply, badr: User, amina: User, register_is_clean: Callable[[], None]
) -> None:
    send(approved, badr)
    rows = Dispatch.objects.select_related("letter", "reply__letter", "reply__department")
    returns.take_back(rows.get(), actor=badr)
    assert not posting.to_be_posted("registered").exists()
    assert Reply.objects.get().state == "bounced"
    again = Reply.objects.select_related("letter__register", "department").get()
    sending.send_reply(again, actor=amina, method="post", address=HOME)
    work()
    posting.close_posting_list(actor=amina, way="post")
    with pytest.raises(NotAllowedError):
        returns.take_back(rows.get(method="post"), actor=badr)
    work()
    assert rows.get(method="post").state == "sent"
    register_is_clean()


def test_a_list_is_drawn_once(approved: Reply, badr: User, amina: User) -> None:
    posted(approved, badr, amina)
    row = PostingList.objects.get()
    before = row.file_id
    from django.db import transaction

    from jobs.outbox import enqueue

    with transaction.atomic():
        enqueue(OutgoingJob.POSTING_DRAW, row.pk)
    work()
    row.refresh_from_db()
    assert row.file_id == before
    assert not Job.objects.filter(state="parked").exists()
