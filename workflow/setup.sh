#!/usr/bin/env bash
# make setup: install the environment .venv from requirements.lock, and LaTeX if possible.
#
#   PYTHON=...            the interpreter to use (default: the first of python3.13, 3.12, 3.11, python3 that works)
#   TORCH=cpu|cuda        the build of PyTorch (default: the installed one, otherwise cpu)
#   INSTALLER=pip|uv      what installs the packages of requirements.lock (default: pip); uv has to be on PATH
#   setup.sh --check      change nothing; succeed if .venv is up to date
#   setup.sh --site       also install requirements-site.lock, which only the documentation site needs
#   GEOFLOW_TEX=skip      skip LaTeX;  GEOFLOW_TEX=install  try again to install it
#
# .venv/geoflow.stamp records the state of .venv: the hash of the lock, the version of Python, the folder, the build of
# PyTorch. It is written last and removed first, so that an interrupted set-up never counts as complete. The script prints
# nothing if the environment is up to date.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly VENV=.venv STAMP=.venv/geoflow.stamp TEX_ASKED=.venv/geoflow.tex LOG=logs/setup.log
readonly SITE_LOCK=requirements-site.lock SITE_STAMP=.venv/geoflow.site.lock
readonly CPU_INDEX=https://download.pytorch.org/whl/cpu
readonly TEX_PACKAGES="latexmk texlive-latex-base texlive-latex-recommended texlive-pictures
    texlive-fonts-recommended lmodern"
readonly TEX_FILES="natbib.sty booktabs.sty microtype.sty geometry.sty caption.sty subcaption.sty eso-pic.sty
    hyperref.sty listings.sty xcolor.sty tikz.sty lmodern.sty"

# Remove an activated .venv from PATH, so that it does not recreate itself.
PATH=":$PATH:"
PATH=${PATH//":$PWD/$VENV/bin:"/:}
PATH=${PATH#:} PATH=${PATH%:}

say() { printf 'geoflow: %s\n' "$*"; }
fail() {
    printf 'geoflow: %s\n' "$*" >&2
    exit 1
}
logged() { "$@" >>"$LOG" 2>&1 </dev/null; }

# The output of pip goes to the log; the screen shows one sentence.
pip() { logged "$VENV/bin/python" -m pip --disable-pip-version-check --no-input "$@"; }
install_locked() { # PyTorch is installed; every other package must match a hash of the lock
    local words=(install --no-deps --require-hashes -r requirements.lock)
    if [ "$INSTALLER" = uv ]; then logged uv pip "${words[@]}" --python "$VENV/bin/python"; else pip "${words[@]}"; fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}
can_apt() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}
apt_install() { # the package lists of a new container are empty: update them and try again
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=120 -o Acquire::Retries=0
        -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20)
    logged as_root "${apt[@]}" install --no-install-recommends "$@" ||
        { logged as_root "${apt[@]}" update && logged as_root "${apt[@]}" install --no-install-recommends "$@"; }
}

works() { # true if $1 runs and is 3.11 or newer; a name on PATH may be a shim that does not run
    command -v "$1" >/dev/null &&
        "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        works "$PYTHON" || fail "PYTHON=$PYTHON is not a Python 3.11 or newer; give the path of one, or leave it out."
        printf '%s\n' "$PYTHON"
        return
    fi
    local name
    for name in python3.13 python3.12 python3.11 python3; do
        if works "$name"; then
            printf '%s\n' "$name"
            return
        fi
    done
    fail "Python 3.11 or newer is required but was not found; install it (Debian, Ubuntu:" \
        "sudo apt-get install python3 python3-venv; macOS: brew install python@3.13) and run make setup again."
}

need_venv_module() { # Debian has a separate package for venv
    local python=$1 package
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if can_apt; then
        say "installing $package, which $python needs to make an environment"
        apt_install "$package" || true
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python lacks the venv module; install it (Debian, Ubuntu: sudo apt-get install $package)" \
            "and run make setup again."
}

# The stamp that .venv should have, in one line; empty if .venv/bin/python does not run.
wanted() {
    "$VENV/bin/python" - "$1" 2>/dev/null <<'PY' || true
import hashlib, os, sys
lock = hashlib.sha256(open("requirements.lock", "rb").read()).hexdigest()[:16]
project = hashlib.sha256(open("pyproject.toml", "rb").read()).hexdigest()[:16]
version = "%d.%d.%d" % sys.version_info[:3]
print(f"python={version} folder={os.getcwd()} torch={sys.argv[1]} lock={lock} project={project}")
PY
}

current() { # true if the stamp agrees with it, except for the trailing part named by $1
    [ -f "$STAMP" ] || return 1
    local want have
    want=$(wanted "$TORCH")
    have=$(cat "$STAMP")
    [ -n "$want" ] && [ "${want%"${1:-}"*}" = "${have%"${1:-}"*}" ]
}

# On Linux/x86_64 a version that ends in +cpu is the CPU build, and the plain version of PyPI is for CUDA; == accepts both.
torch_requirement() {
    local pinned
    pinned=$(sed -nE 's/^(torch==[0-9.]+).*/\1/p' requirements.lock)
    case "$(uname -s)-$(uname -m)-$TORCH" in
    Linux-x86_64-cpu) printf '%s+cpu\n' "$pinned" ;;
    *-cuda) printf '%s\n' "${pinned/==/===}" ;;
    *) printf '%s\n' "$pinned" ;;
    esac
}

