#include "analysis/critical.h"

#include "analysis/compare_inner.h"
#include "analysis/show_inner.h"

#include <math.h>
#include <string.h>

typedef char cell[3 * ANA_SHOW_CELL];

enum { REST = 61 }; /* columns after the name */

/* Days, or that it did not come so far in half of the runs or more. */
static void days(cell to, double x, const char *never)
{
    if (isfinite(x))
        snprintf(to, sizeof(cell), "%.0f d", x);
    else
        snprintf(to, sizeof(cell), "%s", never);
}

static void print_row(const struct ana_show *s, size_t rank, const struct ana_critical_row *r,
                      const struct ana_critical_name *n, int intervals)
{
    cell c[5];
    char name[240];

    ana_show_usd(c[0], r->loss_usd.at);
    ana_show_usd(c[1], r->net_usd.at);
    days(c[2], r->survive_d, "-");
    days(c[3], r->stop_d, "-");
    days(c[4], r->recover_d, "not yet");
    if (r->recover_d <= 0 && !isfinite(r->survive_d))
        snprintf(c[4], sizeof c[4], "-");
    snprintf(name, sizeof name, "%4zu  %.190s", rank, n->name);
    ana_show_name(s, 0, name, s->o->width - REST - 1);
    fputc(' ', s->to);
    ana_show_cell(s, n->country, 3, 1);
    ana_show_cell(s, n->tier, 10, 1);
    for (int k = 0; k < 5; k++)
        ana_show_cell(s, c[k], k < 2 ? 9 : 10, 0);
    fputc('\n', s->to);
    if (intervals) {
        cell lo, hi;

        ana_show_usd(lo, r->loss_usd.lo);
        ana_show_usd(hi, r->loss_usd.hi);
        ana_show_line(s, "      interval of the mean loss: %s to %s USD", lo, hi);
    }
}

static const char *const head[] = {"                demand   output     first first end    demand",
                                   "                  lost     lost    demand     plant met again",
                                   "in stage           USD      USD     short     stops   to 95 %"};

static void print_head(const struct ana_show *s)
{
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        ana_show_line(s, "%-*s%s", (int)s->o->width - REST, i == 2 ? "      taken out" : "",
                      head[i]);
}

int ana_critical_harms(const struct ana_critical_row *r)
{
    return fabs(r->loss_usd.at) >= 0.5 || fabs(r->net_usd.at) >= 0.5 || isfinite(r->survive_d) ||
           isfinite(r->stop_d);
}

void ana_critical_print(FILE *to, const struct ana_critical_row *row,
                        const struct ana_critical_name *name, size_t n_target, size_t n_run,
                        const struct ana_critical_look *look)
{
    const struct ana_show_options o = {.utf8 = look->utf8, .width = look->width};
    const struct ana_show s = {.to = to, .o = &o};
    size_t shown = 0, none = 0;

    print_head(&s);
    for (size_t i = 0; i < n_target; i++) {
        if (!ana_critical_harms(&row[i])) {
            none++;
        } else if (shown < look->top) {
            shown++;
            print_row(&s, i + 1, &row[i], &name[row[i].target],
                      n_run >= ANA_STATS_MIN && row[i].loss_usd.at >= 0.5);
        }
    }
    if (n_target - none > shown)
        ana_show_line(&s, "      %zu more do%s harm (--top)", n_target - none - shown,
                      n_target - none - shown == 1 ? "es" : "");
    if (none > 0)
        ana_show_line(&s, "      %zu do%s none: nothing is lost or stops beyond the baseline", none,
                      none == 1 ? "es" : "");
}

/* ---- a file of it ---- */

const char *const ana_critical_columns[] = {"loss_usd", "net_usd", "survive_d", "stop_d",
                                            "recover_d"};
const size_t ana_critical_n_columns = sizeof ana_critical_columns / sizeof *ana_critical_columns;

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/* [n_target][n_run] out of the columns, in which runs come first. */
static int take_effects(struct ana_critical_effect *x, const struct sim_result *r, size_t n_target,
                        size_t n_run, struct sim_err *err)
{
    struct ana_cube cube[5];

    for (size_t k = 0; k < 5; k++) {
        cube[k] = ana_cube_find(r, ana_critical_columns[k], "scenario run target");
        if (cube[k].c == NULL)
            return sim_err_add(err, SIM_ERUN, "the file has no column %s by target",
                               ana_critical_columns[k]);
    }
    for (size_t i = 0; i < n_target * n_run; i++) {
        size_t run = i % n_run, target = i / n_run;

        x[i] = (struct ana_critical_effect){
            ana_cube_at(&cube[0], 0, run, target), ana_cube_at(&cube[1], 0, run, target),
            ana_cube_at(&cube[2], 0, run, target), ana_cube_at(&cube[3], 0, run, target),
            ana_cube_at(&cube[4], 0, run, target)};
    }
    return 0;
}

