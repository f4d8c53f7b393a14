#include "models/actors.h"

#include <string.h>

/* Does any scenario ask for daily series? */
int mdl_result_full(const struct mdl_study *st)
{
    for (uint32_t i = 0; i < st->n_scenario; i++)
        if (st->scenario[i].outputs == MDL_OUTPUTS_FULL)
            return 1;
    return 0;
}

/* Does any rule of any scenario have what a column is about? */
#define ANY_RULE(name, what)                                                                       \
    static int name(const struct mdl_study *st)                                                    \
    {                                                                                              \
        for (uint32_t i = 0; i < st->n_scenario; i++)                                              \
            for (uint32_t k = 0; k < st->scenario[i].n_rule; k++) {                                \
                const struct mdl_rule *r = &st->scenario[i].rule[k];                               \
                                                                                                   \
                if (what)                                                                          \
                    return 1;                                                                      \
            }                                                                                      \
        return 0;                                                                                  \
    }
ANY_RULE(uncertain, r->uncertain)
ANY_RULE(suspects, r->suspect_buyer > 0)
ANY_RULE(declining, r->decline > 0)
ANY_RULE(taxes, mdl_policies[r->action] == &mdl_policy_tax)
ANY_RULE(quotas, mdl_policies[r->action] == &mdl_policy_quota)

static int detours(const struct mdl_study *st)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < st->n_scenario; i++)
        n += st->scenario[i].n_detour;
    return n > 0;
}

static int diversions(const struct mdl_study *st)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < st->n_scenario; i++)
        n += st->scenario[i].n_diversion;
    return n > 0;
}

static int reserves(const struct mdl_study *st)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < st->n_scenario; i++)
        n += st->scenario[i].n_reserve;
    return n > 0;
}

static int recycling(const struct mdl_study *st)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < st->n_scenario; i++)
        n += st->scenario[i].n_recycling;
    return n > 0;
}

static int inputs(const struct mdl_study *st)
{
    return st->n_input > 0;
}

static int evasions(const struct mdl_study *st)
{
    return detours(st) || diversions(st);
}

static int shocks(const struct mdl_study *st)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < st->n_scenario; i++)
        n += st->scenario[i].n_shock;
    return n > 0;
}

static int destroys(const struct mdl_study *st)
{
    for (uint32_t i = 0; i < st->n_scenario; i++)
        for (uint32_t k = 0; k < st->scenario[i].n_shock; k++)
            if (st->scenario[i].shock[k].kind == MDL_SHOCK_DESTROY)
                return 1;
    return 0;
}

static int prices(const struct mdl_study *st)
{
    return mdl_result_prices(st) > 0;
}

static int priced_demand(const struct mdl_study *st)
{
    for (uint32_t i = 0; i < st->n_scenario; i++)
        for (uint32_t k = 0; k < st->scenario[i].prices.n; k++)
            if (st->scenario[i].prices.price[k].demand_elasticity > 0)
                return 1;
    return 0;
}

/* Is there a substitute that some scenario uses? */
static int substitutes(const struct mdl_study *st)
{
    for (uint32_t i = 0; i < st->n_scenario; i++)
        if (st->scenario[i].substitution && st->net.n_substitute > 0)
            return 1;
    return 0;
}

/* Does any recipe have a deferrable input? */
static int yards(const struct mdl_study *st)
{
    for (uint32_t i = 0; i < st->net.n_recipe; i++)
        if (st->net.recipe[i].n_deferrable > 0)
            return 1;
    return 0;
}

static int hoarding(const struct mdl_study *st)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < st->n_scenario; i++)
        n += st->scenario[i].n_hoarding;
    return n > 0;
}

/* Is there more to second sources than their days? */
static int sourcing(const struct mdl_study *st)
{
    for (uint32_t i = 0; i < st->n_scenario; i++) {
        const struct mdl_scenario *s = &st->scenario[i];

        if (s->share_up_m > 0 || s->switch_d >= 0 || s->qualify_from != SIM_DAY_NONE)
            return 1;
    }
    for (uint32_t i = 0; i < st->net.n_lane; i++) {
        const struct mdl_lane *l = &st->net.lane[i];

        if (l->qualify_from != SIM_DAY_NONE || l->qualify_fail > 0 || l->qualify_usd > 0 ||
            l->sample > 0)
            return 1;
    }
    return 0;
}

