"""The filter `date` of templates, in place of Django’s: days are written as French has them."""

from datetime import date
from typing import Any

from django import template
from django.template.defaultfilters import date as as_django_does

from org.written_days import date_format

register = template.Library()


@register.filter("date", expects_localtime=True, is_safe=False)
def written(value: Any, form: str = "DATE_FORMAT") -> str:
    """Return a day or a moment by a format; "" for none."""
    if isinstance(value, date):
        return date_format(value, form)
    return str(as_django_does(value, form))
