#!/usr/bin/env bash
# make reproduce: run the pipeline, then print one line with its output and the time.
#
# usage: [V=1] reproduce.sh CORES [SCALE]; V=1 prints the whole output of Snakemake
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
export PATH="$PWD/.venv/bin:$PATH"

readonly CORES=${1:-all} SCALE=${2:-}
readonly PDF=report/report.pdf SUPPLEMENT=report/supplement.pdf

fail() {
    printf 'geoflow: %s\n' "$*" >&2
    exit 1
}
elapsed() {
    if [ "$SECONDS" -lt 60 ]; then printf '%d s' "$SECONDS"; else printf '%d min %d s' $((SECONDS / 60)) $((SECONDS % 60)); fi
}

# True if a process of another run is active in this folder: a Snakemake started by hand, or a job (recognised by an
# inherited environment variable) that is still running after its Snakemake has ended.
another_run() {
    local process
    for process in /proc/[0-9]*; do
        if grep -zqsFx "GEOFLOW_RUN=$PWD" "$process/environ"; then return 0; fi
        [ "$(readlink "$process/cwd" 2>/dev/null)" = "$PWD" ] || continue
        if tr '\0' ' ' 2>/dev/null <"$process/cmdline" | grep -Eq '(bin/|-m )snakemake |-m geoflow[.]'; then return 0; fi
    done
    return 1
}

# A killed run leaves the lock of Snakemake behind, and the next run would not start. The lock is removed only if no other
# run is active here. If this cannot be determined (no flock, no /proc), the message of Snakemake says what to do.
take_lock() {
    mkdir -p .snakemake
    if ! command -v flock >/dev/null || [ ! -r /proc/self/environ ]; then return; fi
    exec 9>.snakemake/reproduce.lock
    if ! flock -n 9 || another_run; then
        fail "another run is active in this folder; wait until it has ended, or stop it, then run make reproduce again."
    fi
    if [ -n "$(ls .snakemake/locks 2>/dev/null)" ]; then
        snakemake --unlock >/dev/null 2>&1 || true # if this fails, the run below gives the reason
    fi
}

take_lock
export GEOFLOW_RUN=$PWD
settings=()
[ -n "$SCALE" ] && settings=(--config "scale=$SCALE")
if [ -n "${V:-}" ]; then
    snakemake --cores "$CORES" ${settings[@]+"${settings[@]}"}
    status=$?
else
    snakemake --cores "$CORES" ${settings[@]+"${settings[@]}"} 2>&1 | python workflow/scripts/brief.py "${SCALE:-default}"
    status=${PIPESTATUS[0]}
fi

if [ "$status" -ne 0 ]; then
    printf 'geoflow: the reproduction stopped after %s; the reason is above, the output of each step is in logs/. %s\n' \
        "$(elapsed)" "Finished steps are kept: run make reproduce again to continue." >&2
    exit "$status"
fi

drawn=$(find figures -maxdepth 1 -name '*.pdf' 2>/dev/null | wc -l | tr -d ' ')
made="in $(elapsed): $drawn figures in figures/, numbers in data/results/"
if command -v latexmk >/dev/null; then
    [ -f "$PDF" ] || fail "the pipeline ended without an error, but $PDF is missing; see logs/${SCALE:-default}/report.log."
    printf 'geoflow: done %s, the report in %s and %s\n' "$made" "$PDF" "$SUPPLEMENT"
else
    left="missing"
    [ -f "$PDF" ] && left="out of date"
    printf 'geoflow: done %s; only %s is %s, because LaTeX is missing: %s, then run make reproduce again (seconds)\n' "$made" "$PDF" \
        "$left" "install latexmk and TeX Live (make setup GEOFLOW_TEX=install does it on Debian and Ubuntu)"
fi
