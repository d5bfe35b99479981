"""What each figure of the page counts, in words."""

from typing import Final

from django.utils.translation import gettext_lazy

DEFINITIONS: Final = {
    "received": gettext_lazy(
        "Incoming letters registered in these months, without those that were voided."
    ),
    "treated": gettext_lazy(
        "Incoming letters that the last department for action signed off in these months, whenever "
        "they came. They count with the department that is responsible now."
    ),
    "open": gettext_lazy("Of the letters registered in these months: those not signed off yet."),
    "late": gettext_lazy("Of the open letters: those not answered, whose due day is past."),
    "first_act": gettext_lazy(
        "Calendar days from the receipt of the letter to the day when a department first accepted "
        "or refused it, of the letters first decided on in these months: half took no longer."
    ),
    "median": gettext_lazy(
        "Calendar days from the receipt of the letter to the last sign-off, of the letters treated "
        "in these months: half of them took no longer."
    ),
    "ninetieth": gettext_lazy("The same days: nine letters of ten took no longer."),
    "mean": gettext_lazy(
        "The mean of the calendar days from the receipt to the last sign-off, of those treated."
    ),
    "in_term": gettext_lazy(
        "Of the letters treated in these months that had a due day: the share signed off on that "
        "day or before, extensions and stopped clocks counted."
    ),
    "answered": gettext_lazy(
        "Of the complaints treated: those signed off with an answer by letter, e-mail or phone, "
        "not only noted or left without follow-up."
    ),
    "positive": gettext_lazy(
        "Of the complaints treated: those decided in favour of the sender or partly so, as the "
        "person said who closed them. The share is of those whose outcome is recorded."
    ),
    "unrecorded": gettext_lazy(
        "Of the complaints treated: those of which nobody said in whose favour they were decided, "
        "since they were closed before outcomes were recorded, or without an answer. They count "
        "neither as positive nor as negative."
    ),
    "reopened": gettext_lazy("Complaints that were opened again in these months."),
}
