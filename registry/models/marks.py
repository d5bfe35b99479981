"""What in a file would run on the machine of who opens it: macros, scripts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.files import StoredFile


class FileMark(models.Model):
    """A warning about a file. It can be found again from the bytes, so it is not sealed."""

    class Mark(models.TextChoices):
        MACROS = "macros", _("This file contains macros: programs that run when it is opened.")
        SCRIPTS = "scripts", _("This PDF contains scripts that run when it is opened.")

    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="warning")
    mark = models.CharField(max_length=10, choices=Mark)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mark__in=["macros", "scripts"]), name="file_mark_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.mark}"


def mark_of(file: StoredFile) -> str:
    """Return its mark, "" for the most; read with the file where `warning` was selected."""
    found = getattr(file, "warning", None)
    return str(found.mark) if found else ""


def warning_of(file: StoredFile) -> str:
    """Return the warning about its mark for its readers, "" for most marks."""
    mark = mark_of(file)
    return str(FileMark.Mark(mark).label) if mark else ""
