/* How often intervals of nominal 95 % hold the true value: the tables of analysis/README.md. Takes
 * minutes; fixed seeds, the same digits on every machine. A coverage has standard error 0.35 %
 * (near 95 %, 4,000 trials). Exit status 1 if a row that is promised 93 to 97 % leaves that. */
#include "analysis/stop.h"
#include "analysis/warm.h"
#include "sim/batch.h"
#include "sim/rng.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TRIALS = 4000, STOPS = 500, MOST = 200, CUSTOMERS = 200, RESAMPLES = 999 };
static const double level = 0.95;

/* ---- outputs with a known mean ---- */

enum kind { NORMAL, EXPONENTIAL, LOGNORMAL, ZEROS, QUEUE, QUEUES };

struct output {
    const char *name;
    enum kind kind;
    double p;     /* lognormal: squared coefficient of variation; zeros: their share */
    int promised; /* least number of runs from which 93 to 97 % are promised; 0 = never */
};

static const struct output outputs[] = {
    {"normal", NORMAL, 0, 20},
    {"exponential", EXPONENTIAL, 0, 20},
    {"lognormal, SCV 1", LOGNORMAL, 1, 100},
    {"lognormal, SCV 4", LOGNORMAL, 4, 0},
    {"lognormal, SCV 16", LOGNORMAL, 16, 0},
    {"half zero, else exponential", ZEROS, 0.5, 20},
    {"80 % zero, else exponential", ZEROS, 0.8, 100},
    {"95 % zero, else exponential", ZEROS, 0.95, 0},
    {"M/M/1, mean wait, load 0.9", QUEUE, 0, 100},
    {"M/M/1, load 0.9 less 0.8, paired", QUEUES, 0, 100},
};
enum { N_OUTPUT = sizeof outputs / sizeof *outputs };
static const size_t runs[] = {20, 100, 200};

/* Mean wait of the first CUSTOMERS at a server of rate 1, empty at first (Lindley). */
static double wait(struct sim_draws *d, double load[2], double to[2])
{
    double w[2] = {0, 0}, sum[2] = {0, 0};

    for (int k = 0; k < CUSTOMERS; k++) {
        double service = sim_exponential(d), gap = sim_exponential(d);

        for (int i = 0; i < 2; i++) {
            sum[i] += w[i];
            w[i] = fmax(0.0, w[i] + service - gap / load[i]);
        }
    }
    to[0] = sum[0] / CUSTOMERS;
    to[1] = sum[1] / CUSTOMERS;
    return to[0];
}

/* Its mean: E W_n = sum over k <= n of E max(0, S_k) / k, S_k = k services less k gaps (Spitzer,
 * Trans. AMS 82 (1956) 323-339); max(0, S_k) is k - j services when j of them end before the k-th
 * arrival, which is negative binomial. W_0 is that of the first customer. */
static double exact_wait(double load)
{
    double p = load / (1.0 + load), w = 0.0, sum = 0.0;

    for (int n = 0; n < CUSTOMERS; n++) {
        double e = 0.0;

        sum += w;
        for (int j = 0; j <= n; j++)
            e += (n + 1 - j) * exp(lgamma(n + 1 + j) - lgamma(n + 1) - lgamma(j + 1) +
                                   (n + 1) * log(p) + j * log(1.0 - p));
        w += e / (n + 1);
    }
    return sum / CUSTOMERS;
}

static double mean_of(const struct output *o)
{
    switch (o->kind) {
    case NORMAL:
        return 3.0;
    case ZEROS:
        return 1.0 - o->p;
    case QUEUE:
        return exact_wait(0.9);
    case QUEUES:
        return exact_wait(0.9) - exact_wait(0.8);
    default:
        return 1.0;
    }
}

