#include "tests/models/fixture.h"

#include <sys/stat.h>
#include <unistd.h>

/* ---- a folder of files: DIR/scenarios/toy/ and what a test puts beside it ---- */

struct place {
    struct fix f;
    char dir[64], back[1024];
};

static void put(struct place *p, const char *name, const char *text)
{
    FILE *to = fopen(fix_format(&p->f, "%s/%s", p->dir, name), "w");

    assert_non_null(to);
    assert_true(fputs(text, to) >= 0);
    assert_int_equal(fclose(to), 0);
}

static void folder(struct place *p, const char *name)
{
    assert_int_equal(mkdir(fix_format(&p->f, "%s/%s", p->dir, name), 0755), 0);
}

static void network_at(struct place *p, const char *at)
{
    folder(p, at);
    for (int t = 0; t < MDL_TABLES; t++)
        if (p->f.text[t])
            put(p, fix_format(&p->f, "%s/%s.csv", at, mdl_tables[t].name), p->f.text[t]);
}

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof *p);

    if (p == NULL || getcwd(p->back, sizeof p->back) == NULL)
        return -1;
    snprintf(p->dir, sizeof p->dir, "/tmp/lodestone-study-XXXXXX");
    if (mkdtemp(p->dir) == NULL)
        return -1;
    fix_toy(&p->f);
    folder(p, "scenarios");
    network_at(p, "scenarios/toy");
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;
    int rc = chdir(p->back) != 0 || system(fix_format(&p->f, "rm -r '%s'", p->dir)) != 0;

    fix_free(&p->f);
    free(p);
    return rc;
}

/* Loads files (names in the folder, NULL-ended); the place's name is cut out of what is said. */
static int load(struct place *p, struct mdl_study *st, const char *const *names,
                struct mdl_options o)
{
    struct sim_err err = SIM_ERR_INIT;
    const char *path[8];
    int n = 0, rc;

    for (; names[n]; n++)
        path[n] = fix_format(&p->f, "%s/%s", p->dir, names[n]);
    rc = mdl_study_load(st, path, n, &o, &err);
    sim_err_free(&p->f.err);
    for (const char *line = err.text ? err.text : ""; *line;) {
        size_t len = strcspn(line, "\n");
        char *one = sim_arena_copy(&p->f.a, line, len), *cut;

        while ((cut = strstr(one, p->dir)) != NULL)
            memmove(cut, cut + strlen(p->dir) + 1, strlen(cut + strlen(p->dir)));
        (void)!sim_err_add(&p->f.err, err.code, "%s", one);
        line += len + (line[len] != '\0');
    }
    sim_err_free(&err);
    if (rc != 0)
        mdl_study_free(st);
    return rc;
}

static const struct mdl_options plain = {.runs = -1, .seed = -1};

static void assert_refused(struct place *p, const char *const *names, struct mdl_options o,
                           const char *says)
{
    struct mdl_study st;

    assert_int_equal(load(p, &st, names, o), SIM_EINPUT);
    fix_said(&p->f, says);
}

static void load_one(struct place *p, struct mdl_study *st, const char *name, struct mdl_options o)
{
    const char *const names[] = {name, NULL};

    if (load(p, st, names, o) != 0)
        fail_msg("%s", p->f.err.text);
}

#define HEAD "title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; horizon_d = 30;\n"
#define RULE(id, more) "{ id = \"" id "\"; from = \"2026-01-10\"; action = \"deny\"; " more " }"

/* ---- extends ---- */

static void test_study_load__a_scenario_says_only_what_differs(void **state)
{
    struct place *p = *state;
    struct mdl_study st;
    const struct mdl_scenario *s = NULL;

    put(p, "scenarios/base.cfg",
        HEAD
        "forecast_d = 40.0; rules = ( " RULE("a", "probability = 0.5;") ", " RULE("b", "") " "
                                                                                           ");");
    put(p, "scenarios/more.cfg",
        "extends = \"base.cfg\"; title = \"more\"; rules = ( { id = \"a\"; until = \"2026-01-20\"; "
        "}, " RULE("c", "") ", { id = \"b\"; remove = true; } );");
    load_one(p, &st, "scenarios/more.cfg", plain);
    s = &st.scenario[0];
    assert_string_equal(s->label, "more");
    assert_string_equal(s->title, "more");
    FIX_NEAR(s->forecast_d, 40, 0);
    assert_int_equal(s->n_rule, 2);
    assert_string_equal(s->rule[0].id, "a");
    FIX_NEAR(s->rule[0].probability, 0.5, 0);
    assert_true(s->rule[0].until == s->rule[0].from + 10);
    assert_string_equal(s->rule[1].id, "c");
    assert_null(strstr(s->text, "extends"));
    mdl_study_free(&st);
}

