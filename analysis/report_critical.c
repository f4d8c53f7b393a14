#include "analysis/report_inner.h"
#include "analysis/show_inner.h"

#include <math.h>
#include <string.h>

/* Things that do harm, at most this many; of them so many in a static page. */
enum { TARGETS = 500, STATIC_BARS = 20, STATIC_ROWS = 50 };

struct critical {
    struct ana_report *p;
    const struct sim_result *r;
    const struct sim_axis *target;
    const struct ana_critical_row **row; /* [n_harm] that do harm, ranked */
    size_t n, n_harm, n_shown, runs;
};

/* ---- what was done ---- */

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static const char *done_to(const char *what)
{
    if (strcmp(what, "lane") == 0)
        return "one lane after the other is closed";
    if (strcmp(what, "supplier") == 0)
        return "of one country and product after the other, exports are held at the border";
    return "one site after the other makes nothing (one that only trades ships nothing)";
}

static void say_done(const struct critical *k, struct ana_para *to)
{
    const char *days = sim_result_find_attr(k->r, "critical_days");

    ana_para_add(to,
                 "In %s, %s for %s day%s from %s; each time all else, the random numbers too, is "
                 "as in the baseline without it, and only what is beyond the baseline counts. "
                 "%zu of %zu make a difference; means and medians of %zu run%s.",
                 ana_axis(k->r, "scenario")->label[0],
                 done_to(sim_result_find_attr(k->r, "critical_what")), days,
                 strcmp(days, "1") == 0 ? "" : "s", sim_result_find_attr(k->r, "critical_from"),
                 k->n_harm, k->n, k->runs, plural(k->runs));
}

static void say_changes(const struct critical *k, struct ana_para *to)
{
    struct ana_para with = {.n = 0};

    if (ana_show_add_changes(&with, sim_result_find_attr(k->r, "set"),
                             sim_result_find_attr(k->r, "over")))
        ana_para_add(to, "Run with %s; titles and files do not say so. ", with.s);
}

static void say_words(const struct critical *k, struct ana_para *to)
{
    say_changes(k, to);
    ana_para_add(to, "Demand lost is final demand lost or waiting at the end; output lost is the "
                     "value of output less that of its inputs, added over plants. Days count from "
                     "the first day without it, days to recovery from its return; they are medians "
                     "over runs, in which a run without the event counts as longer than all "
                     "others.");
    if (k->runs < ANA_STATS_MIN)
        ana_para_add(to,
                     " No intervals: %zu run%s, and fewer than %d would look surer than they are.",
                     k->runs, plural(k->runs), ANA_STATS_MIN);
    if (k->n_shown < k->n_harm)
        ana_para_add(to, " %zu of less effect are not on this page; the file has them.",
                     k->n_harm - k->n_shown);
}

/* ---- the numbers ---- */

static const char *text_of(const struct critical *k, const char *coord, size_t i)
{
    const char *const *text = ana_coord_text(k->target, coord);

    return text ? text[k->row[i]->target] : "";
}

static const char *name_of(const struct critical *k, size_t i)
{
    return ana_coord_text(k->target, "target_name") ? text_of(k, "target_name", i)
                                                    : k->target->label[k->row[i]->target];
}

static void put_row(const struct critical *k, size_t i)
{
    struct ana_text *to = k->p->to;
    const struct ana_critical_row *row = k->row[i];
    const double loss[] = {row->loss_usd.at, row->loss_usd.lo, row->loss_usd.hi},
                 net[] = {row->net_usd.at, row->net_usd.lo, row->net_usd.hi},
                 days[] = {row->survive_d, row->stop_d,
                           isfinite(row->survive_d) || row->recover_d > 0 ? row->recover_d
                                                                          : (double)NAN};
    const char *const text[] = {k->target->label[row->target], name_of(k, i),
                                text_of(k, "target_country", i), text_of(k, "target_tier", i),
                                text_of(k, "target_product", i)};

    ana_json_open(to, '{');
    ana_json_key(to, "text");
    ana_json_texts(to, text, sizeof text / sizeof *text);
    ana_json_key(to, "loss");
    ana_json_numbers(to, loss, 3, ANA_REPORT_DIGITS);
    ana_json_key(to, "net");
    ana_json_numbers(to, net, 3, ANA_REPORT_DIGITS);
    ana_json_key(to, "days"); /* to impact, to a stop, to recovery */
    ana_json_numbers(to, days, 3, ANA_REPORT_DIGITS);
    ana_json_key(to, "open"); /* 1: not recovered by the end */
    ana_json_number(to, isinf(row->recover_d), 1);
    ana_json_close(to, '}');
}

