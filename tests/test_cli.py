"""The command line: its numbers are the library's, its errors one line, its output fit for where it goes."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from mutua import KSG, Ross, __version__, estimate, independence_test
from mutua._report import Progress, bar
from mutua._table import BATCH
from mutua.cli import main
from mutua.feature_selection import mutual_info_classif, mutual_info_regression

ROOT = Path(__file__).parents[1]
IRIS = ROOT / "examples" / "iris.csv"
EXACT = 1e-14  # the same calls; the share and the base add one division


@pytest.fixture
def write(tmp_path):
    """Writes a file, text or bytes, and returns its path."""

    def to_file(content, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return to_file


@pytest.fixture
def ranked(capsys):
    """Runs `mutua rank ... --json` and returns the document, its columns under their names."""

    def run(*arguments):
        code = main(["rank", *map(str, arguments), "--json"])
        captured = capsys.readouterr()
        assert (code, captured.err) == (0, "")
        document = json.loads(captured.out)
        document["order"] = [column["column"] for column in document["columns"]]
        document["columns"] = {column["column"]: column for column in document["columns"]}
        return document

    return run


@pytest.fixture
def shown(capsys):
    """Runs `mutua rank ...` and returns the text."""

    def run(*arguments):
        code = main(["rank", *map(str, arguments)])
        captured = capsys.readouterr()
        assert (code, captured.err) == (0, "")
        return captured.out

    return run


@pytest.fixture
def refused(capsys):
    """Runs `mutua rank ...` on bad input and returns the one line on standard error."""

    def run(*arguments):
        code = main(["rank", *map(str, arguments)])
        captured = capsys.readouterr()
        assert (code, captured.out) == (2, "")
        assert captured.err.startswith("mutua: ")
        assert captured.err.count("\n") == 1
        return captured.err.removeprefix("mutua: ").rstrip("\n")

    return run


def table(**columns):
    """CSV text of equally long columns."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(zip(*(np.asarray(c).tolist() for c in columns.values()), strict=True))
    return out.getvalue()


def iris():
    rows = list(csv.reader(IRIS.read_text().splitlines()))
    features = np.array([row[:4] for row in rows[1:]], dtype=float)
    return rows[0], features, np.array([row[4] for row in rows[1:]])


# Numbers


@pytest.mark.parametrize(("k", "seed"), [(3, 0), (5, 7)])
def test_scores_of_a_discrete_target_are_those_of_mutual_info_classif(ranked, k, seed):
    names, X, y = iris()
    document = ranked(IRIS, "--target", "species", "--k", k, "--seed", seed)
    scores = document["columns"]
    for j, name in enumerate(names[:4]):
        expected = mutual_info_classif(X[:, [j]], y, n_neighbors=k, random_state=seed)[0]
        assert scores[name]["mutual_information"] == pytest.approx(expected, rel=0, abs=EXACT)
        assert scores[name]["share"] == pytest.approx(expected / np.log(3), rel=0, abs=EXACT)
    assert document["order"] == sorted(scores, key=lambda name: -scores[name]["mutual_information"])
    assert document["target"]["entropy"] == pytest.approx(np.log(3), rel=0, abs=EXACT)


def test_scores_of_a_continuous_target_are_those_of_mutual_info_regression(ranked):
    _, X, species = iris()
    document = ranked(IRIS, "--target", "petal_width")
    expected = mutual_info_regression(X[:, [0]], X[:, 3], random_state=0)[0]
    assert document["columns"]["sepal_length"]["mutual_information"] == pytest.approx(expected, abs=EXACT)
    codes = np.unique(species, return_inverse=True)[1][:, np.newaxis]
    expected = mutual_info_regression(codes, X[:, 3], discrete_features=True, random_state=0)[0]
    assert document["columns"]["species"]["mutual_information"] == pytest.approx(expected, abs=EXACT)
    assert document["target"]["entropy"] is None
    assert {column["share"] for column in document["columns"].values()} == {None}


def test_two_discrete_columns_are_counted(ranked, write):
    path = write(table(a=["u", "u", "v", "v"] * 10, y=["p", "q", "q", "q"] * 10))
    p = np.array([[1, 1], [0, 2]]) / 4
    expected = sum(v * np.log(v / (p[i].sum() * p[:, j].sum())) for (i, j), v in np.ndenumerate(p) if v)
    document = ranked(path, "--target", "y")
    assert document["columns"]["a"]["mutual_information"] == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize(("base", "unit"), [("2", "bits"), ("10", "bans"), ("e", "nats")])
