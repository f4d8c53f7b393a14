/* A shop that orders ten parts a day from a source that makes to order; scenarios in one line. */
#ifndef TEST_SHOP_H
#define TEST_SHOP_H

#include "tests/models/fixture.h"

/* Runs one scenario: its times, its rules. */
static inline void play(struct fix *f, const char *times, const char *rules, struct sim_result *r)
{
    fix_scenario(f, "s", "");
    f->cfg[f->n_cfg - 1] = fix_format(
        f, "title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; %s\n%s", times, rules);
    fix_play(f, 1, r);
    f->n_cfg = 0;
}

static inline void shop(struct fix *f)
{
    *f = (struct fix){0};
    fix_table(f, MDL_PRODUCTS,
              "id,name,stage,unit,quanta_per_unit,value_usd,per_application\n"
              "part,Part,component,piece,1,100,10\n");
    fix_table(f, MDL_SITES,
              "id,name,country,tier,review_d,smooth_d\ncn.src,Source,CN,component,0,1\n"
              "jp.shop,Shop,JP,market,1,1\n");
    fix_table(f, MDL_BOM, "recipe,role,product,quantity\nmake,output,part,1\n");
    fix_table(f, MDL_PROCESSES, "id,site,recipe,capacity_d\np.src,cn.src,make,\n");
    fix_table(f, MDL_LANES, "from,to,product,share,transit_d\ncn.src,jp.shop,part,1,3\n");
    fix_table(f, MDL_DEMAND, "site,product,rate_d,dist,patience_d\njp.shop,part,10,constant,0\n");
    fix_table(f, MDL_STOCKS, "site,product,policy,S\njp.shop,part,base-stock,200\n");
}

#endif
