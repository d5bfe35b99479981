"""Retention over the API: the schedule, disposal lists with their decisions, legal holds."""

from typing import Any, Final

from django.http import Http404, HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from org.models import Department, RetentionText
from org.people import permissions_of
from registry.access import get_letter
from registry.disposal import lists as deeds
from registry.disposal.holds import holds_of, lift_hold, place_hold
from registry.disposal.obstacles import WORDS
from registry.disposal.rights import lists_seen_by, reads_lists, reads_schedule
from registry.models.disposal import REASON, DisposalEntry, DisposalList
from web.api.access import ReadsLetters, caller, permitted
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.requests import ReasonIn
from web.api.shape import PageShape, Shape, optional_text, shown
from web.api.view import ApiView, AsItIs, checked, file_answer, get_or_404, operation
from web.shared.files import stored

ReadsLists: Final = permitted(reads_lists)
ReadsSchedule: Final = permitted(reads_schedule)
_PEOPLE: Final = ("department", "proposed_by", "reviewed_by", "decided_by", "ordered_by")


class RetentionOut(Shape):
    """How long letters of a kind (null: all others) are kept from closing (null: for good)."""

    kind = serializers.CharField(source="kind.code", allow_null=True)
    current_years = serializers.IntegerField(allow_null=True)
    years = serializers.IntegerField(allow_null=True)
    fate = serializers.CharField(help_text="destroy, transfer, keep; empty while undecided.")
    text_ar = serializers.CharField()
    text_fr = serializers.CharField()
    text_en = serializers.CharField()
    active = serializers.BooleanField(help_text="Shown to citizens.")


class RetentionPageOut(PageShape):
    """The schedule. `next_cursor` is empty on the last page."""

    rows = RetentionOut(many=True)


class RetentionAsked(Listed):
    """The wanted page of the schedule."""

    ORDERS = both_ways("id", "pk")


class RetentionView(ApiView):
    """The schedule of retention."""

    permission_classes = [ReadsSchedule]

    @lists("list_retention", RetentionAsked, RetentionPageOut, 403)
    def get(self, _request: Request, _given: Given) -> Rows:
        """List how long letters of each kind are kept, and what becomes of them then."""
        return RetentionText.objects.select_related("kind")


class DisposalOut(Shape):
    """A disposal list and how far it is; people by user name."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    fate = serializers.CharField()
    department = serializers.CharField(source="department.code", allow_null=True)
    remark = serializers.CharField()
    state = serializers.ChoiceField(DisposalList.State.choices)
    proposed_by = serializers.CharField(source="proposed_by.username")
    proposed_at = serializers.DateTimeField()
    reviewed_by = serializers.CharField(source="reviewed_by.username", allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    refusal = serializers.CharField()
    executed_at = serializers.DateTimeField(allow_null=True)
    digest = serializers.CharField(help_text="Of all numbers and hashes, once it is executed.")


class DisposalsOut(PageShape):
    """Disposal lists, the newest first. `next_cursor` is empty on the last page."""

    lists = DisposalOut(source="rows", many=True)


class DisposalsAsked(Listed):
    """The wanted page of the lists."""

    ORDERS = both_ways("-proposed_at", "-proposed_at", "-pk")


class DisposalIn(Shape):
    """Which letters a new list is of."""

    fate = serializers.ChoiceField([str(fate) for fate in deeds.FATES])
    department = optional_text(12)
    remark = optional_text(REASON)


class DisposalsView(ApiView):
    """Disposal lists."""

    permission_classes = [ReadsLists]

    @lists("list_disposals", DisposalsAsked, DisposalsOut, 403)
    def get(self, request: Request, _given: Given) -> Rows:
        """List the disposal lists that the caller sees."""
        rows: Rows = lists_seen_by(permissions_of(caller(request))).select_related(*_PEOPLE)
        return rows

    @operation("propose_disposal", DisposalOut, 400, 403, 404, 409, takes=DisposalIn, status=201)
    def post(self, request: Request) -> Response:
        """Propose a list of the letters whose time is over: 500, and the rest of their chains."""
        given = checked(DisposalIn, request)
        code = given.pop("department", "")
        unit = get_or_404(Department.objects.filter(code=code)) if code else None
        made = deeds.propose(actor=caller(request), department=unit, **given)
        return shown(DisposalOut, made, status=201)


class DisposalView(ApiView):
    """A disposal list."""

    permission_classes = [ReadsLists]

    @operation("read_disposal", DisposalOut, 403, 404)
    def get(self, request: Request, list_id: int) -> Response:
        """Read how far a list is."""
        return shown(DisposalOut, _list(request, list_id))


class EntryOut(Shape):
    """A letter on a list. `why`: a code or a person's reason for one that stays or is left out."""

    letter = serializers.UUIDField(source="letter_id")
    number = serializers.CharField(source="letter.number")
    closed_on = serializers.DateField()
    over_on = serializers.DateField()
    state = serializers.ChoiceField(DisposalEntry.State.choices)
    why = serializers.CharField()
    why_in_words = serializers.CharField()
    files = serializers.ListField(child=serializers.DictField())

    def show_why_in_words(self, entry: DisposalEntry) -> str:
        """Return why the letter is left out or stays, in the caller's language."""
        return str(WORDS.get(entry.why, entry.why))


