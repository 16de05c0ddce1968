# From the values in config/ to the report: each rule is one step, each step one command.
#
#   snakemake --cores 8                          everything, at the default scale
#   snakemake --cores 8 --config scale=smoke     everything, tiny
#   snakemake figures/kepler_orbits.pdf --cores 1
#   snakemake -n                                 what would be done, and why
from snakemake.utils import min_version

min_version("9.0")


container: "docker://debian:bookworm"


include: "workflow/rules/common.smk"
include: "workflow/rules/stages.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/submission.smk"


rule all:
    default_target: True
    input:
        rules.figures.input,
        rules.data.input,
        REPORT if LATEX else rules.report.input,
        VERDICT,


include: "workflow/rules/whole.smk"


onsuccess:
    if not LATEX:
        print(WITHOUT_LATEX)
