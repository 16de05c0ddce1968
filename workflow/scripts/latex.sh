#!/usr/bin/env bash
# Build a PDF in a temporary folder and move it to its place when it is complete.
#
# usage: latex.sh MAIN.tex OUTPUT.pdf [COMPANION.tex]    MAIN refers to the labels of COMPANION, beside it
set -uo pipefail

readonly MAIN=$1 OUTPUT=$2 COMPANION=${3:-}
folder=$(dirname "$MAIN")
name=$(basename "$MAIN" .tex)

if ! command -v latexmk >/dev/null; then
    echo "geoflow: $OUTPUT needs latexmk, which is not installed; make setup GEOFLOW_TEX=install does it on Debian and Ubuntu." >&2
    exit 2
fi

# The date of the last commit, not of this run: the same sources give the same bytes.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH FORCE_SOURCE_DATE=1
export max_print_line=1000 # by default TeX breaks its messages after 79 characters

# A fixed relative name, because the identifier of the PDF is a hash of it.
readonly BUILD=.build-$name
build=$folder/$BUILD
rm -rf "$build"
mkdir "$build"
trap 'rm -rf "$build"' EXIT
# The bibliography is shared, and bibtex runs in the build folder. Style, numbers and figures are found by these names:
# a text runs no code (-norc, -no-shell-escape), and reads and writes no file by a path outside of its folder.
tree=$PWD
export BIBINPUTS=$tree/report:$tree/$folder: TEXINPUTS=.:$tree/report:$tree: openin_any=p openout_any=p
if [ -n "$COMPANION" ]; then # two runs give its labels their numbers; its own errors are those of its own build
    for _ in 1 2; do
        (cd "$folder" && pdflatex -no-shell-escape -interaction=nonstopmode -halt-on-error -draftmode \
            -output-directory="$BUILD" "$(basename "$COMPANION")") >/dev/null 2>&1
    done
fi
(cd "$folder" && latexmk -norc -latexoption=-no-shell-escape -pdf -interaction=nonstopmode -halt-on-error -file-line-error \
    -outdir="$BUILD" "$name.tex") >"$build/latexmk.out" 2>&1
status=$?
if [ "$status" -ne 0 ]; then
    echo "geoflow: LaTeX could not build $OUTPUT; its first errors:" >&2
    grep -m 3 -A 6 -E '^(!|[^ ]+:[0-9]+: )' "$build/$name.log" >&2 || tail -n 20 "$build/latexmk.out" >&2
    exit 1
fi
grep -E '^(Overfull|LaTeX Warning: (Reference|Citation)|Package natbib Warning)' "$build/$name.log"
mv "$build/$name.pdf" "$OUTPUT.part" && mv "$OUTPUT.part" "$OUTPUT"
