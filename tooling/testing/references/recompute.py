"""Computes values of this folder once more, in 40 digits and by their definitions, and says how far they are from the files.

Of mixtures the objectives and what each fit ends at, of distributions the log densities, and the special functions. It shares no
code with the library. Needs mpmath, and two minutes: python3 recompute.py
"""

import json
from pathlib import Path

from mpmath import cholesky, digamma, exp, fsum, inf, log, log1p, loggamma, matrix, mp, mpf, pi, psi

mp.dps = 40
folder = Path(__file__).parent


def numbers(value):
    """Nested lists and records as nested lists and records of 40 digits."""
    if isinstance(value, dict):
        return {key: numbers(v) for key, v in value.items()}
    if isinstance(value, list):
        return [numbers(v) for v in value]
    if value in ("inf", "-inf"):
        return inf if value == "inf" else -inf
    return mpf(value) if isinstance(value, (int, float)) else value


def flat(value):
    return [n for v in value for n in flat(v)] if isinstance(value, list) else [value]


def deviation(computed, stated):
    """The largest difference, on the scale of the largest value that is stated, or of 1 if that is larger."""
    pairs = list(zip(flat(computed), flat(stated), strict=True))
    if any(abs(s) == inf and c != s for c, s in pairs):
        return inf
    finite = [(c, s) for c, s in pairs if abs(s) != inf]
    return max((abs(c - s) for c, s in finite), default=mpf(0)) / max([1, *(abs(s) for _, s in finite)])


# Matrices are lists of rows.


def factor(a):
    """The lower Cholesky factor L of a = L L', and log|a|."""
    lower = cholesky(matrix(a))
    d = len(a)
    return [[lower[i, j] for j in range(i + 1)] for i in range(d)], 2 * fsum(log(lower[i, i]) for i in range(d))


def solved(lower, b):
    """L^-1 b."""
    z = []
    for row, v in zip(lower, b):
        z.append((v - fsum(r * s for r, s in zip(row, z))) / row[-1])
    return z


def distance(lower, difference):
    return fsum(v * v for v in solved(lower, difference))


def trace_of_quotient(a, b):
    """tr(a^-1 b): L^-1 b has the rows that are solved for once more."""
    lower, _ = factor(a)
    once = [solved(lower, column) for column in zip(*b)]
    twice = [solved(lower, [row[i] for row in once]) for i in range(len(a))]
    return fsum(twice[i][i] for i in range(len(a)))


def lgamma(x):
    """log|Gamma(x)|."""
    return mpf(mp.re(loggamma(x)))


def log_multigamma(d, a):
    return mpf(d * (d - 1)) / 4 * log(pi) + fsum(lgamma(a - mpf(j) / 2) for j in range(d))


def log_beta(a):
    return fsum(lgamma(v) for v in a) - lgamma(fsum(a))


def powered(exponent, base):
    """log of base^exponent, where 0^0 is 1."""
    if exponent == 0:
        return mpf(0)
    return exponent * log(base) if base > 0 else (-inf if exponent > 0 else inf)


# Log densities, by the parameters in the files.


def normal(x, loc, variance):
    return -log(2 * pi * variance) / 2 - (x - loc) ** 2 / (2 * variance)


def multivariate_normal(x, loc, covariance):
    lower, log_det = factor(covariance)
    return -(len(x) * log(2 * pi) + log_det + distance(lower, [a - b for a, b in zip(x, loc)])) / 2


def multivariate_t(x, df, loc, scale_matrix):
    lower, log_det = factor(scale_matrix)
    d, q = len(x), distance(lower, [a - b for a, b in zip(x, loc)])
    constant = lgamma((df + d) / 2) - lgamma(df / 2) - d * log(df * pi) / 2 - log_det / 2
    return constant - (df + d) / 2 * log1p(q / df)


def gamma(x, concentration, rate):
    if x < 0:
        return -inf
    return concentration * log(rate) - lgamma(concentration) + powered(concentration - 1, x) - rate * x


def inverse_gamma(x, concentration, scale):
    if x <= 0:
        return -inf
    return concentration * log(scale) - lgamma(concentration) - (concentration + 1) * log(x) - scale / x


