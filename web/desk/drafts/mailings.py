"""Mailings: one text to many, made from a form, watched, submitted, approved and sent together."""

from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from correspondence.answers.addressees import AddresseeData
from correspondence.drafts.choosing import contacts_named, of_contacts, of_letter, out_of_table
from correspondence.drafts.mailings import MOST, actions_on, ask, make_mailing
from correspondence.drafts.reading import mailings_of
from correspondence.forms.keeping import newest, templates_for
from correspondence.kinds import OutgoingJob
from correspondence.models.dispatch import Dispatch
from correspondence.models.drafts import Mailing
from correspondence.models.states import ReplyState
from jobs.models import Job
from org.models import Department
from org.people import permissions_of
from registry.access import get_letter
from registry.models.letters import Letter
from routing.acting.access import need
from routing.acting.errors import NotAllowedError
from routing.acting.verbs import LetterVerb
from web.desk.drafts import form as given
from web.shared.guard import StaffRequest, form, in_department, page, reads_letters, verb
from web.shared.guard import redirect_after as to_page
from web.shared.once import SentBeforeError, once, row_id
from web.shared.paging import page_of

ROWS: Final = 50


@page(reads_letters)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the mailings that this user may read, the newest first."""
    found = page_of(
        mailings_of(request.user),
        order=["-made_at", "-id"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {
        "rows": found.rows,
        "next": found.next_cursor,
        "writes": bool(permissions_of(request.user).departments),
    }
    return render(request, "web/mailings.html", context)


@form(in_department)
def new(request: StaffRequest) -> HttpResponse:
    """Show and take the form of a mailing.

    `?letter=` names the letter that it answers; `find` searches the directory.
    """
    letter = _letter(request)
    if letter:
        need(request.user, letter, LetterVerb.DRAFT_REPLY)
    units = given.departments_of(permissions_of(request.user))
    if not units:
        raise PermissionDenied
    department = next((u for u in units if u.code == request.POST.get("department")), units[0])
    if request.method != "POST" or request.POST.get("find"):
        return _form(request, letter, department)
    template = given.template_in(request, letter=letter)
    pk = row_id(request) or uuid4()
    try:
        with once(Mailing, pk):
            make_mailing(
                actor=request.user,
                department=department,
                addressees=_addressees(request, letter),
                subject=request.POST.get("subject", ""),
                body=request.POST.get("body", ""),
                version=newest(template) if template else None,
                letter=letter,
                confidentiality=given.level_in(request),
                pk=pk,
            )
    except NotAllowedError as error:
        return _form(request, letter, department, refusals=[str(error)], status=422)
    except SentBeforeError:
        pass
    return to_page(reverse("desk:mailing", args=[pk]), request)


def _letter(request: StaffRequest) -> Letter | None:
    wanted = request.POST.get("letter") or request.GET.get("letter", "")
    return get_letter(request.user, wanted) if wanted else None


def _addressees(request: StaffRequest, letter: Letter | None) -> list[AddresseeData]:
    """Collect the addressees, each once.

    Parties of the letter, contacts that were ticked, the table, and the rows filled in.
    """
    to = of_letter(letter) if letter and request.POST.get("parties") else []
    ids = [int(i) for i in request.POST.getlist("contact") if i.isdecimal() and len(i) < 10]
    to += of_contacts(ids, request.user)
    if table := request.FILES.get("table"):
        to += out_of_table(table.read())
    return list(dict.fromkeys([*to, *given.addressees_in(request)]))


def _form(
    request: StaffRequest,
    letter: Letter | None,
    department: Department,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    words = request.POST.get("find_words", "")
    contacts = contacts_named(words, request.user)
    shown = {str(contact.pk) for contact in contacts}
    chosen = request.POST.getlist("contact")
    permissions = permissions_of(request.user)
    context = {
        "letter": letter,
        "departments": given.departments_of(permissions),
        "department": department,
        "levels": given.levels_of(permissions),
        "level": given.level_in(request),
        "templates": templates_for(request.user, letter=letter),
        "rows": given.rows_shown(given.addressees_in(request)),
        "find_words": words,
        "contacts": contacts,
        "chosen": chosen,
        "kept": [pk for pk in chosen if pk.isdecimal() and pk not in shown],
        "parties": bool(request.POST.get("parties")),
        "most": MOST,
        **given.words_in(request),
        **more,
    }
    return render(request, "web/mailing_new.html", context, status=status)


def _mailing(request: StaffRequest, mailing_id: UUID) -> Mailing:
    return get_object_or_404(mailings_of(request.user), pk=mailing_id)


@page(reads_letters)
def show(request: StaffRequest, mailing_id: UUID) -> HttpResponse:
    """Show the addressees with the state of each reply, and the actions possible on all of them."""
    mailing = _mailing(request, mailing_id)
    lines = mailing.lines.select_related("reply__outgoing")
    found = page_of(lines, order=["position", "id"], cursor=request.GET.get("from", ""), limit=ROWS)
    replies = mailing.replies
    context = {
        "mailing": mailing,
        "lines": found.rows,
        "next": found.next_cursor,
        "total": lines.count(),
        "unmade": lines.filter(reply__isnull=True).count(),
        "problems": lines.exclude(problem="").count(),
        "drafts": replies.filter(state=ReplyState.DRAFT).count(),
        "submitted": replies.filter(state=ReplyState.SUBMITTED).count(),
        "ready": replies.filter(state__in=[ReplyState.APPROVED, ReplyState.BOUNCED]).count(),
        "sent": replies.filter(state__in=[ReplyState.SENT, ReplyState.DELIVERED]).count(),
        "may": actions_on(mailing, request.user),
        "ways": Dispatch.Method.choices,
        "job": _job(mailing),
    }
    return render(request, "web/mailing.html", context)


def _job(mailing: Mailing) -> Job | None:
    return Job.objects.filter(kind=OutgoingJob.MAILING_CARRY, subject=str(mailing.pk)).last()


@page(reads_letters)
def live(request: StaffRequest, mailing_id: UUID) -> HttpResponse:
    """Return a fragment with the progress of the job; the whole page once it is done."""
    mailing = _mailing(request, mailing_id)
    if not mailing.doing:
        return to_page(reverse("desk:mailing", args=[mailing.pk]), request)
    context = {"mailing": mailing, "job": _job(mailing)}
    return render(request, "web/parts/mailing_live.html", context)


@verb(reads_letters)
def do(request: StaffRequest, mailing_id: UUID, what: str) -> HttpResponse:
    """Queue a job that makes what failed, or submits, approves or sends them all."""
    mailing = _mailing(request, mailing_id)
    try:
        ask(mailing, deed=what, actor=request.user, method=request.POST.get("method", ""))
    except NotAllowedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is being done, one letter after the other."))
    return to_page(reverse("desk:mailing", args=[mailing.pk]), request)
