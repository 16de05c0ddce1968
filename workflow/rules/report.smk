# Numbers, tables and provenance as LaTeX, and the report that includes them.
REPORT = ["report/report.pdf", "report/supplement.pdf"]
SUMMARIES = [
    f"{RESULTS}/{n}/{f}"
    for n in EXPERIMENTS
    for f in ("config.json", "summary.parquet")
]


rule numbers:
    """Write every number of the results as a LaTeX macro."""
    input:
        SUMMARIES,
        kept_files(KEPT),
    output:
        f"{GENERATED}/numbers.tex",
        f"{GENERATED}/scale.tex",
    log:
        f"logs/{SCALE}/numbers.log",
    benchmark:
        f"benchmarks/{SCALE}/numbers.tsv"
    params:
        code=step_digest("geoflow.pipeline.numbers"),
        experiments=",".join(EXPERIMENTS),
        tracked=",".join(KEPT.values()),
        scale=SCALE,
    shell:
        "python workflow/scripts/steps.py numbers results=data/results/{params.scale}"
        " experiments={params.experiments} tracked={params.tracked} out=report/generated 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"


# The captions for Snakemake's own report (snakemake --report), extracted from the LaTeX text.
rule captions:
    """Write the captions of the figures for `snakemake --report`."""
    input:
        found("report/sections/*.tex", "report/sections/*/*.tex"),
        numbers=f"{GENERATED}/numbers.tex",
    output:
        [f"{GENERATED}/captions/{name}.rst" for name in DRAWN],
    log:
        f"logs/{SCALE}/captions.log",
    benchmark:
        f"benchmarks/{SCALE}/captions.tsv"
    params:
        code=step_digest(files=["captions.py"]),
        figures=",".join(DRAWN),
    shell:
        "python workflow/scripts/steps.py captions sections=report/sections numbers={input.numbers}"
        " figures={params.figures} out=report/generated/captions 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"


# The experiments that state numbers of the course, with their results (of this run, or tracked).
COURSE = {name: e.printed for name, e in EXPERIMENTS.items() if e.printed}
COURSE |= {
    name: e.printed
    for name, e in composed("paper").items()
    if name in KEPT and e.printed
}


rule course_table:
    """Print the numbers of the course beside ours."""
    input:
        results_of(e for e in COURSE if e in EXPERIMENTS),
        kept_files(e for e in COURSE if e in KEPT),
    output:
        f"{GENERATED}/tables/course.tex",
    log:
        f"logs/{SCALE}/course_table.log",
    benchmark:
        f"benchmarks/{SCALE}/course_table.tsv"
    params:
        code=step_digest(files=["course_table.py"]),
        printed=canonical(COURSE),
        folders=",".join(KEPT.get(e, f"{RESULTS}/{e}") for e in COURSE),
    shell:
        "python workflow/scripts/steps.py course_table folders={params.folders} printed={params.printed:q}"
        " out={output} 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"


# Certified and attacked accuracies on MNIST and Fashion-MNIST (of this run, or tracked), beside published ones.
ROBUSTNESS = {
    e: f"{RESULTS}/{e}" if e in EXPERIMENTS else KEPT[e]
    for e in ("mnist_robustness", "fashion_table")
    if e in EXPERIMENTS or e in KEPT
}


rule robustness_table:
    """Print certified and attacked accuracies beside those of the literature."""
    input:
        [
            file
            for e in ROBUSTNESS
            for file in (kept_files([e]) if e in KEPT else results_of([e]))
        ],
        literature="data/reference/robustness/literature.csv",
    output:
        f"{GENERATED}/tables/robustness.tex",
    log:
        f"logs/{SCALE}/robustness_table.log",
    benchmark:
        f"benchmarks/{SCALE}/robustness_table.tsv"
    params:
        code=step_digest("geoflow.figures.palette", files=["robustness_table.py"]),
        folders=",".join(ROBUSTNESS.values()),
    shell:
        "python workflow/scripts/steps.py robustness_table folders={params.folders}"
        " literature={input.literature} out={output} 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"


