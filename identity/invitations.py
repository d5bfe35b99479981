"""Invitations: a link by e-mail that lets a person set their password, once and for some days."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from identity import events
from identity.kinds import SecurityKind
from identity.mails import queue_notice
from jobs.mailing import send
from jobs.outbox import enqueue
from org.addresses import staff_address
from org.errors import BadOrganisationError
from org.history import record
from org.institution import mail_sender, office_name
from org.kinds import OrgJob
from org.models import Invitation, OrgChange, User


class _Tokens(PasswordResetTokenGenerator):
    """Tokens over an invitation, which end with its use, its recall and any change of password."""

    key_salt = "org.invitations"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        invitation: Invitation = user
        person = invitation.person
        return f"{invitation.pk}{person.pk}{person.password}{person.last_login}{timestamp}"


_tokens = _Tokens()


def invite(person: User, *, actor: User | None) -> Invitation:
    """Invite a person by e-mail where they have one; earlier invitations end.

    Raise BadOrganisationError for an account that is deactivated.
    """
    if not person.is_active:
        raise BadOrganisationError({"": _("This account is deactivated.")})
    now = timezone.now()
    ends = now + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    with transaction.atomic():
        live = Invitation.objects.filter(person=person, used_at=None, revoked_at=None)
        live.update(revoked_at=now)
        made = Invitation.objects.create(person=person, made_by=actor, made_at=now, ends_at=ends)
        record(
            OrgChange.Noun.PERSON,
            person.username,
            "invited",
            actor=actor,
            after={"to": person.email},
        )
        if person.email:
            enqueue(OrgJob.PEOPLE_INVITE, made.pk)
    return made


def without_password() -> "QuerySet[User]":
    """Return the active people who have no password yet, by name."""
    rows = User.objects.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return rows.order_by("last_name", "first_name", "pk")


def uninvited() -> "QuerySet[User]":
    """Return those of them whom no link lets in."""
    return without_password().exclude(pk__in=_live().values("person"))


def live_invitations(people: Collection[User]) -> dict[int, Invitation]:
    """Map these people to the invitation that still opens something, where they have one."""
    rows = _live().filter(person__in=people)
    return {row.person_id: row for row in rows.select_related("person")}


def invite_all(*, actor: User | None, most: int) -> int:
    """Invite those without a password whom no link lets in; return how many, `most` at once."""
    people = list(uninvited()[:most])
    for person in people:
        invite(person, actor=actor)
    return len(people)


def _live() -> "QuerySet[Invitation]":
    return Invitation.objects.filter(used_at=None, revoked_at=None, ends_at__gt=timezone.now())


def link_of(invitation: Invitation) -> str:
    """Return the address that the invited person opens; who has it may set the password."""
    token = _tokens.make_token(invitation)  # type: ignore[arg-type]
    return f"{staff_address()}/invitation/{invitation.pk}/{token}/"


def opened(invitation_id: int, token: str) -> Invitation | None:
    """Return the invitation that a link opens; None where it ended, was used or is not ours."""
    rows = Invitation.objects.select_related("person")
    found = rows.filter(pk=invitation_id, used_at=None, revoked_at=None).first()
    if found is None or found.ends_at <= timezone.now() or not found.person.is_active:
        return None
    return found if _tokens.check_token(found, token) else None  # type: ignore[arg-type]


def take(invitation: Invitation, *, password: str, address: str = "") -> User:
    """Set the person's password and end the invitation. Raise BadOrganisationError if it ended.

    A person who had a password before is notified of the change.
    """
    with transaction.atomic():
        taken = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None)
        if not taken.update(used_at=timezone.now()):
            raise BadOrganisationError({"": _("This invitation was used already.")})
        person = User.objects.select_for_update().get(pk=invitation.person_id)
        had_one = person.has_usable_password()
        person.set_password(password)
        person.save(update_fields=["password"])
        record(OrgChange.Noun.PERSON, person.username, "password_set", actor=person)
        changed = SecurityKind.PASSWORD_CHANGED
        events.record(changed, person=None, subject=person, address=address, way="invitation")
        if had_one:
            queue_notice(person, changed)
    return person


def invite_work(invitation_id: str, _progress: Any) -> bool:
    """Send the invitation, if it still opens something; return whether it was sent."""
    found = Invitation.objects.select_related("person").filter(pk=invitation_id).first()
    gone = found is None or found.used_at or found.revoked_at or not found.person.is_active
    if found is None or gone or not found.person.email:
        return False
    send(_message(found))
    return True


def save_invited(invitation_id: str, sent: bool) -> None:
    """Note that the invitation was sent."""
    if sent:
        Invitation.objects.filter(pk=invitation_id).update(sent_at=timezone.now())


def _message(invitation: Invitation) -> EmailMessage:
    person = invitation.person
    with translation.override(person.language or "fr"):
        context = {
            "person": person,
            "office": office_name(),
            "link": link_of(invitation),
            "ends": timezone.localtime(invitation.ends_at),
        }
        return EmailMessage(
            subject=_("%(office)s: your access to the registry office")
            % {"office": context["office"]},
            body=render_to_string("org/invitation.txt", context),
            from_email=mail_sender(),
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
