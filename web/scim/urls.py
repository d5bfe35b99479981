"""Addresses of SCIM; `config.urls` puts them under /scim/v2/.

Their views are imported by the first request: SCIM's models take a second to build, which no other
process of the office should wait for.
"""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

app_name = "scim"


def _lazily(address: str, name: str) -> URLPattern:
    """Return an address whose view is imported when it is called; a token is its only way in."""

    @csrf_exempt
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        from web.scim.table import VIEWS

        return VIEWS[name](request, *args, **kwargs)

    return re_path(address, view, name=name)


urlpatterns: list[URLPattern] = [
    _lazily(r"^Users/?$", "users"),
    _lazily(r"^Users/(?P<key>[0-9]+)/?$", "user"),
    _lazily(r"^Groups/?$", "groups"),
    _lazily(r"^Groups/(?P<key>[a-z]+-[0-9]+)/?$", "group"),
    _lazily(r"^ServiceProviderConfig/?$", "config"),
    _lazily(r"^ResourceTypes/?$", "types"),
    _lazily(r"^ResourceTypes/(?P<key>\w+)/?$", "type"),
    _lazily(r"^Schemas/?$", "schemas"),
    _lazily(r"^Schemas/(?P<key>[\w:.]+)/?$", "schema"),
    _lazily(r"^(?:Users/|Groups/)?\.search/?$", "search"),
    _lazily(r"^Bulk/?$", "bulk"),
    _lazily(r"^.*$", "unknown"),
]
