"""The e-mail of a report: sentences and figures as HTML, with a paper and a table attached."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from figures.comparing import Compared
from figures.models import Report
from figures.reports import filter_of, scope_of, stop_report
from figures.summing import Figures
from figures.wording import period
from jobs.mailing import send
from language.bidi import isolate
from org.addresses import staff_address
from org.institution import mail_sender, office_name
from org.models import Department, LetterKind
from org.signs import colon
from registry.models.letters import Channel
from registry.paper import bilingual_pdf
from registry.sheets.cells import defused

SENT: Final = "sent"
NO_RIGHT: Final = "no_right"
_COLUMNS: Final = (
    *("received", "treated", "open", "late", "with_term", "in_term"),
    *("first_act_median_days", "median_days", "ninetieth_percentile_days"),
)


def report_work(report_id: str, _progress: Any) -> str:
    """Send the report as its person may see it now; return what became of it.

    Nothing is sent twice, nor to somebody who may not see these figures any more. Raise jobs'
    Unavailable while the mail server is away.
    """
    row = Report.objects.select_related("order__person").get(pk=int(report_id))
    if row.sent_at or row.order.stopped_at:
        return ""
    scope = scope_of(row.order)
    if scope is None:
        return NO_RIGHT
    with translation.override(row.order.person.language or "fr"):
        found = Compared.of(scope, filter_of(row))
        send(_message(row, found))
    return SENT


def save_report(report_id: str, outcome: str) -> None:
    """Note that the report left; stop an order whose person may not see the figures any more."""
    row = Report.objects.select_related("order").get(pk=int(report_id))
    if outcome == SENT:
        Report.objects.filter(pk=row.pk, sent_at=None).update(sent_at=timezone.now())
    elif outcome == NO_RIGHT:
        stop_report(row.order)


def _message(row: Report, found: Compared) -> EmailMultiAlternatives:
    order, language = row.order, translation.get_language() or "fr"
    stop = f"{staff_address()}/figures/reports/stop/{order.token}/"
    context = {
        "title": _("Figures: %(period)s") % {"period": period(found.asked)},
        "filter": " · ".join(filter_words(found.asked)),
        "sentences": found.sentences(),
        "headlines": found.headlines(),
        "page": f"{staff_address()}/figures/",
        "stop": stop,
        "every": order.get_every_display(),
        "language": language,
        "rtl": translation.get_language_bidi(),
        "office": office_name(),
    }
    message = EmailMultiAlternatives(
        subject=f"{office_name()}{colon()} {context['title']}",
        body=render_to_string("figures/report.txt", context),
        from_email=mail_sender(),
        to=[order.person.email],
        headers={
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(render_to_string("figures/report.html", context), "text/html")
    name = f"sijill-{found.asked.since:%Y-%m}-{found.asked.until:%Y-%m}"
    paper = bilingual_pdf("figures/report_paper.html", context | {"pictures": found.pictures()})
    message.attach(f"{name}.pdf", paper, "application/pdf")
    message.attach(f"{name}.csv", table_of(found).encode("utf-8-sig"), "text/csv")
    return message


def filter_words(asked: Any) -> list[str]:
    """Return in words what the figures are narrowed to; nothing where they are of all."""
    words = []
    if asked.department:
        row = Department.objects.filter(code=asked.department).first()
        words.append(isolate(f"{asked.department} · {row.name}" if row else asked.department))
    if asked.kind:
        kind = LetterKind.objects.filter(code=asked.kind).first()
        words.append(isolate(kind.name if kind else asked.kind))
    if asked.channel:
        words.append(str(dict(Channel.choices).get(asked.channel, asked.channel)))
    return words


def table_of(found: Compared) -> str:
    """Return the figures as CSV: in all, and by month, department, kind and channel."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            *(_("Part"), _("Name"), _("Came in"), _("Treated"), _("Still open"), _("Late")),
            *(_("With a due day"), _("Within the term"), _("First decision, median days")),
            *(_("To the end, median days"), _("Nine in ten within, days")),
        ]
    )
    report = found.report
    _write(writer, _("In all"), {"": report.total})
    _write(writer, _("Month"), {f"{month:%Y-%m}": row for month, row in report.months.items()})
    _write(writer, _("Department"), report.departments)
    _write(writer, _("Kind"), report.kinds)
    _write(writer, _("Channel"), report.channels)
    return out.getvalue()


def _write(writer: Any, part: str, rows: dict[str, Figures]) -> None:
    for name, found in rows.items():
        plain = found.plain()
        cells = ["" if plain[key] is None else plain[key] for key in _COLUMNS]
        writer.writerow([part, defused(name), *cells])
