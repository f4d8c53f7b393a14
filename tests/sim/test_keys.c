#include "sim/keys.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct sim_arena arena;
    struct sim_err err;
};

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct fixture));
    return *state == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    sim_arena_free(&f->arena);
    sim_err_free(&f->err);
    free(f);
    return 0;
}

struct part {
    double share;
    int64_t count;
    const char *must;
};
struct all {
    const char *str, *id;
    int64_t whole, wide;
    double real, open;
    int yes;
    int32_t day;
    struct sim_dist dist;
    int word;
    struct sim_strs strs;
    struct sim_reals reals;
    struct part part;
    int64_t other;
    const struct sim_tree *scalar, *free, *any;
};
#define AT(member) offsetof(struct all, member)
#define END                                                                                        \
    {                                                                                              \
        NULL, NULL, SIM_KEY_STR, 0, 0, NULL, 0, NULL, NULL, NULL                                   \
    }

static const char *const actions[] = {"deny", "licence", NULL};
static const struct sim_key part_keys[] = {
    {"share", "", SIM_KEY_REAL, 0, 1, "0.25", offsetof(struct part, share), "a share", NULL, NULL},
    {"count", "", SIM_KEY_INT, 0, 9, "4", offsetof(struct part, count), "a count", NULL, NULL},
    {"must", "", SIM_KEY_STR, 0, 0, NULL, offsetof(struct part, must), "a must", NULL, NULL},
    END};
static const struct sim_key entry_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, 0, "its id", NULL, NULL}, END};
static const struct sim_key keys[] = {
    {"str", "", SIM_KEY_STR, 0, 0, "", AT(str), "a text", NULL, NULL},
    {"id", "", SIM_KEY_ID, 0, 0, "", AT(id), "an id", NULL, NULL},
    {"whole", "", SIM_KEY_INT, 1, 1000, "7", AT(whole), "a count", NULL, NULL},
    {"wide", "", SIM_KEY_INT, -1e19, 1e19, "", AT(wide), "any count", NULL, NULL},
    {"real", "d", SIM_KEY_REAL, -1, 1.5, "0.5", AT(real), "days", NULL, NULL},
    {"open", "", SIM_KEY_REAL, 0, INFINITY, "", AT(open), "no upper limit", NULL, NULL},
    {"yes", "", SIM_KEY_BOOL, 0, 0, "true", AT(yes), "a switch", NULL, NULL},
    {"day", "", SIM_KEY_DATE, 0, 0, "2026-01-05", AT(day), "a day", NULL, NULL},
    {"dist", "d", SIM_KEY_DIST, 1, 100, "lognormal(14,0.6)", AT(dist), "how long", NULL, NULL},
    {"word", "", SIM_KEY_WORD, 0, 0, "licence", AT(word), "what happens", actions, NULL},
    {"strs", "", SIM_KEY_STRS, 0, 0, "CN JP", AT(strs), "where", NULL, NULL},
    {"reals", "", SIM_KEY_REALS, 0, 2, "1 0.5", AT(reals), "season", NULL, NULL},
    {"part", "", SIM_KEY_GROUP, 0, 0, "", AT(part), "a part", NULL, part_keys},
    {"scalar", "", SIM_KEY_SCALAR, 0, 0, "", AT(scalar), "one thing", NULL, NULL},
    {"free", "", SIM_KEY_FREE, 0, 0, "", AT(free), "names", NULL, NULL},
    {"any", "", SIM_KEY_ANY, 0, 0, "", AT(any), "whatever", NULL, NULL},
    {"list", "", SIM_KEY_LIST, 0, 0, "", 0, "entries", NULL, entry_keys},
    END};
static const struct sim_key more_keys[] = {
    {"other", "", SIM_KEY_INT, 0, 9, "1", AT(other), "of a kind", NULL, NULL}, END};
static const struct sim_key required_keys[] = {
    {"approval", "", SIM_KEY_REAL, 0, 1, NULL, AT(real), "share of applications approved", NULL,
     NULL},
    {"part", "", SIM_KEY_GROUP, 0, 0, NULL, AT(part), "its part", NULL, part_keys},
    {"rules", "", SIM_KEY_LIST, 0, 0, NULL, 0, "what holds", NULL, entry_keys},
    END};