static const char words[] =
    "Lost demand is final demand lost or waiting at the end; lost output is value of output less\n"
    "inputs, added over plants. Only what is beyond the baseline with the same random numbers "
    "counts.\n"
    "Days count from the first day without it, those of the last column from its return.\n";

static void explain(struct ana_show *s)
{
    struct ana_para p = {.n = 0};

    fputc('\n', s->to);
    if (!ana_show_narrow(s)) {
        fputs(words, s->to);
        return;
    }
    for (const char *at = words; *at; at += strcspn(at, "\n") + 1)
        ana_para_add(&p, "%s%.*s", p.n ? " " : "", (int)strcspn(at, "\n"), at);
    ana_para_end(s, &p, "", 0);
}

static void print_all(FILE *to, const struct sim_result *r, const struct ana_critical_row *row,
                      const struct ana_critical_look *look, struct sim_arena *a)
{
    const struct ana_compare c = {.r = r};
    const struct ana_show_options o = {.utf8 = look->utf8, .width = look->width};
    struct ana_show s = {.to = to, .c = &c, .o = &o};
    const struct sim_axis *target = ana_axis(r, "target");
    const char *const *name = ana_coord_text(target, "target_name"),
                      *const *country = ana_coord_text(target, "target_country"),
                      *const *tier = ana_coord_text(target, "target_tier");
    const char *what = sim_result_find_attr(r, "critical_what"),
               *from = sim_result_find_attr(r, "critical_from"),
               *days = sim_result_find_attr(r, "critical_days");
    struct ana_critical_name *n = sim_arena_alloc(a, target->n, sizeof *n);
    size_t runs = ana_axis(r, "run")->n;

    for (size_t i = 0; i < target->n; i++)
        n[i] = (struct ana_critical_name){name ? name[i] : target->label[i],
                                          country ? country[i] : "", tier ? tier[i] : ""};
    ana_show_line(&s, "%s: what is lost when one %s is out for %s day%s from %s",
                  ana_axis(r, "scenario")->label[0], what, days, strcmp(days, "1") == 0 ? "" : "s",
                  from);
    ana_show_changes(&s);
    ana_show_line(&s, "(means and medians of %zu run%s)", runs, plural(runs));
    fputc('\n', to);
    ana_critical_print(to, row, n, target->n, runs, look);
    explain(&s);
    if (runs < ANA_STATS_MIN)
        fprintf(to, "No intervals: %zu run%s, and fewer than %d would look surer than they are.\n",
                runs, plural(runs), ANA_STATS_MIN);
}

int ana_critical_is(const struct sim_result *r)
{
    return sim_result_find_attr(r, "critical_what") && sim_result_find_attr(r, "critical_from") &&
           sim_result_find_attr(r, "critical_days") && ana_axis(r, "target") &&
           ana_axis(r, "target")->label && ana_axis(r, "run") && ana_axis(r, "scenario");
}

int ana_critical_read(struct ana_critical_row **row, struct sim_arena *a,
                      const struct sim_result *r, struct sim_err *err)
{
    struct ana_critical_effect *x;
    size_t n, runs;
    int rc;

    sim_bug_if(!ana_critical_is(r));
    n = ana_axis(r, "target")->n;
    runs = ana_axis(r, "run")->n;
    x = sim_arena_alloc(a, n * runs, sizeof *x);
    *row = sim_arena_alloc(a, n, sizeof **row);
    rc = take_effects(x, r, n, runs, err);
    if (rc == 0)
        ana_critical_rank(*row, x, n, runs);
    return rc;
}

int ana_critical_show(FILE *to, const struct sim_result *r, const struct ana_critical_look *look,
                      struct sim_err *err)
{
    struct sim_arena a = {0};
    struct ana_critical_row *row;
    int rc = ana_critical_read(&row, &a, r, err);

    if (rc == 0)
        print_all(to, r, row, look, &a);
    sim_arena_free(&a);
    return rc;
}
