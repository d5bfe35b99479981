"""Work orders over the API: listed, made, shown, and entries of the field taken once each."""

from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from eservices.relations.field_sync import BadEntryError, take_entry
from eservices.relations.models import Team, WorkOrder
from eservices.relations.orders import BadOrderError, Place, order_work, orders_visible_to
from eservices.relations.sending import send_team
from eservices.requests.models import Request as ServiceRequest
from org.models import User
from registry.access import reads_letter
from web.api.access import caller
from web.api.codes import no_such_code
from web.api.described import LANGUAGE, by_form
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.organisation import ListAsked, OrganisationView
from web.api.shape import PageShape, Shape, optional_text, shown
from web.api.view import ApiView, UploadView, checked, get_or_404, operation
from web.uploads import arrived

FIELD_ENTRIES = ("start", "check", "photo", "part", "index", "note", "sign", "end")


class WorkOrdersAsked(Listed):
    """A page of work orders, of a team, a day, a state or a request."""

    ORDERS = both_ways("planned_on", "planned_on", "id")

    team = serializers.CharField(required=False, max_length=20, help_text="Code of the team.")
    day = serializers.DateField(required=False)
    state = serializers.ChoiceField(WorkOrder.State.choices, required=False)
    request = serializers.UUIDField(required=False)


class TickOut(Shape):
    """A point of the checklist."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    done = serializers.BooleanField()


class PartOut(Shape):
    """A part that was used."""

    what = serializers.CharField()
    quantity = serializers.CharField()


class WorkOrderOut(Shape):
    """A work order, and what the team reports of it."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    request = serializers.UUIDField(source="request_id", allow_null=True)
    team = serializers.CharField(source="team.code")
    planned_on = serializers.DateField()
    slot = serializers.CharField()
    what = serializers.CharField()
    instructions = serializers.CharField()
    address = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    contact_name = serializers.CharField()
    contact_phone = serializers.CharField()
    state = serializers.CharField()
    dangerous = serializers.BooleanField()
    checklist = TickOut(many=True)
    parts = PartOut(many=True)
    meter_index = serializers.CharField()
    outcome = serializers.CharField()
    signed_name = serializers.CharField()
    made_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class WorkOrdersOut(PageShape):
    """Work orders. `next_cursor` is empty on the last page."""

    work_orders = WorkOrderOut(source="rows", many=True)


class WorkOrderIn(Shape):
    """A new order; for a request its place and contact are those of the request where not given.

    Without `checklist` the order has the usual one.
    """

    team = serializers.CharField(max_length=20, help_text="Code of the team.")
    planned_on = serializers.DateField()
    what = serializers.CharField(max_length=300)
    request = serializers.UUIDField(required=False, default=None, allow_null=True)
    slot = optional_text(40)
    instructions = optional_text(4000)
    address = optional_text(400)
    latitude = serializers.DecimalField(
        9, 6, required=False, default=None, allow_null=True, min_value=-90, max_value=90
    )
    longitude = serializers.DecimalField(
        9, 6, required=False, default=None, allow_null=True, min_value=-180, max_value=180
    )
    contact_name = optional_text(200)
    contact_phone = optional_text(40)
    checklist = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, default=None, allow_null=True
    )
    dangerous = serializers.BooleanField(required=False, default=None, allow_null=True)


class FieldEntryIn(Shape):
    """An entry of the field under the caller's own id: sent again, it is taken once.

    `data` by kind: start {}, check {code, done}, photo {caption}, part {what, quantity}, index
    {value}, note {text}, sign {name}, end {done, remark}. Photos and signatures come with a `file`,
    as a form.
    """

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(FIELD_ENTRIES)
    made_at = serializers.DateTimeField()
    data = serializers.JSONField(  # type: ignore[assignment]  # a field of that name
        required=False, default=dict
    )
    file = serializers.FileField(required=False)


class FieldEntryOut(Shape):
    """The entry's id, whether this call brought it, and the order as it is now."""

    id = serializers.UUIDField(source="entry.pk")
    new = serializers.BooleanField()
    work_order = WorkOrderOut(source="order")


class TeamsAsked(ListAsked):
    """A page of field teams."""

    ORDERS = both_ways("code", "code", "id")


