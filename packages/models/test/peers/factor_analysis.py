"""scikit-learn's closed-form probabilistic PCA and its factor analysis, converged."""
import json
import sys

import numpy as np
from sklearn.decomposition import PCA, FactorAnalysis

given = json.load(sys.stdin)
rows = np.array(given["rows"])
n = len(rows)
pca = PCA(n_components=given["factors"], svd_solver="full").fit(rows)
# Its variances are divided by N - 1 and not by N, so that its likelihood is not the maximum; ours is taken to it.
fa = FactorAnalysis(n_components=given["factors"], svd_method="lapack", tol=1e-14, max_iter=100000).fit(rows)
json.dump({
    "pcaNoise": pca.noise_variance_ * (n - 1) / n,
    "pcaCovariance": (pca.get_covariance() * (n - 1) / n).tolist(),
    "faLogLikelihood": fa.score(rows) * n,
    "faNoise": fa.noise_variance_.tolist(),
    "faCovariance": fa.get_covariance().tolist(),
}, sys.stdout)