static double draw(const struct output *o, struct sim_draws *d)
{
    double s2 = log(1.0 + o->p), w[2], z;

    switch (o->kind) {
    case NORMAL:
        return 3.0 + 2.0 * sim_normal(d);
    case EXPONENTIAL:
        return sim_exponential(d);
    case LOGNORMAL:
        return exp(sqrt(s2) * sim_normal(d) - 0.5 * s2);
    case ZEROS:
        z = sim_uniform(d);
        return z < o->p ? 0.0 : sim_exponential(d);
    default:
        wait(d, (double[]){0.9, 0.8}, w);
        return o->kind == QUEUE ? w[0] : w[0] - w[1];
    }
}

static void sample(const struct output *o, size_t trial, double x[], size_t from, size_t n)
{
    struct sim_stream s =
        sim_stream_make(20261129, (uint32_t)trial, sim_hash(o->name), (uint16_t)n);

    for (size_t i = from; i < n; i++) {
        struct sim_draws d = sim_draws_at(s, i);

        x[i] = draw(o, &d);
    }
}

/* ---- BCa, the other bootstrap: only measured ---- */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Efron & Tibshirani (1993), section 14.3; the acceleration of a mean is m3 / (6 sqrt n). */
static void bca(const double x[], size_t n, struct ana_interval *to)
{
    struct ana_moments m;
    double mean[RESAMPLES], below = 0.0, m2 = 0.0, m3 = 0.0, z0, a;

    ana_stats_moments(x, n, &m);
    for (size_t i = 0; i < n; i++) {
        m2 += pow(x[i] - m.mean, 2.0);
        m3 += pow(x[i] - m.mean, 3.0);
    }
    for (size_t b = 0; b < RESAMPLES; b++) {
        struct sim_draws d = sim_draws_at(sim_stream_make(1, 0, 0, 0), b);

        mean[b] = 0.0;
        for (size_t i = 0; i < n; i++)
            mean[b] += x[(size_t)(sim_uniform(&d) * (double)n)] / (double)n;
        below += mean[b] < m.mean ? 1.0 : mean[b] == m.mean ? 0.5 : 0.0;
    }
    qsort(mean, RESAMPLES, sizeof *mean, ascending);
    a = m2 > 0.0 ? m3 / (6.0 * pow(m2, 1.5)) : 0.0;
    z0 = gsl_cdf_ugaussian_Pinv(fmin(fmax(below, 1.0), RESAMPLES - 1.0) / RESAMPLES);
    *to = (struct ana_interval){.n = n, .at = m.mean};
    for (int end = 0; end < 2; end++) {
        double z = z0 + gsl_cdf_ugaussian_Pinv(end ? 0.975 : 0.025),
               at = gsl_cdf_ugaussian_P(z0 + z / (1.0 - a * z)) * (RESAMPLES + 1) - 1.0;

        *(end ? &to->hi : &to->lo) = mean[(size_t)fmin(fmax(at, 0.0), RESAMPLES - 1.0)];
    }
}

/* ---- intervals of a mean ---- */

enum { BY_T, BY_BOOT, BY_BCA, PRINTED, N_WAY };
struct row {
    double cover[N_WAY], warned, unwarned; /* shares; coverage where not warned */
    double mean_n;                         /* of stops */
};

static int holds(const struct ana_interval *i, double truth)
{
    return i->lo <= truth && truth <= i->hi;
}

static void trial_of(const struct output *o, size_t n, size_t trial, double truth, struct row *to)
{
    double x[MOST];
    struct ana_interval i[N_WAY];
    struct ana_moments m;

    sample(o, trial, x, 0, n);
    ana_stats_moments(x, n, &m);
    (void)ana_stats_mean(x, n, level, &i[BY_T]);
    (void)ana_stats_bootstrap(x, n, level, &i[BY_BOOT]);
    bca(x, n, &i[BY_BCA]);
    i[PRINTED] = ana_stats_skewed(n, m.skew) ? i[BY_BOOT] : i[BY_T];
    for (int way = 0; way < N_WAY; way++)
        to->cover[way] += holds(&i[way], truth) / (double)TRIALS;
    if (ana_stats_doubtful(n, m.skew) || m.var == 0.0)
        to->warned += 1.0 / TRIALS;
    else
        to->unwarned += holds(&i[PRINTED], truth) / (double)TRIALS;
}

