#include "tests/models/fixture.h"

#include "sim/source.h"

/* ---- texts from the key tables ---- */

enum {
    PRIORITY = -6, /* of an office */
    STAFFING,
    DETOUR,
    DIVERSION,
    SCENARIO,
    OFFICE /* -1; 0 and up: a rule of that kind */
};

static const char *good(struct fix *f, const struct sim_key *k)
{
    if (strcmp(k->name, "via") == 0)
        return "\"CN\"";
    switch (k->type) {
    case SIM_KEY_DATE:
        return "\"2026-01-01\"";
    case SIM_KEY_WORD:
        return fix_format(f, "\"%s\"", k->words[0]);
    case SIM_KEY_INT:
        return fix_format(f, "%lld", (long long)k->lo);
    case SIM_KEY_REAL:
    case SIM_KEY_DIST:
        return fix_format(f, "%.17g", k->lo);
    case SIM_KEY_BOOL:
        return "true";
    case SIM_KEY_STRS:
        return "[ \"x\" ]";
    default:
        return "\"x\"";
    }
}

static const struct sim_key *table_of(int kind, int i)
{
    const struct sim_key *const own[] = {
        [PRIORITY - PRIORITY] = mdl_priority_keys, [STAFFING - PRIORITY] = mdl_staffing_keys,
        [DETOUR - PRIORITY] = mdl_detour_keys,     [DIVERSION - PRIORITY] = mdl_diversion_keys,
        [SCENARIO - PRIORITY] = mdl_scenario_keys, [OFFICE - PRIORITY] = mdl_office_keys};

    if (i > (kind >= 0))
        return NULL;
    if (kind >= 0)
        return i == 0 ? mdl_rule_keys : mdl_policies[kind]->keys;
    return own[kind - PRIORITY];
}

/* The keys that must be there, without `skip`, and then `extra` on a line of its own. */
static const char *group(struct fix *f, int kind, const char *skip, const char *extra)
{
    const char *s = "";

    for (int i = 0; table_of(kind, i); i++)
        for (const struct sim_key *k = table_of(kind, i); k->name; k++) {
            if (k->def != NULL || (skip && strcmp(k->name, skip) == 0))
                continue;
            if (kind >= 0 && strcmp(k->name, "action") == 0)
                s = fix_format(f, "%saction = \"%s\";", s, mdl_policies[kind]->name);
            else
                s = fix_format(f, "%s%s = %s; ", s, k->name, good(f, k));
        }
    if (kind >= 0 && !(skip && strcmp(skip, "office") == 0))
        s = fix_format(f, "%soffice = \"x\"; ", s);
    return fix_format(f, "%s\n%s\n", s, extra);
}

/* A list with one entry of a kind, if that is the kind in hand or one of every scenario. */
static const char *entry(struct fix *f, const char *list, int of, int kind, const char *skip,
                         const char *extra)
{
    if (of != kind && of < SCENARIO)
        return "";
    return fix_format(
        f, "%s = ( { %s%s } );\n", list,
        group(f, of, of == kind ? skip : NULL, of == kind ? extra : ""),
        of == OFFICE && kind == PRIORITY   ? entry(f, "priority", kind, kind, skip, extra)
        : of == OFFICE && kind == STAFFING ? entry(f, "staffing", kind, kind, skip, extra)
                                           : "");
}

/* A whole scenario in which one group of a kind has `extra`. */
static const char *scenario(struct fix *f, int kind, const char *skip, const char *extra)
{
    const char *top =
        group(f, SCENARIO, kind == SCENARIO ? skip : NULL, kind == SCENARIO ? extra : "");
    int has_offices = kind == SCENARIO && skip && strcmp(skip, "offices") == 0;
    int has_rules = kind == SCENARIO && skip && strcmp(skip, "rules") == 0;

    if (!has_offices)
        top = fix_format(f, "%s%s", top, entry(f, "offices", OFFICE, kind, skip, extra));
    if (!has_rules)
        top = fix_format(
            f, "%srules = ( { %s } );\n", top,
            group(f, kind >= 0 ? kind : 0, kind >= 0 ? skip : NULL, kind >= 0 ? extra : ""));
    if (kind == DETOUR || kind == DIVERSION)
        top = fix_format(
            f, "%s%s", top,
            entry(f, kind == DETOUR ? "detours" : "diversions", kind, kind, skip, extra));
    return top;
}

