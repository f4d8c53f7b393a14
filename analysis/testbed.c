#include "analysis/testbed.h"

#include <math.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

/* ---- Ishigami ---- */

static const double ishigami_a = 7, ishigami_b = 0.1;

static double ishigami(const double x[], size_t k)
{
    double s = sin(x[1]);

    (void)k;
    return sin(x[0]) * (1 + ishigami_b * pow(x[2], 4)) + ishigami_a * s * s;
}

static void ishigami_indices(double first[], double total[], size_t k)
{
    double p4 = pow(pi, 4), v1 = pow(1 + ishigami_b * p4 / 5, 2) / 2,
           v2 = ishigami_a * ishigami_a / 8, v13 = ishigami_b * ishigami_b * p4 * p4 * 8 / 225,
           v = v1 + v2 + v13;

    (void)k;
    first[0] = v1 / v;
    first[1] = v2 / v;
    first[2] = 0;
    total[0] = (v1 + v13) / v;
    total[1] = v2 / v;
    total[2] = v13 / v;
}

/* ---- g-function ---- */

static double g_a(size_t i)
{
    static const double a[] = {0, 1, 4.5, 9};

    return i < sizeof a / sizeof *a ? a[i] : 99;
}

static double g(const double x[], size_t k)
{
    double y = 1;

    for (size_t i = 0; i < k; i++)
        y *= (fabs(4 * x[i] - 2) + g_a(i)) / (1 + g_a(i));
    return y;
}

static void g_indices(double first[], double total[], size_t k)
{
    double all = 1;

    for (size_t i = 0; i < k; i++)
        all *= 1 + 1 / (3 * pow(1 + g_a(i), 2));
    for (size_t i = 0; i < k; i++) {
        double v = 1 / (3 * pow(1 + g_a(i), 2));

        first[i] = v / (all - 1);
        total[i] = v * all / (1 + v) / (all - 1);
    }
}

const struct ana_testbed ana_testbeds[] = {
    {"ishigami", 3, 3, -3.14159265358979323846, 3.14159265358979323846, ishigami, ishigami_indices},
    {"g-function", 1, 40, 0, 1, g, g_indices},
    {NULL, 0, 0, 0, 0, NULL, NULL}};

const struct ana_testbed *ana_testbed_find(const char *name)
{
    for (const struct ana_testbed *t = ana_testbeds; t->name != NULL; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}