static void test_study_load__looks_beside_the_file_and_above(void **state)
{
    struct place *p = *state;
    struct mdl_study st;

    folder(p, "scenarios/sub");
    put(p, "scenarios/base.cfg", HEAD "forecast_d = 40.0;");
    put(p, "scenarios/sub/far.cfg", "extends = \"base.cfg\";");
    load_one(p, &st, "scenarios/sub/far.cfg", plain);
    FIX_NEAR(st.scenario[0].forecast_d, 40, 0);
    mdl_study_free(&st);
    put(p, "scenarios/sub/base.cfg", HEAD "forecast_d = 50.0;");
    load_one(p, &st, "scenarios/sub/far.cfg", plain);
    FIX_NEAR(st.scenario[0].forecast_d, 50, 0);
    mdl_study_free(&st);
}

static void test_study_load__looks_no_higher_than_scenarios(void **state)
{
    struct place *p = *state;

    put(p, "base.cfg", HEAD);
    put(p, "scenarios/x.cfg", "extends = \"base.cfg\";");
    assert_refused(p, (const char *[]){"scenarios/x.cfg", NULL}, plain,
                   "scenarios/x.cfg:1: extends = \"base.cfg\": no such file beside this one, in "
                   "the folders above it, or among those installed\n");
}

static void test_study_load__finds_the_same_from_inside_a_folder(void **state)
{
    struct place *p = *state;
    struct sim_err err = SIM_ERR_INIT;
    struct mdl_study st;
    const char *far[] = {"far.cfg"}, *sub[] = {"sub/far.cfg"}, *name[] = {"base"};

    folder(p, "scenarios/sub");
    put(p, "scenarios/base.cfg", HEAD "forecast_d = 40.0;");
    put(p, "scenarios/sub/far.cfg", "extends = \"base.cfg\";");
    assert_int_equal(chdir(fix_format(&p->f, "%s/scenarios/sub", p->dir)), 0);
    assert_int_equal(mdl_study_load(&st, far, 1, &plain, &err), 0);
    mdl_study_free(&st);
    assert_int_equal(chdir(fix_format(&p->f, "%s/scenarios", p->dir)), 0);
    assert_int_equal(mdl_study_load(&st, sub, 1, &plain, &err), 0);
    mdl_study_free(&st);
    assert_int_equal(chdir(p->dir), 0);
    assert_int_equal(mdl_study_load(&st, name, 1, &plain, &err), 0);
    mdl_study_free(&st);
    sim_err_free(&err);
}

static void test_study_load__looks_among_the_installed_last(void **state)
{
    struct place *p = *state;
    struct mdl_study st;
    struct mdl_options o = plain;

    folder(p, "share");
    network_at(p, "share/sold");
    o.share_dir = fix_format(&p->f, "%s/share", p->dir);
    put(p, "share/base.cfg",
        "title = \"t\"; network = \"sold\"; start = \"2026-01-01\"; horizon_d = 30;");
    put(p, "scenarios/mine.cfg", "extends = \"base.cfg\"; title = \"mine\";");
    load_one(p, &st, "scenarios/mine.cfg", o);
    assert_string_equal(st.scenario[0].title, "mine");
    mdl_study_free(&st);
}

static void test_study_load__a_loop_of_files_is_told(void **state)
{
    struct place *p = *state;

    put(p, "scenarios/a.cfg", "extends = \"b.cfg\";");
    put(p, "scenarios/b.cfg", "extends = \"a.cfg\";");
    assert_refused(p, (const char *[]){"scenarios/a.cfg", NULL}, plain,
                   "scenarios/a.cfg:1: extends = \"b.cfg\": more than 8 files extend each other; "
                   "is there a loop?\n");
    put(p, "scenarios/c.cfg", "extends = 3;");
    assert_refused(p, (const char *[]){"scenarios/c.cfg", NULL}, plain,
                   "scenarios/c.cfg:1: extends = 3: must be the name of a scenario file, in "
                   "quotes\n");
}

