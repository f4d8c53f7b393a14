#include "models/axes.h"
#include "models/axes_inner.h"
#include "models/actors.h"
#include "models/load.h"
#include "models/trust.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- axes ---- */

static const char *const status_words[] = {"quoted", "derived", "estimate"};

static void site_axes(struct sim_result *res, const struct mdl_network *n)
{
    const char **l[8];
    double *lat = sim_arena_alloc(&res->arena, n->n_site, sizeof *lat);
    double *lon = sim_arena_alloc(&res->arena, n->n_site, sizeof *lon);

    for (int k = 0; k < 8; k++)
        l[k] = labels(res, n->n_site > n->n_point ? n->n_site : n->n_point);
    for (uint32_t i = 0; i < n->n_site; i++) {
        const struct mdl_site *s = &n->site[i];

        l[0][i] = s->id;
        l[1][i] = s->name;
        l[2][i] = s->country_id;
        l[3][i] = s->tier;
        l[4][i] = s->entity_id ? s->entity_id : "";
        l[5][i] = status_words[s->status];
        l[6][i] = s->sector ? s->sector : "";
        lat[i] = s->lat;
        lon[i] = s->lon;
    }
    add_texts(
        res, "site", "site", l[0], n->n_site,
        (struct sim_coord[]){
            text_coord("site_name", "name of the site", l[1]),
            text_coord("site_country", "country of the site", l[2]),
            text_coord("site_tier", "stage of the chain", l[3]),
            text_coord("site_entity", "company that runs the site", l[4]),
            text_coord("site_status", "is the site's row quoted, derived or an estimate", l[5]),
            text_coord("site_sector", "industry", l[6]),
            real_coord("site_lat", "latitude", "degrees_north", lat),
            real_coord("site_lon", "longitude", "degrees_east", lon)},
        8);
}

static void point_axis(struct sim_result *res, const struct mdl_network *n)
{
    const char **id = labels(res, n->n_point), **site = labels(res, n->n_point),
               **product = labels(res, n->n_point), **country = labels(res, n->n_point),
               **tier = labels(res, n->n_point), **unit = labels(res, n->n_point),
               **entity = labels(res, n->n_point), **sector = labels(res, n->n_point),
               **role = labels(res, n->n_point);
    double *value = sim_arena_alloc(&res->arena, n->n_point, sizeof *value);

    for (uint32_t i = 0; i < n->n_point; i++) {
        const struct mdl_site *s = &n->site[n->point[i].site];

        id[i] = n->point[i].id;
        site[i] = s->id;
        product[i] = n->product[n->point[i].product].id;
        country[i] = s->country_id;
        tier[i] = s->tier;
        unit[i] = n->product[n->point[i].product].unit;
        entity[i] = s->entity_id ? s->entity_id : "";
        sector[i] = s->sector ? s->sector : "";
        role[i] = n->point[i].n_maker > 0    ? "output"
                  : n->point[i].n_demand > 0 ? "market"
                                             : "input";
        value[i] = n->product[n->point[i].product].value_usd;
    }
    add_texts(res, "point", "stock point: a product at a site", id, n->n_point,
              (struct sim_coord[]){text_coord("point_site", "site", site),
                                   text_coord("point_product", "product", product),
                                   text_coord("point_country", "country", country),
                                   text_coord("point_tier", "stage of the chain", tier),
                                   text_coord("point_unit", "unit of quantities", unit),
                                   text_coord("point_entity", "company", entity),
                                   text_coord("point_sector", "industry", sector),
                                   text_coord("point_role", "input, output or market", role),
                                   real_coord("point_value", "value of one unit", "USD", value)},
              9);
}

static void product_axis(struct sim_result *res, const struct mdl_network *n)
{
    const char **id = labels(res, n->n_product), **name = labels(res, n->n_product),
               **unit = labels(res, n->n_product), **stage = labels(res, n->n_product);
    double *value = sim_arena_alloc(&res->arena, n->n_product, sizeof *value);

    for (uint32_t i = 0; i < n->n_product; i++) {
        id[i] = n->product[i].id;
        name[i] = n->product[i].name;
        unit[i] = n->product[i].unit;
        stage[i] = n->product[i].stage ? n->product[i].stage : "";
        value[i] = n->product[i].value_usd;
    }
    add_texts(res, "product", "product", id, n->n_product,
              (struct sim_coord[]){text_coord("product_name", "name of the product", name),
                                   text_coord("product_unit", "unit of quantities", unit),
                                   text_coord("product_stage", "stage of the chain", stage),
                                   real_coord("product_value", "value of one unit", "USD", value)},
              4);
}

