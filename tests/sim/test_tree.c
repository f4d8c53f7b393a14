#include "sim/keys.h"

#include "sim/tree.h"

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

static struct sim_tree *parse_as(struct fixture *f, const char *file, const char *text)
{
    struct sim_tree *t = NULL;

    assert_int_equal(sim_tree_parse(&t, &f->arena, file, text, strlen(text), &f->err), 0);
    assert_int_equal(f->err.n, 0);
    return t;
}

static struct sim_tree *parse(struct fixture *f, const char *text)
{
    return parse_as(f, "a.cfg", text);
}

static void expect_faults(struct fixture *f, const char *text, size_t n, const char *faults)
{
    struct sim_tree *t = (struct sim_tree *)f;

    assert_int_equal(sim_tree_parse(&t, &f->arena, "a.cfg", text, n, &f->err), SIM_EINPUT);
    assert_null(t);
    assert_string_equal(f->err.text, faults);
    sim_err_free(&f->err);
}

/* ---- parsing ---- */

static void test_tree_parse__reads_every_kind(void **state)
{
    struct fixture *f = *state;
    const struct sim_tree *t =
        parse(f, "// a comment\n"
                 "i = +5; l : 3000000000; m = -9223372036854775808L;\n"
                 "h = 0x7fffffffffffffff, o = 010 # eight it is not\n"
                 "x = 1.5; y = .5; z = 1e3; /* over\n two lines */ b = True;\n"
                 "s = \"a\\\"\\\\\\n\\x41\"\n \"and \xc3\xbc\";\n"
                 "a = [ 1, 2.5, 3000000000 ]; e = []; n = ();\n"
                 "g = { p = ( 1, \"two\", { q = false; } ); };\n");
    const struct sim_tree *p;

    assert_true(sim_tree_is_group(t));
    assert_int_equal(sim_tree_n(t), 14);
    assert_int_equal(sim_tree_int(sim_tree_get(t, "i")), 5);
    assert_true(sim_tree_int(sim_tree_get(t, "l")) == 3000000000);
    assert_true(sim_tree_int(sim_tree_get(t, "m")) == INT64_MIN);
    assert_true(sim_tree_int(sim_tree_get(t, "h")) == INT64_MAX);
    assert_int_equal(sim_tree_int(sim_tree_get(t, "o")), 10);
    assert_true(sim_tree_real(sim_tree_get(t, "x")) == 1.5);
    assert_true(sim_tree_real(sim_tree_get(t, "y")) == 0.5);
    assert_true(sim_tree_real(sim_tree_get(t, "z")) == 1000);
    assert_true(sim_tree_real(sim_tree_get(t, "i")) == 5);
    assert_true(isnan(sim_tree_real(sim_tree_get(t, "s"))));
    assert_int_equal(sim_tree_kind(sim_tree_get(t, "z")), SIM_TREE_REAL);
    assert_int_equal(sim_tree_kind(sim_tree_get(t, "b")), SIM_TREE_BOOL);
    assert_int_equal(sim_tree_int(sim_tree_get(t, "b")), 1);
    assert_string_equal(sim_tree_str(sim_tree_get(t, "s")), "a\"\\\nAand \xc3\xbc");
    assert_null(sim_tree_str(sim_tree_get(t, "i")));
    assert_int_equal(sim_tree_n(sim_tree_get(t, "a")), 3);
    assert_true(sim_tree_real(sim_tree_at(sim_tree_get(t, "a"), 1)) == 2.5);
    assert_true(sim_tree_int(sim_tree_at(sim_tree_get(t, "a"), 2)) == 3000000000);
    assert_int_equal(sim_tree_kind(sim_tree_get(t, "e")), SIM_TREE_ARRAY);
    assert_true(sim_tree_is_list(sim_tree_get(t, "n")));
    p = sim_tree_get(sim_tree_get(t, "g"), "p");
    assert_false(sim_tree_is_list(p));
    assert_int_equal(sim_tree_n(p), 3);
    assert_null(sim_tree_name(sim_tree_at(p, 0)));
    assert_string_equal(sim_tree_name(p), "p");
    assert_int_equal(sim_tree_int(sim_tree_get(sim_tree_at(p, 2), "q")), 0);
    assert_null(sim_tree_at(p, 3));
    assert_null(sim_tree_get(t, "none"));
    assert_null(sim_tree_get(NULL, "none"));
    assert_int_equal(sim_tree_n(NULL), 0);
}

static void test_tree_parse__knows_the_line_of_every_node(void **state)
{
    struct fixture *f = *state;
    const struct sim_tree *t =
        parse(f, "a = 1;\n\n/* \n */ b =\n  2;\nc = (\n  { d = \"x\"\n \"y\";\n"
                 "    e = [ 1,\n 2 ]; },\n  5\n);\n");
    const struct sim_tree *c = sim_tree_get(t, "c"), *entry = sim_tree_at(c, 0);

    assert_string_equal(sim_tree_file(t), "a.cfg");
    assert_int_equal(sim_tree_line(t), 1);
    assert_int_equal(sim_tree_line(sim_tree_get(t, "a")), 1);
    assert_int_equal(sim_tree_line(sim_tree_get(t, "b")), 4);
    assert_int_equal(sim_tree_line(c), 6);
    assert_int_equal(sim_tree_line(entry), 7);
    assert_int_equal(sim_tree_line(sim_tree_get(entry, "d")), 7);
    assert_int_equal(sim_tree_line(sim_tree_get(entry, "e")), 9);
    assert_int_equal(sim_tree_line(sim_tree_at(sim_tree_get(entry, "e"), 1)), 10);
    assert_int_equal(sim_tree_line(sim_tree_at(c, 1)), 11);
}

