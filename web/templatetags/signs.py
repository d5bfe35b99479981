"""The tag `colon` of every template: what stands between a name and its value."""

from django import template

from org.signs import colon

register = template.Library()
register.simple_tag(colon)
