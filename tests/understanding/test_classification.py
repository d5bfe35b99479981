"""The classifier learns, says why, keeps to its file's version, and knows when it is not sure."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from language.fold import fold
from language.vectors import letter_vector
from understanding.learning.calibrating import NEVER, at_least, sure_from
from understanding.learning.classification import Model
from understanding.learning.cross_validation import ALWAYS, FOLDS, folds_of
from understanding.learning.evaluate import calibration_error
from understanding.learning.fingerprints import fingerprint
from understanding.learning.lexicon import find_hits
from understanding.learning.lexicon_rules import RULES
from understanding.learning.lexicon_topics import TOPICS
from understanding.learning.model_file import ForeignModelError, load, ready_model, save
from understanding.learning.training import accepted_answers, cross_validated, train
from understanding.letters.understanding import REASONS, Understanding, understand_text
from understanding.starting_set import HERE, competences, post, read_letters, starting_set
from understanding.starting_set.examples import Example

HELD_BACK = Path(__file__).parent / "letters_held_back.jsonl"
GRADED = HERE.parents[1] / "benches" / "graded" / "departments.jsonl"
SAMPLES = HERE.parents[1] / "samples"
DEPARTMENTS = {
    *("DG", "BO", "EAU", "ELEC", "ASS", "COM", "REC", "CPT"),
    *("BRT", "TRX", "ACH", "JUR", "RH", "FIN", "SI"),
}
KINDS = {
    *("request", "complaint_technical", "complaint_commercial", "enquiry", "suggestion"),
    *("administrative", "legal_notice", "invoice", "quotation", "tender", "application"),
    *("reminder", "circular", "other"),
}
FEW = [
    Example(f"{place}-{number}", text, kind, department)
    for place, (kind, department, texts) in enumerate([
        ("request", "BRT", ["demande de branchement", "nouveau branchement svp", "ربط منزل"]),
        ("invoice", "FIN", ["facture net à payer", "facture du mois TTC", "فاتورة واجب أداؤها"]),
    ])
    for number, text in enumerate(texts)
]  # fmt: skip


@pytest.fixture(scope="module")
def model() -> Model:
    """The office's first model; kept, so that the tests of suggestions need not train it again."""
    from understanding.learning.live_model import bundled_model

    return bundled_model()


@pytest.fixture(scope="module")
def small() -> Model:
    return train(FEW)


_UNDERSTOOD: dict[tuple[str, Example], Understanding] = {}  # several tests ask about a letter


def understood(model: Model | None, letter: Example) -> Understanding:
    key = (model.version if model else "", letter)
    if key not in _UNDERSTOOD:
        _UNDERSTOOD[key] = understand_text(letter.text, language="", model=model)
    return _UNDERSTOOD[key]


def sample_letters() -> list[Example]:
    from samples.letter import all_letters

    return [
        Example(
            one.ident,
            "\n".join([*(page.text for page in one.pages), one.mail.get("body", "")]),
            one.kind,
            one.department,
        )
        for one in all_letters()
    ]


def test_the_sample_letters_go_to_their_departments(model: Model) -> None:
    letters = sample_letters()
    right = [
        best.value == letter.department
        for letter in letters
        if (best := understood(model, letter).best("department"))
    ]
    assert len(right) == len(letters)
    assert sum(right) >= len(letters) - 1


def test_letters_never_learnt_from_are_told_apart_far_better_than_by_chance(model: Model) -> None:
    letters = read_letters(HELD_BACK)
    best = [understood(model, letter).best("department") for letter in letters]
    right = [one is not None and one.value == letter.department
             for one, letter in zip(best, letters, strict=True)]  # fmt: skip
    assert sum(right) / len(right) > 0.7  # 15 departments; plain speech, few key words


@pytest.mark.parametrize("field", ["department", "kind"])
def test_sure_means_mostly_right_on_letters_never_learnt_from(model: Model, field: str) -> None:
    letters = [*read_letters(HELD_BACK), *sample_letters()]
    sure = [
        best.value == getattr(letter, field)
        for letter in letters
        if (best := understood(model, letter).best(field)) and best.sure
    ]
    assert len(sure) >= 10
    assert sum(sure) / len(sure) >= 0.8


