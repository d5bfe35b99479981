"""Groups over SCIM: departments with their members, and groups of the directory."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from scim2_models import Context, Meta, Reference

from identity.directory import groups
from web.scim.as_sent import plain_patch
from web.scim.reading import asked, equal_to, list_of
from web.scim.shapes import GROUP_LIST, GROUP_PATCH, GROUP_QUERY, Group, Member
from web.scim.view import BAD_VALUE, ScimError, ScimView, address_of, answer, body_of


class GroupsView(ScimView):
    """All groups."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List groups. A department is found by its code and by each of its names."""
        wanted = asked(request, GROUP_QUERY)
        given = equal_to(wanted)
        name = given.get("displayname")
        rows = groups.groups(display_name=name, external_id=given.get("externalid"))
        alone = wanted.filter is not None and len(given) == 1 and name is not None
        alone = alone and " and " not in str(wanted.filter).lower()
        count = len(rows) if wanted.filter is None or alone else None
        return answer(list_of(wanted, rows, count=count, shown=shown, listed=GROUP_LIST))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take a group of the directory."""
        given = Group.model_validate(body_of(request), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        made = groups.make(**_values(given), by=self.caller)
        return _answer(request, made, ctx=Context.RESOURCE_CREATION_RESPONSE, status=201)


class GroupView(ScimView):
    """One group."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show a group."""
        return _answer(request, groups.find(key), ctx=Context.RESOURCE_QUERY_RESPONSE)

    def put(self, request: HttpRequest, key: str) -> HttpResponse:
        """Make a group what is sent."""
        group = groups.find(key)
        given = Group.model_validate(
            body_of(request), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST
        )
        done = groups.change(group, **_values(given), by=self.caller)
        return _answer(request, done, ctx=Context.RESOURCE_REPLACEMENT_RESPONSE)

    def patch(self, request: HttpRequest, key: str) -> HttpResponse:
        """Change a group: mostly who is in it."""
        group = groups.find(key)
        body = plain_patch(body_of(request))
        if body is not None:
            patch = GROUP_PATCH.model_validate(body, scim_ctx=Context.RESOURCE_PATCH_REQUEST)
            resource = shown(group)
            patch.patch(resource)
            group = groups.change(group, **_values(resource), by=self.caller)
        return _answer(request, group, ctx=Context.RESOURCE_PATCH_RESPONSE)

    def delete(self, request: HttpRequest, key: str) -> HttpResponse:
        """Remove a group of the directory; a department stays."""
        groups.remove(groups.find(key), by=self.caller)
        return HttpResponse(status=204)


def shown(group: groups.Group) -> Group:
    """Return a group as SCIM has it."""
    return Group(
        id=group.key,
        external_id=group.external_id or None,
        display_name=group.display_name,
        members=[
            Member(
                value=str(person.pk),
                ref=Reference(address_of(f"Users/{person.pk}")),
                display=person.shown_name,
                type="User",
            )
            for person in group.members
        ]
        or None,
        meta=Meta(
            resource_type="Group",
            location=address_of(f"Groups/{group.key}"),
            last_modified=group.changed_at,
        ),
    )


def _answer(
    request: HttpRequest, group: groups.Group, *, ctx: Context, status: int = 200
) -> HttpResponse:
    dumped = shown(group).model_dump(scim_ctx=ctx, response_parameters=asked(request, GROUP_QUERY))
    return answer(dumped, status=status, location=address_of(f"Groups/{group.key}"))


def _values(given: Group) -> dict[str, Any]:
    """Return what the office keeps of a group of SCIM. Raise ScimError."""
    name = " ".join((given.display_name or "").split())
    if not name:
        raise ScimError(400, _("A name is needed."), BAD_VALUE)
    if len(name) > 255 or len(given.external_id or "") > 255:
        raise ScimError(400, _("This is too long."), BAD_VALUE)
    members = [one.value or str(one.ref or "").rpartition("/")[2] for one in given.members or []]
    return {"display_name": name, "external_id": given.external_id or "", "members": members}
