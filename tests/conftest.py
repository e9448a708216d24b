"""Shared by every test: which tests run by default, how hypothesis searches, and how a call is recorded."""

import re
import warnings
from dataclasses import dataclass

import pytest
from hypothesis import settings

settings.register_profile("default", derandomize=True, deadline=None, max_examples=60)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile("default")

HEAD = 40  # characters of a message that must agree


def pytest_collection_modifyitems(config, items):
    if "slow" in config.getoption("markexpr"):
        return
    skip = pytest.mark.skip(reason="slow: run with -m slow")
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(skip)


@dataclass(frozen=True)
class Outcome:
    """What a call did: the value it returned or the error it raised, and the warnings on the way."""

    value: object
    error: tuple | None  # class, head of the message
    warnings: list  # (class, head of the message), sorted

    @property
    def complaint(self):
        return self.error, self.warnings


def head(message):
    """The beginning of a message, without the values it quotes; for a parameter, all that it may be."""
    text, *value = str(message).split(" Got ")
    return text.split("{")[0] if value else re.sub(r"\d+", "#", text.split("; ")[0])[:HEAD]


def outcome_of(function, *args, **kwargs):
    value = error = None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = function(*args, **kwargs)
        except Exception as raised:
            error = type(raised), head(raised)
    heads = [(warning.category, head(warning.message)) for warning in caught]
    return Outcome(value, error, sorted(heads, key=repr))


@pytest.fixture(scope="session")
def outcome():
    """Calls a function and returns its `Outcome`, errors and warnings included."""
    return outcome_of
