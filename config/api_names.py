"""What the API's document names once: lists of values of one name, and headers of all answers."""

from typing import Final

ENUM_NAMES: Final = {
    "ContactKindEnum": "registry.models.contacts.Contact.Kind",
    "ContactPointKindEnum": "registry.models.contacts.ContactPoint.Kind",
    "DispatchMethodEnum": "correspondence.models.dispatch.Dispatch.Method",
    "SettlingMethodEnum": "routing.models.assignments.Assignment.Method",
    "SignatureLevelEnum": "correspondence.models.steps.SignatureLevel",
    "LinkKindEnum": "registry.models.duplicates.LINK_KINDS",
    "ChannelEnum": "registry.models.letters.Channel",
    "ContactMomentChannelEnum": "eservices.relations.models.ContactMoment.Channel",
    "ContactMomentResultEnum": "eservices.relations.models.ContactMoment.Result",
    "NoticeKindEnum": "notices.kinds.NoticeKind",
    "AcceptanceKindEnum": "eservices.requests.models.Acceptance.Kind",
    "DeclineReasonEnum": "web.api.reading_shapes.REASONS",
    "FieldEntryKindEnum": "web.api.work_orders.FIELD_ENTRIES",
    "WayEnum": "web.api.contact_shapes.WAYS",
    "DisposalStateEnum": "registry.models.disposal.DisposalList.State",
    "DisposalEntryStateEnum": "registry.models.disposal.DisposalEntry.State",
    "AnchorWayEnum": "registry.models.anchors.Anchor.Way",
    "RectificationWhatEnum": "eservices.privacy.models.Rectification.What",
    "RectificationStateEnum": "eservices.privacy.models.Rectification.State",
    "RequestOutcomeEnum": "eservices.requests.models.Outcome",
    "ComplaintOutcomeEnum": "routing.models.closing.Outcome.Value",
}

# Of each answer whose caller was counted, where a limit is set (web/budget.py).
RATE_HEADERS: Final = {
    "RateLimit-Policy": {
        "description": "The limit: a policy, `q` requests in `w` seconds.",
        "schema": {"type": "string"},
        "example": '"all";q=12000;w=60',
    },
    "RateLimit": {
        "description": "Of that policy: `r` requests are left, `t` seconds until there are more.",
        "schema": {"type": "string"},
        "example": '"all";r=11999;t=42',
    },
}
