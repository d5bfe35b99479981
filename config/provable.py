"""What the ledger covers: every table, save those named here with their reasons.

A new table is covered unless it is added here (tests/architecture/test_provable.py).
"""

from typing import Any, Final

from django.db.models import Model

from ledger.coverage import Coverage
from registry.models.letters import Letter
from registry.models.sealed import Sealed
from registry.verification import sealed_models
from search.models import Export

_COMPUTED: Final = "computed from rows that are covered, again at any time"
_PASSING: Final = "stands for minutes or days, until what it is about is done or forgotten"
_TOLD: Final = "what somebody was told or wants to be told; what it tells of is covered"
_COUNTED: Final = "counts; what is counted is covered"
_TOGETHER: Final = "what was wanted of many letters; what was done stands in each one's events"
_DRAFT: Final = "not sent yet, its author's alone"

_FRAMEWORK: Final = {
    "ledger": "the entries themselves, proven by the log",
    "contenttypes": "made by the framework from the models",
    "sessions": _PASSING,
    "authtoken": "not used: tokens are the office's own",
    "usersessions": _PASSING,
    "auth.permission": "made by the framework from the models; no right hangs on it",
    "account.emailconfirmation": _PASSING,
    "socialaccount.socialtoken": "tokens of the provider are not kept",
}
_HOUSE: Final = {
    "jobs.job": "work to be done; what was done is covered where it stands",
    "jobs.workerbeat": _PASSING,
    "identity.knowndevice": "saves a mail about a new device, and opens nothing",
    "registry.anchor": "what it tells of is kept outside, and proves itself there",
    "registry.numberseries": "proven by the events and closings that it counts",
    "registry.contactkey": _COMPUTED,
    "registry.fingerprint": _COMPUTED,
    "registry.fingerprintband": _COMPUTED,
    "registry.samemail": _COMPUTED,
    "registry.readingpage": "named by its digest in a reading, which is sealed",
    "routing.checkclaim": _PASSING,
    "routing.checktiming": _COUNTED,
    "routing.rulematch": _COUNTED,
    "routing.ruletrial": "a draft of a rule tried on past letters",
    "routing.trialletter": "a draft of a rule tried on past letters",
    "routing.bulkorder": _TOGETHER,
    "routing.bulkline": _TOGETHER,
    "figures.monthfigures": _COMPUTED,
    "figures.countedmonth": _COMPUTED,
    "notices.notice": _TOLD,
    "notices.wish": _TOLD,
    "notices.pushbrowser": _TOLD,
    "notices.pushkey": "opens nothing here: browsers know the office's messages by it",
    "notices.watching": _PASSING,
    Export._meta.label_lower: "a file for some days; an act holds the hash of its letters",
    "search.exportedletter": "an act holds the hash of all letters of an export",
    "search.lettervector": _COMPUTED,
    "search.wordlist": _COMPUTED,
    "search.wordpart": _COMPUTED,
    "search.savedsearch": _TOLD,
    "search.searchalert": _TOLD,
    "channels.mailbox": "how far the mailbox was read; what came is covered",
    "channels.watcheditem": "what lay in a folder; the letter's own event names it",
    "channels.delivery": "kept for some days; the letter's own event is what it tells of",
    "web.attempt": _COUNTED,
    "web.pendingupload": _DRAFT,
    "web.pendinguploadpart": _DRAFT,
}
_ESERVICES: Final = {
    "people.onetimecode": _PASSING,
    "people.personsession": _PASSING,
    "requests.draft": _DRAFT,
    "requests.draftfile": _DRAFT,
    "requests.draftpart": _DRAFT,
    "relations.callerkey": _COMPUTED,
    "relations.workorderseries": "a number of each year, counted again from the orders",
    "contracts.contractname": _COMPUTED,
    "contracts.prooftry": _COUNTED,
    "contracts.importpart": _PASSING,
    "bank.partnercount": _COUNTED,
}


def always_sealed(model: type[Sealed]) -> bool:
    """Return whether each row of a sealed table leads to a letter, in whose events it is sealed.

    A file of a bill and a department's own draft lead to none: entries tell of such tables whole.
    """
    at: type[Model] = model
    for name in model.LETTER.split("__"):
        field: Any = at._meta.get_field(name)
        if not field.concrete or field.null:
            return False
        at = field.related_model or at
    return True


_SEALED: Final = {
    model._meta.label_lower: tuple(one for one in model.UNSEALED if one not in model.COMPUTED)
    for model in sealed_models()
    if always_sealed(model)
}
# Where seals leave a column out, entries tell of it; the chain's head is proven by the events.
_LATE: Final = {label: columns for label, columns in _SEALED.items() if columns}
_LATE.pop(Letter._meta.label_lower)

COVERAGE: Final = Coverage(
    exempt={
        **_FRAMEWORK,
        **_HOUSE,
        **_ESERVICES,
        **dict.fromkeys(_SEALED.keys() - _LATE, "sealed in the events of its letter"),
    },
    only=_LATE,
    left_out={
        "org.user": ("last_login",),
        "mfa.authenticator": ("last_used_at",),
        "socialaccount.socialaccount": ("extra_data", "last_login"),
        "routing.mention": ("mailed_at", "seen_at"),
        "routing.reminder": ("mailed_at", "seen_at"),
    },
)
