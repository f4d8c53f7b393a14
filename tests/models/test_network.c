#include "tests/models/fixture.h"

/* ---- one wrong cell ---- */

struct wrong {
    enum mdl_table_number t;
    const char *row, *head, *value;
    const char *says;
};

static void assert_wrong(const struct wrong *w, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct fix f;

        fix_toy(&f);
        fix_set(&f, w[i].t, w[i].row, w[i].head, w[i].value);
        fix_refused(&f, w[i].says);
        fix_free(&f);
    }
}

static void test_network_load__names_the_place_of_an_unknown_id_and_the_nearest(void **state)
{
    static const struct wrong wrong[] = {
        {MDL_SITES, "cn.mag", "entity", "yamto",
         "sites.csv:4:16: entity = 'yamto': no such entity; did you mean 'yamato'?\n"},
        {MDL_SITES, "cn.mag", "entity", "zzzzzz",
         "sites.csv:4:16: entity = 'zzzzzz': no such entity in the network\n"},
        {MDL_ENTITIES, "yamato.arms", "parent", "yamata",
         "entities.csv:3:28: parent = 'yamata': no such entity; did you mean 'yamato'?\n"},
        {MDL_BOM, "wind", "product", "moter",
         "bom.csv:10:13: product = 'moter': no such product; did you mean 'motor'?\n"},
        {MDL_PROCESSES, "p.def", "site", "jp.deff",
         "processes.csv:7:7: site = 'jp.deff': no such site; did you mean 'jp.def'?\n"},
        {MDL_PROCESSES, "p.def", "recipe", "arms",
         "processes.csv:7:14: recipe = 'arms': no such recipe; did you mean 'arm'?\n"},
        {MDL_LANES, "cn.mine", "from", "cn.min",
         "lanes.csv:2:1: from = 'cn.min': no such site; did you mean 'cn.mine'?\n"},
        {MDL_LANES, "cn.mine", "to", "jp.markett",
         "lanes.csv:2:9: to = 'jp.markett': no such site; did you mean 'jp.market'?\n"},
        {MDL_LANES, "cn.mine", "product", "or",
         "lanes.csv:2:16: product = 'or': no such product; did you mean 'ore'?\n"},
        {MDL_DEMAND, "jp.market", "site", "jp.markt",
         "demand.csv:2:1: site = 'jp.markt': no such site; did you mean 'jp.market'?\n"},
        {MDL_DEMAND, "jp.market", "product", "cars",
         "demand.csv:2:11: product = 'cars': no such product; did you mean 'car'?\n"},
        {MDL_LISTS, "goods", "value", "magnett",
         "lists.csv:4:15: value = 'magnett': no such product; did you mean 'magnet'?\n"},
        {MDL_LISTS, "firms", "value", "yamatoo",
         "lists.csv:5:14: value = 'yamatoo': no such entity; did you mean 'yamato'?\n"}};

    (void)state;
    assert_wrong(wrong, sizeof wrong / sizeof *wrong);
}

static void test_network_load__names_the_place_of_a_number_that_cannot_be(void **state)
{
    static const struct wrong wrong[] = {
        {MDL_PROCESSES, "p.def", "capacity_d", "-4",
         "processes.csv:7:18: capacity_d = '-4': must be 0 to 1e+15\n"},
        {MDL_PROCESSES, "p.def", "capacity_d", "nan",
         "processes.csv:7:18: capacity_d = 'nan': must be 0 to 1e+15\n"},
        {MDL_PROCESSES, "p.mag", "capacity_d", "1e13",
         "processes.csv:4:21: capacity_d = '1e13': more than 4e18 quanta a day\n"},
        {MDL_PROCESSES, "p.mag", "min_batch", "5e12",
         "processes.csv:4:44: min_batch = '5e12': must be 0 to 1000000000000\n"},
        {MDL_PROCESSES, "p.mag", "cycle_d", "uniform(3,1)",
         "processes.csv:4:25: cycle_d = 'uniform(3,1)': lo must not be above hi\n"},
        {MDL_PRODUCTS, "ox.nd", "el_dy_g", "-1",
         "products.csv:3:45: el_dy_g = '-1': must be 0 to 1000000000\n"},
        {MDL_PRODUCTS, "ox.nd", "quanta_per_unit", "0",
         "products.csv:3:25: quanta_per_unit = '0': must be a whole number, 1 to 1000000000\n"},
        {MDL_PRODUCTS, "ox.nd", "quanta_per_unit", "9223372036854775808",
         "products.csv:3:25: quanta_per_unit = '9223372036854775808': must be a whole number, 1 to "
         "1000000000\n"},
        {MDL_DEMAND, "jp.market", "season", "1 2 3",
         "demand.csv:2:50: season = '1 2 3': 3 numbers; twelve are needed, or none\n"},
        {MDL_DEMAND, "jp.market", "season", "1 1 1 1 1 1 1 1 1 1 1 2",
         "demand.csv:2:50: season = '1 1 1 1 1 1 1 1 1 1 1 2': the mean is 1.08333; it must be "
         "1\n"},
        {MDL_BOM, "arm", "quantity", "2",
         "bom.csv:14:20: quantity = '2': the main output has the quantity 1\n"}};

    (void)state;
    assert_wrong(wrong, sizeof wrong / sizeof *wrong);
}

