/* The network: what the tables say, checked and numbered. Immutable after mdl_network_load; all
 * runs and scenarios read it.
 *
 * Quantities are whole quanta of a product (mg, piece); `qpu` quanta make one unit (kg, piece).
 * Everything is numbered by sorted id, so the order of rows in the files changes nothing. */
#ifndef MDL_NETWORK_H
#define MDL_NETWORK_H

#include "sim/arena.h"
#include "sim/csv.h"
#include "sim/keys.h"

enum { MDL_MAX_ELEMENTS = 8 };
enum mdl_use { MDL_CIVIL, MDL_MILITARY, MDL_USES };
/* A promise that stock was imported under. */
enum mdl_mark { MDL_FREE, MDL_CIVIL_ONLY, MDL_MARKS };
enum mdl_allocation { MDL_PROPORTIONAL, MDL_FIFO, MDL_PRIORITY, MDL_HOME };
enum mdl_ordering { MDL_ORDER_UP_TO, MDL_BASE_STOCK, MDL_SS, MDL_RQ, MDL_TQ };
enum mdl_role { MDL_INPUT, MDL_OUTPUT, MDL_JOINT, MDL_BYPRODUCT };
/* Which of a site's products get scarce inputs. */
enum mdl_ration { MDL_RATION_PROPORTIONAL, MDL_RATION_PRIORITY, MDL_RATION_MARGIN };
/* An input without which the line stops; one that the unfinished unit waits for in the yard. */
enum mdl_input_kind { MDL_CRITICAL, MDL_DEFERRABLE };
enum mdl_arrivals { MDL_GAMMA, MDL_POISSON, MDL_CONSTANT };

struct mdl_product {
    const char *id, *name, *stage, *unit, *hs, *source;
    int status;           /* 0 quoted, 1 derived, 2 estimate; the same in every table */
    const char *category; /* of the dual-use catalogue */
    struct sim_strs codes;
    int64_t qpu;                   /* quanta per unit, 1..10^9 */
    double value_usd;              /* USD per unit */
    double per_application;        /* units that one real licence application covers */
    double el_g[MDL_MAX_ELEMENTS]; /* grams per unit; after loading known for every product */
    int computed;                  /* 1: el_g came from the bill of materials */
    double kg[MDL_MAX_ELEMENTS];   /* kilograms per quantum */
    int n_el;                      /* elements it contains */
    uint8_t el[MDL_MAX_ELEMENTS];  /* which, ascending */
    int8_t slot[MDL_MAX_ELEMENTS]; /* element -> place in el, or -1 */
};

struct mdl_entity {
    const char *id, *name, *country, *parent, *source;
    int status;
    double military_share, parent_share;
    uint32_t parent_id; /* UINT32_MAX if none */
};

struct mdl_site {
    const char *id, *name, *entity_id, *country_id, *tier, *sector, *source;
    int status;
    double lat, lon;
    double cover_d, out_cover_d, stretch_cover_d, smooth_d, military_share;
    int64_t review_d; /* 0 = continuous review */
    int allocation;   /* enum mdl_allocation */
    int ration;       /* enum mdl_ration */
    double yard_d;    /* days of output whose unfinished units fit in the yard */
    uint32_t entity;  /* UINT32_MAX if none */
    uint32_t country;
    uint32_t first_point, n_point;
    uint32_t first_process, n_process;
    uint64_t hash;
};

/* One line of a recipe. num / den = quanta of this product per quantum of the main output. */
struct mdl_part {
    uint32_t product;
    int role; /* enum mdl_role */
    int kind; /* enum mdl_input_kind */
    int64_t num, den;
    double units; /* units per unit of the main output, as written */
};

struct mdl_recipe {
    const char *id;
    uint32_t n_in, n_out;  /* out[0] is the main output */
    uint32_t n_deferrable; /* inputs of that kind */
    struct mdl_part *in, *out;
    int n_el; /* elements that pass through it */
    uint8_t el[MDL_MAX_ELEMENTS];
    int separates;     /* an output holds one tracked element only, the inputs several: origin of
                          control is set here */
    const char *place; /* "file:line" of its main output */
    int status;        /* the weakest of its rows */
};

/* What may take the place of an input of a process: a row of substitutes.csv where it fits. */
struct mdl_swap {
    uint32_t input, row;  /* place among the recipe's inputs; row of the table */
    uint32_t point;       /* the substitute at the site */
    struct mdl_part part; /* as if it were an input in place of the product */
};

