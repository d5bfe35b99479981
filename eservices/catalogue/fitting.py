"""Whether a service type fits this office: the departments, kinds and services that it names."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from eservices.catalogue.definition import Definition, Problem
from eservices.catalogue.models import ServiceType
from org.models import Department, LetterKind
from registry.models.registers import Register


def misfits(definition: Definition) -> list[Problem]:
    """Return the codes of a type that this office does not know."""
    return [*_departments(definition), *_others(definition)]


def _departments(definition: Definition) -> Iterator[Problem]:
    named = {"department": definition.department} if definition.department else {}
    named |= {f"departments.{key}": code for key, code in definition.departments.items()}
    known = set(
        Department.objects.filter(code__in=named.values(), active=True).values_list(
            "code", flat=True
        )
    )
    for path, code in named.items():
        if code not in known:
            words = _("“%(code)s” is no department of this office") % {"code": code}
            yield Problem(path, words)


def _others(definition: Definition) -> Iterator[Problem]:
    if definition.kind and not LetterKind.objects.filter(code=definition.kind).exists():
        words = _("“%(code)s” is no kind of letter of this office")
        yield Problem("kind", words % {"code": definition.kind})
    registers = Register.objects.filter(
        code=definition.register, direction=Register.Direction.INCOMING
    )
    if not registers.exists():
        words = _("“%(code)s” is no register of incoming letters of this office")
        yield Problem("register", words % {"code": definition.register})
    child = definition.child
    if child and child != definition.code and not ServiceType.objects.filter(code=child).exists():
        yield Problem("child", _("“%(code)s” is no service of this office") % {"code": child})
