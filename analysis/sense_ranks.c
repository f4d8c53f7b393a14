#include "analysis/sense_inner.h"

#include <math.h>
#include <string.h>

/* Products of the standardised ranks of k factors and the output: [k + 1][k + 1], of which the
 * half is kept. Their means over rows are correlations. */
static size_t pairs(size_t k)
{
    return (k + 1) * (k + 2) / 2;
}

/* Columns with their mean taken off and scaled to variance 1; 0 where they have no spread. */
static int standardise(double x[], size_t n)
{
    double sum = 0, ss = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i];
    for (size_t i = 0; i < n; i++) {
        x[i] -= sum / (double)n;
        ss += x[i] * x[i];
    }
    for (size_t i = 0; i < n && ss > 0; i++)
        x[i] /= sqrt(ss / (double)n);
    return ss > 0;
}

struct model {
    size_t k;
    double *r; /* [k + 1][k + 1] scratch */
    int failed;
};

/* Coefficients, then R2; mean: of the products, then of the columns (not 0 in a resample). */
static void fit(const double mean[], void *ctx, double out[])
{
    struct model *m = ctx;
    size_t w = m->k + 1, at = 0;
    const double *of = mean + pairs(m->k);

    for (size_t i = 0; i < w; i++)
        for (size_t j = 0; j <= i; j++)
            m->r[i * w + j] = m->r[j * w + i] = mean[at++] - of[i] * of[j];
    for (size_t i = 0; i < w; i++)
        for (size_t j = 0; j < i; j++)
            m->r[i * w + j] = m->r[j * w + i] =
                m->r[i * w + j] / sqrt(m->r[i * w + i] * m->r[j * w + j]);
    for (size_t i = 0; i < w; i++)
        m->r[i * w + i] = 1;
    m->failed = ana_sense_regress(m->r, m->k, out) != 0;
    for (size_t i = 0; i < w && m->failed; i++)
        out[i] = NAN;
}

/* What the rows are: the products, then the columns themselves. col: [k + 1][n]. */
static double *products(struct sim_arena *a, const double *const col[], size_t n, size_t k)
{
    size_t m = pairs(k) + k + 1;
    double *row = sim_arena_alloc(a, n * m, sizeof *row);

    for (size_t i = 0; i < n; i++) {
        double *to = row + i * m;

        for (size_t p = 0; p <= k; p++)
            for (size_t q = 0; q <= p; q++)
                *to++ = col[p][i] * col[q][i];
        for (size_t p = 0; p <= k; p++)
            *to++ = col[p][i];
    }
    return row;
}

/* The factors with spread, and last the output, as standardised ranks of the rows that are whole.
 * Returns how many columns; the output is there only if it has spread. */
static size_t columns(const double **col, size_t *factor, struct sim_arena *a, const double x[],
                      const double y[], size_t n, size_t k, size_t *n_left)
{
    size_t *at = sim_arena_alloc(a, n, sizeof *at), kept = 0;
    double *value = sim_arena_alloc(a, n, sizeof *value);

    *n_left = 0;
    for (size_t i = 0; i < n; i++)
        if (!ana_sense_missing(x + i * k, k) && !ana_sense_missing(y + i, 1))
            at[(*n_left)++] = i;
    for (size_t j = 0; j <= k; j++) {
        double *rank = sim_arena_alloc(a, *n_left, sizeof *rank);

        for (size_t i = 0; i < *n_left; i++)
            value[i] = j < k ? x[at[i] * k + j] : y[at[i]];
        ana_sense_ranks(value, *n_left, rank);
        if (!standardise(rank, *n_left))
            continue;
        factor[kept] = j;
        col[kept++] = rank;
    }
    return kept;
}

static int regress(struct ana_interval to[], double *r2, const double *const col[],
                   const size_t factor[], size_t kept, size_t n, struct sim_arena *a,
                   const struct ana_boot *boot, struct sim_err *err)
{
    struct model m = {.k = kept - 1, .r = sim_arena_alloc(a, kept * kept, sizeof *m.r)};
    struct ana_interval **out = sim_arena_alloc(a, kept, sizeof(struct ana_interval *)), share;
    const double *row = products(a, col, n, m.k);
    size_t width = pairs(m.k) + m.k + 1;

    for (size_t j = 0; j < m.k; j++)
        out[j] = &to[factor[j]];
    out[m.k] = &share;
    ana_sense_boot(out, kept, row, n, width, fit, &m, &(struct ana_boot){.n = 0});
    *r2 = share.at;
    if (m.failed)
        return sim_err_add(err, SIM_ERUN,
                           "regression on ranks: some factors move together, so that their parts "
                           "cannot be told apart; use a design that varies them on their own");
    ana_sense_boot(out, kept, row, n, width, fit, &m, boot);
    return 0;
}

int ana_ranks(struct ana_interval to[], double *r2, const double x[], const double y[], size_t n,
              size_t k, const struct ana_boot *boot, size_t *n_left_out, struct sim_err *err)
{
    struct sim_arena a = {0};
    const double **col = sim_arena_alloc(&a, k + 1, sizeof(double *));
    size_t *factor = sim_arena_alloc(&a, k + 1, sizeof *factor), n_left, kept;
    int rc = 0;

    kept = columns(col, factor, &a, x, y, n, k, &n_left);
    for (size_t j = 0; j < k; j++)
        to[j] = (struct ana_interval){.n = n_left, .at = NAN, .lo = NAN, .hi = NAN};
    *r2 = NAN;
    if (n_left_out)
        *n_left_out = n - n_left;
    if (n_left <= kept)
        rc = sim_err_add(err, SIM_ERUN, "regression on ranks: %zu rows are too few for %zu factors",
                         n_left, k);
    else if (kept == 0 || factor[kept - 1] != k)
        rc = sim_err_add(err, SIM_ERUN, "regression on ranks: the output is the same in all rows");
    else if (kept == 1)
        rc = sim_err_add(err, SIM_ERUN, "regression on ranks: no factor varies");
    else
        rc = regress(to, r2, col, factor, kept, n_left, &a, boot, err);
    sim_arena_free(&a);
    return rc;
}
