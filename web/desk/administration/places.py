"""The pages of what an office is made of: their groups, who may do what there, and their help."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from web.desk.administration.place import (
    ADMINISTRATORS,
    FACE,
    GROUPS,
    LETTERS,
    MACHINE,
    OUT,
    PEOPLE,
    RULES,
    WATCHED,
    Place,
)

_PLACES: Final = (
    Place(
        *("institution", "desk:institution", FACE, "home", _("Institution")),
        _("Name, logo, address, hours and legal texts, from a day on."),
        ADMINISTRATORS,
        _(
            "Each change makes a new version, valid from the day that you give. Papers keep the "
            "name that the institution had on their day."
        ),
    ),
    Place(
        *("services", "desk:services", FACE, "globe", pgettext_lazy("catalogue", "Services")),
        *(_("What citizens can ask for: texts, questions, pieces, stages, terms."), RULES),
        _(
            "What is changed becomes a new version, a draft until it is published. Requests under "
            "way stay on the version that they were made with."
        ),
    ),
    Place(
        *("announcements", "desk:announcements", FACE, "bell", _("Announcements")),
        _("What citizens read at the head of their page on these days."),
        ADMINISTRATORS,
        _(
            "Write it in Arabic and in French; the English is optional. An announcement ends by "
            "itself after its last day, and can be withdrawn before."
        ),
    ),
    Place(
        *("embedding", "desk:embedding", FACE, "globe", _("Services on your web site")),
        _("Search and the services asked for most, in a frame of the institution's site."),
        ADMINISTRATORS,
        _(
            "The webmaster pastes the code once; what you publish or withdraw in the catalogue "
            "then shows on the site by itself."
        ),
    ),
    Place(
        *("retention", "desk:retention", FACE, "history", _("Schedule of retention")),
        _("How long letters of each kind are kept, and what becomes of them then."),
        _("Administrators change it; whoever sees disposal lists reads it."),
        _(
            "Years are counted from the closing of a letter. The texts stand on the citizens’ page "
            "about their data. Nothing goes by itself: letters whose time is over may stand on a "
            "disposal list, which two people decide about. A row without a kind is for all others."
        ),
    ),
    Place(
        *("processing", "desk:processing", FACE, "eye", _("Record of processing")),
        _("What personal data the office processes, why, on what ground and for how long."),
        ADMINISTRATORS,
        _(
            "Law 09-08: each processing is declared to the national commission (CNDP), whose "
            "number stands here. Print-outs for people tell purposes, recipients and retention as "
            "they stand in this record."
        ),
    ),
    Place(
        *("people", "desk:people", PEOPLE, "person", _("People")),
        _("Who works here, with which duty and in which departments."),
        ADMINISTRATORS,
        _(
            "A new person gets a link by e-mail and chooses a password. Nobody is deleted: who "
            "leaves is deactivated, and their name stays on what they did."
        ),
    ),
    Place(
        *("departments", "desk:departments", PEOPLE, "contacts", _("Departments")),
        _("The departments that letters are given to, each under the one it belongs to."),
        ADMINISTRATORS,
        _(
            "A department is closed with an heir, which gets its open letters, its rules, circuits "
            "and templates. Its code is never used again."
        ),
    ),
    Place(
        *("teams", "desk:teams", PEOPLE, "contacts", _("Field teams")),
        _("Who goes out, for which department: work orders are planned for them."),
        ADMINISTRATORS,
        _(
            "A member sees the team’s orders of today and tomorrow on the phone. A team is taken "
            "out of use rather than removed, since its orders name it."
        ),
    ),
    Place(
        "directory",
        "desk:directory",
        PEOPLE,
        "globe",
        _("House directory"),
        _("The directory of the house, which enters people and lets them go."),
        ADMINISTRATORS,
        _(
            "People of the directory are entered, changed and deactivated by it (SCIM 2.0). "
            "Duties, clearances and heads are given here alone."
        ),
    ),
    Place(
        *("kinds", "desk:kinds", PEOPLE, "letter", _("Kinds of letters")),
        _("What a letter can be: rules, terms and circuits ask for it."),
        ADMINISTRATORS,
        _(
            "A kind is taken out of use rather than removed, since letters name it. The place says "
            "in which order kinds are offered."
        ),
    ),
    Place(
        *("registers", "desk:registers", PEOPLE, "book", _("Registers")),
        _("The books of numbers: each number once, without a gap."),
        ADMINISTRATORS,
        _(
            "A new pattern is for the numbers to come; given numbers stay as they are. What the "
            "pattern writes is shown before you keep it."
        ),
    ),
    Place(
        *("number_formats", "desk:number_formats", PEOPLE, "book", _("Our other numbers")),
        _("How predecessors and other desks of the house write their numbers."),
        ADMINISTRATORS,
        _(
            "A letter that quotes such a number, in any digits, is linked to the letter that has "
            "it: as a reminder of one that came, as an answer to one that was sent."
        ),
    ),
    Place(
        "rules",
        "desk:rules",
        LETTERS,
        "rules",
        _("Rules"),
        _("Which letters go to which department, by themselves or as a proposal."),
        RULES,
        _(
            "Rules are asked from the first to the last. Try a rule on past letters before you "
            "switch it on; a changed rule touches no letter that is already with a department."
        ),
    ),
    Place(
        "deadlines",
        "desk:deadlines",
        LETTERS,
        "stamp",
        _("Terms"),
        _("By when letters of a kind are answered, and by which law."),
        RULES,
        _(
            "The closest term counts: that of the department and way in, then that of the "
            "department, then that of the way in, then that of the kind. Before you keep a change "
            "you see which open letters it moves; each says so in its history."
        ),
    ),
    Place(
        "calendar",
        "desk:calendar",
        LETTERS,
        "clock",
        _("Calendar"),
        _("The days on which the office is closed, in twelve months."),
        RULES,
        _(
            "Click a day to add a day off, or to confirm, move or remove one. Religious feasts "
            "are provisional until they are confirmed. Open letters that a change moves are shown "
            "first."
        ),
    ),
    Place(
        *("targets", "desk:targets", LETTERS, "check", _("Targets")),
        _("What the figures should be, by department and kind."),
        ADMINISTRATORS,
        _(
            "For a letter the most particular target counts. A target changes no term and no "
            "letter."
        ),
    ),
    Place(
        "distribution",
        "desk:distribution_lists",
        LETTERS,
        "forward",
        _("Distribution lists"),
        _("Departments that get a letter together, for action or with a copy."),
        ADMINISTRATORS,
        _(
            "A list is applied to a letter with one click. Changing it later touches no letter to "
            "which it was applied."
        ),
    ),
    Place(
        "circuits",
        "desk:circuits",
        OUT,
        "pen",
        _("Circuits"),
        _("Who gives a visa to a reply and who signs it, in which order."),
        RULES,
        _(
            "The closest circuit is taken by itself. Replies under way keep the steps that they "
            "began with. At most one signature, as the last step: it takes the number."
        ),
    ),
    Place(
        "templates",
        "desk:reply_templates",
        OUT,
        "print",
        _("Templates"),
        _("Prepared replies with fields, in Arabic and in French."),
        ADMINISTRATORS,
        _(
            "A template of plain text is changed in its page and leaves under the institution’s "
            "letterhead. Each change makes a version; an earlier one can be taken back. Drafts "
            "that were made from a template stay as they are."
        ),
    ),
    Place(
        "partners",
        "desk:partners",
        MACHINE,
        "lock",
        _("Partners"),
        _("Systems of others that deposit letters here, with their keys."),
        ADMINISTRATORS,
        _("A key is shown once, when it is made. A key that is no longer needed is revoked."),
    ),
    Place(
        "models",
        "desk:models",
        MACHINE,
        "chart",
        _("Learning"),
        _("What the machine has learnt from decisions, and how well it proposes."),
        WATCHED,
        _(
            "A model is retrained from the office’s own decisions; an earlier one can be used "
            "again."
        ),
    ),
    Place(
        "security",
        "security",
        MACHINE,
        "shield",
        _("Security"),
        _("The record of sign-ins, rights, keys, exports and of what was administered."),
        _("Administrators and auditors read it; nobody changes it."),
        _("Nothing can be removed from this record. It can be filtered and taken along."),
    ),
    Place(
        *("channels", "desk:channels", MACHINE, "send", _("Channels")),
        _("By which ways letters come in and messages go out, and whether each of them works."),
        *(ADMINISTRATORS, _("Set in the environment; each button tries its way in earnest.")),
    ),
    Place(
        *("proof", "desk:proof", MACHINE, "shield", _("Proof of the register")),
        _("What left the house proves the register against whoever owns its database."),
        _("Administrators and auditors see it."),
        _("Each closing is anchored by itself; what failed is tried again here."),
    ),
    Place(
        "health",
        "desk:health",
        MACHINE,
        "office",
        _("Health"),
        _("How the office’s machine is; where it is not well, what to do."),
        ADMINISTRATORS,
        _("Each line that is not well says what to do. Verification recounts the whole register."),
    ),
)
PLACES: Final = {place.key: place for place in _PLACES}


def in_groups(places: Iterable[Place] = _PLACES) -> list[tuple[str, list[Place]]]:
    """Return the headings, each with its places, in their order."""
    found: dict[str, list[Place]] = {}
    for place in places:
        found.setdefault(str(GROUPS[place.group]), []).append(place)
    return list(found.items())
