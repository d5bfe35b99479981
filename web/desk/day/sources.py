"""What a day's page shows to clerks, agents, heads, the director, auditors and administrators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from channels import services as channels_services
from channels.services import Batch
from correspondence.acting.waiting_steps import waiting_for
from correspondence.drafts.reading import drafts_read_by
from correspondence.models.states import ReplyState
from eservices.relations import danger
from eservices.relations.rights import sees_work
from figures.list_counts import counts
from figures.lists import ListFilter
from figures.scope import work_scope
from org.absences import people_of
from org.models import Absence, User
from org.people import Permissions, absences_on
from org.written_days import date_format
from registry.access import reads_letter
from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from registry.models.voiding import VoidRequest
from registry.states import Stage
from routing.check import checking
from routing.inbox import reading
from routing.models.assignments import Assignment
from routing.models.clocks import ClockStop
from routing.models.states import AssignmentState
from routing.opinions import opinion_requests
from web.desk.administration import health_checks
from web.desk.administration.finding import BAD
from web.desk.day import tiles
from web.desk.day.archives import lists_to_decide
from web.desk.day.tiles import Row, Tile, due_words, letter_row, tile

_AT_WORK = (Stage.REGISTERED, Stage.IN_HAND)


def tiles_for(user: User, permissions: Permissions) -> list[Tile]:
    """Return the tiles of all that this person is: a duty, and member or head of departments.

    Those in which nothing waits stand last.
    """
    heads = [code for code, role in permissions.departments.items() if role == "head"]
    found: list[Tile] = []
    if permissions.is_office:
        found += _clerk(user)
    if permissions.duty == User.Duty.DIRECTOR:
        found += [_to_sign(user), _late_by_department(user), _to_give(user)]
    if heads:
        found += _head(user, heads)
    if permissions.departments:
        found += [*_to_accept(user, permissions, heads), *_agent(user)]
        found.append(_undelivered(user, permissions))
    if permissions.duty == User.Duty.ARCHIVIST:
        found.append(lists_to_decide(user, permissions))
    if permissions.duty == User.Duty.AUDITOR:
        found += [_late_by_department(user), _to_void(user)]
    if permissions.may_watch_jobs and not permissions.is_office:
        found.append(_health())
    if all(one.code != "sign" for one in found) and found:
        signing = _to_sign(user)
        found += [signing] if signing.count else []
    found += _danger(user, permissions)
    each = {one.code: one for one in found}  # a director may head a department
    return sorted(each.values(), key=lambda one: one.count == 0)


def _danger(user: User, permissions: Permissions) -> list[Tile]:
    """Return the alarms that nobody has seen, for those who act on them; no tile without one."""
    if not sees_work(permissions):
        return []
    found = tile(
        "danger", _("Danger"), danger.unseen(user),
        lambda row: Row(reverse("desk:danger", args=[row.pk]), row.what, row.place),
        unit=tiles.alarms, link=reverse("desk:dangers"), bad=True,
    )  # fmt: skip
    return [found] if found.count else []


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F")


def _clerk(user: User) -> Iterator[Tile]:
    yield tile(
        "check", _("To check"), checking.check_queue(user),
        lambda row: letter_row(row, to="desk:check_page", small=_day(row.registered_at)),
        unit=tiles.letters, link=reverse("desk:checks"),
    )  # fmt: skip
    yield _to_give(user)
    yield tile(
        "batches", _("Batches to cut"),
        channels_services.batches().filter(state=Batch.State.OPEN).order_by("made_at"),
        lambda row: Row(reverse("desk:batch", args=[row.pk]), row.name, _day(row.made_at)),
        unit=tiles.batches, link=reverse("desk:batches"),
    )  # fmt: skip
    yield tile(
        "mailbox", _("Mails that need a person"),
        channels_services.to_look_at().order_by("pk"),
        lambda row: Row(reverse("desk:mailbox"), row.subject or _("Without subject"), row.sender),
        unit=tiles.mails, link=reverse("desk:mailbox"),
    )  # fmt: skip
    yield tile(
        "bare", _("Deposits that lack pieces"), without_pieces(user),
        lambda row: letter_row(row, small=_day(row.registered_at)),
        unit=tiles.letters, link=reverse("desk:without_pieces"),
    )  # fmt: skip


def without_pieces(user: User) -> QuerySet[Letter]:
    """Return letters at work that lack pieces requested from their sender, the oldest first."""
    asked = PiecesRequest.objects.filter(answered_at=None).values("letter_id")
    rows: QuerySet[Letter] = Letter.objects.visible_to(user).filter(
        pk__in=asked, stage__in=_AT_WORK
    )
    return rows.order_by("registered_at", "pk")


def _to_give(user: User) -> Tile:
    return tile(
        "tray", _("To give to a department"), reading.tray_keys(user).defer(None),
        lambda row: letter_row(row, small=_day(row.registered_at)),
        unit=tiles.letters, link=reverse("desk:tray"),
    )  # fmt: skip


def _to_sign(user: User) -> Tile:
    def shown(step: Any) -> Row:
        reply = step.reply
        about = reply.letter.number if reply.letter else ""
        small = " · ".join(filter(None, (about, reply.department.code)))
        return Row(f"{reverse('desk:signing_folder')}", reply.subject, small)

    rows = waiting_for(user).annotate(since=F("reply__changed_at")).order_by("since", "pk")
    return tile(
        "sign", _("To sign or approve"), rows, shown, unit=tiles.drafts,
        link=reverse("desk:signing_folder"),
    )  # fmt: skip


def _assigned(row: Assignment) -> Row:
    return letter_row(row.letter, small=due_words(row.due_on))


def _to_accept(user: User, permissions: Permissions, heads: list[str]) -> Iterator[Tile]:
    """Yield what nobody has accepted yet; heads see it as what they assign to a person."""
    codes = [code for code in permissions.departments if code not in heads]
    if not codes:
        return
    here = reading.inbox(user).filter(
        Q(person=user) | Q(person=None),
        role=Assignment.Role.ACTION,
        state=AssignmentState.OPEN,
        department__code__in=codes,
    )
    yield tile(
        "accept", _("To accept"), here, _assigned,
        unit=tiles.letters, link=reverse("desk:inbox"),
    )  # fmt: skip


def _undelivered(user: User, permissions: Permissions) -> Tile:
    """Return the replies of the user's departments that came back and go nowhere else."""
    rows = drafts_read_by(user).filter(
        state=ReplyState.BOUNCED, department__code__in=permissions.departments
    )
    rows = rows.select_related("outgoing").order_by("changed_at", "pk")
    return tile(
        "undelivered", _("Replies not delivered"), rows,
        lambda row: Row(
            reverse("desk:draft", args=[row.pk]),
            row.subject,
            row.outgoing.number if row.outgoing else "",
        ),
        unit=tiles.letters, link=f"{reverse('desk:drafts')}?show=bounced", bad=True,
    )  # fmt: skip


