"""The office learns from its people, never to its harm, and every worker hears of it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from config import clock
from jobs.models import Job
from language.vectors import letter_vector
from org.models import Level, User
from registry.models.letters import Letter
from routing.acting import errors
from routing.training import model_choice, office_training
from routing.training import office_training as learning_office_training
from routing.training.office_letters import decisions, lessons
from tests.factories import drain
from tests.routing.learning import FOUNTAIN, SMALL, decided, letter_with, understood
from understanding.learning import first_model, live_model, retraining
from understanding.learning.figures import Figures
from understanding.learning.live_model import load_version
from understanding.learning.training import train
from understanding.models.versions import ModelFile, ModelVersion

pytestmark = pytest.mark.django_db
SIMILAR = "Relevé de la banque du square : les canards attendent toujours leur avis d'échéance"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the small office's first model, which knows words alone: a training takes
    half a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("language.vectors._encoder", lambda: None)
        letter_vector.cache_clear()
        yield first_model.make(tmp_path_factory.mktemp("made"), examples=SMALL).parent
    letter_vector.cache_clear()


@pytest.fixture(autouse=True)
def _small_office(
    monkeypatch: pytest.MonkeyPatch, own_data_dir: Path, made: Path
) -> Iterator[None]:
    for module in (first_model, retraining):
        monkeypatch.setattr(module, "learning_set", lambda: SMALL)
    monkeypatch.setattr(retraining, "starting_set", lambda: SMALL)
    monkeypatch.setattr(first_model, "FOLDER", made)
    first_model.first_model.cache_clear()
    yield
    first_model.first_model.cache_clear()
    load_version.cache_clear()


@pytest.fixture
def corrected(amina: User, badr: User) -> Letter:
    """A letter that the machine took for the accountants', and people gave to EAU."""
    letter = letter_with(FOUNTAIN)
    understood(letter)
    decided(letter, kind="complaint_technical", code="EAU", clerk=amina, member=badr)
    return letter


def live() -> ModelVersion | None:
    return ModelVersion.objects.filter(state="live").first()


def test_a_correction_changes_the_next_suggestion_after_retraining(
    amina: User, badr: User, register_is_clean: Callable[[], None]
) -> None:
    before = understood(letter_with(SIMILAR))
    letter = letter_with(FOUNTAIN)
    assert before.value == understood(letter).value == "FIN"
    decided(letter, kind="complaint_technical", code="EAU", clerk=amina, member=badr)

    assert learning_office_training.queue_retraining()
    drain("model.retrain")

    version = live()
    assert version is not None
    assert (version.office_letters, version.bundled_letters) == (1, len(SMALL))
    after = understood(letter_with(SIMILAR))
    assert (after.value, after.model_version) == ("EAU", version.version)
    assert before.model_version == version.rival
    assert not learning_office_training.queue_retraining()  # nothing was decided since
    register_is_clean()


