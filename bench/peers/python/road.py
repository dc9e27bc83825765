"""What surrounds the E-step, of scikit-learn and hmmlearn, in one thread: milliseconds of processor time."""

import json
import logging
import sys
import time
import warnings

import numpy as np
import sklearn
from hmmlearn import __version__ as hmmlearn_version
from hmmlearn.hmm import GaussianHMM
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)


def timed(work):
    began = time.process_time()
    work()
    return 1e3 * (time.process_time() - began)


def k_means(rows, request):
    model = KMeans(request["k"], n_init=1, max_iter=20, random_state=request["seed"])
    return timed(lambda: model.fit(rows))


def prediction(rows, request):
    model = GaussianMixture(request["k"], max_iter=1, random_state=request["seed"], init_params="random_from_data")
    model.fit(rows)
    return timed(lambda: (model.predict_proba(rows), model.score_samples(rows)))


def hidden_markov_model(rows, request):
    def fit(iterations):
        k, d = request["k"], request["d"]
        model = GaussianHMM(k, covariance_type="full", n_iter=iterations, tol=-np.inf, init_params="")
        model.implementation = "scaling"
        model.startprob_ = np.full(k, 1 / k)
        model.transmat_ = np.full((k, k), 0.4 / k) + 0.6 * np.eye(k)
        model.means_ = rows[:: len(rows) // k][:k]
        model.covars_ = np.array([np.eye(d)] * k)
        return timed(lambda: model.fit(rows))

    few = fit(1)
    return (fit(1 + request["iterations"]) - few) / request["iterations"]


WORKS = {"k-means": k_means, "prediction": prediction, "hidden Markov model": hidden_markov_model}

for line in sys.stdin:
    try:
        request = json.loads(line)
        rows = np.fromfile(request["rows"]).reshape(request["n"], request["d"])
        answer = {"milliseconds": WORKS[request["work"]](rows, request)}
    except Exception as error:  # Whatever it is, the table says it.
        answer = {"error": f"{type(error).__name__}: {error}"}
    version = f"scikit-learn {sklearn.__version__}, hmmlearn {hmmlearn_version}"
    print(json.dumps({"version": version, **answer}), flush=True)
