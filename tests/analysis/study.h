/* A small study whose every figure can be worked out by hand, for the tests of comparison.
 *
 * Scenarios base, cut, same; 22 runs, of which run 20 failed in cut and run 21 in base, so that cut
 * has the 20 pairs p = 0..19 and same has 21. Values of failed runs are absurd on purpose. */
#ifndef TEST_STUDY_H
#define TEST_STUDY_H

#include "sim/result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BASE, CUT, SAME, STUDY_RUN = 22, STUDY_PAIR = 20, STUDY_WEEK = 24, STUDY_MONTH = 6 };
enum { ICE, HEV, MAG, FAR, STUDY_LINE };
enum { UNEXPLAINED, OWN, CAPACITY, PENDING, DENIED, STUDY_CAUSE };

static inline struct sim_coord study_text(const char *name, const char *const *label)
{
    return (struct sim_coord){.name = name, .long_name = name, .label = label};
}

static inline struct sim_coord study_real(const char *name, const double *value)
{
    return (struct sim_coord){.name = name, .long_name = name, .units = "USD", .value = value};
}

static inline void study_axis(struct sim_result *r, const char *name, size_t n,
                              const char *const *label, const struct sim_coord *coord, int n_coord)
{
    struct sim_axis a = {.name = name, .long_name = name, .n = n, .label = label};

    a.n_coord = n_coord;
    for (int i = 0; i < n_coord; i++)
        a.coord[i] = coord[i];
    sim_result_axis(r, &a);
}

static inline void study_numbers(struct sim_result *r, const char *name, size_t n, double step)
{
    double value[STUDY_RUN + STUDY_WEEK];

    for (size_t i = 0; i < n; i++)
        value[i] = step * (double)i;
    sim_result_axis(r, &(struct sim_axis){
                           .name = name, .long_name = name, .units = "d", .n = n, .value = value});
}

#define TEXTS(...) ((const char *const[]){__VA_ARGS__})
#define REALS(...) ((const double[]){__VA_ARGS__})
#define COORDS(...) ((const struct sim_coord[]){__VA_ARGS__})

