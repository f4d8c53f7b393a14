#include "sim/csv.h"

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
    struct sim_csv t;
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

static int parse(struct fixture *f, const char *text, size_t n)
{
    return sim_csv_parse(&f->t, &f->arena, "t.csv", text, n, &f->err);
}

static void expect_table(struct fixture *f, const char *text)
{
    assert_int_equal(parse(f, text, strlen(text)), 0);
    assert_int_equal(f->err.n, 0);
}

static void expect_cell(const struct fixture *f, size_t row, size_t col, const char *text, int line,
                        int column)
{
    assert_string_equal(f->t.cell[row * f->t.n_col + col], text);
    assert_int_equal(f->t.line[row], line);
    assert_int_equal(f->t.column[row * f->t.n_col + col], column);
}

static void test_csv_parse__cuts_cells_and_knows_their_places(void **state)
{
    struct fixture *f = *state;

    expect_table(f, "id,name\na,\"x, \"\"y\"\"\"\n\xc3\xbc\xc3\xbc,two words\nc,");
    assert_int_equal(f->t.n_col, 2);
    assert_int_equal(f->t.n_row, 3);
    assert_string_equal(f->t.file, "t.csv");
    assert_string_equal(f->t.head[1], "name");
    assert_int_equal(f->t.head_column[1], 4);
    expect_cell(f, 0, 0, "a", 2, 1);
    expect_cell(f, 0, 1, "x, \"y\"", 2, 3);
    expect_cell(f, 1, 0, "\xc3\xbc\xc3\xbc", 3, 1);
    expect_cell(f, 1, 1, "two words", 3, 4);
    expect_cell(f, 2, 1, "", 4, 3);
    assert_int_equal(sim_csv_find(&f->t, "name"), 1);
    assert_int_equal(sim_csv_find(&f->t, "nam"), -1);
}

static void test_csv_parse__takes_windows_files(void **state)
{
    struct fixture *f = *state;

    expect_table(f, "\xef\xbb\xbfid,name\r\na,\"two\r\nlines\"\r\nb,x\r\n");
    assert_string_equal(f->t.head[0], "id");
    assert_int_equal(f->t.n_row, 2);
    expect_cell(f, 0, 1, "two\nlines", 2, 3);
    expect_cell(f, 1, 1, "x", 4, 3);
}

static void test_csv_parse__takes_a_header_alone(void **state)
{
    struct fixture *f = *state;

    expect_table(f, "a,b");
    assert_int_equal(f->t.n_row, 0);
    expect_table(f, "a,b\n");
    assert_int_equal(f->t.n_row, 0);
}

static void test_csv_parse__takes_empty_cells(void **state)
{
    struct fixture *f = *state;

    expect_table(f, "a,b,c\n,,\n\"\",,\"\"\n");
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(f->t.cell[i], "");
}

