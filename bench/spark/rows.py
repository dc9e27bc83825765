"""Writes the rows of a query as a parquet file. Arguments: the file, and the query."""

import sys

from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.catalogImplementation", "in-memory")
    .getOrCreate()
)
spark.sql(sys.argv[2]).write.parquet(sys.argv[1])
spark.stop()
