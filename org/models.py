"""People, departments, memberships and the working calendar."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """How confidential a letter is, and up to which level a person may read."""

    ORDINARY = 0, _("Ordinary")
    CONFIDENTIAL = 1, _("Confidential")
    SECRET = 2, _("Secret")


class ThreeNames(models.Model):
    """Something with a name in each of the office's languages."""

    name_ar = models.CharField(_("name in Arabic"), max_length=200)
    name_fr = models.CharField(_("name in French"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the current language, French where it is none of the three."""
        language = (get_language() or "fr")[:2]
        return str(getattr(self, f"name_{language}", "") or self.name_fr)


class Department(ThreeNames):
    """A unit that letters are addressed to; its code is what rules and people write."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    head_office = models.BooleanField(_("registry office"), default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "code"]


class LetterKind(ThreeNames):
    """A kind of letter (complaint, request, invoice…), from a list that the office edits."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "code"]


class User(AbstractUser):
    """A person of the office, with one duty and a clearance."""

    class Duty(models.TextChoices):
        MEMBER = "member", _("Department member")
        CLERK = "clerk", _("Registry clerk")
        DIRECTOR = "director", _("Director")
        AUDITOR = "auditor", _("Auditor")
        ADMINISTRATOR = "administrator", _("Administrator")

    duty = models.CharField(_("duty"), max_length=16, choices=Duty, default=Duty.MEMBER)
    clearance = models.PositiveSmallIntegerField(
        _("clearance"), choices=Level, default=Level.ORDINARY
    )
    language = models.CharField(_("language"), max_length=2, default="fr")
    departments: "models.ManyToManyField[Department, Membership]" = models.ManyToManyField(
        Department, through="Membership"
    )

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined,misc]
        constraints = [
            models.CheckConstraint(
                condition=Q(duty__in=["member", "clerk", "director", "auditor", "administrator"]),
                name="user_duty_known",
            ),
            models.CheckConstraint(condition=Q(clearance__lte=2), name="user_clearance_known"),
        ]

    @property
    def shown_name(self) -> str:
        """The full name, or the user name where none was given."""
        return self.get_full_name() or self.username


class Membership(models.Model):
    """A person's place in a department, as a member or its head."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        HEAD = "head", _("Head")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.MEMBER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "department"], name="one_membership"),
            models.CheckConstraint(
                condition=Q(role__in=["member", "head"]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.department_id}"


class Holiday(ThreeNames):
    """A day on which the office is closed; religious days stay provisional until confirmed.

    `proposed` by the library of public holidays, else entered by a person; `exceptional` days off
    are announced for once. Two holidays may fall on one day: each keeps its own row, so that one
    can move without the other.
    """

    day = models.DateField(_("day"))
    confirmed = models.BooleanField(_("confirmed"), default=False)
    proposed = models.BooleanField(default=False, db_default=False)
    exceptional = models.BooleanField(_("exceptional"), default=False, db_default=False)

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["day", "name_fr"], name="holiday_once_a_day"),
        ]


class Absence(models.Model):
    """A person is away from the first day to the last, both included, and another stands in.

    Never removed: `ended_at` says that the person came back before the last day.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="absence_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(delegate=models.F("person")), name="absence_has_another_delegate"
            ),
        ]
        indexes = [
            models.Index(fields=["delegate", "ends_on"], name="absence_of_delegate"),
            models.Index(fields=["person", "ends_on"], name="absence_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} away from {self.starts_on} to {self.ends_on}"
