#include "analysis/show_inner.h"

#include "analysis/compare_inner.h"

#include <math.h>
#include <string.h>

typedef char cell[ANA_SHOW_CELL];

/* ---- in short ---- */

void ana_show_kinds(struct ana_show *s, const struct ana_versus *v, int of_loss)
{
    struct ana_para p = {.n = 0};
    size_t loss = 0, missed = 0;

    for (size_t i = 0; of_loss && i < v->n_kind; i++)
        if (v->kind[i].loss >= 0.005)
            ana_para_add(&p, "%s%s %.0f %%", loss++ ? ", " : "of the loss: ", v->kind[i].why,
                         100.0 * v->kind[i].loss);
    for (size_t i = 0; i < v->n_kind; i++)
        if (v->kind[i].missed >= 0.005)
            ana_para_add(&p, "%s%s %.0f %%",
                         missed++ ? ", "
                         : loss   ? ". Of missed starts: "
                                  : "of missed starts: ",
                         v->kind[i].why, 100.0 * v->kind[i].missed);
    if (p.n > 0)
        ana_para_end(s, &p, "    kinds   ", 12);
}

void ana_show_exposure(struct ana_show *s, const struct ana_versus *v)
{
    const char *before = sim_result_find_attr(s->c->r, "before");
    struct ana_para p = {.n = 0};
    double least = INFINITY, most = 0.0;

    if (v->n_exposure == 0 || !before)
        return;
    ana_para_add(&p, "on %s, of what lay in %s as input:", before, ana_show_where(s));
    for (size_t i = 0; i < v->n_exposure; i++) {
        const struct ana_exposure *e = &v->exposure[i];

        ana_para_add(&p, "%s %.0f %% of %s", i ? "," : "", 100.0 * e->share, e->element);
        if (!isnan(e->cover.p50)) {
            least = fmin(least, e->cover.p50);
            most = fmax(most, e->cover.p50);
        }
    }
    ana_para_add(&p, " from %s", s->c->main_origin);
    if (most > 0.0 && least < INFINITY) {
        ana_para_add(&p, "; cover of the median stock %.0f", least);
        if (most >= least + 0.5)
            ana_para_add(&p, " to %.0f", most);
        ana_para_add(&p, " days");
    }
    ana_para_end(s, &p, "    exposed ", 12);
}

/* ---- firms, industries, the total ---- */

static void body_row(struct ana_show *s, const struct ana_versus *v, const struct ana_body *b)
{
    const double *begins = ana_coord_value(ana_axis(s->c->r, "scenario"), "scenario_begins");
    int dips = b->n_dip > 0 && 2 * b->n_dip >= v->n_pair;
    double from = begins && !isnan(begins[v->scenario]) ? begins[v->scenario] : 0.0;
    cell plants, days, output, lost, trough, number, back;
    char name[200];

    snprintf(name, sizeof name, "%s%.150s", b->kind == ANA_BODY_FIRM ? "  " : "", b->name);
    snprintf(plants, sizeof plants, "%zu/%zu", b->n_plant_stop, b->n_plant);
    ana_show_number(days, b->n_plant_stop ? b->impact.p50 - from : NAN, 0);
    ana_show_change(output, b->added.with, b->added.base);
    ana_show_usd(lost, -b->added.diff.at);
    ana_show_number(trough, dips ? 100.0 * b->trough.p50 : NAN, 0);
    ana_show_number(number, dips ? b->back : NAN, 0);
    snprintf(back, sizeof back, "%s%.20s", dips && !b->back_is_over ? "> " : "", number);
    ana_show_name(s, 2, name, s->o->width - 66);
    ana_show_line(s, " %9s %9s %9s %10s %10s%s %8s", plants, days, output, lost, trough,
                  dips ? " %" : "  ", back);
}

void ana_show_bodies(struct ana_show *s, const struct ana_versus *v)
{
    size_t shown[3] = {0}, most[3] = {1, 2, 3}, width = s->o->width - 66;
    int narrow = ana_show_narrow(s);

    if (v->n_body == 0 || !(v->body[0].added.diff.at < 0.0))
        return;
    fputc('\n', s->to);
    ana_show_title(s, 2,
                   narrow ? "WHO LOSES, by net value added: industries, then firms"
                          : "WHO LOSES, by net value added",
                   width);
    ana_show_line(s, " %9s %9s %9s %10s %12s %8s", "plants", "days to", "net value", "net value",
                  "worst 28", "back");
    ana_show_line(s, "  %-*s %9s %9s %9s %10s %12s %8s", (int)width,
                  narrow ? "" : "industries, then firms", "stop", "a stop", "vs base", "lost, USD",
                  "days", "after");
    for (size_t i = 0; i < v->n_body; i++) {
        const struct ana_body *b = &v->body[i];

        if (b->added.diff.at < 0.0 && (s->o->all || shown[b->kind]++ < most[b->kind]))
            body_row(s, v, b);
    }
}

/* ---- goods, elements ---- */

