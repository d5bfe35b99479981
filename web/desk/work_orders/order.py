"""A work order: made, shown with its history, planned anew, cancelled; and its pictures."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.relations.field_sync import may_enter
from eservices.relations.models import FieldEntry, Team, WorkOrder
from eservices.relations.orders import (
    BadOrderError,
    OrderMadeError,
    Place,
    cancel_order,
    may_plan,
    move_order,
    order_work,
    orders_visible_to,
    place_of,
    teams_planned_by,
    usual_checklist,
)
from eservices.relations.sending import send_team
from eservices.requests.models import Request
from language.numerals import plain_decimal
from org.models import User
from registry.access import readable_among, reads_letter
from web.desk.forms import add_problems
from web.desk.work_orders.words import TAGS, history_of
from web.shared.files import SHOWN, stored
from web.shared.guard import StaffRequest, form, page, redirect_after, verb
from web.shared.widgets import Day


class Degrees(forms.DecimalField):
    """A coordinate of at most `most` degrees, in any digits, with a comma or a point.

    It is typed as a text: of a number with the other sign, browsers send nothing at all.
    """

    def __init__(self, *, label: Any, most: int) -> None:
        super().__init__(
            label=label,
            required=False,
            widget=forms.TextInput({"inputmode": "decimal", "dir": "ltr"}),
            min_value=-most,
            max_value=most,
            max_digits=9,
            decimal_places=6,
        )

    def to_python(self, value: Any) -> Any:
        """Return the number, or None for an empty field; what is too long to be one is wrong."""
        if not isinstance(value, str):
            return super().to_python(value)
        plain = plain_decimal(value)
        if value.strip() and not plain:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(plain)


class PlanForm(forms.Form):
    """For which team and when."""

    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"),
        queryset=Team.objects.none(),
        empty_label=gettext_lazy("Choose a team"),
    )
    planned_on = forms.DateField(label=gettext_lazy("Day"), widget=Day)
    slot = forms.CharField(
        label=gettext_lazy("Hours"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("As in “8–10”."),
        widget=forms.TextInput({"dir": "ltr"}),
    )

    def __init__(self, actor: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams: Any = self.fields["team"]
        teams.queryset = teams_planned_by(actor)
        teams.label_from_instance = lambda team: f"{team.code} · {team.name}"


class OrderForm(PlanForm):
    """A new order: besides team and day what is to be done, where and with whom."""

    order_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    what = forms.CharField(label=gettext_lazy("What is to be done"), max_length=300)
    instructions = forms.CharField(
        label=gettext_lazy("Instructions"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=400, required=False)
    latitude = Degrees(label=gettext_lazy("Latitude"), most=90)
    longitude = Degrees(label=gettext_lazy("Longitude"), most=180)
    contact_name = forms.CharField(label=gettext_lazy("Who is met"), max_length=200, required=False)
    contact_phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    checklist = forms.CharField(
        label=gettext_lazy("Checklist, a point a line"),
        required=False,
        max_length=8000,
        widget=forms.Textarea({"rows": 6}),
    )
    dangerous = forms.BooleanField(
        label=gettext_lazy("there is danger: people are alarmed at once"), required=False
    )

    def clean(self) -> None:
        """Refuse half a place, instead of forgetting it."""
        names = ("latitude", "longitude")
        left = [name for name in names if self.cleaned_data.get(name, "wrong") is None]
        if len(left) == 1:
            self.add_error(left[0], _("Write both coordinates, or neither."))

    def place(self) -> Place:
        """Return where and with whom the work is."""
        given = self.cleaned_data
        return Place(
            address=given["address"],
            latitude=given["latitude"],
            longitude=given["longitude"],
            name=given["contact_name"],
            phone=given["contact_phone"],
        )


@form()
def new(request: StaffRequest) -> HttpResponse:
    """Make an order, alone or for the request that the address names."""
    if not teams_planned_by(request.user).exists():
        raise PermissionDenied
    about = _request_of(request)
    if request.method != "POST":
        return _new_page(request, OrderForm(request.user, initial=_initial(about)), about)
    filled = OrderForm(request.user, request.POST)
    if filled.is_valid():
        given = filled.cleaned_data
        names = ("order_id", "team", "planned_on", "slot", "what", "instructions", "dangerous")
        try:
            order = order_work(
                about, actor=request.user, place=filled.place(),
                checklist=given["checklist"].splitlines(), **{name: given[name] for name in names},
            )  # fmt: skip
        except BadOrderError as error:
            add_problems(filled, error.problems)
        except OrderMadeError as error:
            return _new_page(request, _second(filled, error.order), about, status=409)
        else:
            if about is not None:
                send_team(about, actor=request.user)
            messages.success(request, _("Order %(number)s is made.") % {"number": order.number})
            return redirect_after(reverse("desk:work_order", args=[order.pk]), request)
    return _new_page(request, filled, about, status=422)


@page()
def show(request: StaffRequest, order_id: UUID) -> HttpResponse:
    """Show an order with its history."""
    return _page(request, _order(request.user, order_id))


@verb()
def move(request: StaffRequest, order_id: UUID) -> HttpResponse:
    """Plan an order for another team or day."""
    order = _order(request.user, order_id)
    filled = PlanForm(request.user, request.POST)
    if filled.is_valid():
        try:
            move_order(order, actor=request.user, **filled.cleaned_data)
        except BadOrderError as error:
            add_problems(filled, error.problems)
        else:
            messages.success(request, _("The order is planned anew."))
            return redirect_after(reverse("desk:work_order", args=[order.pk]), request)
    return _page(request, order, filled, status=422)


@verb()
def cancel(request: StaffRequest, order_id: UUID) -> HttpResponse:
    """Cancel an order, with the reason."""
    order = _order(request.user, order_id)
    try:
        cancel_order(order, why=request.POST.get("why", ""), actor=request.user)
    except BadOrderError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The order is cancelled."))
    return redirect_after(reverse("desk:work_order", args=[order.pk]), request)


@page()
def picture(request: StaffRequest, order_id: UUID, entry_id: UUID) -> HttpResponseBase:
    """Send a photo or signature of an order."""
    order = _order(request.user, order_id)
    rows = FieldEntry.objects.filter(order=order).select_related("file")
    if (file := get_object_or_404(rows, pk=entry_id).file) is None:
        raise Http404
    name = f"{order.number.replace('/', '-')}-{str(entry_id)[:8]}"
    return stored(file, file.media_type, name=name, inline=file.media_type in SHOWN)


def _order(viewer: User, order_id: UUID) -> WorkOrder:
    rows = orders_visible_to(viewer).select_related(
        "team__department", "request__letter", "made_by", "danger__seen_by"
    )
    return get_object_or_404(rows, pk=order_id)


def _page(
    request: StaffRequest, order: WorkOrder, filled: PlanForm | None = None, *, status: int = 200
) -> HttpResponse:
    plan = may_plan(request.user, order)
    letter = order.request.letter if order.request else None
    start = {"team": order.team_id, "slot": order.slot}
    start["planned_on"] = max(order.planned_on, timezone.localdate())
    context = {
        "order": order,
        "tag": TAGS[order.state],
        "told": history_of(order),
        "letter": letter,
        "letter_readable": bool(letter and readable_among([letter.pk], request.user)),
        "may_enter": may_enter(request.user, order),
        "form": (filled or PlanForm(request.user, initial=start)) if plan else None,
        "alarm": getattr(order, "danger", None),
    }
    return render(request, "web/work_orders/order.html", context, status=status)


def _request_of(request: StaffRequest) -> Request | None:
    """Return the request that the address names, if its letter may be read. Raise Http404."""
    if not (named := request.GET.get("request", "")):
        return None
    try:
        wanted = UUID(named)
    except ValueError:
        wanted = UUID(int=0)
    rows = Request.objects.filter(reads_letter(request.user))
    return get_object_or_404(rows.select_related("letter__department", "version"), pk=wanted)


def _initial(about: Request | None) -> dict[str, Any]:
    start: dict[str, Any] = {"planned_on": timezone.localdate(), "order_id": uuid4()}
    start["checklist"] = "\n".join(usual_checklist())
    if about is not None:
        place = place_of(about)
        start |= {"what": about.letter.subject[:300], "address": place.address[:400]}
        start |= {"latitude": place.latitude, "longitude": place.longitude}
        start |= {"contact_name": place.name, "contact_phone": place.phone}
        start["dangerous"] = about.dangerous
    return start


def _second(filled: OrderForm, made: WorkOrder) -> OrderForm:
    """Return a form that made an order and was changed since: sent again, it makes a second one."""
    words = _(
        "This form has already made order %(number)s, which says something else. Send it again to "
        "make a second order."
    )
    filled.add_error(None, words % {"number": made.number})
    filled.data = dict(filled.data.items()) | {"order_id": str(uuid4())}
    return filled


def _new_page(
    request: StaffRequest, filled: OrderForm, about: Request | None, *, status: int = 200
) -> HttpResponse:
    context = {"form": filled, "letter": about.letter if about else None}
    return render(request, "web/work_orders/new.html", context, status=status)
