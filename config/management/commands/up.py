"""`manage up`: the office's web server, with the worker's threads in it where no broker is set."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.server import OfficeServer, port_is_free


class Command(BaseCommand):
    """Serve until SIGTERM or Ctrl-C."""

    help = "Run the office on PORT: web pages, API and (without BROKER_URL) the worker."
    requires_migrations_checks = True

    def handle(self, *args: Any, **options: Any) -> None:
        """Start gunicorn in this process."""
        if not port_is_free(settings.BIND, settings.PORT):
            raise CommandError(
                f"Port {settings.PORT} is in use. Set PORT to another one.", returncode=4
            )
        self.stderr.write(f"Sijill: {settings.PUBLIC_URL}/")
        OfficeServer().run()