static const struct {
    const char *text;
    size_t n; /* 0: strlen */
    const char *faults;
} malformed[] = {
    {"", 0, "t.csv:1:1: no header: the first line must name the columns\n"},
    {"\xef\xbb\xbf", 0, "t.csv:1:1: no header: the first line must name the columns\n"},
    {"\na,b\n", 0, "t.csv:1:1: no header: the first line must name the columns\n"},
    {"\r\na,b\n", 0, "t.csv:1:1: no header: the first line must name the columns\n"},
    {"a,,c\n", 0, "t.csv:1:3: an empty column name\n"},
    {"a,b,\n", 0, "t.csv:1:5: an empty column name\n"},
    {"a,b,a,b\n", 0,
     "t.csv:1:5: column 'a' is named twice\nt.csv:1:7: column 'b' is named twice\n"},
    {"a,\"b\n1,2\n", 0, "t.csv:1:3: this quote is never ended\n"},
    {"a;b\n1,2\n", 0, "t.csv:2:1: 2 cells, but the header names 1 columns\n"},
    {"a,b\n1\n", 0, "t.csv:2:1: 1 cell, but the header names 2 columns\n"},
    {"a,b\n1,2,3\n4,5\n6,7,\n", 0,
     "t.csv:2:1: 3 cells, but the header names 2 columns\n"
     "t.csv:4:1: 3 cells, but the header names 2 columns\n"},
    {"a,b\n1,2\n\n3,4\n\n", 0, "t.csv:3:1: a blank line\nt.csv:5:1: a blank line\n"},
    {"a,b\r\n\r\n", 0, "t.csv:2:1: a blank line\n"},
    {"a\n\n", 0, "t.csv:2:1: a blank line\n"},
    {"a,b\n1,\"x\n2,y\n", 0, "t.csv:2:3: this quote is never ended\n"},
    {"a,b\n1,\"", 0, "t.csv:2:3: this quote is never ended\n"},
    {"a,b\n1,\"x\" \n2,y\n", 0,
     "t.csv:2:6: text after a closing quote (a quote in a text is doubled)\n"},
    {"a,b\n\"x\"y,2\n", 0,
     "t.csv:2:4: text after a closing quote (a quote in a text is doubled)\n"},
    {"a,b\nx\"y\",2\n", 0, "t.csv:2:2: a quote in a cell that does not begin with one\n"},
    {"a,b\n \"x\",2\n", 0, "t.csv:2:2: a quote in a cell that does not begin with one\n"},
    {"a,b\n1\t2\n", 0, "t.csv:2:2: a tab: cells are separated by commas\n"},
    {"a,b\n1,x\x01\n", 0, "t.csv:2:4: control character 0x01\n"},
    {"a,b\n1,x\x7f\n", 0, "t.csv:2:4: control character 0x7f\n"},
    {"a,b\n1,x\xc2\x9b\n", 0, "t.csv:2:4: control character 0xc2\n"},
    {"a,b\n1,\"x\x1b[0m\"\n", 0, "t.csv:2:5: control character 0x1b\n"},
    {"a,b\n1,x\0y\n", 10, "t.csv:2:4: control character 0x00\n"},
    {"a,b\r1,2\r", 0, "t.csv:1:4: control character 0x0d\n"},
    {"a,b\n1,\xff\n", 0, "t.csv:2: byte 0xff is not UTF-8\n"},
    {"a,b\n1,\xe2\x82\n", 0, "t.csv:2: byte 0xe2 is not UTF-8\n"},
    {"a,b\n1,\"x\ny\"z\n3\n", 0,
     "t.csv:3:3: text after a closing quote (a quote in a text is doubled)\n"
     "t.csv:4:1: 1 cell, but the header names 2 columns\n"},
};

static void test_csv_parse__names_every_fault_and_its_place(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        size_t n = malformed[i].n > 0 ? malformed[i].n : strlen(malformed[i].text);

        assert_int_equal(parse(f, malformed[i].text, n), SIM_EINPUT);
        assert_string_equal(f->err.text, malformed[i].faults);
        assert_int_equal(f->err.code, SIM_EINPUT);
        sim_err_free(&f->err);
    }
}

static void test_csv_parse__keeps_the_rows_without_fault(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "a,b\n1,2\n3\n\"4\"x,5\n6,7\n";

    assert_int_equal(parse(f, text, sizeof text - 1), SIM_EINPUT);
    assert_int_equal(f->err.n, 2);
    assert_int_equal(f->t.n_row, 2);
    expect_cell(f, 1, 0, "6", 5, 1);
}

static void test_csv_parse__limits_columns(void **state)
{
    struct fixture *f = *state;
    enum { N = 4097 };
    char *text = sim_arena_alloc(&f->arena, N, 8), *to = text;

    for (int i = 0; i < N; i++)
        to += sprintf(to, "%sc%d", i > 0 ? "," : "", i);
    assert_int_equal(parse(f, text, strlen(text)), SIM_EINPUT);
    assert_non_null(strstr(f->err.text, ": more than 4096 columns\n"));
    *strrchr(text, ',') = '\0';
    assert_int_equal(parse(f, text, strlen(text)), 0);
    assert_int_equal(f->t.n_col, N - 1);
}

