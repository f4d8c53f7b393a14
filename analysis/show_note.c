#include "analysis/show_inner.h"

#include "analysis/compare_inner.h"
#include "analysis/warm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEW_RUNS = 100 }; /* from so many on the promise of analysis/README.md holds */

static void note(struct ana_show *s, struct ana_para *text)
{
    if (s->html == NULL) {
        ana_para_end(s, text, "  - ", 4);
        return;
    }
    ana_text_add(s->html, "<li>");
    ana_html(s->html, text->s);
    ana_text_add(s->html, "</li>\n");
    *text = (struct ana_para){.n = 0};
}

static void note_words(struct ana_show *s)
{
    struct ana_para p = {.n = 0};
    int base = s->c->n_versus > 0;

    ana_para_add(&p,
                 "A plant is a site with production, a line is one product there. A line stops in "
                 "a run when it makes less than half of the starts it planned, for %d days or more "
                 "in a row%s. What stops in half of the runs or more counts as stopping. First "
                 "stop: the first day under half, be that stop long or short. Dates and longest "
                 "stops are those of the runs that stop. Below a plant: its lines that stop; the "
                 "interval of the share of runs; first stop in 90 %% of runs; the main cause of "
                 "missed starts and its share of them.",
                 ANA_STOP_D,
                 base ? ", and never does in the baseline's run with the same random numbers" : "");
    note(s, &p);
    ana_para_add(&p,
                 "Loss: final demand at markets, lost or still waiting at the end, at the value "
                 "of the goods%s.",
                 base
                     ? ", beyond the baseline. A plant's output may be lost and demand met all the "
                       "same, by others"
                     : "");
    note(s, &p);
    if (!base)
        return;
    ana_para_add(
        &p,
        "Output: starts, by the value of what they make. Output lost: that of the baseline minus "
        "that here, so what is caught up later is not in it. Do not add it over stages: a magnet "
        "is in a motor, the motor in a "
        "car. Net value: output minus those inputs that are in the model; it may be added, "
        "and is more than value added in national accounts. Worst 28 days: least output "
        "of a stage against the baseline, in the median run; back: days from there until "
        "it holds 95 %% for 56 days.");
    note(s, &p);
}

static void note_measures(struct ana_show *s)
{
    struct ana_para p = {.n = 0};
    const struct ana_versus *v = s->c->n_versus > 0 ? &s->c->versus[0] : &s->c->alone;

    if (v->n_body > 0) {
        ana_para_add(
            &p,
            "Who loses: net value of all starts, not output. Days to a stop: from the first day of "
            "what the baseline does not have to the first stop of any line, median. "
            "Worst 28 days and back as for stages, in periods of 28 days; back counts "
            "from the end of the rules if they end.");
        note(s, &p);
    }
    if (v->n_service > 0) {
        ana_para_add(&p,
                     "On time: received by the promised day, which is the mean time without "
                     "shortage, so chance alone makes some late. Bullwhip: squared variation of "
                     "orders over that of requirements, in periods of 28 days; above 1 the stage "
                     "makes waves.");
        note(s, &p);
    }
}

/* What was seen in no run, or in all, may be otherwise in others: the rule of three. */
static void note_seen(struct ana_show *s)
{
    struct ana_para p = {.n = 0};
    size_t n = s->c->alone.n_pair;

    for (size_t i = 0; i < s->c->n_versus; i++) {
        size_t pairs = s->c->versus[i].n_pair;

        if (ana_show_has(s, &s->c->versus[i]) && pairs > 0 && pairs < n)
            n = pairs;
    }
    if (s->c->n_run < ANA_STATS_MIN || n < ANA_STATS_MIN)
        return;
    ana_para_add(&p,
                 "What was seen in 0 of %zu runs happens in at most %.2g %% of them (3/%zu), what "
                 "was seen in all of them in at least %.3g %%: 95 %% sure.",
                 n, 300.0 / (double)n, n, 100.0 - 300.0 / (double)n);
    note(s, &p);
}