static void test_tree_parse__takes_any_end_of_file(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(sim_tree_n(parse(f, "")), 0);
    assert_int_equal(sim_tree_n(parse(f, "a = 1;\n# end")), 1);
    assert_int_equal(sim_tree_n(parse(f, "a = 1;\n// end")), 1);
    assert_int_equal(sim_tree_n(parse(f, "a = 1; /* end */")), 1);
    assert_int_equal(sim_tree_n(parse(f, "a = 1")), 1);
    assert_int_equal(sim_tree_n(parse(f, "\xef\xbb\xbf"
                                         "a = 1;\r\nb = 2;\r\n")),
                     2);
}

#define WHOLE "a whole number must be -9223372036854775808 to 9223372036854775807\n"
#define SIZE "a number must be 0, or 4.95e-324 to 1.79e308 in size\n"
#define ESCAPES "must be \\n \\r \\t \\f \\\" \\\\ or \\x01 to \\xff\n"
#define STRANGE "cannot stand here: names are of a-z A-Z 0-9 _ and -, texts in quotes\n"

static const struct {
    const char *text, *faults;
} malformed[] = {
    {"\nx = 9223372036854775808;", "a.cfg:2: x = 9223372036854775808: " WHOLE},
    {"x = -9223372036854775809;", "a.cfg:1: x = -9223372036854775809: " WHOLE},
    {"x = 99999999999999999999;", "a.cfg:1: x = 99999999999999999999: " WHOLE},
    {"x = 99999999999999999999L;", "a.cfg:1: x = 99999999999999999999L: " WHOLE},
    {"x = 0xFFFFFFFFFFFFFFFF;", "a.cfg:1: x = 0xFFFFFFFFFFFFFFFF: " WHOLE},
    {"x = [ 1,\n 9223372036854775808 ];", "a.cfg:2: 9223372036854775808: " WHOLE},
    {"x = 1e999;", "a.cfg:1: x = 1e999: " SIZE},
    {"x = -1.8e308;", "a.cfg:1: x = -1.8e308: " SIZE},
    {"x = 1e-999;", "a.cfg:1: x = 1e-999: " SIZE},
    {"x = nan;", "a.cfg:1: x = nan: a number must be finite\n"},
    {"x = Inf;", "a.cfg:1: x = Inf: a number must be finite\n"},
    {"x = -inf;", "a.cfg:1: x = -inf: this is no number\n"},
    {"x = 1_000;", "a.cfg:1: x = 1_000: this is no number\n"},
    {"x = 1.2.3;", "a.cfg:1: x = 1.2.3: this is no number\n"},
    {"x = 5l;", "a.cfg:1: x = 5l: this is no number\n"},
    {"x = 0b101;", "a.cfg:1: x = 0b101: this is no number\n"},
    {"x = 0x;", "a.cfg:1: x = 0x: this is no number\n"},
    {"x = -;", "a.cfg:1: x = -: this is no number\n"},
    {"x = 1e;", "a.cfg:1: x = 1e: this is no number\n"},
    {"x = 2026-01-05;", "a.cfg:1: x = 2026-01-05: this is no number\n"},
    {"x = yes;", "a.cfg:1: x = yes: a value is a number, true, false or a text in quotes\n"},
    {"x = [ CN ];", "a.cfg:1: CN: a value is a number, true, false or a text in quotes\n"},
    {"a = 1;\n/* x = 2;\n", "a.cfg:2: this comment is never ended: */ is missing\n"},
    {"a = \"x;\nb = 2;\n", "a.cfg:1: this text is not ended on its line: \" is missing\n"},
    {"a = \"x\\\";\nb = 2;\n", "a.cfg:1: this text is not ended on its line: \" is missing\n"},
    {"a = \"C:\\dir\";", "a.cfg:1: \\d in a text: " ESCAPES},
    {"a = \"\\x4\";", "a.cfg:1: \\x in a text: " ESCAPES},
    {"a = \"\\x00\";", "a.cfg:1: \\x in a text: " ESCAPES},
    {"a = \"x\x01\";", "a.cfg:1: control character 0x01 in a text: write \\x01\n"},
    {"a = \"\\xff\";", "a.cfg:1: a text that is not UTF-8\n"},
    {"a = 1;\n@include \"b.cfg\"\n",
     "a.cfg:2: @include is refused: say extends = \"other.cfg\" and what differs from it\n"},
    {"a = 1;\nna\xc3\xafve = 2;\n", "a.cfg:2: '\xc3\xaf' " STRANGE},
    {"a = 'x';\n", "a.cfg:1: ''' " STRANGE},
    {"_a = 1;\n", "a.cfg:1: '_' " STRANGE},
    {"a = \x02;\n", "a.cfg:1: control character 0x02\n"},
    {"a = 1\xff;\n", "a.cfg:1: byte 0xff is not UTF-8\n"},
    {"a = (1, 2,);", "a.cfg:1: a comma with no value after it\n"},
    {"a = [1,\n];", "a.cfg:2: a comma with no value after it\n"},
    {"a = (,1);", "a.cfg:1: a comma with no value before it\n"},
    {"a = (1,,2);", "a.cfg:1: a comma with no value before it\n"},
    {"a = ( 1 ];\n", "a.cfg:1: this ']' cannot close the '(' of line 1\n"},
    {"a = {\n b = 1;\n", "a.cfg:1: this '{' is never closed\n"},
    {"a = 1; }\n", "a.cfg:1: this '}' closes nothing\n"},
    {"a = 1;\nb = 2;\n a = 3;\n", "a.cfg:3: a is given twice (first on line 1)\n"},
    {"g = { a = 1; a = 2; }; a = 3;\n", "a.cfg:1: a is given twice (first on line 1)\n"},
    {"a = 1;\nb 2;\n", "a.cfg:2: syntax error here or just before\n"},
    {"a = 1;\nb = ;\n", "a.cfg:2: syntax error here or just before\n"},
    {"a = ", "a.cfg:1: syntax error here or just before\n"},
    {"a \"x\";\n", "a.cfg:1: a text where no value can stand: is a = or , missing before it?\n"},
    {"a = ( { }\n\"x\" );\n",
     "a.cfg:2: a text where no value can stand: is a = or , missing before it?\n"},
    {"a == 1;\n", "a.cfg:1: syntax error here or just before\n"},
    {"5 = 1;\n", "a.cfg:1: syntax error here or just before\n"},
    {"true = 1;\n", "a.cfg:1: syntax error here or just before\n"},
    {"a = 1;; b = 2;\n", "a.cfg:1: syntax error here or just before\n"},
    {"a4+44 = { b = 1; };\n", "a.cfg:1: syntax error here or just before\n"},
    {"a = true+44;\n", "a.cfg:1: syntax error here or just before\n"},
    {"a = [ { b = 1; } ];\n", "a.cfg:1: syntax error here or just before\n"},
    {"a = (1 2);\n", "a.cfg:1: syntax error here or just before\n"},
    {"a = 1;\nb = [ 1, \"x\" ];\n", "a.cfg:2: mismatched element type in array\n"},
    {"r = (\n { id = \"a\"; },\n { id = \"b\"; },\n { x = 1;\n id = \"a\"; } );\n",
     "a.cfg:5: id = \"a\": this id is given twice (first on line 2)\n"},
    {"r = (\n { id = \"a\"; },\n { x = 1; } );\n",
     "a.cfg:3: must be a group with an id (a text), as another one has: 'a'\n"},
    {"r = ( 5, { id = \"a\"; } );\n",
     "a.cfg:1: 5: must be a group with an id (a text), as another one has: 'a'\n"},
    {"r = ( { id = \"a\"; }, { id = 5; } );\n",
     "a.cfg:1: must be a group with an id (a text), as another one has: 'a'\n"},
    {"x = 1e999;\ny = 99999999999999999999;\nz = [1,];\nw = ;\n",
     "a.cfg:1: x = 1e999: " SIZE "a.cfg:2: y = 99999999999999999999: " WHOLE
     "a.cfg:3: a comma with no value after it\n"
     "a.cfg:4: syntax error here or just before\n"},
};

