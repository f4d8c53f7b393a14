#include "analysis/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

struct fixture {
    struct sim_arena arena;
    struct sim_err err;
    struct ana_sweep s;
    const char *list; /* text of every list that is asked for */
};

static int set_up(void **state)
{
    *state = test_calloc(1, sizeof(struct fixture));
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    sim_arena_free(&f->arena);
    sim_err_free(&f->err);
    test_free(f);
    return 0;
}

static int list_of(void *ctx, enum ana_factor_kind kind, const struct sim_tree *at,
                   const char **text, size_t *n, struct sim_err *err)
{
    const struct fixture *f = ctx;

    (void)kind;
    if (f->list == NULL)
        return sim_tree_fault(at, err, "there is none");
    *text = f->list;
    *n = strlen(f->list);
    return 0;
}

static int parse(struct fixture *f, const char *text)
{
    sim_err_free(&f->err);
    return ana_sweep_parse(&f->s, &f->arena, "s.cfg", text, strlen(text), list_of, f, &f->err);
}

static void good(struct fixture *f, const char *text)
{
    if (parse(f, text) != 0)
        fail_msg("%s", f->err.text);
}

static void bad(struct fixture *f, const char *text, const char *why)
{
    assert_int_equal(parse(f, text), SIM_EINPUT);
    if (strstr(f->err.text, why) == NULL)
        fail_msg("not told: %s\nbut: %s", why, f->err.text);
}

#define TOP "title = \"t\"; base = \"b.cfg\"; "
#define OUT "outputs = ( { id = \"y\"; column = \"c\"; } ); "
#define A "{ id = \"a\"; path = \"rules.r.approval\"; range = [0, 1]; }"
#define GRID "design = { method = \"grid\"; levels = 3; }; "

static void test_sweep_parse__reads_all_that_there_is(void **state)
{
    struct fixture *f = *state;
    const struct ana_sweep *s = &f->s;

    good(f,
         TOP "scenarios = [ \"x.cfg\", \"y.cfg\" ]; over = \"o\"; set = [ \"a=1\" ]; seed = 7;\n"
             "factors = ( { id = \"z\"; path = \"p.q\"; range = [1, 9]; scale = \"integer\"; "
             "levels = 3; "
             "},\n"
             "  { id = \"c\"; table = \"sites\"; where = { country = \"JP\"; }; column = "
             "\"cover_d\"; how = "
             "\"add\"; dist = \"uniform(1,2)\"; },\n"
             "  { id = \"w\"; path = \"p.w\"; values = [\"no\", \"yes\"]; kind = \"lever\"; } );\n"
             "design = { uncertainties = { method = \"saltelli\"; points = 8; chance = true; }; "
             "levers = "
             "{ method = \"zip\"; }; };\n"
             "replications = { first = 30; max = 90; stop = ( { output = \"y\"; scenario = \"x\"; "
             "against_base = true; relative = 0.1; } ); confidence = 0.9; };\n"
             "outputs = ( { id = \"y\"; column = \"c\"; reduce = \"mean\"; } );");
    assert_string_equal(s->base, "b.cfg");
    assert_int_equal(s->scenarios.n, 2);
    assert_int_equal(s->seed, 7);
    assert_int_equal(s->n_factor, 3);
    assert_string_equal(s->factor[0].id, "z");
    assert_int_equal(s->factor[0].scale, ANA_INTEGER);
    assert_true(s->factor[0].lo == 1 && s->factor[0].hi == 9 && s->factor[0].levels == 3);
    assert_int_equal(s->factor[1].form, ANA_DIST);
    assert_int_equal(s->factor[1].dist.kind, SIM_UNIFORM);
    assert_int_equal(s->target[1].how, 2);
    assert_int_equal(s->factor[2].kind, ANA_LEVER);
    assert_string_equal(s->factor[2].value[1], "yes");
    assert_int_equal(s->part[ANA_UNCERTAINTY].method, ANA_SALTELLI);
    assert_int_equal(s->part[ANA_UNCERTAINTY].chance, 1);
    assert_int_equal(s->part[ANA_LEVER].method, ANA_ZIP);
    assert_true(s->first == 30 && s->max == 90 && s->step == 10 && s->confidence == 0.9);
    assert_int_equal(s->n_stop, 1);
    assert_true(s->stop[0].against_base && s->stop[0].relative == 0.1);
    assert_int_equal(s->output[0].reduce, ANA_PICK_MEAN);
}

