"""Who is told of what: each once, of nothing they may not read, on the ways they want."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from config.kinds import EVENT_KINDS
from correspondence.models.replies import Reply
from correspondence.replies import circuit, drafting
from identity import mails, stand_ins
from jobs.models import Job
from notices import mailing, preferences, reading
from notices.audience import NEWS
from notices.kinds import MailWay, NoticeKind
from notices.models import Notice
from notices.notifying import notify_of_event
from org.models import User
from org.people import cached_permissions
from registry.models.letters import Letter
from registry.models.readers import DepartmentReader
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.clocks import Reminder
from routing.notes.writing import write_note
from routing.opinions import opinion_requests
from tests.factories import department, deposit, drain, person

pytestmark = pytest.mark.django_db


def notified(kind: NoticeKind) -> set[str]:
    """Who has a notice of the kind, after all that happened was spread."""
    drain("notice.spread")
    rows = Notice.objects.filter(kind=kind)
    return set(rows.values_list("person__username", flat=True))


@pytest.fixture
def letter(amina: User) -> Letter:
    return deposit(actor=amina, subject="Fuite rue des Amandiers").letter


@pytest.fixture
def given(letter: Letter, amina: User) -> Assignment:
    return giving.assign(letter, department=department("EAU"), actor=amina)


def test_the_kinds_that_are_news_are_those_that_somebody_is_told_of() -> None:
    assert {str(kind) for kind in EVENT_KINDS.values() if kind.is_news} == NEWS


def test_the_head_is_told_of_an_assignment_and_the_person_of_being_in_charge(
    given: Assignment, dounia: User, badr: User
) -> None:
    assert notified(NoticeKind.GIVEN) == {"dounia"}
    assignments.accept(given, actor=dounia)
    assignments.put_in_charge(given, actor=dounia, person=badr)
    assert notified(NoticeKind.GIVEN) == {"dounia", "badr"}
    assert reading.count_unread(badr) == 1


def test_a_job_that_runs_twice_tells_nobody_twice(given: Assignment) -> None:
    subjects = list(Job.objects.filter(kind="notice.spread").values_list("subject", flat=True))
    assert notified(NoticeKind.GIVEN) == {"dounia"}
    for subject in subjects:
        notify_of_event(subject, None)
    assert Notice.objects.filter(kind=NoticeKind.GIVEN).count() == 1


def test_nothing_is_shown_of_a_letter_that_is_read_no_more(
    given: Assignment, dounia: User, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.filter(pk=dounia.pk).update(email="dounia@regie.example")
    assert notified(NoticeKind.GIVEN) == {"dounia"}
    assert reading.count_unread(dounia) == 1
    DepartmentReader.objects.filter(letter=given.letter).update(active=False)
    assert reading.count_unread(dounia) == 0
    assert not reading.notices_of(dounia).exists()
    for row in mailing._for_digest().filter(person=dounia):
        mailing.digest_work(str(row.person_id), None)
    assert not mailoutbox


def test_counting_is_one_query(
    given: Assignment, dounia: User, django_assert_max_num_queries: Any
) -> None:
    notified(NoticeKind.GIVEN)
    with cached_permissions(), django_assert_max_num_queries(2):  # one of them for the memberships
        assert reading.count_unread(dounia) == 1


def test_an_opinion_is_told_to_who_is_asked_and_then_to_who_asked(
    given: Assignment, dounia: User, badr: User
) -> None:
    assignments.accept(given, actor=badr)
    asked = opinion_requests.ask_opinions(
        given.letter,
        [opinion_requests.AskedDepartment(department("SI"), person("chafik"))],
        actor=badr,
        question="Est-ce votre conduite ?",
    )
    assert notified(NoticeKind.OPINION_ASKED) == {"chafik"}
    opinion_requests.give_opinion(asked[0], actor=person("chafik"), answer="Non.")
    assert notified(NoticeKind.OPINION_GIVEN) == {"badr"}


def test_a_reply_is_told_to_who_signs_and_back_to_its_author(
    given: Assignment, badr: User, dounia: User
) -> None:
    assignments.accept(given, actor=badr)
    reply = drafting.draft_reply(given.letter, actor=badr, subject="Réponse", body="Bonjour")
    circuit.submit_reply(reply, actor=badr)
    assert "dounia" in notified(NoticeKind.TO_SIGN)
    circuit.return_reply(Reply.objects.get(pk=reply.pk), actor=dounia, remark="La date")
    assert notified(NoticeKind.RETURNED) == {"badr"}


def test_a_stand_in_is_told_of_the_absence_and_of_what_comes_for_the_absent(
    letter: Letter, amina: User, dounia: User, badr: User
) -> None:
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": today + timedelta(days=3)}
    stand_ins.appoint(dounia, actor=dounia, delegate=badr, **days)
    drain("absence.tell")
    assert notified(NoticeKind.STAND_IN) == {"badr"}
    giving.assign(letter, department=department("EAU"), actor=amina)
    assert notified(NoticeKind.GIVEN) == {"dounia", "badr"}


def test_reminders_mentions_and_account_are_told_once(
    given: Assignment, badr: User, dounia: User
) -> None:
    from config.letter_path import JOBS
    from routing.kinds import RoutingJob

    today = timezone.localdate()
    for days_left in (2, 1, -1):
        row = Reminder(
            letter=given.letter, department=given.department, clock="legal", due_on=today,
            days_left=days_left, person=dounia, made_at=timezone.now(),
        )  # fmt: skip
        JOBS[RoutingJob.REMINDERS_LOOK].save("now", [row])
    assert notified(NoticeKind.DUE) == notified(NoticeKind.OVERDUE) == {"dounia"}
    assert Notice.objects.filter(person=dounia, kind=NoticeKind.DUE).count() == 1
    write_note(given.letter, author=dounia, reach="readers", text="@badr voyez")
    drain("notes.tell")
    assert notified(NoticeKind.MENTIONED) == {"badr"}
    mails.queue_notice(badr, "token_made")
    drain("identity.notice")
    assert notified(NoticeKind.SECURITY) == {"badr"}


def test_a_mail_names_the_number_and_the_subject_by_the_setting_alone(
    given: Assignment, dounia: User, mailoutbox: list[EmailMessage], settings: Any
) -> None:
    User.objects.filter(pk=dounia.pk).update(email="dounia@regie.example", language="fr")
    preferences.set_preferences(dounia, {NoticeKind.GIVEN: preferences.Ways(mail=MailWay.AT_ONCE)})
    for allowed in (False, True):
        settings.NOTICE_SUBJECTS = allowed
        Notice.objects.all().delete()
        for job in Job.objects.filter(kind="notice.spread"):
            notify_of_event(job.subject, None)
        drain("notice.tell")
        assert ("Amandiers" in mailoutbox[-1].body) is allowed
        assert given.letter.number in mailoutbox[-1].subject
    assert len(mailoutbox) == 2


def test_the_mail_of_the_day_holds_all_that_waited_once(
    given: Assignment, dounia: User, mailoutbox: list[EmailMessage], amina: User
) -> None:
    User.objects.filter(pk=dounia.pk).update(email="dounia@regie.example", language="fr")
    other = deposit(actor=amina, subject="Compteur").letter
    giving.assign(other, department=department("EAU"), actor=amina)
    assert notified(NoticeKind.GIVEN) == {"dounia"}
    for _ in range(2):
        mailing.queue_each_digest("", None)
        drain("notices.digest")
    assert [mail.to for mail in mailoutbox] == [["dounia@regie.example"]]
    assert given.letter.number in mailoutbox[0].body
    assert other.number in mailoutbox[0].body


def test_what_is_not_wanted_is_not_told(given: Assignment, dounia: User) -> None:
    preferences.set_preferences(dounia, {NoticeKind.GIVEN: preferences.Ways(page=False)})
    assert notified(NoticeKind.GIVEN) == set()
    preferences.set_preferences(dounia, {NoticeKind.SECURITY: preferences.Ways(mail=MailWay.NONE)})
    assert preferences.preferences_of(dounia)[NoticeKind.SECURITY].mail == MailWay.AT_ONCE


def test_old_notices_are_forgotten_once_read(given: Assignment, dounia: User) -> None:
    notified(NoticeKind.GIVEN)
    long_ago = timezone.now() - timedelta(days=400)
    Notice.objects.update(made_at=long_ago)
    reading.forget_old()
    assert Notice.objects.count() == 1
    Notice.objects.update(read_at=long_ago)
    reading.forget_old()
    assert not Notice.objects.exists()
