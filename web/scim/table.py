"""The views of SCIM by the names of their addresses; imported by the first request to one."""

from collections.abc import Callable
from typing import Final

from django.http import HttpResponseBase

from web.scim.discovery import ConfigView, SchemasView, TypesView
from web.scim.groups import GroupsView, GroupView
from web.scim.users import UsersView, UserView
from web.scim.view import NotDoneView, UnknownView

VIEWS: Final[dict[str, Callable[..., HttpResponseBase]]] = {
    "users": UsersView.as_view(),
    "user": UserView.as_view(),
    "groups": GroupsView.as_view(),
    "group": GroupView.as_view(),
    "config": ConfigView.as_view(),
    "types": TypesView.as_view(),
    "type": TypesView.as_view(),
    "schemas": SchemasView.as_view(),
    "schema": SchemasView.as_view(),
    "search": NotDoneView.as_view(),
    "bulk": NotDoneView.as_view(),
    "unknown": UnknownView.as_view(),
}