def _agent(user: User) -> Iterator[Tile]:
    today = timezone.localdate()
    mine = reading.inbox(user).filter(role=Assignment.Role.ACTION, person=user)
    due = f"{reverse('desk:due_list')}?person={user.pk}"
    yield tile(
        "late", _("Mine, late"), mine.filter(due_on__lt=today), _assigned,
        unit=tiles.letters, link=f"{due}&band=late", bad=True,
    )  # fmt: skip
    yield tile(
        "today", _("Mine, due today"), mine.filter(due_on=today), _assigned,
        unit=tiles.letters, link=f"{due}&band=today",
    )  # fmt: skip
    stops = ClockStop.objects.filter(letter=OuterRef("letter"), to_on=None, waits=True)
    yield tile(
        "citizen", _("Mine, waiting for the citizen"), mine.filter(Exists(stops)), _assigned,
        unit=tiles.letters, link=reverse("desk:inbox"),
    )  # fmt: skip
    asked = opinion_requests.asked_of(user).filter(Q(person=user) | Q(person=None))
    yield tile(
        "opinions", _("Opinions asked of me"), asked,
        lambda row: Row(
            f"{reverse('desk:letter', args=[row.letter_id])}#opinions",
            row.question,
            " · ".join(filter(None, (row.letter.number, due_words(row.due_on)))),
        ),
        unit=tiles.opinions, link=reverse("desk:inbox"),
    )  # fmt: skip
    mine_drafts = drafts_read_by(user).filter(author=user, state=ReplyState.DRAFT)
    returned = mine_drafts.exclude(remark="")
    yield tile(
        "returned", _("Returned with a remark"), returned.order_by("changed_at", "pk"),
        lambda row: Row(reverse("desk:draft", args=[row.pk]), row.subject, row.remark),
        unit=tiles.drafts, link=reverse("desk:drafts"),
    )  # fmt: skip


