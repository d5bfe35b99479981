"""French stems of words without accents, beyond what Snowball does for words with them.

Snowball knows -ée by its accent, which no search can count on, and of the words that change their
end (travaux, neuve, directrice) only few. Folded words only.
"""

from typing import Final

import snowballstemmer


def _words(*lines: str) -> list[str]:
    return " ".join(lines).split()


_OTHER_FORM: Final = dict(
    pair.split("=")
    for pair in _words(
        "travaux=travail tuyaux=tuyau noyaux=noyau joyaux=joyau baux=bail vitraux=vitrail",
        "publique=public publiques=public neuve=neuf neuves=neuf veuve=veuf veuves=veuf",
        "breve=bref breves=bref vieil=vieux vieille=vieux vieilles=vieux nouvel=nouveau",
        "nouvelle=nouveau nouvelles=nouveau grosse=gros grosses=gros epouse=epoux epouses=epoux",
        "paye=payer payes=payer payee=payer payees=payer deces=decede electricite=electrique",
    )
)
# Nouns on -ée that would else become another word: entre, tranche, chemin.
_NOUNS: Final = frozenset(
    _words(
        "allee annee armee cheminee contree donnee duree entree fumee gelee journee lycee musee",
        "rosee tranchee",
    )
)


def french_stem(word: str) -> str:
    """Return the stem of one folded word, which shares it with its other forms; never ""."""
    # A stemmer holds state while it works: one for each call, so that threads never
    # share it. It is cheap, and the result is cached.
    stem: str = snowballstemmer.stemmer("french").stemWord(_masculine(word)) or word
    return stem[:-1] if stem.endswith("ifi") and len(stem) >= 5 else stem  # vérifier, vérification


def _masculine(word: str) -> str:
    if word in _OTHER_FORM:
        return _OTHER_FORM[word]
    bare = word.removesuffix("s")
    if bare.endswith("ee") and len(bare) >= 5 and bare not in _NOUNS:
        return bare[:-1]
    if bare.endswith("trice") and len(bare) >= 8:
        return f"{bare[:-5]}teur"
    return word
