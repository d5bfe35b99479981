"""Figures by mail: due once a period, with the rights of the day, stopped by a link."""

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from figures.models import Report, ReportOrder
from figures.reports import filter_of, order_report, orders_of, queue_reports
from figures.summing import FiguresFilter
from jobs.models import Job
from org.models import Membership, User
from tests.factories import deposit, drain

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
On = Callable[[str], None]
ASKED = FiguresFilter(date(2025, 12, 1), date(2026, 2, 1))


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> On:
    """Move the clock to a moment; it begins on a Sunday, the first of March."""

    def move(moment: str) -> None:
        at = timezone.make_aware(datetime.fromisoformat(moment))
        monkeypatch.setattr(timezone, "now", lambda: at)

    move("2026-03-01T12:00")
    return move


@pytest.fixture
def ordered(on: On, dounia: User) -> ReportOrder:
    """Dounia, head of EAU, has ordered the figures of EAU each Monday."""
    order = order_report(dounia, "week", ASKED)
    assert order is not None
    return order


def test_a_report_is_asked_for_once_a_period(on: On, ordered: ReportOrder) -> None:
    queue_reports()
    assert not Report.objects.exists()  # last Monday was before the order
    on("2026-03-02T06:59")
    queue_reports()
    assert not Report.objects.exists()
    for moment in ("2026-03-02T07:00", "2026-03-02T07:01", "2026-03-05T09:00"):
        on(moment)
        queue_reports()
    assert [report.period for report in Report.objects.all()] == ["2026-03-02"]
    assert Job.objects.filter(kind="figures.report").count() == 1
    on("2026-03-11T09:00")  # the office was closed on Monday
    queue_reports()
    assert [report.period for report in Report.objects.order_by("pk")][1:] == ["2026-03-09"]


def test_an_order_covers_as_many_months_up_to_its_day(on: On, ordered: ReportOrder) -> None:
    weekly = Report(order=ordered, period="2026-03-02")
    assert filter_of(weekly) == FiguresFilter(date(2026, 1, 1), date(2026, 3, 1))
    ordered.every = "month"
    monthly = Report(order=ordered, period="2026-04-01")
    assert filter_of(monthly) == FiguresFilter(date(2026, 1, 1), date(2026, 3, 1))


def test_the_mail_has_words_a_paper_a_table_and_a_link_to_stop(
    amina: User, dounia: User, browser: Browser
) -> None:
    deposit(actor=amina, subject="Affaire secrète")
    User.objects.filter(pk=dounia.pk).update(language="ar")
    client = browser("dounia")
    client.post("/figures/reports/", {"every": "month", "department": "EAU"})
    order = orders_of(dounia).get()
    assert (order.months, order.department) == (12, "EAU")
    call_command("send_figures", "dounia", stdout=io.StringIO())
    drain("figures.report")

    (sent,) = mail.outbox
    assert sent.to == [dounia.email]
    body: Any = sent
    ((html, kind),) = body.alternatives
    assert kind == "text/html"
    assert 'dir="rtl"' in html
    assert "EAU" in html
    assert "لم ترد أي مراسلة." in html
    assert "secrète" not in html
    files = {name.rpartition(".")[2]: data for name, data, _type in sent.attachments}
    assert files["pdf"].startswith(b"%PDF")
    assert files["csv"].lstrip("\ufeff").startswith("الجزء,")
    stop = sent.extra_headers["List-Unsubscribe"].strip("<>").partition("/figures")[2]
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(f"/figures{stop}").status_code == 200
    assert orders_of(dounia).exists()  # looking stops nothing
    stranger.post(f"/figures{stop}", {"List-Unsubscribe": "One-Click"})
    assert not orders_of(dounia).exists()
    assert stranger.get("/figures/reports/stop/unknown/").status_code == 404
    with pytest.raises(CommandError):
        call_command("send_figures", "dounia")


def test_who_may_not_see_the_figures_any_more_gets_none(ordered: ReportOrder, on: On) -> None:
    on("2026-03-02T08:00")
    queue_reports()
    Membership.objects.filter(user=ordered.person).update(role="member")
    drain("figures.report")
    ordered.refresh_from_db()
    assert not mail.outbox
    assert ordered.stopped_at is not None


def test_a_report_is_not_sent_twice(ordered: ReportOrder, on: On) -> None:
    on("2026-03-02T08:00")
    queue_reports()
    drain("figures.report")
    job = Job.objects.get(kind="figures.report")
    Job.objects.filter(pk=job.pk).update(state="ready", run_after=timezone.now())
    drain("figures.report")
    assert len(mail.outbox) == 1


def test_nobody_stops_or_sends_the_orders_of_others(ordered: ReportOrder, browser: Browser) -> None:
    client = browser("direction")
    for what in ("stop", "now"):
        assert client.post(f"/figures/reports/{ordered.pk}/{what}/").status_code == 404
    own = browser("dounia")
    assert own.post(f"/figures/reports/{ordered.pk}/other/").status_code == 404
    assert own.post(f"/figures/reports/{ordered.pk}/now/").status_code == 303
    assert Report.objects.count() == 1
    assert "Arrêter" in own.get("/figures/").content.decode()
    own.post(f"/figures/reports/{ordered.pk}/stop/")
    assert not orders_of(ordered.person).exists()


def test_ordering_twice_is_one_order(dounia: User, browser: Browser) -> None:
    client = browser("dounia")
    for _ in range(2):
        client.post("/figures/reports/", {"every": "week"})
    client.post("/figures/reports/", {"every": "never"})
    assert orders_of(dounia).count() == 1


def test_the_page_goes_along_as_a_table(amina: User, browser: Browser) -> None:
    answer = browser("direction").get("/figures/figures.csv?since=2026-01&until=2026-02")
    assert answer.headers["Content-Disposition"].endswith('"sijill-2026-01-2026-02.csv"')
    assert "En tout,,0" in answer.content.decode("utf-8-sig")
