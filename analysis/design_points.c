#include "analysis/design_inner.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ana_design_grid(struct ana_points *to, const struct ana_factor *factor)
{
    for (size_t i = 0; i < to->n; i++)
        for (size_t j = to->k, rest = i; j-- > 0;) {
            const struct ana_factor *f = &factor[to->factor[j]];
            size_t n = (size_t)ana_factor_levels(f, &to->part);

            to->x[i * to->k + j] = ana_factor_level(f, rest % n, n);
            rest /= n;
        }
}

void ana_design_zip(struct ana_points *to, const struct ana_factor *factor)
{
    for (size_t i = 0; i < to->n; i++)
        for (size_t j = 0; j < to->k; j++)
            to->x[i * to->k + j] = ana_factor_level(&factor[to->factor[j]], i, to->n);
}

/* ---- list ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The values of a column: its texts, sorted, each once. */
static void open_values(const struct ana_points *p, size_t j, struct ana_factor *f,
                        struct sim_arena *a)
{
    const char **all = sim_arena_alloc(a, p->n, sizeof *all);
    size_t n = 0;

    for (size_t i = 0; i < p->n; i++)
        all[i] = p->part.cell[i * p->k + j];
    qsort(all, p->n, sizeof *all, by_text);
    for (size_t i = 0; i < p->n; i++)
        if (n == 0 || strcmp(all[n - 1], all[i]) != 0)
            all[n++] = all[i];
    for (size_t i = 0; i < n; i++)
        all[i] = sim_arena_copy(a, all[i], strlen(all[i]));
    f->form = ANA_VALUES;
    f->value = all;
    f->n_value = n;
}

/* Where a text is among the values of a factor, as it is written or as a number; -1 = nowhere. */
static double place_of(const struct ana_factor *f, const char *text, int sorted)
{
    const char *const *at;
    double x, y;

    if (sorted) {
        at = bsearch(&text, f->value, f->n_value, sizeof *f->value, by_text);
        return at ? (double)(at - f->value) : -1;
    }
    for (size_t i = 0; i < f->n_value; i++)
        if (strcmp(f->value[i], text) == 0)
            return (double)i;
    for (size_t i = 0; i < f->n_value && ana_design_number(text, &x); i++)
        if (ana_design_number(f->value[i], &y) && x == y)
            return (double)i;
    return -1;
}

static int cell_fault(const struct ana_points *p, size_t i, const struct ana_factor *f,
                      const char *text, struct sim_err *err)
{
    char allowed[200] = "";
    size_t at = 0;

    if (f->form == ANA_RANGE)
        snprintf(allowed, sizeof allowed, "%s %.15g to %.15g",
                 f->scale == ANA_INTEGER ? "a whole number" : "a number", f->lo, f->hi);
    else if (f->form == ANA_DIST)
        snprintf(allowed, sizeof allowed, "a number");
    else
        for (size_t v = 0; v < f->n_value && at < sizeof allowed - 1; v++)
            at += (size_t)snprintf(allowed + at, sizeof allowed - at, "%s%s", v ? ", " : "one of ",
                                   f->value[v]);
    if (p->part.file && p->part.line)
        return sim_err_add(err, SIM_EINPUT, "%s:%d: %s = \"%s\": must be %s", p->part.file,
                           p->part.line[i], f->id, text, allowed);
    return sim_err_add(err, SIM_EINPUT, "%s, row %zu: %s = \"%s\": must be %s",
                       p->part.file ? p->part.file : "list", i + 1, f->id, text, allowed);
}

int ana_design_list(struct ana_points *to, struct ana_factor *factor, struct sim_arena *a,
                    struct sim_err *err)
{
    int rc = 0;

    for (size_t j = 0; j < to->k; j++) {
        struct ana_factor *f = &factor[to->factor[j]];
        int open = f->form == ANA_OPEN;

        if (open)
            open_values(to, j, f, a);
        for (size_t i = 0; i < to->n; i++) {
            const char *text = to->part.cell[i * to->k + j];
            double x = 0;
            int fits;

            if (f->form == ANA_VALUES) {
                x = place_of(f, text, open);
                fits = x >= 0 && text[0] != '\0';
            } else {
                fits = ana_design_number(text, &x) &&
                       (f->form == ANA_DIST || (x >= f->lo && x <= f->hi)) &&
                       (f->form == ANA_DIST || f->scale != ANA_INTEGER || x == floor(x));
            }
            to->x[i * to->k + j] = x;
            if (!fits)
                rc = cell_fault(to, i, f, text, err);
        }
    }
    return rc;
}