static void plant_axis(struct sim_result *res, const struct mdl_network *n)
{
    size_t m = n->n_process;
    const char **id = labels(res, m), **site = labels(res, m), **name = labels(res, m),
               **product = labels(res, m), **country = labels(res, m), **tier = labels(res, m),
               **unit = labels(res, m), **status = labels(res, m), **product_name = labels(res, m),
               **entity = labels(res, m), **sector = labels(res, m);
    double *value = sim_arena_alloc(&res->arena, m, sizeof *value),
           *inputs = sim_arena_alloc(&res->arena, m, sizeof *inputs);

    for (uint32_t i = 0; i < m; i++) {
        const struct mdl_site *s = &n->site[n->process[i].site];
        const struct mdl_recipe *r = &n->recipe[n->process[i].recipe];
        const struct mdl_product *p = &n->product[r->out[0].product];

        id[i] = n->process[i].id;
        site[i] = s->id;
        name[i] = s->name;
        product[i] = p->id;
        product_name[i] = p->name;
        country[i] = s->country_id;
        tier[i] = s->tier;
        unit[i] = p->unit;
        status[i] =
            status_words[n->process[i].status > s->status ? n->process[i].status : s->status];
        value[i] = p->value_usd;
        entity[i] = s->entity_id ? s->entity_id : "";
        sector[i] = s->sector ? s->sector : "";
        for (uint32_t j = 0; j < r->n_in; j++)
            inputs[i] += r->in[j].units * n->product[r->in[j].product].value_usd;
    }
    add_texts(
        res, "plant", "plant: a process at a site", id, m,
        (struct sim_coord[]){
            text_coord("plant_site", "site", site),
            text_coord("plant_name", "name of the site", name),
            text_coord("plant_product", "main output", product),
            text_coord("plant_product_name", "name of the main output", product_name),
            text_coord("plant_country", "country", country),
            text_coord("plant_tier", "stage of the chain", tier),
            text_coord("plant_unit", "unit of the main output", unit),
            text_coord("plant_status", "is the row quoted, derived or an estimate", status),
            text_coord("plant_entity", "company", entity),
            text_coord("plant_sector", "industry", sector),
            real_coord("plant_value", "value of one unit of output", "USD", value),
            real_coord("plant_input_value", "value of the inputs of one unit", "USD", inputs)},
        12);
}

static void market_axis(struct sim_result *res, const struct mdl_study *st)
{
    const struct mdl_network *n = &st->net;
    const struct sim_axis *all = &res->axis[sim_result_find_axis(res, "goods")];
    size_t m = n->n_demand;
    const char **id = labels(res, m), **site = labels(res, m), **product = labels(res, m),
               **country = labels(res, m), **use = labels(res, m), **unit = labels(res, m),
               **goods = labels(res, m);
    double *value = sim_arena_alloc(&res->arena, m, sizeof *value),
           *estimate = sim_arena_alloc(&res->arena, m, sizeof *estimate);

    mdl_trust_markets(estimate, &st->balance, &res->arena);
    for (uint32_t i = 0; i < m; i++) {
        const struct mdl_demand *d = &n->demand[i];
        size_t len = strlen(d->site_id) + strlen(d->product_id) + 12;
        char *text = sim_arena_alloc(&res->arena, len, 1);

        use[i] = d->use == MDL_CIVIL ? "civil" : "military";
        snprintf(text, len, "%s~%s~%s", d->site_id, d->product_id, use[i]);
        id[i] = text;
        site[i] = d->site_id;
        product[i] = d->product_id;
        country[i] = n->site[d->site].country_id;
        unit[i] = n->product[d->product].unit;
        value[i] = n->product[d->product].value_usd;
        goods[i] = all->label[st->demand_goods[i]];
    }
    add_texts(res, "market", "final demand of a market for a product", id, m,
              (struct sim_coord[]){text_coord("market_site", "market", site),
                                   text_coord("market_product", "product", product),
                                   text_coord("market_country", "country", country),
                                   text_coord("market_use", "end use", use),
                                   text_coord("market_unit", "unit of quantities", unit),
                                   text_coord("market_goods", "point of the axis goods", goods),
                                   real_coord("market_value", "value of one unit", "USD", value),
                                   real_coord("market_estimate",
                                              "part of its supply that passes through rows marked "
                                              "estimate",
                                              "1", estimate)},
              8);
}

