"""Shapes of the directory over the API: queries, requests and responses."""

from typing import Any, ClassVar, Final

from rest_framework import serializers

from registry.contacts.directory import LANGUAGES, shown_points
from registry.models.contacts import NAME, NOTES, VALUE, Contact, ContactPoint
from web.api.listing import Listed, Orders
from web.api.shape import PageShape, Shape, optional_text

WAYS: Final = ["", *Contact.Way.values]


class PointIn(Shape):
    """A way to reach or to know a contact, as written."""

    kind = serializers.ChoiceField(ContactPoint.Kind.choices)
    value = serializers.CharField(max_length=VALUE)


class PointOut(Shape):
    """A way to reach a contact; verified by a person, or not yet."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(ContactPoint.Kind.choices)
    value = serializers.CharField()
    verified_at = serializers.DateTimeField(allow_null=True)


class ContactIn(Shape):
    """A contact to create."""

    name = serializers.CharField(max_length=NAME)
    kind = serializers.ChoiceField(Contact.Kind.choices, default=Contact.Kind.PERSON)
    language = serializers.ChoiceField(LANGUAGES, required=False, default="")
    way = serializers.ChoiceField(WAYS, required=False, default="")
    notes = optional_text(NOTES)
    points = PointIn(many=True, required=False, default=list)

    def validate_points(self, points: list[Any]) -> list[Any]:
        """Limit the points to what a person would write down."""
        if len(points) > 20:
            raise serializers.ValidationError("20")
        return points


class ContactChangeIn(Shape):
    """Columns to change, and the version that they are changed from."""

    version = serializers.IntegerField()
    name = serializers.CharField(required=False, max_length=NAME)
    kind = serializers.ChoiceField(Contact.Kind.choices, required=False)
    language = serializers.ChoiceField(LANGUAGES, required=False)
    way = serializers.ChoiceField(WAYS, required=False)
    notes = serializers.CharField(required=False, allow_blank=True, max_length=NOTES)


class ContactRow(Shape):
    """A contact in a list."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Contact.Kind.choices)
    language = serializers.CharField()
    way = serializers.CharField()
    version = serializers.IntegerField()


class ContactOut(ContactRow):
    """A contact with all its points. `notes` are empty for those who may only read."""

    notes = serializers.CharField()
    points = PointOut(many=True)
    merged = serializers.ListField(
        child=serializers.IntegerField(), help_text="Ids of contacts that became this one."
    )

    def show_notes(self, contact: Contact) -> str:
        """Return the notes, to those who may read them."""
        return contact.notes if self.context["notes"] else ""

    def show_points(self, contact: Contact) -> list[ContactPoint]:
        """Return each point once."""
        return shown_points(contact)

    def show_merged(self, contact: Contact) -> list[int]:
        """Return at most 200 of those merged into it."""
        return list(contact.stubs.order_by("pk").values_list("pk", flat=True)[:200])


class ContactPage(PageShape):
    """One page of contacts, by name. `next_cursor` is empty on the last page."""

    contacts = ContactRow(source="rows", many=True)


class ContactsAsked(Listed):
    """The filter of a list of contacts."""

    ORDERS: ClassVar[Orders] = {"name": ["sort_name", "pk"], "-name": ["-sort_name", "-pk"]}

    q = serializers.CharField(
        required=False,
        max_length=200,
        help_text="A name in any spelling, a phone, an e-mail or a customer number.",
    )


class MatchAsked(Shape):
    """What is known of a person or organisation, as written."""

    name = serializers.CharField(required=False, max_length=200)
    organisation = serializers.CharField(required=False, max_length=200)
    email = serializers.CharField(required=False, max_length=254)
    phone = serializers.CharField(required=False, max_length=80)
    customer_number = serializers.CharField(required=False, max_length=80)
    address = serializers.CharField(required=False, max_length=VALUE)
    limit = serializers.IntegerField(required=False, default=5, min_value=1, max_value=20)


class MatchOut(Shape):
    """A possible contact. `automatic`: identifier and name agree, and no other's do."""

    contact = ContactRow()
    score = serializers.FloatField(help_text="From 0 to 1.")
    reasons = serializers.ListField(child=serializers.CharField())
    automatic = serializers.BooleanField()


class MatchesOut(Shape):
    """The likeliest contacts first."""

    matches = MatchOut(many=True)


class MergeIn(Shape):
    """The contact to merge into this one."""

    loser = serializers.IntegerField()


class MergeOut(Shape):
    """A merge; `undone_at` once it was undone."""

    id = serializers.IntegerField()
    winner = serializers.IntegerField(source="winner_id")
    loser = serializers.IntegerField(source="loser_id")
    letters = serializers.IntegerField()
    merged_at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)


class ContactLinkIn(Shape):
    """The contact that the letter is from."""

    contact = serializers.IntegerField()
