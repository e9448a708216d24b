"""`mutua pair`: what is printed is what `estimate` says of the columns."""

import json
from pathlib import Path

import numpy as np
import pytest

import mutua
from mutua.cli import main

IRIS = Path(__file__).parents[1] / "examples" / "iris.csv"
SEED = 3


@pytest.fixture
def run(capsys):
    """Runs `mutua pair ...`; the exit code, and what was printed."""

    def call(*arguments):
        code = main(["pair", *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out if code == 0 else captured.err

    return call


@pytest.fixture
def file(tmp_path):
    def write(*columns):
        rows = ["abcde"[: len(columns)], *zip(*columns, strict=True)]
        path = tmp_path / "data.csv"
        path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
        return path

    return write


def samples(n=200):
    x, noise, z = np.random.default_rng(0).normal(size=(3, n))
    return x, x + noise, (z > 0).astype(int)


def expected(*columns, **options):
    return mutua.estimate(*columns, series=False, seed=SEED, **options)


def document(run, *arguments):
    code, text = run(*arguments, "--seed", SEED, "--json")
    assert code == 0
    return json.loads(text)


def test_it_is_what_estimate_says(run, file):
    x, y, _ = samples()
    found, known = document(run, file(x, y), "a", "b"), expected(x, y)
    for key, value in known.to_dict().items():
        assert found[key] == (json.loads(json.dumps(value)) if key == "curve" else value), key
    assert (found["rows"], found["n_samples"], found["given"]) == (200, 200, [])
    assert found["x"] == {"column": "a", "kind": "continuous", "distinct": None}


def test_given_and_base(run, file):
    x, y, z = samples()
    found = document(run, file(x, y, z), "a", "b", "--given", "c", "--base", "2")
    assert found["value"] == expected(x, y, given=z, base=2).value
    assert found["unit"] == "bits"
    assert [column["column"] for column in found["given"]] == ["c"]


def test_rows_with_a_gap_are_left_out(run, file):
    x, y, _ = samples()
    gaps = np.where(np.arange(200) % 10 == 0, "", y.astype(str))
    found = document(run, file(x, gaps), "a", "b")
    assert (found["rows"], found["n_samples"], found["n_dropped"]) == (200, 180, 20)


def test_a_table_that_is_sorted_is_no_series(run, file):
    x, y, _ = samples(400)
    path = file(*np.array([x, y])[:, np.argsort(x)])
    table, series = (document(run, path, "a", "b", *flag) for flag in ((), ("--series",)))
    assert table["effective_size"] == 400
    assert series["effective_size"] < 100
    assert "follow each other" in series["warnings"][-1]


def test_text_says_it_all(run):
    code, text = run(IRIS, "petal_length", "species")
    assert code == 0
    first, *lines = text.splitlines()
    assert first == f"{IRIS}: 150 rows, 150 with all values"
    assert lines[:2] == ["x petal_length: continuous", "y species: discrete, 3 values"]
    starts = ["MI ", "standard error ", "90 % interval ", "p ", "estimator ", "because "]
    assert [line for line in lines if any(line.startswith(start) for start in starts)] == lines[3:9]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["petal_lengt", "species"], "no column 'petal_lengt'"),
        (["petal_length", "species", "--given", "width"], "no column 'width'"),
        (["petal_length"], "required"),
        (["petal_length", "species", "--continuous", "species"], "is not a number"),
        (["petal_length", "species", "--discrete", "species", "--continuous", "species"], "both"),
    ],
)
def test_what_is_refused(run, arguments, message):
    code, text = run(IRIS, *arguments)
    assert code == 2
    assert message in text


def test_too_few_rows(run, file):
    code, text = run(file([1.5, "", 2.5], ["", 1.5, 2.5]), "a", "b")
    assert code == 2
    assert text.startswith("mutua: 1 rows of ")
    assert text.endswith(" have all values, 2 are needed\n")
