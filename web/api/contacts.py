"""The directory over the API: list, match, create, change, merge, and link letters' senders."""

from uuid import UUID

from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from org.people import permissions_of
from registry.access import get_letter
from registry.contacts import directory as contacts
from registry.contacts import links as contact_links
from registry.contacts import merging as contact_merging
from registry.contacts.access import (
    get_contact,
    manages_contacts,
    note_view,
)
from registry.contacts.directory import ContactData, Point, propose_contacts
from registry.contacts.search import find_contacts
from registry.models.contacts import ContactMerge
from routing.acting.access import need
from routing.acting.verbs import LetterVerb
from web.api import contact_shapes as shapes
from web.api.access import KeepsContacts, ReadsContacts, caller
from web.api.etags import ETAG, IF_MATCH, tag_again, tag_of, tagged, unchanged
from web.api.listing import Given, Rows, lists
from web.api.shape import shown
from web.api.view import ApiView, checked, get_or_404, no_words, operation, validated_query


class ContactsView(ApiView):
    """The directory."""

    def get_permissions(self) -> list[BasePermission]:
        """Return permissions: its readers list it, its keepers add to it."""
        door = KeepsContacts() if self.request.method == "POST" else ReadsContacts()
        return [IsAuthenticated(), door]

    @lists("list_contacts", shapes.ContactsAsked, shapes.ContactPage, 403)
    def get(self, _request: Request, given: Given) -> Rows:
        """List contacts by name, or those that match the words."""
        return find_contacts(given.get("q", ""))

    @operation("create_contact", shapes.ContactOut, 400, 403, takes=shapes.ContactIn, status=201)
    def post(self, request: Request) -> Response:
        """Create a contact with the ways to reach it."""
        given = checked(shapes.ContactIn, request)
        points = [Point(**point) for point in given.pop("points")]
        contact = contacts.create_contact(
            ContactData(**given, points=points), actor=caller(request)
        )
        return shown(shapes.ContactOut, contact, status=201, notes=True)


class ContactView(ApiView):
    """One contact."""

    def get_permissions(self) -> list[BasePermission]:
        """Return permissions: readers of one of its letters may see it; its keepers change it."""
        door = [KeepsContacts()] if self.request.method == "PATCH" else []
        return [IsAuthenticated(), *door]

    @operation("get_contact", shapes.ContactOut, 404, asks=[ETAG])
    def get(self, request: Request, contact_id: int) -> Response:
        """Return the contact, or the one that it was merged into. The view is logged."""
        viewer = caller(request)
        contact = get_contact(viewer, contact_id)
        note_view(contact, viewer=viewer)
        notes = manages_contacts(permissions_of(viewer))
        return tagged(shown(shapes.ContactOut, contact, notes=notes), tag_of(contact))

    @operation(
        "change_contact",
        shapes.ContactOut,
        400,
        403,
        404,
        409,
        asks=[IF_MATCH, ETAG],
        takes=shapes.ContactChangeIn,
    )
    def patch(self, request: Request, contact_id: int) -> Response:
        """Change columns; 409 where somebody changed the contact meanwhile."""
        actor = caller(request)
        contact = get_contact(actor, contact_id)
        given = checked(shapes.ContactChangeIn, request)
        version = given.pop("version")
        with unchanged(request, contact):
            contacts.edit_contact(contact, actor=actor, changes=given, version=version)
        return tagged(shown(shapes.ContactOut, contact, notes=True), tag_again(contact))


class ContactPointsView(ApiView):
    """Ways to reach a contact."""

    permission_classes = [IsAuthenticated, KeepsContacts]

    @operation(
        "add_contact_point",
        shapes.ContactOut,
        400,
        403,
        404,
        asks=[IF_MATCH],
        takes=shapes.PointIn,
        status=201,
    )
    def post(self, request: Request, contact_id: int) -> Response:
        """Add a way to reach the contact; one that exists already stays as it is."""
        actor = caller(request)
        contact = get_contact(actor, contact_id)
        given = checked(shapes.PointIn, request)
        with unchanged(request, contact):
            contacts.add_point(contact, **given, actor=actor)
        return shown(shapes.ContactOut, contact, status=201, notes=True)


class ContactMatchesView(ApiView):
    """Possible contacts."""

    permission_classes = [IsAuthenticated, ReadsContacts]

    @operation("match_contacts", shapes.MatchesOut, 400, 403, asks=[shapes.MatchAsked])
    def get(self, request: Request) -> Response:
        """Return known contacts by e-mail, phone, number and name, with score and reasons."""
        given = validated_query(shapes.MatchAsked, request)
        return shown(shapes.MatchesOut, {"matches": propose_contacts(**given)})


class ContactMergeView(ApiView):
    """Merge of two contacts."""

    permission_classes = [IsAuthenticated, KeepsContacts]

    @operation(
        "merge_contacts",
        shapes.MergeOut,
        400,
        403,
        404,
        409,
        asks=[IF_MATCH],
        takes=shapes.MergeIn,
        status=201,
    )
    def post(self, request: Request, contact_id: int) -> Response:
        """Merge another contact into this one; 409 where either was merged meanwhile."""
        actor = caller(request)
        winner = get_contact(actor, contact_id)
        loser = get_contact(actor, checked(shapes.MergeIn, request)["loser"])
        with unchanged(request, winner):
            merge = contact_merging.merge_contacts(winner=winner, loser=loser, actor=actor)
        return shown(shapes.MergeOut, merge, status=201)


class UndoContactMergeView(ApiView):
    """Undoing of a merge."""

    permission_classes = [IsAuthenticated, KeepsContacts]

    @operation("undo_contact_merge", shapes.MergeOut, 403, 404, 409, takes=None)
    def post(self, request: Request, merge_id: int) -> Response:
        """Undo a merge exactly; 409 where it is undone already."""
        no_words(request)
        merge = get_or_404(ContactMerge.objects.filter(pk=merge_id))
        contact_merging.undo_merge(merge, actor=caller(request))
        return shown(shapes.MergeOut, merge)


class LetterContactView(ApiView):
    """The contact of a letter's sender."""

    @operation(
        "link_letter_contact",
        shapes.ContactOut,
        400,
        403,
        404,
        409,
        asks=[IF_MATCH],
        takes=shapes.ContactLinkIn,
    )
    def put(self, request: Request, letter_id: UUID) -> Response:
        """Link the sender to a contact; what the letter says stays as it is."""
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        need(actor, letter, LetterVerb.CORRECT)
        contact = get_contact(actor, checked(shapes.ContactLinkIn, request)["contact"])
        with unchanged(request, letter):
            contact_links.link_sender(letter, contact=contact, actor=actor)
        notes = manages_contacts(permissions_of(actor))
        return shown(shapes.ContactOut, contact, notes=notes)

    @operation("unlink_letter_contact", None, 403, 404, asks=[IF_MATCH], status=204)
    def delete(self, request: Request, letter_id: UUID) -> Response:
        """Unlink the sender from its contact."""
        no_words(request)
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        need(actor, letter, LetterVerb.CORRECT)
        with unchanged(request, letter):
            contact_links.unlink_sender(letter, actor=actor)
        return Response(status=204)
