#include "models/network.h"

#include <math.h>

static const char *const allocations[] = {"proportional", "fifo", "priority", "home", NULL};
static const char *const uses[] = {"civil", "military", NULL};
static const char *const arrivals[] = {"gamma", "poisson", "constant", NULL};
static const char *const roles[] = {"input", "output", "joint", "byproduct", NULL};
static const char *const kinds[] = {"critical", "deferrable", NULL};
static const char *const rations[] = {"proportional", "priority", "margin", NULL};
static const char *const policies[] = {"order-up-to", "base-stock", "sS", "rQ", "TQ", NULL};
static const char *const list_kinds[] = {"code",    "hs",       "product", "entity",
                                         "country", "category", NULL};
static const char *const statuses[] = {"quoted", "derived", "estimate", NULL};
static const char *const yes_no[] = {"no", "yes", NULL};

#define ID(type, key, field, text)                                                                 \
    {                                                                                              \
#key, "", SIM_KEY_ID, 0, 0, NULL, offsetof(struct type, field), text, NULL, NULL           \
    }
#define STR(type, key, field, def, text)                                                           \
    {                                                                                              \
#key, "", SIM_KEY_STR, 0, 0, def, offsetof(struct type, field), text, NULL, NULL           \
    }
#define REAL(type, key, field, unit, lo, hi, def, text)                                            \
    {                                                                                              \
#key, unit, SIM_KEY_REAL, lo, hi, def, offsetof(struct type, field), text, NULL, NULL      \
    }
#define INT(type, key, field, unit, lo, hi, def, text)                                             \
    {                                                                                              \
#key, unit, SIM_KEY_INT, lo, hi, def, offsetof(struct type, field), text, NULL, NULL       \
    }
#define FIXED_REAL(type, key, field, unit, lo, hi, def, text)                                      \
    {                                                                                              \
#key, unit, SIM_KEY_REAL, lo, hi, def, offsetof(struct type, field), text, NULL,           \
            sim_key_fixed                                                                          \
    }
#define FIXED_INT(type, key, field, unit, lo, hi, def, text)                                       \
    {                                                                                              \
#key, unit, SIM_KEY_INT, lo, hi, def, offsetof(struct type, field), text, NULL,            \
            sim_key_fixed                                                                          \
    }
#define WORD(type, key, field, list, def, text)                                                    \
    {                                                                                              \
#key, "", SIM_KEY_WORD, 0, 0, def, offsetof(struct type, field), text, list, NULL          \
    }
#define DATE(type, key, field, def, text)                                                          \
    {                                                                                              \
#key, "", SIM_KEY_DATE, 0, 0, def, offsetof(struct type, field), text, NULL, NULL          \
    }
#define DIST(type, key, field, lo, hi, def, text)                                                  \
    {                                                                                              \
#key, "d", SIM_KEY_DIST, lo, hi, def, offsetof(struct type, field), text, NULL, NULL       \
    }
#define PROVENANCE(type)                                                                           \
    WORD(type, status, status, statuses, NULL, "is the row quoted, derived or an estimate"),       \
        STR(type, source, source, NULL, "where the numbers of the row come from"),                 \
    {                                                                                              \
        0                                                                                          \
    }

static const struct sim_key product_keys[] = {
    ID(mdl_product, id, id, "key of the product"),
    STR(mdl_product, name, name, NULL, "name for people"),
    STR(mdl_product, stage, stage, NULL, "stage of the chain, for grouping in reports"),
    STR(mdl_product, unit, unit, NULL, "unit in which quantities are written: kg, piece, MW"),
    FIXED_INT(mdl_product, quanta_per_unit, qpu, "", 1, 1e9, NULL,
              "whole quanta in one unit; quantities are counted in quanta"),
    FIXED_REAL(mdl_product, value_usd, value_usd, "USD/unit", 0, 1e12, NULL, "value of one unit"),
    STR(mdl_product, hs, hs, "", "customs heading, digits"),
    {"codes", "", SIM_KEY_STRS, 0, 0, "", offsetof(struct mdl_product, codes),
     "export control codes, separated by blanks", NULL, NULL},
    REAL(mdl_product, per_application, per_application, "unit", 1e-6, 1e12, "1000",
         "units that one real licence application covers"),
    STR(mdl_product, category, category, "",
        "category of the dual-use catalogue that it would fall under, empty = none"),
    PROVENANCE(mdl_product)};