static inline void study_axes(struct sim_result *r)
{
    static const double month[] = {0, 31, 59, 90, 120, 151};

    study_axis(r, "scenario", 3, TEXTS("base", "cut", "same"),
               COORDS(study_text("scenario_title",
                                 TEXTS("As it was", "Half is cut", "A rule that does nothing"))),
               1);
    study_numbers(r, "run", STUDY_RUN, 1.0);
    study_numbers(r, "week", STUDY_WEEK, 7.0);
    sim_result_axis(
        r,
        &(struct sim_axis){
            .name = "month", .long_name = "month", .units = "d", .n = STUDY_MONTH, .value = month});
    study_numbers(r, "lead", 4, 7.0);
    study_numbers(r, "rank", 3, 1.0);
    study_axis(r, "site", 3, TEXTS("s.car", "s.mag", "x.far"),
               COORDS(study_text("site_name", TEXTS("Car works", "Magnet works", "Far works"))), 1);
    study_axis(r, "plant", STUDY_LINE, TEXTS("s.car.ice", "s.car.hev", "s.mag.sh", "x.far.sh"),
               COORDS(study_text("plant_site", TEXTS("s.car", "s.car", "s.mag", "x.far")),
                      study_text("plant_name",
                                 TEXTS("Car works", "Car works", "Magnet works", "Far works")),
                      study_text("plant_product", TEXTS("car.ice", "car.hev", "mag.sh", "mag.sh")),
                      study_text("plant_product_name",
                                 TEXTS("petrol car", "hybrid", "strong magnet", "strong magnet")),
                      study_text("plant_country", TEXTS("JP", "JP", "JP", "CN")),
                      study_text("plant_tier", TEXTS("vehicle", "vehicle", "magnet", "magnet")),
                      study_text("plant_unit", TEXTS("piece", "piece", "kg", "kg")),
                      study_text("plant_status", TEXTS("quoted", "estimate", "derived", "quoted")),
                      study_real("plant_value", REALS(20000, 25000, 70, 70)),
                      study_real("plant_input_value", REALS(300, 1000, 40, 40))),
               10);
    study_axis(r, "market", 3, TEXTS("m.jp~ice", "m.jp~hev", "m.us~ice"),
               COORDS(study_text("market_site", TEXTS("m.jp", "m.jp", "m.us")),
                      study_text("market_product", TEXTS("car.ice", "car.hev", "car.ice")),
                      study_text("market_country", TEXTS("JP", "JP", "US")),
                      study_text("market_use", TEXTS("civil", "military", "civil")),
                      study_text("market_unit", TEXTS("piece", "piece", "piece")),
                      study_real("market_value", REALS(20000, 25000, 20000)),
                      study_real("market_estimate", REALS(0.4, 1, 1))),
               7);
    study_axis(r, "cause", STUDY_CAUSE,
               TEXTS("unexplained", "own stock policy", "capacity, s.mag",
                     "r1, licence pending, mag.sh", "r2, denied, mag.sh"),
               COORDS(study_text("cause_why", TEXTS("unexplained", "own stock policy", "capacity",
                                                    "licence pending", "denied")),
                      study_text("cause_rule", TEXTS("", "", "", "r1", "r2")),
                      study_text("cause_site", TEXTS("", "", "s.mag", "", "")),
                      study_text("cause_product", TEXTS("", "", "", "mag.sh", "mag.sh"))),
               4);
    study_axis(r, "rule", 2, TEXTS("r1", "r2"), NULL, 0);
    study_axis(r, "office", 2, TEXTS("desk", "empty desk"), NULL, 0);
    study_axis(r, "flow", 4, TEXTS("CN>JP~mag.sh", "VN>JP~mag.sh", "CN>JP~car.ice", "CN>US~mag.sh"),
               COORDS(study_text("flow_origin", TEXTS("CN", "VN", "CN", "CN")),
                      study_text("flow_destination", TEXTS("JP", "JP", "JP", "US")),
                      study_text("flow_product", TEXTS("mag.sh", "mag.sh", "car.ice", "mag.sh")),
                      study_text("flow_unit", TEXTS("kg", "kg", "piece", "kg"))),
               4);
    study_axis(r, "group", 4, TEXTS("JP~ice", "JP~hev", "JP~sh", "CN~sh"),
               COORDS(study_text("group_country", TEXTS("JP", "JP", "JP", "CN")),
                      study_text("group_tier", TEXTS("vehicle", "vehicle", "magnet", "magnet")),
                      study_text("group_product", TEXTS("car.ice", "car.hev", "mag.sh", "mag.sh")),
                      study_text("group_unit", TEXTS("piece", "piece", "kg", "kg"))),
               4);
}

static inline void study_columns(struct sim_result *r)
{
    static const struct {
        const char *name, *axes;
        enum sim_type type;
    } column[] = {
        {"rule_exists", "scenario run rule", SIM_I8},
        {"demand", "scenario run market", SIM_F64},
        {"served", "scenario run market", SIM_F64},
        {"served_at_once", "scenario run market", SIM_F64},
        {"lost", "scenario run market", SIM_F64},
        {"backlog", "scenario run market", SIM_F64},
        {"loss_by_cause", "scenario run cause", SIM_F64},
        {"missed", "scenario run plant", SIM_F64},
        {"started", "scenario run plant", SIM_F64},
        {"stop_first", "scenario run plant", SIM_F32},
        {"stop_days", "scenario run plant", SIM_F32},
        {"stop_longest", "scenario run plant", SIM_F32},
        {"stop_longest_first", "scenario run plant", SIM_F32},
        {"missed_cause", "scenario run plant rank", SIM_I32},
        {"missed_by_cause", "scenario run plant rank", SIM_F32},
        {"group_made", "scenario run group week", SIM_F32},
        {"imports", "scenario run flow month", SIM_F64},
        {"lead_received", "scenario flow lead", SIM_F32},
        {"lead_open", "scenario flow lead", SIM_F32},
        {"lead_refused", "scenario flow lead", SIM_F32},
        {"applied", "scenario run office month", SIM_F64},
        {"granted", "scenario run office month", SIM_F64},
        {"refused_licences", "scenario run office month", SIM_F64},
        {"review_days", "scenario run office month", SIM_F64},
        {"waiting", "scenario run office", SIM_F64},
        {"queue_wait", "scenario run office", SIM_F64},
    };

    sim_result_column(r, "run_status", "scenario run", SIM_I8, SIM_KEEP, "1", "status");
    for (size_t i = 0; i < sizeof column / sizeof *column; i++)
        sim_result_column(r, column[i].name, column[i].axes, column[i].type, SIM_KEEP, "1",
                          column[i].name);
}

