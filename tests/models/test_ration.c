#include "tests/models/shop.h"

/* Who gets scarce motors: three lines at one site, for 100 a, b and c a day; a b takes two. */

static void lines(struct fix *f, const char *ration, const char *motors)
{
    *f = (struct fix){0};
    fix_table(f, MDL_PRODUCTS,
              "id,name,stage,unit,quanta_per_unit,value_usd\nmotor,M,component,piece,1,10\n"
              "a,A,vehicle,piece,1,25\nb,B,vehicle,piece,1,60\nc,C,vehicle,piece,1,40\n");
    fix_table(f, MDL_BOM,
              "recipe,role,product,quantity\nm,output,motor,1\na,output,a,1\n"
              "a,input,motor,1\nb,output,b,1\nb,input,motor,2\nc,output,c,1\n"
              "c,input,motor,1\n");
    fix_table(f, MDL_SITES,
              fix_format(f,
                         "id,name,country,tier,review_d,out_cover_d,smooth_d,ration\n"
                         "s.motor,M,JP,component,7,0,1,\ns.car,C,JP,vehicle,7,0,1,%s\n"
                         "s.market,M,JP,market,7,0,1,\n",
                         ration));
    fix_table(f, MDL_PROCESSES,
              "id,site,recipe,capacity_d,priority\np.m,s.motor,m,0,\np.a,s.car,a,,1\n"
              "p.b,s.car,b,,0\np.c,s.car,c,,2\n");
    fix_table(f, MDL_LANES,
              "from,to,product,share,transit_d\ns.motor,s.car,motor,1,9\n"
              "s.car,s.market,a,1,1\ns.car,s.market,b,1,1\ns.car,s.market,c,1,1\n");
    fix_table(f, MDL_DEMAND,
              "site,product,rate_d,dist\ns.market,a,100,constant\n"
              "s.market,b,100,constant\ns.market,c,100,constant\n");
    fix_table(f, MDL_STOCKS,
              fix_format(f,
                         "site,product,initial\ns.car,motor,%s\ns.motor,motor,0\ns.car,a,0\n"
                         "s.car,b,0\ns.car,c,0\n",
                         motors));
}

static void assert_started(const char *ration, const char *motors, double a, double b, double c)
{
    struct fix f;
    struct sim_result r;

    lines(&f, ration, motors);
    play(&f, "warm_up_d = 0; horizon_d = 1;", "", &r);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.a", NULL), a, 0);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.b", NULL), b, 0);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.c", NULL), c, 0);
    FIX_NEAR(fix_at(&r, "missed", 0, 0, "p.a", NULL), 100 - a, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* 400 are wanted. */
static void test_ration__in_proportion_unless_the_site_says_more(void **state)
{
    (void)state;
    assert_started("", "200", 50, 50, 50);
    assert_started("proportional", "200", 50, 50, 50);
}

/* b, then a, then c. */
static void test_ration__by_priority_of_the_processes(void **state)
{
    (void)state;
    assert_started("priority", "130", 0, 65, 0);
    assert_started("priority", "260", 60, 100, 0);
    assert_started("priority", "330", 100, 100, 30);
    assert_started("priority", "400", 100, 100, 100);
}

/* A motor earns 15 in an a, (60 - 20) / 2 = 20 in a b, 30 in a c. */
static void test_ration__by_margin_per_unit_of_what_is_scarce(void **state)
{
    (void)state;
    assert_started("margin", "70", 0, 0, 70);
    assert_started("margin", "240", 0, 70, 100);
    assert_started("margin", "330", 30, 100, 100);
}

/* A line that takes nothing scarce works on. */
static void test_ration__lines_without_it_are_not_held_up(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    lines(&f, "margin", "0");
    fix_add(&f, MDL_PRODUCTS, "d,D,vehicle,piece,1,1\n");
    fix_add(&f, MDL_BOM, "d,output,d,1\n");
    fix_add(&f, MDL_PROCESSES, "p.d,s.car,d,,5\n");
    fix_add(&f, MDL_LANES, "s.car,s.market,d,1,1\n");
    fix_add(&f, MDL_DEMAND, "s.market,d,100,constant\n");
    fix_add(&f, MDL_STOCKS, "s.car,d,0\n");
    play(&f, "warm_up_d = 0; horizon_d = 1;", "", &r);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.d", NULL), 100, 0);
    FIX_NEAR(fix_at(&r, "started", 0, 0, "p.c", NULL), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ration__in_proportion_unless_the_site_says_more),
        cmocka_unit_test(test_ration__by_priority_of_the_processes),
        cmocka_unit_test(test_ration__by_margin_per_unit_of_what_is_scarce),
        cmocka_unit_test(test_ration__lines_without_it_are_not_held_up)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