static void put_data(const struct critical *k, const struct ana_para *words)
{
    struct ana_text *to = k->p->to;

    ana_report_data(k->p, "critical");
    ana_json_key(to, "what");
    ana_json_text(to, sim_result_find_attr(k->r, "critical_what"));
    ana_json_key(to, "days");
    ana_json_text(to, sim_result_find_attr(k->r, "critical_days"));
    ana_json_key(to, "note");
    ana_json_text(to, words->s);
    ana_json_key(to, "rows");
    ana_json_open(to, '[');
    for (size_t i = 0; i < k->n_shown; i++)
        put_row(k, i);
    ana_json_close(to, ']');
    ana_report_data_end(k->p);
}

/* ---- without a script ---- */

/* By demand lost; where the worst costs none, by output lost. */
static void static_bars(const struct critical *k)
{
    int is_net = k->row[0]->loss_usd.at < 0.5;
    const char *what = is_net ? "output of plants" : "final demand";
    size_t n = k->n_shown < STATIC_BARS ? k->n_shown : STATIC_BARS;
    struct ana_plot_bar *bar = sim_arena_alloc(&k->p->arena, n, sizeof *bar);
    double *lost = sim_arena_alloc(&k->p->arena, n, sizeof *lost);
    char usd[ANA_SHOW_CELL], title[300];

    for (size_t i = 0; i < n; i++) {
        const struct ana_interval *x = is_net ? &k->row[i]->net_usd : &k->row[i]->loss_usd;

        lost[i] = fmax(0, x->at);
        bar[i] = (struct ana_plot_bar){name_of(k, i), &lost[i], x->lo, x->hi};
    }
    ana_show_usd(usd, lost[0]);
    snprintf(title, sizeof title, "Without %.200s, the worst of them, %s USD of %s are lost.",
             name_of(k, 0), usd, what);
    ana_report_figure(k->p, "critical", title);
    ana_plot_bars(k->p->to, title, "USD", (const char *const[]){"lost"}, 1, bar, n);
}

static void static_table(const struct critical *k)
{
    static const char *const column[] = {"taken out",
                                         "country",
                                         "stage",
                                         "product",
                                         "demand lost (USD)",
                                         "low",
                                         "high",
                                         "output lost (USD)",
                                         "demand short after (d)",
                                         "a plant of end products stops after (d)",
                                         "met again after (d)"};
    enum { N = sizeof column / sizeof *column };
    size_t n = k->n_shown < STATIC_ROWS ? k->n_shown : STATIC_ROWS;
    struct ana_report_cell *cell = sim_arena_alloc(&k->p->arena, n * N, sizeof *cell);

    for (size_t i = 0; i < n; i++) {
        const struct ana_critical_row *row = k->row[i];
        const struct ana_report_cell x[N] = {
            {.text = name_of(k, i)},
            {.text = text_of(k, "target_country", i)},
            {.text = text_of(k, "target_tier", i)},
            {.text = text_of(k, "target_product", i)},
            {.x = row->loss_usd.at},
            {.x = row->loss_usd.lo},
            {.x = row->loss_usd.hi},
            {.x = row->net_usd.at},
            {.x = row->survive_d},
            {.x = row->stop_d},
            {.text = isinf(row->recover_d) ? "not by the end" : NULL, .x = row->recover_d}};

        memcpy(cell + i * N, x, sizeof x);
    }
    ana_report_figure_end(k->p, "What is lost without each, the worst first", column, N, cell, n);
}

void ana_report_critical(struct ana_report *p)
{
    struct critical k = {.p = p, .r = p->o->critical};
    struct ana_para done = {.n = 0}, words = {.n = 0};

    if (k.r == NULL)
        return;
    k.target = ana_axis(k.r, "target");
    k.n = k.target->n;
    k.runs = ana_axis(k.r, "run")->n;
    k.row = sim_arena_alloc(&p->arena, k.n, sizeof *k.row);
    for (size_t i = 0; i < k.n; i++)
        if (ana_critical_harms(&p->critical[i]))
            k.row[k.n_harm++] = &p->critical[i];
    k.n_shown = k.n_harm < TARGETS ? k.n_harm : TARGETS;
    say_done(&k, &done);
    say_words(&k, &words);
    ana_report_section(p, "critical", "What would be missed most", done.s);
    if (p->is_static && k.n_shown > 0) {
        static_bars(&k);
        static_table(&k);
        ana_report_note(p, words.s);
    } else if (!p->is_static) {
        put_data(&k, &words);
    }
    ana_report_end(p);
}