static void test_network_load__refuses_words_that_are_not_there(void **state)
{
    static const struct wrong wrong[] = {
        {MDL_BOM, "wind", "kind", "optional",
         "bom.csv:10:33: kind = 'optional': must be one of critical, deferrable\n"},
        {MDL_BOM, "wind", "role", "inptu",
         "bom.csv:10:6: role = 'inptu': must be one of input, output, joint, byproduct; did you "
         "mean 'input'?\n"},
        {MDL_SITES, "cn.mag", "allocation", "fair",
         "sites.csv:4:48: allocation = 'fair': must be one of proportional, fifo, priority, "
         "home\n"},
        {MDL_SITES, "cn.mag", "status", "guess",
         "sites.csv:4:36: status = 'guess': must be one of quoted, derived, estimate\n"},
        {MDL_SITES, "cn.mag", "source", "", "sites.csv:4:43: source = '': must be a text\n"}};

    (void)state;
    assert_wrong(wrong, sizeof wrong / sizeof *wrong);
}

/* ---- what must hold between rows ---- */

static void test_network_load__a_recipe_has_one_main_output(void **state)
{
    struct fix f;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_BOM, "arm", "role", "joint");
    fix_refused(&f, "bom.csv:15:1: recipe = 'arm': 0 rows with role output; a recipe has exactly "
                    "one (further ones are joint or byproduct)\n");
    fix_free(&f);
    fix_toy(&f);
    fix_add(&f, MDL_BOM, "arm,output,swarf,1\n");
    fix_refused(&f, "bom.csv:15:1: recipe = 'arm': 2 rows with role output; a recipe has exactly "
                    "one (further ones are joint or byproduct)\n");
    fix_free(&f);
}

static void test_network_load__an_unknown_main_output_is_one_fault(void **state)
{
    struct fix f;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_BOM, "arm", "product", "missle");
    fix_refused(&f, "bom.csv:14:12: product = 'missle': no such product; did you mean "
                    "'missile'?\n");
    fix_free(&f);
}

static void test_network_load__shares_add_up_to_one(void **state)
{
    struct fix f;
    struct mdl_network n;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_LANES, "cn.mine", "share", "0.5");
    fix_refused(&f, "lanes.csv:2:20: share = '0.5': the shares of ore bought by cn.sep add up to "
                    "0.5; they must add up to 1\n");
    fix_set(&f, MDL_LANES, "cn.mine", "share", "0");
    fix_refused(&f, "lanes.csv:2:20: share = '0': the shares of ore bought by cn.sep add up to 0; "
                    "they must add up to 1\n");
    fix_set(&f, MDL_LANES, "cn.mine", "share", "0.9998");
    fix_refused(&f,
                "lanes.csv:2:20: share = '0.9998': the shares of ore bought by cn.sep add up to "
                "0.9998; they must add up to 1\n");
    fix_set(&f, MDL_LANES, "cn.mine", "share", "0.99995");
    fix_network_ok(&f, &n);
    fix_free(&f);
}

static void test_network_load__a_need_has_a_source(void **state)
{
    struct fix f;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_LANES, "cn.mine", "product", "car");
    fix_refused(&f, "lanes.csv:2:1: from = 'cn.mine': cn.mine neither makes nor buys car\n"
                    "processes.csv:3:14: recipe = 'separate': its input ore has no supplier: no "
                    "lane brings it to cn.sep and nothing there makes it\n");
    fix_free(&f);
    fix_toy(&f);
    fix_set(&f, MDL_DEMAND, "jp.market", "product", "motor");
    fix_refused(&f, "demand.csv:2:11: product = 'motor': no lane brings it to this market\n");
    fix_free(&f);
}

