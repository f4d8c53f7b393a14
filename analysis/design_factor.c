#include "analysis/design_inner.h"

#include "sim/keys.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *const ana_kind_words[] = {"uncertainty", "lever", NULL};
const char *const ana_scale_words[] = {"linear", "log", "integer", NULL};

static const double whole_max = 9007199254740992.0;
static const double slack = 1e-9; /* so that 2/3 of 3 is 2 */
static const double trim = 0.01;

int ana_design_fault(const struct sim_tree *group, const char *key, const char *what,
                     struct sim_err *err, const char *fmt, ...)
{
    const struct sim_tree *node = group != NULL && key != NULL ? sim_tree_get(group, key) : NULL;
    char text[600];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (group != NULL)
        return sim_tree_fault(node != NULL ? node : group, err, "%s", text);
    return sim_err_add(err, SIM_EINPUT, "'%s'%s%s: %s", what, key ? ": " : "", key ? key : "",
                       text);
}

int ana_design_number(const char *text, double *x)
{
    size_t n = strspn(text, "+-.0123456789eE");
    char *end;

    *x = strtod(text, &end) + 0.0; /* no -0 */
    return n > 0 && end == text + n && *end == '\0' && isfinite(*x);
}

/* ---- faults ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int check_values(const struct ana_factor *f, struct sim_err *err)
{
    struct sim_arena scratch = {0};
    const char **sorted;
    int rc = 0;

    if (f->n_value < 2)
        return ana_design_fault(f->tree, "values", f->id, err,
                                "needs two or more values; one that is the same at all points "
                                "belongs in `set`");
    sorted = sim_arena_alloc(&scratch, f->n_value, sizeof *sorted);
    for (size_t i = 0; i < f->n_value; i++)
        sorted[i] = f->value[i];
    qsort(sorted, f->n_value, sizeof *sorted, by_text);
    if (sorted[0][0] == '\0')
        rc = ana_design_fault(f->tree, "values", f->id, err, "one is empty");
    for (size_t i = 1; i < f->n_value; i++)
        if (strcmp(sorted[i - 1], sorted[i]) == 0)
            rc = ana_design_fault(f->tree, "values", f->id, err, "%s is there twice", sorted[i]);
    sim_arena_free(&scratch);
    return rc;
}

static int check_range(const struct ana_factor *f, struct sim_err *err)
{
    if (!isfinite(f->lo) || !isfinite(f->hi) || !isfinite(f->hi - f->lo) || f->lo >= f->hi)
        return ana_design_fault(f->tree, "range", f->id, err,
                                "must be two numbers, the lower first, not %g and %g", f->lo,
                                f->hi);
    if (f->scale == ANA_LOG && f->lo <= 0)
        return ana_design_fault(f->tree, "range", f->id, err,
                                "a log scale needs limits above 0, not %g; take a small one, or "
                                "scale = \"linear\"",
                                f->lo);
    if (f->scale == ANA_INTEGER && (f->lo != floor(f->lo) || f->hi != floor(f->hi) ||
                                    fmax(fabs(f->lo), fabs(f->hi)) > whole_max))
        return ana_design_fault(f->tree, "range", f->id, err,
                                "with scale = \"integer\" the limits must be whole numbers up to "
                                "2^53 in size, not %.17g and %.17g",
                                f->lo, f->hi);
    return 0;
}

static int check_dist(const struct ana_factor *f, struct sim_err *err)
{
    char why[200];

    if (sim_dist_check_signed(&f->dist, why, sizeof why) != 0)
        return ana_design_fault(f->tree, "dist", f->id, err, "%s", why);
    if (!(sim_dist_quantile(&f->dist, trim) < sim_dist_quantile(&f->dist, 1 - trim)))
        return ana_design_fault(f->tree, "dist", f->id, err,
                                "has the same value from its 1 %% to its 99 %% quantile: no "
                                "factor; what is the same at all points belongs in `set`");
    return 0;
}

int ana_factor_check(const struct ana_factor *f, struct sim_err *err)
{
    int rc = 0;

    if (!sim_keys_is_id(f->id))
        rc = ana_design_fault(f->tree, "id", f->id, err, "must be 1 to 64 of a-z 0-9 . _ -");
    else if (strcmp(f->id, ANA_CHANCE) == 0)
        rc = ana_design_fault(f->tree, "id", f->id, err,
                              "is the name of luck as a factor; take another");
    if ((f->form == ANA_VALUES && check_values(f, err) != 0) ||
        (f->form == ANA_RANGE && check_range(f, err) != 0) ||
        (f->form == ANA_DIST && check_dist(f, err) != 0))
        rc = SIM_EINPUT;
    if (f->levels != 0 && (f->levels < 2 || f->levels > ANA_POINTS_MAX))
        rc = ana_design_fault(f->tree, "levels", f->id, err, "must be 2 to %d", ANA_POINTS_MAX);
    return rc;
}

/* ---- values ---- */

static double in_range(const struct ana_factor *f, double u)
{
    if (f->scale == ANA_INTEGER)
        return fmin(f->lo + floor(u * (f->hi - f->lo + 1) + slack), f->hi);
    if (u >= 1)
        return f->hi;
    if (f->scale == ANA_LOG)
        return fmin(fmax(f->lo * exp(u * log(f->hi / f->lo)), f->lo), f->hi);
    return fmin(f->lo + u * (f->hi - f->lo), f->hi);
}

double ana_factor_at(const struct ana_factor *f, double u)
{
    if (f->form == ANA_RANGE)
        return in_range(f, u);
    if (f->form == ANA_DIST)
        return sim_dist_quantile(&f->dist, u);
    return fmin(floor(u * (double)f->n_value + slack), (double)f->n_value - 1);
}

double ana_factor_trimmed(const struct ana_factor *f, double u)
{
    return ana_factor_at(f, f->form == ANA_DIST ? trim + (1 - 2 * trim) * u : u);
}

int64_t ana_factor_levels(const struct ana_factor *f, const struct ana_part *part)
{
    if (f->form == ANA_VALUES)
        return (int64_t)f->n_value;
    return f->levels != 0 ? f->levels : part->levels;
}

double ana_factor_level(const struct ana_factor *f, size_t i, size_t n)
{
    double u = (double)i / (double)(n - 1);

    if (f->form == ANA_VALUES)
        return (double)i;
    if (f->form == ANA_DIST)
        return sim_dist_quantile(&f->dist, ((double)i + 0.5) / (double)n);
    return f->scale == ANA_INTEGER ? f->lo + round(u * (f->hi - f->lo)) : in_range(f, u);
}