static const struct sim_key entity_keys[] = {
    ID(mdl_entity, id, id, "key of the company"),
    STR(mdl_entity, name, name, NULL, "name for people"),
    STR(mdl_entity, country, country, NULL, "country of its seat"),
    STR(mdl_entity, parent, parent, "", "company that owns it"),
    REAL(mdl_entity, parent_share, parent_share, "", 0, 1, "1", "share of it that parent owns"),
    REAL(mdl_entity, military_share, military_share, "", 0, 1, "0",
         "share of its business that is military"),
    PROVENANCE(mdl_entity)};

static const struct sim_key site_keys[] = {
    ID(mdl_site, id, id, "key of the site"),
    STR(mdl_site, name, name, NULL, "name for people"),
    STR(mdl_site, entity, entity_id, "", "company that runs it"),
    {"country", "", SIM_KEY_STR, 0, 0, NULL, offsetof(struct mdl_site, country_id),
     "country or region", NULL, NULL},
    STR(mdl_site, tier, tier, NULL, "stage of the chain, for grouping in reports"),
    STR(mdl_site, sector, sector, "", "industry, for people"),
    FIXED_REAL(mdl_site, lat, lat, "deg", -90, 90, "", "latitude"),
    FIXED_REAL(mdl_site, lon, lon, "deg", -180, 180, "", "longitude"),
    INT(mdl_site, review_d, review_d, "d", 0, 365, "7", "days between reviews, 0 = continuous"),
    REAL(mdl_site, cover_d, cover_d, "d", 0, 3650, "14",
         "days of cover of each input on top of review period and lead time"),
    REAL(mdl_site, out_cover_d, out_cover_d, "d", 0, 3650, "7", "days of finished stock aimed at"),
    REAL(mdl_site, stretch_cover_d, stretch_cover_d, "d", 0, 365, "0",
         "cover of an input below which starts slow down in proportion"),
    REAL(mdl_site, smooth_d, smooth_d, "d", 1, 365, "7",
         "days over which a gap in finished stock is closed"),
    WORD(mdl_site, allocation, allocation, allocations, "proportional",
         "who gets scarce stock: in proportion, first come, largest contract share, home country"),
    WORD(mdl_site, ration, ration, rations, "proportional",
         "which of its products get scarce inputs: all in proportion, by the processes' priority, "
         "by "
         "margin per unit of the scarcest input"),
    REAL(mdl_site, yard_d, yard_d, "d", 0, 3650, "0",
         "days of output whose unfinished units fit in the yard, where a recipe has deferrable "
         "inputs"),
    REAL(mdl_site, military_share, military_share, "", 0, 1, "0",
         "share of the site's business that is military"),
    PROVENANCE(mdl_site)};

static const struct sim_key bom_keys[] = {
    ID(mdl_bom_row, recipe, recipe, "recipe the row belongs to"),
    WORD(mdl_bom_row, role, role, roles, NULL,
         "input; output (the main one, quantity 1); joint: wanted too; byproduct"),
    ID(mdl_bom_row, product, product, "product"),
    REAL(mdl_bom_row, quantity, quantity, "unit/unit", 1e-9, 9e6, NULL,
         "units per unit of the main output"),
    WORD(
        mdl_bom_row, kind, kind, kinds, "critical",
        "of an input: critical = the line stops without it; deferrable = the unit is built without "
        "it and waits for it in the yard (yard_d)"),
    PROVENANCE(mdl_bom_row)};

