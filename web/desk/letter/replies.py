"""The reply to a letter, from its draft to its dispatch."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from correspondence.models.replies import Reply
from correspondence.replies import circuit as replies_circuit
from correspondence.replies import drafting
from registry.access import get_letter
from registry.refusals import DepositRefusedError
from routing.acting import errors
from routing.acting.access import need
from routing.acting.verbs import LetterVerb
from web.desk.drafts.new import reply_again
from web.desk.reply_actions import ON_REPLY, made_file, signs, written
from web.shared.files import stored
from web.shared.guard import StaffRequest, files_refused, go_on, page, reads_letters, verb
from web.shared.once import SentBeforeError, once, row_id
from web.shared.reading import note_reading
from web.signin.confirmation import confirms


def _back(letter_id: UUID) -> HttpResponse:
    answer = redirect(f"{reverse('desk:letter', args=[letter_id])}#replies")
    answer.status_code = 303
    return answer


@verb(reads_letters)
def draft(request: StaffRequest, letter_id: UUID) -> HttpResponseBase:
    """Create a draft; with `submit` in the form it is submitted for approval at once."""
    letter = get_letter(request.user, letter_id)
    need(request.user, letter, LetterVerb.DRAFT_REPLY)
    pk, reply = row_id(request), None
    try:
        with once(Reply, pk):
            reply = drafting.draft_reply(letter, actor=request.user, pk=pk, **written(request))
    except (errors.NotAllowedError, DepositRefusedError) as error:
        return reply_again(request, letter, error)
    except SentBeforeError:
        pass
    if reply and request.POST.get("submit"):
        replies_circuit.submit_reply(reply, actor=request.user)
    messages.success(request, _("The reply is kept."))
    return _back(letter_id)


def _reply(request: StaffRequest, letter_id: UUID, reply_id: UUID) -> Reply:
    letter = get_letter(request.user, letter_id)
    rows = Reply.objects.select_related("letter", "department", "file")
    return get_object_or_404(rows, letter=letter, pk=reply_id)


@verb(reads_letters)
@confirms(when=signs)
def on_reply(request: StaffRequest, letter_id: UUID, reply_id: UUID, what: str) -> HttpResponseBase:
    """Do one action with a reply.

    Edit, choose its archival form, submit, approve (give a visa), return, withdraw, sign, send, and
    send by another way.
    """
    reply = _reply(request, letter_id, reply_id)
    do = ON_REPLY.get(what)
    if do is None:
        raise Http404
    back = f"{reverse('desk:letter', args=[letter_id])}#replies"
    try:
        messages.success(request, do(request, reply))
    except DepositRefusedError as error:
        if what == "edit":
            letter = get_letter(request.user, letter_id)
            return reply_again(request, letter, error, draft=reply)
        return files_refused(request, error, otherwise=back)
    return go_on(request, otherwise=back)


@page(reads_letters)
def reply_file(request: StaffRequest, letter_id: UUID, reply_id: UUID) -> HttpResponseBase:
    """Serve the file of a reply as uploaded; `?made=1` serves the archival version made of it."""
    reply = note_reading(request.user, _reply(request, letter_id, reply_id))
    if reply.file is None:
        raise Http404
    if request.GET.get("made"):
        return made_file(reply)
    return stored(reply.file, reply.file.media_type, name=reply.file_name or "reply")
