"""The customer-relations centre over the API: contacts logged and listed, call-backs worked."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from eservices.relations import callbacks, customers
from eservices.relations.callbacks import CallbackData, TryData, callbacks_for, counts_of
from eservices.relations.contact_log import MomentData, log_contact
from eservices.relations.errors import BadContactError
from eservices.relations.models import CallbackTask, ContactMoment
from eservices.requests.access import is_centre
from eservices.requests.models import Request as ServiceRequest
from language.reach import number_key, phone_key
from org.models import Department, User
from org.people import permissions_of
from web.api import centre_shapes as shapes
from web.api.access import caller
from web.api.listing import Given, Rows, listed, lists
from web.api.shape import shown
from web.api.view import ApiView, checked, no_words, operation, validated_query


class WorksInCentre(BasePermission):
    """Permission of the centre's people; its director and auditors may read."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the caller may, now."""
        user = request.user
        if not isinstance(user, User) or not user.is_active:
            return False
        if request.method == "GET":
            return callbacks.reads_centre(permissions_of(user))
        return is_centre(user)


class MomentsView(ApiView):
    """Contacts of the centre."""

    permission_classes = [IsAuthenticated, WorksInCentre]

    @lists("list_contact_moments", shapes.MomentsAsked, shapes.MomentPage, 403)
    def get(self, _request: Request, given: Given) -> Rows:
        """List contacts, the newest first."""
        return _moments(given)

    @operation("log_contact_moment", shapes.MomentOut, 400, 403, takes=shapes.MomentIn, status=201)
    def post(self, request: Request) -> Response:
        """Log a contact with the call-back that it asks for; a key that was used logs nothing."""
        given = shapes.renamed(checked(shapes.MomentIn, request), department="unit")
        given["unit"] = _unit(given["unit"])
        given["request"] = _request(given["request"], viewer=caller(request))
        logged = log_contact(MomentData(**given), agent=caller(request))
        return shown(shapes.MomentOut, logged.moment, status=201)


class MomentView(ApiView):
    """One contact."""

    permission_classes = [IsAuthenticated, WorksInCentre]

    @operation("get_contact_moment", shapes.MomentOut, 403, 404)
    def get(self, request: Request, moment_id: UUID) -> Response:
        """Return a contact. The look at its customer is on record."""
        row = ContactMoment.objects.select_related("agent").filter(pk=moment_id).first()
        if row is None:
            raise Http404
        viewer = caller(request)
        customer = customers.customer_of("call", str(row.pk), viewer=viewer)
        customers.record_view(customer, viewer=viewer)
        return shown(shapes.MomentOut, row)


class CallbacksView(ApiView):
    """The queue of call-backs."""

    def get_permissions(self) -> list[BasePermission]:
        """Return permissions: the centre asks for call-backs, units see their own as well."""
        door = [WorksInCentre()] if self.request.method == "POST" else []
        return [IsAuthenticated(), *door]

    @operation("list_call_backs", shapes.CallbackPage, 400, 403, asks=[shapes.CallbacksAsked])
    def get(self, request: Request) -> Response:
        """List call-backs, the most urgent first, with the counts of all that are open."""
        given, viewer = validated_query(shapes.CallbacksAsked, request), caller(request)
        rows = callbacks_for(viewer)
        if given.get("unit"):
            rows = rows.filter(unit__code=given["unit"])
        counts = counts_of(rows, user=viewer)
        rows = rows.filter(done_at__isnull=not given["done"])
        if given["mine"]:
            rows = rows.filter(assigned_to=viewer)
        page = listed(rows, shapes.CallbacksAsked, given)
        return shown(shapes.CallbackPage, {"page": page, "counts": counts})

    @operation("ask_call_back", shapes.CallbackOut, 400, 403, takes=shapes.CallbackIn, status=201)
    def post(self, request: Request) -> Response:
        """Put somebody into a unit's queue; the same key asks once."""
        given = shapes.renamed(checked(shapes.CallbackIn, request), department="unit")
        given["unit"] = _unit(given["unit"])
        given["request"] = _request(given["request"], viewer=caller(request))
        given["key"] = f"api:{given['key']}" if given["key"] else ""
        task = callbacks.ask_callback(CallbackData(**given), actor=caller(request))
        return shown(shapes.CallbackOut, task, status=201)


class CallbackTakeView(ApiView):
    """Taking of a call-back."""

    permission_classes = [IsAuthenticated]

    @operation("take_call_back", shapes.CallbackOut, 403, 404, 409, takes=None)
    def post(self, request: Request, callback_id: int) -> Response:
        """Take an open call-back; 409 where somebody else has it."""
        no_words(request)
        task = _task(request, callback_id)
        return shown(shapes.CallbackOut, callbacks.take(task, actor=caller(request)))


class CallbackTriesView(ApiView):
    """Tries of a call-back."""

    permission_classes = [IsAuthenticated]

    @operation("log_call_back_try", shapes.CallbackOut, 400, 403, 404, 409, takes=shapes.TryIn)
    def post(self, request: Request, callback_id: int) -> Response:
        """Log a try: reached ends it, in vain moves it; 409 where another try came between."""
        task = _task(request, callback_id)
        data = TryData(**checked(shapes.TryIn, request))
        return shown(shapes.CallbackOut, callbacks.log_try(task, data, actor=caller(request)))


def _moments(given: dict[str, Any]) -> "QuerySet[ContactMoment]":
    wanted = {name: given[name] for name in ("channel", "result", "request") if given.get(name)}
    if given.get("phone"):
        wanted["phone_key"] = phone_key(given["phone"]) or "-"
    if given.get("contract_number"):
        wanted["contract_number"] = number_key(given["contract_number"])
    if given.get("since"):
        wanted["at__gte"] = given["since"]
    return ContactMoment.objects.filter(**wanted).select_related("agent")


def _task(request: Request, callback_id: int) -> CallbackTask:
    """Return a call-back that the caller may work on: 404 for what they do not see."""
    user = caller(request)
    task = callbacks_for(user).filter(pk=callback_id).first()
    units = callbacks.units_called_for(permissions_of(user))
    if task is None or (units is not None and task.unit_id not in units):
        raise Http404
    return task


def _unit(code: str) -> Department | None:
    if not code:
        return None
    found = Department.objects.filter(code=code, active=True).first()
    if found is None:
        raise BadContactError("department", _("There is no such department."))
    return found


def _request(pk: UUID | None, *, viewer: User) -> ServiceRequest | None:
    """Return the request, if the viewer may see its letter. Raise BadContactError."""
    if pk is None:
        return None
    rows = ServiceRequest.objects.filter(customers.readable("letter__", viewer))
    found = rows.select_related("letter", "person").filter(pk=pk).first()
    if found is None:
        raise BadContactError("request", _("There is no such request."))
    return found