def test_reasons_are_words_of_the_letter(model: Model) -> None:
    text = "الماء يتسرب من القناة أمام المدرسة منذ يومين والحفرة تكبر"
    best, *rest = model.predict(text, field="department")
    assert best.value == "EAU"
    assert best.words
    assert all(word in text for word in best.words)
    assert abs(best.score + sum(one.score for one in rest) - 1) < 1e-6


def test_an_answer_nobody_knows_is_left_to_a_person(model: Model) -> None:
    letter = Example("x", "Les cigognes sont revenues sur le minaret ce printemps.", "other", "DG")
    best = understood(model, letter).best("department")
    assert best is not None
    assert not best.sure


@pytest.mark.parametrize("text", ["", "   \n", "12 34 56 — …", "ab c"])
def test_an_unreadable_text_gives_no_guess(model: Model, text: str) -> None:
    assert understand_text(text, language="", model=model).suggestions == ()


def test_without_a_model_the_rules_still_speak_and_say_which() -> None:
    text = "نحن المفوض القضائي لدى المحكمة الابتدائية، حررنا محضر تبليغ إنذار"
    found = understand_text(text, language="ar", model=None)
    department, kind = found.best("department"), found.best("kind")
    assert department is not None
    assert kind is not None
    assert (department.value, department.source, department.sure) == ("JUR", "rule", True)
    assert kind.value == "legal_notice"
    assert department.reasons[0].startswith("rule:bailiff:")


def test_rules_that_contradict_each_other_leave_the_letter_to_a_person(model: Model) -> None:
    text = "Votre appel d'offres : soumission. Et un échéancier de paiement des arriérés."
    best = understand_text(text, language="fr", model=model).best("department")
    assert best is not None
    assert not best.sure


def test_a_bailiff_is_a_bailiff_whatever_his_act_is_about(model: Model) -> None:
    text = "Nous, huissier de justice, avons remis sommation et constat de résiliation du bail."
    best = understand_text(text, language="fr", model=model).best("department")
    assert best is not None
    assert (best.value, best.sure) == ("JUR", True)


def test_a_citizen_who_threatens_with_the_court_is_not_a_court() -> None:
    text = "إلا ما صلحتوش القادوس غادي نمشي للمحكمة"
    assert not [hit for hit in find_hits(text) if hit.value in ("JUR", "legal_notice")]


def test_every_reason_has_a_code_that_the_desk_can_put_into_words(model: Model) -> None:
    for letter in sample_letters():
        for suggested in understood(model, letter).suggestions:
            for reason in suggested.reasons:
                assert reason.split(":")[0] in REASONS