static const struct sim_key *const tables[] = {keys, more_keys};
static const struct sim_key *const required[] = {required_keys};

static struct sim_tree *parse(struct fixture *f, const char *text)
{
    struct sim_tree *t = NULL;

    assert_int_equal(sim_tree_parse(&t, &f->arena, "a.cfg", text, strlen(text), &f->err), 0);
    return t;
}

static int read_keys(struct fixture *f, const char *text, struct all *to)
{
    memset(to, 0x55, sizeof *to);
    return sim_keys_read(parse(f, text), "top", tables, 2, to, &f->arena, &f->err);
}

static void expect_fault(struct fixture *f, const char *text, const char *fault)
{
    struct all to;

    assert_int_equal(read_keys(f, text, &to), SIM_EINPUT);
    assert_string_equal(f->err.text, fault);
    sim_err_free(&f->err);
}

static void test_keys_read__defaults_where_nothing_is_said(void **state)
{
    struct fixture *f = *state;
    struct all to;

    assert_int_equal(read_keys(f, "", &to), 0);
    assert_null(to.str);
    assert_null(to.id);
    assert_true(to.whole == 7 && to.wide == 0 && to.real == 0.5 && isnan(to.open));
    assert_int_equal(to.yes, 1);
    assert_int_equal(to.day, sim_date_join(2026, 1, 5));
    assert_int_equal(to.dist.kind, SIM_LOGNORMAL);
    assert_true(to.dist.p[0] == 14 && to.dist.p[1] == 0.6);
    assert_int_equal(to.word, 1);
    assert_int_equal(to.strs.n, 2);
    assert_string_equal(to.strs.s[0], "CN");
    assert_int_equal(to.reals.n, 2);
    assert_true(to.reals.x[1] == 0.5);
    assert_true(to.part.share == 0.25 && to.part.count == 4);
    assert_null(to.part.must);
    assert_true(to.other == 1);
}

static void test_keys_read__a_group_that_is_not_there_is_empty(void **state)
{
    struct fixture *f = *state;
    struct all to;

    assert_int_equal(sim_keys_read(NULL, "top", tables, 2, &to, &f->arena, &f->err), 0);
    assert_true(to.whole == 7);
    assert_int_equal(sim_keys_read(NULL, "a.cfg", required, 1, &to, &f->arena, &f->err),
                     SIM_EINPUT);
    assert_string_equal(
        f->err.text, "a.cfg: approval is missing: share of applications approved (0 to 1)\n"
                     "a.cfg: part is missing: its part (a group { ... })\n"
                     "a.cfg: rules is missing: what holds (a list of groups ( { ... }, ... ))\n");
}

static void test_keys_read__fills_every_type(void **state)
{
    struct fixture *f = *state;
    struct all to;

    assert_int_equal(
        read_keys(f,
                  "str = \"\"; id = \"a.b-c_9\"; whole = 1000; wide = 9223372036854775807;\n"
                  "real = 1; open = 1e300; yes = false; day = \"1900-01-01\";\n"
                  "dist = { dist = \"gamma\"; mean = 5; cv = 0.5; }; word = \"deny\";\n"
                  "strs = ( \"a b\", \"\" ); reals = [ 0, 2, 0.5 ]; other = 0;\n"
                  "part = { must = \"x\"; share = 1; }; list = ( { id = \"q\"; } );",
                  &to),
        0);
    assert_string_equal(to.str, "");
    assert_string_equal(to.id, "a.b-c_9");
    assert_true(to.whole == 1000 && to.wide == INT64_MAX && to.real == 1 && to.open == 1e300);
    assert_int_equal(to.yes, 0);
    assert_int_equal(to.day, sim_date_join(1900, 1, 1));
    assert_int_equal(to.dist.kind, SIM_GAMMA);
    assert_true(to.dist.p[0] == 5 && to.dist.p[1] == 0.5);
    assert_int_equal(to.word, 0);
    assert_int_equal(to.strs.n, 2);
    assert_string_equal(to.strs.s[0], "a b");
    assert_int_equal(to.reals.n, 3);
    assert_true(to.reals.x[1] == 2 && to.reals.x[2] == 0.5);
    assert_string_equal(to.part.must, "x");
    assert_true(to.part.share == 1 && to.part.count == 4 && to.other == 0);
}

