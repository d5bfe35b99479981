"""Frequent function words, folded: they tell languages apart and are weak search terms."""

from typing import Final


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


# Words that are frequent in one of the two languages and no word of the other.
FRENCH_FREQUENT: Final = _words(
    "le la les des du de un une et est que qui dans pour sur avec par au aux ce cette ces vous",
    "nous je il elle ils votre vos notre nos mon ma mes son sa ses leur leurs ne pas plus mais ou",
    "donc se en sont ete etre avoir ai avez avons sans sous entre depuis suite selon concernant",
    "monsieur madame messieurs objet bonjour veuillez agreer salutations distinguees honneur",
    "facture demande reclamation courrier eau compteur rue quartier ville directeur service du",
)
ENGLISH_FREQUENT: Final = _words(
    "the of and to is that for with was this are be by from have has had not we you your our my",
    "it its at which will would can could should been were they their there he she his her if or",
    "an as i am in dear sir madam sirs sincerely yours regards please thank thanks letter request",
    "invoice water bill meter street about any all but do does did",
)

# Left out of a search that has other words: every letter has them.
STOP_WORDS: Final = (
    FRENCH_FREQUENT.difference(
        _words(
            "facture demande reclamation courrier eau compteur rue quartier ville directeur service"
        ),
        _words("objet honneur salutations"),
    )
    | ENGLISH_FREQUENT.difference(
        _words("letter request invoice water bill meter street"),
    )
    | _words(
        "في من الي علي عن مع هذا هذه ذلك تلك التي الذي الذين ان انه انها او ثم قد لقد كما كان كانت",
        "لا لم لن ما بين بعد قبل حول لدي الا هو هي نحن كل غير اي اذا حيث و ب ل ك ف",
        "بها به له لها فيها فيه منها منه عليه عليها هناك",
    )
    | _words("l d a y")
)

# What may stand before a date and is no part of it.
WEEKDAYS: Final = _words(
    "lundi mardi mercredi jeudi vendredi samedi dimanche jour",
    "monday tuesday wednesday thursday friday saturday sunday",
    "الاثنين الاتنين الثلاثاء الاربعاء الخميس الجمعه السبت الاحد يوم",
)

# By what people describe a letter, and ask for it: the letter itself may lack these words.
DESCRIBING: Final = _words(
    "lettre courrier mail email courriel dossier document papier plainte reclamation demande",
    "requete message cherche chercher recherche trouver retrouver svp stp merci bonjour ecrit",
    "ecrire envoye recu recevoir combien quel quelle veux voudrais voir chez besoin quand comment",
    "pourquoi letter complaint request find looking search wrote written sent received please",
    "where when how",
    "رساله رسايل مراسله مراسلات كتاب ارساليه شكايه شكوي طلب ملف وثيقه اين هل كم كيف متي ابحث بحث",
    "اريد وصل وصلت توصلتم توصلنا بعث ارسل كتب فضلك شكرا مرحبا",
)