def beta(x, a, b):
    if not 0 <= x <= 1:
        return -inf
    return powered(a - 1, x) + powered(b - 1, 1 - x) - log_beta([a, b])


def wishart(x, df, scale_matrix):
    d, (_, of_x), (_, of_scale) = len(x), factor(x), factor(scale_matrix)
    constant = df * d * log(mpf(2)) / 2 + df * of_scale / 2 + log_multigamma(d, df / 2)
    return (df - d - 1) * of_x / 2 - trace_of_quotient(scale_matrix, x) / 2 - constant


def inverse_wishart(x, df, scale_matrix):
    d, (_, of_x), (_, of_scale) = len(x), factor(x), factor(scale_matrix)
    constant = df * d * log(mpf(2)) / 2 - df * of_scale / 2 + log_multigamma(d, df / 2)
    return -(df + d + 1) * of_x / 2 - trace_of_quotient(x, scale_matrix) / 2 - constant


def normal_inverse_wishart(mu, sigma, mu0, kappa0, nu0, sigma0):
    scaled = [[v / kappa0 for v in row] for row in sigma]
    return multivariate_normal(mu, mu0, scaled) + inverse_wishart(sigma, nu0, sigma0)


def multinomial(x, n, p):
    return lgamma(n + 1) + fsum(powered(c, q) - lgamma(c + 1) for c, q in zip(x, p))


densities = {
    "bernoulli": lambda x, q: powered(x, q["p"]) + powered(1 - x, 1 - q["p"]),
    "beta": lambda x, q: beta(x, q["a"], q["b"]),
    "categorical": lambda x, q: powered(1, q["p"][int(x)]),
    "dirichlet": lambda x, q: fsum(powered(a - 1, v) for a, v in zip(q["alpha"], x)) - log_beta(q["alpha"]),
    "exponential": lambda x, q: log(q["rate"]) - q["rate"] * x if x >= 0 else -inf,
    "gamma": lambda x, q: gamma(x, q["concentration"], q["rate"]),
    "inverse_gamma": lambda x, q: inverse_gamma(x, q["concentration"], q["scale"]),
    "inverse_wishart": lambda x, q: inverse_wishart(x, q["df"], q["scale_matrix"]),
    "multinomial": lambda x, q: multinomial(x, q["n"], q["p"]),
    "multivariate_normal": lambda x, q: multivariate_normal(x, q["loc"], q["covariance"]),
    "multivariate_student_t": lambda x, q: multivariate_t(x, q["df"], q["loc"], q["scale_matrix"]),
    "normal": lambda x, q: normal(x, q["loc"], q["scale"] ** 2),
    "normal_inverse_gamma": lambda x, q: normal(x["mu"], q["mu0"], x["s2"] / q["kappa0"])
    + inverse_gamma(x["s2"], q["a"], q["b"]),
    "normal_inverse_wishart": lambda x, q: normal_inverse_wishart(
        x["mu"], x["Sigma"], q["mu0"], q["kappa0"], q["nu0"], q["Sigma0"]
    ),
    "poisson": lambda x, q: powered(x, q["rate"]) - q["rate"] - lgamma(x + 1),
    "student_t": lambda x, q: multivariate_t([x], q["df"], [q["loc"]], [[q["scale"] ** 2]]),
    "wishart": lambda x, q: wishart(x, q["df"], q["scale_matrix"]),
}


def of_distribution(file):
    density = densities[file["dist"]]
    # Each by itself: a large one must not hide what is wrong with another.
    return max(
        deviation([density(numbers(x), numbers(case["params"]))], [numbers(value)])
        for case in file["cases"]
        for x, value in zip(case["x"], case["log_prob"], strict=True)
    )


def of_special_functions(file):
    known = {"lgamma": lgamma, "digamma": digamma, "trigamma": lambda x: psi(1, x)}
    pairs = [
        (f(mpf(x)), value)
        for name, f in known.items()
        for sign in ("", "_negative")
        for x, value in zip(file[name + sign]["x"], file[name + sign]["value"], strict=True)
    ]
    pairs += [(log_beta([mpf(row["a"]), mpf(row["b"])]), row["value"]) for row in file["log_beta"]]
    for row in file["multigammaln"]:
        a, d = mpf(row["a"]), int(row["d"])
        pairs.append((log_multigamma(d, a), row["value"]))
        pairs.append((fsum(digamma(a - mpf(j) / 2) for j in range(d)), row["multidigamma"]))
    return max(deviation([computed], [numbers(value)]) for computed, value in pairs)


