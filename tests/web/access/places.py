"""The addresses of the office, each with what it is asked for in the scene."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.urls import URLPattern, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

from tests.web.access.scene import Scene
from tests.web.scim.test_rights import ADDRESSES

# Arguments that mean another thing in another part, or at one address alone.
_HERE: Final[dict[str, dict[str, Any]]] = {
    "api": {"number": 1, "charge_id": 1, "reserve_id": 1, "action": "triage", "list_id": 1,
            "username": "nobody", "printout_id": UUID(int=1)},
    "desk": {
        "number": 1, "duty": "nobody", "invitation_id": 1, "step": "names", "browser_id": 1,
        "list_id": 1,
    },
    "portal": {"number": 1, "language": "fr", "side": 192, "page": "what", "token": "made-up"},
    "biller": {"reference": "R-1", "day": "2026-11-27"},
    "": {
        "provider_id": "office", "uidb36": "1", "key": "made-up", "pk": 1,
    },
}  # fmt: skip
# The verb that an address names, where it takes several.
_VERBS: Final = {
    "desk:on_clock": "stop", "desk:on_reply": "submit", "desk:on_draft": "submit",
    "desk:on_dispatch": "take-back", "desk:on_opinion": "withdraw", "desk:on_mailing": "submit",
    "desk:on_contact_point": "verify", "desk:on_callback": "take", "desk:on_refund": "approve",
    "desk:on_partner_webhook": "on", "desk:on_figures_order": "stop", "desk:rule_do": "off",
    "desk:on_untaken": "seen", "desk:on_rectification": "accept",
    "api:on_rectification": "accept", "desk:on_disposal": "review", "api:on_disposal": "review",
}  # fmt: skip
# Patterns that fit more than one path.
_ANY: Final = {f"scim:{name}": f"/scim/v2/{path}" for name, (path, _status) in ADDRESSES.items()}
_ANY["biller:unknown"] = "/api/biller/v1/whatever"


def walked(resolver: Any = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every address of the office: its whole name, and its pattern."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern) and one.name is None:
            continue  # whatever else stands below /api/: there is nothing
        if isinstance(one, URLPattern):
            yield f"{space}:{one.name}" if space else str(one.name), one
        else:
            yield from walked(one, one.namespace or space)


def addresses(scene: Scene) -> dict[str, str]:
    """Return the path of every address, for the things of the scene."""
    return {name: _path(name, pattern, scene) for name, pattern in walked()}


def _path(name: str, pattern: URLPattern, scene: Scene) -> str:
    if name in _ANY:
        return _ANY[name]
    space, _, _called = name.rpartition(":")
    known = scene.arguments | _HERE[space] | _at(name, pattern, scene)
    wanted = pattern.pattern.converters or dict.fromkeys(pattern.pattern.regex.groupindex)
    given = {one: _as_wanted(known[one], converter) for one, converter in wanted.items()}
    return reverse(name, kwargs=given)


def _as_wanted(value: Any, converter: Any) -> Any:
    """Return the value, or where another kind of thing has that name, one that is nobody's."""
    if isinstance(converter, IntConverter) and not isinstance(value, int):
        return 999_999
    if isinstance(converter, UUIDConverter) and not isinstance(value, UUID):
        return UUID(int=1)
    return value


def _at(name: str, pattern: URLPattern, scene: Scene) -> dict[str, Any]:
    """Return what this address is asked for otherwise than others."""
    given, written = scene.arguments, str(pattern.pattern)
    if name in {"portal:contract", "portal:name_contract", "portal:remove_contract"}:
        return {"number": scene.contract.number}
    if name == "portal:reading_again":
        return {"token": given["again"]}
    if name in {"desk:data_subject", "desk:print_data", "desk:record_rectification"}:
        return {"kind": "person", "pk": str(scene.salma.pk)}
    if name in _VERBS:
        order = {"order_id": given["report_order"]} if name == "desk:on_figures_order" else {}
        return {"what": _VERBS[name], **order}
    if name.startswith("portal:"):
        return {"document_id": given["citizen_document"]}
    if name.startswith("desk:") and ("request/" in written or "/agency/" in written):
        return {"letter_id": given["request_letter"]}
    return {}