static void test_keys_read__a_distribution_has_three_forms(void **state)
{
    struct fixture *f = *state;
    struct all to;

    assert_int_equal(read_keys(f, "dist = 20;", &to), 0);
    assert_true(to.dist.kind == SIM_CONSTANT && to.dist.p[0] == 20);
    assert_int_equal(read_keys(f, "dist = 1.5;", &to), 0);
    assert_true(to.dist.kind == SIM_CONSTANT && to.dist.p[0] == 1.5);
    assert_int_equal(read_keys(f, "dist = \"uniform(1,3)\";", &to), 0);
    assert_true(to.dist.kind == SIM_UNIFORM && to.dist.p[1] == 3);
    assert_int_equal(read_keys(f, "dist = { hi = 3; lo = 1.0; dist = \"uniform\"; };", &to), 0);
    assert_true(to.dist.kind == SIM_UNIFORM && to.dist.p[0] == 1 && to.dist.p[1] == 3);
}

#define WHOLE "must be a whole number, 1 to 1000"
#define DIST "must be a number or a distribution, mean 1 to 100"

static const struct {
    const char *text, *fault; /* NULL: fits */
} boundaries[] = {
    {"whole = 1;", NULL},
    {"whole = 1000;", NULL},
    {"whole = 0x3e8;", NULL},
    {"whole = 1000L;", NULL},
    {"whole = 0;", "whole = 0: " WHOLE},
    {"whole = -0;", "whole = 0: " WHOLE},
    {"whole = 1001;", "whole = 1001: " WHOLE},
    {"whole = -1;", "whole = -1: " WHOLE},
    {"whole = 2147483648;", "whole = 2147483648: " WHOLE},
    {"whole = 4294967296;", "whole = 4294967296: " WHOLE},
    {"whole = 4294967303;", "whole = 4294967303: " WHOLE},
    {"whole = 9223372036854775807;", "whole = 9223372036854775807: " WHOLE},
    {"whole = 5.0;", "whole = 5.0: " WHOLE "; this is a number with a point or exponent"},
    {"whole = 1e2;", "whole = 100.0: " WHOLE "; this is a number with a point or exponent"},
    {"whole = 1e23;", "whole = 1e+23: " WHOLE "; this is a number with a point or exponent"},
    {"whole = \"5\";", "whole = \"5\": " WHOLE "; this is a text"},
    {"whole = \"\";", "whole = \"\": " WHOLE "; this is a text"},
    {"whole = true;", "whole = true: " WHOLE "; this is true or false"},
    {"whole = [ 5 ];", "whole: " WHOLE "; this is a list"},
    {"whole = ( 5 );", "whole: " WHOLE "; this is a list"},
    {"whole = { };", "whole: " WHOLE "; this is a group"},
    {"wide = 2147483648;", NULL},
    {"wide = 4294967296;", NULL},
    {"wide = 9223372036854775807;", NULL},
    {"wide = -9223372036854775808;", NULL},
    {"wide = 5.5;",
     "wide = 5.5: must be a whole number; this is a number with a point or exponent"},
    {"real = -1;", NULL},
    {"real = -1.0;", NULL},
    {"real = 1.5;", NULL},
    {"real = 1;", NULL},
    {"real = -0.0;", NULL},
    {"real = 1.5000000000000002;", "real = 1.5000000000000002: must be -1 to 1.5"},
    {"real = -1.0000000000000002;", "real = -1.0000000000000002: must be -1 to 1.5"},
    {"real = 2;", "real = 2: must be -1 to 1.5"},
    {"real = 4294967296;", "real = 4294967296: must be -1 to 1.5"},
    {"real = 9223372036854775807;", "real = 9223372036854775807: must be -1 to 1.5"},
    {"real = 1e23;", "real = 1e+23: must be -1 to 1.5"},
    {"real = \"0.5\";", "real = \"0.5\": must be -1 to 1.5; this is a text"},
    {"real = false;", "real = false: must be -1 to 1.5; this is true or false"},
    {"open = 0;", NULL},
    {"open = 1.7976931348623157e308;", NULL},
    {"open = -1;", "open = -1: must be 0 or more"},
    {"dist = 1;", NULL},
    {"dist = 100.0;", NULL},
    {"dist = 0.9999999999999999;", "dist = 0.9999999999999999: " DIST},
    {"dist = 101;", "dist = 101: " DIST},
    {"dist = -5;", "dist = -5: value must be a number and not negative"},
    {"dist = true;", "dist = true: " DIST "; this is true or false"},
    {"dist = \"exponential(101)\";", "dist = \"exponential(101)\": " DIST},
    {"dist = \"uniform(1\";",
     "dist = \"uniform(1\": uniform takes 2 numbers: ',' expected after lo"},
    {"dist = { dist = \"exponential\"; mean = 101; };", "dist: " DIST},
    {"dist = { mean = 5; };", "dist: dist is missing: the name of the distribution"},
    {"dist = { dist = \"gama\"; mean = 5; };", "dist = \"gama\": must be one of constant, uniform, "
                                               "triangular, exponential, lognormal, gamma, "
                                               "poisson, erlang; did you mean 'gamma'?"},
    {"dist = { dist = 5; };",
     "dist = 5: must be one of constant, uniform, triangular, exponential, lognormal, gamma, "
     "poisson, erlang"},
    {"dist = { dist = \"gamma\"; mean = 5; };", "dist: cv is missing: a parameter of gamma"},
    {"dist = { dist = \"poisson\"; mean = \"5\"; };",
     "mean = \"5\": must be a number; this is a text"},
    {"dist = { dist = \"poisson\"; mean = 5; cv = 1; };", "unknown parameter 'cv' of poisson"},
    {"dist = { dist = \"uniform\"; lo = 3; hi = 1; };", "dist: lo must not be above hi"},
    {"reals = [ ];", NULL},
    {"reals = ( 0, 2 );", NULL},
    {"reals = [ 0, 2.1 ];", "reals: entry 2 = 2.1: must be 0 to 2"},
    {"reals = [ 0, -1 ];", "reals: entry 2 = -1: must be 0 to 2"},
    {"reals = [ \"a\" ];", "reals: entry 1 must be a number; this is a text"},
    {"reals = 5;", "reals = 5: must be a list of numbers, each 0 to 2; this is a whole number"},
    {"strs = [ 1 ];", "strs: entry 1 must be a text; this is a whole number"},
    {"strs = \"CN\";", "strs = \"CN\": must be a list of texts; this is a text"},
    {"str = 5;", "str = 5: must be a text; this is a whole number"},
    {"id = \"A b\";", "id = \"A b\": must be an id: 1 to 64 of a-z 0-9 . _ -"},
    {"id = \"\";", "id = \"\": must be an id: 1 to 64 of a-z 0-9 . _ -"},
    {"yes = 1;", "yes = 1: must be true or false; this is a whole number"},
    {"day = \"2026-02-29\";", "day = \"2026-02-29\": must be a date YYYY-MM-DD"},
    {"day = 2026;", "day = 2026: must be a date YYYY-MM-DD; this is a whole number"},
    {"word = \"licnece\";",
     "word = \"licnece\": must be one of deny, licence; did you mean 'licence'?"},
    {"word = \"x\";", "word = \"x\": must be one of deny, licence"},
    {"word = 1;", "word = 1: must be one of deny, licence; this is a whole number"},
    {"part = 5;", "part = 5: must be a group { ... }; this is a whole number"},
    {"part = { must = \"x\"; share = 2; };", "share = 2: must be 0 to 1"},
    {"part = { must = \"x\"; shaer = 1; };", "unknown key 'shaer'; did you mean 'share'?"},
    {"part = { };", "must is missing: a must (a text)"},
    {"list = { };", "list: must be a list of groups ( { ... }, ... ); this is a group"},
    {"list = ( 1 );", "list: must be a list of groups ( { ... }, ... )"},
    {"whol = 5;", "unknown key 'whol'; did you mean 'whole'?"},
    {"otehr = 5;", "unknown key 'otehr'; did you mean 'other'?"},
    {"Real = 5;", "unknown key 'Real'; did you mean 'real'?"},
    {"something_else = 5;", "unknown key 'something_else'"},
};

