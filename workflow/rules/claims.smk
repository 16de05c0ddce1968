# The claims of the experiments, those of tracked results included: they are evaluated from the summaries and printed in the report; one rule gives the verdict.
CLAIMED = {f"{RESULTS}/{name}": e for name, e in EXPERIMENTS.items()}
CLAIMED |= {KEPT[name]: e for name, e in composed("paper", tuple(KEPT)).items()}
BY_CHAPTER = sorted(
    CLAIMED, key=lambda f: ([*CHAPTERS, "own"].index(CLAIMED[f].stage), f)
)
VERDICT = f"{RESULTS}/verdict.txt"


rule claims:
    """Evaluate the claims of all experiments and write them to one table, which the report prints."""
    input:
        [f"{folder}/summary.parquet" for folder in CLAIMED],
    output:
        f"{RESULTS}/claims.parquet",
    log:
        f"logs/{SCALE}/claims.log",
    benchmark:
        f"benchmarks/{SCALE}/claims.tsv"
    params:
        claims=canonical([[folder, CLAIMED[folder].claims] for folder in BY_CHAPTER]),
        code=step_digest("geoflow.pipeline.claims"),
    shell:
        "python workflow/scripts/steps.py claims claims={params.claims:q} out={output} 2>&1 | tee {log}"
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
