#include "sim/dist.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const struct sim_dist_form sim_dist_forms[] = {
    [SIM_CONSTANT] = {"constant", {"value"}},
    [SIM_UNIFORM] = {"uniform", {"lo", "hi"}},
    [SIM_TRIANGULAR] = {"triangular", {"lo", "mode", "hi"}},
    [SIM_EXPONENTIAL] = {"exponential", {"mean"}},
    [SIM_LOGNORMAL] = {"lognormal", {"median", "sigma"}},
    [SIM_GAMMA] = {"gamma", {"mean", "cv"}},
    [SIM_POISSON] = {"poisson", {"mean"}},
    [SIM_ERLANG] = {"erlang", {"k", "mean"}},
    {NULL, {NULL}}};

static const double value_max = 1e15, poisson_max = 1e9, sigma_max = 5, cv_max = 100, k_max = 1e6;
static const double cv_min = 1e-15; /* below it a double cannot tell the values apart */
static const double large_a = 1000; /* beyond it asymptotic forms err by under 1e-6 deviations */

static int n_param(enum sim_dist_kind kind)
{
    int n = 0;

    while (sim_dist_forms[kind].param[n] != NULL)
        n++;
    return n;
}

SIM_FORMAT(3, 4) static int refuse(char *why, size_t n, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(why, n, fmt, ap);
    va_end(ap);
    return SIM_EINPUT;
}

static int check_kind(const struct sim_dist *d, char *why, size_t n)
{
    const double *p = d->p;

    switch (d->kind) {
    case SIM_UNIFORM:
        if (p[0] > p[1])
            return refuse(why, n, "lo must not be above hi");
        break;
    case SIM_TRIANGULAR:
        if (p[0] > p[1] || p[1] > p[2])
            return refuse(why, n, "must be lo <= mode <= hi");
        break;
    case SIM_LOGNORMAL:
        if (p[1] > sigma_max)
            return refuse(why, n, "sigma must be at most %g", sigma_max);
        break;
    case SIM_GAMMA:
        if (p[1] > cv_max)
            return refuse(why, n, "cv must be at most %g", cv_max);
        break;
    case SIM_POISSON:
        if (p[0] > poisson_max)
            return refuse(why, n, "mean must be at most %g", poisson_max);
        break;
    case SIM_ERLANG:
        if (p[0] < 1 || p[0] > k_max || p[0] != floor(p[0]))
            return refuse(why, n, "k must be a whole number from 1 to %g", k_max);
        break;
    case SIM_CONSTANT:
    case SIM_EXPONENTIAL:
        break;
    }
    if (sim_dist_mean(d) > value_max)
        return refuse(why, n, "the mean must be at most %g", value_max);
    return 0;
}

static int check(const struct sim_dist *d, int below_zero, char *why, size_t n)
{
    const struct sim_dist_form *form;

    if ((unsigned)d->kind > SIM_ERLANG)
        return refuse(why, n, "no such distribution");
    form = &sim_dist_forms[d->kind];
    for (int i = 0; form->param[i] != NULL; i++) {
        if (!isfinite(d->p[i]) || (d->p[i] < 0 && !below_zero))
            return refuse(why, n, "%s must be a number and not negative", form->param[i]);
        if (fabs(d->p[i]) > value_max)
            return refuse(why, n, "%s must be at most %g", form->param[i], value_max);
    }
    return check_kind(d, why, n);
}

int sim_dist_check(const struct sim_dist *d, char *why, size_t n)
{
    return check(d, 0, why, n);
}

int sim_dist_check_signed(const struct sim_dist *d, char *why, size_t n)
{
    int moves = d->kind == SIM_CONSTANT || d->kind == SIM_UNIFORM || d->kind == SIM_TRIANGULAR;

    return check(d, moves, why, n);
}

static const char *skip(const char *s)
{
    return s + strspn(s, " \t");
}

/* A decimal number; `inf`, `nan` and hexadecimal ones, which strtod takes, are none. */
static int number(const char **text, double *x)
{
    const char *s = skip(*text);
    size_t n = strspn(s, "+-.0123456789eE");
    char *end;

    *x = strtod(s, &end) + 0.0; /* no -0 */
    if (n == 0 || end != s + n)
        return 0;
    *text = skip(end);
    return 1;
}

static int kind_of(const char *name, size_t n)
{
    for (int k = 0; sim_dist_forms[k].name != NULL; k++) {
        if (strlen(sim_dist_forms[k].name) == n && memcmp(sim_dist_forms[k].name, name, n) == 0)
            return k;
    }
    return -1;
}

