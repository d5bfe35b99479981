"""Partners over the API, for administrators: keys, webhooks, and the log of messages."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from channels import services
from org.errors import BadOrganisationError
from web.api import partner_shapes as shapes
from web.api.access import Administers, caller
from web.api.listing import Given, Rows, listed, lists
from web.api.shape import shown
from web.api.view import ApiView, checked, get_or_404, no_words, operation, validated_query


class _PartnersApi(ApiView):
    """Base of what administrators alone do."""

    permission_classes = [Administers]


def _partner(partner_id: int) -> services.Partner:
    return get_or_404(services.partners().filter(pk=partner_id))


class PartnersView(_PartnersApi):
    """Partners."""

    @lists("list_partners", shapes.PartnersAsked, shapes.PartnersOut, 403)
    def get(self, _request: Request, _given: Given) -> Rows:
        """List partners with their keys and webhooks."""
        return services.partners()

    @operation("make_partner", shapes.PartnerOut, 400, 403, takes=shapes.PartnerIn, status=201)
    def post(self, request: Request) -> Response:
        """Make a partner, without keys yet."""
        given = checked(shapes.PartnerIn, request)
        try:
            partner = services.make_partner(given["name"], actor=caller(request))
        except BadOrganisationError as error:
            raise ValidationError(error.problems) from error
        return shown(shapes.PartnerOut, partner, status=201)


class PartnerView(_PartnersApi):
    """A partner."""

    @operation("get_partner", shapes.PartnerOut, 403, 404)
    def get(self, request: Request, partner_id: int) -> Response:
        """Return the partner with its keys and webhook."""
        return shown(shapes.PartnerOut, _partner(partner_id))


class PartnerKeysView(_PartnersApi):
    """The keys of a partner."""

    @operation("make_partner_key", shapes.KeyMadeOut, 400, 403, 404, takes=shapes.KeyIn, status=201)
    def post(self, request: Request, partner_id: int) -> Response:
        """Make a key; its text is in this answer alone."""
        partner = _partner(partner_id)
        given = checked(shapes.KeyIn, request)
        try:
            key, text = services.make_key(partner=partner.name, actor=caller(request), **given)
        except services.BadKeyError as error:
            words = _("Give a name, at least one right, and a limit from 1 to 100,000 an hour.")
            raise ValidationError({"may_deposit": words}) from error
        return _made(key, text)


class PartnerKeyView(_PartnersApi):
    """A key of a partner."""

    @operation("revoke_partner_key", None, 403, 404, 409, status=204)
    def delete(self, request: Request, key_id: int) -> Response:
        """Revoke the key from now on."""
        no_words(request)
        key = get_or_404(services.all_keys().filter(pk=key_id))
        services.revoke_key(key.pk, actor=caller(request))
        return Response(status=204)


class ReplacePartnerKeyView(_PartnersApi):
    """A key in place of another."""

    @operation("replace_partner_key", shapes.KeyMadeOut, 403, 404, 409, takes=None, status=201)
    def post(self, request: Request, key_id: int) -> Response:
        """Make a key with the same rights; the old one is valid for another week."""
        no_words(request)
        old = get_or_404(services.all_keys().filter(pk=key_id))
        return _made(*services.replace_key(old.pk, actor=caller(request)))


def _made(key: services.PartnerKey, text: str) -> Response:
    told: dict[str, Any] = {"key": text, "id": key.pk, "begins": key.public}
    return shown(shapes.KeyMadeOut, told, status=201)


class PartnerWebhookView(_PartnersApi):
    """The webhook of a partner."""

    @operation("get_partner_webhook", shapes.WebhookOut, 403, 404)
    def get(self, request: Request, partner_id: int) -> Response:
        """Return where and of what the partner is notified."""
        return shown(shapes.WebhookOut, _partner(partner_id))

    @operation("set_partner_webhook", shapes.WebhookSetOut, 400, 403, 404, takes=shapes.WebhookIn)
    def put(self, request: Request, partner_id: int) -> Response:
        """Set where and of what the partner is notified; a new address gives a new secret."""
        partner = _partner(partner_id)
        given = checked(shapes.WebhookIn, request)
        try:
            secret = services.set_webhook(partner.pk, actor=caller(request), renew=False, **given)
        except services.CallError as error:
            raise ValidationError({"url": _("This address cannot be called.")}) from error
        except services.BadWebhookError as error:
            words = _("Choose what the partner is told.")
            raise ValidationError({error.field: words}) from error
        return _webhook(partner.pk, secret)


class PartnerSecretView(_PartnersApi):
    """The secret of a partner's webhook."""

    @operation("turn_partner_secret", shapes.WebhookSetOut, 403, 404, 409, takes=None)
    def post(self, request: Request, partner_id: int) -> Response:
        """Make a new secret; the one before is valid beside it for a day."""
        no_words(request)
        secret = services.turn_secret(_partner(partner_id).pk, actor=caller(request))
        return _webhook(partner_id, secret)


class PartnerSwitchOnView(_PartnersApi):
    """A webhook that was switched off."""

    @operation("switch_on_partner_webhook", shapes.WebhookSetOut, 403, 404, 409, takes=None)
    def post(self, request: Request, partner_id: int) -> Response:
        """Notify the partner again; what waited is sent first."""
        no_words(request)
        services.switch_on(_partner(partner_id).pk, actor=caller(request))
        return _webhook(partner_id, "")


def _webhook(partner_id: int, secret: str) -> Response:
    return shown(shapes.WebhookSetOut, {"webhook": _partner(partner_id), "secret": secret})


class PartnerTestView(_PartnersApi):
    """A test call."""

    @operation("test_partner_webhook", shapes.DeliveryOut, 403, 404, 409, takes=None)
    def post(self, request: Request, partner_id: int) -> Response:
        """Send a test message at once, and tell what became of it."""
        no_words(request)
        message = services.trial_message(_partner(partner_id), actor=caller(request))
        return shown(shapes.DeliveryOut, services.try_now(message))


class PartnerDeliveriesView(_PartnersApi):
    """The messages to a partner."""

    @operation(
        "list_partner_deliveries",
        shapes.DeliveriesOut,
        400,
        403,
        404,
        asks=[shapes.DeliveriesAsked],
    )
    def get(self, request: Request, partner_id: int) -> Response:
        """List the messages with what became of each, the latest first."""
        partner = _partner(partner_id)
        given = validated_query(shapes.DeliveriesAsked, request)
        rows = services.deliveries_of(partner, state=given.get("state", ""))
        return shown(shapes.DeliveriesOut, listed(rows, shapes.DeliveriesAsked, given))


class SendDeliveryAgainView(_PartnersApi):
    """A message to a partner."""

    @operation("send_partner_delivery_again", shapes.DeliveryOut, 403, 404, 409, takes=None)
    def post(self, request: Request, delivery_id: int) -> Response:
        """Queue the message once more, under its old id."""
        no_words(request)
        row = get_or_404(services.Delivery.objects.filter(pk=delivery_id))
        return shown(shapes.DeliveryOut, services.send_again(row.pk, actor=caller(request)))
