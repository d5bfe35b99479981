"""The institution on a day: its name and appearance, and how a version of them is kept."""

import hashlib
import io
from base64 import b64encode
from datetime import date
from email.utils import parseaddr, quote
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from language.lines import one_line
from org.compiled_queries import CompiledQuery, columns_of, instance_of
from org.errors import BadOrganisationError
from org.models import Institution, Logo, User
from org.theme import colour_problems
from sandbox.pictures import PictureError, as_png

FIELDS: Final = (
    *("name_ar", "name_fr", "name_en", "short_name"),
    *("address_ar", "address_fr", "address_en", "hours_ar", "hours_fr", "hours_en"),
    *("telephones", "emergency", "email", "website"),
    *("legal_ar", "legal_fr", "legal_en", "privacy_ar", "privacy_fr", "privacy_en"),
    *("accessibility_ar", "accessibility_fr", "accessibility_en"),
    *("colour_main", "colour_head"),
)
LONG: Final = ("legal", "privacy", "accessibility")  # texts of several paragraphs
MOST_BYTES: Final = 5 * 1024 * 1024
MOST_PIXELS: Final = 20_000_000
SIDE: Final = 512  # of the picture that is kept, at most
ICON_SHARE: Final = 0.7  # of an icon's side that its picture takes


_COLUMNS: Final = columns_of(Institution)
_IN_FORCE: Final = CompiledQuery(
    lambda day: Institution.objects.filter(valid_from__lte=day).values_list(*_COLUMNS)[:1]
)


def institution_on(day: date | None = None) -> Institution | None:
    """Return the version in force on a day (today), None before the first one."""
    for row in _IN_FORCE.rows(day or timezone.localdate()):  # every page asks
        return instance_of(Institution, row)
    return None


def name_on(day: date | None = None, *, language: str = "") -> str:
    """Return the institution's name on a day, else ORGANISATION_NAME, which may be empty.

    A day before the first version has that one's name only where no setting says another.
    """
    found = _named_on(institution_on(day))
    return found.translated("name", language) if found else str(settings.ORGANISATION_NAME)


def names_on(institution: Institution | None, *languages: str) -> list[str]:
    """Return the name in each language of the version that a day has, as `name_on` finds it."""
    found = _named_on(institution)
    named = str(settings.ORGANISATION_NAME)
    return [found.translated("name", one) if found else named for one in languages]


def _named_on(institution: Institution | None) -> Institution | None:
    if institution is None and not settings.ORGANISATION_NAME:
        return Institution.objects.order_by("valid_from", "pk").first()
    return institution


def office_name() -> str:
    """Return how the office calls itself today, in the current language."""
    return name_on() or _("Registry office")


def mail_sender() -> str:
    """Return whom mails are from: the institution's name, in the current language, and address.

    A name that EMAIL_FROM gives goes before it.
    """
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f'"{quote(name or office_name())}" <{address}>'


def keep_institution(
    values: dict[str, Any],
    *,
    actor: User | None,
    valid_from: date,
    logo: Logo | None = None,
) -> Institution:
    """Write a version that is in force from a day on; earlier days keep what they had.

    Raise BadOrganisationError without a name in Arabic and in French, and for colours on which
    words cannot be read.
    """
    given = {name: _text(name, str(values.get(name, "") or "")) for name in FIELDS}
    lacking = [name for name in ("name_ar", "name_fr") if not given[name]]
    if lacking:
        raise BadOrganisationError(dict.fromkeys(lacking, _("A name is needed.")))
    if problems := colour_problems(main=given["colour_main"], head=given["colour_head"]):
        raise BadOrganisationError({**problems})
    given["name_en"] = given["name_en"] or given["name_fr"]
    with transaction.atomic():
        return Institution.objects.create(
            **given, logo=logo, valid_from=valid_from, made_by=actor, made_at=timezone.now()
        )


def _text(name: str, text: str) -> str:
    """Return a text as it is kept: names stand in the heads of mails, on one line."""
    return text.strip() if name.startswith(LONG) else one_line(text)


def keep_logo(stream: Any) -> Logo:
    """Return the picture (PNG, JPEG or WEBP) drawn anew as a PNG of at most 512 points a side.

    Raise BadOrganisationError for anything else.
    """
    content = _as_png(stream.read(MOST_BYTES + 1))
    sha256 = hashlib.sha256(content).hexdigest()
    return Logo.objects.get_or_create(sha256=sha256, defaults={"content": content})[0]


def logo_as_data(institution: Institution | None) -> str:
    """Return the logo as an address that holds the picture itself, for paper; "" without one."""
    if institution is None or institution.logo is None:
        return ""
    return f"data:image/png;base64,{b64encode(bytes(institution.logo.content)).decode()}"


def logo_as_icon(logo: Logo, *, side: int) -> bytes:
    """Return the logo as a PNG on a white square, with the margin that round icons cut off."""
    icon = Image.new("RGBA", (side, side), "white")
    with Image.open(io.BytesIO(bytes(logo.content)), formats=["PNG"]) as found:
        inside = int(side * ICON_SHARE)
        picture = ImageOps.contain(found.convert("RGBA"), (inside, inside))
    place = ((side - picture.width) // 2, (side - picture.height) // 2)
    icon.alpha_composite(picture, place)
    out = io.BytesIO()
    icon.convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()


def _as_png(content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        raise BadOrganisationError({"logo": _("The picture is larger than 5 MB.")})
    formats = ("PNG", "JPEG", "WEBP")
    try:
        return as_png(content, formats=formats, most_pixels=MOST_PIXELS, size=(SIDE, SIDE))
    except PictureError as error:
        words = _("The picture has too many points.")
        if error.code == "none":
            words = _("This is no picture: give a PNG or JPEG.")
        raise BadOrganisationError({"logo": words}) from error
