"""People over SCIM: listed, entered, changed, let go."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from scim2_models import Context, Meta, Reference

from identity.directory import people
from identity.directory.groups import DEPARTMENT
from identity.directory.people import Entry
from org.models import User as Person
from web.context import LANGUAGES
from web.scim.as_sent import main_email, plain_patch
from web.scim.reading import asked, equal_to, list_of
from web.scim.shapes import USER_LIST, USER_PATCH, USER_QUERY, Email, GroupOfPerson, Name, User
from web.scim.view import BAD_VALUE, ScimError, ScimView, address_of, answer, body_of


class UsersView(ScimView):
    """All people."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List people; a filter by name, address or id is answered by the database."""
        wanted = asked(request, USER_QUERY)
        rows = people.visible_people()
        given = equal_to(wanted)
        if "username" in given:
            rows = rows.filter(people.named(given["username"]))
        if "externalid" in given:
            rows = rows.filter(in_directory__external_id=given["externalid"])
        if "emails" in given:
            rows = rows.filter(email__iexact=given["emails"])
        count = None if wanted.filter else rows.count()
        return answer(list_of(wanted, rows, count=count, shown=shown, listed=USER_LIST))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Enter a person."""
        given = User.model_validate(
            _plain(body_of(request)), scim_ctx=Context.RESOURCE_CREATION_REQUEST
        )
        made = people.enter(_entry(given), by=self.caller)
        return _answer(request, made, ctx=Context.RESOURCE_CREATION_RESPONSE, status=201)


class UserView(ScimView):
    """One person."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show a person."""
        return _answer(request, people.find(key), ctx=Context.RESOURCE_QUERY_RESPONSE)

    def put(self, request: HttpRequest, key: str) -> HttpResponse:
        """Make a person what is sent."""
        person = people.find(key)
        body = _plain(body_of(request), active=person.is_active)
        given = User.model_validate(body, scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
        given.replace(shown(person))
        done = people.change(person, _entry(given), by=self.caller)
        return _answer(request, done, ctx=Context.RESOURCE_REPLACEMENT_RESPONSE)

    def patch(self, request: HttpRequest, key: str) -> HttpResponse:
        """Change some of what is known of a person."""
        person = people.find(key)
        body = plain_patch(body_of(request))
        if body is not None:
            patch = USER_PATCH.model_validate(body, scim_ctx=Context.RESOURCE_PATCH_REQUEST)
            resource = shown(person)
            patch.patch(resource)
            person = people.change(person, _entry(resource), by=self.caller)
        return _answer(request, person, ctx=Context.RESOURCE_PATCH_RESPONSE)

    def delete(self, request: HttpRequest, key: str) -> HttpResponse:
        """Let a person go: the account is deactivated and kept."""
        people.remove(people.find(key), by=self.caller)
        return HttpResponse(status=204)


def shown(person: Person) -> User:
    """Return a person as SCIM has them."""
    told = people.entry_of(person)
    row = getattr(person, "in_directory", None)
    place = address_of(f"Users/{person.pk}")
    named = told.first_name or told.last_name
    return User(
        id=str(person.pk),
        external_id=told.external_id or None,
        user_name=told.user_name,
        name=Name(
            formatted=f"{told.first_name} {told.last_name}".strip(),
            family_name=told.last_name or None,
            given_name=told.first_name or None,
        )
        if named
        else None,
        display_name=told.display_name or None,
        title=told.title or None,
        preferred_language=told.language or None,
        active=told.active,
        emails=[Email(value=told.email, type="work", primary=True)] if told.email else None,
        groups=[
            GroupOfPerson(
                value=f"{DEPARTMENT}{row.department_id}",
                ref=Reference(address_of(f"Groups/{DEPARTMENT}{row.department_id}")),
                display=row.department.name_fr,
            )
            for row in person.memberships.all()
            if row.department.active
        ]
        or None,
        meta=Meta(
            resource_type="User",
            location=place,
            created=row.made_at if row else person.date_joined,
            last_modified=row.changed_at if row else person.date_joined,
        ),
    )


def _answer(
    request: HttpRequest, person: Person, *, ctx: Context, status: int = 200
) -> HttpResponse:
    resource = shown(person)
    dumped = resource.model_dump(scim_ctx=ctx, response_parameters=asked(request, USER_QUERY))
    return answer(dumped, status=status, location=address_of(f"Users/{person.pk}"))


def _plain(body: dict[str, Any], *, active: bool = True) -> dict[str, Any]:
    """Return the body with what goes without saying, and of several addresses the main one."""
    ours = ("active", "emails")
    plain = {name: value for name, value in body.items() if name.lower() not in ours}
    small = {name.lower(): value for name, value in body.items()}
    given = small.get("active")
    plain["active"] = active if given is None else given
    emails = small.get("emails")
    if isinstance(emails, list):
        plain["emails"] = main_email(emails)
    elif emails is not None:
        plain["emails"] = emails
    return plain


def _entry(given: User) -> Entry:
    """Return what the office keeps of a person of SCIM. Raise ScimError."""
    told = [one for one in given.emails or [] if one.value]
    emails = [one for one in told if (one.type or "work").lower() == "work"] or told
    known = given.name or Name()
    language = (given.preferred_language or "")[:2].lower()
    if language and language not in {code for code, *_more in LANGUAGES}:
        raise ScimError(400, _("There is no such language."), BAD_VALUE)
    if not (given.user_name or "").strip():
        raise ScimError(400, _("A name is needed."), BAD_VALUE)
    for text, most in (
        (given.user_name, 254),
        (given.external_id, 255),
        (given.display_name, 200),
        (known.given_name, 150),
        (known.family_name, 150),
    ):
        if len(text or "") > most:
            raise ScimError(400, _("This is too long."), BAD_VALUE)
    return Entry(
        user_name=(given.user_name or "").strip(),
        external_id=given.external_id or "",
        display_name=given.display_name or "",
        first_name=known.given_name or "",
        last_name=known.family_name or "",
        title=given.title or "",
        language=language,
        email=(emails[-1].value or "") if emails else "",
        active=given.active is not False,
    )
