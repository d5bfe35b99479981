"""Charts and their tables in templates."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from figures import svg
from figures.drawing import Chart
from figures.picture import Picture

register = template.Library()


@register.simple_tag
def chart_svg(chart: Chart, label: Any, rtl: Any = False, wordless: Any = False) -> SafeString:
    """Return a chart as SVG."""
    return svg.svg(chart, label=label, rtl=bool(rtl), wordless=bool(wordless))


@register.simple_tag
def table_behind(picture: Picture) -> SafeString:
    """Return the table behind a chart."""
    return svg.table(picture.headings, picture.rows)
