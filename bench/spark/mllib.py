"""MLlib's GaussianMixture on rows of a parquet file, in a server of its own: seconds of processors of an iteration, as one line of JSON.

Arguments: the file, K, and two numbers of iterations, whose difference is what is timed: what is done before them is the same. Where
clusters are apart MLlib ends as soon as nothing changes, so that iterations are counted as it did them.
"""

import json
import sys

from pyspark.ml.clustering import GaussianMixture
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import SparkSession

path, components, few, many = sys.argv[1], *map(int, sys.argv[2:5])
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.driver.memory", "2g")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.catalogImplementation", "in-memory")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
rows = spark.read.parquet(path)
vectors = VectorAssembler(inputCols=rows.columns, outputCol="features").transform(rows).select("features").cache()
vectors.count()


def seconds():
    with open(f"/proc/{spark.sparkContext._gateway.proc.pid}/stat") as stat:
        fields = stat.read().split(") ")[1].split(" ")
    return (int(fields[11]) + int(fields[12])) / 100


def fit(iterations):
    begun = seconds()
    found = GaussianMixture(k=components, maxIter=iterations, tol=0.0, seed=1).fit(vectors)
    return seconds() - begun, found.summary.numIter


fit(few)
(least, first), (most, last) = fit(few), fit(many)
assert last > first, f"{last} iterations, after {first}: there is nothing to time"
print(json.dumps({"seconds": (most - least) / (last - first)}))
spark.stop()