static void test_study_load__removing_what_is_not_there_is_told(void **state)
{
    struct place *p = *state;

    put(p, "scenarios/base.cfg", HEAD "rules = ( " RULE("a", "") " );");
    put(p, "scenarios/x.cfg",
        "extends = \"base.cfg\";\nrules = ( { id = \"b\"; remove = true; } );");
    assert_refused(
        p, (const char *[]){"scenarios/x.cfg", NULL}, plain,
        "scenarios/x.cfg:2: remove = true: no entry 'b' is inherited; did you mean 'a'?\n");
}

static void test_study_load__missing_files_are_told(void **state)
{
    struct place *p = *state;

    put(p, "scenarios/x.cfg", "title = \"t\"; start = \"2026-01-01\";\nnetwork = \"toys\";");
    assert_refused(p, (const char *[]){"scenarios/none.cfg", "scenarios/other.cfg", NULL}, plain,
                   "scenarios/none.cfg: no such scenario file, here or under scenarios/\n"
                   "scenarios/other.cfg: no such scenario file, here or under scenarios/\n");
    assert_refused(p, (const char *[]){"scenarios/x.cfg", NULL}, plain,
                   "scenarios/x.cfg:2: network = \"toys\": no folder of that name with a "
                   "products.csv, beside the scenario or above it\n");
}

static void test_study_load__faults_of_tables_name_their_files(void **state)
{
    struct place *p = *state;

    put(p, "scenarios/base.cfg", HEAD);
    put(p, "scenarios/toy/demand.csv",
        "site,product,rate_d,status,source\njp.market,cars,1,quoted,x\n");
    assert_refused(p, (const char *[]){"scenarios/base.cfg", NULL}, plain,
                   "scenarios/toy/demand.csv:2:11: product = 'cars': no such product; did you mean "
                   "'car'?\n");
}

/* ---- --set ---- */

static void test_study_load__set_changes_any_key(void **state)
{
    struct place *p = *state;
    struct mdl_study st;
    const char *const set[] = {"rules.cn-1.5.probability=0.25", "horizon_d=10", "start=2026-02-01",
                               "rules.b.remove=true", "rules.cn-1.5.origin=[\"CN\"]"};
    struct mdl_options o = plain;

    o.set = set;
    o.n_set = 5;
    put(p, "scenarios/base.cfg", HEAD "rules = ( " RULE("cn-1.5", "") ", " RULE("b", "") " );");
    load_one(p, &st, "scenarios/base.cfg", o);
    assert_int_equal(st.scenario[0].n_rule, 1);
    FIX_NEAR(st.scenario[0].rule[0].probability, 0.25, 0);
    assert_int_equal(st.scenario[0].rule[0].origin.n, 1);
    assert_int_equal(st.scenario[0].horizon_d, 10);
    assert_int_equal(st.scenario[0].start, sim_date_join(2026, 2, 1));
    mdl_study_free(&st);
}

static void test_study_load__a_wrong_set_is_told(void **state)
{
    struct place *p = *state;
    static const struct {
        const char *set, *says;
    } wrong[] = {
        {"rules.a.probability=2", "--set rules.a.probability=2: probability = 2: must be 0 to 1\n"},
        {"horizn_d=10", "--set horizn_d=10: unknown key 'horizn_d'; did you mean 'horizon_d'?\n"},
        {"rules.aa.probability=1",
         "--set rules.aa.probability=1: there is no entry 'aa'; did you mean 'a'?\n"}};

    put(p, "scenarios/base.cfg", HEAD "rules = ( " RULE("a", "") " );");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct mdl_options o = plain;

        o.set = &wrong[i].set;
        o.n_set = 1;
        assert_refused(p, (const char *[]){"scenarios/base.cfg", NULL}, o, wrong[i].says);
    }
}

/* ---- what a sweep lays over its scenarios ---- */

static void test_study_load__a_lax_set_may_be_missing_in_some(void **state)
{
    struct place *p = *state;
    static const char *const both[] = {"scenarios/base.cfg", "scenarios/with.cfg", NULL};
    struct mdl_study st;
    struct mdl_options o = plain;

    put(p, "scenarios/base.cfg", HEAD);
    put(p, "scenarios/with.cfg", HEAD "rules = ( " RULE("a", "") " );");
    o.n_set = 1;
    o.set = (const char *[]){"rules.a.probability=0.25"};
    assert_refused(p, both, o, "--set rules.a.probability=0.25: there is no 'rules'\n");
    o.lax = 1;
    assert_int_equal(load(p, &st, both, o), 0);
    FIX_NEAR(st.scenario[1].rule[0].probability, 0.25, 0);
    mdl_study_free(&st);
    o.set = (const char *[]){"rules.aa.probability=0.25"};
    assert_refused(p, both, o,
                   "--set rules.aa.probability=0.25: there is no entry 'aa'; did you mean 'a'?\n");
    o.set = (const char *[]){"rules.a.probability=2"};
    assert_refused(p, both, o, "--set rules.a.probability=2: probability = 2: must be 0 to 1\n");
}

