"""Writes values.json: values of 250 digits, rounded to float64, where terms cancel or are beyond float64.

Each is by its definition, not by the formula of the library. Needs mpmath: python3 make.py > values.json
"""

import json

from mpmath import binomial, exp, log, loggamma, mp, mpf, pi, psi

mp.dps = 250


def log_beta(alpha):
    return sum(loggamma(a) for a in alpha) - loggamma(sum(alpha))


def dirichlet_entropy(alpha):
    total = sum(alpha)
    return log_beta(alpha) - sum((a - 1) * (psi(0, a) - psi(0, total)) for a in alpha)


def dirichlet_kl(p, q):
    total = sum(p)
    return log_beta(q) - log_beta(p) + sum((a - b) * (psi(0, a) - psi(0, total)) for a, b in zip(p, q))


def gamma_kl(p, q):
    (a, r), (b, s) = p, q
    return loggamma(b) - loggamma(a) + a * log(r) - b * log(s) + (a - b) * (psi(0, a) - log(r)) - a + s * a / r


def log_multigamma(d, a):
    return mpf(d * (d - 1)) / 4 * log(pi) + sum(loggamma(a - mpf(j) / 2) for j in range(d))


def multidigamma(d, a):
    return sum(psi(0, a - mpf(j) / 2) for j in range(d))


# Of scales v times the identity, which is enough to tell how terms cancel.
def wishart_entropy(d, nu, v):
    normaliser = nu / 2 * d * log(2 * v) + log_multigamma(d, nu / 2)
    log_det = d * log(2 * v) + multidigamma(d, nu / 2)
    return normaliser - (nu - d - 1) / 2 * log_det + nu * d / 2


def inverse_wishart_entropy(d, nu, psi_):
    log_det = d * log(psi_ / 2) - multidigamma(d, nu / 2)
    normaliser = -nu / 2 * d * log(psi_ / 2) + log_multigamma(d, nu / 2)
    return normaliser + (nu + d + 1) / 2 * log_det + nu * d / 2


def wishart_kl(d, p, q):
    (nu, v), (mu, w) = p, q
    log_det = d * log(2 * v) + multidigamma(d, nu / 2)
    a = nu / 2 * d * log(2 * v) + log_multigamma(d, nu / 2)
    b = mu / 2 * d * log(2 * w) + log_multigamma(d, mu / 2)
    return (nu - mu) / 2 * log_det - nu * d / 2 * (1 - v / w) - a + b


def dirichlet_multinomial(alpha, x):
    n = sum(x)
    mass = loggamma(n + 1) - sum(loggamma(k + 1) for k in x)
    return mass + log_beta([a + k for a, k in zip(alpha, x)]) - log_beta(alpha)


def normal_log(x, m, v):
    return -(log(2 * pi * v) + (x - m) ** 2 / v) / 2


def student_log(x, nu, m, s):
    z = (x - m) / s
    return loggamma((nu + 1) / 2) - loggamma(nu / 2) - log(nu * pi) / 2 - log(s) - (nu + 1) / 2 * log(1 + z * z / nu)


def student_lower(x, nu):
    """Far out, where the tail is a power of z."""
    z = abs(x)
    return exp(nu * log(nu) / 2 - nu * log(z) - log_beta([nu / 2, mpf(1) / 2])) / nu


def evidence(log_normaliser, before, after, log_base):
    return log_normaliser(*after) - log_normaliser(*before) + log_base


def nig_normaliser(m, kappa, a, b):
    return loggamma(a) - a * log(b) - log(kappa) / 2


def nig_evidence(m, kappa, a, b, xs):
    n = len(xs)
    mean = sum(xs) / n
    scatter = sum((x - mean) ** 2 for x in xs)
    k = kappa + n
    after = (0, k, a + mpf(n) / 2, b + scatter / 2 + kappa * n / k * (mean - m) ** 2 / 2)
    return evidence(nig_normaliser, (m, kappa, a, b), after, -mpf(n) / 2 * log(2 * pi))