static void test_tree_parse__names_every_fault_and_its_line(void **state)
{
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        expect_faults(*state, malformed[i].text, strlen(malformed[i].text), malformed[i].faults);
}

static void test_tree_parse__refuses_a_nul(void **state)
{
    expect_faults(*state, "a = 1;\0b = 2;", 13, "a.cfg:1: control character 0x00\n");
    expect_faults(*state, "a = \"x\0y\";", 10,
                  "a.cfg:1: control character 0x00 in a text: write \\x00\n");
}

static char *repeated(struct fixture *f, const char *before, const char *part, size_t n,
                      const char *after)
{
    size_t length = strlen(part), at = strlen(before);
    char *text = sim_arena_alloc(&f->arena, at + n * length + strlen(after) + 1, 1);

    strcpy(text, before);
    for (size_t i = 0; i < n; i++, at += length)
        memcpy(text + at, part, length);
    strcpy(text + at, after);
    return text;
}

static void expect_limit(struct fixture *f, const char *text, const char *fault)
{
    expect_faults(f, text, strlen(text), fault);
}

static void test_tree_parse__limits_depth(void **state)
{
    struct fixture *f = *state;

    parse(f, repeated(f, "a = ", "(", 32, "))))))))))))))))))))))))))))))));"));
    expect_limit(f, repeated(f, "a = ", "(", 33, ")))))))))))))))))))))))))))))))));"),
                 "a.cfg:1: more than 32 groups and lists within each other\n");
    expect_limit(f, repeated(f, "a = ", "(", 1000000, ""),
                 "a.cfg:1: more than 32 groups and lists within each other\n");
}

static void test_tree_parse__limits_texts_lines_and_names(void **state)
{
    struct fixture *f = *state;
    char *half = repeated(f, "\"", "x", 32768, "\"\n"), *name = repeated(f, "n", "n", 255, "");

    parse(f, repeated(f, "a = ", half, 2, ";"));
    expect_limit(f, repeated(f, "a = ", half, 3, ";"), "a.cfg:3: a text over 65536 bytes\n");
    expect_limit(f, repeated(f, "a = \"", "x", 65537, "\";"), "a.cfg:1: a text over 65536 bytes\n");
    parse(f, repeated(f, "a = 1;", " ", 65530, "\nb = 2;"));
    expect_limit(f, repeated(f, "a = 1;", " ", 65531, "\nb = 2;"),
                 "a.cfg:1: a line of 65537 bytes: must be at most 65536\n");
    parse(f, repeated(f, name, "", 0, " = 1;"));
    expect_limit(f, repeated(f, name, "n", 1, " = 1;"),
                 "a.cfg:1: a name of 257 bytes: must be at most 256\n");
}

static char *many_names(struct fixture *f, int n, const char *end)
{
    char *text = sim_arena_alloc(&f->arena, (size_t)n * 10 + 20, 1), *to = text;

    for (int i = 0; i < n; i++)
        to += sprintf(to, "a%d=1;\n", i);
    strcpy(to, end);
    return text;
}

static void test_tree_parse__limits_settings_and_values(void **state)
{
    struct fixture *f = *state;
    char *group;

    assert_int_equal(sim_tree_n(parse(f, many_names(f, 2000, ""))), 2000);
    expect_limit(f, many_names(f, 2001, ""), "a.cfg:2001: more than 2000 settings in one group\n");
    expect_limit(f, repeated(f, "a = (\n", "1,\n", 300000, "1 );"),
                 "a.cfg:300001: more than 300000 values: large tables belong in CSV files\n");
    group = many_names(f, 2000, "},\n");
    group[0] = '{';
    group[1] = 'b';
    expect_limit(f, repeated(f, "a = (\n", group, 100, "{} );"),
                 "a.cfg:57585: too many large groups: use a list of groups, or a CSV file\n");
}