static void test_keys_read__takes_what_is_in_range_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    char text[200], fault[400];
    struct all to;

    for (size_t i = 0; i < sizeof boundaries / sizeof *boundaries; i++) {
        snprintf(text, sizeof text, "\n\n%s\n", boundaries[i].text);
        if (boundaries[i].fault == NULL) {
            assert_int_equal(read_keys(f, text, &to), 0);
            continue;
        }
        snprintf(fault, sizeof fault, "a.cfg:3: %s\n", boundaries[i].fault);
        expect_fault(f, text, fault);
    }
}

static void test_keys_read__minus_zero_is_zero(void **state)
{
    struct fixture *f = *state;
    struct all to;

    assert_int_equal(read_keys(f, "real = -0.0; reals = [ -0.0 ];", &to), 0);
    assert_false(signbit(to.real));
    assert_false(signbit(to.reals.x[0]));
}

static void test_keys_read__tells_what_a_missing_key_means(void **state)
{
    struct fixture *f = *state;
    struct sim_tree *t = parse(f, "\nrules = ( );\nx = {\n  part = { must = \"y\"; };\n};\n");
    struct all to;

    assert_int_equal(sim_keys_read(sim_tree_get(t, "x"), "x", required, 1, &to, &f->arena, &f->err),
                     SIM_EINPUT);
    assert_string_equal(
        f->err.text, "a.cfg:3: approval is missing: share of applications approved (0 to 1)\n"
                     "a.cfg:3: rules is missing: what holds (a list of groups ( { ... }, ... ))\n");
}