static inline void study_put(struct sim_column *c, size_t i, double x)
{
    if (c->type == SIM_F64)
        ((double *)c->data)[i] = x;
    else if (c->type == SIM_F32)
        ((float *)c->data)[i] = (float)x;
    else if (c->type == SIM_I32)
        ((int32_t *)c->data)[i] = (int32_t)x;
    else
        ((int8_t *)c->data)[i] = (int8_t)x;
}

static inline struct sim_column *study_column(struct sim_result *r, const char *name)
{
    for (int i = 0; i < r->n_column; i++)
        if (strcmp(r->column[i].name, name) == 0)
            return &r->column[i];
    abort();
}

/* Value i of one run, in runs [from, to) of a scenario. */
static inline void study_set(struct sim_result *r, const char *name, size_t scenario, size_t from,
                             size_t to, size_t i, double x)
{
    struct sim_column *c = study_column(r, name);

    for (size_t run = from; run < to; run++)
        study_put(c, (scenario * STUDY_RUN + run) * sim_column_slot(r, c) + i, x);
}

static inline void study_all(struct sim_result *r, const char *name, size_t scenario, size_t i,
                             double x)
{
    study_set(r, name, scenario, 0, STUDY_RUN, i, x);
}

/* All scenarios as the baseline is. */
static inline void study_base(struct sim_result *r, size_t s)
{
    static const double made[STUDY_LINE] = {1000, 500, 2000, 3000}, demand[3] = {100, 40, 50},
                        once[3] = {90, 40, 50}, week[4] = {50, 20, 80, 120},
                        imports[4] = {100, 10, 5, 30};

    study_all(r, "run_status", s, 0, 1);
    study_all(r, "rule_exists", s, 0, 1);
    for (size_t i = 0; i < STUDY_LINE; i++) {
        study_all(r, "started", s, i, made[i]);
        study_all(r, "stop_first", s, i, NAN);
        study_all(r, "stop_longest_first", s, i, NAN);
        for (size_t k = 0; k < 3; k++)
            study_all(r, "missed_cause", s, 3 * i + k, -1);
    }
    for (size_t i = 0; i < 3; i++) {
        study_all(r, "demand", s, i, demand[i]);
        study_all(r, "served", s, i, demand[i]);
        study_all(r, "served_at_once", s, i, once[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < STUDY_WEEK; k++)
            study_all(r, "group_made", s, i * STUDY_WEEK + k, week[i]);
        for (size_t k = 0; k < STUDY_MONTH; k++)
            study_all(r, "imports", s, i * STUDY_MONTH + k, imports[i]);
    }
    study_all(r, "loss_by_cause", s, OWN, 100);
    /* run 2: one day's stop of the petrol line; runs 0..11: four days' of the magnet works */
    study_set(r, "stop_first", s, 2, 3, ICE, 10);
    study_set(r, "stop_longest_first", s, 2, 3, ICE, 10);
    study_set(r, "stop_days", s, 2, 3, ICE, 1);
    study_set(r, "stop_longest", s, 2, 3, ICE, 1);
    study_set(r, "stop_first", s, 0, 12, MAG, 15);
    study_set(r, "stop_longest_first", s, 0, 12, MAG, 15);
    study_set(r, "stop_days", s, 0, 12, MAG, 5);
    study_set(r, "stop_longest", s, 0, 12, MAG, 4);
    study_all(r, "applied", s, 0, 10);
    study_all(r, "applied", s, 1, 10);
    study_all(r, "granted", s, 0, 8);
    study_all(r, "granted", s, 1, 9);
    study_all(r, "refused_licences", s, 0, 1);
    study_all(r, "review_days", s, 0, 90);
    study_all(r, "review_days", s, 1, 180);
    study_all(r, "waiting", s, 0, 2);
    study_all(r, "queue_wait", s, 0, 3);
    study_set(r, "queue_wait", s, 0, 5, 0, NAN);
    study_all(r, "queue_wait", s, 1, NAN);
}

static inline void study_leads(struct sim_result *r)
{
    static const float received[3][2][4] = {{{60, 40, 0, 0}, {0, 0, 10, 0}},
                                            {{10, 20, 0, 5}, {0, 0, 10, 0}},
                                            {{60, 40, 0, 0}, {0, 0, 10, 0}}};

    for (size_t s = 0; s < 3; s++)
        for (size_t f = 0; f < 2; f++)
            for (size_t k = 0; k < 4; k++)
                study_put(study_column(r, "lead_received"), (s * 4 + f) * 4 + k,
                          (double)received[s][f][k]);
    study_put(study_column(r, "lead_open"), (CUT * 4 + 0) * 4 + 2, 30);
    study_put(study_column(r, "lead_refused"), (CUT * 4 + 0) * 4 + 1, 35);
}

/* What the cut does: plants. */
static inline void study_cut_plants(struct sim_result *r)
{
    for (size_t p = 0; p < 15; p++) {
        study_set(r, "stop_first", CUT, p, p + 1, ICE, 40.0 + (double)p);
        study_set(r, "stop_longest_first", CUT, p, p + 1, ICE, 60.0 + (double)p);
    }
    study_set(r, "stop_first", CUT, 2, 3, ICE, 10); /* the baseline's own */
    study_set(r, "stop_days", CUT, 0, 15, ICE, 10);
    study_set(r, "stop_longest", CUT, 0, 15, ICE, 5);
    study_set(r, "started", CUT, 0, 15, ICE, 900);
    study_set(r, "missed", CUT, 0, 15, ICE, 100);
    study_set(r, "missed_cause", CUT, 0, 15, 3 * ICE, PENDING);
    study_set(r, "missed_by_cause", CUT, 0, 15, 3 * ICE, 80);
    study_set(r, "missed_cause", CUT, 0, 15, 3 * ICE + 1, DENIED);
    study_set(r, "missed_by_cause", CUT, 0, 15, 3 * ICE + 1, 20);
    study_set(r, "stop_first", CUT, 0, 8, HEV, 30);
    study_set(r, "stop_longest_first", CUT, 0, 8, HEV, 30);
    study_set(r, "stop_days", CUT, 0, 8, HEV, 4);
    study_set(r, "stop_longest", CUT, 0, 8, HEV, 3);
    study_set(r, "started", CUT, 0, 8, HEV, 450);
    study_set(r, "missed", CUT, 0, 8, HEV, 50);
    study_set(r, "missed_cause", CUT, 0, 8, 3 * HEV, DENIED);
    study_set(r, "missed_by_cause", CUT, 0, 8, 3 * HEV, 50);
    study_all(r, "stop_first", CUT, MAG, 20);
    study_all(r, "stop_longest_first", CUT, MAG, 20);
    study_all(r, "stop_days", CUT, MAG, 40);
    study_all(r, "stop_longest", CUT, MAG, 30);
    study_all(r, "missed", CUT, MAG, 600);
    study_all(r, "started", CUT, MAG, 1500);
    study_all(r, "missed_cause", CUT, 3 * MAG, CAPACITY);
    study_all(r, "missed_by_cause", CUT, 3 * MAG, 600);
    for (size_t k = 6; k < STUDY_WEEK; k++) {
        study_set(r, "group_made", CUT, 0, 15, k, k < 9 ? 0 : 50);
        study_set(r, "group_made", CUT, 0, 3, k, k < 9 ? 0 : 40);
    }
    /* pair 13 falls back too early to have recovered, pair 14 just late enough */
    study_set(r, "group_made", CUT, 13, 14, 15, 40);
    study_set(r, "group_made", CUT, 13, 14, 16, 40);
    for (size_t k = 19; k < STUDY_WEEK; k++)
        study_set(r, "group_made", CUT, 14, 15, k, 40);
}

/* What the cut does: markets, trade, office. */
static inline void study_cut_rest(struct sim_result *r)
{
    for (size_t p = 0; p < STUDY_PAIR; p++) {
        study_set(r, "lost", CUT, p, p + 1, 0, (double)p);
        study_set(r, "served", CUT, p, p + 1, 0, 98.0 - (double)p);
    }
    study_all(r, "backlog", CUT, 0, 2);
    study_all(r, "served_at_once", CUT, 0, 80);
    study_all(r, "lost", CUT, 2, 1);
    study_all(r, "served", CUT, 2, 49);
    study_all(r, "served_at_once", CUT, 2, 49);
    study_all(r, "loss_by_cause", CUT, OWN, 40);
    study_all(r, "loss_by_cause", CUT, UNEXPLAINED, 500);
    study_all(r, "loss_by_cause", CUT, PENDING, 150000);
    study_all(r, "loss_by_cause", CUT, DENIED, 100000);
    for (size_t k = 1; k < STUDY_MONTH; k++)
        study_all(r, "imports", CUT, k, 20);
    study_set(r, "rule_exists", CUT, 0, 12, 1, 1);
    study_all(r, "applied", CUT, 0, 30);
    study_all(r, "applied", CUT, 1, 0);
    study_all(r, "granted", CUT, 0, 10);
    study_all(r, "granted", CUT, 1, 0);
    study_all(r, "refused_licences", CUT, 0, 5);
    study_all(r, "review_days", CUT, 0, 450);
    study_all(r, "review_days", CUT, 1, 0);
    study_all(r, "waiting", CUT, 0, 15);
    study_all(r, "queue_wait", CUT, 0, 7);
}

/* What a failed run left behind. */
static inline void study_fail(struct sim_result *r, size_t scenario, size_t run)
{
    for (int i = 0; i < r->n_column; i++) {
        struct sim_column *c = &r->column[i];

        if (c->n_axis < 2 || strcmp(r->axis[c->axis[1]].name, "run") != 0)
            continue;
        for (size_t k = 0; k < sim_column_slot(r, c); k++)
            study_set(r, c->name, scenario, run, run + 1, k, 77.0);
    }
    study_set(r, "run_status", scenario, run, run + 1, 0, 2);
}

/* Fills a zeroed result; free it with sim_result_free. */
static inline void study_fill(struct sim_result *r)
{
    sim_result_attr(r, "start", "2026-01-01");
    sim_result_attr(r, "horizon_d", "168");
    sim_result_attr(r, "seed", "7");
    sim_result_attr(r, "focus_country", "JP");
    sim_result_input(r, "lanes.csv", "id\na\n");
    sim_result_input(r, "base.cfg", "title = \"As it was\";\n");
    study_axes(r);
    study_columns(r);
    for (size_t s = 0; s < 3; s++)
        study_base(r, s);
    study_leads(r);
    study_cut_plants(r);
    study_cut_rest(r);
    study_fail(r, CUT, 20);
    study_fail(r, BASE, 21);
}

#endif