static void test_tree_fault__shows_name_and_value(void **state)
{
    struct fixture *f = *state;
    const struct sim_tree *t =
        parse(f, "a = 1.50;\nb = \"123456789012345678901234567890123456789\xc3\xbc\xc3\xbc!\";\n"
                 "c = { d = true; };\nr = ( { id = \"x\"; } ); q = ( 7, { } );\n");
    const struct sim_tree *r = sim_tree_get(t, "r"), *q = sim_tree_get(t, "q");

    assert_int_equal(sim_tree_fault(sim_tree_get(t, "a"), &f->err, "no %d", 1), SIM_EINPUT);
    sim_tree_fault(sim_tree_get(t, "b"), &f->err, "no");
    sim_tree_fault(sim_tree_get(t, "c"), &f->err, "no");
    sim_tree_fault(sim_tree_get(sim_tree_get(t, "c"), "d"), &f->err, "no");
    sim_tree_fault(sim_tree_at(r, 0), &f->err, "no");
    sim_tree_fault(sim_tree_at(q, 0), &f->err, "no");
    sim_tree_fault(sim_tree_at(q, 1), &f->err, "no");
    sim_tree_fault(t, &f->err, "no");
    assert_string_equal(f->err.text,
                        "a.cfg:1: a = 1.5: no 1\n"
                        "a.cfg:2: b = \"123456789012345678901234567890123456789...\": no\n"
                        "a.cfg:3: c: no\na.cfg:3: d = true: no\na.cfg:4: 'x': no\n"
                        "a.cfg:4: 7: no\na.cfg:4: no\na.cfg:1: no\n");
}

/* ---- merging ---- */

static const char base_text[] = "title = \"base\";\n"
                                "runs = 100;\n"
                                "office = { reviewers = 5; review_d = { dist = \"gamma\";\n"
                                "  mean = 14.0; cv = 1; }; };\n"
                                "rules = ( { id = \"a\"; approval = 0.5; origin = [ \"CN\" ]; },\n"
                                "  { id = \"b\"; approval = 0.6; },\n"
                                "  { id = \"c\"; approval = 0.7; } );\n"
                                "plain = ( 1, 2 );\n";

static struct sim_tree *merge(struct fixture *f, const char *base, const char *over)
{
    struct sim_tree *out = NULL;

    assert_int_equal(sim_tree_merge(&out, &f->arena, base != NULL ? parse(f, base) : NULL,
                                    parse_as(f, "b.cfg", over), &f->err),
                     0);
    assert_int_equal(f->err.n, 0);
    return out;
}

static void expect_merge(struct fixture *f, const char *base, const char *over, const char *same_as)
{
    assert_string_equal(sim_tree_print(merge(f, base, over), &f->arena),
                        sim_tree_print(parse(f, same_as), &f->arena));
}

static void test_tree_merge__groups_by_name_and_the_rest_replaced(void **state)
{
    struct fixture *f = *state;

    expect_merge(f, base_text, "", base_text);
    expect_merge(f, "", base_text, base_text);
    expect_merge(f, NULL, base_text, base_text);
    expect_merge(
        f, "a = 1; b = { c = 1; d = 2; }; e = [ 1, 2 ]; g = ( 1 ); h = 5;",
        "a = \"x\"; b = { d = 3; f = 4; }; e = [ 5 ]; g = ( 7, 8 ); h = { i = 1; };",
        "a = \"x\"; b = { c = 1; d = 3; f = 4; }; e = [ 5 ]; g = ( 7, 8 ); h = { i = 1; };");
}

