"""The comparison's maths in numpy: blur, similarity of neighbours, clusters, averages.

Written for speed as far as numpy and scipy go: whole rows of patterns at a time, float32, inner products and blur by
BLAS. Rows are independent but for the one below, so callers share them out among threads or processes.
"""

import numpy
from scipy.ndimage import gaussian_filter
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

# (row, column) of the neighbours that are compared; the other four follow by symmetry.
FORWARD = ((0, 1), (1, -1), (1, 0), (1, 1))

# Probes whose inner products are one call of BLAS: the smallest product that it is fast at.
BLOCK = 4


class Features:
    """From patterns as recorded to what is compared, float32 (probes, pixels)."""

    def __init__(self, side_lengths, sigma, blur_as):
        self.side_lengths = side_lengths
        self.sigma = sigma
        self.blur_as = blur_as
        # Blurring the unit matrix gives the blur as a matrix, borders included.
        self.matrices = [
            gaussian_filter(numpy.eye(length), sigma, axes=(0,)).astype(numpy.float32) for length in side_lengths
        ]

    def __call__(self, patterns, out):
        """Writes the features of (probes, rows, columns) patterns into `out`, (probes, pixels)."""
        if self.sigma == 0:
            numpy.copyto(out, patterns.reshape(out.shape))
        elif self.blur_as == "filter":
            pictures = out.reshape(patterns.shape)
            gaussian_filter(patterns, self.sigma, output=pictures, axes=(1, 2))
        else:
            height, width = self.side_lengths
            along_rows = patterns.reshape(-1, width).astype(numpy.float32) @ self.matrices[1].T
            numpy.matmul(self.matrices[0], along_rows.reshape(-1, height, width), out=out.reshape(-1, height, width))
        return out


def products(upper, lower):
    """Inner products of a row's features with its neighbours', (probes, 4), and with themselves, (probes,)."""
    columns = len(upper)
    dots = numpy.zeros((columns, 4), numpy.float32)
    squares = numpy.empty(columns, numpy.float32)
    for start in range(0, columns, BLOCK):
        block = upper[start : start + BLOCK]
        stop = start + len(block)
        within = block @ upper[start : stop + 1].T
        squares[start:stop] = numpy.diagonal(within)
        right = numpy.diagonal(within, 1)
        dots[start : start + len(right), 0] = right
        if lower is None:
            continue
        first = max(0, start - 1)
        below = block @ lower[first : stop + 1].T
        for direction, (_, step) in enumerate(FORWARD[1:], 1):
            # A negative offset begins one probe later in this block.
            offset = start - first + step
            diagonal = numpy.diagonal(below, offset)
            begin = start + max(0, -offset)
            dots[begin : begin + len(diagonal), direction] = diagonal
    return dots, squares


def cosines(dots, squares, squares_below):
    """Similarities of a row, float32 (probes, 4); NaN where the neighbour is outside the scan."""
    columns = len(squares)
    result = numpy.full((columns, 4), numpy.nan, numpy.float32)
    for direction, (down, right) in enumerate(FORWARD):
        others = squares_below if down else squares
        if others is None:
            continue
        own = slice(max(0, -right), columns - max(0, right))
        other = slice(max(0, right), columns - max(0, -right))
        norms = numpy.sqrt(squares[own].astype(numpy.float64) * others[other])
        with numpy.errstate(invalid="ignore", divide="ignore"):
            values = numpy.where(norms > 0, dots[own, direction] / norms, 0)
        result[own, direction] = numpy.clip(values, -1, 1)
    return result


def similarity_of_rows(scan, features, first, last, into):
    """Similarities of scan rows first..last-1 into `into`, (rows, columns, 4); the row below is read too."""
    rows, columns = scan.shape[:2]
    pixels = scan.shape[2] * scan.shape[3]
    upper, lower = numpy.empty((2, columns, pixels), numpy.float32)
    features(scan[first], upper)
    pending = None
    for row in range(first, min(last, rows - 1) + 1):
        below = None
        # The features of the row after the last are there already: only their norms are wanted.
        if row < last and row + 1 < rows:
            below = features(scan[row + 1], lower)
        dots, squares = products(upper, below)
        if pending is not None:
            into[row - 1] = cosines(*pending, squares)
        pending = (dots, squares)
        upper, lower = lower, upper
    if last == rows:
        into[rows - 1] = cosines(*pending, None)


def grow_clusters(similarity, threshold, minimum_size):
    """Connected components of the neighbours at least as similar as the threshold: int32 (rows, columns), -1 = none."""
    rows, columns = similarity.shape[:2]
    probes = numpy.arange(rows * columns).reshape(rows, columns)
    firsts, seconds = [], []
    for direction, (down, right) in enumerate(FORWARD):
        with numpy.errstate(invalid="ignore"):
            joined = similarity[..., direction] >= numpy.float32(threshold)
        own = probes[joined]
        firsts.append(own)
        seconds.append(own + down * columns + right)
    first, second = numpy.concatenate(firsts), numpy.concatenate(seconds)
    graph = coo_array((numpy.ones(len(first), numpy.int8), (first, second)), shape=(probes.size, probes.size))
    _, components = connected_components(graph, directed=False)
    large = numpy.bincount(components) >= minimum_size
    numbers = numpy.where(large, numpy.cumsum(large) - 1, -1)
    return numbers[components].reshape(rows, columns).astype(numpy.int32)


def add_patterns(patterns, labels, sums):
    """Adds patterns (probes, pixels) to the float64 sums (clusters, pixels) of their labels, run by run."""
    changes = numpy.flatnonzero(numpy.diff(labels)) + 1
    for start, stop in zip([0, *changes], [*changes, len(labels)]):
        if labels[start] >= 0:
            # No run is long enough for sums of 16-bit counts to leave 32 bits.
            sums[labels[start]] += patterns[start:stop].sum(axis=0, dtype=numpy.uint32)
