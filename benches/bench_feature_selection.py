"""Feature selection: samples against a target."""

from benches.workloads import classification, regression


class FeatureSelection:
    """The two functions, in each implementation; the reference is quadratic and takes small samples only."""

    params = (["regression", "classification"], [1_000, 100_000], ["ours", "sklearn", "reference"])
    param_names = ("function", "n", "implementation")
    timeout = 120

    def setup(self, function, n, implementation):
        workload = {"regression": regression, "classification": classification}[function](n, 4)
        self.call = getattr(workload, implementation)
        if self.call is None:
            raise NotImplementedError

    def time_call(self, function, n, implementation):
        self.call()


class Memory:
    """The peak of one large call."""

    def setup(self):
        self.call = regression(1_000_000, 1).ours

    def peakmem_regression(self):
        self.call()
