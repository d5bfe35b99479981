"""The WSGI application that gunicorn serves, for an office whose settings are valid."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application

from config.content_types import with_plain_content_type
from config.starting import refuse_when_unfit

refuse_when_unfit()
application = with_plain_content_type(get_wsgi_application())
