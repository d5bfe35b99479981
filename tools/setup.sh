# shellcheck shell=bash
# Set-up: what is there already costs nothing, what is missing or broken is made, one run at a time.
# Everything it says goes to stderr, so that stdout stays the command's.

# shellcheck source=tools/packages.sh
source "$ROOT/tools/packages.sh"

VENV="$ROOT/.venv"
PYTHON="$VENV/bin/python"
LOG="${DATA_DIR:-$ROOT/var}/log/setup.log"

set_up() { # office | tests
    local requirements="$ROOT/requirements.txt" missing
    [[ $1 == office ]] || requirements="$ROOT/requirements-dev.txt"
    mkdir -p "$(dirname "$LOG")" 2>/dev/null || fail 3 "cannot write to $(dirname "$LOG"); set DATA_DIR"
    # The folder itself is the lock: no lock file to leave behind. Freed by release_lock, or at exit.
    exec 9<"$ROOT"
    if ! flock -n 9; then
        say "another set-up is under way; waiting for it"
        flock 9
    fi
    missing="$(missing_for_office)"
    # shellcheck disable=SC2086 # a list of words
    install_packages $missing
    virtual_environment
    python_packages "$requirements"
    reader_models
    first_model
    translations
    [[ $1 == office ]] || script_tools
    exec 9<&-
}

