"""Addresses of SCIM; `config.urls` puts them under /scim/v2/.

Their views are imported by the first request: SCIM's models take a second to build, which no other
process of the office should wait for.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

app_name = "scim"


def _lazily(module: str, name: str) -> Callable[..., HttpResponseBase]:
    """Return a view that is imported when it is called; a token is its only way in."""

    @csrf_exempt
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        made = getattr(import_module(f"web.scim.{module}"), name)
        answer: HttpResponseBase = made.as_view()(request, *args, **kwargs)
        return answer

    return view


urlpatterns: list[URLPattern] = [
    re_path(r"^Users/?$", _lazily("users", "UsersView"), name="users"),
    re_path(r"^Users/(?P<key>[0-9]+)/?$", _lazily("users", "UserView"), name="user"),
    re_path(r"^Groups/?$", _lazily("groups", "GroupsView"), name="groups"),
    re_path(r"^Groups/(?P<key>[a-z]+-[0-9]+)/?$", _lazily("groups", "GroupView"), name="group"),
    re_path(r"^ServiceProviderConfig/?$", _lazily("discovery", "ConfigView"), name="config"),
    re_path(r"^ResourceTypes/?$", _lazily("discovery", "TypesView"), name="types"),
    re_path(r"^ResourceTypes/(?P<key>\w+)/?$", _lazily("discovery", "TypesView"), name="type"),
    re_path(r"^Schemas/?$", _lazily("discovery", "SchemasView"), name="schemas"),
    re_path(r"^Schemas/(?P<key>[\w:.]+)/?$", _lazily("discovery", "SchemasView"), name="schema"),
    re_path(r"^(?:Users/|Groups/)?\.search/?$", _lazily("view", "NotDoneView"), name="search"),
    re_path(r"^Bulk/?$", _lazily("view", "NotDoneView"), name="bulk"),
    re_path(r"^.*$", _lazily("view", "UnknownView"), name="unknown"),
]
