"""The code in the README, the documentation and every docstring does what it says."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import mutua
from mutua.cli import main

ROOT = Path(__file__).parents[1]
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def code_blocks(path):
    return re.findall(r"```python\n(.*?)```", path.read_text(), flags=re.DOTALL)


DOCUMENTS = [
    path for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))] if code_blocks(path)
]
MODULES = [
    module.name
    for module in pkgutil.walk_packages(mutua.__path__, "mutua.")
    if module.name not in {"mutua.__main__", "mutua._core"}
]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_code_in_documents(path, monkeypatch):
    """Blocks with a prompt are doctests, the others run; the blocks of a document share their names."""
    pytest.importorskip("sklearn")
    monkeypatch.chdir(ROOT)
    names = {}
    for number, block in enumerate(code_blocks(path)):
        if ">>>" in block:
            example = doctest.DocTestParser().get_doctest(block, names, f"{path.name}-{number}", str(path), 0)
            runner = doctest.DocTestRunner(optionflags=OPTIONS)
            runner.run(example, clear_globs=False)
            assert runner.tries > 0
            assert runner.failures == 0
            names.update(example.globs)
        else:
            exec(compile(block, f"{path.name}-{number}", "exec"), names)
    mutua.unpatch_sklearn()
    assert names


@pytest.mark.parametrize("name", MODULES)
def test_code_in_docstrings(name):
    failures, _ = doctest.testmod(importlib.import_module(name), optionflags=OPTIONS)
    assert failures == 0


def test_every_public_function_has_an_example():
    from mutua import feature_selection
    from mutua.metrics import cluster

    names = [(module, name) for module in (feature_selection, cluster) for name in module.__all__]
    names += [(mutua, name) for name in mutua.__all__ if callable(getattr(mutua, name))]
    for module, name in names:
        assert ">>>" in getattr(module, name).__doc__ or name.endswith("patch_sklearn"), name


def test_shown_commands_print_what_is_shown(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    shown = re.findall(
        r"```text\n\$ mutua ([^\n]*)\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL
    )
    assert shown
    for arguments, output in shown:
        assert main(arguments.split()) == 0
        assert capsys.readouterr().out == output


def test_links_to_files_lead_somewhere():
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [
        (path, target) for path in documents for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text())
    ]
    assert links
    assert [(path.name, target) for path, target in links if not (path.parent / target).exists()] == []


def test_architecture_names_every_file():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    sources = [path.name for path in (ROOT / "src").iterdir()]
    modules = [path.name for path in (ROOT / "python" / "mutua").iterdir()]
    ignored = re.compile(r"^(__.*|py\.typed|.*\.so|.*\.pyd)$")
    missing = [name for name in sources + modules if not ignored.match(name) and name not in text]
    assert missing == []