static void test_network_load__a_lane_goes_somewhere_else(void **state)
{
    struct fix f;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_LANES, "cn.mine", "to", "cn.mine");
    fix_refused(&f, "lanes.csv:2:9: to = 'cn.mine': the lane ends where it begins\n");
    fix_free(&f);
}

static void test_network_load__a_process_begins_before_it_ends(void **state)
{
    struct fix f;
    struct mdl_network n;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_PROCESSES, "p.car", "from", "2026-03-02");
    fix_set(&f, MDL_PROCESSES, "p.car", "until", "2026-03-01");
    fix_refused(&f, "processes.csv:6:54: until = '2026-03-01': lies before the first day in "
                    "service\n");
    fix_set(&f, MDL_PROCESSES, "p.car", "until", "2026-03-02");
    fix_network_ok(&f, &n);
    fix_free(&f);
}

static void test_network_load__what_is_made_only_from_itself_is_refused(void **state)
{
    struct fix f;

    (void)state;
    fix_toy(&f);
    fix_add(&f, MDL_BOM, "dig,input,car,0.001\n");
    fix_refused(&f, "processes.csv:4:14: recipe = 'sinter': can never start: an input can only be "
                    "made from its own output\n"
                    "processes.csv:2:16: recipe = 'dig': can never start: an input can only be "
                    "made from its own output\n"
                    "processes.csv:3:14: recipe = 'separate': can never start: an input can only "
                    "be made from its own output\n"
                    "processes.csv:6:14: recipe = 'assemble': can never start: an input can only "
                    "be made from its own output\n"
                    "processes.csv:7:14: recipe = 'arm': can never start: an input can only be "
                    "made from its own output\n"
                    "processes.csv:5:18: recipe = 'wind': can never start: an input can only be "
                    "made from its own output\n"
                    "processes.csv:2:16: recipe = 'dig': its input car has no supplier: no lane "
                    "brings it to cn.mine and nothing there makes it\n");
    fix_free(&f);
}

static void test_network_load__a_recipe_that_nobody_follows_makes_nothing(void **state)
{
    struct fix f;
    struct mdl_network n;

    (void)state;
    fix_toy(&f);
    fix_add(&f, MDL_BOM, "dig,input,swarf,0.001\nwish,output,swarf,1\n");
    fix_add(&f, MDL_LANES, "cn.mag,cn.mine,swarf,1,1,0\n");
    assert_int_equal(fix_network(&f, &n), SIM_EINPUT);
    assert_non_null(strstr(f.err.text, "recipe = 'dig': can never start"));
    fix_free(&f);
}

/* Swarf goes back to the separator's mine beside the ore: what begins from ore alone may loop. */
static void loop(struct fix *f)
{
    fix_toy(f);
    fix_add(f, MDL_BOM, "recycle,output,ox.nd,1\nrecycle,input,swarf,5\n");
    fix_add(f, MDL_PROCESSES, "p.rec,cn.sep,recycle,5,3,1\n");
    fix_add(f, MDL_LANES, "cn.mag,cn.sep,swarf,1,2,0\n");
}

static void test_network_load__a_loop_through_scrap_is_fine(void **state)
{
    struct fix f;
    struct mdl_network n;

    (void)state;
    loop(&f);
    fix_network_ok(&f, &n);
    fix_free(&f);
}

static void test_network_load__outputs_hold_no_more_of_an_element_than_inputs(void **state)
{
    struct fix f;
    struct mdl_network n;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_PRODUCTS, "magnet", "el_nd_g", "321");
    fix_refused(&f, "bom.csv:6: recipe sinter: its outputs hold 341 g of nd per unit, its inputs "
                    "only 340\n");
    fix_set(&f, MDL_PRODUCTS, "magnet", "el_nd_g", "320");
    fix_network_ok(&f, &n);
    fix_free(&f);
}

