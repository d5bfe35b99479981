"""A trained text classifier of kind and department, with the letter's own words as reasons.

Features are folded words, light stems, pairs of words, letter groups and the lexicon's hits,
weighted by TF-IDF, beside the letter's sentence vectors where the office has them; two logistic
regressions share them. scikit-learn is needed to train only: a model predicts with numpy, and its
file holds arrays and JSON, nothing that runs when loaded.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import numpy as np

from language.fold import fold
from language.stems import index_stems
from language.vectors import letter_vector
from language.words import STOP_WORDS
from understanding.learning.combining import rule_votes
from understanding.learning.figures import Figures
from understanding.learning.frame import without_frame
from understanding.learning.lexicon import Hit, find_hits, is_topic_word, topic_counts

FIELDS: Final = ("kind", "department")
_DIGITS: Final = re.compile(r"[0-9]+")
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# Length of each block: words, letter groups within them (three and four, five), and across them.
SHARES: Final = {"w": 1.0, "c": 0.8, "f": 0.63, "j": 0.7}
ACROSS: Final = 4  # letters of a group across words
SIZES: Final = {"r": 0.2, "t": 0.2}  # rules and topic words: size of one hit
_FILLERS: Final = (
    "ديال ديالي ديالكم ديالنا بزاف حتى لي باش واش غير هاد عندي عندنا عليا أمام يصل وقد ولم لديكم "
    "كيقول دابا قدام أنا أو وأنا الذي كلشي منذ رغم نرجو très chaque cela fait faire mois nouveau"
)
_SAY_NOTHING: Final = STOP_WORDS | frozenset(fold(_FILLERS).split())
VECTOR_SHARE: Final = 0.5  # length of each half of the letter's vector beside the words' 1.0
READ_CHARACTERS: Final = 12_000  # a letter says what it wants well before its tenth page


@dataclass(frozen=True, slots=True)
class Scored:
    """One answer: its chance (0..1) and the words of the letter that support it most."""

    value: str
    score: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """One question's answers: weights of shape (answers, features), and its calibration.

    `vector_weights` has the shape (answers, 1024), or (answers, 0) where no vectors were learnt.

    `rule_weight` is the weight of a rule's vote beside the classifier, `threshold` the least score
    at which an answer may be called sure (both fitted on held-back letters, see `training`).
    """

    labels: tuple[str, ...]
    weights: Any
    intercept: Any
    temperature: float
    rule_weight: float
    threshold: float
    vector_weights: Any


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model: vocabulary, inverse document frequencies, one head a question.

    `code` is the version of the program that computes the model's features; `figures` tell how
    right it is on bundled letters that were held back.
    """

    version: str
    vocabulary: Mapping[str, int]
    idf: Any
    heads: Mapping[str, Head]
    code: str = ""
    figures: Mapping[str, Figures] = field(default_factory=dict)

    def predict(self, text: str, *, field: str) -> list[Scored]:
        """Return every answer to `field` ("kind" or "department"), the likeliest first."""
        head = self.heads[field]
        text = matter_of(text)
        by_word = features_by_word(text)
        hits = find_hits(text)
        row = weighted(count_features(by_word, text, hits), self.vocabulary, self.idf)
        columns = np.fromiter(row, dtype=np.int64, count=len(row))
        values = np.fromiter(row.values(), dtype=np.float64, count=len(row))
        parts = head.weights[:, columns] * values
        votes = np.array(rule_votes(hits, field=field, labels=head.labels))
        scores = parts.sum(axis=1) + head.intercept
        if head.vector_weights.shape[1]:
            scores = scores + head.vector_weights @ vector_of(text)
        scores = scores / head.temperature
        chances = softmax(scores + head.rule_weight * votes)
        order = np.argsort(-chances)
        best = int(order[0]) if len(order) else -1
        lead = dict(zip(row, (parts - parts.mean(axis=0))[best], strict=True))
        reasons = self._reasons(by_word, lead, head.labels[best])
        return [
            Scored(head.labels[n], float(chances[n]), reasons if n == best else ()) for n in order
        ]

    def _reasons(
        self, by_word: dict[str, Counter[str]], lead: dict[int, float], value: str
    ) -> tuple[str, ...]:
        """Return the letter's words by what they and their letter groups add, the strongest three.

        Words of the answer's own topic go first: they mean something to the reader as well.
        """
        carriers: Counter[str] = Counter()
        for features in by_word.values():
            carriers.update(features.keys())
        gains: dict[str, float] = {}
        for word, features in by_word.items():
            if len(word) > 2 and fold(word) not in _SAY_NOTHING and not word.isdigit():
                gains[word] = (3 if is_topic_word(word, value) else 1) * sum(
                    lead.get(self.vocabulary.get(name, -1), 0.0) / carriers[name]
                    for name in features
                )
        strongest = sorted(gains, key=lambda word: (-gains[word], word))[:3]
        return tuple(word for word in strongest if gains[word] > 0)


