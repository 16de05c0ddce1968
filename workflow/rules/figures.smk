# One rule per figure. It reads the tables of its experiments (of this scale, or tracked) and draws them.
DRAWN = {
    name: figure
    for name, figure in FIGURES.items()
    if any(all(e in known for e in figure.experiments) for known in (EXPERIMENTS, KEPT))
}


rule figures:
    """Draw all figures."""
    input:
        [f"figures/{name}.{suffix}" for name in DRAWN for suffix in ("pdf", "png")],


for name, figure in DRAWN.items():

    rule:
        """Draw one figure from the tables of its experiments."""
        name:
            f"draw_{name}"
        input:
            (
                kept_files(figure.experiments)
                if figure.experiments[0] in KEPT
                else results_of(figure.experiments)
            ),
        output:
            f"figures/{name}.pdf",
            report(
                f"figures/{name}.png",
                caption=f"../../{GENERATED}/captions/{name}.rst",
                category=figure.draws.partition(".")[0].capitalize(),
                labels={"figure": name, "experiments": ", ".join(figure.experiments)},
            ),
        log:
            f"logs/{SCALE}/draw/{name}.log",
        benchmark:
            f"benchmarks/{SCALE}/draw/{name}.tsv"
        group:
            "figures"
        resources:
            mem_mb=demand(f"draw/{name}", SCALE).memory,
            runtime=demand(f"draw/{name}", SCALE).runtime,
        params:
            name=name,
            code=figure_digest(name),
            source=(
                f"--scale paper --results {TRACKED} --unmarked"
                if figure.experiments[0] in KEPT
                else f"--scale {SCALE} --results data/results"
            ),
        shell:
            "python -m geoflow.pipeline.draw {params.name} {params.source} --out figures 2>&1 | tee {log}"
            " && python workflow/scripts/whole.py {output:q}"
