"""`manage up`: the office's web server, with the worker's threads in it where no broker is set."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.data_folder import close_to_others
from config.database_away import NO_TABLES, lacks_tables
from config.demo_mark import is_demo
from config.server import OfficeServer, port_is_free
from config.signer_process import SignerProcess
from config.starting import UNFIT
from config.told import tell
from config.walls import warn_of_walls
from org.addresses import staff_address
from registry.first_run import is_open, make_link
from search.contract import EngineError
from search.services import index_state
from web.monitoring.parts import migrations_to_do


class Command(BaseCommand):
    """Serve until SIGTERM or Ctrl-C."""

    help = "Run the office on PORT: web pages, API and (without BROKER_URL) the worker."
    requires_migrations_checks = True

    def check_migrations(self) -> None:
        """Tell what to do where the tables are of an earlier version."""
        unmade = migrations_to_do()
        if lacks_tables(unmade):
            raise CommandError(NO_TABLES, returncode=UNFIT)
        if unmade:
            tell(_("%(n)d changes of the tables are not made yet.") % {"n": len(unmade)})
            tell(_("Run ./sijill upgrade, which makes a backup before."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Start gunicorn in this process."""
        if settings.PRODUCTION and is_demo():
            raise CommandError(
                _("PRODUCTION=yes, but this database is a demo's: its passwords are published."),
                returncode=UNFIT,
            )
        close_to_others(settings.DATA_DIR)
        if not port_is_free(settings.BIND, settings.PORT):
            words = _("Port %(port)s is in use. Set PORT to another one.")
            raise CommandError(words % {"port": settings.PORT}, returncode=4)
        tell(f"Sijill: {staff_address()}/")
        if is_open():
            tell(_("This office has no administrator yet. Set it up in a browser, by this link:"))
            tell(make_link())
        self._tell_of_the_index()
        warn_of_walls(tell)
        _compress_static_files()
        signer = SignerProcess()
        signer.start()
        try:
            OfficeServer().run()
        finally:
            signer.stop()

    def _tell_of_the_index(self) -> None:
        """Print it where the search index is of another version, or its engine away."""
        try:
            state = index_state()
        except EngineError as error:
            tell(_("The search engine is away: %(why)s") % {"why": error})
            return
        if state == "aged":
            tell(_("The search index is of an older version; it answers while it is rebuilt."))
        elif state == "outdated":
            tell(
                _(
                    "The search index is of another version; until it is rebuilt, "
                    "only numbers, references and the newest letters are found."
                )
            )


def _compress_static_files() -> None:
    """Collect the files of the pages into STATIC_ROOT, compressed, and serve them from there."""
    call_command(
        "collectstatic",
        interactive=False,
        verbosity=0,
        ignore_patterns=["rest_framework", "django_htmx"],
    )
    settings.WHITENOISE_USE_FINDERS = False