# The mixture of Gaussians: weights under a Dirichlet, each mean and covariance under a normal-inverse-Wishart.


def expectation(x, weights, mus, sigmas):
    """Responsibilities, a list for each row, and the log-likelihood."""
    factors = [factor(sigma) for sigma in sigmas]
    constants = [powered(1, w) - (len(x[0]) * log(2 * pi) + f[1]) / 2 for w, f in zip(weights, factors)]
    total, rows = [], []
    for row in x:
        logs = [
            constant - distance(lower, [a - b for a, b in zip(row, mu)]) / 2
            for constant, (lower, _), mu in zip(constants, factors, mus)
        ]
        largest = max(logs)
        shares = [exp(v - largest) for v in logs]
        sum_of_shares = fsum(shares)
        total.append(largest + log(sum_of_shares))
        rows.append([s / sum_of_shares for s in shares])
    return rows, fsum(total)


def maximum(x, responsibilities, q):
    """The joint mode of the parameters, given responsibilities."""
    d, prior = len(x[0]), q["Sigma0"]
    weights, mus, sigmas = [], [], []
    for k, alpha in enumerate(q["alpha"]):
        r = [row[k] for row in responsibilities]
        count = fsum(r)
        weights.append((count + alpha - 1) / (len(x) + fsum(q["alpha"]) - len(q["alpha"])))
        mu = [
            (q["kappa0"] * q["mu0"][i] + fsum(w * row[i] for w, row in zip(r, x))) / (q["kappa0"] + count) for i in range(d)
        ]
        about = [[v - m for v, m in zip(row, mu)] for row in x]
        shift = [m - m0 for m, m0 in zip(mu, q["mu0"])]
        sigma = [[mpf(0)] * d for _ in range(d)]
        for i in range(d):
            for j in range(i + 1):
                scatter = fsum(w * c[i] * c[j] for w, c in zip(r, about)) + q["kappa0"] * shift[i] * shift[j]
                sigma[i][j] = sigma[j][i] = (prior[i][j] + scatter) / (q["nu0"] + count + d + 2)
        mus.append(mu)
        sigmas.append(sigma)
    return weights, mus, sigmas


def log_prior(q, weights, mus, sigmas):
    of_weights = fsum(powered(a - 1, w) for a, w in zip(q["alpha"], weights)) - log_beta(q["alpha"])
    return of_weights + fsum(
        normal_inverse_wishart(mu, sigma, q["mu0"], q["kappa0"], q["nu0"], q["Sigma0"]) for mu, sigma in zip(mus, sigmas)
    )


def of_mixture(file):
    x, q, stated = numbers(file["data"]["x"]), numbers(file["hypers"]), numbers(file["expected"])
    parameters = ([a / fsum(q["alpha"]) for a in q["alpha"]], numbers(file["init"]["mus"]), [q["Sigma0"] for _ in q["alpha"]])
    objectives = []
    for _ in range(file["hypers"]["n_iter"] + 1):
        if objectives:
            parameters = maximum(x, responsibilities, q)
        responsibilities, likelihood = expectation(x, *parameters)
        objectives.append(likelihood + log_prior(q, *parameters))
    counts = [fsum(column) for column in zip(*responsibilities)]
    ends = zip(parameters, (stated["pi"], stated["mus"], stated["Sigmas"]))
    return max(
        deviation(objectives, stated["log_prob"]),
        deviation(counts, stated["resp_sums"]),
        *(deviation(computed, value) for computed, value in ends),
    )


if __name__ == "__main__":
    for path in sorted(folder.rglob("*.json")):
        file = json.loads(path.read_text())
        kind = of_mixture if "hypers" in file else of_distribution if "cases" in file else of_special_functions
        print(f"{path.relative_to(folder)}: {float(kind(file)):.1e}", flush=True)