static int parse_params(struct sim_dist *d, const char *s, char *why, size_t n)
{
    const struct sim_dist_form *form = &sim_dist_forms[d->kind];

    for (int i = 0; form->param[i] != NULL; i++) {
        int last = form->param[i + 1] == NULL;

        if (!number(&s, &d->p[i]))
            return refuse(why, n, "%s: %s must be a number", form->name, form->param[i]);
        if (*s != (last ? ')' : ','))
            return refuse(why, n, "%s takes %d number%s: '%c' expected after %s", form->name,
                          n_param(d->kind), n_param(d->kind) == 1 ? "" : "s", last ? ')' : ',',
                          form->param[i]);
        s++;
    }
    if (*skip(s) != '\0')
        return refuse(why, n, "nothing may follow the ')'");
    return 0;
}

static int parse(struct sim_dist *d, const char *text, char *why, size_t n)
{
    const char *s = skip(text);
    size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyz_");
    struct sim_dist got = {SIM_CONSTANT, {0, 0, 0}};
    int kind;

    if (len == 0) {
        if (!number(&s, &got.p[0]) || *s != '\0')
            return refuse(why, n, "must be a number or a distribution such as gamma(mean, cv)");
    } else {
        kind = kind_of(s, len);
        s = skip(s + len);
        if (kind < 0 || *s != '(')
            return refuse(why, n,
                          "must be a number, uniform(lo, hi), triangular(lo, mode, hi), "
                          "exponential(mean), lognormal(median, sigma), gamma(mean, cv), "
                          "poisson(mean) or erlang(k, mean)");
        got.kind = (enum sim_dist_kind)kind;
        if (parse_params(&got, s + 1, why, n) != 0)
            return SIM_EINPUT;
    }
    *d = got;
    return 0;
}

int sim_dist_parse(struct sim_dist *d, const char *text, char *why, size_t n)
{
    struct sim_dist got;

    if (parse(&got, text, why, n) != 0 || sim_dist_check(&got, why, n) != 0)
        return SIM_EINPUT;
    *d = got;
    return 0;
}

int sim_dist_parse_signed(struct sim_dist *d, const char *text, char *why, size_t n)
{
    struct sim_dist got;

    if (parse(&got, text, why, n) != 0 || sim_dist_check_signed(&got, why, n) != 0)
        return SIM_EINPUT;
    *d = got;
    return 0;
}

static void shortest(double x, char to[32])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(to, 32, "%.*g", digits, x);
        if (strtod(to, NULL) == x)
            return;
    }
}

void sim_dist_print(const struct sim_dist *d, char *to, size_t n)
{
    const struct sim_dist_form *form = &sim_dist_forms[d->kind];
    char x[3][32];

    for (int i = 0; i < 3; i++)
        shortest(d->p[i], x[i]);
    if (d->kind == SIM_CONSTANT)
        snprintf(to, n, "%s", x[0]);
    else if (n_param(d->kind) == 1)
        snprintf(to, n, "%s(%s)", form->name, x[0]);
    else if (n_param(d->kind) == 2)
        snprintf(to, n, "%s(%s,%s)", form->name, x[0], x[1]);
    else
        snprintf(to, n, "%s(%s,%s,%s)", form->name, x[0], x[1], x[2]);
}

double sim_dist_mean(const struct sim_dist *d)
{
    const double *p = d->p;

    switch (d->kind) {
    case SIM_UNIFORM:
        return (p[0] + p[1]) / 2;
    case SIM_TRIANGULAR:
        return (p[0] + p[1] + p[2]) / 3;
    case SIM_LOGNORMAL:
        return p[0] * exp(p[1] * p[1] / 2);
    case SIM_ERLANG:
        return p[1];
    case SIM_CONSTANT:
    case SIM_EXPONENTIAL:
    case SIM_GAMMA:
    case SIM_POISSON:
        break;
    }
    return p[0];
}

static double triangular(const double p[3], double u)
{
    double width = p[2] - p[0], left = p[1] - p[0];

    if (u * width < left)
        return p[0] + sqrt(u * width * left);
    return p[2] - sqrt((1 - u) * width * (p[2] - p[1]));
}

/* The distribution function of gamma with scale 1 at x = exp(t), or its complement, and the density
 * of t. Series below a + 1, Legendre's continued fraction above (by Lentz's method). */
static double gamma_cdf(double a, double t, int upper, double *density)
{
    double x = exp(t), front = exp(a * t - x - gsl_sf_lngamma(a + 1));
    double sum = 1, term = 1, b, c, d;

    *density = a * front;
    if (x < a + 1) {
        for (double n = a + 1; term > 1e-17 * sum; n++) {
            term *= x / n;
            sum += term;
        }
        return upper ? 1 - front * sum : front * sum;
    }
    b = x + 1 - a;
    c = 1e300;
    d = 1 / b;
    sum = d;
    term = 0;
    for (double i = 1; fabs(term - 1) > 1e-15 && i < 10 * large_a; i++) {
        b += 2;
        d = 1 / (b - i * (i - a) * d);
        c = b - i * (i - a) / c;
        term = c * d;
        sum *= term;
    }
    return upper ? a * front * sum : 1 - a * front * sum;
}

