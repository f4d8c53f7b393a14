#include "analysis/why_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { INPUTS_MAX = 32, CAUSES_SAID = 3 };
#define ROUNDS_TO_0 0.005 /* a part that would be printed as 0 % */

/* ---- causes ---- */

void ana_mix_add(struct ana_mix *m, int cause, double q)
{
    size_t i = 0;

    while (i < m->n && m->cause[i] != cause)
        i++;
    if (i == ANA_MIX_MAX)
        i--;
    if (i == m->n) {
        m->cause[m->n] = cause;
        m->q[m->n++] = 0;
    }
    m->q[i] += q;
    m->all += q;
}

int ana_mix_most(const struct ana_mix *m)
{
    size_t most = 0;

    for (size_t i = 1; i < m->n; i++)
        if (m->q[i] > m->q[most])
            most = i;
    return m->n ? m->cause[most] : ANA_WHY_ANY;
}

const char *ana_why_cause(const struct ana_why *w, const char *coord, int cause)
{
    const char *const *t = ana_coord_text(ana_axis(w->c.r, "cause"), coord);

    return t && cause >= 0 ? t[cause] : "";
}

int ana_why_is(const struct ana_why *w, int cause, const char *why)
{
    return strcmp(ana_why_cause(w, "cause_why", cause), why) == 0;
}

