"""What every template knows: `colon` after a name, `comma` between words, sizes of files."""

import json

from django import template

from org.signs import colon, comma
from org.sizes import file_size, size_words

register = template.Library()
register.simple_tag(colon)
register.simple_tag(comma)
register.filter(file_size)


@register.simple_tag(name="size_words")
def size_words_for_scripts() -> str:
    """Return the words of sizes for a script, as JSON in an attribute."""
    return json.dumps(size_words(), ensure_ascii=False)
