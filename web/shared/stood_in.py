"""What somebody is told whose time of standing in ended while a page of it was still open.

What they may not do any more is otherwise answered as what does not exist: 404, without a word of
the reason, and what they had typed would be lost.
"""

from django.utils.translation import gettext as _

from language.bidi import isolate
from org.absences import ended_lately
from org.models import User


def over_for(user: User) -> str:
    """Return that the person stands in no longer, and for whom; "" where they did not lately."""
    ended = ended_lately(user)
    if ended is None:
        return ""
    words = _("You no longer stand in for %(absent)s. Nothing was done.")
    return words % {"absent": isolate(ended.person.shown_name)}
