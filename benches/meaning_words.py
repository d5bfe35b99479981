"""Across languages: what vectors find together with subjects and translated words, by rank.

`./sijill bench meaning_words` asks `meaning_questions.tsv` as `bench meaning` does, of letters as
they are and under one letterhead, and joins lists by reciprocal rank: the vectors of today; those
of all passages; of the subject (or the first line); and the letters that words find, each word of
the question translated to the four words of the other script that the model holds nearest, among
all that the letters have. Nothing of it but the first stands in the program.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from benches._first_letters import first_letters
from benches.meaning import _per_letter, _questions, _script, _unit, _wrapped
from language.stems import indexed_forms
from language.tokens import tokenize
from language.vectors import sentence_vectors
from language.words import STOP_WORDS
from search.meaning.text import as_bytes, letter_vectors, passages

_SUBJECT: Final = re.compile(r"^(?:Objet|Object|Subject|الموضوع)\s*:\s*(.+)$", re.MULTILINE)
_NEAREST, _LEAST_LIKENESS = 4, 0.45
_JOINED, _DEPTH = 20, 50  # of reciprocal ranks: added to each rank; letters of a list that count


def main() -> None:
    """Print recall@10, chosen on / report, for each way and direction."""
    letters = first_letters()
    scripts = np.array([_script(one.text) for one in letters])
    words = _Words([one.text for one in letters])
    translated = [words.asked(_translated(text, language, words)) for language, _, text in _asked()]
    for long in (False, True):
        texts = [
            _wrapped(one.text, script) if long else one.text
            for one, script in zip(letters, scripts, strict=True)
        ]
        print(f"\n{'under one letterhead' if long else 'as they are'}: among all letters")
        today, whole, subject = (
            [_per_letter(text, *rows, len(letters)) for _, _, text in _asked()]
            for rows in _vectors(texts)
        )
        ways = {
            "vectors of today": today,
            "of all passages": whole,
            "of the subject": subject,
            "today and subject": _together(today, subject),
            "translated words": translated,
            "today and translated words": _together(today, translated),
            "today, subject, translated words": _together(today, subject, translated),
        }
        for name, likeness in ways.items():
            print(f"{name:<36}{_recall(likeness, [one.ident for one in letters])}")


def _asked() -> list[list[str]]:
    return _questions()


def _vectors(texts: list[str]) -> Iterator[tuple[Any, Any]]:
    """Yield rows and their letters: telling passages, all passages, subjects."""
    telling, whole, subjects = [], [], []
    for text in texts:
        made = letter_vectors("", text)
        assert made is not None
        told = _SUBJECT.search(text)
        telling.append(_unit(made.vectors))
        whole.append(_rows([passage.text for passage in passages(text)]))
        subjects.append(_rows([told[1] if told else text[:120]]))
    for found in (telling, whole, subjects):
        yield np.concatenate(found), np.repeat(np.arange(len(texts)), [len(one) for one in found])


def _rows(texts: list[str]) -> Any:
    return _unit(as_bytes(sentence_vectors(texts)))


class _Words:
    """The letters' words by script with their vectors, and letters ranked by words (BM25)."""

    def __init__(self, texts: list[str]) -> None:
        self._stems = [Counter(s for word in _told(t) for s in indexed_forms(word)) for t in texts]
        self._held = Counter(stem for one in self._stems for stem in one)
        lengths = np.array([sum(one.values()) for one in self._stems])
        self._norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
        known = sorted({word for text in texts for word in _told(text)})
        self.by_script: dict[bool, tuple[list[str], Any]] = {}
        for arabic in (False, True):
            mine = [word for word in known if (word > "\u0600") == arabic]
            pieces = [mine[at : at + 256] for at in range(0, len(mine), 256)]
            self.by_script[arabic] = mine, np.concatenate([_rows(piece) for piece in pieces])

    def asked(self, words: list[dict[str, float]]) -> Any:
        """Return each letter's score: of each word its best translation, by stem → likeness."""
        scores = np.zeros(len(self._stems))
        for stems in words:
            worth = [self._worth(stem) * like for stem, like in stems.items()]
            scores += np.max(worth, axis=0) if worth else 0.0
        return scores

    def _worth(self, stem: str) -> Any:
        held, count = self._held[stem], len(self._stems)
        times = np.array([one[stem] for one in self._stems])
        rarity = math.log(1 + (count - held + 0.5) / (held + 0.5))
        return rarity * times * 2.2 / (times + self._norm)


def _told(text: str) -> Iterator[str]:
    """Yield the folded words that tell something."""
    for token in tokenize(text):
        word = token.folded
        if not token.whole and word.isalpha() and len(word) > 2 and word not in STOP_WORDS:
            yield word


def _translated(text: str, language: str, words: _Words) -> list[dict[str, float]]:
    known, rows = words.by_script[language != "ar"]
    found = []
    for word in _told(text):
        likeness = rows @ _rows([word])[0]
        nearest = np.argsort(-likeness)[:_NEAREST]
        found.append(
            {
                indexed_forms(known[n])[0]: float(likeness[n])
                for n in nearest
                if likeness[n] > _LEAST_LIKENESS
            }
        )
    return found


def _together(*ways: list[Any]) -> list[Any]:
    """Join lists by reciprocal rank, question by question."""
    return [sum(_reciprocal(one) for one in lists) for lists in zip(*ways, strict=True)]


def _reciprocal(likeness: Any) -> Any:
    ranks = np.empty(len(likeness))
    ranks[np.argsort(-likeness, kind="stable")] = np.arange(len(likeness))
    return np.where((ranks < _DEPTH) & (likeness > 0), 1 / (_JOINED + ranks), 0.0)


def _recall(ways: list[Any], idents: list[str]) -> str:
    table: dict[str, list[list[float]]] = {"fr": [[], []], "ar": [[], []]}
    for number, ((language, wanted, _), likeness) in enumerate(zip(_asked(), ways, strict=True)):
        first = {idents[n] for n in np.argsort(-likeness, kind="stable")[:10]}
        share = float(np.mean([one in first for one in wanted.split()]))
        table["ar" if language == "ar" else "fr"][number % 2].append(share)
    return "   ".join(
        f"from {name} {np.mean(halves[0]):.2f} / {np.mean(halves[1]):.2f}"
        for name, halves in table.items()
    )


if __name__ == "__main__":
    main()