static void test_network_load__two_recipes_give_the_same_content(void **state)
{
    struct fix f;

    (void)state;
    fix_toy(&f);
    fix_add(&f, MDL_BOM,
            "thrift,output,magnet,1\nthrift,byproduct,swarf,0.1\n"
            "thrift,input,ox.nd,0.4\nthrift,input,ox.dy,0.01\n");
    fix_refused(&f, "bom.csv:16: recipe thrift gives magnet 7.7 g of dy per kg, another recipe "
                    "gives 16.4; another content is another product, or state the content in "
                    "products.csv\n"
                    "bom.csv:16: recipe thrift: its outputs hold 17.4 g of dy per unit, its inputs "
                    "only 8.7\n");
    fix_free(&f);
}

static void test_network_load__a_content_that_nothing_tells_is_refused(void **state)
{
    struct fix f;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_PRODUCTS, "swarf", "el_nd_g", "");
    fix_set(&f, MDL_PRODUCTS, "swarf", "el_dy_g", "");
    fix_refused(&f,
                "bom.csv:6: recipe sinter: the content of swarf cannot be computed; state it in "
                "products.csv\n");
    fix_free(&f);
}

static void test_network_load__keys_are_used_once(void **state)
{
    static const struct {
        enum mdl_table_number t;
        const char *row, *says;
    } twice[] = {
        {MDL_PRODUCTS, "ore,Again,mine,kg,1,1,,,1,,\n",
         "products.csv:10: the same key as in line 2; a key may be used once\n"},
        {MDL_ENTITIES, "yamato,Again,JP,\n",
         "entities.csv:4: the same key as in line 2; a key may be used once\n"},
        {MDL_SITES, "cn.mag,Again,,CN,magnet,7,14,7,7\n",
         "sites.csv:9: the same key as in line 4; a key may be used once\n"},
        {MDL_BOM, "wind,input,magnet,0.1\n",
         "bom.csv:16: the same key as in line 11; a key may be used once\n"},
        {MDL_PROCESSES, "p.car,jp.car,assemble,1,1,1\n",
         "processes.csv:8: the same key as in line 6; a key may be used once\n"},
        {MDL_PROCESSES, "p.car,jp.motor,wind,1,1,1\n",
         "processes.csv:8:1: id = 'p.car': line 6 has the same id; an id may be used once\n"},
        {MDL_LANES, "cn.mine,cn.sep,ore,0,1,0\n",
         "lanes.csv:10: the same key as in line 2; a key may be used once\n"},
        {MDL_DEMAND, "jp.market,car,civil,1,0,gamma,\n",
         "demand.csv:4: the same key as in line 2; a key may be used once\n"},
        {MDL_LISTS, "codes,code,1C904\n",
         "lists.csv:6: the same key as in line 2; a key may be used once\n"},
        {MDL_CALENDARS, "CN,2026-02-17,1\n",
         "calendars.csv:3: the same key as in line 2; a key may be used once\n"},
        {MDL_STOCKS, "jp.car,motor,,1\n",
         "stocks.csv:3: the same key as in line 2; a key may be used once\n"}};

    (void)state;
    for (size_t i = 0; i < sizeof twice / sizeof *twice; i++) {
        struct fix f;

        fix_toy(&f);
        fix_table(&f, MDL_CALENDARS, "country,date,working\nCN,2026-02-17,0.2\n");
        fix_table(&f, MDL_STOCKS, "site,product,policy,cover_d\njp.car,motor,,\n");
        fix_add(&f, twice[i].t, twice[i].row);
        fix_refused(&f, twice[i].says);
        fix_free(&f);
    }
}

static void test_network_load__lane_ids_are_used_once(void **state)
{
    struct fix f;

    (void)state;
    fix_toy(&f);
    fix_set_at(&f, MDL_LANES, 3, "id", "by-sea");
    fix_set_at(&f, MDL_LANES, 4, "id", "by-sea");
    fix_refused(&f, "lanes.csv:6:40: id = 'by-sea': line 5 has the same id; an id may be used "
                    "once\n");
    fix_set_at(&f, MDL_LANES, 4, "id", "cn.mag~jp.motor~magnet");
    fix_set_at(&f, MDL_LANES, 3, "id", "");
    fix_refused(&f, "lanes.csv:6:40: id = 'cn.mag~jp.motor~magnet': line 5 has the same id; an id "
                    "may be used once\n");
    fix_free(&f);
}