def test_a_worse_model_is_refused_with_its_figures(
    corrected: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    swapped = {"EAU": "FIN", "FIN": "EAU"}
    mixed_up = [type(one)(one.ident, one.text, one.kind, swapped[one.department]) for one in SMALL]

    def learn_nonsense(examples: Any) -> Any:
        model = train([*SMALL[::2], *mixed_up[1::2], *examples[len(SMALL) :]])
        return type(model)(
            "nonsense", model.vocabulary, model.idf, model.heads, model.code, model.figures
        )

    monkeypatch.setattr(retraining, "train", learn_nonsense)
    monkeypatch.setattr(retraining, "fingerprint", lambda _examples: "nonsense")
    row = learning_office_training.retrain_now()
    assert row is not None
    assert (row.state, row.reason) == ("refused", "fewer_right:department")
    assert row.figures["department"]["right"] < row.rival_figures["department"]["right"]
    assert live() is None
    assert not ModelFile.objects.exists()
    assert understood(corrected).model_version == row.rival


def test_fewer_right_on_the_letters_that_judge_refuses_a_model(
    corrected: Letter, amina: User, badr: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = letter_with("Fuite d'eau devant le square, le tuyau est cassé", judges=True)
    understood(judge)
    decided(judge, kind="complaint_technical", code="EAU", clerk=amina, member=badr)
    counted = {"kind": Figures(1, 1), "department": Figures(1, 1)}
    none = {"kind": Figures(1, 1), "department": Figures(1, 0)}
    answers = iter([none, counted])
    seen: list[int] = []

    def judged(_model: Any, letters: Any) -> Any:
        seen.append(len(letters))
        return next(answers)

    monkeypatch.setattr(retraining, "judged", judged)
    row = learning_office_training.retrain_now()
    assert row is not None
    assert (row.state, row.reason) == ("refused", "fewer_right_here:department")
    assert (seen, row.office_letters) == ([1, 1], 1)  # the judge was not learnt from


def test_the_same_letters_are_not_learnt_twice(corrected: Letter) -> None:
    assert learning_office_training.retrain_now() is not None
    assert learning_office_training.retrain_now() is None
    assert ModelVersion.objects.count() == 1


def test_two_trainings_at_once_leave_one_model_in_use(
    corrected: Letter, amina: User, badr: User
) -> None:
    one = learning_office_training.retrain_work("office")
    same = learning_office_training.retrain_work("office")
    another = letter_with("Les canards du square ont soif, bassin vide depuis mardi")
    understood(another)
    decided(another, kind="complaint_technical", code="EAU", clerk=amina, member=badr)
    other = learning_office_training.retrain_work("office")
    for made in (one, same, other):
        with transaction.atomic():
            learning_office_training.save_retrained("office", made)
    states = dict(ModelVersion.objects.values_list("reason", "state"))
    assert states == {"": "live", "overtaken": "refused"}
    assert ModelFile.objects.count() == 1


def test_the_database_holds_one_model_in_use_at_most(corrected: Letter) -> None:
    row = learning_office_training.retrain_now()
    assert row is not None
    row.pk, row.version = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_an_earlier_version_can_be_brought_back(
    corrected: Letter, amina: User, badr: User, admin: User
) -> None:
    first = learning_office_training.retrain_now()
    assert first is not None
    another = letter_with("Le bassin du jardin est vide, envoyez quelqu'un")
    understood(another)
    decided(another, kind="complaint_technical", code="EAU", clerk=amina, member=badr)
    second = learning_office_training.retrain_now()
    assert second is not None
    assert second.state == "live"

    model_choice.use_version(first.version, actor=admin)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.chosen_by, second.state) == ("live", admin, "retired")
    assert understood(letter_with(SIMILAR)).model_version == first.version
    with pytest.raises(errors.NotAllowedError):
        model_choice.use_version(first.version, actor=admin)  # it is in use already
    model_choice.use_version("first", actor=admin)
    assert live() is None
    assert understood(letter_with(SIMILAR)).model_version == first.rival


def test_the_command_trains_tells_and_goes_back(corrected: Letter) -> None:
    def told(**options: Any) -> Any:
        out = io.StringIO()
        call_command("retrain_model", json=True, stdout=out, **options)
        return json.loads(out.getvalue())

    trained = told()
    assert (trained["state"], trained["office_letters"]) == ("live", 1), trained
    assert trained["figures"]["department"]["letters"] == len(SMALL)
    assert told() == {"version": None, "state": "nothing_new"}
    assert told(use="first")["state"] == "live"
    assert told(use=trained["version"])["version"] == trained["version"]
    with pytest.raises(CommandError):
        call_command("retrain_model", use="ffff")


def test_a_version_of_other_code_is_not_used_and_is_trained_anew(
    corrected: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = learning_office_training.retrain_now()
    assert row is not None
    ModelVersion.objects.update(code="older code")
    assert live_model.live_model().version == row.rival
    learning_office_training.retrain_nightly()
    assert Job.objects.filter(kind="model.retrain", state="ready").count() == 1


def test_a_version_whose_bytes_are_lost_leaves_the_first_model(corrected: Letter) -> None:
    row = learning_office_training.retrain_now()
    assert row is not None
    load_version.cache_clear()
    ModelFile.objects.update(data=b"broken")
    assert live_model.live_model().version == row.rival


def test_a_night_asks_for_a_training_only_where_much_was_decided(
    corrected: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.tick()
    assert not Job.objects.filter(kind="model.retrain").exists()
    Job.objects.all().delete()
    monkeypatch.setattr(office_training, "WORTH_A_NIGHT", 1)
    clock.tick()
    clock.tick()
    assert Job.objects.filter(kind="model.retrain").count() == 1


def test_what_is_confidential_or_undecided_is_not_learnt(
    corrected: Letter, amina: User, badr: User
) -> None:
    secret = letter_with("Fuite d'eau au palais")
    understood(secret)
    decided(secret, kind="complaint_technical", code="EAU", clerk=amina, member=badr)
    Letter.objects.filter(pk=secret.pk).update(confidentiality=Level.CONFIDENTIAL)
    understood(letter_with("Fuite d'eau que personne n'a regardée"))
    (only,) = decisions()
    assert (only.letter_id, only.kind, only.department) == (
        corrected.pk, "complaint_technical", "EAU",
    )  # fmt: skip


def test_a_large_office_learns_from_its_newest_letters_only(
    corrected: Letter, amina: User, badr: User, django_assert_max_num_queries: Any
) -> None:
    newer = letter_with("Fuite d'eau au jardin " * 400)
    understood(newer)
    decided(newer, kind="complaint_technical", code="EAU", clerk=amina, member=badr)
    Letter.objects.filter(pk=newer.pk).update(registered_at=timezone.now())
    with django_assert_max_num_queries(1):
        (only,) = decisions(limit=1)
    assert only.letter_id == newer.pk
    (lesson,) = lessons([only])
    assert len(lesson.text) == 2_000


def test_asking_which_model_answers_is_one_small_query(
    corrected: Letter, django_assert_num_queries: Any
) -> None:
    learning_office_training.retrain_now()
    live_model.live_model()
    with django_assert_num_queries(1):
        live_model.live_model()