static void test_sweep_parse__defaults(void **state)
{
    struct fixture *f = *state;
    const struct ana_sweep *s = &f->s;

    good(f, TOP OUT GRID "factors = ( " A " );");
    assert_int_equal(s->seed, -1);
    assert_int_equal(s->first, 0);
    assert_int_equal(s->part[ANA_LEVER].method, ANA_NO_METHOD);
    good(f,
         TOP OUT "design = { method = \"lhs\"; points = 4; }; factors = ( " A
                 ", { id = \"l\"; path = \"x\"; values = (1, 2.5, true); kind = \"lever\"; } );");
    assert_int_equal(s->part[ANA_LEVER].method, ANA_GRID);
    assert_string_equal(s->factor[1].value[1], "2.5");
    assert_string_equal(s->factor[1].value[2], "true");
    good(f, TOP OUT "design = { method = \"morris\"; trajectories = 4; chance = true; }; factors = "
                    "( " A " );");
    assert_int_equal(s->first, 1);
    good(f, "title = \"t\"; model = \"ishigami\"; " GRID
            "factors = ( { id = \"a\"; }, { id = \"b\"; }, { id = \"c\"; } );");
    assert_string_equal(s->output[0].id, "y");
    assert_non_null(s->model);
}

static void test_sweep_parse__a_list_in_any_order_of_columns(void **state)
{
    struct fixture *f = *state;
    const struct ana_part *p = &f->s.part[ANA_UNCERTAINTY];

#define LIST                                                                                       \
    TOP OUT "design = { method = \"list\"; file = \"p.csv\"; };\nfactors = ( " A                   \
            ",\n { id = \"b\"; path = \"x\"; } );"
    f->list = "b,a\n1,0.5\n2,0.25\n";
    good(f, LIST);
    assert_int_equal(p->n_row, 2);
    assert_string_equal(p->cell[0], "0.5");
    assert_string_equal(p->cell[1], "1");
    assert_string_equal(p->cell[3], "2");
    assert_int_equal(p->line[1], 3);
    f->list = "b,c\n1,0.5\n";
    bad(f, LIST, "s.cfg:2: 'a': p.csv has no column of that name");
    assert_non_null(strstr(f->err.text, "p.csv:1:3: there is no uncertainty 'c' in s.cfg"));
    f->list = NULL;
    bad(f, LIST, "file = \"p.csv\": there is none");
}

static void test_sweep_parse__gathers_faults_with_their_lines(void **state)
{
    struct fixture *f = *state;

    bad(f,
        "title = \"t\";\nfactrs = ( );\nfactors = ( { id = \"a\"; },\n { id = \"b\"; path = \"x\"; "
        "range = [1]; } );\n" GRID "\noutputs = ( { id = \"a-b\"; column = \"c\"; } );",
        "s.cfg:2: unknown key 'factrs'; did you mean 'factors'?");
    assert_non_null(strstr(f->err.text, "s.cfg:3: 'a': give path, or table and column"));
    assert_non_null(strstr(f->err.text, "s.cfg:4: range: must be two numbers"));
    assert_non_null(strstr(f->err.text, "s.cfg:6: id = \"a-b\": must be a letter"));
    assert_non_null(strstr(f->err.text, "base is missing"));
}