static void test_study_load_texts__equals_what_was_loaded_from_files(void **state)
{
    struct place *p = *state;
    static const char *const both[] = {"scenarios/base.cfg", "scenarios/with.cfg", NULL},
                             *const labels[] = {"base", "with"};
    const struct mdl_lay lay = {"sweep.cfg", "\nset = ( { id = \"l\"; table = \"lanes\"; column = "
                                             "\"transit_d\"; multiply = 2; } );"};
    struct mdl_study x, y;
    struct sim_result texts = {0};
    struct mdl_options o = plain;
    struct sim_err err = SIM_ERR_INIT;

    put(p, "scenarios/base.cfg", HEAD);
    put(p, "scenarios/with.cfg", HEAD "rules = ( " RULE("a", "") " );");
    o.lax = 1;
    o.texts = &texts;
    assert_int_equal(load(p, &x, both, o), 0);
    mdl_study_free(&x);
    assert_non_null(sim_result_find_input(&texts, "with.cfg"));
    assert_non_null(sim_result_find_input(&texts, "lanes.csv"));

    o.texts = NULL;
    o.lay = &lay;
    o.n_lay = 1;
    o.n_set = 1;
    o.set = (const char *[]){"rules.a.probability=0.25"};
    assert_int_equal(load(p, &x, both, o), 0);
    assert_int_equal(mdl_study_load_texts(&y, &texts, labels, 2, &o, &err), 0);
    for (int i = 0; i < 2; i++)
        assert_string_equal(x.scenario[i].text, y.scenario[i].text);
    for (int t = 0; t < MDL_TABLES; t++)
        if (x.net.table_text[t] && !strstr(x.net.table_text[t], "sweep.cfg"))
            assert_string_equal(x.net.table_text[t], y.net.table_text[t]);
    FIX_NEAR(y.scenario[1].rule[0].probability, 0.25, 0);
    mdl_study_free(&x);
    mdl_study_free(&y);
    assert_int_equal(
        mdl_study_load_texts(&y, &texts, (const char *const[]){"none"}, 1, &plain, &err),
        SIM_EINPUT);
    mdl_study_free(&y);
    sim_err_free(&err);
    sim_result_free(&texts);
}

static void test_study_load__faults_of_what_is_laid_over_name_its_line(void **state)
{
    struct place *p = *state;
    const struct mdl_lay lay = {"sweep.cfg", "\nset = ( { id = \"l\"; table = \"lanes\"; column = "
                                             "\"transt_d\"; multiply = 2; } );"};
    struct mdl_options o = plain;

    put(p, "scenarios/base.cfg", HEAD);
    o.lay = &lay;
    o.n_lay = 1;
    assert_refused(p, (const char *[]){"scenarios/base.cfg", NULL}, o,
                   "sweep.cfg:2: column = \"transt_d\": lanes.csv has no such column; did you mean "
                   "'transit_d'?\n");
}

/* ---- several ---- */

static void test_study_load__scenarios_share_what_they_must(void **state)
{
    static const struct {
        const char *more, *key;
    } differ[] = {
        {"title = \"t\"; start = \"2026-01-01\"; horizon_d = 30;\nnetwork = \"toy2\";", "network"},
        {"title = \"t\"; network = \"toy\"; horizon_d = 30;\nstart = \"2026-01-02\";", "start"},
        {HEAD "warm_up_d = 364;", "warm_up_d"},
        {"title = \"t\"; network = \"toy\"; start = \"2026-01-01\";\nhorizon_d = 31;", "horizon_d"},
        {HEAD "runs = 9;", "runs"},
        {HEAD "seed = 9;", "seed"}};
    struct place *p = *state;
    const char *const both[] = {"scenarios/a.cfg", "scenarios/b.cfg", NULL};
    struct mdl_study st;

    for (size_t i = 0; i < sizeof differ / sizeof *differ; i++) {
        struct mdl_options o = {.runs = 3, .seed = 4};

        put(p, "scenarios/a.cfg", HEAD);
        put(p, "scenarios/b.cfg", differ[i].more);
        assert_refused(p, both, plain,
                       fix_format(&p->f,
                                  "scenarios/b.cfg:2: %s differs from scenarios/a.cfg:1; "
                                  "scenarios in one file share network, start, warm_up_d, "
                                  "horizon_d, runs and seed\n",
                                  differ[i].key));
        if (i < 4)
            continue;
        assert_int_equal(load(p, &st, both, o), 0);
        assert_int_equal(st.runs, 3);
        assert_int_equal(st.seed, 4);
        mdl_study_free(&st);
    }
}

