"""hmmlearn's forward-backward and Viterbi at given parameters."""
import json
import sys

import numpy as np
from hmmlearn.hmm import GaussianHMM

given = json.load(sys.stdin)
sequences = [np.array(s) for s in given["sequences"]]
rows, lengths = np.concatenate(sequences), [len(s) for s in sequences]


def model(iterations):
    # Its priors in the M-step are switched off: flat Dirichlets, no weight on means, nothing added to covariances.
    hmm = GaussianHMM(
        n_components=len(given["initial"]), covariance_type="full", n_iter=iterations, tol=-np.inf, init_params="",
        startprob_prior=1.0, transmat_prior=1.0, means_weight=0, covars_prior=0, covars_weight=0, min_covar=0,
        algorithm="viterbi", implementation="scaling" if given["scaling"] else "log",
    )
    hmm.startprob_ = np.array(given["initial"])
    hmm.transmat_ = np.array(given["transitions"])
    hmm.means_ = np.array(given["means"])
    hmm.covars_ = np.array(given["covariances"])
    return hmm


start = model(1)
log_likelihood, posteriors = start.score_samples(rows, lengths)
path = start.predict(rows, lengths)
log_prob, _ = start.decode(rows, lengths)
json.dump({
    "logLikelihood": log_likelihood, "states": posteriors.tolist(), "path": path.tolist(),
}, sys.stdout)
