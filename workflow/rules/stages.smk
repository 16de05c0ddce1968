# One rule freezes the values of an experiment, and one rule per study computes the results from them.


localrules:
    configure,


rule configure:
    """Write the values of an experiment, as composed when Snakemake started, to a file."""
    output:
        "data/results/{scale}/{experiment}/config.json",
    log:
        "logs/{scale}/configure/{experiment}.log",
    params:
        slice=slice_of,
    shell:
        "printf '%s\\n' {params.slice:q} > {output} 2> {log}"


for kind in dict.fromkeys((e.stage, e.study) for e in EXPERIMENTS.values()):
    named = {e.name: e for e in EXPERIMENTS.values() if (e.stage, e.study) == kind}

    rule:
        """Run one study with the frozen values of an experiment."""
        name:
            "_".join(kind)
        input:
            config="data/results/{scale}/{experiment}/config.json",
        output:
            [
                f"data/results/{{scale}}/{{experiment}}/{file}"
                for file in [
                    *(f"{t}.parquet" for t in next(iter(named.values())).tables),
                    "complete.json",
                ]
            ],
        log:
            f"logs/{{scale}}/{kind[0]}/{{experiment}}.log",
        benchmark:
            f"benchmarks/{{scale}}/{kind[0]}/{{experiment}}.tsv"
        wildcard_constraints:
            experiment="|".join(named),
        group:
            group_of
        threads: threads_of
        resources:
            mem_mb=memory_of,
            runtime=runtime_of,
            gpu=gpus_of,
        params:
            code=code_of,
        shell:
            "python -m geoflow.run config={input.config}"
            " out=data/results/{wildcards.scale}/{wildcards.experiment} 2>&1 | tee {log}"


rule data:
    """Compute all results of the scale, without figures."""
    input:
        results_of(EXPERIMENTS),