static const struct sim_key process_keys[] = {
    ID(mdl_process, id, id, "key of the process"),
    ID(mdl_process, site, site_id, "site where it stands"),
    ID(mdl_process, recipe, recipe_id, "recipe it follows"),
    REAL(mdl_process, capacity_d, capacity_d, "unit/d", 0, 1e15, "",
         "units of the main output a day, empty = unlimited"),
    DIST(mdl_process, cycle_d, cycle_d, 0, 1000, "0", "days from start to finished output"),
    REAL(mdl_process, share, share, "", 0, 1, "",
         "share of the site's want of the main output, empty = by capacity"),
    REAL(mdl_process, yield, yield, "", 1e-6, 1, "1", "good output per start"),
    REAL(mdl_process, yield_start, yield_start, "", 1e-6, 1, "",
         "the same on the first day in service; it grows to yield as capacity does, with ramp_d; "
         "empty = yield"),
    REAL(mdl_process, min_batch, min_batch, "unit", 0, 1e12, "0", "smallest start"),
    DATE(mdl_process, from, from, "", "first day in service"),
    DATE(mdl_process, until, until, "", "last day in service"),
    DIST(mdl_process, delay_d, delay_d, 0, 3650, "0",
         "days by which from and until come later, drawn once per run; processes of a site share "
         "their luck"),
    REAL(mdl_process, ramp_d, ramp_d, "d", 0, 3650, "0",
         "days from the first day in service until full capacity"),
    REAL(mdl_process, ramp_start, ramp_start, "", 0, 1, "0",
         "share of capacity on the first day in service, with ramp_d"),
    REAL(
        mdl_process, ramp_shape, ramp_shape, "", 0.1, 10, "1",
        "power of the ramp: 1 = a straight line, below 1 = fast at first, above 1 = slow at first"),
    INT(mdl_process, priority, priority, "", 0, 1000, "0",
        "who gets scarce inputs first where the site rations by priority; 0 = first"),
    PROVENANCE(mdl_process)};

static const struct sim_key lane_keys[] = {
    {"id", "", SIM_KEY_STR, 0, 0, "", offsetof(struct mdl_lane, id), "key, empty = from~to~product",
     NULL, NULL},
    ID(mdl_lane, from, from_id, "supplier site"),
    ID(mdl_lane, to, to_id, "buyer site"),
    ID(mdl_lane, product, product_id, "product"),
    REAL(mdl_lane, share, share, "", 0, 1, NULL, "contract share of the buyer's need"),
    STR(mdl_lane, mode, mode, "", "road, rail, sea, air, for people"),
    DIST(mdl_lane, order_d, order_d, 0, 1000, "0",
         "days from the order to the day on which the supplier lets it go at the earliest: made to "
         "order"),
    DIST(mdl_lane, transit_d, transit_d, 0, 1000, NULL, "days door to door"),
    DIST(mdl_lane, air_d, air_d, 0, 1000, "",
         "days door to door by air, for goods that leave late (expedite_d); empty = never by air"),
    DIST(mdl_lane, customs_d, customs_d, 0, 1000, "0", "days of export clearance at the origin"),
    REAL(mdl_lane, cost_usd, cost_usd, "USD/unit", 0, 1e9, "0", "cost of carriage, for people"),
    WORD(mdl_lane, qualified, qualified, yes_no, "yes", "may the buyer use it at once"),
    DIST(mdl_lane, qualify_d, qualify_d, 0, 3650, "",
         "days to qualify the supplier, once stock is under qualify_cover with orders refused or "
         "late, or from qualify_from on; empty = never"),
    REAL(mdl_lane, qualify_cover, qualify_cover, "", 0, 100, "0.5",
         "part of the buyer's cover: with less in stock, and orders refused or late, it begins to "
         "qualify the supplier"),
    DATE(mdl_lane, qualify_from, qualify_from, "",
         "day from which on it does so in any case; empty = none"),
    REAL(mdl_lane, qualify_fail, qualify_fail, "", 0, 1, "0",
         "chance that a qualification fails in the end, drawn once per run for each try"),
    INT(mdl_lane, qualify_tries, qualify_tries, "", 1, 100, "1",
        "how often it is tried; each try takes qualify_d days anew"),
    REAL(mdl_lane, qualify_usd, qualify_usd, "USD", 0, 1e12, "0", "cost of one try, reported only"),
    REAL(mdl_lane, sample, sample, "unit", 0, 1e9, "0",
         "ordered as samples when a try begins; if they are refused, the try has failed"),
    REAL(mdl_lane, share_max, share_max, "", 0, 1, "1",
         "largest share of the buyer's need to which share_up_m may bring it"),
    PROVENANCE(mdl_lane)};