struct mdl_process {
    const char *id, *site_id, *recipe_id, *source;
    int status;
    uint32_t site, recipe;
    double capacity_d; /* units of main output a day; INFINITY = unlimited */
    int64_t capacity;  /* quanta a day; INT64_MAX = unlimited */
    struct sim_dist cycle_d;
    double share; /* of the site's want of its main output */
    double yield;
    double min_batch;        /* units */
    int64_t batch;           /* quanta */
    int32_t from, until;     /* days in service; SIM_DAY_NONE = open */
    struct sim_dist delay_d; /* by which both come later; once per run, one luck per site */
    double ramp_d, ramp_start, ramp_shape; /* see mdl_ramp_share; ramp_d = 0: full at once */
    double yield_start;                    /* see mdl_ramp_yield; NAN = yield */
    int64_t priority;                      /* with ration = priority; 0 = first */
    uint32_t n_swap;
    struct mdl_swap *swap;          /* by input; at most one each */
    uint32_t *in_point, *out_point; /* [recipe n_in], [recipe n_out] */
    uint64_t hash;
};

struct mdl_lane {
    const char *id, *from_id, *to_id, *product_id, *mode, *source;
    int status;
    uint32_t from, to; /* sites */
    uint32_t from_point, to_point;
    uint32_t product;
    double share, cost_usd;
    int qualified;
    int border; /* the countries differ */
    struct sim_dist order_d, transit_d, air_d, customs_d;
    struct sim_dist qualify_d; /* constant 0 = cannot be qualified in a run */
    double qualify_cover;      /* part of the cover under which it begins */
    int32_t qualify_from;      /* day on which it begins in any case; SIM_DAY_NONE = none */
    double qualify_fail, qualify_usd, sample;
    int64_t qualify_tries;
    double share_max; /* to which shares may move */
    uint64_t hash;
};

struct mdl_demand {
    const char *site_id, *product_id, *source;
    int status;
    uint32_t site, product, point;
    int use;
    double rate_d, cv, trend_y;
    int arrivals;
    double season[12];
    int patience_d; /* -1 = for ever */
    struct sim_reals season_text;
    double patience_real; /* NAN = for ever */
    uint64_t hash;
};

/* A stock point: one product at one site. Sorted by (site, product). */
struct mdl_point {
    uint32_t site, product;
    const char *id; /* site~product */
    uint32_t n_lane_in, n_lane_out;
    uint32_t *lane_in, *lane_out; /* lane numbers */
    uint32_t n_maker, n_user;
    uint32_t *maker,
        *user; /* processes that make it (as output or joint first, then by-product), use it */
    uint32_t n_demand, *demand;
    int wanted;        /* some process makes it as main or joint output */
    int policy;        /* enum mdl_ordering */
    double s, S, r, Q; /* units */
    double cover_d;    /* NAN = the site's */
    double initial;    /* units; NAN = by the policy */
    uint64_t hash;
};

enum mdl_list_kind {
    MDL_LIST_CODE,
    MDL_LIST_HS,
    MDL_LIST_PRODUCT,
    MDL_LIST_ENTITY,
    MDL_LIST_COUNTRY,
    MDL_LIST_CATEGORY
};
struct mdl_list_row {
    const char *list, *value, *source;
    int kind, status;
    double probability; /* that it applies, drawn once per run for each product or entity */
};

/* Rows of catalogue.csv and elements.csv. */
struct mdl_category {
    const char *id, *name, *source;
    int status;
    int64_t entries;
};
struct mdl_element {
    const char *id, *name, *source;
    int status;
    double value_usd_kg;
};

/* A row of substitutes.csv. */
struct mdl_substitute {
    const char *id, *recipe, *site, *product_id, *substitute_id, *source;
    int status;
    uint32_t product, substitute;
    double quantity; /* units of the substitute in place of one unit of the product */
    struct sim_dist change_over_d;
    double cover_d, back_cover_d; /* days of the product; back_cover_d = NAN: never back */
    double price_ratio;  /* price of the product over its base; NAN: price does not count */
    double limit;        /* largest share of starts made so */
    double penalty;      /* share of capacity that a start with it loses */
    double thrift_y;     /* share of starts that move to it each year from `from` on */
    int32_t from, until; /* SIM_DAY_NONE = open */
    uint64_t hash;
};

/* Rows of bom.csv, calendars.csv and stocks.csv as they are read. */
struct mdl_bom_row {
    const char *recipe, *product, *source;
    int role, kind, status;
    double quantity;
};
struct mdl_calendar_row {
    const char *country, *source;
    int32_t date;
    int status;
    double working;
};
struct mdl_stock_row {
    const char *site, *product, *source;
    int policy, status;
    double s, S, r, Q, cover_d, initial;
};

/* The tables in the order in which they are read: name, columns, size of a row, must it be there.
 */
enum mdl_table_number {
    MDL_PRODUCTS,
    MDL_ENTITIES,
    MDL_SITES,
    MDL_BOM,
    MDL_PROCESSES,
    MDL_LANES,
    MDL_DEMAND,
    MDL_LISTS,
    MDL_CATALOGUE,
    MDL_ELEMENTS,
    MDL_CALENDARS,
    MDL_STOCKS,
    MDL_SUBSTITUTES,
    MDL_TABLES
};
struct mdl_table {
    const char *name;
    const struct sim_key *keys;
    size_t stride;
    int required;
    const char *extra; /* prefix of further columns, or NULL */
    const char *meaning;
};
extern const struct mdl_table mdl_tables[MDL_TABLES];