static void test_csv_parse__limits_cells(void **state)
{
    struct fixture *f = *state;
    enum { COLUMNS = 4096, ROWS = 4096 };
    char *text = malloc(COLUMNS * 8 + (size_t)(ROWS + 1) * COLUMNS), *to = text;

    assert_non_null(text);
    for (int i = 0; i < COLUMNS; i++)
        to += sprintf(to, "%sc%d", i > 0 ? "," : "", i);
    for (int i = 0; i <= ROWS; i++) {
        *to++ = '\n';
        memset(to, ',', COLUMNS - 1);
        to += COLUMNS - 1;
    }
    assert_int_equal(parse(f, text, (size_t)(to - text) - COLUMNS), 0);
    assert_int_equal(f->t.n_row, ROWS);
    sim_arena_free(&f->arena);
    assert_int_equal(parse(f, text, (size_t)(to - text)), SIM_EINPUT);
    assert_string_equal(f->err.text, "t.csv:4098:1: more than 16777216 cells\n");
    assert_int_equal(f->t.n_row, ROWS);
    free(text);
}

/* ---- rows ---- */

struct row {
    const char *id, *name;
    int64_t whole;
    double real;
    int yes;
    int32_t day;
    struct sim_dist dist;
    int word;
    struct sim_strs strs;
    struct sim_reals reals;
};
static const char *const colours[] = {"red", "green", NULL};
#define AT(member) offsetof(struct row, member)
static const struct sim_key keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(id), "what names it", NULL, NULL},
    {"name", "", SIM_KEY_STR, 0, 0, "", AT(name), "free text", NULL, NULL},
    {"whole", "", SIM_KEY_INT, -5, 10, "3", AT(whole), "a count", NULL, NULL},
    {"real", "d", SIM_KEY_REAL, 0, 1, "0.5", AT(real), "a share", NULL, NULL},
    {"yes", "", SIM_KEY_BOOL, 0, 0, "true", AT(yes), "a switch", NULL, NULL},
    {"day", "", SIM_KEY_DATE, 0, 0, "", AT(day), "when", NULL, NULL},
    {"dist", "d", SIM_KEY_DIST, 0, 100, "7", AT(dist), "how long", NULL, NULL},
    {"word", "", SIM_KEY_WORD, 0, 0, "green", AT(word), "which", colours, NULL},
    {"strs", "", SIM_KEY_STRS, 0, 0, "a b", AT(strs), "names", NULL, NULL},
    {"reals", "", SIM_KEY_REALS, 0, 2, "", AT(reals), "months", NULL, NULL},
    {NULL, NULL, SIM_KEY_STR, 0, 0, NULL, 0, NULL, NULL, NULL}};

static int read_rows(struct fixture *f, const char *text, struct row *rows, const char *extra)
{
    assert_int_equal(parse(f, text, strlen(text)), 0);
    memset(rows, 0x55, f->t.n_row * sizeof *rows);
    return sim_csv_rows(&f->t, keys, extra, rows, sizeof *rows, &f->arena, &f->err);
}

static void test_csv_rows__fills_every_type(void **state)
{
    struct fixture *f = *state;
    struct row r[1];

    assert_int_equal(read_rows(f,
                               "reals,strs,word,dist,day,yes,real,whole,name,id\n"
                               "0.5  1.5 2,x yy,red,\"uniform(1,3)\",2026-01-05,false,1,-5,"
                               "\"Free, text\",a.b-c_1\n",
                               r, NULL),
                     0);
    assert_string_equal(r->id, "a.b-c_1");
    assert_string_equal(r->name, "Free, text");
    assert_true(r->whole == -5 && r->real == 1 && r->yes == 0 && r->word == 0);
    assert_int_equal(r->day, sim_date_join(2026, 1, 5));
    assert_int_equal(r->dist.kind, SIM_UNIFORM);
    assert_true(r->dist.p[0] == 1 && r->dist.p[1] == 3);
    assert_int_equal(r->strs.n, 2);
    assert_string_equal(r->strs.s[1], "yy");
    assert_int_equal(r->reals.n, 3);
    assert_true(r->reals.x[0] == 0.5 && r->reals.x[1] == 1.5 && r->reals.x[2] == 2);
}

