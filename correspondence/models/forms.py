"""The tables of templates: what a template is for, and each version of its file."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from org.models import Department, LetterKind
from registry.models.files import StoredFile


class ReplyTemplate(models.Model):
    """A prepared reply of one department or of all (None), for one kind of letter or for any.

    `seed` names the template of the starting set that it was, so that it comes once only.
    """

    class Language(models.TextChoices):
        ARABIC = "ar", _("Arabic")
        FRENCH = "fr", _("French")
        ENGLISH = "en", _("English")

    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.ForeignKey(
        LetterKind, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    seed = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seed"], condition=~Q(seed=""), name="template_seeded_once"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["ar", "fr", "en"]), name="template_language_known"
            ),
        ]
        indexes = [models.Index(fields=["department", "retired_at"], name="template_of_department")]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """A template's file; a change makes a new version and keeps the old.

    `made_by` is nobody for what the starting set brought.
    """

    class Format(models.TextChoices):
        DOCX = "docx", _("Word (DOCX)")
        HTML = "html", _("Web page (HTML)")
        TEXT = "text", _("Plain text")

    template = models.ForeignKey(ReplyTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    format = models.CharField(_("format"), max_length=4, choices=Format)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="one_template_version"),
            models.CheckConstraint(
                condition=Q(format__in=["docx", "html", "text"]), name="template_format_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} #{self.number}"