static void test_network_load__a_stock_row_says_what_its_policy_needs(void **state)
{
    static const struct {
        const char *row, *says;
    } wrong[] = {
        {"jp.car,motor,base-stock,,,,,\n",
         "stocks.csv:2:14: policy = 'base-stock': needs the columns S (s not above S, Q above "
         "0)\n"},
        {"jp.car,motor,sS,5,4,,,\n",
         "stocks.csv:2:14: policy = 'sS': needs the columns s S (s not above S, Q above 0)\n"},
        {"jp.car,motor,sS,5,,,,\n",
         "stocks.csv:2:14: policy = 'sS': needs the columns s S (s not above S, Q above 0)\n"},
        {"jp.car,motor,rQ,,,5,,\n",
         "stocks.csv:2:14: policy = 'rQ': needs the columns r Q (s not above S, Q above 0)\n"},
        {"jp.car,motor,rQ,,,5,0,\n",
         "stocks.csv:2:14: policy = 'rQ': needs the columns r Q (s not above S, Q above 0)\n"},
        {"jp.car,motor,TQ,,,,,\n",
         "stocks.csv:2:14: policy = 'TQ': needs the columns Q (s not above S, Q above 0)\n"},
        {"jp.car,magnet,,,,,,\n",
         "stocks.csv:2:8: product = 'magnet': jp.car neither makes, uses, buys nor sells it\n"},
        {"jp.carr,motor,,,,,,\n",
         "stocks.csv:2:1: site = 'jp.carr': no such site; did you mean 'jp.car'?\n"},
        {"jp.car,motr,,,,,,\n",
         "stocks.csv:2:8: product = 'motr': no such product; did you mean 'motor'?\n"},
        {"jp.motor,magnet,base-stock,,1e14,,,\n",
         "stocks.csv:2:29: S = '1e14': more than 1e18 quanta\n"},
        {"jp.motor,magnet,,,,,,1e15\n",
         "stocks.csv:2:22: initial = '1e15': more than 1e18 quanta\n"}};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct fix f;

        fix_toy(&f);
        fix_table(&f, MDL_STOCKS, "site,product,policy,s,S,r,Q,initial\n");
        fix_add(&f, MDL_STOCKS, wrong[i].row);
        fix_refused(&f, wrong[i].says);
        fix_free(&f);
    }
}

static void test_network_load__names_every_table_that_is_missing(void **state)
{
    static const char *const all = "products.csv: this table is missing; a network needs it\n"
                                   "sites.csv: this table is missing; a network needs it\n"
                                   "bom.csv: this table is missing; a network needs it\n"
                                   "processes.csv: this table is missing; a network needs it\n"
                                   "lanes.csv: this table is missing; a network needs it\n"
                                   "demand.csv: this table is missing; a network needs it\n";
    struct fix f = {0};

    (void)state;
    fix_refused(&f, all);
    fix_free(&f);
    for (int t = 0; t < MDL_TABLES; t++) {
        struct mdl_network n;

        fix_toy(&f);
        fix_table(&f, MDL_CALENDARS, "country,date,working\nCN,2026-02-17,0.2\n");
        fix_table(&f, MDL_STOCKS, "site,product\njp.car,motor\n");
        fix_set(&f, MDL_SITES, "jp.def", "entity", "");
        fix_drop(&f, MDL_LISTS, "firms");
        f.text[t] = NULL;
        assert_int_equal(fix_network(&f, &n), mdl_tables[t].required ? SIM_EINPUT : 0);
        fix_said(&f, mdl_tables[t].required
                         ? fix_format(&f, "%s.csv: this table is missing; a network needs it\n",
                                      mdl_tables[t].name)
                         : "");
        fix_free(&f);
    }
}

static void test_network_load__names_columns_that_are_wrong_or_missing(void **state)
{
    struct fix f;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_SITES, "cn.mag", "covr_d", "3");
    fix_refused(&f, "sites.csv:1:81: unknown column 'covr_d'; did you mean 'cover_d'?\n");
    fix_free(&f);
    fix_toy(&f);
    fix_table(&f, MDL_DEMAND, "site,product\njp.market,car\n");
    fix_refused(&f, "demand.csv:1: column rate_d is missing: mean demand (0 to 1000000000000)\n");
    fix_free(&f);
}

