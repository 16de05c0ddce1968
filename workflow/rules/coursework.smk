# Coursework submissions: snakemake submission --cores 8 --config coursework=config/coursework.yaml
# (submission.smk includes this file only with that option).
import collect
from build_submission import check
from geoflow.coursework import configuration
from geoflow.pipeline.run import commit

HANDED_IN = config["coursework"]
DRAWS = {name: figure.experiments for name, figure in FIGURES.items()}
with sentences():
    COURSEWORK = configuration.load(HANDED_IN)
    check(COURSEWORK, HANDED_IN, SCALE, EXPERIMENTS, DRAWS)
    SOURCES = collect.sources(HANDED_IN, COURSEWORK.package)
CHOSEN = configuration.chosen(COURSEWORK, DRAWS)
CHOSEN_FIGURES = canonical(figure_origins(COURSEWORK.figures))
TEXTS = f"{GENERATED}/coursework"
TEXT_PDF = f"submission/{COURSEWORK.identifier}.pdf"


localrules:
    coursework_text,
    coursework_pdf,


rule coursework_text:
    """Write the numbers, claims and provenance that the coursework prints."""
    input:
        results_of(CHOSEN),
        coursework=HANDED_IN,
    output:
        [f"{TEXTS}/{name}" for name in configuration.TEXTS],
    log:
        f"logs/{SCALE}/coursework_text.log",
    benchmark:
        f"benchmarks/{SCALE}/coursework_text.tsv"
    params:
        code=step_digest("geoflow.coursework.text"),
        claims=canonical({name: EXPERIMENTS[name].claims for name in CHOSEN}),
        figures=CHOSEN_FIGURES,
        scale=SCALE,
    shell:
        "python workflow/scripts/steps.py coursework_text coursework={input.coursework:q}"
        " results=data/results/{params.scale} claims={params.claims:q} figures={params.figures:q}"
        " out=report/generated/coursework 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"


rule coursework_pdf:
    """Typeset the coursework."""
    input:
        rules.coursework_text.output,
        [f"figures/{name}.pdf" for name in COURSEWORK.figures],
        [path for path in SOURCES if path.startswith("report/coursework/")],
        "report/geoflow.sty",
        "report/references.bib",
        main="report/coursework/main.tex",
    output:
        TEXT_PDF,
    log:
        f"logs/{SCALE}/coursework_pdf.log",
    benchmark:
        f"benchmarks/{SCALE}/coursework_pdf.tsv"
    shell:
        "bash workflow/scripts/latex.sh {input.main} {output} > {log} 2>&1"
        " && python workflow/scripts/whole.py {output:q}"


rule submission:
    """Build and check the archive of a submission."""
    input:
        results_of(CHOSEN),
        rules.coursework_text.output,
        [f"figures/{name}.{s}" for name in COURSEWORK.figures for s in ("pdf", "png")],
        TEXT_PDF,
        coursework=HANDED_IN,
    output:
        f"submission/{COURSEWORK.identifier}.zip",
    log:
        f"logs/{SCALE}/submission.log",
    benchmark:
        f"benchmarks/{SCALE}/submission.tsv"
    params:
        sources=collect.fingerprint(SOURCES),
        commit=commit(),
        figures=CHOSEN_FIGURES,
        scale=SCALE,
    shell:
        "python workflow/scripts/steps.py submission coursework={input.coursework:q}"
        " scale={params.scale} figures={params.figures:q} out={output} 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"
