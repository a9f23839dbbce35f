"""The mathematics of telling marks from all else: whitening, then logistic regression of all marks together. Deterministic."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float32]
Labels = NDArray[np.intp]

NONE = -1
"""Label of what is no mark."""
POSITIVES_WEIGH = 3.0
MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class Whitening:
    """An affine map to a space in which examples of one mark spread alike in all directions."""

    mean: Floats
    matrix: Floats

    def __call__(self, rows: Floats) -> Floats:
        """Rows in the other space."""
        return np.asarray((rows - self.mean) @ self.matrix, dtype=np.float32)

    def back(self, weights: Floats, bias: Floats) -> tuple[Floats, Floats]:
        """Weights and bias of a linear measure there as those of the same measure here."""
        here = np.asarray(weights @ self.matrix.T, dtype=np.float32)
        return here, np.asarray(bias - here @ self.mean, dtype=np.float32)


def whitening(
    rows: Floats, labels: Labels, blocks: tuple[tuple[int, float], ...], *, ridge: float, most: int
) -> Whitening:
    """
    Fit on the covariance that is common to all marks and the rest.

    `blocks` are widths of groups of columns and how much each group weighs; `ridge` is in mean eigenvalues; `most` directions are kept.
    """
    mean = rows.mean(axis=0)
    scale = np.ones(rows.shape[1], np.float32)
    first = 0
    for width, weight in blocks:
        own = slice(first, first + width)
        scale[own] = weight / max(float((rows[:, own] - mean[own]).std()), 1e-9)
        first += width
    within = np.concatenate([rows[labels == mark] - rows[labels == mark].mean(axis=0) for mark in np.unique(labels)])
    within = within * scale
    values, vectors = _directions(within.astype(np.float64), most)
    matrix = scale[:, None] * vectors / np.sqrt(np.maximum(values, 0) + ridge * values.mean())
    return Whitening(mean, matrix.astype(np.float32))


def _directions(rows: NDArray[np.float64], most: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Eigenvalues of the rows' covariance, the largest `most`, and the eigenvectors as columns."""
    count, width = rows.shape
    if most < width and count < width:  # the same by the smaller of the two products
        values, mixed = np.linalg.eigh(rows @ rows.T / count)
        kept = np.flatnonzero(values > 1e-9 * values[-1])[::-1][:most]
        return values[kept], rows.T @ mixed[:, kept] / np.sqrt(count * values[kept])
    values, vectors = np.linalg.eigh(rows.T @ rows / count)
    return values[::-1][:most], vectors[:, ::-1][:, :most]


def discriminant(rows: Floats, labels: Labels, marks: int) -> tuple[Floats, Floats]:
    """Linear discriminants of whitened rows, each mark against what is none: weights (marks, n), bias (marks,)."""
    means = np.stack([rows[labels == mark].mean(axis=0) for mark in range(marks)])
    none = rows[labels == NONE].mean(axis=0)
    weights = means - none
    bias = -0.5 * ((means**2).sum(axis=1) - (none**2).sum())
    return weights.astype(np.float32), bias.astype(np.float32)


def regression(rows: Floats, labels: Labels, marks: int, *, c: float) -> tuple[Floats, Floats]:
    """
    Logistic regression, each mark against all else, with `c` the inverse of the penalty: weights (marks, n), bias (marks,).

    A mark of few rows weighs as much as that of the most, or it would be outdone by every other.
    """
    count, width = rows.shape
    signs = np.full((count, marks), -1, np.float32)
    own = np.flatnonzero(labels != NONE)
    signs[own, labels[own]] = 1
    rows_of = np.bincount(labels[own], minlength=marks)
    heavy = np.where(signs > 0, (POSITIVES_WEIGH * rows_of.max() / rows_of).astype(np.float32), np.float32(1))

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, bias = flat[: marks * width].reshape(marks, width).astype(np.float32), flat[marks * width :]
        margin = signs * (rows @ weights.T + bias.astype(np.float32))
        slope = -(heavy * signs) / (1 + np.exp(np.clip(margin, -50, 50)))
        value = c * float((heavy * np.logaddexp(0, -margin)).sum(dtype=np.float64))
        value += 0.5 * float((weights.astype(np.float64) ** 2).sum())
        gradient = np.concatenate([(c * (slope.T @ rows) + weights).ravel(), c * slope.sum(axis=0)])
        return value, gradient.astype(np.float64)

    start = np.zeros(marks * width + marks)
    done = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": MOST_STEPS, "maxcor": 8})
    weights = done.x[: marks * width].reshape(marks, width)
    return weights.astype(np.float32), done.x[marks * width :].astype(np.float32)