static void cause_axis(struct sim_result *res, const struct mdl_study *st)
{
    const struct mdl_network *n = &st->net;
    const char **id = labels(res, st->n_cause), **why = labels(res, st->n_cause),
               **rule = labels(res, st->n_cause), **site = labels(res, st->n_cause),
               **product = labels(res, st->n_cause);
    const char **words = labels(res, (size_t)st->n_why);

    for (uint32_t i = 0; i < st->n_cause; i++) {
        const struct mdl_cause *c = &st->cause[i];

        id[i] = c->label;
        why[i] = mdl_why_words[c->why];
        rule[i] = c->rule ? c->rule : "";
        site[i] = c->site == UINT32_MAX ? "" : n->site[c->site].id;
        product[i] = c->product == UINT32_MAX ? "" : n->product[c->product].id;
    }
    for (int i = 0; i < st->n_why; i++)
        words[i] = mdl_why_words[i];
    add_texts(res, "cause", "root cause", id, st->n_cause,
              (struct sim_coord[]){text_coord("cause_why", "kind of cause", why),
                                   text_coord("cause_rule", "rule", rule),
                                   text_coord("cause_site", "site", site),
                                   text_coord("cause_product", "product that is held up", product)},
              4);
    add_texts(res, "why", "kind of cause", words, (size_t)st->n_why, NULL, 0);
}

static void flow_axes(struct sim_result *res, const struct mdl_study *st)
{
    const struct mdl_network *n = &st->net;
    const char **id = labels(res, st->n_flow), **from = labels(res, st->n_flow),
               **to = labels(res, st->n_flow), **product = labels(res, st->n_flow),
               **hs = labels(res, st->n_flow), **unit = labels(res, st->n_flow);
    const char **gid = labels(res, st->n_group), **gc = labels(res, st->n_group),
               **gt = labels(res, st->n_group), **gp = labels(res, st->n_group),
               **gu = labels(res, st->n_group);

    for (uint32_t i = 0; i < st->n_flow; i++) {
        const struct mdl_product *p = &n->product[st->flow_product[i]];
        char *text = sim_arena_alloc(&res->arena, strlen(p->id) + 160, 1);

        from[i] = n->country[st->flow_from[i]];
        to[i] = n->country[st->flow_to[i]];
        snprintf(text, strlen(p->id) + 160, "%.64s>%.64s~%s", from[i], to[i], p->id);
        id[i] = text;
        product[i] = p->id;
        hs[i] = p->hs ? p->hs : "";
        unit[i] = p->unit;
    }
    for (uint32_t i = 0; i < st->n_group; i++) {
        const struct mdl_product *p = &n->product[st->group_product[i]];
        size_t len = strlen(p->id) + strlen(st->group_tier[i]) + 80;
        char *text = sim_arena_alloc(&res->arena, len, 1);

        gc[i] = n->country[st->group_country[i]];
        gt[i] = st->group_tier[i];
        gp[i] = p->id;
        gu[i] = p->unit;
        snprintf(text, len, "%.64s~%s~%s", gc[i], gt[i], gp[i]);
        gid[i] = text;
    }
    add_texts(res, "flow", "trade flow: exporting country, importing country, product", id,
              st->n_flow,
              (struct sim_coord[]){text_coord("flow_origin", "exporting country", from),
                                   text_coord("flow_destination", "importing country", to),
                                   text_coord("flow_product", "product", product),
                                   text_coord("flow_hs", "customs heading", hs),
                                   text_coord("flow_unit", "unit of quantities", unit)},
              5);
    add_texts(res, "group", "country, stage and product", gid, st->n_group,
              (struct sim_coord[]){text_coord("group_country", "country", gc),
                                   text_coord("group_tier", "stage of the chain", gt),
                                   text_coord("group_product", "product", gp),
                                   text_coord("group_unit", "unit of quantities", gu)},
              4);
}

/* ---- prices ---- */

