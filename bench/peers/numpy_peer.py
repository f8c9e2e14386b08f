"""A scan clustered by a careful numpy and scipy program: memory-mapped, row by row, on several threads.

Called by bench/peers/compare.ts. numpy, BLAS and scipy.ndimage release the interpreter's lock while they compute, so
threads share the work without copies; BLAS is held to one thread in each.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import pathlib
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy
import scipy

# The script runs isolated, so its own folder is not searched for modules.
sys.path.insert(0, str(pathlib.Path(__file__).parent))

import peer
import scan_math

options = peer.arguments(__doc__)


def run(stopwatch):
    scan = numpy.load(options.scan, mmap_mode="r")
    rows, columns, height, width = scan.shape
    features = scan_math.Features((height, width), options.blur, options.blur_as)
    bounds = [rows * worker // options.workers for worker in range(options.workers + 1)]
    similarity = numpy.empty((rows, columns, 4), numpy.float32)
    with ThreadPoolExecutor(options.workers) as pool:

        def on_all(task):
            return list(pool.map(task, bounds[:-1], bounds[1:]))

        on_all(lambda first, last: scan_math.similarity_of_rows(scan, features, first, last, similarity))
        stopwatch.lap("similarity")

        labels = scan_math.grow_clusters(similarity, options.threshold, options.min_size)
        sizes = numpy.bincount(labels[labels >= 0])
        stopwatch.lap("clusters")

        def sums_of_rows(first, last):
            sums = numpy.zeros((len(sizes), height * width))
            for row in range(first, last):
                scan_math.add_patterns(scan[row].reshape(columns, -1), labels[row], sums)
            return sums

        averages = sum(on_all(sums_of_rows)) / sizes[:, None]
        stopwatch.lap("averages")
    return similarity, labels, averages


blur = {"filter": "gaussian_filter", "product": "blur as matrix product"}[options.blur_as]
name = f"numpy/scipy, {blur}" if options.blur > 0 else "numpy/scipy"
peer.answer(options, name, {"numpy": numpy.__version__, "scipy": scipy.__version__}, run)