void ana_show_goods(struct ana_show *s, const struct ana_versus *v)
{
    size_t most = v->n_goods < 2 || s->o->all ? v->n_goods : 2;
    struct ana_para p = {.n = 0};

    for (size_t i = 0; i < most; i++) {
        const struct ana_goods *g = &v->goods[i];
        cell usd;

        if (g->cause < 0)
            continue;
        ana_show_usd(usd, g->loss_usd);
        ana_para_add(&p, "%s %s, %s USD: ", g->country, g->stage, usd);
        ana_show_cause(s, &p, g->cause);
        ana_para_add(&p, " %.0f %%.", 100.0 * g->cause_share);
        ana_para_end(s, &p, "    ", 6);
    }
}

void ana_show_content(struct ana_show *s, const struct ana_versus *v)
{
    const struct sim_axis *origin = ana_axis(s->c->r, "origin");
    size_t most = v->n_content < 2 || s->o->all ? v->n_content : 2;

    if (v->n_content == 0)
        return;
    fputc('\n', s->to);
    ana_show_heading(
        s, "ELEMENTS in %s goods handed over in %s, by country of separation, baseline > here",
        v->content_stage, ana_show_where(s));
    for (size_t i = 0; i < most; i++) {
        const struct ana_content *c = &v->content[i];
        struct ana_para p = {.n = 0};
        cell a, b;

        ana_show_quantity(a, c->all_base, "kg");
        ana_show_quantity(b, c->all, "kg");
        ana_para_add(&p, "%s: %s > %s;", c->element, a, b);
        for (size_t o = 0, n = 0; o < origin->n; o++) {
            if (c->base[o] < 0.02 * c->all_base && c->with[o] < 0.02 * c->all)
                continue;
            ana_show_quantity(a, c->base[o], "kg");
            ana_show_quantity(b, c->with[o], "kg");
            ana_para_add(&p, "%s %s %s > %s", n++ ? "," : "", origin->label[o], a, b);
        }
        ana_para_end(s, &p, "    ", 6);
    }
}

/* ---- orders ---- */

static void add_percent(struct ana_para *p, double x)
{
    if (isnan(x))
        ana_para_add(p, "-");
    else
        ana_para_add(p, "%.0f", 100.0 * x);
}

void ana_show_service(struct ana_show *s, const struct ana_versus *v)
{
    struct ana_para filled = {.n = 0}, whip = {.n = 0};
    size_t most = v->n_service < 4 || s->o->all ? v->n_service : 4;
    cell whips[2];

    for (size_t i = 0; i < most; i++) {
        const struct ana_service *r = &v->service[i];

        ana_para_add(&filled, "%s %s ", filled.n ? "," : "By value, % on time (at all):", r->tier);
        add_percent(&filled, r->on_time[0]);
        ana_para_add(&filled, " > ");
        add_percent(&filled, r->on_time[1]);
        ana_para_add(&filled, " (");
        add_percent(&filled, r->received[0]);
        ana_para_add(&filled, " > ");
        add_percent(&filled, r->received[1]);
        ana_para_add(&filled, ")");
        if (!isnan(r->bullwhip[1])) {
            ana_show_two(whips[0], r->bullwhip[0]);
            ana_show_two(whips[1], r->bullwhip[1]);
            ana_para_add(&whip, "%s %s %s > %s", whip.n ? "," : "Bullwhip:", r->tier, whips[0],
                         whips[1]);
        }
    }
    if (filled.n == 0)
        return;
    fputc('\n', s->to);
    ana_show_heading(s, "ORDERS of stages in %s, baseline > here", ana_show_where(s));
    ana_para_end(s, &filled, "    ", 6);
    if (whip.n > 0)
        ana_para_end(s, &whip, "    ", 6);
}

void ana_show_cohorts(struct ana_show *s, const struct ana_versus *v)
{
    size_t most = ana_show_rows(s, v->n_cohort_flow), width = s->o->width - 72,
           n = v->n_cohort < 8 ? v->n_cohort : 8;
    int narrow = ana_show_narrow(s);

    most = most > 3 && !s->o->all ? 3 : most;
    if (v->base == ANA_NO_BASE || most == 0 || n != (s->c->n_quarter < 8 ? s->c->n_quarter : 8))
        return;
    fputc('\n', s->to);
    ana_show_title(s, 2, "LEAD TIMES by quarter", narrow ? 21 : width + 2);
    ana_show_line(s, " %*s  median days here, by quarter of the order", narrow ? 0 : 8, "");
    fprintf(s->to, "    %-*s %8s ", (int)width, "", "promised");
    for (size_t q = 0; q < n; q++)
        fprintf(s->to, " %6s", s->c->quarter[q]);
    fputc('\n', s->to);
    for (size_t i = 0; i < most; i++) {
        const struct ana_cohort *c = &v->cohort[i];
        struct ana_para name = {.n = 0};
        cell days, over;

        ana_para_add(&name, "%s > %s  %s", c->origin, c->destination,
                     ana_show_product(s, c->product));
        ana_show_number(days, c->promised, 0);
        ana_show_name(s, 4, name.s, width);
        fprintf(s->to, " %8s ", days);
        for (size_t q = 0; q < n; q++) {
            ana_show_number(days, c->with[q], 0);
            snprintf(over, sizeof over, "%s%.20s", c->with_over[q] ? ">" : "", days);
            fprintf(s->to, " %6s", over);
        }
        fputc('\n', s->to);
    }
}
