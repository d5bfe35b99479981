"""The centre's knowledge: questions and answers of the published service types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from eservices.catalogue.finding import find_services
from eservices.catalogue.publishing import Published, published_types
from language.fold import fold

MOST: Final = 8
_LEAST: Final = 3  # letters of a word that is looked for
_TITLE, _QUESTION, _ANSWER, _SERVICE = 3, 4, 2, 6


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """A question with its answer, and the service that it belongs to."""

    code: str
    service: str
    question: str
    answer: str


def find_articles(words: str, *, language: str, limit: int = MOST) -> list[FoundArticle]:
    """Return what answers the words, the best first; [] without words.

    A service that the catalogue's own search finds brings its articles with it.
    """
    if not words.strip():
        return []
    types = published_types()
    found = find_services(words, language=language, limit=5)
    ranks = {one.code: 1 - at / 10 for at, one in enumerate(found)}
    wanted = {word for word in fold(words[:200]).split() if len(word) >= _LEAST}
    scored = [
        (_score(article, one, wanted) + _SERVICE * ranks.get(one.code, 0), place, article)
        for place, (one, article) in enumerate(_articles(types, language))
    ]
    best = sorted((row for row in scored if row[0] > 0), key=lambda row: (-row[0], row[1]))
    return [article for _score_of_it, _place, article in best[:limit]]


def _articles(types: list[Published], language: str) -> list[tuple[Published, FoundArticle]]:
    return [
        (
            one,
            FoundArticle(
                one.code,
                one.definition.title.in_(language),
                article.question.in_(language),
                article.answer.in_(language),
            ),
        )
        for one in types
        for article in one.definition.knowledge
    ]


def _score(article: FoundArticle, one: Published, wanted: set[str]) -> float:
    parts = (
        (_TITLE, article.service), (_QUESTION, article.question), (_ANSWER, article.answer),
    )  # fmt: skip
    score = 0.0
    for weight, text in parts:
        there = set(fold(text).split())
        score += weight * sum(1 for word in wanted if _stands(word, there))
    return score / max(len(wanted), 1)


def _stands(word: str, there: set[str]) -> bool:
    """Return whether a word, or one that begins or ends with it, is among these."""
    return word in there or any(word in one for one in there if len(word) > _LEAST)
