#include "tests/models/fixture.h"

#include "models/entry.h"

/* Sites and goods that an entry picks by name. */

/* The ids that a pick of the toy network picks, sites then goods; or the faults. */
static void check(const char *said, const char *want)
{
    static const char *const keys[] = {"site", "country", "tier", "entity", "product"};
    struct fix f = {0};
    struct mdl_network n;
    struct mdl_pick p = {0};
    struct sim_strs *to[] = {&p.site, &p.country, &p.tier, &p.entity, &p.product};
    struct sim_tree *t;
    char *text;
    char got[512] = "";

    fix_toy(&f);
    text = sim_arena_copy(&f.a, said, strlen(said));
    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    fix_network_ok(&f, &n);
    assert_int_equal(sim_tree_parse(&t, &f.a, "x.cfg", text, strlen(text), &f.err), 0);
    for (int k = 0; k < 5; k++) {
        const struct sim_tree *at = sim_tree_get(t, keys[k]);
        const char **s = sim_arena_alloc(&f.a, at ? sim_tree_n(at) : 0, sizeof *s);

        for (size_t i = 0; at && i < sim_tree_n(at); i++)
            s[i] = sim_tree_str(sim_tree_at(at, i));
        *to[k] = (struct sim_strs){at ? sim_tree_n(at) : 0, s};
    }
    if (mdl_pick_link(&p, t, &f.a, &n, &f.err) != 0)
        snprintf(got, sizeof got, "%s", f.err.text);
    else
        for (uint32_t i = 0; i < n.n_site + n.n_product; i++)
            if (i < n.n_site ? p.sites[i] : to[4]->n > 0 && p.products[i - n.n_site])
                snprintf(got + strlen(got), sizeof got - strlen(got), "%s ",
                         i < n.n_site ? n.site[i].id : n.product[i - n.n_site].id);
    assert_string_equal(got, want);
    fix_free(&f);
}

static void test_pick_link__names_stars_and_all_but(void **state)
{
    (void)state;
    check("", "cn.mag cn.mine cn.sep jp.car jp.def jp.market jp.motor ");
    check("site = [ 'cn.m*', 'jp.car' ];", "cn.mag cn.mine jp.car ");
    check("site = [ '!cn.m*' ]; country = [ 'CN' ];", "cn.sep ");
    check("country = [ '!CN' ]; tier = [ 'vehicle', 'component' ];", "jp.car jp.motor ");
    check("entity = [ 'yamato*' ]; product = [ 'ox.*', '!ox.nd' ];", "jp.def ox.dy ");
    check("site = [ 'jp.*', '!jp.car' ]; tier = [ 'market', 'vehicle' ];", "jp.market ");
}

static void test_pick_link__names_that_mean_nothing(void **state)
{
    (void)state;
    check("site = [ 'cn.mien', '!zz*' ]; tier = [ 'magnets' ]; product = [ 'magnet', 'cra' ];",
          "x.cfg:1: site: the network has no site 'cn.mien'; did you mean 'cn.mine'?\n"
          "x.cfg:1: site: the network has no site 'zz*'\n"
          "x.cfg:1: tier: the network has no tier 'magnets'; did you mean 'magnet'?\n"
          "x.cfg:1: product: the network has no product 'cra'; did you mean 'car'?\n");
    check("site = [ 'cn.mag' ]; country = [ 'JP' ];",
          "x.cfg:1: no site is in all of site, country, tier and entity\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pick_link__names_stars_and_all_but),
        cmocka_unit_test(test_pick_link__names_that_mean_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