/* First row of a day or later. */
static size_t day_begin(const struct ana_events *e, int32_t day)
{
    size_t lo = e->from, hi = e->until;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (e->day[mid] < day)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* ---- a line on a day ---- */

/* The input for which most starts are missed, by `cause` where one is followed; without missed
 * starts the one that is short. */
int ana_line_input(const struct ana_events *e, const struct ana_at *at, int wanted_input)
{
    int input[INPUTS_MAX], n = 0, most = ANA_WHY_ANY;
    double q[INPUTS_MAX] = {0};

    for (size_t i = day_begin(e, at->day); i < e->until && e->day[i] == at->day; i++) {
        int missed = ana_event_at(e, i) == ANA_EV_MISSED, k = 0;

        if (e->plant[i] != at->plant || (at->use >= 0 && e->use[i] != at->use) ||
            (!missed && ana_event_at(e, i) != ANA_EV_SHORT) ||
            (wanted_input >= 0 && e->input[i] != wanted_input))
            continue;
        while (k < n && input[k] != e->input[i])
            k++;
        if (k == INPUTS_MAX)
            continue;
        n += k == n;
        input[k] = e->input[i];
        q[k] += !missed                                     ? 1e-9
                : at->cause < 0 || e->cause[i] == at->cause ? 1 + e->quantity[i]
                                                            : 1e-6;
    }
    for (int k = 0; k < n; k++)
        if (most < 0 || q[k] > q[most])
            most = k;
    return most < 0 ? ANA_WHY_ANY : input[most];
}

/* The line where the chain stands; at->use -1 = both. */
void ana_line_look(const struct ana_events *e, struct ana_line *l, const struct ana_at *at,
                   int wanted_input)
{
    double by_use[3] = {0}, short_most = -1;

    *l = (struct ana_line){.plant = at->plant, .input = ana_line_input(e, at, wanted_input)};
    for (size_t i = day_begin(e, at->day); i < e->until && e->day[i] == at->day; i++) {
        if (e->plant[i] != at->plant || (at->use >= 0 && e->use[i] != at->use))
            continue;
        switch (ana_event_at(e, i)) {
        case ANA_EV_STARTED:
            l->product = e->product[i];
            l->planned += e->against[i];
            l->started += e->quantity[i];
            break;
        case ANA_EV_SHORT:
            if (e->input[i] != l->input)
                continue;
            by_use[e->use[i]] += 1e-9;
            if (e->against[i] <= short_most)
                break;
            short_most = e->against[i];
            l->stock = e->quantity[i];
            l->need = e->against[i];
            l->cover = e->days[i];
            break;
        case ANA_EV_MISSED:
            if (e->input[i] != l->input)
                continue;
            l->missed += e->quantity[i];
            by_use[e->use[i]] += e->quantity[i];
            ana_mix_add(&l->mix, e->cause[i], e->quantity[i]);
            break;
        default:
            continue;
        }
        l->row = i;
    }
    l->use = by_use[1] > by_use[0];
}

/* The line of a site that lost most on a day: by value of the starts missed; else one that is
 * short; else one that planned. -1: none planned anything. */
int ana_line_pick(const struct ana_why *w, const struct ana_why_question *q)
{
    const struct ana_events *e = &w->e;
    const struct sim_axis *a = ana_axis(w->c.r, "plant");
    const double *value = ana_coord_value(a, "plant_value");
    double most = 0, *sum = calloc(a->n + 1, sizeof *sum);
    int best = ANA_WHY_ANY;

    for (size_t i = day_begin(e, q->day); sum && i < e->until && e->day[i] == q->day; i++) {
        double x = ana_event_at(e, i) == ANA_EV_MISSED
                       ? 1 + e->quantity[i] * (value ? value[e->plant[i]] : 1)
                   : ana_event_at(e, i) == ANA_EV_SHORT   ? 1e-6
                   : ana_event_at(e, i) == ANA_EV_STARTED ? 1e-9
                                                          : 0;

        if (x == 0 || e->site[i] != q->site ||
            (q->product >= 0 && e->product[i] != q->product && e->input[i] != q->product))
            continue;
        sum[e->plant[i]] += x * (e->plant[i] == q->plant ? 1e12 : 1);
        if (sum[e->plant[i]] > most) {
            most = sum[e->plant[i]];
            best = e->plant[i];
        }
    }
    free(sum);
    return best;
}

void ana_line_causes(struct ana_why *w, const struct ana_mix *m, int followed)
{
    struct ana_mix left = *m;
    size_t said = 0;
    double rest = m->all;

    if (m->n == 0 || m->all <= 0)
        return;
    ana_para_add(&w->p, "Booked to:");
    for (; said < m->n && said < CAUSES_SAID; said++) {
        int c = said == 0 && followed >= 0 ? followed : ana_mix_most(&left);
        size_t i = 0;

        while (left.cause[i] != c)
            i++;
        if (said > 0 && left.q[i] < ROUNDS_TO_0 * m->all)
            break;
        ana_para_add(&w->p, "%s ", said ? ";" : "");
        ana_show_cause(&w->s, &w->p, c);
        ana_para_add(&w->p, " %.0f %%", 100 * left.q[i] / m->all);
        rest -= left.q[i];
        left.q[i] = -1;
    }
    if (m->n > said && rest >= ROUNDS_TO_0 * m->all)
        ana_para_add(&w->p, "; %zu other%s %.0f %%", m->n - said, m->n - said == 1 ? "" : "s",
                     100 * rest / m->all);
    ana_para_add(&w->p, ".");
    ana_para_end(&w->s, &w->p, "    ", 4);
}

void ana_line_say(struct ana_why *w, int step, int site, int32_t day, const struct ana_line *l)
{
    char first[16], a[ANA_SHOW_CELL], b[ANA_SHOW_CELL];

    snprintf(first, sizeof first, "%2d  ", step);
    ana_para_add(&w->p, "%s ", ana_why_date(a, w, day));
    ana_why_site(w, site);
    ana_why_amount(a, w, l->product, l->planned);
    ana_why_amount(b, w, l->product, l->started);
    ana_para_add(&w->p, ", ");
    ana_why_product(w, l->product);
    ana_para_add(&w->p, ": planned %s, started %s", a, b);
    if (l->missed > 0) {
        ana_why_amount(a, w, l->product, l->missed);
        ana_para_add(&w->p, "; %s, planned for the first time, missed", a);
    }
    ana_para_add(&w->p, ".");
    ana_para_end(&w->s, &w->p, first, 4);
    if (l->input < 0)
        return;
    ana_why_amount(a, w, l->input, l->stock);
    ana_why_amount(b, w, l->input, l->need);
    ana_para_add(&w->p, "Short of ");
    ana_why_product(w, l->input);
    ana_para_add(&w->p, ": %s in stock, %s needed that day", a, b);
    if (!isnan(l->cover))
        ana_para_add(&w->p, ", %.1f days of cover", l->cover);
    if (l->cover > 0) {
        ana_why_amount(a, w, l->input, l->stock / l->cover);
        ana_para_add(&w->p, " at the site's forecast of %s a day", a);
    }
    if (l->stock >= l->need)
        ana_para_add(&w->p, "; it starts less so that they last");
    ana_para_add(&w->p, "%s.", l->use ? "; military use" : "");
    ana_para_end(&w->s, &w->p, "    ", 4);
}