static void test_tree_merge__lists_by_id_in_order(void **state)
{
    struct fixture *f = *state;
    const struct sim_tree *rules =
        sim_tree_get(merge(f, base_text,
                           "rules = ( { id = \"z\"; approval = 0.1; }, { id = \"b\"; approval = "
                           "0.9; list = \"x\"; },\n"
                           "{ id = \"d\"; remove = false; }, { id = \"c\"; remove = true; } );"),
                     "rules");
    static const char *const ids[] = {"a", "b", "z", "d"};
    const struct sim_tree *b;

    assert_int_equal(sim_tree_n(rules), 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(sim_tree_str(sim_tree_get(sim_tree_at(rules, i), "id")), ids[i]);
    b = sim_tree_at(rules, 1);
    assert_true(sim_tree_real(sim_tree_get(b, "approval")) == 0.9);
    assert_string_equal(sim_tree_str(sim_tree_get(b, "list")), "x");
    assert_null(sim_tree_get(sim_tree_at(rules, 3), "remove"));
}

static void test_tree_merge__keeps_the_places(void **state)
{
    struct fixture *f = *state;
    const struct sim_tree *t =
        merge(f, base_text, "\nrules = (\n { id = \"b\";\n approval = 2; } );");
    const struct sim_tree *b = sim_tree_at(sim_tree_get(t, "rules"), 1);

    sim_tree_fault(sim_tree_get(t, "runs"), &f->err, "no");
    sim_tree_fault(sim_tree_get(b, "approval"), &f->err, "no");
    sim_tree_fault(sim_tree_get(sim_tree_at(sim_tree_get(t, "rules"), 2), "approval"), &f->err,
                   "no");
    assert_string_equal(f->err.text, "a.cfg:2: runs = 100: no\nb.cfg:4: approval = 2: no\n"
                                     "a.cfg:7: approval = 0.7: no\n");
}

static void test_tree_merge__another_distribution_replaces(void **state)
{
    struct fixture *f = *state;

    expect_merge(f, "d = { dist = \"gamma\"; mean = 1; cv = 2; };",
                 "d = { dist = \"poisson\"; mean = 3; };",
                 "d = { dist = \"poisson\"; mean = 3; };");
    expect_merge(f, "d = { dist = \"gamma\"; mean = 1; cv = 2; };", "d = { mean = 3; };",
                 "d = { dist = \"gamma\"; mean = 3; cv = 2; };");
    expect_merge(f, "d = 5;", "d = { dist = \"poisson\"; mean = 3; };",
                 "d = { dist = \"poisson\"; mean = 3; };");
}

static void test_tree_merge__an_empty_list_clears(void **state)
{
    struct fixture *f = *state;

    expect_merge(f, "r = ( { id = \"a\"; } );", "r = ( );", "r = ( );");
    expect_merge(f, "r = ( );", "r = ( { id = \"a\"; } );", "r = ( { id = \"a\"; } );");
}

static void test_tree_merge__leaves_both_as_they_were(void **state)
{
    struct fixture *f = *state;
    struct sim_tree *base = parse(f, base_text),
                    *over = parse(f, "rules = ( { id = \"a\"; x = 1; } );");
    const char *base_before = sim_tree_print(base, &f->arena);
    const char *over_before = sim_tree_print(over, &f->arena);
    struct sim_tree *out;

    assert_int_equal(sim_tree_merge(&out, &f->arena, base, over, &f->err), 0);
    assert_int_equal(sim_tree_set(out, &f->arena, "rules.b.approval=1", &f->err), 0);
    assert_int_equal(sim_tree_set(out, &f->arena, "rules.a.x=2", &f->err), 0);
    assert_int_equal(sim_tree_set(out, &f->arena, "new=2", &f->err), 0);
    assert_int_equal(sim_tree_set(out, &f->arena, "rules.c.remove=true", &f->err), 0);
    assert_string_equal(sim_tree_print(base, &f->arena), base_before);
    assert_string_equal(sim_tree_print(over, &f->arena), over_before);
}

static void test_tree_merge__faults_of_remove(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *base, *over, *fault;
    } cases[] = {
        {"r = ( { id = \"cn-2025\"; } );", "r = (\n{ id = \"cn-2024\";\nremove = true; } );",
         "b.cfg:3: remove = true: no entry 'cn-2024' is inherited; did you mean 'cn-2025'?\n"},
        {"x = 1;", "r = ( { id = \"a\"; remove = true; } );",
         "b.cfg:1: remove = true: no entry 'a' is inherited\n"},
        {"r = ( { id = \"a\"; } );", "r = ( { id = \"a\"; remove = 1; } );",
         "b.cfg:1: remove = 1: must be true or false\n"},
        {"r = ( { id = \"a\"; q = ( { id = \"b\"; } ); } );",
         "r = ( { id = \"a\"; q = ( { id = \"x1\"; remove = true; },\n{ id = \"x2\"; remove = "
         "true; } ); } );",
         "b.cfg:1: remove = true: no entry 'x1' is inherited\n"
         "b.cfg:2: remove = true: no entry 'x2' is inherited\n"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sim_tree *out = (struct sim_tree *)f;

        assert_int_equal(sim_tree_merge(&out, &f->arena, parse(f, cases[i].base),
                                        parse_as(f, "b.cfg", cases[i].over), &f->err),
                         SIM_EINPUT);
        assert_null(out);
        assert_string_equal(f->err.text, cases[i].fault);
        sim_err_free(&f->err);
    }
}

static void test_tree_merge__limits_a_merged_group(void **state)
{
    struct fixture *f = *state;
    struct sim_tree *out;

    assert_int_equal(sim_tree_merge(&out, &f->arena, parse(f, many_names(f, 2000, "")),
                                    parse_as(f, "b.cfg", "b = 1;"), &f->err),
                     SIM_EINPUT);
    assert_string_equal(f->err.text, "b.cfg:1: more than 2000 settings in one group\n");
}

static void test_tree_merge__limits_the_values(void **state)
{
    struct fixture *f = *state;
    struct sim_tree *base = parse(f, "a = ( 1 );"), *over = parse(f, "b = 1;"), *out;

    while (base->child[0]->n < SIM_TREE_VALUES_MAX - 3) /* and the top, a, b */
        sim_tree_add(base->child[0], &f->arena, base->child[0]->child[0]);
    assert_int_equal(sim_tree_merge(&out, &f->arena, base, over, &f->err), 0);
    sim_tree_add(base->child[0], &f->arena, base->child[0]->child[0]);
    assert_int_equal(sim_tree_merge(&out, &f->arena, base, over, &f->err), SIM_EINPUT);
    assert_string_equal(f->err.text,
                        "a.cfg:1: more than 300000 values: large tables belong in CSV files\n");
}

/* ---- set ---- */

static const char set_text[] =
    "runs = 100; name = \"x\";\n"
    "office = { review_d = { dist = \"gamma\"; mean = 1; cv = 1; }; };\n"
    "rules = ( { id = \"cn-2025\"; approval = 0.1; },\n"
    "  { id = \"cn-2025.18\"; approval = 0.2; sub = ( { id = \"s\"; x = 1; } ); },\n"
    "  { id = \"jp\"; approval = 0.3; } );\n"
    "bare = ( { x = 1; } );\n";

static const struct {
    const char *assignment, *path, *printed; /* path: by names and indices */
} settings[] = {
    {"runs=10", "runs", "10\n"},
    {" runs = 0x10 ", "runs", "16\n"},
    {"runs=3000000000", "runs", "3000000000L\n"},
    {"runs=-5L", "runs", "-5\n"},
    {"runs=0.5", "runs", "0.5\n"},
    {"runs=1e3", "runs", "1000.0\n"},
    {"runs=true", "runs", "true\n"},
    {"runs=FALSE", "runs", "false\n"},
    {"name=two words", "name", "\"two words\"\n"},
    {"name=\"10\"", "name", "\"10\"\n"},
    {"name=\"\"", "name", "\"\"\n"},
    {"name=2026-01-05", "name", "\"2026-01-05\"\n"},
    {"name=1.2.3", "name", "\"1.2.3\"\n"},
    {"name=a=b", "name", "\"a=b\"\n"},
    {"name=\"a\" \"b\"", "name", "\"ab\"\n"},
    {"name=lognormal(14,0.6)", "name", "\"lognormal(14,0.6)\"\n"},
    {"name=a\"b", "name", "\"a\\\"b\"\n"},
    {"name=\xc3\xbc", "name", "\"\xc3\xbc\"\n"},
    {"new=[ \"CN\", \"JP\" ]", "new", "[ \"CN\", \"JP\" ]\n"},
    {"office.review_d.mean=3", "office/review_d/mean", "3\n"},
    {"office.review_d={ dist = \"poisson\"; mean = 2; }", "office/review_d",
     "dist = \"poisson\";\nmean = 2;\n"},
    {"rules.cn-2025.approval=1", "rules/0/approval", "1\n"},
    {"rules.cn-2025.18.approval=1", "rules/1/approval", "1\n"},
    {"rules.cn-2025.18.sub.s.x=7", "rules/1/sub/0/x", "7\n"},
    {"rules.jp.new=abc", "rules/2/new", "\"abc\"\n"},
    {"rules=( )", "rules", "( )\n"},
};

static const struct sim_tree *at_path(const struct sim_tree *t, const char *path)
{
    char name[32];
    size_t n;

    while (*path != '\0') {
        n = strcspn(path, "/");
        memcpy(name, path, n);
        name[n] = '\0';
        t = sim_tree_is_group(t) ? sim_tree_get(t, name) : sim_tree_at(t, (size_t)atoi(name));
        path += n + (path[n] == '/');
    }
    return t;
}

static void test_tree_set__sets_what_the_path_says(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        struct sim_tree *t = parse(f, set_text);
        const struct sim_tree *found;

        assert_int_equal(sim_tree_set(t, &f->arena, settings[i].assignment, &f->err), 0);
        found = at_path(t, settings[i].path);
        assert_non_null(found);
        assert_string_equal(sim_tree_print(found, &f->arena), settings[i].printed);
        assert_int_equal(sim_tree_line(found), 0);
    }
}

