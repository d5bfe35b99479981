"""The WSGI application that gunicorn serves, for an office whose settings are valid."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application

from config.starting import refuse_when_unfit

refuse_when_unfit()
application = get_wsgi_application()
