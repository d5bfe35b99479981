"""Words for the parts of the sandbox around untrusted files that a system does not allow."""

from django.utils.translation import gettext as _

from sandbox.walls import Wall


def wall_words(wall: Wall) -> tuple[str, str]:
    """Return what is missing, and what to do."""
    words = {
        "landlock": (
            _("No Landlock: a program that reads a hostile file could open the office’s files."),
            _("Start a Linux kernel of 5.13 or later, with landlock in its list lsm=."),
        ),
        "landlock_old": (
            _("An old Landlock: a hostile file could send signals to other processes."),
            _("A Linux kernel of 6.12 or later closes that."),
        ),
        "seccomp": (
            _("No filter of system calls: a hostile file could start programs."),
            _("Install libseccomp2, then restart the office."),
        ),
        "namespaces": (
            _("No user namespaces: only the filter of system calls keeps files off the network."),
            _("Allow them: user.max_user_namespaces, or unshare in the container’s profile."),
        ),
        "root": (
            _("The office runs as root: the number of processes of LibreOffice is not limited."),
            _("Run it as a user of its own."),
        ),
    }
    return words[wall]