static void test_study_load__labels_are_told_apart(void **state)
{
    struct place *p = *state;

    folder(p, "scenarios/sub");
    put(p, "scenarios/a.cfg", HEAD);
    put(p, "scenarios/sub/a.cfg", HEAD);
    assert_refused(p, (const char *[]){"scenarios/a.cfg", "scenarios/sub/a.cfg", NULL}, plain,
                   "scenarios/sub/a.cfg: another scenario of this study has the same name, "
                   "scenarios/a.cfg\n");
}

static void test_study_load__gathers_the_faults_of_all_scenarios(void **state)
{
    struct place *p = *state;

    put(p, "scenarios/a.cfg", HEAD "runs = 0;");
    put(p, "scenarios/b.cfg", HEAD "runs = -1;");
    assert_refused(p, (const char *[]){"scenarios/a.cfg", "scenarios/b.cfg", NULL}, plain,
                   "scenarios/a.cfg:2: runs = 0: must be a whole number, 1 to 1000000\n"
                   "scenarios/b.cfg:2: runs = -1: must be a whole number, 1 to 1000000\n");
}

static void test_study_load__numbers_too_large_to_count_are_told(void **state)
{
    struct place *p = *state;

    put(p, "scenarios/base.cfg", HEAD);
    fix_set(&p->f, MDL_DEMAND, "jp.market", "rate_d", "1e11");
    put(p, "scenarios/toy/demand.csv", p->f.text[MDL_DEMAND]);
    assert_refused(p, (const char *[]){"scenarios/base.cfg", NULL}, plain,
                   "cn.mine~ore: 3.79e+17 quanta a day, growing to 1 times that, over 10395 days "
                   "are more than can be counted (4e18): fewer quanta_per_unit, a smaller rate_d "
                   "or trend_y, or a shorter time\n");
}

/* ---- the axis of causes ---- */

static void test_study_causes__each_has_one_label_over_all_scenarios(void **state)
{
    struct fix f;
    struct mdl_study st;
    static const char *const list[] = {"goods", "headings", "headings"};

    (void)state;
    fix_toy(&f);
    fix_add(&f, MDL_LISTS, "headings,hs,2846\n");
    fix_add(&f, MDL_LANES, "cn.sep,jp.motor,ox.nd,1,5,0\n");
    fix_add(&f, MDL_BOM, "wind,input,ox.nd,0.001\n");
    for (int i = 0; i < 3; i++)
        fix_scenario(&f, fix_format(&f, "s%d", i),
                     fix_format(&f,
                                "rules = ( { id = \"r\"; from = \"2026-01-10\"; action = \"deny\"; "
                                "list = \"%s\"; } );",
                                list[i]));
    fix_study_ok(&f, &st);
    for (uint32_t i = 0; i < st.n_cause; i++)
        for (uint32_t k = 0; k < i; k++)
            if (strcmp(st.cause[i].label, st.cause[k].label) == 0)
                fail_msg("two causes are called '%s'", st.cause[i].label);
    mdl_study_free(&st);
    fix_free(&f);
}

/* ---- from the result alone ---- */

static void test_study_load_result__reads_back_what_was_stored(void **state)
{
    struct place *p = *state;
    struct mdl_study st, again;
    struct sim_result r, s;
    struct sim_err err = SIM_ERR_INIT;
    const char *const both[] = {"scenarios/base.cfg", "scenarios/ban.cfg", NULL};
    struct mdl_options o = {.runs = 2, .seed = 99};

    put(p, "scenarios/base.cfg", HEAD "warm_up_d = 20;");
    put(p, "scenarios/ban.cfg",
        "extends = \"base.cfg\"; rules = ( " RULE("a", "probability = 0.5;") " );");
    assert_int_equal(load(p, &st, both, o), 0);
    fix_run(&st, 2, &r);
    assert_int_equal(mdl_study_load_result(&again, &r, &err), 0);
    assert_int_equal(again.seed, 99);
    fix_run(&again, 2, &s);
    assert_int_equal(r.n_input, s.n_input);
    for (int i = 0; i < r.n_input; i++) {
        assert_string_equal(r.input[i].name, s.input[i].name);
        assert_string_equal(r.input[i].text, s.input[i].text);
    }
    for (uint32_t i = 0; i < 2; i++)
        fix_same(&r, i, &s, i, NULL);
    sim_result_free(&r);
    sim_result_free(&s);
    mdl_study_free(&st);
    mdl_study_free(&again);
    sim_err_free(&err);
}

