"""Services and requests at hand for the tests of the e-services."""

import copy
from collections.abc import Mapping
from typing import Any

from eservices.catalogue.loading import shipped_types
from eservices.catalogue.models import ServiceTypeVersion
from eservices.catalogue.publishing import Published, keep_version, publish, published


def content_of(code: str = "complaint_water", **changes: Any) -> dict[str, Any]:
    """Return a content of its own: that of a type that ships, with some of its keys changed."""
    return {**copy.deepcopy(shipped_types()[code]), **changes}


def kept(content: Mapping[str, Any], **how: Any) -> ServiceTypeVersion:
    """Keep a content as a draft, by nobody."""
    return keep_version(content, actor=None, **how)


def published_type(what: str | Mapping[str, Any] = "complaint_water") -> Published:
    """Return what is published under a code; a content is kept and published from now on."""
    if not isinstance(what, str):
        publish(kept(what), actor=None)
        what = str(what["code"])
    found = published(what)
    assert found is not None, f"no service is published as {what}"
    return found