static void time_axes(struct sim_result *res, const struct mdl_study *st)
{
    char start[11], units[64];
    double *week = sim_arena_alloc(&res->arena, st->n_week, sizeof *week);
    double *bin = sim_arena_alloc(&res->arena, MDL_LEAD_BINS, sizeof *bin);

    sim_date_print(st->scenario[0].start, start);
    snprintf(units, sizeof units, "days since %s 00:00:00", start);
    if (mdl_result_full(st)) {
        size_t n = (size_t)st->scenario[0].horizon_d;
        double *day = sim_arena_alloc(&res->arena, n, sizeof *day);

        for (size_t i = 0; i < n; i++)
            day[i] = (double)i;
        sim_result_axis(
            res, &(struct sim_axis){
                     .name = "day", .long_name = "day", .units = units, .n = n, .value = day});
    }
    for (uint32_t i = 0; i < st->n_week; i++)
        week[i] = 7.0 * i;
    for (int i = 0; i < MDL_LEAD_BINS; i++)
        bin[i] = (double)i * MDL_LEAD_BIN_D;
    sim_result_axis(res, &(struct sim_axis){.name = "week",
                                            .long_name = "first day of the week",
                                            .units = units,
                                            .n = st->n_week,
                                            .value = week});
    sim_result_axis(res, &(struct sim_axis){.name = "month",
                                            .long_name = "first day of the month",
                                            .units = units,
                                            .n = st->n_month,
                                            .value = st->month_value});
    sim_result_axis(
        res, &(struct sim_axis){
                 .name = "lead",
                 .long_name = "days from order to receipt, lower end of the bin; the last is open",
                 .units = "d",
                 .n = MDL_LEAD_BINS,
                 .value = bin});
}

static const char **rule_names(struct sim_result *res, const struct mdl_study *st, const char **id,
                               size_t n)
{
    const char **name = labels(res, n);

    for (size_t i = 0; i < n; i++)
        for (uint32_t s = 0; s < st->n_scenario; s++)
            for (uint32_t r = 0; r < st->scenario[s].n_rule; r++)
                if (strcmp(st->scenario[s].rule[r].id, id[i]) == 0 && name[i] == NULL)
                    name[i] = st->scenario[s].rule[r].name;
    return name;
}

/* NAN for no day. */
static double days_from(const struct mdl_study *st, int32_t day)
{
    return day == SIM_DAY_NONE ? (double)NAN : (double)(day - st->scenario[0].start);
}

static void scenario_axes(struct sim_result *res, const struct mdl_study *st, uint32_t runs)
{
    size_t n_rule = 0, n_office = 0;
    const char **label = labels(res, st->n_scenario), **title = labels(res, st->n_scenario), **rule,
               **office;
    double *run = sim_arena_alloc(&res->arena, runs, sizeof *run);
    const char **element = labels(res, (size_t)st->net.n_element),
               **origin = labels(res, (size_t)st->net.n_origin);
    double rank[MDL_RANKS], *begins = sim_arena_alloc(&res->arena, st->n_scenario, sizeof *begins),
                            *ends = sim_arena_alloc(&res->arena, st->n_scenario, sizeof *ends);

    for (uint32_t i = 0; i < st->n_scenario; i++) {
        label[i] = st->scenario[i].label;
        title[i] = st->scenario[i].title;
        begins[i] = days_from(st, st->begins[i]);
        ends[i] = days_from(st, st->ends[i]);
        n_rule += st->scenario[i].n_rule;
        n_office += st->scenario[i].n_office;
    }
    rule = labels(res, n_rule);
    office = labels(res, n_office);
    n_rule = n_office = 0;
    for (uint32_t i = 0; i < st->n_scenario; i++) {
        for (uint32_t k = 0; k < st->scenario[i].n_rule; k++)
            rule[n_rule++] = st->scenario[i].rule[k].id;
        for (uint32_t k = 0; k < st->scenario[i].n_office; k++)
            office[n_office++] = st->scenario[i].office[k].id;
    }
    for (uint32_t i = 0; i < runs; i++)
        run[i] = i;
    for (int i = 0; i < MDL_RANKS; i++)
        rank[i] = i + 1;
    for (int i = 0; i < st->net.n_element; i++)
        element[i] = st->net.element[i];
    for (int i = 0; i < st->net.n_origin; i++)
        origin[i] = i == 0 ? "unseparated" : st->net.country[st->net.origin[i]];
    add_texts(
        res, "scenario", "scenario; the first is the baseline", label, st->n_scenario,
        (struct sim_coord[]){
            text_coord("scenario_title", "title of the scenario", title),
            real_coord(
                "scenario_begins",
                "days from start to the first day of a rule or shock that the baseline does not "
                "have, or of a rule's announcement",
                "d", begins),
            real_coord("scenario_ends", "days from start to the first day after the last of them",
                       "d", ends)},
        3);
    sim_result_axis(res, &(struct sim_axis){.name = "run",
                                            .long_name = "number of the run",
                                            .units = "1",
                                            .n = runs,
                                            .value = run});
    n_rule = mdl_load_unique(rule, (uint32_t)n_rule);
    add_texts(res, "rule", "rule of export control", rule, n_rule,
              (struct sim_coord[]){
                  text_coord("rule_name", "name of the rule", rule_names(res, st, rule, n_rule))},
              1);
    add_texts(res, "office", "licence office", office, mdl_load_unique(office, (uint32_t)n_office),
              NULL, 0);
    add_texts(res, "element", "tracked element", element, (size_t)st->net.n_element, NULL, 0);
    add_texts(res, "origin", "country of separation", origin, (size_t)st->net.n_origin, NULL, 0);
    sim_result_axis(res, &(struct sim_axis){.name = "rank",
                                            .long_name = "rank of a cause, largest first",
                                            .units = "1",
                                            .n = MDL_RANKS,
                                            .value = rank});
}

