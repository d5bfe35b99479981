"""What SCIM says here of people and groups, and what the service declares of itself."""

from typing import Annotated, Any, Final

from pydantic import Field
from scim2_models import (
    CaseExact,
    ComplexAttribute,
    ListResponse,
    Mutability,
    PatchOp,
    Reference,
    Required,
    Resource,
    ResourceType,
    Returned,
    ScimPolicy,
    ScimProvider,
    SearchRequest,
    ServiceProviderConfig,
    Uniqueness,
)
from scim2_models.urn import URN

MOST: Final = 200  # resources in an answer
USUAL: Final = 100

# Derived from the rest: a filter finds it, an answer holds it where it is asked for.
Derived = Annotated[str | None, Mutability.read_only, Returned.request]


class Name(ComplexAttribute):
    """The parts of a person's name."""

    formatted: Derived = None
    family_name: str | None = None
    given_name: str | None = None


class Email(ComplexAttribute):
    """The e-mail address of a person; the office keeps one."""

    value: str | None = None
    type: str | None = Field(None, examples=["work"])
    primary: Annotated[bool | None, Mutability.read_only, Returned.request] = None


class GroupOfPerson(ComplexAttribute):
    """A group that a person is in."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Annotated[str | None, Mutability.read_only] = None


class User(Resource[Any]):
    """A person of the office, as the directory keeps them."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    name: Name | None = None
    display_name: str | None = None
    title: str | None = None
    preferred_language: str | None = Field(None, examples=["ar", "fr", "en"])
    active: Annotated[bool | None, Required.true] = None
    emails: list[Email] | None = None
    groups: Annotated[list[GroupOfPerson] | None, Mutability.read_only] = None


class Member(ComplexAttribute):
    """A person in a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Derived = None
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class Group(Resource[Any]):
    """A department, or a group of the directory."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    members: list[Member] | None = None


# Made once: each takes a tenth of a second.
USER_QUERY: Final = SearchRequest[User]
GROUP_QUERY: Final = SearchRequest[Group]
USER_PATCH: Final = PatchOp[User]
GROUP_PATCH: Final = PatchOp[Group]
USER_LIST: Final = ListResponse[User]
GROUP_LIST: Final = ListResponse[Group]
CONFIG: Final = ServiceProviderConfig.model_validate(
    {
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": False},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer",
                "description": "An API token of an administrator, made for the directory",
                "specUri": "https://www.rfc-editor.org/info/rfc6750",
                "primary": True,
            }
        ],
    }
)
PROVIDER: Final = ScimProvider(
    models=[User, Group],
    resource_types=[ResourceType.from_resource(User), ResourceType.from_resource(Group)],
    config=CONFIG,
    policy=ScimPolicy(
        unknown=ScimPolicy.Unknown.ignore,
        remove_value_as_filter=ScimPolicy.RemoveValue.apply,
        unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
    ),
)
