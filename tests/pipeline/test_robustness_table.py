"""The table of certified accuracies: ours, with their intervals, and what was published."""

import json
from pathlib import Path

import pandas as pd
from robustness_table import columns, radius, rows

from geoflow.ground.results import Results, write_tables

LITERATURE = [
    {"dataset": "mnist", "method": "a prototype", "eps": "1.58", "clean": "", "certified": "73.0", "source": "Key2020"},
    {"dataset": "fashion_mnist", "method": "nobody", "eps": "0.5", "clean": "", "certified": "1.0", "source": ""},
]  # fmt: skip


def results(folder: Path) -> Results:
    table = [
        ("non_expansive", 0, eps, kind, images, value, value - 0.01, value + 0.02)
        for eps in (0, 36 / 255, 1.58)
        for kind, images, value in (
            ("attacked", 100, 0.9 - eps / 4),
            ("certified", 100, 0.8 - eps / 4),
            ("cross_checked", 20, 0.7),
        )
        if kind != "cross_checked" or eps > 1
    ]
    names = ["network", "seed", "eps", "kind", "images", "accuracy", "low", "high"]
    write_tables(folder, {"accuracy": pd.DataFrame(table, columns=names)})
    values = {"dataset": {"name": "mnist"}, "eps": [0, 36 / 255, 1.58]}
    (folder / "config.json").write_text(json.dumps({"values": values}))
    return Results(folder)


def test_every_radius_has_a_column_and_every_data_set_its_rows(tmp_path: Path) -> None:
    run = results(tmp_path)
    radii = columns([run])
    assert [radius(e) for e in radii] == ["$36/255$", "$1.58$"]
    table = list(rows([run], LITERATURE, radii))
    assert [len(row) for row in table] == [1, 1, 3, 3, 3, 1, 3, 1, 1, 3]
    title, network, certified, attacked, checked, other, published, *_ = table
    assert "MNIST" in title[0]
    assert "non-expansive" in network[0] and network[0].endswith(", clean 90.0}")
    assert certified[0].endswith("certified")
    assert certified[2].startswith("40.5") and certified[2].endswith("1.5")
    assert attacked[1].startswith("86.5")
    assert checked[0].endswith("and AutoAttack, 20 images") and checked[1] == ""
    assert other[0].endswith(r"{a prototype~\citep{Key2020}}")
    assert published[1:] == ("", "73.0")


def test_without_runs_only_the_literature_is_there() -> None:
    table = list(rows([], LITERATURE, [0.5, 1.58]))
    assert len(table) == 6
    assert "{nobody}" in table[4][0]
