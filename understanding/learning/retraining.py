"""Training on decisions of people: a candidate is trained, judged, used or refused.

It is judged on letters that neither it nor the model in use has learnt from (`figures.why_worse`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from jobs.table import Progress
from understanding.learning.classification import FIELDS, Model
from understanding.learning.decisions import Decision
from understanding.learning.figures import Figures, Report, why_worse
from understanding.learning.fingerprints import code_version, fingerprint
from understanding.learning.live_model import bundled_model, live_model
from understanding.learning.model_file import packed
from understanding.learning.training import train
from understanding.models.versions import ModelFile, ModelVersion
from understanding.starting_set import learning_set, starting_set
from understanding.starting_set.examples import Example

KEPT_FILES: Final = 10  # versions set aside that can still be brought back
State = ModelVersion.State
LessonsOf = Callable[[Sequence[Decision]], Iterable[Example]]


@dataclass(frozen=True, slots=True)
class Trained:
    """A candidate with its verdict: `refusal` is "" where it may answer from now on.

    `live` is the row of the version that it was measured against; None for the first model.
    """

    row: ModelVersion
    data: bytes
    refusal: str
    live: int | None


def unseen(decided: Sequence[Decision]) -> int:
    """Return how many of the decisions the newest version has not seen.

    All of them count after an upgrade whose code computes other features.
    """
    newest = ModelVersion.objects.order_by("-made_at", "-id").only("learnt_from", "code").first()
    seen = set(newest.learnt_from) if newest and newest.code == code_version() else set()
    return sum(one.digest not in seen for one in decided)


def was_upgraded() -> bool:
    """Return whether the newest version was trained by other code than this."""
    newest = ModelVersion.objects.order_by("-made_at", "-id").only("code").first()
    return newest is not None and newest.code != code_version()


def train_candidate(
    decided: Sequence[Decision], lessons: LessonsOf, progress: Progress
) -> Trained | None:
    """Train and judge a candidate, outside any transaction; None where there is nothing new.

    `lessons` returns the letters of some decisions with their texts.
    """
    own = list(lessons([one for one in decided if not one.judges]))
    examples = [*learning_set(), *own]
    version = fingerprint(examples)
    if not own or ModelVersion.objects.filter(version=version).exists():
        return None
    live = ModelVersion.objects.filter(state=State.LIVE).values_list("pk", flat=True).first()
    rival = live_model()
    progress(1, 3)
    model = train(examples)
    progress(2, 3)
    judges = list(lessons([one for one in decided if one.judges]))
    here, rival_here = judged(model, judges), judged(rival, judges)
    why = why_worse(
        model.figures, old=bundled_model().figures, office_new=here, office_old=rival_here
    )
    row = _row(model, rival, decided, len(own))
    row.office_figures, row.office_rival_figures = _plain(here), _plain(rival_here)
    return Trained(row, packed(model), ":".join(why) if why else "", live)


def save_candidate(made: Trained | None) -> None:
    """Put the candidate in use, or keep its figures and why it was refused; in a transaction."""
    if made is None or ModelVersion.objects.filter(version=made.row.version).exists():
        return
    if not made.refusal and _take_over(made):
        _forget_old_files()
        return
    made.row.state, made.row.live_since = State.REFUSED, None
    made.row.reason = made.refusal or "overtaken"
    made.row.save()


def judged(model: Model, letters: Sequence[Example]) -> dict[str, Figures]:
    """Evaluate a model on letters held back from it; those without an answer are left out."""
    numbers = {field: [0, 0, 0, 0] for field in FIELDS}
    for letter in letters:
        for field, counts in numbers.items():
            if not (answer := getattr(letter, field)):
                continue
            best = model.predict(letter.text, field=field)[0]
            right, sure = best.value == answer, best.score >= model.heads[field].threshold
            for place, holds in enumerate((True, right, sure, right and sure)):
                counts[place] += holds
    return {field: Figures(*counts) for field, counts in numbers.items()}


def _row(model: Model, rival: Model, decided: Sequence[Decision], own: int) -> ModelVersion:
    return ModelVersion(
        version=model.version,
        code=model.code,
        made_at=timezone.now(),
        bundled_letters=len(starting_set()),
        office_letters=own,
        rival=rival.version,
        figures=_plain(model.figures),
        rival_figures=_plain(rival.figures),
        learnt_from=sorted(one.digest for one in decided),
    )


def _plain(report: Report) -> dict[str, dict[str, int]]:
    return {question: figures.plain() for question, figures in report.items()}


def _take_over(made: Trained) -> bool:
    """Put the candidate in use; return False where another version went live meanwhile.

    Against that one nothing was measured.
    """
    live = ModelVersion.objects.filter(state=State.LIVE)
    try:
        with transaction.atomic():
            if made.live is None:
                if live.exists():
                    return False
            elif not live.filter(pk=made.live).update(state=State.RETIRED, reason="replaced"):
                return False
            made.row.state, made.row.live_since = State.LIVE, timezone.now()
            made.row.save()
            ModelFile.objects.create(version=made.row, data=made.data)
    except IntegrityError:
        made.row.pk = None
        return False
    return True


def _forget_old_files() -> None:
    files = ModelFile.objects.filter(version__state=State.RETIRED).order_by("-version__live_since")
    kept = files.values_list("pk", flat=True)[:KEPT_FILES]
    ModelFile.objects.filter(version__state=State.RETIRED).exclude(pk__in=list(kept)).delete()
