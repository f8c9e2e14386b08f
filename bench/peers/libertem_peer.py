"""A scan clustered by LiberTEM with functions of our own: similarity of neighbours, and sums of clusters.

Called by bench/peers/compare.ts. Partitions are whole scan rows on as many worker processes as asked for. A function
sees one partition at a time, so the pairs of rows that two partitions share are compared in the main process.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import pathlib
import sys

import libertem
import libertem.api
import numpy
from libertem.udf import UDF

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import peer
import scan_math

# Partitions of each worker: enough to keep all busy to the end.
PARTITIONS = 4


class NeighbourSimilarity(UDF):
    """Similarities to the forward neighbours inside a partition of whole scan rows."""

    def get_result_buffers(self):
        return {"similarity": self.buffer(kind="nav", extra_shape=(4,), dtype="float32")}

    def process_partition(self, partition):
        # Worker processes run isolated too.
        sys.path.insert(0, self.params.folder)
        import scan_math

        height, width = partition.shape[1:]
        scan = partition.reshape(-1, self.params.columns, height, width)
        features = scan_math.Features((height, width), self.params.sigma, self.params.blur_as)
        similarity = numpy.empty((*scan.shape[:2], 4), numpy.float32)
        scan_math.similarity_of_rows(scan, features, 0, len(scan), similarity)
        self.results.similarity[:] = similarity.reshape(-1, 4)


class ClusterSums(UDF):
    """Sums of the patterns of each cluster."""

    def get_result_buffers(self):
        return {
            "sums": self.buffer(
                kind="single", extra_shape=(self.params.clusters, self.params.pixels), dtype="float64"
            )
        }

    def process_partition(self, partition):
        sys.path.insert(0, self.params.folder)
        import scan_math

        labels = numpy.asarray(self.params.labels).reshape(-1)
        scan_math.add_patterns(partition.reshape(len(labels), -1), labels, self.results.sums)

    def merge(self, dest, src):
        dest.sums[:] += src.sums


options = peer.arguments(__doc__)
folder = str(pathlib.Path(__file__).parent)


def run(stopwatch):
    dataset = context.load("npy", path=options.scan, num_partitions=partitions)
    rows, columns, height, width = dataset.shape
    common = {"folder": folder}
    neighbours = NeighbourSimilarity(columns=columns, sigma=options.blur, blur_as=options.blur_as, **common)
    found = context.run_udf(dataset, neighbours)["similarity"].data
    similarity = numpy.array(found).reshape(rows, columns, 4)
    scan = numpy.load(options.scan, mmap_mode="r")
    features = scan_math.Features((height, width), options.blur, options.blur_as)
    for partition in list(dataset.get_partitions())[:-1]:
        last = (partition.slice.origin[0] + partition.slice.shape[0]) // columns - 1
        scan_math.similarity_of_rows(scan, features, last, last + 1, similarity)
    stopwatch.lap("similarity")

    labels = scan_math.grow_clusters(similarity, options.threshold, options.min_size)
    sizes = numpy.bincount(labels[labels >= 0])
    stopwatch.lap("clusters")

    nav_labels = ClusterSums.aux_data(labels.reshape(-1), kind="nav", dtype="int32")
    sums = ClusterSums(labels=nav_labels, clusters=len(sizes), pixels=height * width, **common)
    averages = context.run_udf(dataset, sums)["sums"].data / sizes[:, None]
    stopwatch.lap("averages")
    return similarity, labels, averages


if __name__ == "__main__":
    scan_rows = numpy.load(options.scan, mmap_mode="r").shape[0]
    # Partitions are equal, so only a divisor of the rows makes them whole rows.
    partitions = max(n for n in range(1, PARTITIONS * options.workers + 1) if scan_rows % n == 0)
    with libertem.api.Context.make_with("dask", cpus=options.workers) as context:
        name = "LiberTEM UDF" + (f", {options.blur_as}" if options.blur > 0 else "")
        peer.answer(options, name, {"LiberTEM": libertem.__version__, "numpy": numpy.__version__}, run)