def normal_mean_evidence(known, m, v, xs):
    total, mean = mpf(0), (m, v)
    for x in xs:
        total += normal_log(x, mean[0], mean[1] + known)
        share = mean[1] / (mean[1] + known)
        mean = (mean[0] + share * (x - mean[0]), mean[1] * known / (mean[1] + known))
    return total


def gamma_poisson_evidence(a, b, xs):
    n, s = len(xs), sum(xs)
    return loggamma(a + s) - loggamma(a) + a * log(b) - (a + s) * log(b + n) - sum(loggamma(x + 1) for x in xs)


def lower_beta(a, b, x):
    """DLMF 8.17.8, all terms of which are positive."""
    term, total, n = mpf(1), mpf(1), 0
    while term > total * mpf(10) ** -240:
        term *= (a + b + n) / (a + 1 + n) * x
        total += term
        n += 1
    return exp(a * log(x) + b * log(1 - x) - log_beta([a, b])) / a * total


def binomial_upper(n, p, k):
    """P(X > k) as one minus few terms, or as a sum of the terms above until nothing is added."""
    below = sum(binomial(n, j) * p**j * (1 - p) ** (n - j) for j in range(int(k) + 1))
    return 1 - below


def exact(x):
    return [exact(v) for v in x] if isinstance(x, list) else mpf(x)


def moved(arguments, path):
    """With the number at a path greater by a share of 1e-100."""
    head, *rest = path
    part = moved(arguments[head], rest) if rest else arguments[head] * (1 + mpf(10) ** -100)
    return arguments[:head] + [part] + arguments[head + 1 :]


def paths(arguments):
    for k, v in enumerate(arguments):
        if isinstance(v, list):
            yield from ([k, *rest] for rest in paths(v))
        elif isinstance(v, float):
            yield [k]


table = {}


def row(name, f, *arguments):
    """Whole numbers are counts; rounding the others moves the value by the condition times the rounding."""
    given = exact(list(arguments))
    value = f(*given)
    condition = sum(abs(f(*moved(given, path)) - value) for path in paths(list(arguments))) * mpf(10) ** 100
    table.setdefault(name, []).append({"arguments": arguments, "value": float(value), "condition": float(condition)})


def beta_of(f):
    return lambda a, b: f([a, b])


def beta_kl(a, b, c, d):
    return dirichlet_kl([a, b], [c, d])


small = 1 + 2.0**-20
for a, b in [(2.0, 3.0), (1e3, 1e3), (1e6, 2e6), (1e8, 1e8), (1e-3, 1e8), (1e12, 1e12), (1e-8, 1e-8)]:
    row("beta.entropy", beta_of(dirichlet_entropy), a, b)
    for c, d in [(a * small, b), (2 * a, b / 2), (1.5, 7.0)]:
        row("beta.klDivergence", beta_kl, a, b, c, d)
for alpha in [[1.0, 2.0, 3.0], [1e6, 2e6, 1e3], [1e8, 1e8, 1e8], [1e-3, 5.0, 1e8], [0.2] * 10]:
    row("dirichlet.entropy", dirichlet_entropy, alpha)
    for other in [[a * (small if k == 0 else 1) for k, a in enumerate(alpha)], [a / 2 for a in alpha]]:
        row("dirichlet.klDivergence", dirichlet_kl, alpha, other)
for shape, rate in [(2.0, 1.0), (1e6, 3.0), (1e12, 1e-3), (1e-8, 2.0)]:
    for b, s in [(shape * small, rate), (shape, rate * small), (3.0, 2.0)]:
        row("gamma.klDivergence", lambda *v: gamma_kl(v[:2], v[2:]), shape, rate, b, s)
for d in [1, 2, 5]:
    for nu in [d + 1.5, 1e3, 1e6, 1e8]:
        for v in [1.0, 1e-3]:
            row("wishart.entropy", lambda d, *p: wishart_entropy(int(d), *p), d, nu, v)
            row("inverseWishart.entropy", lambda d, *p: inverse_wishart_entropy(int(d), *p), d, nu, v)
        for mu, w in [(nu * small, 1.0), (nu, small), (2 * nu, 0.5)]:
            row("wishart.klDivergence", lambda d, *p: wishart_kl(int(d), p[:2], p[2:]), d, nu, 1.0, mu, w)
            # Of the inverses, whose scales are the reciprocals.
            inverted = lambda d, nu, p, mu, q: wishart_kl(int(d), (nu, 1 / p), (mu, 1 / q))
            row("inverseWishart.klDivergence", inverted, d, nu, 1.0, mu, w)