class TeamOut(Shape):
    """A field team."""

    code = serializers.CharField()
    name_ar = serializers.CharField()
    name_fr = serializers.CharField()
    name_en = serializers.CharField()
    department = serializers.CharField(source="department.code")
    members = serializers.ListField(child=serializers.CharField())
    active = serializers.BooleanField()

    def show_members(self, team: Team) -> list[str]:
        """Return the members by user name."""
        return sorted(user.username for user in team.members.all())


class TeamsOut(PageShape):
    """Field teams. `next_cursor` is empty on the last page."""

    teams = TeamOut(source="rows", many=True)


class WorkOrdersView(ApiView):
    """Work orders."""

    @lists("list_work_orders", WorkOrdersAsked, WorkOrdersOut)
    def get(self, request: Request, given: Given) -> Rows:
        """List the orders of the caller's departments and teams; for the office all."""
        names = {"team": "team__code", "day": "planned_on", "state": "state", "request": "request"}
        wanted = {names[name]: given[name] for name in names if name in given}
        return orders_visible_to(caller(request)).filter(**wanted).select_related("team")

    @operation("order_work", WorkOrderOut, 400, 403, takes=WorkOrderIn, status=201)
    def post(self, request: Request) -> Response:
        """Make a work order; an action of the request that waited for it is taken."""
        actor, given = caller(request), dict(checked(WorkOrderIn, request))
        given["team"] = team_of(given["team"])
        about = _request_of(actor, given.pop("request"))
        names = ("address", "latitude", "longitude", "contact_name", "contact_phone")
        place = dict(zip(("address", "latitude", "longitude", "name", "phone"), (
            given.pop(name) for name in names), strict=True))  # fmt: skip
        given["place"] = Place(**place) if any(place.values()) else None
        try:
            order = order_work(about, actor=actor, **given)
        except BadOrderError as error:
            raise refused(error) from error
        if about is not None:
            send_team(about, actor=actor)
        return shown(WorkOrderOut, order, status=201)


class WorkOrderView(ApiView):
    """A work order."""

    @operation("get_work_order", WorkOrderOut, 404)
    def get(self, request: Request, order_id: UUID) -> Response:
        """Return an order."""
        return shown(WorkOrderOut, order_of(caller(request), order_id))


class FieldEntriesView(UploadView):
    """Entries of a work order."""

    @operation(
        "enter_field",
        FieldEntryOut,
        400,
        403,
        404,
        422,
        asks=[LANGUAGE],
        takes=by_form(FieldEntryIn),
    )
    def post(self, request: Request, order_id: UUID) -> Response:
        """Take an entry of the field; the same id again changes nothing."""
        actor = caller(request)
        order, given = order_of(actor, order_id), checked(FieldEntryIn, request)
        files = arrived(request._request, "file") if given.pop("file", None) else []
        given["entry_id"] = given.pop("id")
        try:
            taken = take_entry(order, by=actor, file=files[0] if files else None, **given)
        except BadEntryError as error:
            raise ValidationError({"data": [str(error)]}) from error
        return shown(FieldEntryOut, taken)


class TeamsView(OrganisationView):
    """Field teams."""

    @lists("list_teams", TeamsAsked, TeamsOut)
    def get(self, _request: Request, _given: Given) -> Rows:
        """List the field teams, those out of use too."""
        return Team.objects.select_related("department").prefetch_related("members")


def team_of(code: str) -> Team:
    """Return the team of this code. Raise ValidationError."""
    team = Team.objects.filter(code=code).select_related("department").first()
    if team is None:
        raise no_such_code("team", code)
    return team


def refused(error: BadOrderError) -> ValidationError:
    """Return what is wrong with an order, by field."""
    return ValidationError({name: [words] for name, words in error.problems.items()})


def order_of(actor: User, order_id: UUID) -> WorkOrder:
    """Return an order that the caller may see. Raise Http404."""
    rows = orders_visible_to(actor).select_related("team__department", "request__letter")
    return get_or_404(rows.filter(pk=order_id))


def _request_of(actor: User, request_id: UUID | None) -> ServiceRequest | None:
    """Return the request of this id, if the caller may read its letter. Raise ValidationError."""
    if request_id is None:
        return None
    rows = ServiceRequest.objects.filter(reads_letter(actor))
    found = rows.select_related("letter__department", "version").filter(pk=request_id).first()
    if found is None:
        raise ValidationError({"request": [_("There is no such request.")]})
    return found