struct mdl_network {
    struct sim_arena *arena;
    const char *name;
    int n_element;
    const char *element[MDL_MAX_ELEMENTS]; /* symbols, sorted */
    uint32_t n_country, n_product, n_entity, n_site, n_recipe, n_process, n_lane, n_demand, n_point,
        n_list, n_tier, n_category, n_substitute;
    const char **country;
    const char **tier;
    struct mdl_product *product;
    struct mdl_entity *entity;
    struct mdl_site *site;
    struct mdl_recipe *recipe;
    struct mdl_process *process;
    struct mdl_lane *lane;
    struct mdl_demand *demand;
    struct mdl_point *point;
    struct mdl_list_row *list;
    struct mdl_category *category;
    struct mdl_substitute *substitute;       /* by id */
    double element_usd_kg[MDL_MAX_ELEMENTS]; /* NAN where elements.csv does not say */
    /* where an element can come from: countries where it is mined; countries where it is separated,
     * after one place (0) for what has not been separated yet */
    int n_mined, n_origin, n_share; /* n_share = n_mined + n_origin */
    uint32_t *mined;                /* [n_mined] country numbers */
    uint32_t *origin;               /* [n_origin] country numbers; origin[0] is UINT32_MAX */
    int8_t *mined_of, *origin_of;   /* [n_country] place in mined, in origin, or -1 */
    /* calendars: share of a working day, by country; day0 <= day < day0 + n_day, 1 outside */
    int32_t day0;
    uint32_t n_day;
    double **working;                   /* [n_country], NULL = always 1 */
    const char *table_text[MDL_TABLES]; /* canonical texts, NULL where there is no such table */
    char *table_file[MDL_TABLES];
    const struct mdl_draft *draft; /* rows as they were read, to be drawn anew in every run (see
                                      draft.h); NULL where no cell is uncertain */
};

/* Where a table's text comes from. Returns 0 and the text (NULL if the table does not exist), or a
 * negative SIM_E*. */
typedef int mdl_table_source(void *ctx, const char *table, const char **file, const char **text,
                             size_t *n, struct sim_err *err);

/* Reads and checks the tables products sites processes bom lanes demand entities lists catalogue
 * elements calendars stocks substitutes. Everything lives in `a`. All faults of all tables are
 * gathered in err. Returns 0, SIM_EINPUT or SIM_EIO. */
int mdl_network_load(struct mdl_network *n, struct sim_arena *a, const char *name,
                     mdl_table_source *source, void *ctx, struct sim_err *err) SIM_CHECKED;

/* The same with overrides of cells and rows between the text of a table and the reading of its rows
 * (see override.h); NULL = none. table_text is that of the tables as they then are. */
struct mdl_overrides;
int mdl_network_load_set(struct mdl_network *n, struct sim_arena *a, const char *name,
                         mdl_table_source *source, void *ctx, const struct mdl_overrides *set,
                         struct sim_err *err) SIM_CHECKED;

/* The network of one run: value[i] is that of the uncertain input i of nominal->draft. nominal must
 * live as long; the rest is in `a`. Contract shares of a point some of whose are uncertain are
 * rescaled to add up to 1. Returns 0, or SIM_EINPUT where what must hold between tables does not.
 */
int mdl_network_redraw(struct mdl_network *n, struct sim_arena *a,
                       const struct mdl_network *nominal, const double value[],
                       struct sim_err *err) SIM_CHECKED;

/* Number of the row with this id, or UINT32_MAX. O(log n). */
uint32_t mdl_network_site(const struct mdl_network *n, const char *id);
uint32_t mdl_network_product(const struct mdl_network *n, const char *id);
uint32_t mdl_network_country(const struct mdl_network *n, const char *id);
uint32_t mdl_network_entity(const struct mdl_network *n, const char *id);
int mdl_network_element(const struct mdl_network *n, const char *symbol); /* or -1 */
/* Entries of a category of the catalogue; 0 if there is no such category. */
int64_t mdl_network_entries(const struct mdl_network *n, const char *category);
uint32_t mdl_network_point(const struct mdl_network *n, uint32_t site, uint32_t product);

/* Share of a working day in a country, 0..1. */
double mdl_network_working(const struct mdl_network *n, uint32_t country, int32_t day);

/* Doubles in the origin vector of a product: for each of its elements the shares mined in, then the
 * shares of controlled origin. */
static inline size_t mdl_network_width(const struct mdl_network *n, const struct mdl_product *p)
{
    return (size_t)p->n_el * (size_t)n->n_share;
}

#endif
