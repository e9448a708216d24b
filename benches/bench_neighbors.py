"""Neighbour estimates of the package's own functions."""

import mutua
from benches.contests import information, pair
from benches.rivals import Pipeline
from benches.workloads import triple, vectors


class MutualInformation:
    """Kraskov's estimator in each kind of space, and the pipeline by hand."""

    params = (["1+1", "2+2", "1+1+1"], [1_000, 100_000], ["ours", "scipy"])
    param_names = ("space", "n", "implementation")
    timeout = 120

    def setup(self, space, n, implementation):
        data = {"1+1": pair, "2+2": lambda n: vectors(n, 2), "1+1+1": triple}[space](n)
        by_hand = lambda: Pipeline().mutual_information(*data, k=3)  # noqa: E731
        self.call = {"ours": information(data, 3), "scipy": by_hand}[implementation]

    def time_call(self, space, n, implementation):
        self.call()


class Large:
    """A million samples: time on one thread and on two, and the peak of memory."""

    params = ([1, 2],)
    param_names = ("threads",)

    def setup(self, threads):
        self.call = information(pair(1_000_000), 3, n_jobs=threads)

    def time_pair(self, threads):
        self.call()

    def peakmem_pair(self, threads):
        self.call()


class Entropy:
    """Kozachenko and Leonenko's estimator on a line."""

    def setup(self):
        self.x = pair(1_000_000)[0]

    def time_entropy(self):
        mutua.entropy(self.x, estimator=mutua.KozachenkoLeonenko(k=3))