static void test_keys_read__refuses_what_is_no_group(void **state)
{
    struct fixture *f = *state;
    struct sim_tree *t = parse(f, "a = 5;");
    struct all to;

    assert_int_equal(sim_keys_read(sim_tree_get(t, "a"), "a", tables, 2, &to, &f->arena, &f->err),
                     SIM_EINPUT);
    assert_string_equal(f->err.text,
                        "a.cfg:1: a = 5: must be a group { ... }; this is a whole number\n");
}

static void test_keys_read__gathers_all_faults(void **state)
{
    expect_fault(*state,
                 "whole = 0;\naproval = 1;\ndist = { dist = \"gamma\"; mea = 1; cv = \"x\"; };\n"
                 "part = {\n  share = 7;\n  cuont = 1; };\nreals = [ 3,\n 1, 4 ];\n",
                 "a.cfg:1: whole = 0: " WHOLE "\n"
                 "a.cfg:2: unknown key 'aproval'\n"
                 "a.cfg:3: dist: mean is missing: a parameter of gamma\n"
                 "a.cfg:3: cv = \"x\": must be a number; this is a text\n"
                 "a.cfg:3: unknown parameter 'mea' of gamma; did you mean 'mean'?\n"
                 "a.cfg:5: share = 7: must be 0 to 1\n"
                 "a.cfg:6: unknown key 'cuont'; did you mean 'count'?\n"
                 "a.cfg:4: must is missing: a must (a text)\n"
                 "a.cfg:7: reals: entry 1 = 3: must be 0 to 2\n"
                 "a.cfg:8: reals: entry 3 = 4: must be 0 to 2\n");
}

static void test_keys_read__faults_of_set_name_the_argument(void **state)
{
    struct fixture *f = *state;
    struct sim_tree *t = parse(f, "whole = 5;");
    struct all to;

    assert_int_equal(sim_tree_set(t, &f->arena, "whole=abc", &f->err), 0);
    assert_int_equal(sim_tree_set(t, &f->arena, "whoel=5", &f->err), 0);
    assert_int_equal(sim_tree_set(t, &f->arena, "dist=gamma(5,0.5)", &f->err), 0);
    assert_int_equal(sim_keys_read(t, "top", tables, 2, &to, &f->arena, &f->err), SIM_EINPUT);
    assert_string_equal(f->err.text, "--set whole=abc: whole = \"abc\": " WHOLE "; this is a text\n"
                                     "--set whoel=5: unknown key 'whoel'; did you mean 'whole'?\n");
}

/* ---- single values, words ---- */

