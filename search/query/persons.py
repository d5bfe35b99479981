"""Words of a query that form one name, and titles before a name, which a letter may lack."""

from collections.abc import Iterator
from typing import Final

from language.given_names import GIVEN_NAMES
from language.name_parts import spans_of, words_of
from language.name_words import ARTICLES, ASSIMILATED, HONOURS, JOINED, SERVANT, TITLES
from language.words import STOP_WORDS
from search.analysis.name_terms import listed_terms, person_terms, query_name_terms
from search.query.words import Name, Word

# Titles that ask for nothing themselves: people write "M." or "Mme" whatever the letter has.
_SPOKEN: Final = TITLES & {
    "m", "mr", "mrs", "ms", "mme", "mlle", "mademoiselle", "dr", "pr", "prof", "me", "السيد",
    "السيده", "الانسه",
}  # fmt: skip
# "Mme la directrice": there are small words between.
_CIVIL: Final = TITLES & {
    "mr", "mrs", "mme", "mlle", "mademoiselle", "السيد", "السيده", "الانسه",
}  # fmt: skip
# Streets and quarters are called so too: Moulay Youssef is a person where a word follows.
_IN_PLACES: Final = frozenset(HONOURS) - {"si", "سي"}
_ARTICLES: Final = ARTICLES | ASSIMILATED
_MOST_IN_NAME: Final = 6
# "ou" is a word of French first.
_STOPS: Final = STOP_WORDS - ((frozenset(JOINED) | SERVANT) - {"ou"})
_BEFORE_NAME: Final = (TITLES - _SPOKEN) | frozenset(HONOURS)


def names_joined(words: list[Word]) -> Iterator[Word | Name]:
    """Yield the words, those of one name as a `Name`: a letter may write it in one word.

    Before a name a spoken title (Mme, السيد) is dropped. Another title (Docteur) or an honour
    (مولاي) stays as one way to find it: the other is the name alone, where it is told as a
    person's.
    """
    groups = list(_groups(_untitled(words)))
    place = 0
    while place < len(groups):
        group, behind = groups[place], groups[place + 1 : place + 3]
        if _is_before_name(group, behind) and (group[0].text not in _IN_PLACES or len(behind) > 1):
            yield _titled(group[0], behind[0])
            place += 2
        else:
            yield _one(group)
            place += 1


def party_words(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the words to search for among senders or recipients: no titles, a name as one word."""
    told = [word for word in words if word.text not in TITLES] or list(words)
    groups = list(_groups(told))
    kept = [
        group
        for place, group in enumerate(groups)
        if group[0].text not in HONOURS or not _is_before_name(group, groups[place + 1 :])
    ]
    return tuple(word for group in kept for word in _party_group(group))


def words_of_party(words: tuple[str, ...]) -> int:
    """Return how many of the first words after "de:" are one name, its title included."""
    titles = 0
    while titles < len(words) - 1 and (words[titles] in TITLES or words[titles] in HONOURS):
        titles += 1
    spans = spans_of(words[titles : titles + _MOST_IN_NAME])
    return titles + spans[0][1] if spans else titles


def _groups(words: list[Word]) -> Iterator[tuple[Word, ...]]:
    """Yield words that form one word of a name, without the articles inside and before it."""
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and word.text.isalpha() and word.text not in _STOPS:
            run.append(word)
            continue
        for start, end in spans_of([one.text for one in run]):
            group = run[start:end]
            told = tuple(one for one in group[:-1] if one.text not in _ARTICLES)
            yield (*told, group[-1])
        run = []
        if word is not None:
            yield (word,)


def _untitled(words: list[Word]) -> list[Word]:
    return [
        word
        for place, word in enumerate(words)
        if word.text not in _SPOKEN
        or not any(map(_may_follow, words[place + 1 : place + (3 if word.text in _CIVIL else 2)]))
    ]


def _is_before_name(group: tuple[Word, ...], behind: list[tuple[Word, ...]]) -> bool:
    """Return whether it is a title or an honour, and a name stands after it.

    After an honour only a given name: Sidi Bennour is a town.
    """
    if len(group) > 1 or group[0].text not in _BEFORE_NAME or not behind:
        return False
    name = behind[0]
    if len(name) > 1:
        return True
    if group[0].text in HONOURS:
        return name[0].text in GIVEN_NAMES
    return _may_follow(name[0]) and name[0].text not in TITLES


def _may_follow(word: Word) -> bool:
    """Return whether it may be a name: no small word, no number, no word of institutions."""
    if not word.text.isalpha() or len(word.text) < 2 or word.text in STOP_WORDS:
        return False
    return not any(part.concept for part in words_of(word.text))


def _titled(title: Word, group: tuple[Word, ...]) -> Name | Word:
    name = " ".join(word.text for word in group)
    if title.text in TITLES and group[0].text in GIVEN_NAMES:
        return _one(group)
    return Name((title, *group), person_terms(name))


def _one(group: tuple[Word, ...]) -> Name | Word:
    if len(group) == 1:
        return group[0]
    name = " ".join(word.text for word in group)
    return Name(group, listed_terms(name, query_name_terms(name)))


def _party_group(group: tuple[Word, ...]) -> tuple[Word, ...]:
    joined = Word("".join(word.text for word in group), group[0].most_typos)
    return (joined,) if len(group) > 1 and joined.names else group
