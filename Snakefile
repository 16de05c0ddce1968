# The workflow from the values in config/ to the report. Each rule is one step and runs one command.
#
#   snakemake --cores 8                          everything, at the default scale
#   snakemake --cores 8 --config scale=smoke     everything, with tiny sizes
#   snakemake figures/kepler_orbits.pdf --cores 1
#   snakemake -n                                 dry run: which jobs would run, and why
from snakemake.utils import min_version

min_version("9.0")


include: "workflow/rules/common.smk"
include: "workflow/rules/stages.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/crate.smk"
include: "workflow/rules/submission.smk"
include: "workflow/rules/graph.smk"
include: "workflow/rules/site.smk"


# On a cluster these rules run without the queue: most take about two seconds, and LaTeX is seldom on its nodes.
localrules:
    all,
    claims,
    verdict,
    figures,
    numbers,
    captions,
    robustness_table,
    course_table,
    tables,
    listings,
    provenance,
    costs,
    graph,
    report,
    typeset_report,
    typeset_supplement,
    submission,
    overleaf,
    crate,


rule all:
    """Make everything: results, figures, claims and the report (the default target)."""
    default_target: True
    input:
        rules.figures.input,
        rules.data.input,
        REPORT if LATEX else TYPESET,
        VERDICT,
        rules.captions.output,


include: "workflow/rules/whole.smk"


onsuccess:
    if not LATEX:
        print(WITHOUT_LATEX)
    notify(f"the run at the scale {SCALE} is complete.")


onerror:
    notify(f"the run at the scale {SCALE} stopped with an error; see geoflow status.")