@lru_cache(maxsize=4)  # kind, department and rules ask about the same letter
def matter_of(text: str) -> str:
    """Return what a classifier reads of a letter: its first pages without their frame."""
    return without_frame(text[:READ_CHARACTERS])


def vector_of(text: str) -> Any:
    """Return the letter's sentence vectors as features, shape (1024,); shape (0,) without any."""
    vector = letter_vector(text[:READ_CHARACTERS])
    return np.empty(0) if vector is None else VECTOR_SHARE * vector


def softmax(values: Any) -> Any:
    """Turn any real numbers into chances that add up to one."""
    raised = np.exp(values - np.max(values))
    return raised / raised.sum()


def features_by_word(text: str) -> dict[str, Counter[str]]:
    """Return each word of the letter as first written, with the features that it carries."""
    found: dict[str, Counter[str]] = {}
    first: dict[str, str] = {}
    for match in _WORD.finditer(text[:READ_CHARACTERS]):
        folded = fold(match[0])
        written = first.setdefault(folded, match[0])
        carried = found.setdefault(written, Counter())
        for name in _word_features(folded):
            carried[name] += 1
    return found


@lru_cache(maxsize=20_000)
def _word_features(folded: str) -> tuple[str, ...]:
    plain = re.sub(r"\d+", "0", folded)
    names = [f"w:{plain}"]
    names += [f"w:~{stem}" for stem in index_stems(plain)]
    fenced = f" {plain} "
    for size in (3, 4):
        names += [f"c:{fenced[n : n + size]}" for n in range(len(fenced) - size + 1)]
    names += [f"f:{fenced[n : n + 5]}" for n in range(len(fenced) - 4)]
    return tuple(names)


def count_features(
    by_word: Mapping[str, Counter[str]], text: str, hits: Sequence[Hit]
) -> Counter[str]:
    """Return all features of a letter with their counts.

    Words, pairs of words, letter groups within words and across them, rules and topics.
    """
    counts: Counter[str] = Counter()
    for carried in by_word.values():
        counts.update(carried)
    words = [fold(match[0]) for match in _WORD.finditer(text[:READ_CHARACTERS])]
    counts.update(f"w:{one} {two}" for one, two in itertools.pairwise(words))
    joined = _DIGITS.sub("0", "".join(words))  # a scan tears words apart and glues others
    counts.update(f"j:{joined[n : n + ACROSS]}" for n in range(len(joined) - ACROSS + 1))
    counts.update(f"r:{hit.name}" for hit in hits)
    for topic, number in topic_counts(text[:READ_CHARACTERS]).items():
        counts[f"t:{topic}"] = number
    return counts


def weighted(
    counts: Mapping[str, int], vocabulary: Mapping[str, int], idf: Any
) -> dict[int, float]:
    """Return the known features of a letter, weighted.

    Words and letter groups: TF-IDF, each block scaled to its share. Rules and topic words keep
    their own size, so that one weak word in a short note does not weigh like ten in a letter.
    """
    row: dict[int, float] = {}
    squares = dict.fromkeys(SHARES, 0.0)
    known = {name: vocabulary[name] for name in counts if name in vocabulary}
    for name, column in known.items():
        if name[0] in SHARES:
            row[column] = (1 + math.log(counts[name])) * float(idf[column])
            squares[name[0]] += row[column] ** 2
        else:
            row[column] = SIZES[name[0]] * math.log1p(counts[name])
    scale = {block: share / math.sqrt(squares[block] or 1) for block, share in SHARES.items()}
    return {column: row[column] * scale.get(name[0], 1.0) for name, column in known.items()}
