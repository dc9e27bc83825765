"""The protocol of ../../README.md for Python: a JSON line in, a JSON line out."""

import json
import sys

import numpy as np


def read(request):
    """Rows (N x D) and the start: weights (K), means (K x D), covariances (K x D x D)."""
    n, d, k = request["n"], request["d"], request["k"]
    rows = np.fromfile(request["rows"]).reshape(n, d)
    start = np.fromfile(request["start"])
    weights, means, covariances = np.split(start, [k, k + k * d])
    return rows, (weights, means.reshape(k, d), covariances.reshape(k, d, d))


def peak_megabytes():
    """The most memory this program ever held. Unlike `ru_maxrss`, `VmHWM` does not count what its parent held."""
    with open("/proc/self/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def serve(version, run):
    """Answers requests by `run(rows, start, request)`, which returns milliseconds an iteration and a log-likelihood."""
    data = None
    for line in sys.stdin:
        try:
            request = json.loads(line)
            data = data or read(request)
            milliseconds, log_likelihood = run(*data, request)
            answer = {"msPerIteration": milliseconds, "logLikelihood": float(log_likelihood)}
        except Exception as error:  # Whatever it is, the table says it.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"version": version, "peakMegabytes": peak_megabytes(), **answer}), flush=True)
