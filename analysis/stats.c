#include "analysis/stats.h"

#include "sim/err.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

enum { SMALL = 16, P_MAX = 32 };

/* ---- moments ---- */

/* What a mean is of. Equal values have that value as their mean, and so no spread at all: sum / n
 * may be off by a rounding, and a spread of roundings is skewed. */
struct sample {
    size_t n;
    double sum, least, most;
};

static void add(struct sample *s, double x)
{
    s->least = s->n == 0 || x < s->least ? x : s->least;
    s->most = s->n == 0 || x > s->most ? x : s->most;
    s->sum += x;
    s->n++;
}

static double mean_of(const struct sample *s)
{
    return s->least == s->most ? s->least : s->sum / (double)s->n;
}

void ana_stats_moments(const double x[], size_t n, struct ana_moments *m)
{
    struct sample all = {0};
    double m2 = 0.0, m3 = 0.0, k;
    size_t i;

    *m = (struct ana_moments){.mean = NAN, .var = NAN, .skew = NAN};
    for (i = 0; i < n; i++)
        if (!isnan(x[i]))
            add(&all, x[i]);
    m->n = all.n;
    if (m->n == 0)
        return;
    k = (double)m->n;
    m->mean = mean_of(&all);
    for (i = 0; i < n; i++)
        if (!isnan(x[i])) {
            double d = x[i] - m->mean;

            m2 += d * d;
            m3 += d * d * d;
        }
    if (m->n >= 2)
        m->var = m2 / (k - 1.0);
    if (m->n >= 3 && m2 > 0.0)
        m->skew = m3 / k / pow(m2 / k, 1.5) * sqrt(k * (k - 1.0)) / (k - 2.0);
}

/* ---- intervals of means ---- */

static void check_level(double level)
{
    sim_bug_if(!(level > 0.0 && level < 1.0));
}

static int t_interval(const struct ana_moments *m, double level, struct ana_interval *to)
{
    double half;

    *to = (struct ana_interval){.n = m->n, .at = m->mean, .lo = NAN, .hi = NAN};
    if (m->n < ANA_STATS_MIN)
        return 0;
    half = gsl_cdf_tdist_Pinv(0.5 + 0.5 * level, (double)m->n - 1.0) * sqrt(m->var / (double)m->n);
    to->lo = m->mean - half;
    to->hi = m->mean + half;
    return 1;
}

int ana_stats_mean(const double x[], size_t n, double level, struct ana_interval *to)
{
    struct ana_moments m;

    check_level(level);
    ana_stats_moments(x, n, &m);
    return t_interval(&m, level, to);
}

/* Moments of a - b, and the sums of squares of a and b over the same pairs. */
static void pair_moments(const double a[], const double b[], size_t n, struct ana_moments *d,
                         double *ss_a, double *ss_b)
{
    struct sample of_a = {0}, of_b = {0}, of_d = {0};
    double ss = 0.0, mean_a, mean_b;
    size_t i;

    *d = (struct ana_moments){.mean = NAN, .var = NAN, .skew = NAN};
    *ss_a = *ss_b = 0.0;
    for (i = 0; i < n; i++)
        if (!isnan(a[i]) && !isnan(b[i])) {
            add(&of_a, a[i]);
            add(&of_b, b[i]);
            add(&of_d, a[i] - b[i]);
        }
    d->n = of_d.n;
    if (d->n == 0)
        return;
    d->mean = mean_of(&of_d);
    mean_a = mean_of(&of_a);
    mean_b = mean_of(&of_b);
    for (i = 0; i < n; i++)
        if (!isnan(a[i]) && !isnan(b[i])) {
            double x = a[i] - mean_a, y = b[i] - mean_b, z = a[i] - b[i] - d->mean;

            *ss_a += x * x;
            *ss_b += y * y;
            ss += z * z;
        }
    if (d->n >= 2)
        d->var = ss / ((double)d->n - 1.0);
}

int ana_stats_paired(const double a[], const double b[], size_t n, double level,
                     struct ana_interval *to)
{
    struct ana_moments d;
    double ss_a, ss_b;

    check_level(level);
    pair_moments(a, b, n, &d, &ss_a, &ss_b);
    return t_interval(&d, level, to);
}