static int read_text(struct fix *f, struct mdl_scenario *s, const char *text)
{
    struct sim_tree *tree;
    int rc;

    sim_err_free(&f->err);
    rc = sim_tree_parse(&tree, &f->a, "t.cfg", text, strlen(text), &f->err);
    return rc ? rc : mdl_scenario_read(s, &f->a, "t", tree, &f->err);
}

/* "t.cfg:4: key" for the line on which a key is set; without the key if `shown` is NULL. */
static const char *place(struct fix *f, const char *text, const char *shown, const char *key)
{
    const char *at = strstr(text, fix_format(f, "\n%s = ", key));

    assert_non_null(at);
    return fix_format(f, "t.cfg:%d: %s", sim_text_line(text, (size_t)(at - text)) + 1,
                      shown ? shown : "");
}

static void assert_read(int kind, const struct sim_key *k, const char *value, int fits)
{
    struct fix f = {0};
    struct mdl_scenario s;
    const char *text = scenario(&f, kind, k->name, fix_format(&f, "%s = %s;", k->name, value));
    char must[600], allowed[512];
    const char *at = place(&f, text, *value == '{' ? NULL : k->name, k->name);
    int rc = read_text(&f, &s, text);

    sim_keys_allowed(k, allowed, sizeof allowed);
    snprintf(must, sizeof must, "must be %s", allowed);
    if (!fits && (rc != SIM_EINPUT || !strstr(f.err.text, at)))
        fail_msg("takes %s = %s; %s", k->name, value, f.err.text ? f.err.text : "");
    if (fits && rc != 0 && strstr(f.err.text, at) && strstr(f.err.text, must))
        fail_msg("refuses %s = %s: %s", k->name, value, f.err.text);
    fix_free(&f);
}

static int last_kind(void)
{
    int n = 0;

    while (mdl_policies[n])
        n++;
    return n;
}

/* Calls check for every key of every group. */
static int each_key(void (*check)(int kind, const struct sim_key *k))
{
    int n = 0;

    for (int kind = PRIORITY; kind < last_kind(); kind++)
        for (int i = 0; table_of(kind, i); i++)
            for (const struct sim_key *k = table_of(kind, i); k->name; k++, n++)
                check(kind, k);
    return n;
}

static void number_text(const struct sim_key *k, double x, char to[64])
{
    if (k->type == SIM_KEY_INT)
        snprintf(to, 64, "%lld", (long long)x);
    else
        snprintf(to, 64, "%.17g%s", x, x == floor(x) && fabs(x) < 1e15 ? ".0" : "");
}

static void check_ends(int kind, const struct sim_key *k)
{
    int whole = k->type == SIM_KEY_INT;
    char to[64];

    if (!whole && k->type != SIM_KEY_REAL && k->type != SIM_KEY_DIST)
        return;
    number_text(k, k->lo, to);
    assert_read(kind, k, to, 1);
    number_text(k, k->hi, to);
    assert_read(kind, k, to, 1);
    number_text(k, whole ? k->lo - 1 : nextafter(k->lo, -INFINITY), to);
    assert_read(kind, k, to, 0);
    number_text(k, whole ? k->hi + 1 : nextafter(k->hi, INFINITY), to);
    if (!whole || k->hi < 9e15) /* beyond, doubles do not tell whole numbers apart */
        assert_read(kind, k, to, 0);
    if (whole) {
        assert_read(kind, k, "9223372036854775807", 0);
        assert_read(kind, k, "9223372036854775808", 0);
        assert_read(kind, k, "-9223372036854775808", 0);
        assert_read(kind, k, "1.0", 0);
    }
    assert_read(kind, k, "1e999", 0);
}

static void test_scenario_read__takes_every_number_at_its_ends_and_none_beyond(void **state)
{
    (void)state;
    assert_true(each_key(check_ends) > 60);
}

/* What a key needs beside it to mean anything; NULL = it may not have this value. */
static const char *beside(const struct sim_key *k, const char *value)
{
    if (strcmp(k->name, "content_share") == 0 || strcmp(k->name, "content_g") == 0)
        return "content_elements = [ \"dy\" ];";
    if (strcmp(k->name, "decline") == 0)
        return atof(value) > 0 ? "decline_d = 5.0;" : "";
    if (strcmp(k->name, "decline_d") == 0)
        return atof(value) > 0 ? "decline = 0.5;" : "";
    if (strcmp(k->name, "return_share") == 0)
        return "return_d = 5.0;";
    if (strcmp(k->name, "scope") == 0)
        return "list = \"catalogue\";";
    return "";
}