struct column_row {
    const char *name, *axes;
    enum sim_type type;
    enum sim_keep keep;
    const char *units, *meaning;
};

static const struct column_row columns[] = {
    {"run_status", "scenario run", SIM_I8, SIM_KEEP, "1", "how the run ended"},
    {"events", "scenario run", SIM_F64, SIM_KEEP, "1", "messages handled"},
    {"rule_exists", "scenario run rule", SIM_I8, SIM_KEEP, "1",
     "1 where the rule exists in the run's world"},
    {"rule_announced", "scenario rule", SIM_F64, SIM_KEEP, "d",
     "days from start to the announcement of the rule, where the scenario has it"},
    {"rule_from", "scenario rule", SIM_F64, SIM_KEEP, "d",
     "the same to the first day on which it is in force"},
    {"rule_until", "scenario rule", SIM_F64, SIM_KEEP, "d",
     "the same to the first day on which it is no longer"},
    {"demand", "scenario run market", SIM_F64, SIM_KEEP, "market_unit", "final demand"},
    {"served", "scenario run market", SIM_F64, SIM_KEEP, "market_unit",
     "final demand that was met"},
    {"served_at_once", "scenario run market", SIM_F64, SIM_KEEP, "market_unit",
     "met on the day it came; under continuous review, at the moment it came"},
    {"lost", "scenario run market", SIM_F64, SIM_KEEP, "market_unit",
     "demand that gave up waiting"},
    {"backlog", "scenario run market", SIM_F64, SIM_KEEP, "market_unit",
     "demand that still waits at the end"},
    {"backlog_mean", "scenario run market", SIM_F64, SIM_KEEP, "market_unit",
     "demand that waits at the end of a day, mean over days"},
    {"loss_usd", "scenario run market", SIM_F64, SIM_KEEP, "USD",
     "value of demand lost and still waiting"},
    {"loss_by_cause", "scenario run cause", SIM_F64, SIM_KEEP, "USD",
     "value of demand lost and still waiting, by root cause"},
    {"planned", "scenario run plant", SIM_F64, SIM_KEEP, "plant_unit",
     "starts that new requirements ask for, each on the day it was first planned"},
    {"started", "scenario run plant", SIM_F64, SIM_KEEP, "plant_unit",
     "starts made, also those that make up for missed ones"},
    {"missed", "scenario run plant", SIM_F64, SIM_KEEP, "plant_unit",
     "planned starts that were not made on their day, made up for later or not"},
    {"stop_first", "scenario run plant", SIM_F32, SIM_KEEP, "d",
     "days from start to the first day with under half the planned starts"},
    {"stop_days", "scenario run plant", SIM_F32, SIM_KEEP, "d",
     "days with under half the planned starts"},
    {"stop_longest", "scenario run plant", SIM_F32, SIM_KEEP, "d", "longest row of such days"},
    {"stop_longest_first", "scenario run plant", SIM_F32, SIM_KEEP, "d",
     "days from start to the longest stop"},
    {"slow_days", "scenario run plant", SIM_F32, SIM_KEEP, "d",
     "days with missed starts that are no stop"},
    {"missed_by_why", "scenario run plant why", SIM_F32, SIM_KEEP_MEAN, "plant_unit",
     "missed starts by kind of cause"},
    {"missed_cause", "scenario run plant rank", SIM_I32, SIM_KEEP, "1",
     "number of the cause on the axis cause; -1 = none"},
    {"missed_by_cause", "scenario run plant rank", SIM_F32, SIM_KEEP, "plant_unit",
     "missed starts booked to that cause"},
    {"ordered", "scenario run point", SIM_F32, SIM_KEEP, "point_unit", "ordered"},
    {"order_lines", "scenario run point", SIM_F32, SIM_KEEP, "1", "order lines placed"},
    {"received", "scenario run point", SIM_F32, SIM_KEEP, "point_unit", "received"},
    {"refused", "scenario run point", SIM_F32, SIM_KEEP, "point_unit", "orders refused"},
    {"cancelled", "scenario run point", SIM_F32, SIM_KEEP, "point_unit", "orders taken back"},
    {"unplaced", "scenario run point", SIM_F32, SIM_KEEP, "point_unit",
     "needs that no supplier would take"},
    {"made", "scenario run point", SIM_F32, SIM_KEEP, "point_unit", "made"},
    {"used", "scenario run point", SIM_F32, SIM_KEEP, "point_unit", "used as an input"},
    {"shipped", "scenario run point", SIM_F32, SIM_KEEP, "point_unit", "shipped"},
    {"surplus", "scenario run point", SIM_F32, SIM_KEEP, "point_unit",
     "by-product that nobody asked for"},
    {"stock_mean", "scenario run point", SIM_F32, SIM_KEEP, "point_unit",
     "mean stock, with what waits at the gate"},
    {"cover_mean", "scenario run point", SIM_F32, SIM_KEEP, "d", "mean stock over mean use"},
    {"lead_mean", "scenario run point", SIM_F32, SIM_KEEP, "d",
     "days from order to receipt, mean by quantity over what was received"},
    {"week_stock", "scenario run point week", SIM_F32, SIM_KEEP_BAND, "point_unit",
     "mean stock of the week"},
    {"week_made", "scenario run point week", SIM_F32, SIM_KEEP_BAND, "point_unit",
     "made, or at markets handed over, in the week"},
    {"group_made", "scenario run group week", SIM_F32, SIM_KEEP, "group_unit",
     "made, or at markets handed over, in the week"},
    {"group_stock", "scenario run group week", SIM_F32, SIM_KEEP_BAND, "group_unit",
     "mean stock of the week"},
    {"exports", "scenario run flow month", SIM_F32, SIM_KEEP, "flow_unit",
     "released by customs at the origin"},
    {"imports", "scenario run flow month", SIM_F32, SIM_KEEP, "flow_unit", "arrived"},
    {"open_orders", "scenario run flow month", SIM_F32, SIM_KEEP, "flow_unit",
     "ordered and not yet received, after the work of the month's last recorded day"},
    {"lead_received", "scenario run flow lead", SIM_F32, SIM_KEEP_MEAN, "flow_unit",
     "received, by days from order to receipt, orders placed from start on"},
    {"lead_open", "scenario run flow lead", SIM_F32, SIM_KEEP_MEAN, "flow_unit",
     "still open at the end, by age"},
    {"lead_refused", "scenario run flow lead", SIM_F32, SIM_KEEP_MEAN, "flow_unit",
     "refused, by days to the refusal"},
    {"applied", "scenario run office month", SIM_F64, SIM_KEEP, "1", "applications filed"},
    {"granted", "scenario run office month", SIM_F64, SIM_KEEP, "1", "licences granted"},
    {"refused_licences", "scenario run office month", SIM_F64, SIM_KEEP, "1", "licences refused"},
    {"review_days", "scenario run office month", SIM_F64, SIM_KEEP, "d",
     "days from filing to decision, summed over decisions"},
    {"waiting", "scenario run office", SIM_F64, SIM_KEEP, "1", "applications undecided at the end"},
    {"queue_wait", "scenario run office", SIM_F64, SIM_KEEP, "d",
     "mean days before the review begins"},
    {"delivered_kg", "scenario run market element origin", SIM_F32, SIM_KEEP_MEAN, "kg",
     "element in goods handed over, by country of separation"},
    {"returned", "scenario run office month", SIM_F64, SIM_KEEP, "1",
     "applications whose papers were sent back"},
    {"office_backlog", "scenario run office month", SIM_F64, SIM_KEEP, "1",
     "applications undecided at the end of the month"},
    {"loss_by_goods", "scenario run goods cause", SIM_F64, SIM_KEEP, "USD",
     "value of demand lost and still waiting, by goods and root cause"},
    {"due", "scenario run point", SIM_F32, SIM_KEEP_MEAN, "point_unit",
     "orders promised within the horizon and not taken back, orders placed from start on"},
    {"due_received", "scenario run point", SIM_F32, SIM_KEEP_MEAN, "point_unit",
     "of them received"},
    {"on_time", "scenario run point", SIM_F32, SIM_KEEP_MEAN, "point_unit",
     "of them received by the promised day"},
    {"stage_due", "scenario run stage", SIM_F64, SIM_KEEP, "USD",
     "value of orders promised within the horizon and not taken back"},
    {"stage_due_received", "scenario run stage", SIM_F64, SIM_KEEP, "USD",
     "value of them received"},
    {"stage_on_time", "scenario run stage", SIM_F64, SIM_KEEP, "USD",
     "value of them received by the promised day"},
    {"site_due", "scenario run site week", SIM_F32, SIM_KEEP_MEAN, "USD",
     "value of orders promised for the week and not taken back, orders placed from start on"},
    {"site_on_time", "scenario run site week", SIM_F32, SIM_KEEP_MEAN, "USD",
     "value of them received by the promised day"},
    {"site_planned", "scenario run site week", SIM_F32, SIM_KEEP_MEAN, "USD",
     "value of starts planned for the first time and of final demand"},
    {"site_missed", "scenario run site week", SIM_F32, SIM_KEEP_MEAN, "USD",
     "value of them not started, or not handed over, on that day"},
    {"link_moved", "scenario run link month", SIM_F32, SIM_KEEP_MEAN, "link_unit", "arrived"},
    {"link_held", "scenario run link month", SIM_F32, SIM_KEEP_MEAN, "link_unit",
     "ordered and kept at the supplier by rules, after the work of the month's last recorded day"},
    {"month_loss", "scenario run cause month", SIM_F64, SIM_KEEP_MEAN, "USD",
     "loss_by_cause by the month of the loss; what waits at the end by the month of its demand"},
    {"group_cover", "scenario run group month", SIM_F32, SIM_KEEP, "d",
     "days of cover at the end of the month's last recorded day, rounded to one part in 4,096"},
    {"content_kg", "product element", SIM_F64, SIM_KEEP, "kg", "element in one unit"},
    {"order_cv", "scenario run point", SIM_F32, SIM_KEEP_BAND, "1",
     "coefficient of variation of the orders of four weeks"},
    {"need_cv", "scenario run point", SIM_F32, SIM_KEEP_BAND, "1",
     "coefficient of variation of the requirements of four weeks"},
    {"bullwhip", "scenario run point", SIM_F32, SIM_KEEP_BAND, "1", "square of order_cv / need_cv"},
    {"stage_bullwhip", "scenario run stage", SIM_F64, SIM_KEEP, "1",
     "the same of the value of what a stage orders and requires"},
    {"before_cover", "scenario run point", SIM_F32, SIM_KEEP_BAND, "d",
     "days of cover before anything differs from the baseline"},
    {"before_kg", "scenario run point element origin", SIM_F32, SIM_KEEP_MEAN, "kg",
     "element in stock before anything differs from the baseline, by country of separation"},
    {"month_cover", "scenario run point month", SIM_F32, SIM_KEEP_BAND, "d",
     "days of cover at the end of the month's last recorded day"},
    {"period_started", "scenario run plant period", SIM_F32, SIM_KEEP, "plant_unit",
     "starts made in 28 days, rounded to one part in 4,096"},
    {"lead_promised", "scenario run flow lead", SIM_F32, SIM_KEEP_MEAN, "flow_unit",
     "ordered, by days from order to the promised day, orders placed from start on"},
    {"cohort_received", "scenario run watched cohort lead", SIM_F32, SIM_KEEP_MEAN, "watched_unit",
     "lead_received by quarter of the order"},
    {"cohort_open", "scenario run watched cohort lead", SIM_F32, SIM_KEEP_MEAN, "watched_unit",
     "lead_open by quarter of the order"},
    {"cohort_refused", "scenario run watched cohort lead", SIM_F32, SIM_KEEP_MEAN, "watched_unit",
     "lead_refused by quarter of the order"},
};