/* When each rule stands in each scenario. */
static void fill_rule_days(struct sim_result *res, const struct mdl_study *st)
{
    const struct sim_axis *a = &res->axis[sim_result_find_axis(res, "rule")];
    double *to[3] = {sim_result_find(res, "rule_announced")->data,
                     sim_result_find(res, "rule_from")->data,
                     sim_result_find(res, "rule_until")->data};

    for (size_t i = 0; i < st->n_scenario * a->n; i++)
        to[0][i] = to[1][i] = to[2][i] = NAN;
    for (uint32_t s = 0; s < st->n_scenario; s++)
        for (uint32_t k = 0; k < st->scenario[s].n_rule; k++) {
            const struct mdl_rule *r = &st->scenario[s].rule[k];
            size_t at = 0;

            while (strcmp(a->label[at], r->id) != 0)
                at++;
            at += s * a->n;
            to[0][at] = days_from(st, r->announced);
            to[1][at] = days_from(st, r->from);
            to[2][at] = days_from(st, r->until);
        }
}

static void add_inputs(struct sim_result *res, const struct mdl_study *st)
{
    char name[320];

    for (int t = 0; t < MDL_TABLES; t++)
        if (st->net.table_text[t]) {
            snprintf(name, sizeof name, "%s.csv", mdl_tables[t].name);
            sim_result_input(res, name, st->net.table_text[t]);
        }
    for (uint32_t i = 0; i < st->n_scenario; i++) {
        snprintf(name, sizeof name, "%.250s.cfg", st->scenario[i].label);
        sim_result_input(res, name, st->scenario[i].text);
    }
}

void mdl_result_axes(struct sim_result *res, const struct mdl_study *st, uint32_t runs)
{
    scenario_axes(res, st, runs);
    site_axes(res, &st->net);
    point_axis(res, &st->net);
    product_axis(res, &st->net);
    plant_axis(res, &st->net);
    cause_axis(res, st);
    flow_axes(res, st);
    time_axes(res, st);
    mdl_axes_lists(res, st);
    mdl_axes_measures(res, st);
    market_axis(res, st);
}

void mdl_result_init(struct sim_result *res, const struct mdl_study *st, uint32_t runs)
{
    char start[11], before[11];

    *res = (struct sim_result){0};
    sim_date_print(st->scenario[0].start, start);
    sim_result_attr(res, "title", "%s", st->scenario[0].title);
    sim_result_attr(res, "source", "Lodestone");
    sim_result_attr(res, "start", "%s", start);
    sim_result_attr(res, "horizon_d", "%lld", (long long)st->scenario[0].horizon_d);
    sim_result_attr(res, "seed", "%lld", (long long)st->seed);
    sim_result_attr(res, "focus_country", "%s",
                    st->scenario[0].focus_country ? st->scenario[0].focus_country : "");
    sim_date_print(st->before, before);
    sim_result_attr(res, "before", "%s", before);
    mdl_result_axes(res, st, runs);
    mdl_result_columns(res, st);
    for (int i = 0; i < res->n_column; i++)
        if (strcmp(res->column[i].name, "run_status") == 0)
            res->column[i].meanings = "missing done failed";
    fill_rule_days(res, st);
    add_inputs(res, st);
}
