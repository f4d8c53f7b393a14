#include "models/trust.h"
#include "tests/models/fixture.h"

enum { CAR, MISSILE };

/* Motors from the maker of the toy and from a second one, which has 30 % of the contracts; its
 * motors are made of the same magnets. */
static void two_makers(struct fix *f)
{
    fix_toy(f);
    fix_table(f, MDL_SITES,
              "id,name,entity,country,tier\n"
              "cn.mine,Mine,,CN,mine\ncn.sep,Separator,,CN,oxide\ncn.mag,Magnets,,CN,magnet\n"
              "jp.motor,Motors,,JP,component\njp.two,Motors too,,JP,component\n"
              "jp.car,Cars,,JP,vehicle\njp.def,Arms,yamato.arms,JP,defence\n"
              "jp.market,Market,,JP,market\n");
    fix_table(f, MDL_PROCESSES,
              "id,site,recipe,capacity_d\n"
              "p.mine,cn.mine,dig,2000\np.sep,cn.sep,separate,200\np.mag,cn.mag,sinter,400\n"
              "p.motor,jp.motor,wind,400\np.two,jp.two,wind,400\np.car,jp.car,assemble,200\n"
              "p.def,jp.def,arm,4\n");
    fix_table(f, MDL_LANES,
              "from,to,product,share,transit_d\n"
              "cn.mine,cn.sep,ore,1,2\ncn.sep,cn.mag,ox.nd,1,2\ncn.sep,cn.mag,ox.dy,1,2\n"
              "cn.mag,jp.motor,magnet,1,7\ncn.mag,jp.two,magnet,1,7\ncn.mag,jp.def,magnet,1,7\n"
              "jp.motor,jp.car,motor,0.7,1\njp.two,jp.car,motor,0.3,1\njp.car,jp.market,car,1,2\n"
              "jp.def,jp.market,missile,1,2\n");
}

/* Shares of the two markets, with one row marked. */
static void shares(struct fix *f, enum mdl_table_number t, size_t row, double car, double missile)
{
    struct mdl_network n;
    struct mdl_balance b;
    double share[2];

    two_makers(f);
    if (t < MDL_TABLES)
        fix_set_at(f, t, row, "status", "estimate");
    fix_network_ok(f, &n);
    assert_int_equal(mdl_balance_solve(&b, &f->a, &n, &f->err), 0);
    mdl_trust_markets(share, &b, &f->a);
    FIX_NEAR(share[CAR], car, 1e-9);
    FIX_NEAR(share[MISSILE], missile, 1e-9);
    fix_free(f);
}

static void test_trust_markets__by_hand(void **state)
{
    struct fix f;

    (void)state;
    shares(&f, MDL_TABLES, 0, 0, 0);
    shares(&f, MDL_DEMAND, 0, 1, 0);  /* the market's own row */
    shares(&f, MDL_LANES, 8, 1, 0);   /* from the car plant to it */
    shares(&f, MDL_LANES, 7, 0.3, 0); /* from the second maker of motors */
    shares(&f, MDL_PROCESSES, 4, 0.3, 0);
    shares(&f, MDL_SITES, 4, 0.3, 0);
    shares(&f, MDL_SITES, 3, 0.7, 0);
    shares(&f, MDL_BOM, 9, 1, 0);       /* a row of the recipe that both makers follow */
    shares(&f, MDL_LANES, 2, 1, 1);     /* Dy oxide: one input of several is enough */
    shares(&f, MDL_PROCESSES, 0, 1, 1); /* the mine */
    shares(&f, MDL_LANES, 5, 0, 1);     /* magnets for arms */
    shares(&f, MDL_PRODUCTS, 3, 0, 0);  /* rows of products are not asked */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_trust_markets__by_hand)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