/* Temme 1992, "Asymptotic inversion of incomplete gamma functions", Math. Comp. 58: for large a. */
static double gamma_quantile_large(double a, double p)
{
    double e = gsl_cdf_ugaussian_Pinv(p) / sqrt(a);

    e += (-1.0 / 3 + e * (1.0 / 36 + e / 1620)) / a - 7.0 / 405 / (a * a);
    return a * (1 + e * (1 + e * (1.0 / 3 + e * (1.0 / 36 + e * (-1.0 / 270 + e / 4320)))));
}

/* Quantile of gamma with scale 1: Newton's method for the logarithms of the probability of the
 * nearer tail and of x, kept in a bracket. It begins at a bound from below: the distribution
 * function is at most x^a / Gamma(a + 1). */
static double gamma_quantile(double a, double p)
{
    double low, high, t, step = 1, f, density, tail = p < 0.5 ? p : 1 - p;
    int upper = p >= 0.5;

    if (a > large_a)
        return gamma_quantile_large(a, p);
    low = t = (log(p) + gsl_sf_lngamma(a + 1)) / a;
    for (high = low + step; gamma_cdf(a, high, 1, &density) > 1 - p; high += step)
        step *= 2;
    for (int i = 0; i < 200 && fabs(step) > 1e-15 * fabs(t); i++) {
        f = gamma_cdf(a, t, upper, &density);
        if ((f < tail) == upper)
            high = t;
        else
            low = t;
        step = log(f / tail) * f / density * (upper ? -1 : 1);
        if (!(t - step > low && t - step < high))
            step = t - (low + high) / 2;
        t -= step;
    }
    return exp(t);
}

/* The least k with P(X <= k) >= p; for large means by the Cornish-Fisher expansion. */
static double poisson_quantile(double mean, double p)
{
    double low = -1, high, mid, density, z, s = sqrt(mean);

    if (mean > large_a) {
        z = gsl_cdf_ugaussian_Pinv(p);
        return fmax(0, ceil(mean + z * s + (z * z - 1) / 6 - (z * z * z - z) / (72 * s) - 0.5));
    }
    for (high = floor(mean) + 1; gamma_cdf(high + 1, log(mean), 1, &density) < p;)
        high += 1 + floor(s);
    while (high - low > 1) {
        mid = floor((low + high) / 2);
        if (gamma_cdf(mid + 1, log(mean), 1, &density) < p)
            low = mid;
        else
            high = mid;
    }
    return high;
}

double sim_dist_quantile(const struct sim_dist *d, double p)
{
    const double *q = d->p;
    double x = q[0];

    sim_bug_if(!(p > 0 && p < 1));
    switch (d->kind) {
    case SIM_CONSTANT:
        break;
    case SIM_UNIFORM:
        x = q[0] + (q[1] - q[0]) * p;
        break;
    case SIM_TRIANGULAR:
        x = triangular(q, p);
        break;
    case SIM_EXPONENTIAL:
        x = -q[0] * log1p(-p);
        break;
    case SIM_LOGNORMAL:
        x = q[0] * exp(q[1] * gsl_cdf_ugaussian_Pinv(p));
        break;
    case SIM_GAMMA:
        if (q[1] > cv_min)
            x = gamma_quantile(1 / (q[1] * q[1]), p) * q[0] * q[1] * q[1];
        break;
    case SIM_POISSON:
        x = q[0] > 0 ? poisson_quantile(q[0], p) : 0;
        break;
    case SIM_ERLANG:
        x = gamma_quantile(q[0], p) * q[1] / q[0];
        break;
    }
    return x;
}

double sim_dist_draw(const struct sim_dist *d, struct sim_draws *r)
{
    const double *p = d->p;
    struct sim_gsl g;
    double x = p[0];

    switch (d->kind) {
    case SIM_CONSTANT:
        break;
    case SIM_UNIFORM:
        x = p[0] + (p[1] - p[0]) * sim_uniform(r);
        break;
    case SIM_TRIANGULAR:
        x = triangular(p, sim_uniform(r));
        break;
    case SIM_EXPONENTIAL:
        x = p[0] * sim_exponential(r);
        break;
    case SIM_LOGNORMAL:
        x = p[0] * exp(p[1] * sim_normal(r));
        break;
    case SIM_GAMMA:
        if (p[1] > cv_min)
            x = gsl_ran_gamma(sim_gsl_wrap(&g, r), 1 / (p[1] * p[1]), p[0] * p[1] * p[1]);
        break;
    case SIM_POISSON:
        x = gsl_ran_poisson(sim_gsl_wrap(&g, r), p[0]);
        break;
    case SIM_ERLANG:
        x = gsl_ran_gamma(sim_gsl_wrap(&g, r), p[0], p[1] / p[0]);
        break;
    }
    sim_bug_if(!(x >= 0 && x <= 1e300));
    return x;
}