static void test_tree_set__remove_takes_the_entry_out(void **state)
{
    struct fixture *f = *state;
    struct sim_tree *t = parse(f, set_text);

    assert_int_equal(sim_tree_set(t, &f->arena, "rules.cn-2025.18.remove=false", &f->err), 0);
    assert_int_equal(sim_tree_n(sim_tree_get(t, "rules")), 3);
    assert_int_equal(sim_tree_set(t, &f->arena, "rules.cn-2025.18.remove=true", &f->err), 0);
    assert_int_equal(sim_tree_n(sim_tree_get(t, "rules")), 2);
    assert_string_equal(sim_tree_print(at_path(t, "rules/1/id"), &f->arena), "\"jp\"\n");
    assert_int_equal(sim_tree_set(t, &f->arena, "office.remove=true", &f->err), 0);
    assert_non_null(at_path(t, "office/remove"));
}

static const struct {
    const char *assignment, *fault; /* after "--set ASSIGNMENT" */
} unsettable[] = {
    {"runs", ": must be path=value\n"},
    {"=1", ": a path must stand before the =\n"},
    {"runs= ", ": a value must follow the = (\"\" is an empty text)\n"},
    {"runs=99999999999999999999", ": 99999999999999999999: " WHOLE},
    {"runs=1e999", ": 1e999: " SIZE},
    {"runs=\"x", ": this text is not ended on its line: \" is missing\n"},
    {"runs=[1", ": this '[' is never closed\n"},
    {"runs=[1,]", ": a comma with no value after it\n"},
    {"runs=[1,\"x\"]", ": mismatched element type in array\n"},
    {"runs={ a = 1; a = 2; }", ": a is given twice\n"},
    {"runs=( { id = \"a\"; }, { id = \"a\"; } )", ": id = \"a\": this id is given twice\n"},
    {"runs=\"a\"; b = 2", ": must be one value\n"},
    {"rnus.x=1", ": there is no 'rnus'; did you mean 'runs'?\n"},
    {"zzzzzz.x=1", ": there is no 'zzzzzz'\n"},
    {"runs.x=1", ": 'runs' is no group: nothing lies under it\n"},
    {"ru ns=1", ": 'ru ns' is no name\n"},
    {"office..x=1", ": '' is no name\n"},
    {"office.=1", ": '' is no name\n"},
    {"rules.cn-2026.approval=1", ": there is no entry 'cn-2026'; did you mean 'cn-2025'?\n"},
    {"rules.cn-2025.19.approval=1",
     ": there is no entry 'cn-2025.19'; did you mean 'cn-2025.18'?\n"},
    {"rules.zzzz.approval=1", ": there is no entry 'zzzz'\n"},
    {"rules.jp.=1", ": '' is no name\n"},
    {"rules.jp.4.approval=1", ": '4' is no name\n"},
    {"rules.jp=1", ": 'jp' is a whole entry: say which key of it\n"},
    {"rules.jp.id=x", ": an id cannot be changed\n"},
    {"rules.jp.remove=1", ": must be true or false\n"},
    {"bare.x=1", ": the entries of 'bare' have no ids to name them by\n"},
    {"office.a=((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))",
     ": more than 32 groups and lists within each other\n"},
};