static void expect_defaults(const struct row *r)
{
    assert_string_equal(r->id, "a");
    assert_null(r->name);
    assert_true(r->whole == 3 && r->real == 0.5 && r->yes == 1 && r->word == 1);
    assert_int_equal(r->day, SIM_DAY_NONE);
    assert_int_equal(r->dist.kind, SIM_CONSTANT);
    assert_true(r->dist.p[0] == 7);
    assert_int_equal(r->strs.n, 2);
    assert_int_equal(r->reals.n, 0);
}

static void test_csv_rows__empty_cells_and_missing_columns_are_defaults(void **state)
{
    struct fixture *f = *state;
    struct row r[2];

    assert_int_equal(read_rows(f, "id\na\na\n", r, NULL), 0);
    expect_defaults(&r[0]);
    expect_defaults(&r[1]);
    assert_int_equal(
        read_rows(f, "id,name,whole,real,yes,day,dist,word,strs,reals\na,,,,,,,,,\n", r, NULL), 0);
    expect_defaults(&r[0]);
}

static void test_csv_rows__strings_are_those_of_the_table(void **state)
{
    struct fixture *f = *state;
    struct row r[1];

    assert_int_equal(read_rows(f, "id,name\na,b\n", r, NULL), 0);
    assert_ptr_equal(r->id, f->t.cell[0]);
    assert_ptr_equal(r->name, f->t.cell[1]);
}

static void test_csv_rows__an_extra_prefix_lets_columns_pass(void **state)
{
    struct fixture *f = *state;
    struct row r[1];

    assert_int_equal(read_rows(f, "el_dy_g,id\n1,a\n", r, "el_"), 0);
    assert_int_equal(read_rows(f, "el_dy_g,id\n1,a\n", r, NULL), SIM_EINPUT);
    assert_string_equal(f->err.text, "t.csv:1:1: unknown column 'el_dy_g'\n");
}

static void test_csv_rows__gathers_all_faults(void **state)
{
    struct fixture *f = *state;
    struct row r[2];

    assert_int_equal(read_rows(f,
                               "name,whole,raal,word,dist,yes\n"
                               "x,11,1,gren,\"uniform(3,1)\",1\n"
                               " x,5.0,1,red,101,True\n",
                               r, NULL),
                     SIM_EINPUT);
    assert_string_equal(
        f->err.text,
        "t.csv:1:12: unknown column 'raal'; did you mean 'real'?\n"
        "t.csv:1: column id is missing: what names it (an id: 1 to 64 of a-z 0-9 . _ -)\n"
        "t.csv:2:3: whole = '11': must be a whole number, -5 to 10\n"
        "t.csv:2:8: word = 'gren': must be one of red, green; did you mean 'green'?\n"
        "t.csv:2:13: dist = 'uniform(3,1)': lo must not be above hi\n"
        "t.csv:2:28: yes = '1': must be true or false\n"
        "t.csv:3:1: name = ' x': must have no blank before or after it\n"
        "t.csv:3:4: whole = '5.0': must be a whole number, -5 to 10\n"
        "t.csv:3:14: dist = '101': must be a number or a distribution, mean 0 to 100\n"
        "t.csv:3:18: yes = 'True': must be true or false\n");
}

