#include "analysis/critical.h"

#include "analysis/show_inner.h"

#include <math.h>
#include <string.h>

typedef char cell[3 * ANA_SHOW_CELL];

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
    cell c[6];

    ana_show_usd(c[0], r->loss_usd.at);
    ana_show_usd(c[1], r->net_usd.at);
    days(c[2], r->survive_d, "-");
    days(c[3], r->stop_d, "-");
    days(c[4], r->recover_d, "not yet");
    if (r->recover_d <= 0 && !isfinite(r->survive_d))
        snprintf(c[4], sizeof c[4], "-");
    snprintf(c[5], sizeof c[5], "%zu", rank);
    ana_show_cell(s, c[5], 4, 0);
    fputs("  ", s->to);
    ana_show_cell(s, n->name, 32, 1);
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

static const char *const head[] = {"                                                       demand  "
                                   " output     first first end    demand",
                                   "                                                         lost  "
                                   "   lost    demand     plant met again",
                                   "      taken out                        in stage           USD  "
                                   "    USD     short     stops   to 95 %"};

static int harms(const struct ana_critical_row *r)
{
    return fabs(r->loss_usd.at) >= 0.5 || fabs(r->net_usd.at) >= 0.5 || isfinite(r->survive_d) ||
           isfinite(r->stop_d);
}

void ana_critical_print(FILE *to, const struct ana_critical_row *row,
                        const struct ana_critical_name *name, size_t n_target, size_t n_run,
                        size_t top, int utf8)
{
    const struct ana_show_options o = {.utf8 = utf8, .width = 100};
    const struct ana_show s = {.to = to, .o = &o};
    size_t shown = 0, none = 0;

    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        ana_show_line(&s, "%s", head[i]);
    for (size_t i = 0; i < n_target; i++) {
        if (!harms(&row[i])) {
            none++;
        } else if (shown < top) {
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
