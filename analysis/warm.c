#include "analysis/warm.h"

/* Mean of batch j. */
static double batch(const double x[], size_t j)
{
    double sum = 0.0;

    for (size_t i = 0; i < ANA_WARM_BATCH; i++)
        sum += x[j * ANA_WARM_BATCH + i];
    return sum / ANA_WARM_BATCH;
}

static double score(const double x[], size_t d, size_t k)
{
    double n = (double)(k - d), mean = 0.0, ss = 0.0;

    for (size_t j = d; j < k; j++)
        mean += batch(x, j) / n;
    for (size_t j = d; j < k; j++)
        ss += (batch(x, j) - mean) * (batch(x, j) - mean);
    return ss / (n * n);
}

size_t ana_warm_mser5(const double x[], size_t n)
{
    size_t k = n / ANA_WARM_BATCH, best = 0;
    double least = 0.0, rounding = 0.0;

    if (k < ANA_WARM_MIN)
        return 0;
    for (size_t d = 0; d <= k / 2; d++) {
        double s = score(x, d, k);

        if (d == 0)
            rounding = 1e-12 * s;
        if (d == 0 || s < least - rounding) {
            least = s;
            best = d;
        }
    }
    return best * ANA_WARM_BATCH;
}