static void test_sweep_parse__each_fault(void **state)
{
    static const char *const all[][2] = {
        {TOP GRID "factors = ( " A " );", "outputs are missing"},
        {TOP OUT GRID "factors = ( );", "there must be a factor"},
        {TOP OUT "factors = ( " A " );", "design is missing"},
        {TOP OUT GRID "factors = ( { id = \"a\"; path = \"x\"; table = \"y\"; range = [0, 1]; } );",
         "give path, or table and column"},
        {TOP OUT GRID "factors = ( { id = \"a\"; table = \"y\"; range = [0, 1]; } );",
         "column is missing: which column of y"},
        {TOP OUT GRID "factors = ( { id = \"a\"; path = \"y\"; how = \"add\"; range = [0, 1]; } );",
         "go with table, not with path"},
        {TOP OUT GRID "factors = ( { id = \"a\"; path = \"y=1\"; range = [0, 1]; } );",
         "a path has no ="},
        {TOP OUT GRID
         "factors = ( { id = \"a\"; path = \"y\"; range = [0, 1]; values = [1, 2]; } );",
         "give one of range, dist and values"},
        {TOP OUT GRID "factors = ( { id = \"a\"; path = \"y\"; values = 1; } );",
         "must be a list of numbers or texts"},
        {TOP OUT GRID "factors = ( { id = \"a\"; path = \"y\"; dist = \"unifrm(1,2)\"; } );",
         "dist = "},
        {TOP OUT "design = { method = \"list\"; }; factors = ( " A " );", "a list needs its file"},
        {TOP OUT "design = { method = \"grid\"; file = \"x\"; }; factors = ( " A " );",
         "goes with method = \"list\""},
        {TOP OUT
         "design = { method = \"lhs\"; uncertainties = { method = \"lhs\"; }; }; factors = ( " A
         " );",
         "there is a method for these already"},
        {TOP OUT GRID "replications = { max = 9; }; factors = ( " A " );", "goes with stop"},
        {TOP OUT GRID
         "replications = { stop = ( { output = \"y\"; half = 1.0; } ); }; factors = ( " A " );",
         "stop needs max"},
        {TOP OUT GRID "replications = { max = 90; stop = ( { output = \"z\"; half = 1.0; } ); }; "
                      "factors = ( " A " );",
         "there is no such output; did you mean 'y'?"},
        {TOP OUT GRID "replications = { max = 90; stop = ( { output = \"y\"; } ); }; factors = ( " A
                      " );",
         "give relative or half"},
        {TOP "outputs = ( { id = \"run_status\"; column = \"c\"; } ); " GRID "factors = ( " A " );",
         "is taken"},
        {"title = \"t\"; model = \"ishi\"; " GRID "factors = ( { id = \"a\"; } );",
         "must be ishigami or g-function"},
        {"title = \"t\"; model = \"ishigami\"; base = \"b\"; " OUT GRID "factors = ( " A " );",
         "does not go with a model"}};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        bad(f, all[i][0], all[i][1]);
}

static void test_sweep_settings__of_a_point(void **state)
{
    struct fixture *f = *state;
    struct ana_settings set;
    struct ana_design d = {0};

    good(f,
         TOP OUT "\ndesign = { method = \"zip\"; };\nfactors = (\n"
                 " { id = \"a\"; path = \"rules.r.x\"; values = [0.1, 2]; },\n"
                 " { id = \"c\"; table = \"sites\"; where = { country = [\"JP\", \"KR\"]; tier = "
                 "\"x\"; }; column = \"cover_d\"; values = [0.5, 1e-7]; },\n"
                 " { id = \"m\"; table = \"lanes\"; column = \"mode\"; how = \"value\"; values = "
                 "[\"sea\", \"air\"]; } );");
    assert_int_equal(ana_design_make(&d, f->s.factor, 3, f->s.part, 1, &f->err), 0);
    ana_sweep_settings(&set, &f->s, &d, 1, &f->arena);
    assert_int_equal(set.n_set, 1);
    assert_string_equal(set.set[0], "rules.r.x=2");
    assert_int_equal(set.n_lay, 2);
    assert_string_equal(
        set.lay[0], "\n\n\n\nset = ( { id = \"c\"; table = \"sites\"; where = { country = [ "
                    "\"JP\", \"KR\" ]; tier = \"x\"; }; column = \"cover_d\"; multiply = 1e-07; "
                    "source = \"factor c of a sweep\"; } );\n");
    assert_non_null(strstr(set.lay[1], "value = \"air\";"));
    ana_design_free(&d);
}

static void test_sweep_from__what_was_put(void **state)
{
    struct fixture *f = *state;
    struct sim_result r = {0};
    struct ana_sweep s;

    f->list = "b,a\n1,0.5\n2,0.25\n";
    good(f, LIST);
    ana_sweep_put(&f->s, &r);
    f->list = NULL;
    assert_int_equal(ana_sweep_from(&s, &f->arena, &r, &f->err), 0);
    assert_string_equal(s.plain, f->s.plain);
    assert_string_equal(s.part[0].cell[1], "1");
    sim_result_free(&r);
    assert_int_equal(ana_sweep_from(&s, &f->arena, &r, &f->err), SIM_ERUN);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_sweep_parse__reads_all_that_there_is),
        T(test_sweep_parse__defaults),
        T(test_sweep_parse__a_list_in_any_order_of_columns),
        T(test_sweep_parse__gathers_faults_with_their_lines),
        T(test_sweep_parse__each_fault),
        T(test_sweep_settings__of_a_point),
        T(test_sweep_from__what_was_put),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