install_torch() {
    local requirement
    requirement=$(torch_requirement)
    if [ "$TORCH" = cuda ]; then
        pip install --retries 1 "$requirement" && return
        fail "PyTorch for CUDA ($requirement) could not be installed; see $LOG."
    fi
    # Only from this index, so that no other index can offer a package of that name. If the index cannot be reached, pip
    # prints a warning and can use a wheel from PIP_FIND_LINKS.
    PIP_EXTRA_INDEX_URL="" pip install --no-deps --retries 0 --timeout 30 --index-url "$CPU_INDEX" "$requirement" && return
    fail "the CPU build of PyTorch ($requirement) was found neither at $CPU_INDEX nor in PIP_FIND_LINKS;" \
        "connect to that index or put the wheel into such a folder and run make setup again, or use the CUDA build" \
        "(several gigabytes) with make setup TORCH=cuda. Details: $LOG."
}

make_venv() {
    local python
    python=$(find_python)
    need_venv_module "$python"
    say "setting up $VENV with $("$python" --version) (about a minute, 2 GB)"
    rm -rf "$VENV"
    logged "$python" -m venv "$VENV" || fail "$python -m venv $VENV failed; see $LOG."
    fill_venv
}

fill_venv() {
    install_torch
    install_locked ||
        fail "the packages of requirements.lock could not be installed with its hashes; see the end of $LOG."
    install_geoflow
}

install_geoflow() {
    pip install --no-deps --no-build-isolation -e . ||
        fail "geoflow itself could not be installed; see the end of $LOG."
    pip check || fail "the installed packages are not compatible with each other; see the end of $LOG."
    local want
    want=$(wanted "$TORCH")
    [ -n "$want" ] || fail "$VENV/bin/python does not run; remove $VENV and run make setup again."
    printf '%s\n' "$want" >"$STAMP.new"
    mv "$STAMP.new" "$STAMP"
}

set_up_python() {
    [ -f requirements.lock ] || fail "requirements.lock is missing; restore it with git checkout requirements.lock."
    if current; then return; fi
    mkdir -p logs
    # Two set-ups at the same time (make test and make reproduce) would interfere: the second one waits.
    if command -v flock >/dev/null; then
        exec 8>logs/setup.lock
        flock 8
        if current; then return; fi
    fi
    : >"$LOG"
    local began=$SECONDS
    if current " project="; then # only the entry points are out of date; the old stamp says so if this is interrupted
        install_geoflow
    elif current " lock="; then
        say "updating $VENV to requirements.lock"
        rm "$STAMP"
        fill_venv
    else
        make_venv
    fi
    say "$VENV is ready ($((SECONDS - began)) s)"
}

# The packages of the site are added to .venv; a copy of their lock records that they are there.
set_up_site() {
    if cmp -s "$SITE_LOCK" "$SITE_STAMP"; then return; fi
    mkdir -p logs
    say "installing the packages of the documentation site (about half a minute, 0.4 GB)"
    pip install --no-deps --require-hashes -r "$SITE_LOCK" ||
        fail "the packages of $SITE_LOCK could not be downloaded or do not match its hashes; connect to PyPI and run" \
            "make site again. Everything else works without them. Details: $LOG."
    cp "$SITE_LOCK" "$SITE_STAMP"
}

tex_is_there() {
    local found
    command -v latexmk >/dev/null && command -v pdflatex >/dev/null && command -v kpsewhich >/dev/null || return 1
    # shellcheck disable=SC2086  # the list is meant to be split
    found=$(kpsewhich $TEX_FILES | wc -l)
    [ "$found" -eq "$(wc -w <<<"$TEX_FILES")" ]
}

# Only report/report.pdf needs LaTeX, so that a missing LaTeX is reported once and does not make the set-up fail.
set_up_tex() {
    case "${GEOFLOW_TEX:-}" in
    skip) return ;;
    install) rm -f "$TEX_ASKED" ;;
    esac
    if tex_is_there || [ -f "$TEX_ASKED" ]; then return; fi
    mkdir -p logs
    if can_apt; then
        say "installing LaTeX for the report (about half a minute)"
        # shellcheck disable=SC2086
        if apt_install $TEX_PACKAGES && tex_is_there; then
            say "LaTeX is ready"
            return
        fi
    fi
    touch "$TEX_ASKED"
    # shellcheck disable=SC2086
    say "without LaTeX everything except report/report.pdf is made; to make it, install (Debian, Ubuntu):" \
        "sudo apt-get install" $TEX_PACKAGES "(elsewhere: TeX Live with latexmk)"
}

# By default the installed build of PyTorch is kept, so that a later `make test` does not replace it.
if [ -z "${TORCH:-}" ]; then
    TORCH=cpu
    if [ -f "$STAMP" ] && grep -q ' torch=cuda ' "$STAMP"; then TORCH=cuda; fi
fi
case "$TORCH" in
cpu | cuda) ;;
*) fail "TORCH should be cpu or cuda, but it is $TORCH." ;;
esac

INSTALLER=${INSTALLER:-pip}
case "$INSTALLER" in
pip) ;;
uv) command -v uv >/dev/null || fail "INSTALLER=uv, but uv is not on PATH; install it (pip install uv), or leave INSTALLER out." ;;
*) fail "INSTALLER should be pip or uv, but it is $INSTALLER." ;;
esac

if [ "${1:-}" = --check ]; then
    current
    exit
fi
set_up_python
set_up_tex
if [ "${1:-}" = --site ]; then set_up_site; fi