rule tables:
    """Print the headlines, laws, orders and the catalogue as LaTeX tables."""
    input:
        results_of(
            n for n, e in EXPERIMENTS.items() if e.study in ("order", "catalogue")
        ),
        claims=f"{RESULTS}/claims.parquet",
    output:
        f"{GENERATED}/tables/headlines.tex",
        f"{GENERATED}/tables/laws.tex",
        f"{GENERATED}/tables/orders.tex",
        f"{GENERATED}/tables/catalogue.tex",
    log:
        f"logs/{SCALE}/tables.log",
    benchmark:
        f"benchmarks/{SCALE}/tables.tsv"
    params:
        code=step_digest(
            "geoflow.pipeline.claims",
            "geoflow.theory.order_conditions",
            files=["catalogue_table.py", "claim_tables.py"],
        ),
        orders=",".join(n for n, e in EXPERIMENTS.items() if e.study == "order"),
        catalogue=",".join(n for n, e in EXPERIMENTS.items() if e.study == "catalogue"),
        scale=SCALE,
    shell:
        "python workflow/scripts/steps.py tables results=data/results/{params.scale} orders={params.orders}"
        " catalogue={params.catalogue}"
        " out=report/generated/tables 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"


# One table per experiment of these studies.
LISTED = [
    n
    for n, e in EXPERIMENTS.items()
    if e.study in ("first_integrals", "planet_costs", "radius_controls")
]


rule listings:
    """Print one LaTeX table per experiment of the studies that list their results."""
    input:
        results_of(LISTED),
    output:
        [f"{GENERATED}/tables/{name}.tex" for name in LISTED],
    log:
        f"logs/{SCALE}/listings.log",
    benchmark:
        f"benchmarks/{SCALE}/listings.tsv"
    params:
        code=step_digest(files=["listings.py"]),
        experiments=",".join(LISTED),
        scale=SCALE,
    shell:
        "python workflow/scripts/steps.py listings results=data/results/{params.scale}"
        " experiments={params.experiments} out=report/generated/tables 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"


rule provenance:
    """Write the provenance of each figure, which the report prints below it."""
    input:
        SUMMARIES,
        kept_files(KEPT),
    output:
        f"{GENERATED}/provenance.tex",
    log:
        f"logs/{SCALE}/provenance.log",
    benchmark:
        f"benchmarks/{SCALE}/provenance.tsv"
    params:
        code=step_digest("geoflow.pipeline.numbers"),
        figures=canonical(figure_origins(DRAWN)),
        scale=SCALE,
    shell:
        "python workflow/scripts/steps.py provenance results=data/results/{params.scale} figures={params.figures:q}"
        " out={output} 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"


# Times differ between runs, so that this table and the PDF are not byte-identical.
rule costs:
    """Print the computing time of each step."""
    input:
        SUMMARIES,
    output:
        f"{GENERATED}/tables/costs.tex",
    log:
        f"logs/{SCALE}/costs.log",
    benchmark:
        f"benchmarks/{SCALE}/costs.tsv"
    params:
        code=step_digest(),
        scale=SCALE,
    shell:
        "python workflow/scripts/steps.py costs benchmarks=benchmarks/{params.scale} out={output}"
        " 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"


# Report and supplement refer to each other: each is typeset with the labels of the other.
DOCUMENTS = {"report": ("main", "supplement"), "supplement": ("supplement", "main")}
TYPESET = [
    *(rules.figures.input, rules.numbers.output, rules.tables.output),
    *(rules.listings.output, rules.robustness_table.output, rules.course_table.output),
    *(rules.provenance.output, rules.costs.output),
    found(
        "report/*.sty",
        "report/*.bib",
        "report/*.tex",
        "report/sections/*.tex",
        "report/sections/*/*.tex",
    ),
]

for document, (main, companion) in DOCUMENTS.items():

    rule:
        """Typeset the report, or its supplement."""
        name:
            f"typeset_{document}"
        input:
            TYPESET,
            main=f"report/{main}.tex",
            companion=f"report/{companion}.tex",
        output:
            f"report/{document}.pdf",
        log:
            f"logs/{SCALE}/{document}.log",
        benchmark:
            f"benchmarks/{SCALE}/{document}.tsv"
        shell:
            "bash workflow/scripts/latex.sh {input.main} {output} {input.companion} > {log} 2>&1"
            " && python workflow/scripts/whole.py {output:q}"


rule report:
    """Typeset the report and its supplement."""
    input:
        REPORT,


rule overleaf:
    """Pack text, numbers, figures and bibliography: an archive that latexmk builds in an empty folder."""
    input:
        TYPESET,
    output:
        "report/overleaf.zip",
    log:
        f"logs/{SCALE}/overleaf.log",
    benchmark:
        f"benchmarks/{SCALE}/overleaf.tsv"
    params:
        code=step_digest(files=["pack.py"]),
    shell:
        "python workflow/scripts/steps.py overleaf report=report figures=figures out={output} 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"