/* What common random numbers gave; for output beside the loss, which a baseline may not have. */
static void note_pairing(struct ana_show *s)
{
    struct ana_para p = {.n = 0};
    char gain[ANA_SHOW_CELL];

    for (size_t i = 0; i < s->c->n_versus; i++) {
        const struct ana_versus *v = &s->c->versus[i];
        double loss = (s->c->country ? &v->focus : &v->all)->loss_usd.gain;

        if (!ana_show_has(s, v) || v->n_market == 0 || !isfinite(loss))
            continue;
        ana_show_two(gain, loss);
        ana_para_add(&p, "%s%s for the loss",
                     p.n ? "; by "
                         : "Common random numbers divide the variance of the difference to the "
                           "baseline (1: nothing gained) by ",
                     gain);
        if (v->n_body > 0 && isfinite(v->body[0].added.gain)) {
            ana_show_two(gain, v->body[0].added.gain);
            ana_para_add(&p, ", %s for net value added", gain);
        }
        ana_para_add(&p, " in %s", v->label);
    }
    if (p.n == 0)
        return;
    ana_para_add(&p, ".");
    note(s, &p);
}

static void note_sureness(struct ana_show *s)
{
    const char *stopping = sim_result_find_attr(s->c->r, "stopping");
    struct ana_para p = {.n = 0};
    size_t n = s->c->n_versus;

    ana_para_add(&p,
                 "90 %% of runs: the range of outcomes, 5 to 95 %%; more runs do not narrow it. ");
    if (s->c->n_run < ANA_STATS_MIN)
        ana_para_add(&p,
                     "The interval of a mean says how well the mean is known; it is withheld "
                     "here: %zu runs are fewer than %d.",
                     s->c->n_run, ANA_STATS_MIN);
    else
        ana_para_add(&p, "The interval of a mean (or of a share of runs) says how well that is "
                         "known: ");
    if (s->c->n_run >= ANA_STATS_MIN && n > 1)
        ana_para_add(&p, "95 %% for the %zu scenarios together, %.2f %% for each (Bonferroni).", n,
                     100.0 * s->c->level);
    else if (s->c->n_run >= ANA_STATS_MIN)
        ana_para_add(&p, "95 %%.");
    note(s, &p);
    if (s->c->n_run >= ANA_STATS_MIN && s->c->n_run < FEW_RUNS) {
        ana_para_add(&p,
                     "%zu runs are fewer than %d: the interval of a mean holds what it says only "
                     "where outcomes are not skewed (analysis/README.md).",
                     s->c->n_run, FEW_RUNS);
        note(s, &p);
    }
    if (stopping) {
        ana_para_add(&p, "Runs were added in steps: %s.", stopping);
        note(s, &p);
    }
    if (s->skewed) {
        ana_para_add(&p, "Where outcomes are skewed the interval of a mean is by bootstrap-t%s.",
                     s->doubtful ? "; with ~ they are so skewed that even this may hold the mean "
                                   "less often than it says (analysis/README.md): go by the range, "
                                   "or do more runs. open: too few runs differ to give a limit"
                                 : "");
        note(s, &p);
    }
    note_seen(s);
    note_pairing(s);
}

/* Does the output of the baseline begin where it goes on? */
static void note_warm_up(struct ana_show *s)
{
    const struct ana_versus *v = &s->c->alone;
    struct ana_para p = {.n = 0};
    double part = 0.0;

    for (size_t i = 0; i < v->n_warm; i++) {
        const struct ana_warm_stage *t = &v->warm[i];

        if (!t->drifts)
            continue;
        part = fmax(part, (double)t->cut / (double)t->n_week);
        ana_para_add(&p, "%s%s in its first %zu of %zu weeks %+.1f %%",
                     p.n ? ", "
                         : "Output of the baseline has not settled at the start, against a "
                           "year later: ",
                     t->tier, t->cut, t->n_week, 100.0 * t->diff.at);
    }
    if (p.n == 0)
        return;
    ana_para_add(&p,
                 " (MSER-5 on the mean over runs)%s. Unless a rule or shock of the baseline does "
                 "that, the warm-up is too short: raise warm_up_d.",
                 part >= ANA_WARM_SHORT ? ": run too short to see where it settles" : "");
    note(s, &p);
}

static void note_trade(struct ana_show *s)
{
    struct ana_para p = {.n = 0};

    if (s->c->alone.n_flow == 0)
        return;
    ana_para_add(&p,
                 "Lead times: all orders placed in the period, also those still open "
                 "(Kaplan-Meier), to the middle of a week; > means not reached by then. Refused "
                 "orders are not in them but beside them.");
    note(s, &p);
    if (s->c->alone.n_office == 0)
        return;
    ana_para_add(&p, "Licences: applications that are neither granted, refused nor waiting were "
                     "withdrawn, because a rule ended, a general licence came, or the order was "
                     "taken back or refused under another rule.");
    note(s, &p);
}