static const struct sim_key demand_keys[] = {
    ID(mdl_demand, site, site_id, "market"),
    ID(mdl_demand, product, product_id, "product"),
    WORD(mdl_demand, end_use, use, uses, "civil", "civil or military"),
    REAL(mdl_demand, rate_d, rate_d, "unit/d", 0, 1e12, NULL, "mean demand"),
    REAL(mdl_demand, cv, cv, "", 0, 10, "0.1", "coefficient of variation of one day's demand"),
    WORD(mdl_demand, dist, arrivals, arrivals, "gamma", "law of a day's demand"),
    {"season", "", SIM_KEY_REALS, 0, 100, "", offsetof(struct mdl_demand, season_text),
     "twelve factors, January to December, mean 1; empty = flat", NULL, NULL},
    REAL(mdl_demand, trend_y, trend_y, "1/a", -1, 10, "0", "growth per year, 1 at start"),
    REAL(mdl_demand, patience_d, patience_real, "d", 0, 3650, "",
         "days a waiting order is kept, empty = for ever"),
    PROVENANCE(mdl_demand)};

static const struct sim_key list_keys[] = {
    ID(mdl_list_row, list, list, "control list"),
    WORD(mdl_list_row, kind, kind, list_kinds, NULL, "what the value names"),
    STR(mdl_list_row, value, value, NULL,
        "control code, customs heading, product, entity, country or category of the catalogue"),
    REAL(mdl_list_row, probability, probability, "", 0, 1, "1",
         "chance that the row applies, drawn once per run for each product or entity"),
    PROVENANCE(mdl_list_row)};

static const struct sim_key catalogue_keys[] = {
    STR(mdl_category, category, id, NULL, "category of the dual-use catalogue, as in 1C"),
    STR(mdl_category, name, name, NULL, "name for people"),
    FIXED_INT(mdl_category, entries, entries, "", 1, 1e6, NULL, "entries of the catalogue in it"),
    PROVENANCE(mdl_category)};

static const struct sim_key element_keys[] = {
    STR(mdl_element, element, id, NULL, "symbol, as in the columns el_<symbol>_g of products"),
    STR(mdl_element, name, name, NULL, "name for people"),
    REAL(mdl_element, value_usd_kg, value_usd_kg, "USD/kg", 0, 1e9, NULL,
         "value of the element in goods, for rules on content by value"),
    PROVENANCE(mdl_element)};

static const struct sim_key calendar_keys[] = {
    STR(mdl_calendar_row, country, country, NULL, "country or region"),
    DATE(mdl_calendar_row, date, date, NULL, "day"),
    REAL(mdl_calendar_row, working, working, "", 0, 1, NULL, "share of a working day"),
    PROVENANCE(mdl_calendar_row)};

static const struct sim_key stock_keys[] = {
    ID(mdl_stock_row, site, site, "site"),
    ID(mdl_stock_row, product, product, "product"),
    WORD(mdl_stock_row, policy, policy, policies, "order-up-to", "how it is ordered"),
    REAL(mdl_stock_row, s, s, "unit", -1e15, 1e15, "",
         "(s,S): order when the position is s or less"),
    REAL(mdl_stock_row, S, S, "unit", 0, 1e15, "", "(s,S) and base-stock: order up to S"),
    REAL(mdl_stock_row, r, r, "unit", -1e15, 1e15, "",
         "(r,Q): order when the position is r or less"),
    REAL(mdl_stock_row, Q, Q, "unit", 0, 1e15, "", "(r,Q) and (T,Q): quantity of an order"),
    REAL(mdl_stock_row, cover_d, cover_d, "d", 0, 3650, "", "days of cover, empty = the site's"),
    REAL(mdl_stock_row, initial, initial, "unit", 0, 1e15, "",
         "stock at the beginning, empty = target"),
    PROVENANCE(mdl_stock_row)};

