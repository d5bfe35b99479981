"""The model in use now: the office's live one, else that of the bundled letters.

It is read for each letter by one small query, so that every worker changes over without a restart.
"""

from __future__ import annotations

import io
import logging
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError

from understanding.learning.classification import Model
from understanding.learning.fingerprints import code_version
from understanding.learning.first_model import first_model
from understanding.learning.model_file import ForeignModelError, read
from understanding.models.versions import ModelFile, ModelVersion

MODEL_FILE: Final = "models/letters.model"  # in DATA_DIR, where set-up made no first model
_log = logging.getLogger(__name__)


def live_model() -> Model:
    """Return the model to use now, loaded once a process and version.

    A version of other code (before an upgrade, or after it) is not used: its weights would mean
    something else. Raise OSError where the first model must be trained and can't be kept.
    """
    live = ModelVersion.objects.filter(state=ModelVersion.State.LIVE, code=code_version())
    version = live.values_list("version", flat=True).first()
    if version is not None:
        try:
            return load_version(version)
        except (ForeignModelError, ModelFile.DoesNotExist):
            _log.error("model %s cannot be read; the first model answers", version)
    return bundled_model()


def available_model() -> Model:
    """Return the live model, or the first model where there may be no database yet."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and not Path(database["NAME"]).is_file():
        return bundled_model()
    try:
        return live_model()
    except DatabaseError:
        return bundled_model()


def bundled_model() -> Model:
    """Return the model of the bundled letters."""
    return first_model(settings.DATA_DIR / MODEL_FILE)


@lru_cache(maxsize=2)  # the live one and, while it is judged, a candidate's rival
def load_version(version: str) -> Model:
    """Return a version's model.

    Raise ModelFile.DoesNotExist where its bytes are deleted, and ForeignModelError where they are
    not of this program.
    """
    data = ModelFile.objects.get(version__version=version).data
    return read(io.BytesIO(bytes(data)), version=version)
