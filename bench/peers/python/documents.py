"""A mixture of multinomials by SciPy's sparse matrices, from k-means of scikit-learn: the protocol of ../../README.md."""

import json
import sys
import time

import numpy as np
import scipy
from protocol import peak_megabytes
from scipy.sparse import csr_matrix
from scipy.special import logsumexp
from sklearn.cluster import KMeans


def fit(documents, request):
    k, columns = request["k"], request["columns"]
    clusters = KMeans(k, n_init=1, random_state=0).fit_predict(documents)
    responsibilities = 0.9 * np.eye(k)[clusters] + 0.1 / k
    for _ in range(1 + request["iterations"]):
        counts = (documents.T @ responsibilities).T + 1
        log_probabilities = np.log(counts / counts.sum(axis=1, keepdims=True))
        weights = responsibilities.sum(axis=0) + 1
        logits = documents @ log_probabilities.T + np.log(weights / weights.sum())
        responsibilities = np.exp(logits - logsumexp(logits, axis=1, keepdims=True))
    return columns


for line in sys.stdin:
    try:
        request = json.loads(line)
        rows = request["rows"]
        parts = (
            np.fromfile(f"{rows}.values"),
            np.fromfile(f"{rows}.indices", dtype=np.int32),
            np.fromfile(f"{rows}.indptr", dtype=np.int32),
        )
        documents = csr_matrix(parts, shape=(request["n"], request["columns"]))
        began = time.process_time()
        fit(documents, request)
        answer = {"milliseconds": 1000 * (time.process_time() - began)}
    except Exception as error:  # Whatever it is, the table says it.
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps({"version": f"SciPy {scipy.__version__}", "peakMegabytes": peak_megabytes(), **answer}), flush=True)