/* A toy with this in one of its groups is run: it balances. The longest times are left out, as they
 * take long. */
static void assert_runs(int kind, const struct sim_key *k, const char *value)
{
    struct fix f;
    struct sim_result r;

    fix_toy(&f);
    fix_table(&f, MDL_CATALOGUE, "category,name,entries\n1C,Materials,40\n");
    fix_table(&f, MDL_ELEMENTS, "element,name,value_usd_kg\ndy,Dysprosium,300\n");
    fix_add(&f, MDL_LISTS, "catalogue,category,1C\n");
    fix_set(&f, MDL_PRODUCTS, "magnet", "category", "1C");
    fix_scenario(&f, "s", "");
    f.cfg[0] = fix_format(&f, "%s%s%s",
                          scenario(&f, kind, k->name,
                                   fix_format(&f, "%s = %s; %s", k->name, value, beside(k, value))),
                          strcmp(k->name, "horizon_d") == 0 ? "" : "horizon_d = 40;\n",
                          strcmp(k->name, "warm_up_d") == 0 ? "" : "warm_up_d = 30;\n");
    fix_play(&f, 1, &r);
    sim_result_free(&r);
    fix_free(&f);
}

static void check_runs(int kind, const struct sim_key *k)
{
    char to[64];

    if ((k->type != SIM_KEY_INT && k->type != SIM_KEY_REAL && k->type != SIM_KEY_DIST) ||
        strcmp(k->name, "runs") == 0)
        return;
    number_text(k, k->lo, to);
    assert_runs(kind, k, to);
    if (strcmp(k->name, "horizon_d") == 0 || strcmp(k->name, "warm_up_d") == 0)
        return;
    number_text(k, k->hi, to);
    assert_runs(kind, k, to);
}

static void test_scenario_run__stands_every_number_at_its_ends(void **state)
{
    (void)state;
    assert_true(each_key(check_runs) > 60);
}

static void check_types(int kind, const struct sim_key *k)
{
    static const char *const value[] = {"\"?\"",      "1",         "1.0",   "true",
                                        "{ a = 1; }", "[ \"?\" ]", "[ 1 ]", "( 1 )"};
    static const char *const fits[] = {
        [SIM_KEY_STR] = "1.......",   [SIM_KEY_ID] = "........",    [SIM_KEY_INT] = ".1......",
        [SIM_KEY_REAL] = ".11.....",  [SIM_KEY_BOOL] = "...1....",  [SIM_KEY_DATE] = "........",
        [SIM_KEY_DIST] = ".11.....",  [SIM_KEY_WORD] = "........",  [SIM_KEY_STRS] = ".....1..",
        [SIM_KEY_REALS] = "......11", [SIM_KEY_GROUP] = "........", [SIM_KEY_LIST] = "........"};

    for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
        char number[64];

        number_text(k, k->lo, number);
        assert_read(kind, k, i == 2 && k->type == SIM_KEY_REAL && k->hi < 1 ? number : value[i],
                    fits[k->type][i] == '1' && !(i == 1 && k->hi < 1));
    }
}

static void test_scenario_read__refuses_values_of_another_type(void **state)
{
    (void)state;
    assert_true(each_key(check_types) > 60);
}

static void check_words(int kind, const struct sim_key *k)
{
    for (int i = 0; k->type == SIM_KEY_WORD && k->words[i]; i++) {
        struct fix f = {0};

        assert_read(kind, k, fix_format(&f, "\"%s\"", k->words[i]), 1);
        fix_free(&f);
    }
    if (k->type == SIM_KEY_DATE) {
        assert_read(kind, k, "\"1900-01-01\"", 1);
        assert_read(kind, k, "\"2999-12-31\"", 1);
        assert_read(kind, k, "\"1899-12-31\"", 0);
        assert_read(kind, k, "\"3000-01-01\"", 0);
        assert_read(kind, k, "\"2026-02-29\"", 0);
    }
    if (k->type == SIM_KEY_DIST) {
        assert_read(kind, k, "{ dist = \"lognormal\"; median = 2.0; sigma = 0.5; }", 1);
        assert_read(kind, k, "\"triangular(1,2,3)\"", 1);
        assert_read(kind, k, "{ dist = \"lognormal\"; median = 2.0; }", 0);
        assert_read(kind, k, "{ dist = \"normal\"; }", 0);
        assert_read(kind, k, "{ dist = \"uniform\"; lo = 3; hi = 1; }", 0);
    }
}