static int mean_rows(void *ctx, size_t job, int thread, struct sim_err *err)
{
    struct row *to = (struct row *)ctx + job;
    const struct output *o = &outputs[job / 3];
    double truth = mean_of(o);

    (void)thread;
    (void)err;
    for (size_t trial = 0; trial < TRIALS; trial++)
        trial_of(o, runs[job % 3], trial, truth, to);
    to->unwarned /= 1.0 - to->warned;
    return 0;
}

/* ---- stopping ---- */

static const struct output *const stop_outputs[] = {&outputs[0], &outputs[1], &outputs[2],
                                                    &outputs[3]};
static const double stop_half[] = {0.2, 0.1, 0.05};
static const size_t stop_step[] = {10, 50, 300};

static int stop_rows(void *ctx, size_t job, int thread, struct sim_err *err)
{
    struct row *to = (struct row *)ctx + job;
    const struct output *o = stop_outputs[job / 3];
    const struct ana_stop_rule rule = {
        .first = 30, .step = stop_step[job % 3], .max = 10000, .level = level};
    double *x = malloc(rule.max * sizeof *x), truth = mean_of(o);
    const struct ana_stop_target t = {.with = x, .half = stop_half[job % 3], .relative = 1};

    (void)thread;
    (void)err;
    for (size_t trial = 0; trial < STOPS; trial++) {
        struct ana_stop_look look = {.state = ANA_STOP_MORE};
        struct ana_interval i;

        while (look.state == ANA_STOP_MORE) {
            size_t n = ana_stop_next(&rule, look.n + 1);

            for (size_t k = look.n; k < n; k++) {
                struct sim_draws d = sim_draws_at(
                    sim_stream_make(7, (uint32_t)trial, sim_hash(o->name), (uint16_t)job), k);

                x[k] = draw(o, &d);
            }
            ana_stop_at(&rule, &t, 1, n, &look);
        }
        (void)ana_stats_interval(x, look.n, level, &i);
        to->cover[PRINTED] += holds(&i, truth) / (double)STOPS;
        to->mean_n += (double)look.n / STOPS;
    }
    free(x);
    return 0;
}

/* ---- quantiles, shares ---- */

static double quantile_cover(double p, size_t n, double *no_limit)
{
    static const struct output o = {"quantile", LOGNORMAL, 4, 0};
    double truth = exp(sqrt(log(5.0)) * gsl_cdf_ugaussian_Pinv(p) - 0.5 * log(5.0)), cover = 0.0;

    *no_limit = 0.0;
    for (size_t trial = 0; trial < TRIALS; trial++) {
        double x[MOST];
        struct ana_interval i;

        sample(&o, trial, x, 0, n);
        (void)ana_stats_quantile(x, n, p, level, &i);
        cover += holds(&i, truth) / (double)TRIALS;
        *no_limit += isinf(i.hi) / (double)TRIALS;
    }
    return cover;
}

/* Exact: the sum of the binomial probabilities of the k whose interval holds p. */
static double share_cover(double p, size_t n)
{
    double cover = 0.0;

    for (size_t k = 0; k <= n; k++) {
        struct ana_interval i;

        (void)ana_stats_share(k, n, level, &i);
        if (holds(&i, p))
            cover += gsl_cdf_binomial_P((unsigned)k, p, (unsigned)n) -
                     (k ? gsl_cdf_binomial_P((unsigned)k - 1, p, (unsigned)n) : 0.0);
    }
    return cover;
}

/* ---- warm-up ---- */

/* How often MSER-5 wants 40 % or more gone of independent normal numbers: never right. */
static double false_alarms(size_t batches)
{
    double x[ANA_WARM_BATCH * 100], share = 0.0;
    size_t n = batches * ANA_WARM_BATCH;

    for (uint32_t trial = 0; trial < TRIALS; trial++) {
        struct sim_draws d = sim_draws_at(sim_stream_make(3, trial, batches, 0), 0);

        for (size_t i = 0; i < n; i++)
            x[i] = sim_normal(&d);
        share += (double)ana_warm_mser5(x, n) >= ANA_WARM_SHORT * (double)n;
    }
    return share / TRIALS;
}

