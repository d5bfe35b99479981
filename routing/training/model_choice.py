"""Return to an earlier version of the classifier, or to the first model."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from org.models import User
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from understanding.learning.fingerprints import code_version
from understanding.models.versions import ModelFile, ModelVersion

State = ModelVersion.State
FIRST = "first"  # the name of the model of the bundled letters


def model_versions() -> QuerySet[ModelVersion]:
    """Return all versions for a list, without the columns that only a training reads.

    `has_file` says of each whether its bytes are kept.
    """
    kept = ModelFile.objects.filter(version=OuterRef("pk"))
    rows = ModelVersion.objects.defer("learnt_from").select_related("chosen_by")
    return rows.annotate(has_file=Exists(kept))


def version_in_use() -> ModelVersion | None:
    """Return the version in use in this program; None where it is the first model."""
    return model_versions().filter(state=State.LIVE, code=code_version()).first()


def use_version(version: str, *, actor: User | None) -> None:
    """Put `version` in use from now on; FIRST is the model of the bundled letters.

    Raise NotAllowedError where it cannot be used, and ConflictError.
    """
    row = None if version == FIRST else _usable(version)
    try:
        with transaction.atomic():
            live = ModelVersion.objects.filter(state=State.LIVE)
            live.update(state=State.RETIRED, reason="put_back", chosen_by=actor)
            if row is None:
                return
            moved = ModelVersion.objects.filter(pk=row.pk, state=State.RETIRED).update(
                state=State.LIVE, live_since=timezone.now(), reason="brought_back", chosen_by=actor
            )
            if not moved:
                raise ConflictError
    except IntegrityError as error:
        raise ConflictError from error


def can_come_back(row: ModelVersion, *, with_file: bool) -> bool:
    """Return whether this version was in use, is kept, and fits this program."""
    return row.state == State.RETIRED and with_file and row.code == code_version()


def _usable(version: str) -> ModelVersion:
    row = ModelVersion.objects.defer("learnt_from").filter(version=version).first()
    if row is None:
        raise NotAllowedError(_("There is no such version of the model."))
    if row.state == State.LIVE:
        raise NotAllowedError(_("This version is in use already."))
    if row.state == State.REFUSED:
        raise NotAllowedError(_("This version was refused because it was worse."))
    if not can_come_back(row, with_file=ModelFile.objects.filter(version=row).exists()):
        raise NotAllowedError(_("This version is no longer kept, or was made for other code."))
    return row
