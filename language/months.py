"""Month names of the office's calendars, folded: which words mean which month."""

from typing import Final, Literal

Calendar = Literal["gregorian", "hijri"]
MonthName = tuple[tuple[str, ...], int, Calendar]

FIRST_DAY: Final = frozenset(["فاتح", "premier"])

# One line a month; alternatives separated by |, a name of two words by a space.
_GREGORIAN: Final = (
    "janvier|janv|january|jan|يناير|جانفي|كانون الثاني",
    "fevrier|fevr|fev|february|feb|فبراير|فيفري|شباط",
    "mars|march|mar|مارس|اذار",
    "avril|avr|april|apr|ابريل|افريل|نيسان",
    "mai|may|ماي|مايو|ايار",
    "juin|june|jun|يونيو|يونيه|جوان|حزيران",
    "juillet|juil|july|jul|يوليوز|يوليو|يوليه|جويليه|تموز",
    "aout|august|aug|غشت|اغسطس|اوت|اب",
    "septembre|sept|september|sep|شتنبر|سبتمبر|ايلول",
    "octobre|oct|october|اكتوبر|تشرين الاول",
    "novembre|nov|november|نونبر|نوفمبر|تشرين الثاني",
    "decembre|dec|december|دجنبر|ديسمبر|كانون الاول",
)
_HIJRI: Final = (
    "محرم|المحرم|محرم الحرام|moharrem|moharram|muharram",
    "صفر|صفر الخير|safar",
    "ربيع الاول|ربيع النبوي|rabii i|rabia i|rabii 1|rabii premier|rabi al awwal",
    "ربيع الثاني|ربيع الاخر|rabii ii|rabia ii|rabii 2|rabii second",
    "جمادي الاولي|جمادي الاول|joumada i|joumada 1|joumada premier|joumada al oula",
    "جمادي الاخره|جمادي الثانيه|جمادي الثاني|joumada ii|joumada 2|joumada second",
    "رجب|رجب الفرد|rejeb|rajab",
    "شعبان|chaabane|chaaban|shaban",
    "رمضان|رمضان المبارك|رمضان الابرك|ramadan|ramadhan",
    "شوال|chaoual|chawwal|shawwal",
    "ذو القعده|ذي القعده|ذو قعده|kaada|dou al kaada|dhu al qidah",
    "ذو الحجه|ذي الحجه|ذو حجه|hija|hijja|dou al hijja|dhu al hijjah",
)


def _by_first_word() -> dict[str, tuple[MonthName, ...]]:
    """Return names by their first word, the longest first: "رمضان المبارك" before "رمضان"."""
    names: list[MonthName] = []
    calendars: tuple[tuple[tuple[str, ...], Calendar], ...] = (
        (_GREGORIAN, "gregorian"),
        (_HIJRI, "hijri"),
    )
    for lines, calendar in calendars:
        for month, line in enumerate(lines, start=1):
            names += [(tuple(name.split()), month, calendar) for name in line.split("|")]
    table: dict[str, list[MonthName]] = {}
    for name in sorted(names, key=lambda entry: -len(entry[0])):
        table.setdefault(name[0][0], []).append(name)
    return {word: tuple(entries) for word, entries in table.items()}


MONTHS: Final = _by_first_word()