def _head(user: User, heads: list[str]) -> Iterator[Tile]:
    here = reading.inbox(user).filter(role=Assignment.Role.ACTION, department__code__in=heads)
    yield tile(
        "assign", _("To assign to a person"),
        here.filter(person=None), _assigned, unit=tiles.letters, link=reverse("desk:inbox"),
    )  # fmt: skip
    late = here.filter(due_on__lt=timezone.localdate())
    yield tile(
        "late_here", _("Late in my department"), late,
        lambda row: letter_row(
            row.letter,
            small=" · ".join(
                filter(None, (due_words(row.due_on), row.person.shown_name if row.person else ""))
            ),
        ),
        unit=tiles.letters, link=f"{reverse('desk:due_list')}?band=late", bad=True,
    )  # fmt: skip
    yield _to_sign(user)
    away = absences_on(timezone.localdate()).filter(person__in=people_of(user).order_by())
    yield tile(
        "absences", _("Away today"),
        away.select_related("person", "delegate").order_by("ends_on", "pk"), _away,
        unit=tiles.people, link=reverse("desk:absences"),
    )  # fmt: skip


def _away(row: Absence) -> Row:
    small = _("until %(day)s") % {"day": date_format(row.ends_on, "j F")}
    instead = _("stands in: %(person)s") % {"person": row.delegate.shown_name}
    return Row(reverse("desk:absences"), row.person.shown_name, f"{small} · {instead}")


def _late_by_department(user: User) -> Tile:
    """Count what is late by department, the most first."""
    counted = [row for row in counts(work_scope(user), ListFilter("due")) if row["late"]]
    counted.sort(key=lambda row: -row["late"])
    link = f"{reverse('desk:due_list')}?band=late"
    rows = [
        Row(
            f"{link}&department={row['department'].code}",
            f"{row['department'].code} · {row['department'].name}",
            tiles.letters(row["late"]),
        )
        for row in counted
    ]
    count = sum(row["late"] for row in counted)
    return Tile(
        "departments", _("Late, by department"), count, tiles.letters(count), tiles.worst(rows),
        link, bool(count), max(len(rows) - tiles.SHOWN, 0),
    )  # fmt: skip


def _to_void(user: User) -> Tile:
    rows = VoidRequest.objects.filter(reads_letter(user), decision=VoidRequest.Decision.PENDING)
    return tile(
        "void", _("Requests to void that wait"),
        rows.select_related("letter").order_by("asked_at"),
        lambda row: letter_row(row.letter, small=row.reason),
        unit=tiles.requests, link=reverse("desk:voids"),
    )  # fmt: skip


def _health() -> Tile:
    """Show the lines of the health page that are not well."""
    bad = [line for line in health_checks.findings() if line.state == BAD]
    link = reverse("desk:health")
    rows = [Row(line.link or link, line.name, line.words) for line in bad]
    count = len(bad)
    return Tile(
        "health", _("Health of the office"), count, tiles.points(count), tiles.worst(rows), link,
        bool(count), max(count - tiles.SHOWN, 0),
    )  # fmt: skip