static const struct {
    const char *column, *cell, *what; /* NULL: fits */
} cells[] = {
    {"whole", "-5", NULL},
    {"whole", "10", NULL},
    {"whole", "-0", NULL},
    {"whole", "-6", "must be a whole number, -5 to 10"},
    {"whole", "11", "must be a whole number, -5 to 10"},
    {"whole", "2147483648", "must be a whole number, -5 to 10"},
    {"whole", "4294967296", "must be a whole number, -5 to 10"},
    {"whole", "4294967299", "must be a whole number, -5 to 10"},
    {"whole", "9223372036854775807", "must be a whole number, -5 to 10"},
    {"whole", "9223372036854775808", "must be a whole number, -5 to 10"},
    {"whole", "18446744073709551619", "must be a whole number, -5 to 10"},
    {"whole", "1e1", "must be a whole number, -5 to 10"},
    {"whole", "0x3", "must be a whole number, -5 to 10"},
    {"whole", "nan", "must be a whole number, -5 to 10"},
    {"whole", " 3", "must have no blank before or after it"},
    {"whole", "3 ", "must have no blank before or after it"},
    {"real", "0", NULL},
    {"real", "-0", NULL},
    {"real", "1", NULL},
    {"real", "1.0000000000000002", "must be 0 to 1"},
    {"real", "-5e-324", "must be 0 to 1"},
    {"real", "1e23", "must be 0 to 1"},
    {"real", "1e999", "must be 0 to 1"},
    {"real", "1e-999", "must be 0 to 1"},
    {"real", "nan", "must be 0 to 1"},
    {"real", "inf", "must be 0 to 1"},
    {"real", "-inf", "must be 0 to 1"},
    {"real", "0x1", "must be 0 to 1"},
    {"real", "0,5", "must be 0 to 1"},
    {"real", "1d", "must be 0 to 1"},
    {"dist", "0", NULL},
    {"dist", "100", NULL},
    {"dist", "exponential(100)", NULL},
    {"dist", "100.00000000000001", "must be a number or a distribution, mean 0 to 100"},
    {"dist", "exponential(101)", "must be a number or a distribution, mean 0 to 100"},
    {"reals", "0 2", NULL},
    {"reals", "0 2.1", "must be numbers separated by blanks, each 0 to 2"},
    {"reals", "0 nan", "must be numbers separated by blanks, each 0 to 2"},
    {"reals", "0;1", "must be numbers separated by blanks, each 0 to 2"},
    {"day", "2026-02-29", "must be a date YYYY-MM-DD"},
    {"day", "5.1.2026", "must be a date YYYY-MM-DD"},
    {"id", "", "must be an id: 1 to 64 of a-z 0-9 . _ -"},
    {"id", "A", "must be an id: 1 to 64 of a-z 0-9 . _ -"},
    {"id", "a b", "must be an id: 1 to 64 of a-z 0-9 . _ -"},
    {"yes", "TRUE", "must be true or false"},
    {"word", "blue", "must be one of red, green"},
};

static void test_csv_rows__takes_what_is_in_range_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    char text[200], line[300];
    struct row r[1];

    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        int is_id = strcmp(cells[i].column, "id") == 0;

        snprintf(text, sizeof text, "%s%s\n%s\"%s\"\n", is_id ? "" : "id,", cells[i].column,
                 is_id ? "" : "a,", cells[i].cell);
        if (cells[i].what == NULL) {
            assert_int_equal(read_rows(f, text, r, NULL), 0);
            continue;
        }
        assert_int_equal(read_rows(f, text, r, NULL), SIM_EINPUT);
        snprintf(line, sizeof line, "t.csv:2:%d: %s = '%s': %s\n", is_id ? 1 : 3, cells[i].column,
                 cells[i].cell, cells[i].what);
        assert_string_equal(f->err.text, line);
        sim_err_free(&f->err);
    }
}

static void test_csv_rows__minus_zero_is_zero(void **state)
{
    struct fixture *f = *state;
    struct row r[1];

    assert_int_equal(read_rows(f, "id,real\na,-0\n", r, NULL), 0);
    assert_false(signbit(r->real));
}