static void note_runs(struct ana_show *s)
{
    struct ana_para p = {.n = 0}, also = {.n = 0};

    if (s->c->alone.n_lost > 0) {
        ana_para_add(&p, "%s: %zu of %zu runs failed or are missing.", s->c->alone.label,
                     s->c->alone.n_lost, s->c->n_run);
        note(s, &p);
    }
    for (size_t i = 0; i < s->c->n_versus; i++) {
        const struct ana_versus *v = &s->c->versus[i];

        if (!ana_show_has(s, v))
            continue;
        if (v->n_lost > 0) {
            ana_para_add(&p,
                         "%s: %zu of %zu runs failed or are missing here or in the baseline; "
                         "%zu pairs are left.",
                         v->label, v->n_lost, s->c->n_run, v->n_pair);
            note(s, &p);
        }
        if (v->n_also > 0)
            ana_para_add(&also, "%s %zu in %s", also.n ? "," : "", v->n_also, v->label);
    }
    if (also.n > 0) {
        ana_para_add(&p, "Lines that stop here and in the baseline too, and so do not count:%s.",
                     also.s);
        note(s, &p);
    }
}

/* How much of the loss rests on guesses, and what is drawn because it is not known. */
static void note_inputs(struct ana_show *s)
{
    const struct sim_axis *a = ana_axis(s->c->r, "uncertain");
    const struct ana_compare *c = s->c;
    struct ana_para p = {.n = 0};

    if (a && a->n > 0) {
        ana_para_add(&p,
                     "%zu uncertain input%s: each run draws its own numbers, so the range of "
                     "outcomes holds what is not known of them beside chance; the interval of a "
                     "mean does not.",
                     a->n, a->n == 1 ? "" : "s");
        note(s, &p);
    }
    for (size_t i = 0; i < c->n_versus; i++)
        if (ana_show_has(s, &c->versus[i]) && !isnan(c->versus[i].loss_estimate))
            ana_para_add(&p, p.n ? ", %.0f %% in %s" : "%.0f %% of the loss of all markets in %s",
                         100.0 * c->versus[i].loss_estimate, c->versus[i].label);
    if (p.n == 0)
        return;
    ana_para_add(&p,
                 " pass through rows marked estimate: the market's, its lanes', or those of plants "
                 "and recipes on the way from the mine.");
    note(s, &p);
}

static void note_limits(struct ana_show *s)
{
    struct ana_para p = {.n = 0};
    const struct ana_compare *c = s->c;

    if (c->n_row == 0)
        return;
    if (c->n_estimate == c->n_row)
        ana_para_add(&p, "All %zu", c->n_row);
    else
        ana_para_add(&p, "%zu of the %zu", c->n_estimate, c->n_row);
    ana_para_add(&p, " lines in %s rest on rows marked estimate", ana_show_where(s));
    for (size_t i = 0; i < c->n_versus && c->n_estimate < c->n_row; i++)
        if (ana_show_has(s, &c->versus[i]) && !isnan(c->versus[i].lost_estimate))
            ana_para_add(&p, "; %.0f %% of the net value lost in %s is theirs",
                         100.0 * c->versus[i].lost_estimate, c->versus[i].label);
    ana_para_add(&p, ".");
    note(s, &p);
    ana_para_add(&p, "Do not conclude: that a named plant will stop on that day (firms do not "
                     "publish their stocks); anything from a change whose interval holds 0; "
                     "effects on prices, jobs or GDP. Runs differ by chance within one model; they "
                     "do not say how wrong the model is.");
    note(s, &p);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void note_products(struct ana_show *s)
{
    const struct sim_axis *a = ana_axis(s->c->r, "plant");
    const char *const *id = ana_coord_text(a, "plant_product"), *const *name = ana_coord_text(
                                                                    a, "plant_product_name");
    struct ana_para p = {.n = 0};

    if (s->n_said > 0)
        qsort(s->said, s->n_said, sizeof *s->said, by_id);
    for (size_t i = 0; id && name && i < s->n_said; i++) {
        size_t k = 0;

        while (k < a->n && strcmp(id[k], s->said[i]) != 0)
            k++;
        if (k < a->n && strcmp(id[k], name[k]) != 0)
            ana_para_add(&p, "%s%s = %s", p.n ? "; " : "Products: ", id[k], name[k]);
    }
    if (p.n > 0)
        note(s, &p);
}

void ana_show_note_words(struct ana_show *s)
{
    note_words(s);
    note_measures(s);
    note_sureness(s);
    note_trade(s);
}

void ana_show_note_limits(struct ana_show *s)
{
    note_runs(s);
    note_warm_up(s);
    note_inputs(s);
    note_limits(s);
    note_products(s);
}
