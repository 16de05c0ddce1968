# The claims of the experiments: they are evaluated from the summaries and printed in the report; one rule gives the verdict.
VERDICT = f"{RESULTS}/verdict.txt"


rule claims:
    """Evaluate the claims of all experiments and write them to one table, which the report prints."""
    input:
        [f"{RESULTS}/{name}/summary.parquet" for name in EXPERIMENTS],
    output:
        f"{RESULTS}/claims.parquet",
    log:
        f"logs/{SCALE}/claims.log",
    benchmark:
        f"benchmarks/{SCALE}/claims.tsv"
    params:
        claims=canonical({e.name: e.claims for e in EXPERIMENTS.values()}),
        code=step_digest("geoflow.pipeline.claims"),
        scale=SCALE,
    shell:
        "python workflow/scripts/steps.py claims results=data/results/{params.scale} claims={params.claims:q}"
        " out={output} 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"


# A separate rule, so that the table exists and the report can show the failure.
rule verdict:
    """Fail if a claim fails."""
    input:
        f"{RESULTS}/claims.parquet",
    output:
        VERDICT,
    log:
        f"logs/{SCALE}/verdict.log",
    benchmark:
        f"benchmarks/{SCALE}/verdict.tsv"
    params:
        code=step_digest(),
    shell:
        "python workflow/scripts/steps.py verdict claims={input} out={output} 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"