def test_the_base_divides_information_and_leaves_shares(ranked, base, unit):
    nats = ranked(IRIS, "--target", "species")
    other = ranked(IRIS, "--target", "species", "--base", base)
    factor = np.log({"e": np.e}.get(base) or float(base))
    assert other["unit"] == unit
    assert other["target"]["entropy"] == pytest.approx(np.log(3) / factor, abs=EXACT)
    for name, column in nats["columns"].items():
        ours = other["columns"][name]
        assert ours["mutual_information"] == pytest.approx(column["mutual_information"] / factor, abs=EXACT)
        assert ours["share"] == pytest.approx(column["share"], abs=EXACT)


def test_a_score_does_not_depend_on_the_other_columns_or_the_threads(ranked, write):
    rng = np.random.default_rng(0)
    x, z = rng.integers(0, 40, (2, 200)) / 2  # ties: the noise matters
    y = x + rng.integers(0, 9, 200) / 2

    def of_x(path, *options):
        column = ranked(path, "--target", "y", *options)["columns"]["x"]
        return {key: value for key, value in column.items() if key != "adjusted_pvalue"}

    alone, beside = of_x(write(table(x=x, y=y))), write(table(z=z, x=x, y=y))
    assert of_x(beside) == alone
    assert of_x(beside, "--n-jobs", "2") == alone
    assert of_x(beside, "--n-jobs", "-1") == alone
    assert of_x(beside, "--seed", "1") != alone


@pytest.mark.parametrize("scale", [1e-300, 1e-20, 1.0, 1e307])
def test_the_unit_of_measurement_does_not_matter(ranked, write, scale):
    rng = np.random.default_rng(0)
    x = rng.normal(size=100)
    y = x + rng.normal(size=100)
    column = ranked(write(table(x=x * scale, y=y)), "--target", "y")["columns"]["x"]
    expected = mutual_info_regression(x[:, np.newaxis], y, random_state=0)[0]
    assert column["mutual_information"] == pytest.approx(expected, abs=1e-3)  # rounding reorders near-ties
    assert column["pearson"] == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-12)


# Correlations


def test_correlations_of_numbers(ranked, write):
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 30, 100) / 4, rng.integers(0, 30, 100) / 4  # ties: average ranks
    column = ranked(write(table(x=x, y=y)), "--target", "y")["columns"]["x"]
    assert column["pearson"] == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-12)
    assert column["spearman"] == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-12)


def test_correlations_with_text_are_the_strongest_of_one_value_against_the_rest(ranked):
    _, X, y = iris()
    columns = ranked(IRIS, "--target", "species")["columns"]
    indicators = [np.corrcoef(X[:, 2], y == name)[0, 1] for name in np.unique(y)]
    assert columns["petal_length"]["pearson"] == pytest.approx(max(indicators, key=abs), abs=1e-12)
    swapped = ranked(IRIS, "--target", "petal_length")["columns"]
    assert swapped["species"]["pearson"] == pytest.approx(columns["petal_length"]["pearson"], abs=1e-12)
    assert swapped["species"]["spearman"] == pytest.approx(columns["petal_length"]["spearman"], abs=1e-12)


def test_text_with_two_values_counts_as_zero_and_one_in_alphabetical_order(ranked, write):
    x = np.array([3.5, 1.5, 2.5, 0.5] * 10)
    path = write(table(x=x, y=["yes", "no"] * 20))
    assert ranked(path, "--target", "y")["columns"]["x"]["pearson"] == pytest.approx(
        np.corrcoef(x, [1, 0] * 20)[0, 1], abs=1e-12
    )


def test_two_columns_of_text_have_no_correlation(ranked, shown, write):
    path = write(table(a=["p", "q", "r"] * 30, y=["u", "u", "v", "w", "v"] * 18))
    column = ranked(path, "--target", "y")["columns"]["a"]
    assert (column["pearson"], column["spearman"], column["marked"]) == (None, None, False)
    assert shown(path, "--target", "y").splitlines()[4].split()[-2:] == ["-", "-"]


def test_among_equally_strong_values_the_first_gives_the_sign(ranked, write):
    path = write(table(name=[*"aabbccdd"], y=[0.3, 0.3, 0.1, 0.1] * 2))
    column = ranked(path, "--target", "y", "--continuous", "y")["columns"]["name"]
    assert column["pearson"] == pytest.approx(1 / np.sqrt(3))
    assert column["spearman"] == pytest.approx(1 / np.sqrt(3))


# The error, and p


def test_the_error_is_of_what_rows_contribute(ranked, write):
    x, noise = np.random.default_rng(0).normal(size=(2, 400))
    y = 0.6 * x + 0.8 * noise
    path = write(table(x=x, label=x > 0, y=y))
    columns = ranked(path, "--target", "y", "--k", "5")["columns"]
    of_x = estimate(x, y, estimator=KSG(k=5), series=False).standard_error
    assert columns["x"]["standard_error"] == pytest.approx(of_x)
    of_label = estimate(y, x > 0, estimator=Ross(k=5), series=False).standard_error
    assert columns["label"]["standard_error"] == pytest.approx(of_label)
    bits = ranked(path, "--target", "y", "--k", "5", "--base", "2")["columns"]["x"]
    assert bits["standard_error"] == pytest.approx(of_x / np.log(2))


