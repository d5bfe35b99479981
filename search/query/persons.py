"""Words of a query that make up one name, and titles before a name, which a letter may lack."""

from collections.abc import Iterator
from typing import Final

from language.given_names import GIVEN_NAMES
from language.name_parts import spans_of, words_of
from language.name_words import ARTICLES, ASSIMILATED, HONOURS, JOINED, SERVANT, TITLES
from language.words import STOP_WORDS
from search.query.name_terms import asked_name_terms, listed_terms, person_terms
from search.query.words import Name, Word

# Titles that ask for nothing themselves: people write "M." or "Mme" whatever the letter has.
_SPOKEN: Final = TITLES & {
    "m", "mr", "mrs", "ms", "mme", "mlle", "mademoiselle", "dr", "pr", "prof", "me", "السيد",
    "السيده", "الانسه",
}  # fmt: skip
_ARTICLES: Final = ARTICLES | ASSIMILATED
_MOST_IN_NAME: Final = 6
# "ou" is a word of French first.
_STOPS: Final = STOP_WORDS - ((frozenset(JOINED) | SERVANT) - {"ou"})
_BEFORE_NAME: Final = (TITLES - _SPOKEN) | frozenset(HONOURS)


def names_joined(words: list[Word]) -> Iterator[Word | Name]:
    """The words, those of one name as a `Name`: it may be written in one word in the letter.

    Before a name a spoken title (Mme, السيد) goes. Another title (Docteur) or an honour (مولاي)
    stays as one way to find it: the other is the name alone, where it is told as a person's.
    """
    title: Word | None = None
    for group in _groups(_untitled(words)):
        if title is not None:
            if len(group) > 1 or _may_be_name(group[0], title):
                yield _titled(title, group)
                title = None
                continue
            yield title
            title = None
        if len(group) == 1 and group[0].text in _BEFORE_NAME:
            title = group[0]
        else:
            yield _one(group)
    if title is not None:
        yield title


def party_words(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words to look for among senders or recipients: titles away, a name as one word."""
    told = [word for word in words if word.text not in TITLES] or list(words)
    groups = list(_groups(told))
    kept = [
        group
        for place, group in enumerate(groups)
        if not (
            group[0].text in HONOURS
            and len(group) == 1
            and place + 1 < len(groups)
            and (len(groups[place + 1]) > 1 or _may_be_name(groups[place + 1][0], group[0]))
        )
    ]
    return tuple(word for group in kept for word in _party_group(group))


def words_of_party(words: tuple[str, ...]) -> int:
    """How many of the first words of what stands behind "de:" are one name, its title included."""
    titles = 0
    while titles < len(words) - 1 and (words[titles] in TITLES or words[titles] in HONOURS):
        titles += 1
    spans = spans_of(words[titles : titles + _MOST_IN_NAME])
    return titles + spans[0][1] if spans else titles


def _groups(words: list[Word]) -> Iterator[tuple[Word, ...]]:
    """Words that make up one word of a name, without the articles inside and before it."""
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
        for word, follows in zip(words, [*words, None][1:], strict=True)
        if not (word.text in _SPOKEN and follows is not None and _may_follow(follows))
    ]


def _may_follow(word: Word) -> bool:
    """Whether it may be a name: no small word, no number, no word of institutions."""
    if not word.text.isalpha() or len(word.text) < 2 or word.text in STOP_WORDS:
        return False
    return not any(part.concept for part in words_of(word.text))


def _may_be_name(word: Word, title: Word) -> bool:
    """After an honour only a given name: Sidi Bennour is a town."""
    if title.text in HONOURS:
        return word.text in GIVEN_NAMES
    return _may_follow(word) and word.text not in TITLES


def _titled(title: Word, group: tuple[Word, ...]) -> Name | Word:
    name = " ".join(word.text for word in group)
    if title.text in TITLES and group[0].text in GIVEN_NAMES:
        return _one(group)
    return Name((title, *group), person_terms(name))


def _one(group: tuple[Word, ...]) -> Name | Word:
    if len(group) == 1:
        return group[0]
    name = " ".join(word.text for word in group)
    return Name(group, listed_terms(name, asked_name_terms(name)))


def _party_group(group: tuple[Word, ...]) -> tuple[Word, ...]:
    joined = Word("".join(word.text for word in group), group[0].most_typos)
    return (joined,) if len(group) > 1 and joined.names else group
