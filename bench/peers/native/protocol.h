// The protocol of ../../README.md for C and C++: a JSON line of flat fields in, a JSON line out.
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  char rows[4096], start[4096];
  long n, d, k, iterations;
  int check;
} request_t;

/** Where the value of a field begins, or the end of the line. */
static inline const char *field(const char *line, const char *name) {
  char quoted[64];
  snprintf(quoted, sizeof quoted, "\"%s\":", name);
  const char *at = strstr(line, quoted);
  return at ? at + strlen(quoted) : "";
}

static inline void text_field(const char *line, const char *name, char *into) {
  if (sscanf(field(line, name), "\"%4095[^\"]\"", into) != 1) into[0] = 0;
}

/** Reads the next request; 0 where the input ends. */
static inline int next_request(request_t *r) {
  static char line[16384];
  if (!fgets(line, sizeof line, stdin)) return 0;
  text_field(line, "rows", r->rows);
  text_field(line, "start", r->start);
  r->n = atol(field(line, "n"));
  r->d = atol(field(line, "d"));
  r->k = atol(field(line, "k"));
  r->iterations = atol(field(line, "iterations"));
  r->check = strncmp(field(line, "check"), "true", 4) == 0;
  return 1;
}

/** Reads float64 values from a file, or ends the program. */
static inline void read_values(const char *path, double *into, size_t count) {
  FILE *file = fopen(path, "rb");
  if (!file || fread(into, sizeof(double), count, file) != count) {
    printf("{\"error\":\"can't read %zu values of %s\"}\n", count, path);
    exit(1);
  }
  fclose(file);
}

/** Memory that the bench can't do without, aligned for vectors. */
static inline double *allocate(size_t count) {
  void *memory = NULL;
  if (posix_memalign(&memory, 64, count * sizeof(double) + 64)) exit(1);
  return (double *)memory;
}

static inline double milliseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

/** The most memory this program ever held. Unlike `ru_maxrss`, `VmHWM` does not count what its parent held. */
static inline double peak_megabytes(void) {
  char line[256];
  double kilobytes = 0;
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file))
    if (sscanf(line, "VmHWM: %lf", &kilobytes) == 1) break;
  if (file) fclose(file);
  return kilobytes / 1024;
}

static inline void answer(const char *version, double ms_per_iteration, const double *log_likelihood) {
  printf("{\"version\":\"%s\",\"msPerIteration\":%.9g", version, ms_per_iteration);
  printf(",\"peakMegabytes\":%.6g", peak_megabytes());
  if (log_likelihood) printf(",\"logLikelihood\":%.17g", *log_likelihood);
  printf("}\n");
  fflush(stdout);
}