def test_p_of_labels_is_that_of_the_chi_square_law(ranked, write):
    x, noise = np.random.default_rng(0).integers(0, 3, (2, 300))
    y = np.where(noise == 0, x, noise)
    column = ranked(write(table(x=x, y=y)), "--target", "y")["columns"]["x"]
    assert column["pvalue"] == independence_test(x, y, method="chi-square").pvalue
    text = [f"v{i % 25}" for i in range(40)]  # too many cells for a law
    column = ranked(write(table(x=text, y=text[::-1])), "--target", "y")["columns"]["x"]
    assert column["note"].startswith("inflated")
    x, y = (np.unique(side, return_inverse=True)[1] for side in (text, text[::-1]))
    rows = np.random.default_rng(0).permutation(40)
    assert column["pvalue"] == independence_test(x[rows], y[rows], stop=20).pvalue


def test_p_sees_what_is_weak_and_monotone_and_what_is_not_monotone(ranked, write):
    rng = np.random.default_rng(0)
    y = rng.normal(size=3000)
    columns = {
        "weak": y + 9 * rng.normal(size=3000),
        "classes": np.digitize(y + 9 * rng.normal(size=3000), [-5, 5]),
        "square": y**2 + rng.normal(size=3000),
        "noise": rng.normal(size=3000),
    }
    p = {
        name: one["pvalue"]
        for name, one in ranked(write(table(**columns, y=y)), "--target", "y")["columns"].items()
    }
    assert p["weak"] < 1e-4
    assert p["classes"] < 1e-4
    assert p["square"] == 2 / 1000
    assert p["noise"] > 0.05


def test_p_of_noise_is_uniform(ranked, write):
    rng = np.random.default_rng(1)
    columns = {f"x{i}": rng.normal(size=60) for i in range(60)}
    columns |= {f"d{i}": [f"v{code}" for code in rng.integers(0, 3, 60)] for i in range(60)}
    document = ranked(write(table(**columns, y=rng.normal(size=60))), "--target", "y")
    p = np.array([column["pvalue"] for column in document["columns"].values()])
    assert np.mean(p <= 0.1) < 0.2
    assert 0.4 < np.mean(p) < 0.75
    adjusted = [document["columns"][name]["adjusted_pvalue"] for name in document["order"]]
    assert min(adjusted) > 0.05


def test_the_last_lines_count_what_stands_among_many(shown, write):
    rng = np.random.default_rng(1)
    y = rng.normal(size=200)
    columns = {f"x{i}": rng.normal(size=200) for i in range(8)} | {"line": y + rng.normal(size=200)}
    lines = shown(write(table(**columns, one=[1] * 200, y=y)), "--target", "y").splitlines()
    assert "p: of each column by itself; 1 of 9 columns at a false discovery rate of 0.05" in lines
    assert [line.split()[2:5] for line in lines if line.startswith("one ")] == [["0.0000", "-", "-"]]


# The mark


def hidden_dependences():
    rng = np.random.default_rng(0)
    angle = rng.uniform(0, 2 * np.pi, 200)
    x = rng.uniform(-1, 1, 200)
    x -= x.mean()
    steps = np.tile(np.arange(-2, 3), 40)
    return {
        "circle": (np.cos(angle), np.sin(angle)),
        "parabola": (x, x**2 + 0.05 * rng.normal(size=200)),
        "continuous x, discrete y": (x, np.where(np.abs(x) > 0.5, "out", "in")),
        "two discrete": (steps, steps**2 > 1),
    }


@pytest.mark.parametrize("name", hidden_dependences())
def test_a_dependence_that_correlation_misses_is_marked(ranked, shown, write, name):
    x, y = hidden_dependences()[name]
    path = write(table(x=x, y=y))
    column = ranked(path, "--target", "y")["columns"]["x"]
    assert column["marked"]
    assert max(abs(column["pearson"]), abs(column["spearman"])) < 0.15
    lines = shown(path, "--target", "y").splitlines()
    assert " * " in lines[4]
    assert any(line.startswith("* depends on the target") for line in lines)


@pytest.mark.parametrize("n", [10, 30, 100, 300])
@pytest.mark.parametrize("target", ["normal", "discrete"])
def test_noise_is_not_marked(ranked, write, n, target):
    rng = np.random.default_rng(n)
    columns = {f"x{j}": rng.normal(size=n) for j in range(20)}
    columns |= {f"d{j}": [f"v{code}" for code in rng.integers(0, 5, n)] for j in range(10)}
    columns |= {"id": [f"row{i}" for i in range(n)]}
    y = rng.normal(size=n) if target == "normal" else [f"c{code}" for code in rng.integers(0, 3, n)]
    document = ranked(write(table(**columns, y=y)), "--target", "y")
    assert not [name for name, column in document["columns"].items() if column["marked"]]