static void expect_text(struct fixture *f, const struct sim_key *k, const char *text,
                        const char *why)
{
    char got[400] = "";
    struct all to;

    assert_int_equal(sim_keys_value(k, text, (char *)&to + k->offset, &f->arena, got, sizeof got),
                     why == NULL ? 0 : SIM_EINPUT);
    assert_string_equal(got, why == NULL ? "" : why);
}

static const struct sim_key *key(const char *name)
{
    const struct sim_key *k = keys;

    while (strcmp(k->name, name) != 0)
        k++;
    return k;
}

static void test_keys_value__knows_lo_hi_and_just_beyond(void **state)
{
    struct fixture *f = *state;
    static const char *const wrong[] = {"0",
                                        "1001",
                                        "2147483648",
                                        "4294967296",
                                        "4294967301",
                                        "9223372036854775807",
                                        "9223372036854775808",
                                        "1e23",
                                        "5.0",
                                        "nan",
                                        "inf",
                                        "x"};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        expect_text(f, key("whole"), wrong[i], WHOLE);
        expect_text(f, &part_keys[0], strcmp(wrong[i], "0") == 0 ? "-1" : wrong[i],
                    "must be 0 to 1");
    }
    expect_text(f, key("whole"), "1", NULL);
    expect_text(f, key("whole"), "1000", NULL);
    expect_text(f, key("wide"), "9223372036854775807", NULL);
    expect_text(f, key("wide"), "-9223372036854775808", NULL);
    expect_text(f, key("wide"), "9223372036854775808", "must be a whole number");
    expect_text(f, key("wide"), "-9223372036854775809", "must be a whole number");
    expect_text(f, &part_keys[0], "0", NULL);
    expect_text(f, &part_keys[0], "-0", NULL);
    expect_text(f, &part_keys[0], "1", NULL);
    expect_text(f, &part_keys[0], "1.0000000000000002", "must be 0 to 1");
    expect_text(f, key("dist"), "0.5", DIST);
    expect_text(f, key("dist"), "uniform(1,2", "uniform takes 2 numbers: ')' expected after hi");
    expect_text(f, key("reals"), "1  2", NULL);
    expect_text(f, key("reals"), "1 3", "must be numbers separated by blanks, each 0 to 2");
    expect_text(f, key("strs"), "a", NULL);
    expect_text(f, key("str"), " a", "must have no blank before or after it");
    expect_text(f, key("str"), "a\t", "must have no blank before or after it");
    expect_text(f, key("word"), "dny", "must be one of deny, licence; did you mean 'deny'?");
}

static void test_keys_value__the_empty_text_is_the_default(void **state)
{
    struct fixture *f = *state;
    int64_t x = 0;
    char why[80];

    assert_int_equal(sim_keys_value(key("whole"), "", &x, &f->arena, why, sizeof why), 0);
    assert_true(x == 7);
    expect_text(f, key("str"), "", NULL);
    expect_text(f, &required_keys[0], "", "must be 0 to 1");
    expect_text(f, &part_keys[2], "", "must be a text");
}

static void test_keys_allowed__says_it_in_words(void **state)
{
    static const struct {
        const char *name, *words;
    } cases[] = {{"str", "a text"},
                 {"id", "an id: 1 to 64 of a-z 0-9 . _ -"},
                 {"whole", "a whole number, 1 to 1000"},
                 {"wide", "a whole number"},
                 {"real", "-1 to 1.5"},
                 {"open", "0 or more"},
                 {"yes", "true or false"},
                 {"day", "a date YYYY-MM-DD"},
                 {"dist", "a number or a distribution, mean 1 to 100"},
                 {"word", "one of deny, licence"},
                 {"strs", "a list of texts"},
                 {"reals", "a list of numbers, each 0 to 2"},
                 {"part", "a group { ... }"},
                 {"list", "a list of groups ( { ... }, ... )"}};
    const struct sim_key any = {"x", "", SIM_KEY_REAL, -INFINITY, INFINITY, "", 0, "", NULL, NULL};
    const struct sim_key under = {"x", "", SIM_KEY_INT, -INFINITY, 5, "", 0, "", NULL, NULL};
    char to[200];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sim_keys_allowed(key(cases[i].name), to, sizeof to);
        assert_string_equal(to, cases[i].words);
    }
    sim_keys_allowed(&any, to, sizeof to);
    assert_string_equal(to, "a number");
    sim_keys_allowed(&under, to, sizeof to);
    assert_string_equal(to, "a whole number, 5 or less");
    sim_keys_allowed(key("word"), to, 12); /* cut, not overrun */
    assert_string_equal(to, "one of deny");
}