/* ---- the tables ---- */

static void run(size_t n, int (*work)(void *, size_t, int, struct sim_err *), struct row rows[])
{
    uint8_t *status = calloc(n, 1);
    const struct sim_batch b = {.n_job = n, .ctx = rows, .work = work};

    if (!status || sim_batch_run(&b, status, NULL) != 0)
        abort();
    free(status);
}

static int print_means(void)
{
    static struct row rows[3 * N_OUTPUT];
    int bad = 0;

    run(3 * N_OUTPUT, mean_rows, rows);
    puts("| output | runs | Student | bootstrap-t | BCa | printed | marked `~` | not marked: "
         "covers |\n"
         "|---|---|---|---|---|---|---|---|");
    for (size_t i = 0; i < 3 * N_OUTPUT; i++) {
        const struct row *r = &rows[i];
        const struct output *o = &outputs[i / 3];
        int promised = o->promised && runs[i % 3] >= (size_t)o->promised;
        int out = promised && !(r->cover[PRINTED] >= 0.93 && r->cover[PRINTED] <= 0.97);

        printf("| %s | %zu | %.1f | %.1f | %.1f | %s%.1f%s | %.0f %% |", o->name, runs[i % 3],
               100.0 * r->cover[BY_T], 100.0 * r->cover[BY_BOOT], 100.0 * r->cover[BY_BCA],
               promised ? "**" : "", 100.0 * r->cover[PRINTED], promised ? "**" : "",
               100.0 * r->warned);
        if (r->warned > 0.985)
            printf(" - |");
        else
            printf(" %.1f |", 100.0 * r->unwarned);
        puts(out ? " NOT AS PROMISED" : "");
        bad += out;
    }
    return bad;
}

static void print_stops(void)
{
    static struct row rows[12];

    run(12, stop_rows, rows);
    puts("\n| stops at a half-width of | looks every | output | covers | mean runs |\n"
         "|---|---|---|---|---|");
    for (size_t i = 0; i < 12; i++)
        printf("| %.0f %% | %zu | %s | %.1f | %.0f |\n", 100.0 * stop_half[i % 3], stop_step[i % 3],
               stop_outputs[i / 3]->name, 100.0 * rows[i].cover[PRINTED], rows[i].mean_n);
}

static int print_others(void)
{
    static const double q[] = {0.5, 0.9}, p[] = {0.01, 0.05, 0.2, 0.5};
    int bad = 0;

    puts("\n| interval | 20 runs | 100 | 200 |\n|---|---|---|---|");
    for (int i = 0; i < 2; i++) {
        printf("| quantile %.1f of a lognormal |", q[i]);
        for (int k = 0; k < 3; k++) {
            double open, c = quantile_cover(q[i], runs[k], &open);

            printf(open > 0.0 ? " %.1f, no upper limit |" : " %.1f |", 100.0 * c);
            bad += c < 0.945;
        }
        puts("");
    }
    for (int i = 0; i < 4; i++) {
        printf("| share of %.0f %% (Wilson, exact) |", 100.0 * p[i]);
        for (int k = 0; k < 3; k++)
            printf(" %.1f |", 100.0 * share_cover(p[i], runs[k]));
        puts("");
    }
    return bad;
}

int main(void)
{
    int bad = print_means();

    print_stops();
    bad += print_others();
    puts("\n| MSER-5 on noise, batches | 10 | 20 | 50 | 100 |\n|---|---|---|---|---|");
    printf("| wants 40 %% or more gone | %.1f %% | %.1f %% | %.1f %% | %.1f %% |\n",
           100.0 * false_alarms(10), 100.0 * false_alarms(20), 100.0 * false_alarms(50),
           100.0 * false_alarms(100));
    printf("\n%d rows are not as promised\n", bad);
    return bad ? 1 : 0;
}
