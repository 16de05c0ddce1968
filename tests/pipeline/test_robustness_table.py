"""The table of certified accuracies: ours, with their intervals, and what was published."""

import csv
import json
import re
from decimal import Decimal
from pathlib import Path

import pandas as pd
from robustness_table import columns, radius, rows

from geoflow.ground.results import Results, write_tables

ROOT = Path(__file__).parents[2]
FIELDS = ("dataset", "method", "eps", "clean", "certified", "kind", "source")
LITERATURE = [
    dict(zip(FIELDS, row, strict=True))
    for row in (
        ("mnist", "a prototype", "1.58", "", "73.04", "deterministic", "Key2020"),
        ("mnist", "noise", "0.141176", "98", "97", "probabilistic", "Key2021"),
        ("mnist", "noise", "1.58", "98", "61.25", "probabilistic", "Key2021"),
        ("mnist", "noise", "0.3", "99", "62", "probabilistic", "Key2021"),
        ("cifar10", "nobody", "0.5", "", "1.0", "deterministic", "Key2022"),
    )
]


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
    radii = columns([run], LITERATURE)
    assert [radius(e) for e in radii] == ["$36/255$", "$0.3$", "$0.5$", "$1.58$"]
    table = list(rows([run], LITERATURE, radii))
    assert [len(row) for row in table] == [1, 6, 6, 6, 6, 6, 6, 6, 1, 6]
    title, network, certified, attacked, checked, prototype, noise, *_ = table
    assert "MNIST" in title[0] and title[0].count("{6}") == 1
    assert network == ("non-expansive network", "90.0", "", "", "", "")
    assert certified[0].endswith("certified")
    assert certified[5].startswith("40.5") and certified[5].endswith("1.5")
    assert attacked[2].startswith("86.5")
    assert checked[0].endswith("and AutoAttack, 20 images") and checked[2] == ""
    assert prototype[:5] == (r"a prototype~\citep{Key2020}", "", "", "", "")
    assert noise[0] == r"noise\textsuperscript{p}~\citep{Key2021}"


def test_radii_of_one_published_network_share_a_row_with_at_most_one_decimal(tmp_path: Path) -> None:
    run = results(tmp_path)
    table = list(rows([run], LITERATURE, columns([run], LITERATURE)))
    numbers = [[cell.split(r"\phantom")[0] for cell in row[1:]] for row in table[5:8]]
    assert numbers == [["", "", "", "", "73.0"], ["98", "97", "", "", "61.2"], ["99", "", "62", "", ""]]


def test_without_runs_only_the_literature_is_there() -> None:
    table = list(rows([], LITERATURE, [0.5, 1.58]))
    assert len(table) == 6
    assert "CIFAR-10" in table[4][0]
    assert table[5] == (r"nobody~\citep{Key2022}", "", "1.0", "")


def test_the_published_numbers_of_the_report_are_in_the_table_with_a_source_that_it_cites() -> None:
    text = (ROOT / "report/sections/robust/robust.tex").read_text()
    with open(ROOT / "data/reference/robustness/literature.csv", newline="") as file:
        literature = list(csv.DictReader(file))
    printed = re.findall(r"\\printed\{([\d.]+)\\,\\%\}", text)
    assert len(printed) >= 5
    for number in printed:
        sources = {row["source"] for row in literature if f"{Decimal(row['certified']):.1f}" == number}
        assert any(source in text for source in sources), number