static void test_network_load__names_columns_of_elements_that_are_wrong(void **state)
{
    static const struct {
        const char *head, *says;
    } wrong[] = {
        {"el_dyyy", "products.csv:1: column 'el_dyyy': a column for an element is named "
                    "el_<symbol>_g\n"},
        {"el__g",
         "products.csv:1: column 'el__g': a column for an element is named el_<symbol>_g\n"},
        {"el_0123456789012345678901234567890123456789012345678901234567890123456789_g",
         "products.csv:1: column "
         "'el_0123456789012345678901234567890123456789012345678901234567890123456789_g': a column "
         "for an element is named el_<symbol>_g\n"}};
    struct fix f;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        fix_toy(&f);
        fix_set(&f, MDL_PRODUCTS, "ore", wrong[i].head, "");
        fix_refused(&f, wrong[i].says);
        fix_free(&f);
    }
    fix_toy(&f);
    for (int e = 2; e <= MDL_MAX_ELEMENTS; e++)
        fix_set(&f, MDL_PRODUCTS, "ore", fix_format(&f, "el_x%d_g", e), "1");
    fix_refused(&f, "products.csv:1: column 'el_x8_g': at most 8 elements are tracked\n");
    fix_free(&f);
}

static void test_network_load__gathers_the_faults_of_all_tables(void **state)
{
    struct fix f;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_PRODUCTS, "ore", "value_usd", "-1");
    fix_set(&f, MDL_SITES, "cn.mine", "review_d", "366");
    fix_set(&f, MDL_DEMAND, "jp.market", "cv", "x");
    f.text[MDL_LANES] = NULL;
    fix_refused(&f, "products.csv:2:25: value_usd = '-1': must be 0 to 1000000000000\n"
                    "sites.csv:2:23: review_d = '366': must be a whole number, 0 to 365\n"
                    "lanes.csv: this table is missing; a network needs it\n"
                    "demand.csv:2:25: cv = 'x': must be 0 to 10\n");
    fix_free(&f);
    fix_toy(&f);
    fix_set(&f, MDL_SITES, "cn.mine", "entity", "x");
    fix_set(&f, MDL_BOM, "wind", "product", "x");
    fix_set(&f, MDL_PROCESSES, "p.mag", "site", "x");
    fix_set(&f, MDL_LANES, "cn.mine", "from", "x");
    fix_set(&f, MDL_DEMAND, "jp.market", "season", "1");
    fix_set(&f, MDL_LISTS, "firms", "value", "x");
    fix_refused(&f, "sites.csv:2:14: entity = 'x': no such entity in the network\n"
                    "bom.csv:10:13: product = 'x': no such product in the network\n"
                    "processes.csv:4:7: site = 'x': no such site in the network\n"
                    "lanes.csv:2:1: from = 'x': no such site in the network\n"
                    "demand.csv:2:50: season = '1': 1 numbers; twelve are needed, or none\n"
                    "lists.csv:5:14: value = 'x': no such entity in the network\n");
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_network_load__names_the_place_of_an_unknown_id_and_the_nearest),
        cmocka_unit_test(test_network_load__names_the_place_of_a_number_that_cannot_be),
        cmocka_unit_test(test_network_load__refuses_words_that_are_not_there),
        cmocka_unit_test(test_network_load__a_recipe_has_one_main_output),
        cmocka_unit_test(test_network_load__an_unknown_main_output_is_one_fault),
        cmocka_unit_test(test_network_load__shares_add_up_to_one),
        cmocka_unit_test(test_network_load__a_need_has_a_source),
        cmocka_unit_test(test_network_load__a_lane_goes_somewhere_else),
        cmocka_unit_test(test_network_load__a_process_begins_before_it_ends),
        cmocka_unit_test(test_network_load__what_is_made_only_from_itself_is_refused),
        cmocka_unit_test(test_network_load__a_recipe_that_nobody_follows_makes_nothing),
        cmocka_unit_test(test_network_load__a_loop_through_scrap_is_fine),
        cmocka_unit_test(test_network_load__outputs_hold_no_more_of_an_element_than_inputs),
        cmocka_unit_test(test_network_load__two_recipes_give_the_same_content),
        cmocka_unit_test(test_network_load__a_content_that_nothing_tells_is_refused),
        cmocka_unit_test(test_network_load__keys_are_used_once),
        cmocka_unit_test(test_network_load__lane_ids_are_used_once),
        cmocka_unit_test(test_network_load__a_stock_row_says_what_its_policy_needs),
        cmocka_unit_test(test_network_load__names_every_table_that_is_missing),
        cmocka_unit_test(test_network_load__names_columns_that_are_wrong_or_missing),
        cmocka_unit_test(test_network_load__names_columns_of_elements_that_are_wrong),
        cmocka_unit_test(test_network_load__gathers_the_faults_of_all_tables)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
