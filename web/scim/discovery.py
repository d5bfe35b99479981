"""What the service says of itself: its means, its kinds of resources, and their schemas."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from scim2_models import Context, ListResponse, Meta

from web.scim.shapes import CONFIG, PROVIDER
from web.scim.view import ScimError, ScimView, address_of, answer


class ConfigView(ScimView):
    """The means of the service."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return answer(_resource(CONFIG, "ServiceProviderConfig", ""))


class TypesView(ScimView):
    """Kinds of resources."""

    def get(self, request: HttpRequest, key: str = "") -> HttpResponse:
        """List them, or show one."""
        return _answer(request, PROVIDER.resource_types, "ResourceTypes", key)


class SchemasView(ScimView):
    """Schemas of the resources."""

    def get(self, request: HttpRequest, key: str = "") -> HttpResponse:
        """List them, or show one."""
        return _answer(request, PROVIDER.schemas, "Schemas", key)


def _answer(request: HttpRequest, found: Iterable[Any], place: str, key: str) -> HttpResponse:
    if "filter" in request.GET:  # RFC 7644, section 4
        raise ScimError(403, _("These addresses take no filter."))
    rows = {str(row.id or row.name): row for row in found}
    if key:
        if key not in rows:
            raise ScimError(404, _("There is nothing here."))
        return answer(_resource(rows[key], place, key))
    return answer(
        {
            "schemas": [str(ListResponse.__schema__)],
            "totalResults": len(rows),
            "startIndex": 1,
            "itemsPerPage": len(rows),
            "Resources": [_resource(row, place, name) for name, row in rows.items()],
        }
    )


def _resource(row: Any, place: str, key: str) -> dict[str, Any]:
    """Return a row with its own address."""
    kind = place.removesuffix("s") if key else place
    shown = row.model_copy()
    path = f"{place}/{key}" if key else place
    shown.meta = Meta(resource_type=kind, location=address_of(path))
    dumped: dict[str, Any] = shown.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    return dumped
