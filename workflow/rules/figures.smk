# One rule a figure: it reads the tables of its experiments and only draws.
DRAWN = {
    name: figure
    for name, figure in FIGURES.items()
    if all(experiment in EXPERIMENTS for experiment in figure.experiments)
}


rule figures:
    input:
        [f"figures/{name}.{suffix}" for name in DRAWN for suffix in ("pdf", "png")],


for name, figure in DRAWN.items():

    rule:
        name:
            f"draw_{name}"
        input:
            results_of(figure.experiments),
        output:
            f"figures/{name}.pdf",
            f"figures/{name}.png",
        log:
            f"logs/{SCALE}/draw/{name}.log",
        benchmark:
            f"benchmarks/{SCALE}/draw/{name}.tsv"
        params:
            name=name,
            code=figure_digest(name),
            scale=SCALE,
        shell:
            "python -m geoflow.figures {params.name} --scale {params.scale}"
            " --results data/results --out figures 2>&1 | tee {log}"
