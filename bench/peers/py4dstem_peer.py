"""A part of a scan clustered by py4DSTEM's published `Cluster` class, through its public methods.

Called by bench/peers/compare.ts. The part is in memory before the clock starts. One thread: the class knows no other
way. Its similarity subtracts each pattern's mean first, which is `--metric centered` here; `--blur` is its
`smooth_sigma`, 0 meaning none.
"""

import inspect
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import pathlib
import sys
import warnings

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import peer

warnings.filterwarnings("ignore")
import py4DSTEM
from py4DSTEM.process.utils import Cluster

# Where the class keeps the neighbours at (0,1) (1,-1) (1,0) (1,1).
FORWARD = (7, 6, 5, 4)

options = peer.arguments(__doc__)
if "smooth_sigma" not in inspect.signature(Cluster.find_similarity).parameters:
    sys.exit("this version of py4DSTEM has no smooth_sigma: install 0.14.19")
part = numpy.load(options.scan, mmap_mode="r")
if options.part:
    rows, columns = map(int, options.part.split("x"))
    part = part[:rows, :columns]
datacube = py4DSTEM.DataCube(data=numpy.array(part))


def run(stopwatch):
    cluster = Cluster(datacube)
    cluster.find_similarity(smooth_sigma=options.blur)
    stopwatch.lap("similarity")
    cluster.indexing_clusters_all(options.threshold)
    stopwatch.lap("clusters")
    averages, members = cluster.create_cluster_cube(options.min_size, return_cluster_datacube=True)
    stopwatch.lap("averages")

    rows, columns = part.shape[:2]
    similarity = cluster.similarity[..., FORWARD].astype(numpy.float32)
    similarity[:, -1, (0, 3)] = similarity[:, 0, 1] = similarity[-1, :, 1:] = numpy.nan
    labels = numpy.full((rows, columns), -1, numpy.int32)
    for number, probes in enumerate(members):
        labels[probes[:, 0], probes[:, 1]] = number
    return similarity, labels, averages.reshape(len(members), -1)


notes = ["its similarity looks at each pair of neighbours from both sides; one thread; the scan in memory beforehand"]
peer.answer(options, "py4DSTEM Cluster", {"py4DSTEM": py4DSTEM.__version__, "numpy": numpy.__version__}, run, notes)