class EntriesOut(PageShape):
    """Letters of a list. `next_cursor` is empty on the last page."""

    entries = EntryOut(source="rows", many=True)


class EntriesAsked(Listed):
    """The wanted page of a list's letters."""

    ORDERS = both_ways("over_on", "over_on", "pk")


class EntriesView(ApiView):
    """The letters of a list."""

    permission_classes = [ReadsLists]

    @lists("list_disposal_entries", EntriesAsked, EntriesOut, 403, 404)
    def get(self, request: Request, _given: Given, list_id: int) -> Rows:
        """List the letters of a list by their numbers."""
        return _list(request, list_id).entries.select_related("letter")


class CertificateView(ApiView):
    """The certificate of a list."""

    permission_classes = [ReadsLists]
    content_negotiation_class = AsItIs

    @operation("read_disposal_certificate", file_answer("application/pdf"), 403, 404, takes=None)
    def get(self, request: Request, list_id: int) -> HttpResponseBase:
        """Read the certificate of an executed list, a PDF/A."""
        held = _list(request, list_id)
        if held.certificate is None:
            raise Http404
        return stored(held.certificate, "application/pdf", name=f"{held.number}.pdf")


class DisposalDecisionIn(Shape):
    """The reason of a refusal."""

    reason = optional_text(REASON)


class DecisionView(ApiView):
    """A decision about a list."""

    permission_classes = [ReadsLists]

    @operation("decide_disposal", DisposalOut, 400, 403, 404, 409, takes=DisposalDecisionIn)
    def post(self, request: Request, list_id: int, what: str) -> Response:
        """Decide about a list: `review`, `approve`, `refuse` with a reason, or `order`."""
        do: Any = {"review": deeds.review, "approve": deeds.approve, "order": deeds.order}
        held, given = _list(request, list_id), checked(DisposalDecisionIn, request)
        if what == "refuse":
            reason = given.get("reason", "")
            return shown(DisposalOut, deeds.refuse(held, actor=caller(request), reason=reason))
        if what not in do:
            raise Http404
        return shown(DisposalOut, do[what](held, actor=caller(request)))


class HoldOut(Shape):
    """A legal hold of a letter; people by user name."""

    reason = serializers.CharField()
    placed_by = serializers.CharField(source="placed_by.username")
    placed_at = serializers.DateTimeField()
    lifted_by = serializers.CharField(source="lifted_by.username", allow_null=True)
    lifted_at = serializers.DateTimeField(allow_null=True)
    lifted_because = serializers.CharField()


class HoldsOut(Shape):
    """The holds of a letter, the newest first, 50 at the most."""

    holds = HoldOut(many=True)


class HoldView(ApiView):
    """The legal hold of a letter."""

    permission_classes = [ReadsLetters]

    @operation("list_holds", HoldsOut, 403, 404)
    def get(self, request: Request, letter_id: str) -> Response:
        """List the letter's holds, lifted ones too."""
        letter = get_letter(caller(request), letter_id)
        return shown(HoldsOut, {"holds": holds_of(letter)})

    @operation("place_hold", HoldOut, 400, 403, 404, 409, takes=ReasonIn, status=201)
    def post(self, request: Request, letter_id: str) -> Response:
        """Hold the letter back from disposal."""
        letter, given = get_letter(caller(request), letter_id), checked(ReasonIn, request)
        return shown(HoldOut, place_hold(letter, actor=caller(request), **given), status=201)

    @operation("lift_hold", HoldOut, 400, 403, 404, 409, takes=ReasonIn)
    def put(self, request: Request, letter_id: str) -> Response:
        """Lift the letter's hold, with a reason."""
        letter, given = get_letter(caller(request), letter_id), checked(ReasonIn, request)
        return shown(HoldOut, lift_hold(letter, actor=caller(request), **given))


def _list(request: Request, list_id: int) -> DisposalList:
    rows = lists_seen_by(permissions_of(caller(request))).select_related(*_PEOPLE, "certificate")
    found: DisposalList = get_or_404(rows.filter(pk=list_id))
    return found
