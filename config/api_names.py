"""Names of the API's lists of values, where several fields of one name have different ones."""

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
