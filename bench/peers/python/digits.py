"""The digits of scikit-learn by their first 32 principal components, and a start: digits.py ROWS START."""

import json
import sys

import numpy as np
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

COLUMNS, COMPONENTS = 32, 30

# Twenty copies, each moved by a little, so that an iteration takes long enough to be timed.
digits = PCA(COLUMNS, random_state=0).fit_transform(load_digits().data)
noise = np.random.default_rng(0)
rows = np.concatenate([digits + 0.1 * noise.standard_normal(digits.shape) for _ in range(20)])
labels = KMeans(COMPONENTS, n_init=1, random_state=0).fit_predict(rows)
weights = np.bincount(labels, minlength=COMPONENTS) / len(rows)
means = np.array([rows[labels == k].mean(0) for k in range(COMPONENTS)])
covariances = np.array([np.cov(rows[labels == k].T) + 0.05 * np.eye(COLUMNS) for k in range(COMPONENTS)])
rows.tofile(sys.argv[1])
np.concatenate([weights, means.ravel(), covariances.ravel()]).tofile(sys.argv[2])
print(json.dumps({"rows": len(rows), "columns": COLUMNS, "components": COMPONENTS}))