static void test_scenario_read__takes_words_dates_and_distributions(void **state)
{
    (void)state;
    assert_true(each_key(check_words) > 60);
}

static void check_missing(int kind, const struct sim_key *k)
{
    struct fix f = {0};
    struct mdl_scenario s;
    int rc = read_text(&f, &s, scenario(&f, kind, k->name, ""));

    if (k->def == NULL) {
        assert_int_equal(rc, SIM_EINPUT);
        if (!strstr(f.err.text, fix_format(&f, " %s is missing: %s", k->name, k->meaning)))
            fail_msg("%s missing: %s", k->name, f.err.text);
    } else if (strcmp(k->name, "office") != 0 && strcmp(k->name, "offices") != 0 && rc != 0) {
        fail_msg("%s may be left out: %s", k->name, f.err.text);
    }
    fix_free(&f);
}

static void test_scenario_read__says_what_is_missing(void **state)
{
    (void)state;
    assert_true(each_key(check_missing) > 60);
}

static void check_misspelt(int kind, const struct sim_key *k)
{
    struct fix f = {0};
    struct mdl_scenario s;
    const char *wrong = fix_format(&f, "q%s", k->name), *text;

    text = scenario(&f, kind, NULL, fix_format(&f, "%s = 1;", wrong));
    assert_int_equal(read_text(&f, &s, text), SIM_EINPUT);
    if (strlen(k->name) >= 4 &&
        !strstr(f.err.text,
                fix_format(&f, "unknown key '%s'; did you mean '%s'?\n", wrong, k->name)))
        fail_msg("%s: %s", wrong, f.err.text);
    assert_non_null(strstr(f.err.text, fix_format(&f, "unknown key '%s'", wrong)));
    fix_free(&f);
}

static void test_scenario_read__an_unknown_key_is_told_with_the_nearest(void **state)
{
    (void)state;
    assert_true(each_key(check_misspelt) > 60);
}

/* ---- exact lines ---- */

static void assert_says(const char *text, const char *says)
{
    struct fix f = {0};
    struct mdl_scenario s;

    assert_int_equal(read_text(&f, &s, text), *says ? SIM_EINPUT : 0);
    fix_said(&f, says);
    fix_free(&f);
}

#define HEAD "title = \"t\"; network = \"toy\"; start = \"2026-01-01\";\n"
#define OFFICES "offices = ( { id = \"o\"; review_d = 10; } );\n"

static void test_scenario_read__a_licence_needs_an_office(void **state)
{
    (void)state;
    assert_says(HEAD "rules = ( { id = \"r\"; from = \"2026-01-01\"; action = \"licence\"; } );",
                "t.cfg:2: 'r': a licence needs an office: office = \"<id>\"\n");
    assert_says(HEAD OFFICES "rules = ( { id = \"r\"; from = \"2026-01-01\"; action = "
                             "\"licence\";\n office = \"oo\"; } );",
                "t.cfg:4: office = \"oo\": there is no office 'oo' in this scenario\n");
    assert_says(HEAD OFFICES "rules = ( { id = \"r\"; from = \"2026-01-01\"; action = "
                             "\"licence\"; office = \"o\"; } );",
                "");
}

static void test_scenario_read__mistaken_civil_orders_need_an_office_or_denial(void **state)
{
#define RULE                                                                                       \
    "rules = ( { id = \"r\"; from = \"2026-01-01\"; action = \"deny\";\n end_use = [ "             \
    "\"military\" ];\n mistaken_civil = 0.1; "

    (void)state;
    assert_says(HEAD OFFICES RULE "} );",
                "t.cfg:5: mistaken_civil = 0.1: orders taken for military ones need a licence "
                "(mistaken_action), so the rule needs an office: office = \"<id>\"\n");
    assert_says(HEAD OFFICES RULE "office = \"o\"; } );", "");
    assert_says(HEAD OFFICES RULE "mistaken_action = \"deny\"; } );", "");
#undef RULE
}