def test_a_straight_line_is_not_marked(ranked, shown, write):
    x = np.random.default_rng(0).normal(size=100)
    path = write(table(x=x, y=2 * x))
    assert not ranked(path, "--target", "y")["columns"]["x"]["marked"]
    assert "*" not in shown(path, "--target", "y")


# Kinds


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a", "b"] * 50, "discrete"),
        ([True, False] * 50, "discrete"),
        (np.arange(100) / 4, "continuous"),
        ([1.5, 2.5] * 50, "continuous"),
        (np.arange(100) % 10, "discrete"),  # each ten times
        (np.arange(100) % 11, "continuous"),
        (np.arange(300) % 20, "discrete"),
        (np.arange(300) % 21, "continuous"),  # over twenty
        ([0.0, 1.0, 1.0], "discrete"),  # two values, written as floats
    ],
)
def test_the_rule_for_kinds(ranked, write, values, kind):
    y = np.random.default_rng(0).normal(size=len(values))
    document = ranked(write(table(x=values, y=y)), "--target", "y", "--k", "2")
    assert document["columns"]["x"]["kind"] == kind


def test_kinds_can_be_declared(ranked, write):
    rng = np.random.default_rng(0)
    a, b, y = rng.integers(0, 5, 100), rng.integers(0, 50, 100) / 4, rng.integers(0, 3, 100)
    path = write(table(**{"a,1": a, "b": b, "c": b, "y": y}))
    document = ranked(path, "--target", "y", "--continuous", "a,1", "--discrete", "b,c", "--continuous", "y")
    assert [document["columns"][name]["kind"] for name in ("a,1", "b", "c")] == [
        "continuous",
        "discrete",
        "discrete",
    ]
    assert document["target"]["kind"] == "continuous"
    expected = mutual_info_regression(a[:, np.newaxis], y, random_state=0)[0]
    assert document["columns"]["a,1"]["mutual_information"] == pytest.approx(expected, abs=EXACT)


# Reading


def test_all_ways_to_write_a_table_read_the_same(ranked, write, monkeypatch):
    text = IRIS.read_text()
    expected = ranked(IRIS, "--target", "species")["columns"]

    def columns(content, *options):
        return ranked(write(content), "--target", "species", *options)["columns"]

    assert columns(text.replace(",", "\t")) == expected
    assert columns(text.replace(",", ";")) == expected
    assert columns(text.replace(",", "|"), "--delimiter", "|") == expected
    assert columns(text.replace(",", "\t"), "--delimiter", "tab") == expected
    assert columns(text.replace("\n", "\r\n")) == expected
    assert columns(text.replace("\n", "\n\n")) == expected
    assert columns(text.replace(",", " , ")) == expected
    assert columns(text.replace("setosa", '"set\nosa"')) == expected
    assert columns(b"\xef\xbb\xbf" + text.encode()) == expected
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert ranked("-", "--target", "species")["columns"] == expected


def test_parquet_reads_like_csv(ranked, refused, tmp_path):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    names, X, y = iris()
    frame = {name: X[:, j] for j, name in enumerate(names[:4])}
    frame["species"] = arrow.array(y).dictionary_encode()
    path = tmp_path / "iris.parquet"
    parquet.write_table(arrow.table(frame), path)
    assert ranked(path, "--target", "species")["columns"] == ranked(IRIS, "--target", "species")["columns"]

    n = 40
    frame = {
        "flag": arrow.array([True, False, None, True] * 10),
        "whole": arrow.array([1, 2, None, 4] * 10),
        "day": arrow.array(range(n), arrow.date32()),
        "nested": [[1.0]] * n,
        "y": np.arange(n) / 8,
    }
    parquet.write_table(arrow.table(frame), path)
    columns = ranked(path, "--target", "y")["columns"]
    assert [columns[name]["kind"] for name in frame if name != "y"] == [
        "discrete",
        "discrete",
        "continuous",
        None,
    ]
    assert [columns[name]["missing"] for name in frame if name != "y"] == [10, 10, 0, 0]
    assert columns["day"]["pearson"] == pytest.approx(1)
    assert columns["nested"]["note"].startswith("cannot use type list")
    path.write_bytes(b"PAR1 and no more")
    assert "is not a Parquet file" in refused(path, "--target", "y")


