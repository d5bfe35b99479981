"""Words that classify the lines of a letter's head: bodies, units, addressees, addresses."""

from __future__ import annotations

import re
from typing import Final

STATE: Final = re.compile(
    r"المملكه المغربيه|اململكه|المملكه المغ|royaume du maroc|kingdom of morocco"
)
# Formulas over a letter, which name nobody.
INVOCATION: Final = re.compile(
    r"^\W*(?:بسم الله|باسم الله|الحمد لله|باسم جلاله الملك|الله الوطن الملك|ولا يدوم الا ملكه"
    r"|au nom de (?:dieu|sa majeste))"
    r"|^\W*(?:فاكس|fax|telecopie|facsimile|برقيه|telegramme|(?:tres )?urgent|مستعجل(?: جدا)?"
    r"|confidentiel|عريضه|petition)\W*$"
)
# A court or a bar at which somebody is admitted: no body that writes.
ADMITTED: Final = re.compile(
    r"^\W*(?:(?:agreee?|inscrite?) (?:pres|aupres|au) |pres |aupres |au barreau|a la cour|لدي "
    r"|مقبول|محام)"
)
# A part of a body that stands elsewhere, and writes in the body's name.
BRANCH: Final = re.compile(
    r"^\W*(?:agence|antenne|succursale|delegation|direction|secretariat|bureau|siege"
    r"|(?:ال)?(?:مندوبيه|مديريه|وكاله|فرع|مجلس (?:ال)?جهوي))(?![^\W_])"
)
# Institutions of their own: their branches are their services, as a ministry's are not.
INSTITUTION: Final = re.compile(
    r"^\W*(?:(?:موسسه )?وسيط|المجلس (?:الاعلي|الوطني)|(?:ال)?صندوق|(?:ال)?وكاله|(?:ال)?مكتب"
    r" (?:ال)?وطني|(?:le )?mediateur|cour des comptes|conseil (?:national|superieur)|caisse|office"
    r"|agence|fondation)(?![^\W_])"
)
# The second line of a long name: "Ministère de la Transition numérique / et de la Réforme".
GOES_ON: Final = re.compile(r"^(?:et|de|du|des|d['’]|pour|à|au|aux|en|of|and|for)(?![^\W_])")
MINISTRY: Final = re.compile(
    r"وزاره|ministere|رياسه الحكومه|chef du gouvernement|المديريه العامه للجماعات"
    r"|secretariat d'etat"
)
ORGANISATION: Final = re.compile(
    r"^\W*(?:consulat|ambassade|embassy|consulate|observatoire|comite|collectif|coordination|ligue"
    r"|haut[ -]commissariat|commissariat|brigade|zaouia|mosquee|usine|complexe|golf|marina"
    r"|capitainerie|douanes?|musee|bibliotheque|theatre|dispensaire|creche|orphelinat|abattoirs?"
    r"|briqueterie|conserverie|huilerie|parti|ong|fonds|barreau|auto-ecole"
    r"|(?:ال)?(?:قنصليه|سفاره|مرصد|لجنه|تنسيقيه|معمل|مصنع|ملبنه|مجمع|ميناء|جمارك|متحف|خزانه"
    r"|مسرح|عصبه|قباضه|روض|حضانه|مستوصف|مجزره|مطحنه|معصره|ضيعه|نظاره|سنديك))(?![^\W_])"
    r"|^\W*ال(?:شركه|جمعيه|تعاضديه|صندوق|مجلس|مكتب|مندوبيه|وكاله|خزينه|قياده|درك|مركز|معهد|مدرسه"
    r"|قرض|تجمع|اتحاد|فدراليه|كونفدراليه|منظمه|هييه|رابطه|بنك|غرفه|نقابه|موسسه|مكتبه"
    r"|مختبر|مستشفي|ثانويه|اعداديه|كليه|جامعه|غرفه|مفوضيه)(?![^\W_])"
    r"|(?<![^\W_])(?:شركه|جمعيه|تعاونيه|موسسه|بنك|وكاله|نقابه|وداديه?|مقاوله|غرفه|نادي|مطبعه|مخبزه"
    r"|صيدليه|مدرسه|ثانويه|اعداديه|كليه|جامعه|مستشفي|مصحه|ورشه|مجموعه|مكتب|صندوق|مجلس|وسيط|ارشيف"
    r"|اتحاد|فدراليه|كونفدراليه|منظمه|هييه|رابطه|حزب|دار|معهد|مركز|فندق|مقهي|مطعم|مختبر|مكتبه"
    r"|تعاضديه|مندوبيه|خزينه|قياده|باشويه|دايره|مفوضيه|سريه|درك"
    r"|s\.?a\.?r\.?l(?:\.?a\.?u)?|s\.?a\.?s?(?![^\W_])|societe|ste|association|amicale|syndicat\w*"
    r"|compagnie|cie|cooperative|cabinet|etude|banque|bank|assurances?|mutuelle|caisse|garage"
    r"|entreprise|ets|etablissements?|papeterie|laborator\w+|laboratoire\w*|university|universite"
    r"|company|co(?=\W*$|\.)|ltd|llc|inc|gmbh|carrieres|reseaux|groupe|group|groupement|holding"
    r"|consulting"
    r"|services|solutions|systems|networks|engineering|ingenierie|industries?|maroc|morocco|trading"
    r"|pharmacie|imprimerie|librairie|ecole|lycee|college|institut|faculte|hopital|clinique|centre"
    r"|hotel|riad|cafe|restaurant|club|federation|confederation|union|ordre|chambre|office|agence"
    r"|fondation|bureau d'etudes?|commission|conseil|mediateur|cour|tresorerie|perception|recette"
    r"|gendarmerie|surete|farms?|house|school|hospital|foundation|institute|travaux|batiment"
    r"|transports?|domaine|residence(?= .*syndic)|syndic|menuiserie|boulangerie|quincaillerie"
    r"|(?<!pli )fermes?|laiterie|minoterie|sucrerie|epicerie|energy|network|partnership)"
    r"(?![^\W_])"
)
BODY: Final = re.compile(
    r"(?:^|(?<![^\W_]))(?:وزاره|ولايه|عماله|اقليم|جماعه|الجماعه|محكمه|المحكمه|مديريه|المديريه|ديوان"
    r"|مندوبيه|المندوبيه|مفتشيه|اكاديميه|الاكاديميه|المحافظه|محافظه|الوقايه المدنيه|المجلس الجهوي"
    r"|دايره|قياده|باشويه|(?:ال)?ملحقه (?:ال)?اداريه|cercle|caidat|pachalik|annexe administrative"
    r"|arrondissement|commandement|conservation fonciere|conseil|cour d'appel|tresorerie"
    r"|ministere|wilaya|province|prefecture|commune"
    r"|tribunal|direction|delegation|inspection|academie|municipalite|etude de|maitre)(?![^\W_])"
)
UNIT: Final = re.compile(
    r"^\W*(?:(?:sous-)?direction des? |division|service|bureau|departement|secretariat|greffe|unite"
    r"|cellule|subdivision|section|pole|guichet|cabinet (?:de la|du) |direction generale$"
    r"|(?:ال)?(?:مصلحه|قسم|كتابه|مكتب|شعبه|خليه|وحده|فرع|قطاع))(?![^\W_])"
    r"|^\W*(?:direction generale des services|(?:ال)?مديريه (?:ال)?عامه للمصالح)"
    r"|^\W*(?:[a-z&]+ ){1,3}(?:department|division|office|section|unit)\W*$"
)
MASTER: Final = re.compile(r"استاذ|الاستا|maitre|مفوض قضاي|huissier")
TAIL_UNIT: Final = re.compile(
    r"^(?:agence|delegation|succursale|section|antenne|bureau regional|region|province"
    r"|commune|siege|جماعه|فرع|وكاله|عماله|اقليم|جهه|قطاع|المديريه)\b"
)
ADDRESSEE: Final = re.compile(
    r"^\W*(?:الي(?![^\W_])|ايل |السيده? (?:ال)?(?:مدير|رييس|عامل|والي|وكيل|ممثل|مسوول|محترم|كاتب"
    r"|مكلف)|الساده|a (?:monsieur|madame|messieurs|mesdames|mr|m\.|la |l'|l’)|a:|à "
    r"|au? (?:chef|directeur|service|responsable)|monsieur|madame|messieurs|dear|to\b"
    r"|a :|the (?:director|manager|head)|destinataire|المرسل اليه|attn|for the attention|chief"
    r"|head of|regie|radeej|srm)"
)
END: Final = re.compile(
    r"^\W*(?:ا?ل?موضوع|املوضوع|objet|object|subject|concerne|سلام|السلام|تحيه|وبعد|سيدي المدير|سيدي"
    r"|bonjour|bonsoir|salut|salam|coucou|good (?:morning|day|afternoon)|(?:صباح|مساء) الخير"
    r"|hello|hi|dear|monsieur,|madame,|madame, monsieur|messieurs,)(?![^\W_])"
)
CONTACT: Final = re.compile(
    r"@|\b(?:tel|gsm|fax|phone|mobile|portable|email|e-mail|www|ice|rib|rc|if|cnss|patente|bp"
    r"|b\.p)\b"
    r"|هاتف|الفاكس|بريد|نقال|ص\.ب|(?:\d[\s.\-]?){9,}|\+\s?212"
)
NUMBERED: Final = re.compile(
    r"contrat|police|abonn|client|customer|account|عقد|اشتراك|زبون|مشترك|مرجع|n\s?/\s?ref"
    r"|v\s?/\s?ref"
    r"|^\W*(?:nos?|vos?|our|your)? ?\W?ref|^\W*(?:n|no)\s?[°º]|^\W*(?:رقم|عدد|العدد|ملف|dossier)"
)
ADDRESS: Final = re.compile(
    r"^\W*(?:\d{1,4}\W|n°\s?\d|(?:adresse|المقر|(?:ال)?عنوان)[\W ]|(?:rue|avenue|av|bd"
    r"|boulevard|lot|lotissement"
    r"|hay|derb|douar|quartier|residence|imm|immeuble|villa|bloc|zone|z\.?i|route|place|angle|cite"
    r"|appt|km|siege|unit|parc|parque|park|street|road|technopole|casanearshore|زنقه|شارع|حي"
    r"|درب|دوار"
    r"|تجزيه|اقامه|عماره|فيلا|بلوك|المنطقه|طريق|ساحه|ازمور|الجديده|بقعه)(?![^\W_]))"
)
STREET: Final = re.compile(
    r"\b(?:rue|avenue|av|bd|boulevard|lotissement|hay|derb|quartier|imm|immeuble|appt|street"
    r"|road)\b"
    r"|(?<![^\W_])(?:زنقه|شارع|حي|درب|تجزيه|عماره|طريق|بلوك)(?![^\W_])"
)
OF_MASTER: Final = re.compile(
    r"(?:etude|cabinet|office|مكتب|ديوان)\W+(?:de |d')?(?:l')?(?:huissier |notarial[e]? |avocat )?"
    r"(?P<who>(?:maitre|me|dr|docteur|الاستاذه?|المفوض القضايي|ذ)\W.+)$"
)
# A line that says whom or what it names, and it is not the sender.
NOT_SENDER: Final = re.compile(
    r"^\W*(?:copies?|cc|c\.c|sur requisition|نسخه|القاضي|المستانف|المدعي|بناء علي"
    r"|بطلب من)(?![^\W_])[^\n]*"
)
# Words of a trade, which stand in what a business calls itself.
TRADE: Final = re.compile(
    r"(?<![^\W_])(?:solutions?|services?|systems?|networks?|hosting|productions?|consult\w*|conseils?"
    r"|maroc|morocco|maghreb|afri(?:ca|que|c)|atlas|international\w*|global|group\w*|holding|partners?"
    r"|ingenierie|engineering|technolog\w+|digital|informatique|telecoms?|elect\w*|electr\w+"
    r"|energ\w+|solaire|hydro\w*|aqua\w*|forages?|pompes?|terrassements?|travaux|batiments?|btp"
    r"|constructions?|construct|genie|topo\w*|beton|carreaux|marbres?|bois|alu\w*|acier|metal\w*"
    r"|fonderies?|plomberie|peinture|menuiserie|location|engins|transports?|logisti\w+"
    r"|express|voyages|tours?|auto\w*|moto\w*|pieces|pneus?|garage|distribution|negoce|trading"
    r"|import|export|commerce|market\w*|fournitures|equipements?|materiels?|outillage|quincaillerie"
    r"|textiles?|confection|bijoux|decor\w*|design|studio|events?|communication|media|print\w*"
    r"|edition\w*|imprimerie|papeterie|nettoyage|gardiennage|securite|security|facilities|gestion"
    r"|immobili\w+|promotion|properties|real estate|residences?|agri\w*|agro\w*|lait\w*|farms?"
    r"|peche|poissons?|froid|food|foods|bakery|traiteur|patisserie|hotels?|resort|golf|labs?"
    r"|laboratoires?|pharma\w*|sante|medical\w*|formation|academy|school|cie|co|freres|fils"
    r"|brothers|initiatives?|trust|charity|programme"
    r"|للبناء|للاشغال|للتجاره|للنقل|للخدمات|للهندسه|للدراسات|للكهرباء|للصيانه|للحراسه"
    r"|للتوزيع|للطباعه|للحفر|للاستشاره|للمقاولات|للتجهيز|للاسفار|اخوان|الاخوه|وشركاوه|وابناوه"
    r"|(?:ال)?(?:اشغال|حلول|خدمات|هندسه|تجهيز|نقل|مطبعه|مكتبه|ورشه|محلات|مقاوله))(?![^\W_])"
)
# Signs of a business: its name is a company's, though it looks like a person's.
COMMERCIAL: Final = re.compile(
    r"(?<![^\W_])(?:ice|rc|cnss|patente(?=\W{0,3}(?:n\W|\d))|au capital|registre de commerce"
    r"|siege social|sarl|tva)"
    r"(?![^\W_])|السجل التجاري|التعريف (?:ال)?(?:ضريبي|موحد|جبايي)|راسمال|الباتنتا|الضريبه المهنيه"
)
# Ground that is governed: on a line below a person it is where they live.
TERRITORY: Final = re.compile(
    r"^\W*(?:province|prefecture|cercle|commune|caidat|(?:ال)?(?:جماعه|اقليم|عماله|دايره|قياده))"
    r"(?![^\W_])"
)
GOVERNED: Final = re.compile(
    r"^\W*(?:province|prefecture|wilaya|region|(?:ال)?(?:اقليم|عماله|ولايه|جهه))(?![^\W_])"
)
GROUND: Final = re.compile(r"(?<![^\W_])(?:ال)?(?:قياده|دايره|جماعه|اقليم|مركز)(?![^\W_])")
MAIL: Final = re.compile(r"\S+@\S+")