/* Columns that only some studies have. */
static const struct {
    struct column_row row;
    int (*only_if)(const struct mdl_study *st);
} some_columns[] = {
    {{"item_listed", "scenario run rule product", SIM_I8, SIM_KEEP, "1",
      "1 where the rule covers the product in the run's world"},
     uncertain},
    {{"buyer_suspected", "scenario run rule site", SIM_I8, SIM_KEEP, "1",
      "1 where the site is a suspected buyer in the run's world"},
     suspects},
    {{"exporter_declines", "scenario run rule site", SIM_I8, SIM_KEEP, "1",
      "1 where the site takes no new orders after the rule's announcement in the run's world"},
     declining},
    {{"caught_first", "scenario run site", SIM_F32, SIM_KEEP, "d",
      "days from start to the day on which suppliers know that the site's company is listed for a "
      "detour or a diversion"},
     evasions},
    {{"tax_usd", "scenario run rule", SIM_F64, SIM_KEEP, "USD", "taxes on goods that left"}, taxes},
    {{"quota_used", "scenario run rule month", SIM_F64, SIM_KEEP, "1",
      "quota granted, in its measure"},
     quotas},
    {{"detoured", "scenario run flow", SIM_F32, SIM_KEEP, "flow_unit",
      "sent through a third country; not in exports and imports"},
     detours},
    {{"seized", "scenario run flow", SIM_F32, SIM_KEEP, "flow_unit",
      "seized on the way through a third country"},
     detours},
    {{"detour_usd", "scenario run flow", SIM_F64, SIM_KEEP, "USD", "what the detours cost on top"},
     detours},
    {{"diverted_use", "scenario run point", SIM_F32, SIM_KEEP, "point_unit",
      "goods under a civil undertaking that went into military output"},
     diversions},
    {{"shock_first", "scenario run shock", SIM_F32, SIM_KEEP, "d",
      "days from start to the first day of the shock, wherever it strikes first; empty = it does "
      "not "
      "come"},
     shocks},
    {{"shock_last", "scenario run shock", SIM_F32, SIM_KEEP, "d",
      "days from start to its last day, at most to the last recorded day"},
     shocks},
    {{"destroyed", "scenario run point", SIM_F32, SIM_KEEP, "point_unit",
      "stock that a shock destroyed"},
     destroys},
    {{"price_spot", "scenario run price week", SIM_F32, SIM_KEEP, "price_unit",
      "spot price, set on the first day of the week"},
     prices},
    {{"price_contract", "scenario run price week", SIM_F32, SIM_KEEP, "price_unit",
      "price of goods under contract, on the same day"},
     prices},
    {{"price_cover", "scenario run price week", SIM_F32, SIM_KEEP, "d",
      "stock of the zone over its use, on the same day"},
     prices},
    {{"price_volume", "scenario run price week", SIM_F32, SIM_KEEP, "price_volume_unit",
      "bought in the zone in the seven days before, in units of the first of the goods by value"},
     prices},
    {{"priced_out", "scenario run market", SIM_F64, SIM_KEEP, "market_unit",
      "final demand that high prices kept away; not in demand, nor in lost"},
     priced_demand},
    {{"from_reserve", "scenario run point", SIM_F32, SIM_KEEP, "point_unit",
      "got from reserves, of a state or the site's own"},
     reserves},
    {{"reserve_level", "scenario run reserve month", SIM_F64, SIM_KEEP, "reserve_unit",
      "held at the end of the month"},
     reserves},
    {{"reserve_released", "scenario run reserve month", SIM_F64, SIM_KEEP, "reserve_unit",
      "released"},
     reserves},
    {{"reserve_filled", "scenario run reserve month", SIM_F64, SIM_KEEP, "reserve_unit",
      "taken in again"},
     reserves},
    {{"reserve_usd", "scenario run reserve", SIM_F64, SIM_KEEP, "USD",
      "value of what was released"},
     reserves},
    {{"reserve_empty", "scenario run reserve", SIM_F32, SIM_KEEP, "d",
      "days from start to the first day on which nothing was left, of companies at any site"},
     reserves},
    {{"recycled", "scenario run recycling month", SIM_F64, SIM_KEEP, "recycling_unit",
      "scrap that came back"},
     recycling},
    {{"substituted", "scenario run plant", SIM_F64, SIM_KEEP, "plant_unit",
      "starts made with a substitute, of the input that was replaced most"},
     substitutes},
    {{"substitution_idle", "scenario run plant", SIM_F64, SIM_KEEP, "plant_unit",
      "starts that a substitute would have allowed but for its penalty on capacity"},
     substitutes},
    {{"substitution_first", "scenario run plant", SIM_F32, SIM_KEEP, "d",
      "days from start to the day on which shortage or a price made it turn to a substitute"},
     substitutes},
    {{"yard_mean", "scenario run plant", SIM_F64, SIM_KEEP, "plant_unit",
      "units that wait for parts at the end of a day, mean over days"},
     yards},
    {{"yard_max", "scenario run plant", SIM_F64, SIM_KEEP, "plant_unit",
      "most units that waited for parts at the end of a day"},
     yards},
    {{"yard_end", "scenario run plant", SIM_F64, SIM_KEEP, "plant_unit",
      "units that wait for parts at the end"},
     yards},
    {{"hoarded", "scenario run point", SIM_F32, SIM_KEEP, "point_unit",
      "stock beyond review period and usual cover, mean over days"},
     hoarding},
    {{"qualified_first", "scenario run point", SIM_F32, SIM_KEEP, "d",
      "days from start to the first day on which a supplier that was qualified in the run may be "
      "asked"},
     sourcing},
    {{"qualify_usd", "scenario run point", SIM_F64, SIM_KEEP, "USD", "what qualifying cost"},
     sourcing},
    {{"share_moved", "scenario run point", SIM_F32, SIM_KEEP, "1",
      "part of the need that suppliers had beyond their contract shares, mean over days"},
     sourcing},
    {{"lines_switched", "scenario run point", SIM_F32, SIM_KEEP, "1",
      "late order lines taken back in part and ordered elsewhere"},
     sourcing},
    {{"switched", "scenario run point", SIM_F32, SIM_KEEP, "point_unit",
      "quantity of that; it is in cancelled too"},
     sourcing},
    {{"day_stock", "scenario run point day", SIM_F32, SIM_KEEP, "point_unit",
      "stock at the end of the day, with what waits at the gate"},
     mdl_result_full},
    {{"day_made", "scenario run point day", SIM_F32, SIM_KEEP, "point_unit",
      "made, or at markets handed over, on the day"},
     mdl_result_full},
    {{"input_value", "scenario run uncertain", SIM_F64, SIM_KEEP, "uncertain_unit",
      "what was drawn for the uncertain input; not a number where the scenario says a plain one"},
     inputs},
};