static void test_study_load_result__a_result_without_its_input_is_refused(void **state)
{
    struct sim_result r = {0};
    struct sim_err err = SIM_ERR_INIT;
    struct mdl_study st;
    const char *label[] = {"base"};

    (void)state;
    assert_int_equal(mdl_study_load_result(&st, &r, &err), SIM_EINPUT);
    mdl_study_free(&st);
    sim_result_axis(
        &r, &(struct sim_axis){.name = "scenario", .long_name = "x", .n = 1, .label = label});
    assert_int_equal(mdl_study_load_result(&st, &r, &err), SIM_EINPUT);
    mdl_study_free(&st);
    sim_result_input(&r, "base.cfg", HEAD);
    assert_int_equal(mdl_study_load_result(&st, &r, &err), SIM_EINPUT);
    assert_string_equal(err.text, "the result has no scenarios\n"
                                  "the result does not carry its input base.cfg\n"
                                  "products.csv: this table is missing; a network needs it\n"
                                  "sites.csv: this table is missing; a network needs it\n"
                                  "bom.csv: this table is missing; a network needs it\n"
                                  "processes.csv: this table is missing; a network needs it\n"
                                  "lanes.csv: this table is missing; a network needs it\n"
                                  "demand.csv: this table is missing; a network needs it\n");
    mdl_study_free(&st);
    sim_result_free(&r);
    sim_err_free(&err);
}

/* ---- calendar of the axes ---- */

static void test_study_times__months_and_weeks_hold_the_horizon(void **state)
{
    static const struct {
        const char *start;
        int horizon, weeks, months;
    } time[] = {
        {"2026-01-01", 31, 5, 1}, {"2026-01-01", 32, 5, 2},     {"2026-01-31", 1, 1, 1},
        {"2026-01-31", 2, 1, 2},  {"2025-12-31", 7, 1, 2},      {"2024-02-01", 29, 5, 1},
        {"2024-02-01", 30, 5, 2}, {"2026-01-15", 730, 105, 25}, {"2026-12-01", 365, 53, 12}};

    (void)state;
    for (size_t i = 0; i < sizeof time / sizeof *time; i++) {
        struct fix f;
        struct mdl_study st;

        fix_toy(&f);
        fix_scenario(&f, "s", "");
        f.cfg[0] =
            fix_format(&f, "title = \"t\"; network = \"toy\"; start = \"%s\"; horizon_d = %d;",
                       time[i].start, time[i].horizon);
        fix_study_ok(&f, &st);
        assert_int_equal(st.n_week, time[i].weeks);
        assert_int_equal(st.n_month, time[i].months);
        assert_true(st.month_first[0] <= st.scenario[0].start);
        assert_true(st.month_first[st.n_month] >= st.scenario[0].start + time[i].horizon);
        assert_true(st.month_first[st.n_month - 1] < st.scenario[0].start + time[i].horizon);
        mdl_study_free(&st);
        fix_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_study_load__a_scenario_says_only_what_differs, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__looks_beside_the_file_and_above, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__looks_no_higher_than_scenarios, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__finds_the_same_from_inside_a_folder,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__looks_among_the_installed_last, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__a_loop_of_files_is_told, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__removing_what_is_not_there_is_told, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__missing_files_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__faults_of_tables_name_their_files, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__set_changes_any_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__a_wrong_set_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__a_lax_set_may_be_missing_in_some, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_study_load_texts__equals_what_was_loaded_from_files,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__faults_of_what_is_laid_over_name_its_line,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__scenarios_share_what_they_must, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__labels_are_told_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__gathers_the_faults_of_all_scenarios,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_study_load__numbers_too_large_to_count_are_told,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_study_causes__each_has_one_label_over_all_scenarios,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_study_load_result__reads_back_what_was_stored, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            test_study_load_result__a_result_without_its_input_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_study_times__months_and_weeks_hold_the_horizon, set_up,
                                        tear_down)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