static void test_scenario_read__dates_of_a_rule_are_in_order(void **state)
{
#define RULE HEAD "rules = ( { id = \"r\"; from = \"2026-03-01\"; action = \"deny\";\n"

    (void)state;
    assert_says(RULE "until = \"2026-02-28\"; } );",
                "t.cfg:3: until = \"2026-02-28\": lies before from\n");
    assert_says(RULE "until = \"2026-03-01\"; } );", "");
    assert_says(RULE "suspended_from = \"2026-04-01\"; } );",
                "t.cfg:2: 'r': give both suspended_from and suspended_until, the first not after "
                "the second\n");
    assert_says(RULE "suspended_until = \"2026-04-01\"; } );",
                "t.cfg:2: 'r': give both suspended_from and suspended_until, the first not after "
                "the second\n");
    assert_says(RULE "suspended_from = \"2026-04-02\"; suspended_until = \"2026-04-01\"; } );",
                "t.cfg:2: 'r': give both suspended_from and suspended_until, the first not after "
                "the second\n");
    assert_says(RULE "suspended_from = \"2026-04-01\"; suspended_until = \"2026-04-01\"; } );", "");
#undef RULE
}

static void test_scenario_read__ids_are_used_once(void **state)
{
    (void)state;
    assert_says(HEAD "offices = ( { id = \"o\"; review_d = 1; },\n { id = \"o\"; review_d = 2; } "
                     ");",
                "t.cfg:3: id = \"o\": this id is given twice (first on line 2)\n");
    assert_says(HEAD "title = \"again\";", "t.cfg:2: title is given twice (first on line 1)\n");
}

static void test_scenario_read__gathers_the_faults_of_all_groups(void **state)
{
    (void)state;
    assert_says(HEAD "runs = 0;\nseed = -1;\noffices = ( { id = \"o\";\n review_d = -1; } );\n"
                     "rules = ( { id = \"r\"; from = \"2026-01-01\";\n action = \"denny\"; },\n"
                     "{ id = \"s\"; action = \"licence\"; from = \"2026-01-01\"; } );",
                "t.cfg:2: runs = 0: must be a whole number, 1 to 1000000\n"
                "t.cfg:3: seed = -1: must be a whole number, 0 to 9007199254740992\n"
                "t.cfg:5: review_d = -1: value must be a number and not negative\n"
                "t.cfg:7: action = \"denny\": must be one of deny, inspect, licence, notify, "
                "quota, tax; did you mean "
                "'deny'?\n"
                "t.cfg:8: 's': a licence needs an office: office = \"<id>\"\n");
}

static void test_scenario_read__a_kind_has_its_own_keys_and_no_others(void **state)
{
    (void)state;
    assert_says(HEAD "rules = ( { id = \"r\"; from = \"2026-01-01\"; action = \"deny\";\n delay_d "
                     "= 3; } );",
                "t.cfg:3: unknown key 'delay_d'\n");
    assert_says(HEAD "rules = ( { id = \"r\"; from = \"2026-01-01\"; action = \"inspect\";\n "
                     "delay_d = 3; } );",
                "");
}

static void test_scenario_read__sorts_rules_and_offices_by_id(void **state)
{
    struct fix f = {0};
    struct mdl_scenario s;

    (void)state;
    assert_int_equal(
        read_text(&f, &s,
                  HEAD
                  "offices = ( { id = \"b\"; review_d = 1; }, { id = \"a\"; review_d = 2; } );"
                  "rules = ( { id = \"z\"; from = \"2026-01-01\"; action = \"licence\"; office "
                  "= \"b\"; }, { id = \"y\"; from = \"2026-01-01\"; action = \"licence\"; "
                  "office = \"a\"; } );"),
        0);
    assert_string_equal(s.office[0].id, "a");
    assert_string_equal(s.rule[0].id, "y");
    assert_int_equal(s.rule[0].licence.office, 0);
    assert_int_equal(s.rule[1].licence.office, 1);
    fix_free(&f);
}

/* ---- what needs the network ---- */