static void test_csv_fault__names_a_cell_or_a_row(void **state)
{
    struct fixture *f = *state;

    expect_table(f, "a,b\n1,ab\xc3\xbc\n");
    assert_int_equal(sim_csv_fault(&f->t, 0, 1, &f->err, "no %s", "such site"), SIM_EINPUT);
    assert_int_equal(sim_csv_fault(&f->t, 0, -1, &f->err, "again"), SIM_EINPUT);
    assert_string_equal(f->err.text, "t.csv:2:3: b = 'ab\xc3\xbc': no such site\nt.csv:2: again\n");
}

static void test_csv_fault__names_what_changed_a_table(void **state)
{
    struct fixture *f = *state;
    const char *set_by[] = {NULL, "x.cfg:7", NULL, "x.cfg:9"}, *row_at[] = {NULL, "x.cfg:8"};
    char to[SIM_CSV_PLACE];

    expect_table(f, "a,b\n1,2\n3,4\n");
    assert_string_equal(sim_csv_place(&f->t, 1, to), "t.csv:3");
    assert_string_equal(sim_csv_other(&f->t, 1, 0, to), "line 2");
    f->t.set_by = set_by;
    f->t.row_at = row_at;
    for (size_t row = 0; row < 2; row++)
        for (int col = -1; col < 2; col++)
            assert_int_equal(sim_csv_fault(&f->t, row, col, &f->err, "no"), SIM_EINPUT);
    assert_string_equal(f->err.text, "t.csv:2: no\n"
                                     "t.csv:2:1: a = '1': no\n"
                                     "t.csv:2:3: b = '2': no; set by x.cfg:7\n"
                                     "x.cfg:8: no\n"
                                     "x.cfg:8: a = '3': no\n"
                                     "x.cfg:8: b = '4': no; set by x.cfg:9\n");
    assert_string_equal(sim_csv_place(&f->t, 1, to), "x.cfg:8");
    assert_string_equal(sim_csv_other(&f->t, 1, 0, to), "t.csv:2");
    assert_string_equal(sim_csv_other(&f->t, 0, 1, to), "x.cfg:8");
}

static void test_csv_fault__cuts_a_long_cell(void **state)
{
    struct fixture *f = *state;
    char text[200] = "a\nx", line[200];

    for (int i = 0; i < 40; i++)
        strcat(text, "\xc3\xbc");
    expect_table(f, text);
    assert_int_equal(sim_csv_fault(&f->t, 0, 0, &f->err, "no"), SIM_EINPUT);
    snprintf(line, sizeof line, "t.csv:2:1: a = '%.59s...': no\n", text + 2);
    assert_string_equal(f->err.text, line);
}

/* ---- canonical text ---- */

static void test_csv_print__sorts_columns_and_rows_and_quotes_little(void **state)
{
    struct fixture *f = *state;

    expect_table(f, "b,a\r\n\"2\",y\r\n1,\"x,\"\"\"\n\"3\n\",\n");
    assert_string_equal(sim_csv_print(&f->t, &f->arena), "a,b\n,\"3\n\"\n\"x,\"\"\",1\ny,2\n");
}

static void test_csv_print__an_empty_cell_alone_is_no_blank_line(void **state)
{
    struct fixture *f = *state;
    char *text;

    expect_table(f, "a\n\"\"\nx\n");
    text = sim_csv_print(&f->t, &f->arena);
    assert_string_equal(text, "a\n\"\"\nx\n");
    expect_table(f, text);
}

static void test_csv_print__a_second_byte_order_mark_stays(void **state)
{
    struct fixture *f = *state;
    char *text;

    expect_table(f, "\xef\xbb\xbf\xef\xbb\xbf,b\n1,2\n");
    assert_string_equal(f->t.head[0], "\xef\xbb\xbf");
    text = sim_csv_print(&f->t, &f->arena);
    expect_table(f, text);
    assert_string_equal(sim_csv_print(&f->t, &f->arena), text);
}

