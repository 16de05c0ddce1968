# A diagram of the workflow with about ten stages, and the full graph of rules for graphviz.
rule graph:
    """Draw the stages of the workflow, and write the full graph of its rules for graphviz."""
    output:
        pdf="figures/workflow/stages.pdf",
        png="figures/workflow/stages.png",
        dot="figures/workflow/rules.dot",
    log:
        f"logs/{SCALE}/graph.log",
    benchmark:
        f"benchmarks/{SCALE}/graph.tsv"
    params:
        code=step_digest(files=["draw_stages.py"]),
        rules=sorted(rule.name for rule in workflow.rules),
        scale=SCALE,
    shell:
        "(snakemake --rulegraph dot all --nolock --config scale={params.scale} > {output.dot} &&"
        " python workflow/scripts/draw_stages.py dot={output.dot} out=figures/workflow/stages) 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"
