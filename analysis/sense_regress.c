#include "analysis/sense_inner.h"

#include <gsl/gsl_linalg.h>
#include <math.h>

static const double least_pivot = 1e-9;

/* Is a matrix of correlations far enough from singular? By Cholesky's pivots, which are what each
 * column keeps when those before are known. */
static int independent(const gsl_matrix *l)
{
    for (size_t i = 0; i < l->size1; i++)
        if (!(gsl_matrix_get(l, i, i) * gsl_matrix_get(l, i, i) > least_pivot))
            return 0;
    return 1;
}

int ana_sense_regress(double r[], size_t k, double to[])
{
    gsl_matrix_view all = gsl_matrix_view_array(r, k + 1, k + 1),
                    m = gsl_matrix_submatrix(&all.matrix, 0, 0, k, k);
    gsl_vector_view with = gsl_matrix_subcolumn(&all.matrix, k, 0, k),
                    x = gsl_vector_view_array(to, k);

    for (size_t i = 0; i < (k + 1) * (k + 1); i++)
        if (!isfinite(r[i]))
            return SIM_ERUN;
    if (gsl_linalg_cholesky_decomp1(&m.matrix) != 0 || !independent(&m.matrix))
        return SIM_ERUN;
    gsl_linalg_cholesky_solve(&m.matrix, &with.vector, &x.vector);
    to[k] = 0;
    for (size_t i = 0; i < k; i++)
        to[k] += to[i] * gsl_vector_get(&with.vector, i);
    return 0;
}
