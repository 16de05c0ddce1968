#!/usr/bin/env bash
# make setup: the environment .venv from requirements.lock, and LaTeX where it can be had.
#
#   PYTHON=...            the interpreter to use (default: the first of python3.13, 3.12, 3.11, python3 that works)
#   TORCH=cpu|cuda        which build of PyTorch (default: the one that is there, else cpu)
#   setup.sh --check      do nothing; succeed when .venv is what it should be
#   GEOFLOW_TEX=skip      leave LaTeX alone;  GEOFLOW_TEX=install  try again to install it
#
# .venv/geoflow.stamp says for what .venv was made: the lock's hash, Python's version, the folder, the build of PyTorch.
# It is written last and removed first, so that an interrupted set-up is never taken for a whole one. Where nothing is
# to be done nothing is printed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly VENV=.venv STAMP=.venv/geoflow.stamp TEX_ASKED=.venv/geoflow.tex LOG=logs/setup.log
readonly CPU_INDEX=https://download.pytorch.org/whl/cpu
readonly TEX_PACKAGES="latexmk texlive-latex-base texlive-latex-recommended texlive-pictures
    texlive-fonts-recommended lmodern"
readonly TEX_FILES="natbib.sty booktabs.sty microtype.sty geometry.sty caption.sty subcaption.sty eso-pic.sty
    hyperref.sty listings.sty xcolor.sty tikz.sty lmodern.sty"

# An activated .venv must not be asked to make itself anew.
PATH=":$PATH:"
PATH=${PATH//":$PWD/$VENV/bin:"/:}
PATH=${PATH#:} PATH=${PATH%:}

say() { printf 'geoflow: %s\n' "$*"; }
fail() {
    printf 'geoflow: %s\n' "$*" >&2
    exit 1
}
logged() { "$@" >>"$LOG" 2>&1 </dev/null; }

# The words of the last failure are in the log, the sentence on the screen.
pip() { logged "$VENV/bin/python" -m pip --disable-pip-version-check --no-input "$@"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}
can_apt() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}
apt_install() { # the lists of a fresh container are empty: update and try again
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=120 -o Acquire::Retries=0
        -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20)
    logged as_root "${apt[@]}" install --no-install-recommends "$@" ||
        { logged as_root "${apt[@]}" update && logged as_root "${apt[@]}" install --no-install-recommends "$@"; }
}

works() { # "$1 is there and 3.11 or newer": a name on PATH may be a mere shim, so it is run
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
    fail "Python 3.11 or newer is needed and none was found; install one (Debian, Ubuntu:" \
        "sudo apt-get install python3 python3-venv; macOS: brew install python@3.13) and run make setup again."
}

need_venv_module() { # Debian packs venv apart
    local python=$1 package
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if can_apt; then
        say "installing $package, without which $python makes no environment"
        apt_install "$package" || true
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python lacks the venv module; install it (Debian, Ubuntu: sudo apt-get install $package)" \
            "and run make setup again."
}

# What .venv has to be, in one line; empty when there is no working .venv/bin/python to ask.
wanted() {
    "$VENV/bin/python" - "$1" 2>/dev/null <<'PY' || true
import hashlib, os, sys
lock = hashlib.sha256(open("requirements.lock", "rb").read()).hexdigest()[:16]
project = hashlib.sha256(open("pyproject.toml", "rb").read()).hexdigest()[:16]
version = "%d.%d.%d" % sys.version_info[:3]
print(f"python={version} folder={os.getcwd()} torch={sys.argv[1]} lock={lock} project={project}")
PY
}

current() { # the stamp agrees with all of it, or with all but the named trailing part
    [ -f "$STAMP" ] || return 1
    local want have
    want=$(wanted "$TORCH")
    have=$(cat "$STAMP")
    [ -n "$want" ] && [ "${want%"${1:-}"*}" = "${have%"${1:-}"*}" ]
}

# On Linux/x86_64 a version that ends in +cpu is the CPU build and PyPI's plain one is for CUDA; == would take either.
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
    # From this index alone, so that no other can offer a package of that name. An index that cannot be reached is a
    # warning for pip: a wheel of PIP_FIND_LINKS will do.
    PIP_EXTRA_INDEX_URL="" pip install --no-deps --retries 0 --timeout 30 --index-url "$CPU_INDEX" "$requirement" && return
    fail "the CPU build of PyTorch ($requirement) was found neither at $CPU_INDEX nor in PIP_FIND_LINKS;" \
        "connect to that index or put the wheel in such a folder and run make setup again, or take the CUDA build" \
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
    # PyTorch is there; every other package must have one of the hashes of the lock.
    pip install --no-deps --require-hashes -r requirements.lock ||
        fail "the packages of requirements.lock could not be installed with its hashes; see the end of $LOG."
    install_geoflow
}

install_geoflow() {
    pip install --no-deps --no-build-isolation -e . ||
        fail "geoflow itself could not be installed; see the end of $LOG."
    pip check || fail "the installed packages do not fit together; see the end of $LOG."
    local want
    want=$(wanted "$TORCH")
    [ -n "$want" ] || fail "$VENV/bin/python does not run; remove $VENV and run make setup again."
    printf '%s\n' "$want" >"$STAMP.new"
    mv "$STAMP.new" "$STAMP"
}

set_up_python() {
    [ -f requirements.lock ] || fail "requirements.lock is missing; git checkout requirements.lock brings it back."
    if current; then return; fi
    mkdir -p logs
    # Two set-ups at once (make test beside make reproduce) would tread on each other: the second waits.
    if command -v flock >/dev/null; then
        exec 8>logs/setup.lock
        flock 8
        if current; then return; fi
    fi
    : >"$LOG"
    local began=$SECONDS
    if current " project="; then # all but the entry points is right, and the old stamp does not claim them
        install_geoflow
    elif current " lock="; then
        say "bringing $VENV up to requirements.lock"
        rm "$STAMP"
        fill_venv
    else
        make_venv
    fi
    say "$VENV is ready ($((SECONDS - began)) s)"
}

tex_is_there() {
    local found
    command -v latexmk >/dev/null && command -v pdflatex >/dev/null && command -v kpsewhich >/dev/null || return 1
    # shellcheck disable=SC2086  # the list is meant to be split
    found=$(kpsewhich $TEX_FILES | wc -l)
    [ "$found" -eq "$(wc -w <<<"$TEX_FILES")" ]
}

# LaTeX makes report/report.pdf and nothing else, so that its absence is told once and never fails the set-up.
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
    say "without LaTeX everything but report/report.pdf is made; for that, install (Debian, Ubuntu):" \
        "sudo apt-get install" $TEX_PACKAGES "(elsewhere: TeX Live with latexmk)"
}

# Unless asked otherwise the build of PyTorch that is there stays: a later `make test` does not swap it.
if [ -z "${TORCH:-}" ]; then
    TORCH=cpu
    if [ -f "$STAMP" ] && grep -q ' torch=cuda ' "$STAMP"; then TORCH=cuda; fi
fi
case "$TORCH" in
cpu | cuda) ;;
*) fail "TORCH is cpu or cuda, not $TORCH." ;;
esac

if [ "${1:-}" = --check ]; then
    current
    exit
fi
set_up_python
set_up_tex