double ana_stats_pairing(const double a[], const double b[], size_t n)
{
    struct ana_moments d;
    double ss_a, ss_b;

    pair_moments(a, b, n, &d, &ss_a, &ss_b);
    if (d.n < 2 || ss_a + ss_b == 0.0)
        return NAN;
    return (ss_a + ss_b) / ((double)d.n - 1.0) / d.var;
}

/* ---- order statistics ---- */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median_of_3(double a, double b, double c)
{
    if (a > b) {
        double t = a;

        a = b;
        b = t;
    }
    return c < a ? a : c > b ? b : c;
}

static void insertion_sort(double x[], size_t lo, size_t hi)
{
    size_t i, j;

    for (i = lo + 1; i < hi; i++) {
        double v = x[i];

        for (j = i; j > lo && x[j - 1] > v; j--)
            x[j] = x[j - 1];
        x[j] = v;
    }
}

/* Puts the order statistics want[0..n_want), ascending, of x[lo..hi) into their places. */
static void place(double x[], size_t lo, size_t hi, const size_t want[], int n_want, int depth)
{
    while (n_want > 0 && hi - lo > SMALL) {
        double pivot = median_of_3(x[lo], x[lo + (hi - lo) / 2], x[hi - 1]);
        size_t i = lo, j = hi - 1;
        int left = 0, right;

        if (depth-- == 0) {
            qsort(x + lo, hi - lo, sizeof *x, ascending);
            return;
        }
        for (;;) {
            while (x[i] < pivot)
                i++;
            while (x[j] > pivot)
                j--;
            if (i >= j)
                break;
            double t = x[i];
            x[i++] = x[j];
            x[j--] = t;
        }
        /* x[lo..i) <= pivot <= x[i..hi) */
        while (left < n_want && want[left] < i)
            left++;
        right = n_want - left;
        place(x, lo, i, want, left, depth);
        want += left;
        n_want = right;
        lo = i;
    }
    if (n_want > 0 && hi > lo)
        insertion_sort(x, lo, hi);
}

static size_t move_nan_back(double x[], size_t n)
{
    size_t i, m = 0;

    for (i = 0; i < n; i++)
        if (!isnan(x[i])) {
            double t = x[m];

            x[m++] = x[i];
            x[i] = t;
        }
    return m;
}

static int depth_allowed(size_t n)
{
    int d = 8;

    for (; n > 1; n /= 2)
        d += 2;
    return d;
}

static int all_equal(const double x[], size_t n)
{
    size_t i;

    for (i = 1; i < n; i++)
        if (x[i] != x[0])
            return 0;
    return 1;
}

/* Type 7 at p, given that its two order statistics are in place. */
static double between(const double x[], size_t m, double p)
{
    double h = ((double)m - 1.0) * p, below = floor(h);
    size_t i = (size_t)below;

    if (i + 1 >= m || h == below || x[i] == x[i + 1])
        return x[i];
    return x[i] + (h - below) * (x[i + 1] - x[i]);
}

void ana_stats_quantiles(double x[], size_t n, const double p[], int n_p, double q[])
{
    size_t want[2 * P_MAX], m = move_nan_back(x, n);
    int i, n_want = 0;

    sim_bug_if(n_p < 0 || n_p > P_MAX);
    for (i = 0; i < n_p; i++) {
        sim_bug_if(!(p[i] >= 0.0 && p[i] <= 1.0) || (i > 0 && p[i] < p[i - 1]));
        q[i] = NAN;
    }
    if (m == 0)
        return;
    if (all_equal(x, m)) {
        for (i = 0; i < n_p; i++)
            q[i] = x[0];
        return;
    }
    for (i = 0; i < n_p; i++) {
        size_t at = (size_t)floor(((double)m - 1.0) * p[i]);

        if (n_want == 0 || want[n_want - 1] < at)
            want[n_want++] = at;
        if (at + 1 < m && want[n_want - 1] < at + 1)
            want[n_want++] = at + 1;
    }
    place(x, 0, m, want, n_want, depth_allowed(m));
    for (i = 0; i < n_p; i++)
        q[i] = between(x, m, p[i]);
}

/* The least k in 0..m with P(Bin(m, p) <= k) >= c. */
static size_t binomial_quantile(size_t m, double p, double c)
{
    size_t lo = 0, hi = m;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (gsl_cdf_binomial_P((unsigned)mid, p, (unsigned)m) >= c)
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}

