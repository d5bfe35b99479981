"""Checks that the nouns of the organisation share: names, places, addresses, yes and no."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from language.lines import one_line
from org.errors import BadOrganisationError

NAMES: Final = ("name_ar", "name_fr", "name_en")
MOST: Final = 1000  # of what is read of a cell; more than any name may have
LONGEST_NAME: Final = 200
_YES: Final = frozenset({"yes", "true", "1", "oui", "نعم"})
_NO: Final = frozenset({"no", "false", "0", "non", "لا"})


def checked_names(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the names in three languages, and what is wrong with them by field.

    The English name is the French one where none is given.
    """
    given: dict[str, Any] = {n: one_line(str(values.get(n, "") or ""), MOST) for n in NAMES}
    given["name_en"] = given["name_en"] or given["name_fr"]
    problems = {n: _("A name is needed.") for n in ("name_ar", "name_fr") if not given[n]}
    problems |= {n: _("This is too long.") for n in NAMES if len(given[n]) > LONGEST_NAME}
    return given, problems


def checked_position(value: Any) -> tuple[int, dict[str, str]]:
    """Return a place in a list, from 0 to 9999, and what is wrong with it."""
    try:
        return min(max(int(value or 0), 0), 9999), {}
    except (TypeError, ValueError):
        return 0, {"position": _("Give a whole number.")}


def yes_or_no(word: str, name: str, *, empty: bool = True) -> bool:
    """Return what a cell says, in any of the three languages; `empty` for an empty one.

    Raise BadOrganisationError, with the problem under `name`, for another word.
    """
    said = word.strip().lower()
    if not said:
        return empty
    if said not in _YES | _NO:
        raise BadOrganisationError({name: _("Say yes or no.")})
    return said in _YES


def coded_row(model: Any, name: str, code: str) -> Any:
    """Return the row of `model` with this code; None for no code.

    Raise BadOrganisationError, with the problem under `name`, for a code that no row has.
    """
    if not code:
        return None
    found = model.objects.filter(code=code).first()
    if found is None:
        words = _("There is no such code: %(code)s") % {"code": code[:40]}
        raise BadOrganisationError({name: words})
    return found


def email_problem(email: str) -> dict[str, str]:
    """Return what is wrong with an e-mail address; nothing for an empty one."""
    if not email:
        return {}
    try:
        validate_email(email)
    except ValidationError:
        return {"email": _("This is no e-mail address.")}
    return {}
