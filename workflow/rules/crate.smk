# A run as an RO-Crate: snakemake crate --cores 2. It needs the package rocrate, the extra `crate`.
rule crate:
    """Pack results, figures and report with their provenance as an RO-Crate."""
    input:
        results_of(EXPERIMENTS),
        kept_files(KEPT),
        products=[*rules.figures.input, *(REPORT if LATEX else [])],
    output:
        f"data/results/{SCALE}.crate.zip",
    log:
        f"logs/{SCALE}/crate.log",
    benchmark:
        f"benchmarks/{SCALE}/crate.tsv"
    params:
        code=step_digest(files=["run_crate.py"]),
        folders=",".join(
            [*(f"{RESULTS}/{name}" for name in EXPERIMENTS), *KEPT.values()]
        ),
        products=",".join([*rules.figures.input, *(REPORT if LATEX else [])]),
    shell:
        "python workflow/scripts/steps.py crate folders={params.folders} products={params.products} out={output}"
        " 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"
