"""The guides: what a day's work is for each duty, in steps with a picture of the page.

Pictures are made by `./sijill screenshots guides` from the running product, in each language.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

LANGUAGES: Final = ("ar", "fr", "en")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its heading, what to do, the page it happens on, and that page's picture.

    `page` is the name of a page in `tests/journeys/pages.py`, where the step has a picture.
    """

    heading: Any
    words: Any
    url: str = ""
    page: str = ""

    def picture(self, language: str) -> str:
        """Return the static path of its picture; "" where it has none."""
        return f"web/help/{_file(self.page, language)}" if self.page else ""


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide of a duty."""

    duty: str
    title: Any
    lede: Any
    steps: tuple[Step, ...]


def pictures() -> Iterator[str]:
    """Yield the file names of all pictures that the guides show."""
    for guide in GUIDES.values():
        for step in guide.steps:
            if step.page:
                yield from (_file(step.page, language) for language in LANGUAGES)


def _file(page: str, language: str) -> str:
    return f"{page.replace(':', '-').replace('_', '-')}-{language}.webp"


CLERK: Final = Guide(
    "clerk",
    _("The registry office"),
    _("From the letter on the counter to the department that answers it."),
    (
        Step(
            _("Register a letter"),
            _(
                "Under Deposit, choose or photograph the pages. The number and the receipt are "
                "there as soon as you send; reading goes on by itself. What you do not fill in is "
                "proposed from the text."
            ),
            "/deposit/",
            "desk:deposit",
        ),
        Step(
            _("Cut a scanned pile into letters"),
            _(
                "Under Scanning, bring the whole pile as one file. Separator sheets and stickers "
                "cut it; look at the pages, correct a cut, then register all letters at once."
            ),
            "/batches/",
            "desk:batch",
        ),
        Step(
            _("Give letters to departments"),
            _(
                "The tray holds what nobody has yet. Each letter comes with a proposal and its "
                "reasons: accept it, or choose another department. Several letters can be ticked "
                "and given together."
            ),
            "/tray/",
            "desk:tray",
        ),
        Step(
            _("Check what was read"),
            _(
                "Under Check, doubtful fields stand beside their place on the page. Enter "
                "confirms, typing corrects. What you correct teaches the office."
            ),
            "/check/",
            "desk:check_page",
        ),
        Step(
            _("Send answers out"),
            _(
                "Outgoing lists what is to be posted, handed over at the counter, or came back. "
                "Close the posting list of the day and note the proofs as they arrive."
            ),
            "/outgoing/",
        ),
    ),
)
AGENT: Final = Guide(
    "member",
    _("Working on letters in a department"),
    _("From the inbox to the answer that the citizen reads."),
    (
        Step(
            _("Take a letter"),
            _(
                "The inbox shows the letters of your department with their term. Open one and take "
                "it in hand; if it is not for you, give it back with a reason."
            ),
            "/inbox/",
            "desk:inbox",
        ),
        Step(
            _("Read, ask, wait"),
            _(
                "On the letter’s page you see what was written and what was understood. Ask the "
                "citizen for missing pieces (the term stands still meanwhile), another department "
                "for its opinion, or write a note to a colleague."
            ),
            "",
            "desk:letter",
        ),
        Step(
            _("Write the answer"),
            _(
                "Choose a template or write freely. The draft goes through the visas and the "
                "signature that its circuit asks for; a returned draft comes back with a remark."
            ),
            "/drafts/",
            "desk:new_reply",
        ),
        Step(
            _("Close"),
            _(
                "Sent answers close the letter when they are delivered, if the office is set so. "
                "Otherwise close it yourself and say how it ended."
            ),
        ),
        Step(
            _("When you are away"),
            _("Under My absence, name who stands in for you and from when to when."),
            "/absences/",
        ),
    ),
)
DIRECTOR: Final = Guide(
    "director",
    _("Leading and signing"),
    _("What waits for your visa or signature, and how the work stands."),
    (
        Step(
            _("Visa and signature"),
            _(
                "The signing folder shows each answer as it will go out. Give your visa, sign, or "
                "return it with a remark; signing asks once more who you are."
            ),
            "/signing-folder/",
            "desk:signing_folder",
        ),
        Step(
            _("How the work stands"),
            _(
                "Figures tell how much came in, how fast it was answered and what is late, by "
                "department and kind, beside the period before."
            ),
            "/figures/",
            "desk:figures",
        ),
        Step(
            _("What is late"),
            _("Under Work, the due list has the most urgent letters first, with who has them."),
            "/lists/due/",
        ),
        Step(
            _("Who asks for their own data"),
            _(
                "Under Personal data, find the person and make sure who they are. The print-out "
                "gathers what the office holds of them and says what it leaves out; what they want "
                "corrected is decided here within ten days, and the answer noted."
            ),
            "/personal-data/",
        ),
    ),
)
AUDITOR: Final = Guide(
    "auditor",
    _("Auditing the register"),
    _("That no number is missing and nothing was changed afterwards."),
    (
        Step(
            _("The register"),
            _("Every number in its order, voided ones with their reason. It can be exported."),
            "/register/",
        ),
        Step(
            _("Closings"),
            _(
                "Each day is closed with a page whose seal covers all entries. Verifying "
                "recomputes the seals and names each entry that does not agree."
            ),
            "/register/closings/",
        ),
        Step(
            _("The security record"),
            _("Who signed in, who read which letter, who changed which right: filter and export."),
            "/security/",
        ),
    ),
)
ADMINISTRATOR: Final = Guide(
    "administrator",
    _("Running the office"),
    _("People, departments, rules, and the health of the machine."),
    (
        Step(
            _("Invite people"),
            _(
                "Under Administration, People, give each a duty and departments. They get a link "
                "by mail that works once, and choose their own way of signing in. Many come as a "
                "table; the list of people then leads to the invitations of all."
            ),
            "/administration/people/",
            "desk:people",
        ),
        Step(
            _("Departments, kinds, registers"),
            _(
                "Each has a page, a history, and a file in and out. A department that closes names "
                "the one that inherits its letters."
            ),
            "/administration/departments/",
            "desk:departments",
        ),
        Step(
            _("Rules"),
            _(
                "Rules propose departments and terms. Try a rule on the letters of before, look at "
                "what would change, then keep it."
            ),
            "/rules/",
            "desk:rules",
        ),
        Step(
            _("Record of processing"),
            _(
                "What personal data the office processes, why and for how long (law 09-08). Begin "
                "with what the software itself does, enter the CNDP numbers, and appoint the "
                "clerks who answer for personal data."
            ),
            "/administration/processing/",
        ),
        Step(
            _("Health"),
            _("What is red says what to do. Look here first when something does not go on."),
            "/administration/health/",
            "desk:health",
        ),
    ),
)
ARCHIVIST: Final = Guide(
    "archivist",
    _("Keeping the archives"),
    _("Letters whose time is over, and those that must stay."),
    (
        Step(
            _("Disposal lists"),
            _(
                "A list takes the letters whose time is over. One person proposes it, another "
                "approves it; only then can it be executed."
            ),
            "/archives/",
        ),
        Step(
            _("Legal holds"),
            _("A letter that a court or an audit needs is held back on its page, with a reason."),
            "/archives/holds/",
        ),
    ),
)
_ALL: Final = (CLERK, AGENT, DIRECTOR, AUDITOR, ARCHIVIST, ADMINISTRATOR)
GUIDES: Final = {g.duty: g for g in _ALL}
