"""Given names common in Morocco, in both scripts, folded: a hint that words name a person.

A name that is missing here is still a name; a word that stands here is hardly anything else. Words
that letters use in other senses (كريم, صالح, أمين, Aimé, Grace) are left out where they mislead.
"""

from __future__ import annotations

import re
from typing import Final

from language.fold import fold

_ARABIC: Final = """
محمد احمد حسن حسين علي عمر يوسف ابراهيم اسماعيل ادريس خالد سعيد رشيد عثمان مصطفى عبدالله عبد
عبدالرحمان عبدالكريم عبدالعزيز عبدالحق عبدالاله عبداللطيف عبدالقادر عبدالغني عبدالسلام بوشعيب
العربي الحسن الحسين المصطفى المهدي الطيب التهامي الجيلالي المعطي المكي العياشي الهاشمي البشير
امحمد مولاي سيدي لالة الحاج الحاجة حميد كمال جمال جلال نبيل عادل طارق سمير منير انس ايوب زكرياء يحيى
ياسين ياسر بلال حمزة اسامة ايمن اشرف انور بدر توفيق جواد حاتم حفيظ حكيم رضا رضى رضوان رفيق زهير
سفيان سليمان شكيب صلاح ضياء عصام عماد عزيز عزالدين غسان فؤاد فريد فهد فيصل قاسم لحسن لحبيب محسن
مراد مروان معاذ معاد منصف منصور موسى ميلود ناصر نجيب نورالدين نور هشام هيثم وليد الياس ايدر
بوجمعة بوعزة بوبكر بلعيد حدو موحى سعد سعيدي عباس عدنان عياد فوزي لطفي نوفل وديع يونس عيسى زيد عمرو
فاطمة الزهراء خديجة عائشة مريم زينب حليمة سعيدة رشيدة نادية ليلى سلمى هدى سناء حنان كريمة نعيمة
فاطنة الزهرة زهرة امينة جميلة حسناء حياة خدوج رقية ربيعة رحمة رجاء رانية ريم زبيدة زهور سارة سعاد
سكينة سميرة سهام سهيلة سومية شيماء صباح صفاء صفية ضحى عتيقة عزيزة عواطف غزلان غيثة فتيحة فدوى فريدة
فوزية كوثر لبنى لطيفة لمياء مارية مليكة منى مينة نجاة نجية نزهة نسرين نورة نوال هاجر هبة هناء هند
وداد وسيمة وفاء ياسمينة يسرى الهام ايمان اكرام اسماء ابتسام احلام امال بشرى بهيجة تورية ثورية جيهان
حفيظة خولة دنيا رابحة رحيمة عبير عيشة كلثوم مباركة محجوبة ميمونة يامنة الضاوية حورية دليلة اسية
انيس ويام
"""
_LATIN: Final = """
mohamed mohammed mohamad ahmed hassan hassane houcine lahcen hussein ali omar youssef brahim ibrahim
ismail driss idriss khalid said rachid othmane otmane othman mustapha mostafa abdellah abdallah
abdel
abderrahmane abderrahman abderrahim abdelkrim abdelaziz abdelhak abdelilah abdellatif abdelkader
abdelghani abdessalam abdessamad abdeslam abdelmajid abdelouahed abdelali abdelhadi abderrazak
abdelhamid abdennour abdelfattah bouchaib bouchra larbi mehdi tayeb tayeb hamid kamal jamal jalal
nabil adil tarik tariq samir mounir anas ayoub zakaria yahya yassine yasser yassir bilal hamza
oussama
ayman aimane achraf anouar badr taoufik jaouad hatim hafid hakim rida reda redouane rafik zouhair
zouhir soufiane slimane chakib salah issam imad aziz azzedine fouad farid faycal kacem hicham
mohcine
mourad marouane mouad moncef mansour moussa miloud nacer naceur najib noureddine nourdine haitham
walid
ilyas ilias elias boujemaa brahim belaid saad abbas adnane ayad faouzi lotfi naoufal younes younous
aissa zaid amr simohamed moulay sidi haj hadj mbarek lhoussaine elhoussaine allal jilali maati mekki
fatima zahra fatna khadija aicha aisha mariam meriem maryam zineb zaynab halima saida rachida nadia
leila laila leyla salma houda sanaa hanane hanan karima naima amina jamila hasnaa hayat rkia rqia
rabia rajae raja rania rim rime zoubida zhour sara sarah souad soukaina sakina samira siham souhaila
soumia soumaya chaimae chaima sabah safae safaa safia atika aziza aouatif ghizlane ghita rhita
fatiha
fadoua farida fouzia kaoutar kawtar loubna latifa lamia lamiae maria malika mouna mina najat najia
nezha nisrine noura nora nawal naoual hajar hiba hanae hind ouidad widad wafa wafae yasmina yasmine
youssra yousra ilham imane ikram asmae asmaa ibtissam ahlam amal bahija touria jihane hafida khaoula
dounia donia abir mbarka mahjouba mimouna yamna houria dalila assia asia otman hatim karim salim
jean pierre paul michel jacques philippe alain francois marie anne sophie isabelle catherine claire
nathalie julien nicolas thomas david eric patrick laurent olivier oliver daniel peter john james
robert william richard george michael andrew edward helen emma elizabeth mary jane susan margaret
eleanor laura anna elena marta carlos jose juan antonio pedro luis ana lucia giulia marco luca paolo
hans klaus stefan martin andrea petra gareth simon mark stephen steven kevin brian alan ian karen
julia charlotte alice emily victoria christine dominique yves rene marc bernard gerard henri louis
adel anis jawad issa nour wiam diae
"""
# Rarer ones, for whom only a letter's own words are asked.
_RARER: Final = """
علال بناصر عزوز رحال بوعبيد المختار قدور بنعيسى بوشتى بوسلهام الميلودي ميمون شعيب شفيق رشدي سهيل
جعفر عمار الطاهر خليل نزار صفوان نسيم وسيم طه سامي زكي شعيبية يطو ايطو طامو منانة شامة هنية فطومة
خناتة الباتول البتول سعدية زكية زاهية ثريا سلوى ماجدة نفيسة نبيلة نسيمة اميمة رباب
ايناس لينا مروة كنزة
حفصة حكيمة حميدة بديعة فايزة سامية كبورة سلطانة وئام نهيلة وصال الغالية حادة تودة
عدجو موحا بنداود الزوهرة زوهرة
bennacer rahal bouabid mokhtar tahar taher kaddour benaissa bouchta bouselham miloudi mimoun maimoun
chafik chafiq rochdi souhail jaafar ammar nizar sofiane safouane kebir bachir habib lhabib khalil
sami samia wassim taha tarek zaki zakariae zohra yamina batoul hnia yetto yattou itto tamou chama
mennana hadda saadia zahia zakia soraya salwa saloua majda nabila oumaima omaima inas ines marwa
lina kenza malak aya hasna faiza fouzi hafsa hakima hamida nouhaila nouzha noufissa nassim nassima
ouafae ouissal wissal rabie sihame simo lahoucine lhoucine elhoucine houssine lhaj badia moha
mouhcine mohsine ismael smail elmehdi zineddine nadir
عبدو غالي غالية اسراء بسمة بثينة جليل جلول حبيب حسام حمو خلود داود دعاء رشا رميساء ريهام
زياد سالم سمية
سهى صابر صبرينة طلحة عفاف علاء غادة قمر لبيب ليث
مامون ماجد ماهر مجيد محجوب محمود مديحة مصعب معتصم
ملاك منال مهدي مولود نهى هاني وجدان ياقوت يعقوب فضيلة رؤوف
abdou abdo ghali ghalia nawfal nawfel naoufel yacoub yaakoub abdelwahed abdelouahed abdelouahid
abdelmoula abdelkebir abdelkhalek abdelmalek abdelmounaim abdelmoumen abdeljalil abdeljabbar
abdelfettah abdelbasset abdelhafid abdelmoughit abdelillah haytham jalila jalil kawthar keltoum
kaltoum lahbib lahsen layla mahfoud mahmoud mahdi majid majida majdouline mbark mohssine mounia
mounim mounaim moad najlae nafissa nasreddine nasser noaman oumayma oumnia oualid ouassim raouf
radia rafiq ramzi rami rihab rokaya romaissa salaheddine samiha seddik selma sanae sabrina talal
tawfik taoufiq thami touhami thouraya wahid wahiba yahia yassir yasin yassin youness yousef zoubair
zoubeir ziad badre badreddine boubker bouazza boujamaa charafeddine chouaib daoud fahd faical fadma
fadwa fatimazahra ferdaous firdaous ghassan haroun hassna houssam ibtihal ihssane ihsane ikhlas
ilyass imrane issam khalida lakbir mahjoub miloudia mokhtaria nasima othmane rkiya saadeddine
"""
GIVEN_NAMES: Final = frozenset(fold(f"{_ARABIC} {_LATIN}").split())
_ALL: Final = GIVEN_NAMES | frozenset(fold(_RARER).split())
# Names of a servant of God written in one word.
_SERVANT: Final = re.compile(r"عبدال\w{3,}|abde(?:l|s|r|n|d|j|t|z)\w{3,}")


def is_given_name(word: str) -> bool:
    """Return whether `word` is a common given name, whatever its accents and hamza."""
    folded = fold(word).strip(".'")
    return folded in _ALL or _SERVANT.fullmatch(folded) is not None
