"""scikit-learn's variational Gaussian mixture after given iterations from given responsibilities."""
import json
import sys
import warnings

import numpy as np
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

warnings.simplefilter("ignore")
given = json.load(sys.stdin)
rows, responsibilities = np.array(given["rows"]), np.array(given["responsibilities"])


class FromResponsibilities:
    def _initialize_parameters(self, X, *args, **kwargs):
        self._initialize(X, responsibilities)


class Variational(FromResponsibilities, BayesianGaussianMixture):
    pass


variational = Variational(
    n_components=responsibilities.shape[1], covariance_type="full", tol=0, reg_covar=0, max_iter=given["iterations"],
    weight_concentration_prior_type="dirichlet_distribution", weight_concentration_prior=given["concentration"],
    mean_precision_prior=given["meanPrecision"], mean_prior=np.array(given["mean"]),
    degrees_of_freedom_prior=given["degreesOfFreedom"], covariance_prior=np.array(given["scale"]),
).fit(rows)
likelihood = GaussianMixture(
    n_components=responsibilities.shape[1], tol=0, reg_covar=0, max_iter=given["iterations"],
    weights_init=given["start"]["weights"], means_init=given["start"]["means"], precisions_init=given["start"]["precisions"],
).fit(rows)
json.dump({
    "variational": {
        "means": variational.means_.tolist(), "covariances": variational.covariances_.tolist(),
        "degreesOfFreedom": variational.degrees_of_freedom_.tolist(),
        "meanPrecisions": variational.mean_precision_.tolist(),
        "concentration": variational.weight_concentration_.tolist(),
        "lowerBounds": [float(v) for v in variational.lower_bounds_],
        "responsibilities": variational.predict_proba(rows).tolist(),
    },
    "likelihood": {
        "means": likelihood.means_.tolist(), "covariances": likelihood.covariances_.tolist(),
        "weights": likelihood.weights_.tolist(), "logLikelihood": likelihood.score(rows) * len(rows),
    },
}, sys.stdout)