static void test_tree_set__names_the_argument_in_a_fault(void **state)
{
    struct fixture *f = *state;
    struct sim_tree *t = parse(f, set_text);
    const char *before = sim_tree_print(t, &f->arena);
    char line[300];

    for (size_t i = 0; i < sizeof unsettable / sizeof *unsettable; i++) {
        assert_int_equal(sim_tree_set(t, &f->arena, unsettable[i].assignment, &f->err), SIM_EINPUT);
        snprintf(line, sizeof line, "--set %s%s", unsettable[i].assignment, unsettable[i].fault);
        assert_string_equal(f->err.text, line);
        assert_string_equal(sim_tree_print(t, &f->arena), before);
        sim_err_free(&f->err);
    }
    assert_int_equal(sim_tree_set(t, &f->arena, "runs=\xff", &f->err), SIM_EINPUT);
    assert_string_equal(f->err.text, "--set: the argument is not UTF-8\n");
}

static void test_tree_set__a_later_fault_names_the_argument(void **state)
{
    struct fixture *f = *state;
    struct sim_tree *t = parse(f, set_text);

    assert_int_equal(sim_tree_set(t, &f->arena, "rules.jp.approval=1.5", &f->err), 0);
    sim_tree_fault(at_path(t, "rules/2/approval"), &f->err, "must be 0 to 1");
    assert_string_equal(f->err.text,
                        "--set rules.jp.approval=1.5: approval = 1.5: must be 0 to 1\n");
}

static void test_tree_set__limits_a_text(void **state)
{
    struct fixture *f = *state;
    struct sim_tree *t = parse(f, "a = 1;");

    assert_int_equal(
        sim_tree_set(t, &f->arena, repeated(f, "a=", "x", SIM_TREE_TEXT_MAX, ""), &f->err), 0);
    assert_int_equal(
        sim_tree_set(t, &f->arena, repeated(f, "a=", "x", SIM_TREE_TEXT_MAX + 1, ""), &f->err),
        SIM_EINPUT);
    assert_non_null(strstr(f->err.text, "x: a text over 65536 bytes\n"));
}

static void test_tree_set__limits_a_group(void **state)
{
    struct fixture *f = *state;
    struct sim_tree *t = parse(f, many_names(f, 2000, ""));

    assert_int_equal(sim_tree_set(t, &f->arena, "a5=2", &f->err), 0);
    assert_int_equal(sim_tree_set(t, &f->arena, "b=1", &f->err), SIM_EINPUT);
    assert_string_equal(f->err.text, "--set b=1: more than 2000 settings in one group\n");
}

/* ---- printing ---- */

static void test_tree_print__is_canonical(void **state)
{
    struct fixture *f = *state;

    assert_string_equal(
        sim_tree_print(parse(f, "b=0x10;a=(1,{});c:[\"x\",\"y\"] e={g=1.0,f=true}\n"
                                "d = ( { id = \"2\"; }, { id = \"10\"; x = 1e23; } ); h = ();"),
                       &f->arena),
        "a = (\n  1,\n  {\n  }\n);\nb = 16;\nc = [ \"x\", \"y\" ];\n"
        "d = (\n  {\n    id = \"10\";\n    x = 1e+23;\n  },\n  {\n    id = \"2\";\n  }\n);\n"
        "e = {\n  f = true;\n  g = 1.0;\n};\nh = ( );\n");
    assert_string_equal(sim_tree_print(parse(f, ""), &f->arena), "");
}

