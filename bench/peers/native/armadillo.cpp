// gmm_full of Armadillo: maximum likelihood, in float64, with as many threads as OMP_NUM_THREADS says.
#include <armadillo>
#include "protocol.h"

static arma::gmm_full start(const request_t &r) {
  arma::vec values(r.k * (1 + r.d + r.d * r.d));
  read_values(r.start, values.memptr(), values.n_elem);
  const double *weights = values.memptr(), *means = weights + r.k, *covariances = means + r.k * r.d;
  arma::gmm_full model;
  model.set_params(arma::mat(means, r.d, r.k), arma::cube(covariances, r.d, r.d, r.k), arma::rowvec(weights, r.k));
  return model;
}

static bool learn(arma::gmm_full &model, const arma::mat &rows, const request_t &r, long iterations) {
  return model.learn(rows, r.k, arma::maha_dist, arma::keep_existing, 0, iterations, 0, false);
}

int main() {
  const arma::arma_version version;
  char name[64];
  snprintf(name, sizeof name, "%u.%u.%u", version.major, version.minor, version.patch);
  request_t r;
  arma::mat rows;
  while (next_request(&r)) {
    if (rows.is_empty()) {
      rows.set_size(r.d, r.n);
      read_values(r.rows, rows.memptr(), rows.n_elem);
    }
    arma::gmm_full model = start(r);
    const double began = milliseconds();
    const bool learnt = learn(model, rows, r, r.iterations);
    const double took = milliseconds() - began;
    if (!learnt) {
      printf("{\"error\":\"gmm_full::learn failed\"}\n");
      fflush(stdout);
      continue;
    }
    if (!r.check) {
      answer(name, took / r.iterations, NULL);
      continue;
    }
    arma::gmm_full before = start(r);
    if (r.iterations > 1) learn(before, rows, r, r.iterations - 1);
    const double likelihood = before.sum_log_p(rows);
    answer(name, took / r.iterations, &likelihood);
  }
  return 0;
}