static void assert_link(const char *text, const char *says)
{
    struct fix f;
    struct mdl_network n;
    struct mdl_scenario s;

    fix_toy(&f);
    fix_network_ok(&f, &n);
    assert_int_equal(read_text(&f, &s, text), 0);
    assert_int_equal(mdl_scenario_link(&s, &f.a, &n, &f.err), *says ? SIM_EINPUT : 0);
    fix_said(&f, says);
    fix_free(&f);
}

static void test_scenario_link__says_what_the_network_does_not_have(void **state)
{
#define RULE HEAD "rules = ( { id = \"r\"; from = \"2026-01-01\"; action = \"deny\";\n"

    (void)state;
    assert_link(RULE "list = \"codez\"; } );",
                "t.cfg:3: list = \"codez\": lists.csv of this network has no such list of goods\n");
    assert_link(RULE "list = \"firms\"; } );",
                "t.cfg:3: list = \"firms\": lists.csv of this network has no such list of goods\n");
    assert_link(RULE "entity_list = \"codes\"; } );",
                "t.cfg:3: entity_list = \"codes\": lists.csv of this network has no such list of "
                "entities\n");
    assert_link(RULE "origin = [ \"CN\", \"XX\" ];\ndestination = [ \"jp\" ]; } );",
                "t.cfg:3: origin: the network has no country 'XX', lists.csv no such group\n"
                "t.cfg:4: destination: the network has no country 'jp', lists.csv no such group\n");
    assert_link(RULE "end_use = [ \"civil\", \"army\" ]; } );",
                "t.cfg:3: end_use: 'army' is none of civil, military\n");
    assert_link(HEAD "focus_country = \"FR\";",
                "t.cfg:2: focus_country = \"FR\": the network has no such country\n");
    assert_link(
        HEAD "offices = ( { id = \"o\"; review_d = 1; working_days = true; } );",
        "t.cfg:2: 'o': country must be one of the network (working_days counts by its calendar)\n");
    assert_link(
        HEAD "offices = ( { id = \"o\"; review_d = 1; country = \"FR\"; } );",
        "t.cfg:2: 'o': country must be one of the network (working_days counts by its calendar)\n");
    assert_link(RULE "list = \"codes\"; entity_list = \"firms\"; origin = [ \"CN\" ]; destination "
                     "= [ \"JP\" ]; end_use = [ \"civil\" ]; } );",
                "");
#undef RULE
}

static void test_scenario_link__gathers_all_faults(void **state)
{
    (void)state;
    assert_link(HEAD "focus_country = \"FR\";\nrules = ( { id = \"r\"; from = \"2026-01-01\"; "
                     "action = \"deny\";\nlist = \"x\";\norigin = [ \"XX\" ]; },\n{ id = \"s\"; "
                     "from = \"2026-01-01\"; action = \"deny\"; list = \"y\"; } );",
                "t.cfg:5: origin: the network has no country 'XX', lists.csv no such group\n"
                "t.cfg:4: list = \"x\": lists.csv of this network has no such list of goods\n"
                "t.cfg:6: list = \"y\": lists.csv of this network has no such list of goods\n"
                "t.cfg:2: focus_country = \"FR\": the network has no such country\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scenario_read__takes_every_number_at_its_ends_and_none_beyond),
        cmocka_unit_test(test_scenario_run__stands_every_number_at_its_ends),
        cmocka_unit_test(test_scenario_read__refuses_values_of_another_type),
        cmocka_unit_test(test_scenario_read__takes_words_dates_and_distributions),
        cmocka_unit_test(test_scenario_read__says_what_is_missing),
        cmocka_unit_test(test_scenario_read__an_unknown_key_is_told_with_the_nearest),
        cmocka_unit_test(test_scenario_read__a_licence_needs_an_office),
        cmocka_unit_test(test_scenario_read__mistaken_civil_orders_need_an_office_or_denial),
        cmocka_unit_test(test_scenario_read__dates_of_a_rule_are_in_order),
        cmocka_unit_test(test_scenario_read__ids_are_used_once),
        cmocka_unit_test(test_scenario_read__gathers_the_faults_of_all_groups),
        cmocka_unit_test(test_scenario_read__a_kind_has_its_own_keys_and_no_others),
        cmocka_unit_test(test_scenario_read__sorts_rules_and_offices_by_id),
        cmocka_unit_test(test_scenario_link__says_what_the_network_does_not_have),
        cmocka_unit_test(test_scenario_link__gathers_all_faults)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
