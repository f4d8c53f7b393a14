/* Functions whose sensitivity indices are known, to be swept in place of a scenario. */
#ifndef ANA_TESTBED_H
#define ANA_TESTBED_H

#include <stddef.h>

struct ana_testbed {
    const char *name; /* "ishigami", "g-function" */
    size_t k_min, k_max;
    double lo, hi; /* every factor is uniform there: the indices hold for that */
    /* x: [k]. Any finite number is fine */
    double (*y)(const double x[], size_t k);
    /* Analytic first and total indices: [k] each, filled. */
    void (*indices)(double first[], double total[], size_t k);
};

/* Ended by a NULL name:
 *   ishigami    sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1, x in -pi..pi, 3 factors.
 *               Source: Ishigami & Homma, Proc. ISUMA '90 (1990) 398-403
 *   g-function  product of (|4 x - 2| + a) / (1 + a), a = 0, 1, 4.5, 9, 99, 99 ..., x in 0..1,
 *               1 to 40 factors. Source: Saltelli & Sobol', Reliab. Eng. Syst. Saf. 50 (1995)
 *               225-239 */
extern const struct ana_testbed ana_testbeds[];

/* The one with that name, or NULL. */
const struct ana_testbed *ana_testbed_find(const char *name);

#endif