static void add_column(struct sim_result *res, const struct column_row *c)
{
    sim_result_column(res, c->name, c->axes, c->type, c->keep, c->units, c->meaning);
}

/* For so many runs, by the axes of one. */
static double bytes_of(const struct sim_result *res, const struct column_row *c, uint32_t runs)
{
    int by_run = strncmp(c->axes, "scenario run", strlen("scenario run")) == 0;

    return (double)sim_result_axes_n(res, c->axes) * (double)sim_type_size(c->type) *
           (by_run ? runs : 1);
}

static void fill_contents(struct sim_result *res, const struct mdl_network *n)
{
    double *kg = sim_result_find(res, "content_kg")->data;

    for (uint32_t p = 0; p < n->n_product; p++)
        for (int e = 0; e < n->n_element; e++)
            *kg++ = n->product[p].el_g[e] / 1000;
}

void mdl_result_columns(struct sim_result *res, const struct mdl_study *st)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        add_column(res, &columns[i]);
    for (size_t i = 0; i < sizeof some_columns / sizeof *some_columns; i++)
        if (some_columns[i].only_if(st))
            add_column(res, &some_columns[i].row);
    fill_contents(res, &st->net);
}

double mdl_result_bytes(const struct mdl_study *st, uint32_t runs)
{
    struct sim_result r = {0};
    double sum = 0;

    mdl_result_axes(&r, st, 1);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        sum += bytes_of(&r, &columns[i], runs);
    for (size_t i = 0; i < sizeof some_columns / sizeof *some_columns; i++)
        if (some_columns[i].only_if(st))
            sum += bytes_of(&r, &some_columns[i].row, runs);
    sim_result_free(&r);
    return sum;
}
