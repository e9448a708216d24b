"""Clustering scores: labels against labels."""

from benches.workloads import score


class Scores:
    """Scores of a million labels."""

    params = (
        ["mutual_info_score", "adjusted_mutual_info_score", "adjusted_rand_score"],
        [10, 1_000],
        ["ours", "sklearn"],
    )
    param_names = ("function", "n_labels", "implementation")
    timeout = 120

    def setup(self, function, n_labels, implementation):
        self.call = getattr(score(function, 1_000_000, n_labels), implementation)

    def time_call(self, function, n_labels, implementation):
        self.call()


class Overhead:
    """A call on fifty samples: nearly all of it is the way in and out."""

    params = ("ours", "sklearn")
    param_names = ("implementation",)

    def setup(self, implementation):
        self.call = getattr(score("mutual_info_score", 50, 5), implementation)

    def time_call(self, implementation):
        self.call()
