"""Words around names, folded: titles, particles, legal forms, and institutions in two languages."""

from typing import Final


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


TITLES: Final = _words(
    "m mr mrs ms mme mlle monsieur madame mademoiselle messieurs dr docteur pr prof professeur me",
    "maitre ing ingenieur السيد السيده الساده سيده الانسه انسه الدكتور الدكتوره دكتور دكتوره",
    "الاستاذ الاستاذه استاذ استاذه ذ د المهندس المهندسه",
)
# Words that end in alef maksura, which folding writes as ya: they end in the sound of a.
ENDS_IN_A: Final = _words(
    "موسي عيسي يحيي مصطفي مني ليلي لبني سلمي هدي مرتضي مجتبي بشري نجوي فدوي سلوي نهي ذكري",
    "يسري المصطفي رضوي ضحي مها نعمي كبري الكبري بوشتي ندي سهي شذي",
)
# Respect before a name: it may stand or not.
HONOURS: Final = {
    "moulay": "moulay", "my": "moulay", "mly": "moulay", "مولاي": "moulay",
    "sidi": "sidi", "si": "sidi", "سيدي": "sidi", "سي": "sidi",
    "lalla": "lalla", "lla": "lalla", "لاله": "lalla", "للا": "lalla",
}  # fmt: skip
SHORT: Final = {
    "med": "mohamed", "mohd": "mohamed", "mhd": "mohamed", "mhamed": "mhamed",
    "abdou": "abdou", "رحمن": "رحمان", "اسحق": "اسحاق", "طه": "taha", "عمرو": "amr",
    "fz": "fatimazahra",
}  # fmt: skip
ARTICLES: Final = _words("el al l ال")
# An article that took the sound of the word behind it: Er-Rachidi, Ez-Zahraoui.
ASSIMILATED: Final = _words("er es ez en et ed ech ar as az an at ad ach ess err")
SMALL: Final = _words("de du des d la le les et of the and pour a au aux en و في")
# Joined with what follows: Ben Ali is Benali.
JOINED: Final = {
    "ben": "ben", "bin": "ben", "ibn": "ben", "بن": "بن", "ابن": "بن", "bent": "bent",
    "bint": "bent", "بنت": "بنت", "bou": "bou", "بو": "بو", "ابو": "بو", "abou": "bou",
    "ait": "ait", "ايت": "ايت", "ould": "ould", "oulad": "oulad", "ouled": "oulad",
    "ولد": "ولد", "اولاد": "اولاد", "bel": "bel", "بل": "بل", "ou": "ou",
}  # fmt: skip
SERVANT: Final = _words("abd abdel abdul abdal abdou abdu abdi عبد")
FAITH: Final = _words("eddine dine din eddin uddin aldin addine الدين دين")
# Given names of two words that are often written in one: what the first and the second look like.
TWO_IN_ONE: Final = {
    "fatima zahra": ("fat[ei]?ma|فاطمه?|فطيمه", "(?:e?z)?z[aeo]h?ra[eh]?|(?:ال)?زهر(?:اء|ه)"),
    "nour houda": ("n[ou]+r|نور", "h[aou]+da|(?:ال)?هدي"),
    "chams doha": ("[cs]hams{1,2}|شمس", "(?:ed)?d[ho]+u?ha|(?:ال)?ضحي"),
    "dia hak": ("d[iy]a+e?|ضياء", "ha[kq]{1,2}|(?:ال)?حق"),
}
# Particles in Latin letters, for a name of Arabic letters that is known in those.
IN_LATIN: Final = {
    "بن": "ben", "ابن": "ben", "بو": "bou", "بنت": "bent", "بل": "bel", "ايت": "ait",
    "ولد": "ould", "اولاد": "oulad", "bin": "ben",
}  # fmt: skip
# Begin with the letters of the article, which are their own.
OWN_ARTICLE: Final = _words(
    "الياس الهام المان الزا الفه اللطيف ilyas elyas ilyass alami alaoui alawi elalami amina amine ",
    "albert aline elise elena elisabeth alexandre alice alain alaa allal alilou علاء علال",
)
LEGAL_FORMS: Final = _words(
    "sarl sarlau sa sas sasu snc scs sca gie eurl ltd inc llc ste societe company cie co شركه",
    "مقاوله شمم شم ذمم groupe entreprise ets etablissement etablissements موسسه مجموعه",
)
DOTTED_FORMS: Final = {"ش م م": "شمم", "ذ م م": "ذمم"}