optional_packages() { # PACKAGE...: whoever needs them says so loudly when they stay missing
    [[ $# -gt 0 ]] && may_be_root && have_command apt-get || return 0
    (install_packages "$@") || true
}

test_packages() { # embedded | production
    # shellcheck disable=SC2046 # lists of words
    optional_packages $(missing_for_tests) $(missing_for_renditions)
    [[ $1 == production ]] || return 0
    # shellcheck disable=SC2046
    optional_packages $(missing_for_services) $(missing_for_browsers)
    if ! (cd "$ROOT" && "$PYTHON" -m tests.services java) >/dev/null 2>&1 && may_be_root &&
        have_command apt-get; then
        say "looking for a Java of 21 or later, for Elasticsearch"
        apt_install openjdk-25-jre-headless || apt_install openjdk-21-jre-headless || true
    fi
}

SCRIPT_TOOLS="$ROOT/tools/javascript"

script_tools() { # the linter of the pages' scripts; no office needs it
    local stamp="$SCRIPT_TOOLS/node_modules/.stamp" wanted
    wanted="$(cat "$SCRIPT_TOOLS/package.json" "$SCRIPT_TOOLS/package-lock.json" | sha256sum | cut -d' ' -f1)"
    if [[ -e $stamp && $(<"$stamp") == "$wanted" ]]; then
        return
    fi
    # shellcheck disable=SC2046 # a list of words
    optional_packages $(missing_for_checks)
    if ! have_command npm; then
        say "npm is missing: the scripts of the pages cannot be checked"
        return
    fi
    say "installing the linter of scripts"
    # ci removes what was there before, the stamp too
    if ! (cd "$SCRIPT_TOOLS" && npm ci) >>"$LOG" 2>&1; then
        say "npm could not install the linter of scripts; is the network there? All it said: $LOG"
        return
    fi
    printf '%s\n' "$wanted" >"$stamp"
}

virtual_environment() {
    # A copied or moved environment still runs, but its programs start the old place's Python. One that
    # several checkouts share is a link, and names its own place.
    if [[ -x $PYTHON ]] && grep -qF -e "$VENV" -e "$(readlink -f "$VENV")" "$VENV/bin/activate" 2>/dev/null &&
        "$PYTHON" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        return
    fi
    [[ ! -e $VENV ]] || say "the virtual environment is broken; making it anew"
    local python
    python="$(system_python)" || fail 3 "no Python of 3.11 or later was found (with venv and ensurepip)"
    say "making the virtual environment"
    rm -rf "$VENV"
    "$python" -m venv "$VENV" >>"$LOG" 2>&1 || fail 3 "could not make the virtual environment: $LOG"
}

fingerprint() { # FILE: changes with the requirements and with Python
    { cat "$ROOT/requirements.txt" "$ROOT/requirements.lock" "$1" "${1%.txt}.lock" &&
        "$PYTHON" --version; } | sha256sum | cut -d' ' -f1
}

python_packages() { # REQUIREMENTS
    local stamp wanted
    stamp="$VENV/.$(basename "$1").stamp"
    wanted="$(fingerprint "$1")"
    if [[ -e $stamp && $(<"$stamp") == "$wanted" ]] && "$PYTHON" -c 'import django' 2>/dev/null; then
        return
    fi
    say "installing Python packages of $(basename "$1") (the first time takes a few minutes)"
    rm -f "$stamp"
    # No file but those whose hashes the locks name, whoever serves them. As constraints too: pip before
    # 23.3 looks for a package that another asks for with an extra, package[extra], at its newest version,
    # and takes no lock that a constraint names for one.
    local lock="${1%.txt}.lock"
    if ! "$PYTHON" -m pip install --no-input --disable-pip-version-check --retries 5 \
        --require-hashes -r "$lock" -c "$ROOT/requirements.lock" -c "$lock" >>"$LOG" 2>&1; then
        tail -n 5 "$LOG" >&2
        fail 3 "pip could not install the Python packages; is the network there? All it said: $LOG"
    fi
    printf '%s\n' "$wanted" >"$stamp"
}

reader_models() { # where only the system's models could be had, better ones are looked for once a day
    local words tried="$VENV/.models.tried"
    [[ -z $(find "$tried" -mmin -1440 2>/dev/null) ]] || return 0
    rm -f "$tried"
    words="$(cd "$ROOT" && "$PYTHON" -m ocr.engines.tessdata install 2>&1)" || {
        printf '%s\n' "$words" >&2
        fail 3 "the reader's models could not be installed"
    }
    # Nothing new is nothing to say.
    [[ $words == *"in place"* ]] || say "$words"
    [[ $words != *"not available"* ]] || touch "$tried"
}

first_model() { # what is learnt from the bundled letters; looked at again when letters or code change
    local stamp="$VENV/.first-model.stamp" wanted
    wanted="$({
        find "$ROOT/understanding" "$ROOT/language" \( -name '*.py' -o -name '*.json' -o -name '*.jsonl' -o -name '*.tsv' \) -print0 | sort -z |
            xargs -0r cat -- "$VENV"/.requirements*.stamp
    } 2>/dev/null | sha256sum || true)"
    if [[ -e $stamp && $(<"$stamp") == "$wanted" && -n $(compgen -G "$VENV/understanding/*.model") ]]; then
        return
    fi
    if ! (cd "$ROOT" && "$PYTHON" -m understanding.learning.first_model check) >>"$LOG" 2>&1; then
        say "learning from the bundled letters (once, up to a minute)"
        if ! (cd "$ROOT" && "$PYTHON" -m understanding.learning.first_model make) >>"$LOG" 2>&1; then
            say "the bundled letters could not be learnt from; the office tries it again at its first letter: $LOG"
            return
        fi
    fi
    printf '%s\n' "$wanted" >"$stamp"
}

translations() { # compiles what is newer than its compiled form
    local source compiled
    while IFS= read -r source; do
        compiled="${source%.po}.mo"
        if [[ ! -e $compiled || $source -nt $compiled ]]; then
            msgfmt --check-format -o "$compiled.new" "$source" 2>>"$LOG" ||
                fail 3 "the translation $source does not compile: $LOG"
            mv "$compiled.new" "$compiled"
        fi
    done < <(find "$ROOT" -mindepth 1 -maxdepth 6 \( -name '.*' -o -path "$ROOT/var" \) -prune \
        -o -name django.po -print)
}

prepare_database() { # two offices that start at once on the same data must not both migrate
    flock "$ROOT" "$PYTHON" "$ROOT/manage.py" migrate --no-input --verbosity 0 >>"$LOG" 2>&1 || {
        tail -n 5 "$LOG" >&2
        fail 3 "the database could not be prepared; all it said: $LOG"
    }
}