int ana_stats_quantile(double x[], size_t n, double p, double level, struct ana_interval *to)
{
    size_t want[2], m = move_nan_back(x, n), l, u;
    double tail = 0.5 * (1.0 - level);

    check_level(level);
    sim_bug_if(!(p > 0.0 && p < 1.0) || m > 2000000000u);
    *to = (struct ana_interval){.n = m, .lo = NAN, .hi = NAN};
    ana_stats_quantiles(x, m, &p, 1, &to->at);
    if (m < ANA_STATS_MIN)
        return 0;
    /* P(Bin < l) <= tail for the last time at l: the first k with P(Bin <= k) > tail. */
    l = binomial_quantile(m, p, tail);
    if (l < m && gsl_cdf_binomial_P((unsigned)l, p, (unsigned)m) <= tail)
        l++;
    u = binomial_quantile(m, p, 1.0 - tail) + 1;
    want[0] = l > 0 ? l - 1 : 0;
    want[1] = u <= m ? u - 1 : m - 1;
    place(x, 0, m, want, 2, depth_allowed(m));
    to->lo = l > 0 ? x[l - 1] : -INFINITY;
    to->hi = u <= m ? x[u - 1] : INFINITY;
    return 1;
}

int ana_stats_share(size_t k, size_t n, double level, struct ana_interval *to)
{
    double z, z2, m = (double)n, p = n > 0 ? (double)k / m : NAN, mid, half;

    check_level(level);
    sim_bug_if(k > n);
    *to = (struct ana_interval){.n = n, .at = p, .lo = NAN, .hi = NAN};
    if (n < ANA_STATS_MIN)
        return 0;
    z = gsl_cdf_ugaussian_Pinv(0.5 + 0.5 * level);
    z2 = z * z;
    mid = (p + z2 / (2.0 * m)) / (1.0 + z2 / m);
    half = z / (1.0 + z2 / m) * sqrt(p * (1.0 - p) / m + z2 / (4.0 * m * m));
    to->lo = k == 0 ? 0.0 : mid - half;
    to->hi = k == n ? 1.0 : mid + half;
    return 1;
}

/* ---- durations ---- */

/* By time; what ended before what is open; by weight, so that sums do not depend on the order. */
static int by_time(const void *a, const void *b)
{
    const struct ana_duration *x = a, *y = b;

    if (x->time != y->time)
        return (x->time > y->time) - (x->time < y->time);
    if (x->open != y->open)
        return x->open - y->open;
    return (x->weight > y->weight) - (x->weight < y->weight);
}

/* A way through sorted durations, from time to time. */
struct survival {
    const struct ana_duration *d;
    size_t i, n;
    long double at_risk; /* weights may be of very different size */
    double s;
};

static struct survival survival_begin(struct ana_duration d[], size_t n)
{
    struct survival k = {.d = d, .s = 1.0};

    for (size_t i = 0; i < n; i++)
        if (!isnan(d[i].time) && d[i].weight > 0.0)
            d[k.n++] = d[i];
    if (k.n > 0)
        qsort(d, k.n, sizeof *d, by_time);
    for (size_t i = k.n; i > 0; i--)
        k.at_risk += d[i - 1].weight;
    return k;
}

/* Goes over the next time, which it returns. */
static double survival_step(struct survival *k)
{
    double time = k->d[k->i].time;
    long double ended = 0.0L, gone = 0.0L;

    for (; k->i < k->n && k->d[k->i].time == time; k->i++) {
        gone += k->d[k->i].weight;
        ended += k->d[k->i].open ? 0.0L : k->d[k->i].weight;
    }
    k->s *= 1.0 - (ended < k->at_risk ? (double)(ended / k->at_risk) : 1.0);
    k->at_risk -= gone;
    return time;
}

int ana_stats_duration(struct ana_duration d[], size_t n, double p, double *q)
{
    struct survival k = survival_begin(d, n);

    sim_bug_if(!(p > 0.0 && p < 1.0));
    *q = NAN;
    while (k.i < k.n) {
        *q = survival_step(&k);
        if (k.s <= 1.0 - p + 1e-9)
            return 1;
    }
    return 0;
}

size_t ana_stats_survival(struct ana_duration d[], size_t n, double time[], double s[])
{
    struct survival k = survival_begin(d, n);
    size_t m = 0;

    for (; k.i < k.n; m++) {
        time[m] = survival_step(&k);
        s[m] = k.s;
    }
    return m;
}