# One line for each body: its spellings, from the longest; each becomes one word that only it has.
BODIES: Final = {
    "onee": "onee|one|onep|office national de l electricite et de l eau potable"
    "|office national de l electricite|office national de l eau potable"
    "|المكتب الوطني للكهرباء والماء الصالح للشرب|المكتب الوطني للكهرباء والماء"
    "|المكتب الوطني للكهرباء|المكتب الوطني للماء الصالح للشرب",
    "oncf": "oncf|office national des chemins de fer|المكتب الوطني للسكك الحديديه",
    "ocp": "ocp|office cherifien des phosphates|المجمع الشريف للفوسفاط"
    "|المكتب الشريف للفوسفاط",
    "ofppt": "ofppt|office de la formation professionnelle et de la promotion du travail"
    "|مكتب التكوين المهني وانعاش الشغل",
    "cnss": "cnss|caisse nationale de securite sociale|الصندوق الوطني للضمان الاجتماعي",
    "cnops": "cnops|الصندوق الوطني لمنظمات الاحتياط الاجتماعي",
    "cdg": "cdg|caisse de depot et de gestion|صندوق الايداع والتدبير",
    "anapec": "anapec|الوكاله الوطنيه لانعاش التشغيل والكفاءات",
    "ancfcc": "ancfcc|agence nationale de la conservation fonciere|conservation fonciere"
    "|الوكاله الوطنيه للمحافظه العقاريه|المحافظه العقاريه",
    "ormva": "ormva|ormvad|office regional de mise en valeur agricole"
    "|المكتب الجهوي للاستثمار الفلاحي",
    "poste": "barid al maghrib|poste maroc|la poste|بريد المغرب",
    "iam": "maroc telecom|iam|ittissalat al maghrib|itissalat al maghrib|اتصالات المغرب",
    "srm": "srm|societe regionale multiservices|الشركه الجهويه متعدده الخدمات",
    "radeej": "radeej|الوكاله المستقله الجماعيه لتوزيع الماء والكهرباء",
    "dgi": "dgi|direction generale des impots|المديريه العامه للضرائب",
    "tgr": "tgr|tresorerie generale du royaume|الخزينه العامه للمملكه",
}  # fmt: skip
# One line for each kind of institution or word of its name.
KINDS: Final = {
    "firstinstance": "tribunal de premiere instance|tpi|المحكمه الابتدائيه",
    "appealcourt": "cour d appel|محكمه الاستئناف|محكمه الاستيناف",
    "tradecourt": "tribunal de commerce|المحكمه التجاريه",
    "admincourt": "tribunal administratif|المحكمه الاداريه",
    "tribunal": "tribunal|محكمه|المحكمه",
    "commune": "commune|communale|municipalite|جماعه|الجماعه|بلديه",
    "prefecture": "prefecture de la province|province|prefecture|عماله اقليم|عماله|اقليم",
    "region": "region|جهه",
    "wilaya": "wilaya|ولايه",
    "pachalik": "pachalik|باشويه",
    "caidat": "caidat|قياده",
    "cercle": "cercle|دايره",
    "ministry": "ministere|وزاره",
    "interior": "interieur|داخليه",
    "finance": "finances|finance|ماليه",
    "justice": "justice|عدل",
    "health": "sante|صحه",
    "education": "education|تربيه",
    "agriculture": "agriculture|فلاحه",
    "equipment": "equipement|تجهيز",
    "direction": "direction|مديريه",
    "delegation": "delegation|مندوبيه",
    "provincial": "provinciale|provincial|اقليمي|اقليميه",
    "regional": "regionale|regional|جهوي|جهويه",
    "national": "nationale|national|وطني|وطنيه",
    "general": "generale|general|عام|عامه",
    "agency": "agence|وكاله",
    "urban": "urbaine|urbain|حضري|حضريه",
    "office": "office|bureau|مكتب",
    "chamber": "chambre|غرفه",
    "trade": "commerce|تجاره",
    "industry": "industrie|صناعه",
    "association": "association|جمعيه",
    "cooperative": "cooperative|تعاونيه",
    "union": "syndicat|نقابه",
    "school": "ecole|مدرسه",
    "college": "college|اعداديه",
    "lycee": "lycee|ثانويه",
    "university": "universite|university|جامعه",
    "faculty": "faculte|كليه",
    "hospital": "hopital|مستشفي",
    "bank": "banque|bank|بنك|مصرف",
    "insurance": "assurance|assurances|تامين|تامينات",
    "police": "surete|امن",
    "gendarmerie": "gendarmerie|درك",
    "works": "travaux|اشغال",
    "construction": "construction|constructions|بناء",
    "transport": "transport|transports|نقل",
    "trading": "negoce|trading",
    "services": "services|service|خدمات",
    "water": "eau|ماء",
    "electricity": "electricite|كهرباء",
    "pharmacy": "pharmacie|صيدليه",
    "cafe": "cafe|مقهي",
    "hotel": "hotel|فندق",
    "bakery": "boulangerie|مخبزه",
    "library": "librairie|مكتبه",
    "residence": "residence|اقامه",
    "syndic": "syndic|سنديك",
}  # fmt: skip
