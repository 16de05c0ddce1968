# One rule freezes the values of an experiment, and one rule a study computes from them.


localrules:
    configure,


rule configure:
    output:
        "data/results/{scale}/{experiment}/config.json",
    log:
        "logs/{scale}/configure/{experiment}.log",
    params:
        slice=slice_of,
    shell:
        "printf '%s\\n' {params.slice:q} > {output} 2> {log}"


for (stage, study), schema in STUDIES.items():
    named = [
        e.name for e in EXPERIMENTS.values() if (e.stage, e.study) == (stage, study)
    ]
    if not named:
        continue

    rule:
        name:
            f"{stage}_{study}"
        input:
            config="data/results/{scale}/{experiment}/config.json",
        output:
            [
                f"data/results/{{scale}}/{{experiment}}/{t}.parquet"
                for t in schema.tables
            ],
            "data/results/{scale}/{experiment}/summary.parquet",
        log:
            f"logs/{{scale}}/{stage}/{{experiment}}.log",
        benchmark:
            f"benchmarks/{{scale}}/{stage}/{{experiment}}.tsv"
        wildcard_constraints:
            experiment="|".join(named),
        threads: threads_of
        params:
            stage=stage,
            code=code(schema.function),
        shell:
            "python -m geoflow.stages.{params.stage} config={input.config}"
            " out=data/results/{wildcards.scale}/{wildcards.experiment} 2>&1 | tee {log}"


rule data:
    input:
        results_of(EXPERIMENTS),
