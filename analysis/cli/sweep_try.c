/* Points at the ends of the factors, loaded before any run. */
#include "analysis/cli/sweep.h"

#include <stdlib.h>
#include <string.h>

/* A fault told by the study of a point, with the factor that it is about; each factor is told once.
 */
static void tell_line(const struct cmd_sweep *w, size_t point, const struct ana_settings *set,
                      const char *text, char told[], struct sim_err *err)
{
    for (int k = 0; k < set->n_set; k++) {
        size_t f = set->set_factor[k];

        if (strstr(text, set->set[k]) == NULL)
            continue;
        if (told[f] == 0)
            sim_tree_fault(w->s.factor[f].tree, err, "%s", text);
        told[f] = 2;
        return;
    }
    for (size_t f = 0; f < w->s.n_factor; f++) {
        char place[500];
        const char *at;
        size_t n = (size_t)snprintf(place, sizeof place, "%.400s:%d", w->s.file,
                                    sim_tree_line(w->s.factor[f].tree));

        at = strstr(text, place);
        if (at == NULL || (at[n] >= '0' && at[n] <= '9'))
            continue;
        if (told[f] != 2)
            sim_err_add(err, SIM_EINPUT, "%s", text);
        told[f] = told[f] ? told[f] : 1;
        return;
    }
    sim_err_add(err, SIM_EINPUT, "%s: at point %zu: %s", w->s.file, point, text);
}

static int try_point(const struct cmd_sweep *w, size_t point, char told[], struct sim_err *err)
{
    struct sim_arena own = {0};
    struct sim_err faults = SIM_ERR_INIT;
    struct ana_settings set;
    struct cmd_point p = {.w = w, .point = (uint32_t)point};
    struct mdl_options o;
    int rc;

    ana_sweep_settings(&set, &w->s, &w->design, point, &own);
    cmd_point_options(&o, w, (uint32_t)point, &own);
    o.over = w->over;
    rc = mdl_study_load(&p.st, w->file, (int)w->n_scenario, &o, &faults);
    if (rc == 0)
        rc = cmd_point_bind(&p, &faults) ? SIM_EINPUT : 0;
    for (const char *line = faults.text; line && *line;) {
        size_t n = strcspn(line, "\n");

        tell_line(w, point, &set, sim_arena_copy(&own, line, n), told, err);
        line += n + (line[n] == '\n');
    }
    for (size_t f = 0; f < w->s.n_factor; f++)
        told[f] = told[f] ? 2 : 0;
    sim_err_free(&faults);
    cmd_point_free(&p);
    sim_arena_free(&own);
    return rc;
}

static int by_number(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;

    return (x > y) - (x < y);
}

/* The points at which some factor has its least and its largest value. */
static size_t list_ends(const struct cmd_sweep *w, size_t point[])
{
    size_t n = 1, m = 0;

    point[0] = 0;
    for (size_t f = 0; f < w->s.n_factor; f++) {
        size_t lo = 0, hi = 0;

        if (ana_sweep_is_word(&w->design, f)) {
            for (size_t v = 0; v < w->design.factor[f].n_value; v++)
                for (size_t p = 0; p < w->design.n_point; p++)
                    if (ana_design_x(&w->design, p, f) == (double)v) {
                        point[n++] = p;
                        break;
                    }
            continue;
        }
        for (size_t p = 1; p < w->design.n_point; p++) {
            double x = ana_design_x(&w->design, p, f);

            lo = x < ana_design_x(&w->design, lo, f) ? p : lo;
            hi = x > ana_design_x(&w->design, hi, f) ? p : hi;
        }
        point[n++] = lo;
        point[n++] = hi;
    }
    qsort(point, n, sizeof *point, by_number);
    for (size_t i = 0; i < n; i++)
        if (m == 0 || point[m - 1] != point[i])
            point[m++] = point[i];
    return m;
}

int cmd_sweep_try(const struct cmd_sweep *w, struct sim_err *err)
{
    size_t most = 1, n, *point;
    struct sim_arena own = {0};
    char *told = sim_arena_alloc(&own, w->s.n_factor, 1);
    int rc = 0;

    for (size_t f = 0; f < w->s.n_factor; f++)
        most += 2 + w->design.factor[f].n_value;
    point = sim_arena_alloc(&own, most, sizeof *point);
    n = w->s.model ? 0 : list_ends(w, point);
    for (size_t i = 0; i < n; i++) {
        int one = try_point(w, point[i], told, err);

        rc = rc ? rc : one;
    }
    sim_arena_free(&own);
    return rc;
}
