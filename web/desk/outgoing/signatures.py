"""A user's scanned signature: shown, uploaded, removed, by the user or an administrator."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from correspondence.replies.pictures import PNG, drop_picture, give_picture, may_give, picture_of
from identity import events
from identity.kinds import SecurityKind
from org.models import User
from routing.acting.errors import NotAllowedError
from web.addresses import plain_address
from web.shared.files import stored
from web.shared.guard import StaffRequest, page, redirect_after, verb
from web.signin.confirmation import confirms

MOST_PEOPLE = 500


@page()
def show(request: StaffRequest) -> HttpResponse:
    """Show the user's signature page; administrators may open anybody's."""
    person = _person(request)
    people = User.objects.filter(is_active=True).order_by("first_name", "last_name", "pk")
    chooses = request.user.duty == User.Duty.ADMINISTRATOR
    context = {
        "person": person,
        "picture": picture_of(person),
        "people": people[:MOST_PEOPLE] if chooses else [],
    }
    return render(request, "web/signature.html", context)


@page()
def picture(request: StaffRequest) -> HttpResponseBase:
    """Serve the picture, to its owner and administrators only."""
    file = picture_of(_person(request))
    if file is None:
        raise Http404
    return stored(file, PNG, name="signature.png", inline=True)


@verb()
@confirms()
def give(request: StaffRequest) -> HttpResponse:
    """Save a new picture, or remove the present one."""
    person = _person(request)
    upload = request.FILES.get("file")
    try:
        if request.POST.get("drop"):
            drop_picture(person, actor=request.user)
            _record(request, person, "removed")
            messages.success(request, _("The signature is taken away."))
        elif upload is None:
            messages.error(request, _("Choose a picture first."))
        else:
            give_picture(person, actor=request.user, stream=upload)
            _record(request, person, "given")
            messages.success(request, _("The signature is kept."))
    except NotAllowedError as error:
        messages.error(request, str(error))
    back = reverse("desk:signature")
    if person != request.user:
        back = f"{back}?{urlencode({'person': person.username})}"
    return redirect_after(back, request)


def _record(request: StaffRequest, person: User, what: str) -> None:
    address = plain_address(request)
    events.record(
        SecurityKind.KEY_CHANGED,
        person=request.user,
        subject=person,
        address=address,
        picture=what,
    )


def _person(request: StaffRequest) -> User:
    """Return whose signature is meant: one's own, or for administrators that of `person`."""
    wanted = request.GET.get("person", "") or request.POST.get("person", "")
    if not wanted or wanted == request.user.username:
        return request.user
    if request.user.duty != User.Duty.ADMINISTRATOR:
        raise PermissionDenied
    person = get_object_or_404(User, username=wanted)
    if not may_give(request.user, person):
        raise PermissionDenied
    return person
