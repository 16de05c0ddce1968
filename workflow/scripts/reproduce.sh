#!/usr/bin/env bash
# make reproduce: run the pipeline, then say in one line what was made, where, and in what time.
#
# usage: reproduce.sh CORES [SCALE]
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
export PATH="$PWD/.venv/bin:$PATH"

readonly CORES=${1:-all} SCALE=${2:-}
readonly PDF=report/report.pdf

fail() {
    printf 'geoflow: %s\n' "$*" >&2
    exit 1
}
elapsed() {
    if [ "$SECONDS" -lt 60 ]; then printf '%d s' "$SECONDS"; else printf '%d min %d s' $((SECONDS / 60)) $((SECONDS % 60)); fi
}

# Snakemake itself at work in this folder, started by hand (Linux only: elsewhere there is no /proc to ask).
snakemake_here() {
    local process
    for process in /proc/[0-9]*; do
        [ "$(readlink "$process/cwd" 2>/dev/null)" = "$PWD" ] || continue
        tr '\0' ' ' <"$process/cmdline" 2>/dev/null | grep -Eq '(bin/|-m )snakemake ' && return 0
    done
    return 1
}

# A run that was killed leaves Snakemake's lock behind. It is stale only if nothing of that run is alive: descriptor 9
# is inherited by every job of a run, so that flock also sees jobs that outlived their Snakemake.
take_lock() {
    mkdir -p .snakemake
    if ! command -v flock >/dev/null || [ ! -d /proc ]; then return; fi
    exec 9>.snakemake/reproduce.lock
    if ! flock -n 9 || snakemake_here; then
        fail "another run is at work in this folder; wait until it has ended, or end it, then run make reproduce again."
    fi
    if [ -n "$(ls .snakemake/locks 2>/dev/null)" ]; then
        snakemake --unlock >/dev/null 2>&1 || true # if it fails, the run below says why
    fi
}

take_lock
settings=()
[ -n "$SCALE" ] && settings=(--config "scale=$SCALE")
snakemake --cores "$CORES" ${settings[@]+"${settings[@]}"}
status=$?

if [ "$status" -ne 0 ]; then
    printf 'geoflow: the reproduction stopped after %s; the reason is above, the step'"'"'s own words are in logs/. %s\n' \
        "$(elapsed)" "What is done is kept: make reproduce goes on from there." >&2
    exit "$status"
fi

drawn=$(find figures -maxdepth 1 -name '*.pdf' 2>/dev/null | wc -l | tr -d ' ')
made="in $(elapsed): $drawn figures in figures/, numbers in data/results/"
if command -v latexmk >/dev/null; then
    [ -f "$PDF" ] || fail "the pipeline ended without error, yet $PDF is missing; see logs/report/."
    printf 'geoflow: done %s, the report in %s\n' "$made" "$PDF"
else
    left="missing"
    [ -f "$PDF" ] && left="not brought up to date"
    printf 'geoflow: done %s; only %s is %s, for want of LaTeX: %s, then make reproduce again (seconds)\n' "$made" "$PDF" \
        "$left" "install latexmk and TeX Live (make setup GEOFLOW_TEX=install does it on Debian and Ubuntu)"
fi
