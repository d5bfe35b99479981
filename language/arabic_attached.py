"""What Arabic writes against the word: a word with its article and its particles before it.

Folded words only (`language.fold`). The lists are short and fixed, so that a search may include
each of them: ال and what stands before it, and the particles that are one letter or two.
"""

from typing import Final

_BEFORE_ARTICLE: Final = ("و", "ف", "ب", "ك", "وب")
_ARTICLES: Final = ("ال", "لل", "ولل", *(f"{particle}ال" for particle in _BEFORE_ARTICLE))
_PARTICLES: Final = ("و", "ف", "ب", "ل", "ك", "وب", "ول")
_LETTERS: Final = ("\u0620", "\u06ff")
# So many letters of a word are enough to tell it behind a single letter.
_LEAST_BEGUN: Final = 3


def behind_particles(word: str) -> tuple[str, ...]:
    """Return the word with each particle before it: السلام gives بالسلام and للسلام, حي gives بحي.

    The word itself is not among them; () for a word in other letters.
    """
    if not _is_arabic(word):
        return ()
    if _has_article(word):
        bare = word[2:]
        return (*(f"{particle}{word}" for particle in _BEFORE_ARTICLE), f"لل{bare}", f"ولل{bare}")
    return tuple(f"{particle}{word}" for particle in _PARTICLES)


def attached_spellings(word: str) -> tuple[str, ...]:
    """Return the same word with and without article and particles, without the word itself.

    المياه gives مياه and بالمياه. () for a word in other letters.
    """
    if not _is_arabic(word):
        return ()
    bare = word[2:] if _has_article(word) and len(word) >= 5 else word
    spelt = (bare, *(f"{before}{bare}" for before in (*_ARTICLES, *_PARTICLES)))
    return tuple(one for one in dict.fromkeys(spelt) if one != word)


def before_beginning(begun: str) -> tuple[str, ...]:
    """Return what may precede the beginning of a word: مستش also begins المستشفى and بمستشفى.

    () for a beginning in other letters. Before two letters only the article is tried: عد is no
    beginning of بعد.
    """
    if not _is_arabic(begun):
        return ()
    if _has_article(begun):
        return _BEFORE_ARTICLE
    return (*_ARTICLES, *_PARTICLES) if len(begun) >= _LEAST_BEGUN else _ARTICLES


def _has_article(word: str) -> bool:
    return word.startswith("ال") and len(word) >= 3


def _is_arabic(word: str) -> bool:
    return _LETTERS[0] <= word[:1] <= _LETTERS[1]
