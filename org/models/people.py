"""People of the office and their places in departments."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from org.models.departments import Department
from org.models.names import Level


class User(AbstractUser):
    """A person of the office, with one duty and a clearance."""

    class Duty(models.TextChoices):
        MEMBER = "member", _("Department member")
        CLERK = "clerk", _("Registry clerk")
        DIRECTOR = "director", _("Director")
        AUDITOR = "auditor", _("Auditor")
        ARCHIVIST = "archivist", _("Archivist")
        ADMINISTRATOR = "administrator", _("Administrator")

    duty = models.CharField(_("duty"), max_length=16, choices=Duty, default=Duty.MEMBER)
    clearance = models.PositiveSmallIntegerField(
        _("clearance"), choices=Level, default=Level.ORDINARY
    )
    language = models.CharField(_("language"), max_length=2, default="fr")
    name_ar = models.CharField(max_length=200, blank=True, default="", db_default="")
    function = models.CharField(max_length=120, blank=True, default="", db_default="")
    departments: "models.ManyToManyField[Department, Membership]" = models.ManyToManyField(
        Department, through="Membership"
    )

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined,misc]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    duty__in=[
                        *("member", "clerk", "director", "auditor", "archivist"),
                        "administrator",
                    ]
                ),
                name="user_duty_known",
            ),
            models.CheckConstraint(condition=Q(clearance__lte=2), name="user_clearance_known"),
        ]

    @property
    def shown_name(self) -> str:
        """The full name in the script of the current language, or the user name."""
        if self.name_ar and (get_language() or "")[:2] == "ar":
            return str(self.name_ar)
        return self.get_full_name() or self.name_ar or self.username


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