def test_a_stored_model_answers_as_before(small: Model, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "model.npz"
    save(small, path)
    again = load(path, version=small.version)
    for letter in FEW:
        for field in ("kind", "department"):
            assert again.predict(letter.text, field=field) == small.predict(
                letter.text, field=field
            )
    assert [one.name for one in path.parent.iterdir()] == ["model.npz"]


def test_a_foreign_or_broken_model_is_refused_and_replaced(small: Model, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    save(small, path)
    with pytest.raises(ForeignModelError):
        load(path, version="another")
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ForeignModelError):
        load(path, version=small.version)
    made = ready_model(path, examples=FEW, train=train, version=fingerprint(FEW))
    assert load(path, version=small.version).version == made.version == small.version


def test_a_model_file_cannot_carry_code(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    with path.open("wb") as out:
        np.savez(out, head=np.array([object()], dtype=object))
    with pytest.raises(ForeignModelError):
        load(path, version="any")


def test_the_fingerprint_changes_with_any_answer_and_not_with_the_order() -> None:
    changed = [Example("0-0", FEW[0].text, "enquiry", FEW[0].department), *FEW[1:]]
    assert fingerprint(FEW[::-1]) == fingerprint(FEW)
    assert fingerprint(changed) != fingerprint(FEW)


def test_letters_that_all_say_the_same_teach_nothing() -> None:
    with pytest.raises(ValueError, match="nothing to tell apart"):
        train(FEW[:3])


def test_folds_keep_an_author_together_and_spread_each_department() -> None:
    letters = starting_set()
    folds = folds_of(letters)
    of_author = {(one.author, fold) for one, fold in zip(letters, folds, strict=True) if one.author}
    assert len(of_author) == len({one.author for one in letters if one.author})
    for department in DEPARTMENTS:
        mine = Counter(
            fold for one, fold in zip(letters, folds, strict=True) if one.department == department
        )
        assert len(mine) == FOLDS
        assert max(mine.values()) < 0.4 * sum(mine.values())


def test_words_of_a_competence_teach_and_are_never_asked() -> None:
    words = Example("c-1", "colonne montante", "", "BRT", phrase=True)
    taught = [*FEW, words]
    assert folds_of(taught) == [*folds_of(FEW), ALWAYS]
    model = train(taught)
    assert {field: one.letters for field, one in model.figures.items()} == {
        "kind": len(FEW), "department": len(FEW)}  # fmt: skip
    assert all(len(chances) == len(FEW) for _, chances in cross_validated(taught).values())
    before = {one.value: one.score for one in train(FEW).predict(words.text, field="department")}
    after = {one.value: one.score for one in model.predict(words.text, field="department")}
    assert after["BRT"] > before["BRT"]
    assert fingerprint(taught) != fingerprint([*FEW, Example("c-1", words.text, "", "BRT")])


def test_each_department_has_words_for_what_it_answers_for() -> None:
    phrases = competences()
    assert {one.department for one in phrases} == DEPARTMENTS
    assert min(Counter(one.department for one in phrases).values()) >= 15
    assert len({fold(one.text) for one in phrases}) == len(phrases)
    assert all(one.phrase and not one.kind and not one.author for one in phrases)


def test_without_sentence_vectors_a_model_learns_from_words_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_vectors = fingerprint(FEW)
    monkeypatch.setattr("language.vectors._encoder", lambda: None)
    letter_vector.cache_clear()
    model = train(FEW)
    best = model.predict("un nouveau branchement", field="department")[0]
    assert best.value == "BRT"
    assert model.heads["department"].vector_weights.shape == (2, 0)
    assert model.version != with_vectors
    letter_vector.cache_clear()


def test_calibration_error_is_the_gap_between_promise_and_truth() -> None:
    chances = np.array([[0.75, 0.25]] * 4)
    assert calibration_error(chances, [0, 0, 0, 1]) == pytest.approx(0)
    assert calibration_error(chances, [1, 1, 1, 1]) == pytest.approx(0.75)


@given(st.lists(st.tuples(st.floats(0.34, 1), st.booleans()), min_size=1, max_size=90))
def test_the_threshold_keeps_its_promise(answers: list[tuple[float, bool]]) -> None:
    chances = np.array([[score, (1 - score) / 2, (1 - score) / 2] for score, _ in answers])
    threshold = sure_from(chances, [0 if right else 1 for _, right in answers], wanted=0.7)
    above = [right for score, right in answers if score > threshold]
    equal = sorted((right for score, right in answers if score == threshold), reverse=True)
    assert threshold >= 0.5
    if threshold > 0.5 and equal:
        so_far = [*above, *equal]
        assert any(
            at_least(sum(so_far[:number]), number) >= 0.7
            for number in range(len(above) + 1, len(so_far) + 1)
        )


def test_a_share_of_few_letters_promises_little() -> None:
    assert at_least(9, 9) < 0.9 < at_least(60, 60)
    assert at_least(980, 1000) == pytest.approx(0.9733, abs=0.001)
    chances = np.array([[0.9, 0.1]] * 9)
    assert sure_from(chances, [0] * 9, wanted=0.9) > 1


def test_letters_of_unlike_weight_promise_as_few_alike_would() -> None:
    chances = np.array([[0.9, 0.1]] * 100)
    alike, unlike = np.full(100, 2.0), np.array([3.0] * 20 + [0.1] * 80)
    assert sure_from(chances, [0] * 100, wanted=0.95, weights=alike) == 0.9
    assert sure_from(chances, [0] * 100, wanted=0.95, weights=unlike) == NEVER
    chances, right = np.array([[0.9, 0.1]] * 90 + [[0.8, 0.2]] * 10), [0] * 90 + [1] * 10
    rare = np.array([1.0] * 90 + [0.01] * 10)
    assert sure_from(chances, right, wanted=0.97) == 0.9
    assert sure_from(chances, right, wanted=0.97, weights=rare) == 0.8


def test_departments_lean_as_an_ordinary_post_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sum(post.SHARES.values()) == pytest.approx(1)
    assert set(post.SHARES) == DEPARTMENTS
    common, unknown, rare = post.leanings(("COM", "ELSEWHERE", "BO"))
    assert common > unknown == 0 > rare
    chance = {}
    for leaning in (0.0, 1.0):
        monkeypatch.setattr(post, "LEANING", leaning)
        said = train(FEW).predict("bonjour", field="department")
        chance[leaning] = {one.value: one.score for one in said}["BRT"]
    assert chance[1.0] > chance[0.0] + 0.05


def test_a_rare_letter_counts_less_when_the_threshold_is_set() -> None:
    common = post.weight_in_post(Example("1", "", "", "COM", "s01"))
    assert common > post.weight_in_post(Example("3", "", "", "BO", "s01"))
    assert post.weight_in_post(Example("4", "", "", "BO", office=True)) == 1
    hard = post.weight_in_post(Example("5", "", "", "COM", "s60"))
    assert hard == common * post.HARD_SHARE
    assert post.weight_in_post(Example("6", "", "", "BO", "s60", office=True)) == 1
    rough, sound = (post.kind_weight(Example("7", "", "", "BO", hand)) for hand in ("s90", "s60"))
    assert rough == post.ROUGH_SHARE < sound == 1


def test_every_hand_of_hard_letters_wrote_for_each_department() -> None:
    written = {(one.author, one.department) for one in starting_set()}
    assert written >= {(hand, code) for hand in post.MADE_HARD for code in DEPARTMENTS}


def test_the_starting_set_is_whole() -> None:
    rows = [json.loads(line) for path in sorted(HERE.glob("*.jsonl"))
            for line in path.read_text(encoding="utf-8").splitlines()]  # fmt: skip
    assert len(rows) >= 4268
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["department"] for row in rows} == DEPARTMENTS
    assert {row["kind"] for row in rows} == KINDS
    assert {row["language"] for row in rows} == {"ar", "fr", "en", "both"}


def test_no_letter_is_a_near_copy_of_another() -> None:
    letters = [*starting_set(), *read_letters(HELD_BACK), *sample_letters()]
    letters += read_letters(GRADED)
    groups = [_letter_groups(one.text) for one in letters]
    column = {name: n for n, name in enumerate(set().union(*groups))}
    places = [column[name] for mine in groups for name in mine]
    ends = np.cumsum([0, *map(len, groups)])
    table = csr_matrix((np.ones(len(places)), places, ends), shape=(len(letters), len(column)))
    shared = (table @ table.T).tocoo()
    size = np.diff(ends)
    least = np.minimum(size[shared.row], size[shared.col])
    alike = (shared.data > 0.35 * least) & (shared.row < shared.col)
    pairs = zip(shared.row[alike], shared.col[alike], strict=True)
    assert [(letters[a].ident, letters[b].ident) for a, b in pairs] == []


def _letter_groups(text: str) -> set[str]:
    plain = "".join(fold(text).split())
    return {plain[n : n + 6] for n in range(len(plain) - 5)}


def test_further_departments_exist_and_are_others() -> None:
    for letter in [*starting_set(), *read_letters(GRADED)]:
        assert set(letter.acceptable) <= DEPARTMENTS - {letter.department}, letter.ident


def test_a_department_that_a_clerk_would_accept_counts_as_right() -> None:
    letter = Example("x", "", "request", "EAU", acceptable=("TRX",))
    chances = np.array([[0.1, 0.2, 0.7], [0.7, 0.2, 0.1]])
    labels = ("ACH", "EAU", "TRX")
    of = [letter, letter]
    assert list(accepted_answers(chances, [1, 1], of, labels, field="department")) == [2, 1]
    assert list(accepted_answers(chances, [1, 1], of, labels, field="kind")) == [1, 1]


def test_rules_and_topics_speak_of_answers_that_exist() -> None:
    assert {rule.value for rule in RULES} | set(TOPICS) <= DEPARTMENTS | KINDS
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(0.5 < rule.score < 1 for rule in RULES)
