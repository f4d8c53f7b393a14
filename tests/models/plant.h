/* A plant that makes 100 cars a day out of parts; the market is at its gate and orders every day
 * what it sold. Nothing brings more parts in time unless a test says so. */
#ifndef TEST_PLANT_H
#define TEST_PLANT_H

#include "tests/models/shop.h"

/* Parts and what may replace them hold 10 and 4 g of dy. 1,000 pieces of each kind are 10 days. */
static inline void plant(struct fix *f)
{
    *f = (struct fix){0};
    fix_table(f, MDL_PRODUCTS,
              "id,name,stage,unit,quanta_per_unit,value_usd,el_dy_g\n"
              "body,B,component,piece,1,1,0\npart,P,component,piece,1,1,10\n"
              "other,O,component,piece,1,1,4\ncar,C,vehicle,piece,1,1,\n");
    fix_table(f, MDL_BOM,
              "recipe,role,product,quantity,kind\nb,output,body,1,\np,output,part,1,\n"
              "o,output,other,1,\nc,output,car,1,\nc,input,body,1,critical\n"
              "c,input,part,1,critical\n");
    fix_table(f, MDL_SITES,
              "id,name,country,tier,review_d,cover_d,out_cover_d,smooth_d,yard_d\n"
              "s.body,B,JP,component,1,14,0,1,0\ns.part,P,CN,component,1,14,0,1,0\n"
              "s.other,O,JP,component,1,14,0,1,0\n"
              "s.car,C,JP,vehicle,1,0,0,1,2\ns.market,M,JP,market,1,14,0,1,0\n");
    fix_table(f, MDL_PROCESSES,
              "id,site,recipe,capacity_d\np.body,s.body,b,\np.part,s.part,p,\np.other,s.other,o,\n"
              "p.car,s.car,c,\n");
    fix_table(f, MDL_LANES,
              "from,to,product,share,transit_d\ns.body,s.car,body,1,1\ns.part,s.car,part,1,60\n"
              "s.other,s.car,other,1,1\ns.car,s.market,car,1,1\n");
    fix_table(f, MDL_DEMAND, "site,product,rate_d,dist\ns.market,car,100,constant\n");
    fix_table(f, MDL_STOCKS,
              "site,product,policy,S,initial\ns.car,body,base-stock,100000,100000\n"
              "s.car,part,base-stock,1000,250\ns.car,other,order-up-to,,1000\n"
              "s.car,car,order-up-to,,0\ns.market,car,base-stock,10000,10000\n");
}

/* `other` may replace part in c. */
static inline void other_for_part(struct fix *f, const char *cover_d, const char *limit)
{
    fix_table(f, MDL_SUBSTITUTES,
              fix_format(f, "id,recipe,product,substitute,cover_d,limit\nx,c,part,other,%s,%s\n",
                         cover_d, limit));
}

/* Days from the start, without warm-up. */
static inline void run_days(struct fix *f, int days, const char *keys, struct sim_result *r)
{
    play(f, fix_format(f, "warm_up_d = 0; horizon_d = %d; %s", days, keys), "", r);
}

static inline double plant_at(const struct sim_result *r, const char *column)
{
    return fix_at(r, column, 0, 0, "p.car", NULL);
}

#endif