def test_parquet_without_pyarrow_names_the_extra(refused, write, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "mutua[frames]" in refused(write(b"PAR1"), "--target", "y")


def test_a_column_may_prove_to_be_text_late(ranked, write):
    n = BATCH + 10
    x = np.arange(n) % 4
    text = [*map(str, x[:BATCH]), *("s" + str(code) for code in x[BATCH:])]
    path = write(table(x=text, z=x, y=np.arange(n) % 2))
    columns = ranked(path, "--target", "y", "--discrete", "x")["columns"]
    assert (columns["x"]["distinct"], columns["x"]["rows"]) == (8, n)
    assert columns["x"]["mutual_information"] == pytest.approx(np.log(2), abs=1e-9)
    assert columns["z"]["mutual_information"] == pytest.approx(np.log(2), abs=1e-9)


def test_columns_without_a_name_get_one(ranked, write):
    path = write(table(**{"": np.arange(40), "y": np.arange(40) % 2}))
    assert ranked(path, "--target", "y")["order"] == ["column_1"]


# Missing values


def test_missing_values_are_counted_and_dropped_in_pairs(ranked, shown, write):
    rng = np.random.default_rng(0)
    n = 120
    x, y = rng.normal(size=n), np.where(rng.integers(0, 2, n), "up", "down").astype(object)
    cells = x.astype(object)
    words = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", " "]
    cells[: len(words)] = words
    y[5:15] = "?"
    path = write(table(x=cells, gone=["NA"] * n, y=y))
    document = ranked(path, "--target", "y")
    column = document["columns"]["x"]
    kept = slice(15, None)
    expected = mutual_info_classif(x[kept, np.newaxis], y[kept].astype(str), random_state=0)[0]
    assert column["mutual_information"] == pytest.approx(expected, abs=EXACT)
    p = np.mean(y[kept] == "up")
    entropy = -p * np.log(p) - (1 - p) * np.log(1 - p)
    assert column["share"] == pytest.approx(expected / entropy, abs=EXACT)
    assert (column["rows"], column["missing"], document["target"]["missing"]) == (n - 15, len(words), 10)
    gone = document["columns"]["gone"]
    assert (gone["kind"], gone["missing"], gone["note"]) == (None, n, "no values")
    assert gone["mutual_information"] is None
    assert document["order"] == ["x", "gone"]
    text = shown(path, "--target", "y")
    assert "missing in 10 rows" in text
    assert text.splitlines()[5].split() == ["gone", *"-------", str(n), "no", "values"]


# Notes


def test_notes_say_why_there_is_no_estimate_or_what_to_mind(ranked, write):
    n = 60
    once = [f"row{i}" for i in range(n)]
    few = [0.5, 1.5, 2.5] + ["NA"] * (n - 3)
    apart = ["NA"] * n
    single = ["a", "b"] * (n // 2)
    single[0] = "only"
    pair = [1.5] + ["NA"] * (n - 1)
    y = np.random.default_rng(0).normal(size=n)
    path = write(table(one=[7.5] * n, once=once, few=few, apart=apart, single=single, pair=pair, y=y))
    columns = ranked(path, "--target", "y")["columns"]
    assert {name: column["note"] for name, column in columns.items()} == {
        "one": "constant",
        "once": "every value occurs once",
        "few": "3 rows are too few for k = 3",
        "apart": "no values",
        "single": "rows left out, their value occurs once: 1",
        "pair": "one row has both values",
    }
    assert columns["one"]["mutual_information"] == 0
    assert columns["one"]["pearson"] is None


def test_notes_about_a_target_with_gaps(ranked, write):
    n = 60
    once = [f"row{i}" for i in range(n)]
    half = ["p", "q"] * 15
    path = write(
        table(
            id=once,
            apart=[1.5] * 30 + ["NA"] * 30,
            alike=[*"ab" * 15, *["NA"] * 30],
            y=[*["NA"] * 30, *half],
        )
    )
    columns = ranked(path, "--target", "y")["columns"]
    assert columns["id"]["note"] == "inflated: 30 rows for 30 x 2 cells"
    assert columns["apart"]["note"] == "no row has both values"
    path = write(table(x=[*[1.5, 2.5] * 15, *["NA"] * 30], z=once, y=["p"] * 30 + half))
    columns = ranked(path, "--target", "y")["columns"]
    assert columns["x"]["note"] == "target constant on these rows"
    assert columns["x"]["mutual_information"] == 0


def test_a_target_of_many_classes_raises_no_warning(ranked, write):
    rng = np.random.default_rng(0)
    path = write(table(x=rng.normal(size=30), y=[f"c{i // 2 if i < 20 else i}" for i in range(30)]))
    for n_jobs in ("1", "2"):
        document = ranked(path, "--target", "y", "--n-jobs", n_jobs)
        assert document["columns"]["x"]["note"] == "rows left out, their value occurs once: 10"


# Output


def test_the_report(shown):
    lines = shown(IRIS, "--target", "species").splitlines()
    assert lines[0].endswith("iris.csv: 150 rows, 4 columns")
    assert lines[1] == "target species: discrete, 3 values; entropy 1.0986 nats"
    assert lines[3].split() == [
        "column",
        "kind",
        "MI",
        "(nats)",
        "error",
        "p",
        "share",
        "Pearson",
        "Spearman",
    ]
    assert [line.split()[0] for line in lines[4:8]] == [
        "petal_length",
        "petal_width",
        "sepal_length",
        "sepal_width",
    ]
    assert lines[4].split()[1:7] == ["continuous", "0.9887", "0.0331", "<", "0.001", "90.0%"]
    assert len({len(line) for line in lines[3:8]}) == 1
    assert "one value of species against the rest" in lines[9]
    assert lines[10] == "p: of each column by itself; 4 of 4 columns at a false discovery rate of 0.05"
    assert lines[11].startswith("k = 3, seed 0")
    assert "share" not in shown(IRIS, "--target", "petal_width").splitlines()[3]


def test_the_keys_of_the_json_document(capsys):
    assert main(["rank", str(IRIS), "--target", "species", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["source", "rows", "target", "unit", "k", "seed", "columns"]
    assert document["target"] == {
        "column": "species",
        "kind": "discrete",
        "distinct": 3,
        "missing": 0,
        "entropy": pytest.approx(np.log(3), abs=EXACT),
    }
    first = document["columns"][0]
    assert {key: type(value) for key, value in first.items()} == {
        "column": str,
        "kind": str,
        "distinct": type(None),
        "rows": int,
        "missing": int,
        "mutual_information": float,
        "standard_error": float,
        "pvalue": float,
        "adjusted_pvalue": float,
        "share": float,
        "pearson": float,
        "spearman": float,
        "marked": bool,
        "note": type(None),
    }


def test_top_shows_the_highest(ranked, shown):
    assert ranked(IRIS, "--target", "species", "--top", "2")["order"] == ["petal_length", "petal_width"]
    text = shown(IRIS, "--target", "species", "--top", "3")
    assert "sepal_width" not in text
    assert "1 more column (--top)" in text
    assert "--top" not in shown(IRIS, "--target", "species", "--top", "9")


def test_no_correlation_is_minus_zero(shown, write):
    x = np.array([-1, 1, -1, 1.0] * 10)
    y = np.array([-1, -1, 1, 1] * 10) - 1e-6 * x
    assert "-0.000" not in shown(write(table(x=x, y=y)), "--target", "y")


def test_control_characters_do_not_reach_the_terminal(shown, write):
    text = shown(write(table(**{"a\x1b[31m\nb": np.arange(40) / 8, "y": ["u", "v"] * 20})), "--target", "y")
    assert "\x1b" not in text
    assert r"a\x1b[31m\nb" in text


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version(capsys, option):
    assert main([option]) == 0
    assert capsys.readouterr().out.startswith(
        {"--help": "usage: mutua", "--version": f"mutua {__version__}"}[option]
    )


def test_the_help_of_rank_documents_every_option(capsys):
    assert main(["rank", "--help"]) == 0
    text = capsys.readouterr().out
    options = ("discrete", "continuous", "base", "k", "seed", "n-jobs", "top", "delimiter", "json")
    for option in options:
        assert f"\n  --{option} " in text
    assert "N/A" in text
    assert "mutua rank examples/iris.csv --target species" in text
    assert "exit codes" in text
    assert max(map(len, text.splitlines())) <= 80


# Bad input

PAIRS = "x,y\n" + "1.5,a\n2.5,b\n" * 10
BAD = {
    "empty": ("", [], "data.csv is empty"),
    "blank": ("\n \n", [], "data.csv is empty"),
    "header only": ("x,y\n", [], "has a header but no rows"),
    "no such column": ("x,Age\n1,2\n", ["--target", "age"], "no column 'age' in data.csv; did you mean 'Age"),
    "far from any column": ("x,y\n1,2\n", ["--target", "age"], "no column 'age' in data.csv; it has x, y"),
    "declared column": (PAIRS, ["--discrete", "x,z"], "no column 'z' in data.csv; it has x, y"),
    "declared twice": (PAIRS, ["--discrete", "x", "--continuous", "x"], "both discrete and continuous"),
    "duplicate name": ("x,y,x\n1,2,3\n", [], "columns 1 and 3 are both named 'x'"),
    "short row": (PAIRS + "3\n", [], "line 22: 1 field, the header has 2"),
    "long row": ('x,y\n"1\n2",3\r\n\n1,2,3\n', [], "line 5: 3 fields, the header has 2"),
    "open quote": ('x,y\n1,2\n"3,4\n5,6\n', [], "line 3: unexpected end of data"),
    "bytes": (b"x,y\n1,2\n\xe9,4\n", [], "line 3: byte 0xe9 is not UTF-8 text"),
    "utf-16": ("x,y\n1,2\n".encode("utf-16"), [], "line 1: byte 0xff is not UTF-8 text"),
    "infinite": (PAIRS + "inf,a\n", [], "line 22: the value in column 'x' is infinite"),
    "stray text": (PAIRS + "1O,a\n", [], "line 22: '1O' in column 'x' is not a number, but 20 of 21 are"),
    "underscore": (PAIRS + "1_0,a\n", [], "line 22: '1_0' in column 'x' is not a number"),
    "declared continuous": (PAIRS, ["--continuous", "y"], "line 2: 'a' in column 'y' is not a number"),
    "constant target": ("x,y\n1.5,a\n2.5,a\n", [], "target 'y' is constant"),
    "target of names": ("x,y\n1.5,a\n2.5,b\n3.5,c\n", [], "each of its values occurs once"),
    "target without values": ("x,y\n1.5,NA\n2.5,?\n", [], "target 'y' has no values"),
    "target alone": ("y\na\nb\n", [], "has no column beside the target 'y'"),
    "too few rows": ("x,y\n1.5,1\n2.5,2\n3.5,4\n", [], "can be scored: x: 3 rows are too few for k = 3"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_and_exit_code_2(refused, write, monkeypatch, tmp_path, name):
    content, options, message = BAD[name]
    write(content)
    monkeypatch.chdir(tmp_path)
    target = [] if "--target" in options else ["--target", "y"]
    assert message in refused("data.csv", *target, *options)


def test_half_text_is_text(ranked, write):
    columns = ranked(write("x,y\n1,0\nb,1\n,0\n,1\n"), "--target", "y")["columns"]
    assert columns["x"]["kind"] == "discrete"


def test_a_stray_text_can_be_accepted(ranked, write):
    columns = ranked(write(PAIRS + "1O,a\n"), "--target", "y", "--discrete", "x")["columns"]
    assert (columns["x"]["kind"], columns["x"]["distinct"]) == ("discrete", 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rank", "none.csv", "--target", "y"], "cannot read none.csv: No such file or directory"),
        (["rank", ".", "--target", "y"], "cannot read .: Is a directory"),
        ([], "required: COMMAND"),
        (["order"], "invalid choice: 'order'"),
        (["rank"], "required: FILE, --target"),
        (["rank", "f", "--target", "y", "--k", "0"], "--k: '0' is not a whole number, 1 or more"),
        (["rank", "f", "--target", "y", "--k", "3.5"], "--k: '3.5' is not a whole number"),
        (["rank", "f", "--target", "y", "--seed", "-1"], "'-1' is not a whole number, 0 to 4294967295"),
        (["rank", "f", "--target", "y", "--n-jobs", "0"], "--n-jobs: '0' is not a whole number"),
        (["rank", "f", "--target", "y", "--top", "0"], "--top: '0' is not a whole number"),
        (["rank", "f", "--target", "y", "--base", "3"], "--base: invalid choice: '3'"),
        (["rank", "f", "--target", "y", "--delimiter", "ab"], "--delimiter: 'ab' is not one character"),
        (["rank", "f", "--target", "y", "--colour"], "unrecognized arguments: --colour"),
    ],
)  # fmt: skip
def test_bad_usage_is_one_line_and_exit_code_2(capsys, monkeypatch, tmp_path, arguments, message):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert message in captured.err


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (KeyboardInterrupt(), "mutua: interrupted\n"),
        (MemoryError(), "mutua: out of memory\n"),
        (ValueError("no estimate\nat all"), "mutua: no estimate at all\n"),
    ],
)
@pytest.mark.parametrize("n_jobs", ["1", "2"])
def test_failures_are_one_line_and_exit_code_1(capsys, monkeypatch, error, line, n_jobs):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr("mutua._column_and_target.mutual_info_classif", fail)
    assert main(["rank", str(IRIS), "--target", "species", "--n-jobs", n_jobs]) == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", line)


# As a program


def program(*arguments, **options):
    command = [sys.executable, "-m", "mutua", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False, **options)


def test_the_program_reads_standard_input_and_writes_utf_8_or_less():
    text = IRIS.read_text().replace("sepal_width", "sépale").encode()
    done = program("rank", "-", "--target", "species", input=text)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"standard input: 150 rows")
    ascii_only = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = program("rank", "-", "--target", "species", input=text, env=ascii_only)
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"s\xe9pale" in done.stdout


def test_the_program_fails_without_a_traceback():
    done = program("rank", IRIS, "--target", "specie")
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
    assert b"did you mean 'species'?" in done.stderr


@pytest.mark.parametrize("arguments", [["rank", IRIS, "--target", "species"], ["rank", "--help"]])
def test_a_closed_pipe_is_silent(arguments):
    buffered = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    reader, writer = os.pipe()
    os.close(reader)
    try:
        command = [sys.executable, "-m", "mutua", *map(str, arguments)]
        done = subprocess.run(
            command, stdout=writer, stderr=subprocess.PIPE, env=buffered, timeout=60, check=False
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


# On a terminal


def on_terminal(**variables):
    """What the ranking of the irises shows on a terminal of 110 columns."""
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
    environment |= {"COLUMNS": "110", "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **variables}
    ours, theirs = pytest.importorskip("pty").openpty()
    command = [sys.executable, "-m", "mutua", "rank", str(IRIS), "--target", "species"]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        received = b""
        try:
            while chunk := os.read(ours, 4096):
                received += chunk
        except OSError:  # Linux reports the far end's closing so
            pass
        os.close(ours)
        assert process.wait() == 0
    return received.decode()


def test_a_terminal_shows_bars():
    text = on_terminal()
    bars = [line.count("█") for line in text.splitlines()[4:8]]
    assert bars[0] == 24
    assert bars == sorted(bars, reverse=True)
    assert 0 < bars[3] < 12
    assert "\x1b[36m" in text


def test_bars_respect_no_color_encoding_and_width():
    assert "\x1b" not in on_terminal(NO_COLOR="1")
    assert "\x1b" not in on_terminal(TERM="dumb")
    plain = on_terminal(PYTHONIOENCODING="ascii", NO_COLOR="1")
    assert "#" * 24 in plain
    assert plain.isascii()
    narrow = on_terminal(COLUMNS="80")
    assert "█" not in narrow
    assert max(map(len, on_terminal(COLUMNS="90", NO_COLOR="1").splitlines()[3:8])) < 90


def test_a_pipe_shows_no_bars(shown):
    text = shown(IRIS, "--target", "species")
    assert "█" not in text
    assert "#" not in text


@pytest.mark.parametrize(
    ("fraction", "blocks", "expected"),
    [(0, True, ""), (1, True, "████"), (0.5, True, "██"), (0.53, True, "██▏"), (0.6, False, "##")],
)
def test_bars_in_eighths(fraction, blocks, expected):
    assert bar(fraction, 4, blocks) == expected


class Stream(io.StringIO):
    def __init__(self, terminal):
        super().__init__()
        self.terminal = terminal

    def isatty(self):
        return self.terminal


def watched(stream, patience):
    """Progress at a half, held until it is drawn or, where it must not be, for a moment."""
    with Progress(stream, patience) as progress:
        progress.update("ranking", 0.5)
        deadline = time.monotonic() + (20 if stream.terminal and patience == 0 else 0.3)
        while "50%" not in stream.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
    return stream.getvalue()


def test_progress_is_drawn_on_a_terminal_and_wiped():
    text = watched(Stream(terminal=True), patience=0)
    assert "\rranking [############............]  50%" in text
    assert text.endswith("\r\x1b[K")


def test_progress_is_silent_when_quick_or_not_on_a_terminal():
    assert watched(Stream(terminal=False), patience=0) == ""
    assert watched(Stream(terminal=True), patience=60) == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a shell and /dev/full")
@pytest.mark.parametrize(
    ("redirection", "code", "complaint"),
    [
        ("> /dev/full", 1, "mutua: cannot write: No space left on device\n"),
        (">&-", 1, "mutua: cannot write: standard output is closed\n"),
        ("2>&-", 0, ""),
        ("- <&-", 2, "mutua: standard input is closed\n"),
    ],
)
def test_streams_that_cannot_be_used(redirection, code, complaint):
    file = "" if redirection.startswith("-") else "examples/iris.csv"
    command = f'"{sys.executable}" -m mutua rank {file} {redirection} --target species'
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (code, complaint)
    assert bool(done.stdout) == (code == 0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for the threads in /proc")
def test_an_interrupt_does_not_wait_for_other_threads(tmp_path):
    rng = np.random.default_rng(0)
    lines = [",".join(row) for row in rng.normal(size=(20_000, 40)).round(9).astype(str)]
    file = tmp_path / "wide.csv"
    file.write_text("\n".join([",".join(f"c{i}" for i in range(40)), *lines]))
    command = [
        sys.executable,
        "-m",
        "mutua",
        "rank",
        str(file),
        "--target",
        "c0",
        "--n-jobs",
        "2",
        "--k",
        "2000",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            while process.poll() is None and len(os.listdir(f"/proc/{process.pid}/task")) < 3:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=20)
        finally:
            process.kill()
    assert (output, errors, process.returncode) == ("", "mutua: interrupted\n", 1)
