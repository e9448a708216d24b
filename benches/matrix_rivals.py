"""The strongest matrices of information between label columns that one can write with NumPy or numba."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

Array = np.ndarray


def n_log_n(n: int) -> Array:
    """Of all integers up to `n`."""
    counts = np.arange(n + 1, dtype=np.float64)
    return counts * np.log(np.maximum(counts, 1))


def one_level_product(labels: Array) -> Array:
    """Binary columns: one product of single-precision matrices counts all pairs, a table has the logarithms.

    NumPy sees that the factors are one matrix and computes half of the product.
    """
    n = len(labels)
    ones = labels.astype(np.float32)
    both = (ones.T @ ones).astype(np.int32)
    values, sums = n_log_n(n), np.diag(both).copy()
    information = values[both]
    information += values[sums[:, None] - both]
    information += values[sums[None, :] - both]
    both -= sums[:, None]
    both -= sums[None, :]
    both += n
    information += values[both]
    margins = values[sums] + values[n - sums]
    information -= margins[:, None]
    information -= margins[None, :]
    information += values[n]
    information /= n
    return information


def one_hot_product(labels: Array) -> Array:
    """The same with a column for each level, as encoders have it: a product of four times the size."""
    n, n_columns = labels.shape
    ones = np.stack([labels == 0, labels == 1], axis=2).reshape(n, -1).astype(np.float32)
    counts = (ones.T @ ones).astype(np.int32)
    values = n_log_n(n)
    information = values[counts].reshape(n_columns, 2, n_columns, 2).sum(axis=(1, 3))
    margins = values[np.diag(counts)].reshape(n_columns, 2).sum(axis=1)
    information += values[n] - margins[:, None] - margins[None, :]
    information /= n
    return information


@cache
def _compiled() -> tuple[Any, Any]:
    from numba import njit

    @njit(fastmath=False)
    def tables(columns: Array, n_levels: int, values: Array) -> Array:
        n_columns, n = columns.shape
        out = np.empty((n_columns, n_columns))
        margins = np.zeros(n_columns)
        table = np.zeros((n_levels, n_levels), dtype=np.int64)
        for i in range(n_columns):
            sums = np.zeros(n_levels, dtype=np.int64)
            for k in range(n):
                sums[columns[i, k]] += 1
            for a in range(n_levels):
                margins[i] += values[sums[a]]
        for i in range(n_columns):
            for j in range(i, n_columns):
                table[:] = 0
                for k in range(n):
                    table[columns[i, k], columns[j, k]] += 1
                total = values[n] - margins[i] - margins[j]
                for a in range(n_levels):
                    for b in range(n_levels):
                        total += values[table[a, b]]
                out[i, j] = out[j, i] = total / n
        return out

    @njit
    def products(columns: Array, values: Array) -> Array:
        n_columns, n = columns.shape
        out = np.empty((n_columns, n_columns))
        sums = np.zeros(n_columns, dtype=np.int64)
        for i in range(n_columns):
            for k in range(n):
                sums[i] += columns[i, k]
        for i in range(n_columns):
            for j in range(i, n_columns):
                both = 0
                for k in range(n):
                    both += columns[i, k] & columns[j, k]
                a, b = sums[i], sums[j]
                total = values[n] + values[both] + values[a - both] + values[b - both]
                total += values[n - a - b + both] - values[a] - values[n - a] - values[b] - values[n - b]
                out[i, j] = out[j, i] = total / n
        return out

    return tables, products


def compiled_tables(labels: Array, n_levels: int) -> Array:
    """A table for each pair of columns, counted sample by sample: what most people write."""
    return _compiled()[0](np.ascontiguousarray(labels.T), n_levels, n_log_n(len(labels)))


def compiled_products(labels: Array) -> Array:
    """Binary columns only: sums of products, which the compiler puts in lanes."""
    return _compiled()[1](np.ascontiguousarray(labels.T), n_log_n(len(labels)))
