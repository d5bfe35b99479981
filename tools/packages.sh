# shellcheck shell=bash
# The system packages Sijill needs, each found by what it brings, so that an office without apt works too.

export PATH="$PATH:/usr/sbin:/sbin" # ldconfig, for people who are not root

say() { printf 'sijill: %s\n' "$*" >&2; }

fail() { # STATUS MESSAGE
    local status="$1"
    shift
    say "$*"
    exit "$status"
}

have_command() { command -v "$1" >/dev/null 2>&1; }

have_font() { [[ -n $(find /usr/share/fonts /usr/local/share/fonts ~/.local/share/fonts ~/.fonts \
    -name "$1" -print -quit 2>/dev/null) ]]; }

system_python() { # prints the first Python that can make the virtual environment
    local candidate
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

postgres_program() { compgen -G "/usr/lib/postgresql/*/bin/$1" >/dev/null || have_command "$1"; }

missing_for_office() { # prints the Debian names of what is not there
    local libraries models pair
    libraries="$(ldconfig -p 2>/dev/null || true)"
    system_python >/dev/null || echo python3 python3-venv
    models="$(tesseract --list-langs 2>/dev/null || true)"
    have_command tesseract || echo tesseract-ocr
    for pair in ara fra eng osd; do
        grep -qx "$pair" <<<"$models" || echo "tesseract-ocr-$pair"
    done
    for pair in libmagic.so.1=libmagic1 libpango-1.0.so.0=libpango-1.0-0 \
        libpangoft2-1.0.so.0=libpangoft2-1.0-0 libharfbuzz-subset.so.0=libharfbuzz-subset0; do
        grep -qF "${pair%%=*} " <<<"$libraries" || echo "${pair#*=}"
    done
    have_command msgfmt || echo gettext
    for pair in Amiri-Regular.ttf=fonts-hosny-amiri NotoNaskhArabic-Regular.ttf=fonts-noto-core \
        DejaVuSans.ttf=fonts-dejavu-core; do
        have_font "${pair%%=*}" || echo "${pair#*=}"
    done
}

missing_for_tests() {
    have_command pdftotext || echo poppler-utils
    have_command chromium || have_command chromium-browser || have_command google-chrome ||
        echo chromium
    have_command dovecot || echo dovecot-core dovecot-imapd
    have_command openssl || echo openssl
}

missing_for_browsers() { # optional: without windows Chromium costs tests a third less; not every release has it
    have_command chromium-headless-shell || ! have_command apt-cache ||
        ! apt-cache show chromium-headless-shell >/dev/null 2>&1 || echo chromium-headless-shell
}

office_part() { # sw (texts) | sc (tables): LibreOffice's program may be there without one of them
    local program
    program="$(command -v soffice || command -v libreoffice)" || return 1
    [[ -e "$(dirname "$(readlink -f "$program")")/lib$1lo.so" ]]
}

missing_for_renditions() { # optional everywhere: office documents are shown as text without it
    office_part sw || echo libreoffice-writer-nogui
    office_part sc || echo libreoffice-calc-nogui
}

missing_for_checks() { # npm brings the linter of the pages' scripts
    have_command npm || echo nodejs npm
}

missing_for_services() {
    postgres_program initdb || echo postgresql
    have_command redis-server || echo redis-server
    [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] || have_command rabbitmq-server ||
        echo rabbitmq-server
    have_command mvn || echo maven
}

may_be_root() {
    [[ $(id -u) -eq 0 ]] || { have_command sudo && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; }
}

as_root() { if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo -- "$@"; fi; }

apt_install() { # PACKAGE...; a service that apt starts must not inherit the set-up lock (9)
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 \
        -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@" >>"$LOG" 2>&1 9<&-
}

install_packages() { # PACKAGE... ; exit 3 when they cannot be had
    [[ $# -gt 0 ]] || return 0
    if ! have_command apt-get || ! may_be_root; then
        say "these system packages are missing, and only an administrator can install them:"
        say "    $*"
        say "On Debian or Ubuntu:  sudo apt-get update && sudo apt-get install $*"
        exit 3
    fi
    say "installing system packages: $*"
    apt_install "$@" && return
    # The package list is stale or was never fetched.
    as_root apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 update >>"$LOG" 2>&1 || true
    apt_install "$@" || fail 3 "apt-get could not install: $* (its own words: $LOG)"
}