static void test_keys_is_id__takes_1_to_64_of_the_letters(void **state)
{
    char id[66];

    (void)state;
    memset(id, 'a', sizeof id);
    id[65] = '\0';
    assert_false(sim_keys_is_id(id));
    id[64] = '\0';
    assert_true(sim_keys_is_id(id));
    assert_true(sim_keys_is_id("a.b_c-9"));
    assert_false(sim_keys_is_id(""));
    assert_false(sim_keys_is_id("A"));
    assert_false(sim_keys_is_id("a/b"));
    assert_false(sim_keys_is_id("a b"));
    assert_false(sim_keys_is_id("\xc3\xbc"));
}

static void test_key_size__is_that_of_the_value(void **state)
{
    (void)state;
    assert_int_equal(sim_key_size(SIM_KEY_STR), sizeof(char *));
    assert_int_equal(sim_key_size(SIM_KEY_INT), 8);
    assert_int_equal(sim_key_size(SIM_KEY_DATE), 4);
    assert_int_equal(sim_key_size(SIM_KEY_DIST), sizeof(struct sim_dist));
    assert_int_equal(sim_key_size(SIM_KEY_REALS), sizeof(struct sim_reals));
    assert_int_equal(sim_key_size(SIM_KEY_GROUP), 0);
    assert_int_equal(sim_key_size(SIM_KEY_LIST), 0);
    assert_int_equal(sim_key_size(SIM_KEY_FREE), sizeof(struct sim_tree *));
}

static void test_keys_read__what_the_caller_reads(void **state)
{
    static const char *const scalars[] = {"\"x\"", "3", "0.5", "true"}, *const others[] = {
                                                                            "[ 1, 2 ]",
                                                                            "( 1, \"x\" )",
                                                                            "{ a = 1; }", "0.5"};
    struct fixture *f = *state;
    struct all to;

    assert_int_equal(read_keys(f, "", &to), 0);
    assert_true(to.scalar == NULL && to.free == NULL && to.any == NULL);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char text[40];

        snprintf(text, sizeof text, "any = %s;", others[i]);
        assert_int_equal(read_keys(f, text, &to), 0);
        assert_string_equal(sim_tree_name(to.any), "any");
    }
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++) {
        char text[40];

        snprintf(text, sizeof text, "scalar = %s;", scalars[i]);
        assert_int_equal(read_keys(f, text, &to), 0);
        assert_string_equal(sim_tree_name(to.scalar), "scalar");
    }
    assert_int_equal(read_keys(f, "free = { any = 1; name = \"x\"; };", &to), 0);
    assert_int_equal(sim_tree_n(to.free), 2);
    expect_fault(f, "scalar = [ 1 ];",
                 "a.cfg:1: scalar: must be a text, a number, true or false; this is a list\n");
    expect_fault(f, "free = 3;",
                 "a.cfg:1: free = 3: must be a group { name = value; ... }; this is a whole "
                 "number\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_keys_read__defaults_where_nothing_is_said),
        TEST(test_keys_read__what_the_caller_reads),
        TEST(test_keys_read__a_group_that_is_not_there_is_empty),
        TEST(test_keys_read__fills_every_type),
        TEST(test_keys_read__a_distribution_has_three_forms),
        TEST(test_keys_read__takes_what_is_in_range_and_nothing_else),
        TEST(test_keys_read__minus_zero_is_zero),
        TEST(test_keys_read__tells_what_a_missing_key_means),
        TEST(test_keys_read__refuses_what_is_no_group),
        TEST(test_keys_read__gathers_all_faults),
        TEST(test_keys_read__faults_of_set_name_the_argument),
        TEST(test_keys_value__knows_lo_hi_and_just_beyond),
        TEST(test_keys_value__the_empty_text_is_the_default),
        TEST(test_keys_allowed__says_it_in_words),
        TEST(test_keys_is_id__takes_1_to_64_of_the_letters),
        TEST(test_key_size__is_that_of_the_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