for n, a, b, x in [
    (10, 2.0, 3.0, 4),
    (1, 1e6, 1e6, 1),
    (1000, 1e6, 3e6, 250),
    (10**9, 1.0, 1.0, 5 * 10**8),
    (10**9, 1e-3, 1e-3, 10**9),
    (5, 1e10, 2e10, 3),
    (5, 1e15, 1e15, 2),
    (100, 1e-8, 1e-8, 50),
    (7, 1e100, 1e100, 3),
]:
    row("betaBinomial.logProb", lambda n, a, b, x: dirichlet_multinomial([a, b], [x, n - x]), n, a, b, x)
for alpha, x in [
    ([1.0, 2.0, 3.0], [1, 1, 1]),
    ([1e6, 1e6, 1e6], [300, 300, 400]),
    ([1e15, 2e15, 1e12], [3, 0, 2]),
    ([1e-9, 1.0, 1e9], [0, 2, 40]),
]:
    row("dirichletMultinomial.logProb", dirichlet_multinomial, alpha, x)
for n, p, k in [(10**9, 1e-8, 1), (10**6, 1e-5, 3), (10**6, 1e-5, 30), (10**9, 1e-8, 25), (1000, 0.5, 3), (10**12, 1e-12, 0)]:
    row("binomial.survival", binomial_upper, n, p, k)
for a, b, x in [(3.0, 1e5, 1e-5), (3.0, 1e5, 1e-4), (0.5, 0.5, 1e-15), (2.0, 3.0, 0.25), (1e4, 2e4, 0.33), (50.0, 1e6, 1e-4)]:
    row("regularizedBeta.lower", lower_beta, a, b, x)
    row("regularizedBeta.upper", lambda a, b, x: 1 - lower_beta(a, b, x), a, b, x)
for x, nu in [(1e10, 0.5), (-1e200, 1e-3), (-1e300, 0.01), (1e308, 2.0), (3.0, 4.0)]:
    row("studentT.logProb", lambda x, nu: student_log(x, nu, 0, 1), x, nu)
for x, nu in [(-1e200, 1e-3), (-1e300, 0.01), (-1e160, 0.9)]:
    row("studentT.cdf", student_lower, x, nu)
for mean, kappa, a, b, xs in [
    (0.0, 1.0, 3.0, 2.0, [1.0, 2.0, 0.5]),
    (1e6, 1e-3, 2.0, 1e-4, [1e6 + 0.01, 1e6]),
    (0.0, 1.0, 1e6, 1e6, [0.5, -1.0]),
    (1e8, 0.01, 2.0, 1.0, [1e8 + 1]),
]:
    row("normalInverseGammaPrior", nig_evidence, mean, kappa, a, b, xs)
    of_column = lambda mean, kappa, nu, psi_, xs: nig_evidence(mean, kappa, nu / 2, psi_ / 2, xs)
    row("normalInverseWishartPrior", of_column, mean, kappa, 2 * a, 2 * b, xs)
for known, mean, v, xs in [
    (1e-4, 1e6, 1e-4, [1e6]),
    (1e-4, 1e3, 1e-4, [1e3, 1e3 + 0.01]),
    (2.0, 1.0, 3.0, [0.5, 2.0]),
    (1e-8, 1e8, 1.0, [1e8 + 1]),
]:
    row("normalMeanPrior", normal_mean_evidence, known, mean, v, xs)
for a, b, xs in [(2.0, 1.0, [3, 1, 4]), (1e6, 1e5, [9, 11]), (1e9, 1e9, [1]), (1e12, 1.0, [10**12])]:
    row("gammaPoissonPrior", gamma_poisson_evidence, a, b, xs)

print(json.dumps(table, indent=1))