static uint64_t next(uint64_t *s)
{
    uint64_t z = *s += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void shuffle(int *order, int n, uint64_t *seed)
{
    for (int i = 0; i < n; i++)
        order[i] = i;
    for (int i = n - 1; i > 0; i--) {
        int j = (int)(next(seed) % (uint64_t)(i + 1)), k = order[i];

        order[i] = order[j];
        order[j] = k;
    }
}

enum { COLUMNS = 5, ROWS = 12 };

static char *print_shuffled(struct fixture *f, char cell[ROWS + 1][COLUMNS][16], uint64_t *seed)
{
    char text[8192], *to = text;
    int row[ROWS], col[COLUMNS];

    shuffle(row, ROWS, seed);
    shuffle(col, COLUMNS, seed);
    for (int i = 0; i <= ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
            const char *s = cell[i == 0 ? ROWS : row[i - 1]][col[j]];
            int quote = i > 0 && (next(seed) % 2 == 0 || strpbrk(s, ",\"\n") != NULL);

            to += sprintf(to, "%s%s", j > 0 ? "," : "", quote ? "\"" : "");
            for (; *s != '\0'; s++)
                to += sprintf(to, "%s%c", *s == '"' ? "\"" : "", *s);
            to += sprintf(to, "%s", quote ? "\"" : "");
        }
        to += sprintf(to, next(seed) % 2 == 0 ? "\n" : "\r\n");
    }
    expect_table(f, text);
    return sim_csv_print(&f->t, &f->arena);
}

static void test_csv_print__shuffled_tables_give_the_same_text(void **state)
{
    struct fixture *f = *state;
    static const char letters[] = "ab,\"\n \xc3\xbc";
    uint64_t seed = 20260106;

    for (int round = 0; round < 200; round++) {
        char cell[ROWS + 1][COLUMNS][16] = {{{0}}};
        char *first, *again;

        for (int j = 0; j < COLUMNS; j++)
            snprintf(cell[ROWS][j], 16, "c%c%d", 'a' + (int)(next(&seed) % 26), j);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                int n = (int)(next(&seed) % 6);

                for (int k = 0; k < n; k++)
                    cell[i][j][k] = letters[next(&seed) % 6];
                if (next(&seed) % 4 == 0)
                    strcat(cell[i][j], "\xc3\xbc");
            }
        }
        first = print_shuffled(f, cell, &seed);
        again = print_shuffled(f, cell, &seed);
        assert_string_equal(first, again);
        expect_table(f, first);
        assert_int_equal(f->t.n_row, ROWS);
        assert_string_equal(sim_csv_print(&f->t, &f->arena), first);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_csv_parse__cuts_cells_and_knows_their_places),
        TEST(test_csv_parse__takes_windows_files),
        TEST(test_csv_parse__takes_a_header_alone),
        TEST(test_csv_parse__takes_empty_cells),
        TEST(test_csv_parse__names_every_fault_and_its_place),
        TEST(test_csv_parse__keeps_the_rows_without_fault),
        TEST(test_csv_parse__limits_columns),
        TEST(test_csv_parse__limits_cells),
        TEST(test_csv_rows__fills_every_type),
        TEST(test_csv_rows__empty_cells_and_missing_columns_are_defaults),
        TEST(test_csv_rows__strings_are_those_of_the_table),
        TEST(test_csv_rows__an_extra_prefix_lets_columns_pass),
        TEST(test_csv_rows__gathers_all_faults),
        TEST(test_csv_rows__takes_what_is_in_range_and_nothing_else),
        TEST(test_csv_rows__minus_zero_is_zero),
        TEST(test_csv_fault__names_a_cell_or_a_row),
        TEST(test_csv_fault__names_what_changed_a_table),
        TEST(test_csv_fault__cuts_a_long_cell),
        TEST(test_csv_print__sorts_columns_and_rows_and_quotes_little),
        TEST(test_csv_print__an_empty_cell_alone_is_no_blank_line),
        TEST(test_csv_print__a_second_byte_order_mark_stays),
        TEST(test_csv_print__shuffled_tables_give_the_same_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