static const struct sim_key substitute_keys[] = {
    ID(mdl_substitute, id, id, "key of the row"),
    STR(mdl_substitute, recipe, recipe, NULL,
        "recipes in which it may be used; x* = all that begin so"),
    STR(mdl_substitute, site, site, "*", "sites that may use it; x* = all that begin so"),
    ID(mdl_substitute, product, product_id, "input that it takes the place of"),
    ID(mdl_substitute, substitute, substitute_id, "what is used instead"),
    REAL(mdl_substitute, quantity, quantity, "unit/unit", 1e-6, 1e6, "1",
         "units of the substitute in place of one unit of the product"),
    DIST(mdl_substitute, change_over_d, change_over_d, 0, 3650, "0",
         "days from the decision until it can be used; drawn once per process and run, made once"),
    REAL(mdl_substitute, cover_d, cover_d, "d", 0, 3650, "0",
         "days of cover of the product below which the change-over begins; 0 = never"),
    REAL(mdl_substitute, back_cover_d, back_cover_d, "d", 0, 3650, "",
         "days of cover of the product above which the site goes back to it; empty = never"),
    REAL(mdl_substitute, price_ratio, price_ratio, "", 1.001, 1000, "",
         "price of the product in the site's zone, as a multiple of its base, from which on the "
         "site turns to the substitute, short of the product or not; empty = whatever it costs"),
    REAL(mdl_substitute, limit, limit, "", 0, 1, "1", "largest share of starts made with it"),
    REAL(mdl_substitute, penalty, penalty, "", 0, 0.99, "0",
         "share of capacity lost in starts that shortage makes with it; thrift loses none"),
    REAL(mdl_substitute, thrift_y, thrift_y, "1/a", 0, 10, "0",
         "share of starts that move to it each year from `from` on, up to limit, short of the "
         "product or not"),
    DATE(mdl_substitute, from, from, "", "first day on which it may be used, empty = open"),
    DATE(mdl_substitute, until, until, "", "last day, empty = open"),
    PROVENANCE(mdl_substitute)};

const struct mdl_table mdl_tables[MDL_TABLES] = {
    [MDL_PRODUCTS] =
        {"products", product_keys, sizeof(struct mdl_product), 1, "el_",
         "what is made, moved and sold; a column el_<symbol>_g holds grams of an element per unit"},
    [MDL_ENTITIES] = {"entities", entity_keys, sizeof(struct mdl_entity), 0, NULL, "companies"},
    [MDL_SITES] = {"sites", site_keys, sizeof(struct mdl_site), 1, NULL,
                   "mines, plants, stores and markets"},
    [MDL_BOM] = {"bom", bom_keys, sizeof(struct mdl_bom_row), 1, NULL,
                 "recipes: inputs and outputs in fixed proportions"},
    [MDL_PROCESSES] = {"processes", process_keys, sizeof(struct mdl_process), 1, NULL,
                       "a recipe at a site with its capacity"},
    [MDL_LANES] = {"lanes", lane_keys, sizeof(struct mdl_lane), 1, NULL,
                   "who supplies whom with what, and how long it takes"},
    [MDL_DEMAND] = {"demand", demand_keys, sizeof(struct mdl_demand), 1, NULL,
                    "final demand at markets"},
    [MDL_LISTS] = {"lists", list_keys, sizeof(struct mdl_list_row), 0, NULL,
                   "control lists and entity lists that rules refer to"},
    [MDL_CATALOGUE] = {"catalogue", catalogue_keys, sizeof(struct mdl_category), 0, NULL,
                       "how many entries the dual-use catalogue has, by category"},
    [MDL_ELEMENTS] = {"elements", element_keys, sizeof(struct mdl_element), 0, NULL,
                      "what elements contained in goods are worth"},
    [MDL_CALENDARS] = {"calendars", calendar_keys, sizeof(struct mdl_calendar_row), 0, NULL,
                       "days that are not whole working days"},
    [MDL_STOCKS] = {"stocks", stock_keys, sizeof(struct mdl_stock_row), 0, NULL,
                    "settings of single stock points"},
    [MDL_SUBSTITUTES] = {"substitutes", substitute_keys, sizeof(struct mdl_substitute), 0, NULL,
                         "what may take the place of an input, with the scenario's substitution = "
                         "true; of rows for the same input the first by id that the site can get"}};
