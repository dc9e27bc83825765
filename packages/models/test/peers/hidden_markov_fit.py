"""Baum and Welch by hmmlearn from given parameters, with priors of its M-step that are those of a normal-inverse-Wishart."""
import json
import sys

import numpy as np
from hmmlearn.hmm import GaussianHMM

given = json.load(sys.stdin)
sequences = [np.array(s) for s in given["sequences"]]
rows, lengths = np.concatenate(sequences), [len(s) for s in sequences]
columns, prior = rows.shape[1], given["prior"]


def fitted(iterations):
    # Its covariances are (covars_prior + scatter) / (max(covars_weight - D, 0) + N_k), the joint mode Psi_N / (nu_N + D + 2).
    hmm = GaussianHMM(
        n_components=len(given["initial"]), covariance_type="full", n_iter=iterations, tol=-np.inf, init_params="",
        startprob_prior=given["concentration"], transmat_prior=given["concentration"],
        means_prior=np.array(prior["mean"]), means_weight=prior["meanPrecision"],
        covars_prior=np.array(prior["scale"]), covars_weight=prior["degreesOfFreedom"] + 2 * columns + 2,
        min_covar=0, implementation="log",
    )
    hmm.startprob_ = np.array(given["initial"])
    hmm.transmat_ = np.array(given["transitions"])
    hmm.means_ = np.array(given["means"])
    hmm.covars_ = np.array(given["covariances"])
    hmm.fit(rows, lengths)
    return {
        "initial": hmm.startprob_.tolist(), "transitions": hmm.transmat_.tolist(),
        "means": hmm.means_.tolist(), "covariances": hmm.covars_.tolist(),
    }


json.dump([fitted(n) for n in given["iterations"]], sys.stdout)
