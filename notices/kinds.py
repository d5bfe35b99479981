"""Kinds of notices, the ways on which they reach a person, and the jobs that carry them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jobs.kinds import JobKind


class NoticeKind(models.TextChoices):
    """Kinds of notices; the value is what a row keeps."""

    GIVEN = "given", _("A letter is assigned to you or your department")
    COPY = "copy", _("A copy of a letter comes to your department")
    REFUSED = "refused", _("A department refuses a letter that you assigned")
    OPINION_ASKED = "opinion_asked", _("Your opinion or your department’s is asked for")
    OPINION_GIVEN = "opinion_given", _("An opinion that you asked for is given")
    TO_SIGN = "to_sign", _("A reply waits for your visa or signature")
    RETURNED = "returned", _("A reply of yours is returned with a remark")
    BOUNCED = "bounced", _("A reply of yours did not reach its addressee")
    ANSWERED = "answered", _("A letter in your charge was answered")
    REOPENED = "reopened", _("A letter in your charge is taken up again")
    RATED = "rated", _("The answer to a letter in your charge was rated")
    PIECES = "pieces", _("The sender adds something to a letter in your charge")
    DUE = "due", _("A letter is due soon")
    OVERDUE = "overdue", _("A letter is late")
    REQUEST_LATE = "request_late", _("A request for a service is late in its stage")
    MENTIONED = "mentioned", _("A note names you")
    STAND_IN = "stand_in", _("You stand in for a colleague, or a colleague for you")
    MAILBOX = "mailbox", _("A mail in the office’s mailbox needs a person")
    EXPORT = "export", _("An export that you asked for is ready")
    DANGER = "danger", _("Somebody reports danger")
    SECURITY = "security", _("Something changed in how you sign in")


class MailWay(models.TextChoices):
    """Whether and when a notice goes out by mail."""

    NONE = "none", _("No mail")
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")


class NoticesJob(JobKind):
    """Work of notifying people."""

    NOTICE_TELL = "notice.tell"
    NOTICE_PUSH = "notice.push"
    NOTICES_LOOK = "notices.look"
    NOTICES_DIGEST = "notices.digest"