static uint64_t next(uint64_t *s)
{
    uint64_t z = *s += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static const char *random_text(struct fixture *f, uint64_t *seed)
{
    static const char *const parts[] = {"a",  "f",  "0",    "\"", "\\",       "\n",
                                        "\t", "\r", "\x01", "\f", "\xc3\xbc", "\xe2\x82\xac",
                                        "x",  "//", "/*",   "#",  "@include", "\x7f"};
    size_t n = next(seed) % 8 == 0 ? next(seed) % 300 : next(seed) % 6;
    char *text = sim_arena_alloc(&f->arena, 8 * n + 1, 1);

    for (size_t i = 0; i < n; i++)
        strcat(text, parts[next(seed) % (sizeof parts / sizeof *parts)]);
    return text;
}

static struct sim_tree *random_scalar(struct fixture *f, uint64_t *seed, const char *name,
                                      enum sim_tree_kind kind)
{
    struct sim_tree *t = sim_tree_new(&f->arena, kind, name, "random", 1);
    uint64_t bits;

    if (kind == SIM_TREE_BOOL) {
        t->i = (int64_t)(next(seed) % 2);
    } else if (kind == SIM_TREE_INT) {
        t->i = (int64_t)next(seed) >> next(seed) % 64;
    } else if (kind == SIM_TREE_STR) {
        t->s = random_text(f, seed);
    } else {
        do {
            bits = next(seed);
            memcpy(&t->x, &bits, sizeof t->x);
        } while (!isfinite(t->x));
        if (next(seed) % 2 == 0)
            t->x = round(ldexp(t->x, -1000) * 1e3) / 8 + (double)(next(seed) % 1000) / 10;
    }
    return t;
}

static const char *name_of(struct fixture *f, size_t i)
{
    char *name = sim_arena_alloc(&f->arena, 16, 1);

    snprintf(name, 16, "%c-%zu_n", "zAbY"[i % 4], i);
    return name;
}

static struct sim_tree *random_tree(struct fixture *f, uint64_t *seed, const char *name, int depth)
{
    enum sim_tree_kind kind = (enum sim_tree_kind)(next(seed) % 7);
    size_t n = next(seed) % 5;
    int ids = next(seed) % 2 == 0;
    struct sim_tree *t, *entry;

    if (depth == 0)
        kind = SIM_TREE_GROUP;
    if (depth == 5 && kind < SIM_TREE_BOOL)
        kind = SIM_TREE_REAL;
    if (kind >= SIM_TREE_BOOL)
        return random_scalar(f, seed, name, kind);
    t = sim_tree_new(&f->arena, kind, name, "random", 1);
    if (kind == SIM_TREE_ARRAY) {
        enum sim_tree_kind of = (enum sim_tree_kind)(SIM_TREE_BOOL + next(seed) % 4);

        if (next(seed) % 4 == 0)
            n *= 20;
        for (size_t i = 0; i < n; i++) {
            if (of == SIM_TREE_INT || of == SIM_TREE_REAL)
                of = next(seed) % 2 == 0 ? SIM_TREE_INT : SIM_TREE_REAL;
            sim_tree_add(t, &f->arena, random_scalar(f, seed, NULL, of));
        }
        return t;
    }
    for (size_t i = 0; i < n; i++) {
        if (kind == SIM_TREE_GROUP) {
            sim_tree_add(t, &f->arena, random_tree(f, seed, name_of(f, i), depth + 1));
        } else if (ids) {
            entry = sim_tree_new(&f->arena, SIM_TREE_GROUP, NULL, "random", 1);
            sim_tree_add(entry, &f->arena, random_tree(f, seed, "x", depth + 1));
            sim_tree_add(entry, &f->arena,
                         sim_tree_new(&f->arena, SIM_TREE_STR, "id", "random", 1));
            entry->child[1]->s = name_of(f, i);
            sim_tree_add(t, &f->arena, entry);
        } else {
            sim_tree_add(t, &f->arena, random_tree(f, seed, NULL, depth + 1));
        }
    }
    return t;
}

static const struct sim_tree *entry_with_id(const struct sim_tree *t, const char *id)
{
    for (size_t i = 0; i < sim_tree_n(t); i++) {
        if (strcmp(sim_tree_id(sim_tree_at(t, i)), id) == 0)
            return sim_tree_at(t, i);
    }
    return NULL;
}

static void expect_equal(const struct sim_tree *a, const struct sim_tree *b)
{
    int ids = sim_tree_has_ids(a);

    assert_non_null(b);
    assert_int_equal(a->kind, b->kind);
    if (a->kind == SIM_TREE_STR)
        assert_string_equal(a->s, b->s);
    else if (a->kind == SIM_TREE_REAL)
        assert_memory_equal(&a->x, &b->x, sizeof a->x);
    else if (!sim_tree_has(a))
        assert_true(a->i == b->i);
    assert_int_equal(sim_tree_n(a), sim_tree_n(b));
    for (size_t i = 0; i < sim_tree_n(a); i++) {
        const struct sim_tree *child = sim_tree_at(a, i);

        if (a->kind == SIM_TREE_GROUP)
            expect_equal(child, sim_tree_get(b, child->name));
        else
            expect_equal(child, ids ? entry_with_id(b, sim_tree_id(child)) : sim_tree_at(b, i));
    }
}

static void test_tree_print__reads_back_equal(void **state)
{
    struct fixture *f = *state;
    uint64_t seed = 1;

    for (int i = 0; i < 2000; i++) {
        const struct sim_tree *t = random_tree(f, &seed, NULL, 0), *back;
        const char *text = sim_tree_print(t, &f->arena);

        back = parse(f, text);
        expect_equal(t, back);
        assert_string_equal(sim_tree_print(back, &f->arena), text);
        if (i % 100 == 99)
            sim_arena_free(&f->arena);
    }
}

static void test_tree_print__long_texts_and_arrays_read_back(void **state)
{
    struct fixture *f = *state;
    struct sim_tree *t = parse(f, repeated(f, "a = [ ", "1000, ", 20000 / 2, "1 ];")), *s;
    char *text = sim_arena_alloc(&f->arena, SIM_TREE_TEXT_MAX + 1, 1);

    memset(text, 1, SIM_TREE_TEXT_MAX);
    s = sim_tree_new(&f->arena, SIM_TREE_STR, "s", "random", 1);
    s->s = text;
    sim_tree_add(t, &f->arena, s);
    for (int i = 0; i < 12000; i++)
        sim_tree_add(t->child[0], &f->arena, t->child[0]->child[0]);
    expect_equal(t, parse(f, sim_tree_print(t, &f->arena)));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_tree_parse__reads_every_kind),
        TEST(test_tree_parse__knows_the_line_of_every_node),
        TEST(test_tree_parse__takes_any_end_of_file),
        TEST(test_tree_parse__names_every_fault_and_its_line),
        TEST(test_tree_parse__refuses_a_nul),
        TEST(test_tree_parse__limits_depth),
        TEST(test_tree_parse__limits_texts_lines_and_names),
        TEST(test_tree_parse__limits_settings_and_values),
        TEST(test_tree_fault__shows_name_and_value),
        TEST(test_tree_merge__groups_by_name_and_the_rest_replaced),
        TEST(test_tree_merge__lists_by_id_in_order),
        TEST(test_tree_merge__keeps_the_places),
        TEST(test_tree_merge__another_distribution_replaces),
        TEST(test_tree_merge__an_empty_list_clears),
        TEST(test_tree_merge__leaves_both_as_they_were),
        TEST(test_tree_merge__faults_of_remove),
        TEST(test_tree_merge__limits_a_merged_group),
        TEST(test_tree_merge__limits_the_values),
        TEST(test_tree_set__sets_what_the_path_says),
        TEST(test_tree_set__remove_takes_the_entry_out),
        TEST(test_tree_set__names_the_argument_in_a_fault),
        TEST(test_tree_set__a_later_fault_names_the_argument),
        TEST(test_tree_set__limits_a_text),
        TEST(test_tree_set__limits_a_group),
        TEST(test_tree_print__is_canonical),
        TEST(test_tree_print__reads_back_equal),
        TEST(test_tree_print__long_texts_and_arrays_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
