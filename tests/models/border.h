/* Two shops that order ten parts a day from a source abroad, and what came to them day by day.
 *
 * An order of day d is placed at 0:00 and at the source at 1:00. If nothing holds it, it leaves at
 * once, is in the shop at 1:00 of day d + 3 and so in its stock of day d + 4. What the source asks
 * for at 1:00 is at an office at 2:00; what is decided at 2:00 is at the source at 3:00. Rules
 * change at 0:00, before the day's order. Day 0 is 2026-01-01. */
#ifndef TEST_BORDER_H
#define TEST_BORDER_H

#include "tests/models/fixture.h"

enum { BORDER_RATE = 10 };

static inline void border(struct fix *f)
{
    *f = (struct fix){0};
    fix_table(f, MDL_PRODUCTS,
              "id,name,stage,unit,quanta_per_unit,value_usd,per_application\n"
              "part,Part,component,piece,1,100,10\n");
    fix_table(f, MDL_ENTITIES,
              "id,name,country\n"
              "cn.co,Maker,CN\njp.co,Buyer,JP\nus.co,Buyer,US\n");
    fix_table(f, MDL_LISTS,
              "list,kind,value\n"
              "jp.buyers,entity,jp.co\nus.buyers,entity,us.co\nmakers,entity,cn.co\n"
              "parts,product,part\n");
    fix_table(f, MDL_SITES,
              "id,name,entity,country,tier,review_d,smooth_d\n"
              "cn.src,Source,cn.co,CN,component,0,1\n"
              "jp.shop,Shop,jp.co,JP,market,1,1\n"
              "us.shop,Shop,us.co,US,market,1,1\n");
    fix_table(f, MDL_BOM, "recipe,role,product,quantity\nmake,output,part,1\n");
    fix_table(f, MDL_PROCESSES, "id,site,recipe\np.src,cn.src,make\n");
    fix_table(f, MDL_LANES,
              "from,to,product,share,transit_d\n"
              "cn.src,jp.shop,part,1,3\ncn.src,us.shop,part,1,3\n");
    fix_table(f, MDL_DEMAND,
              "site,product,rate_d,dist,patience_d\n"
              "jp.shop,part,10,constant,0\nus.shop,part,10,constant,0\n");
    fix_table(f, MDL_STOCKS,
              "site,product,policy,S\n"
              "jp.shop,part,base-stock,2000\nus.shop,part,base-stock,2000\n");
}

/* A scenario's text with "'" for quotes and @<n> for the date of day n. */
static inline const char *border_text(struct fix *f, const char *text)
{
    char *s = sim_arena_alloc(&f->a, 12 * strlen(text) + 1, 1), *to = s;

    for (; *text; text++) {
        if (*text == '@') {
            char *end;
            long n = strtol(text + 1, &end, 10);
            int y, m, d;

            sim_date_split((int32_t)(20454 + n), &y, &m, &d); /* 2026-01-01 */
            to += sprintf(to, "\"%04d-%02d-%02d\"", y, m, d);
            text = end - 1;
        } else {
            *to++ = *text == '\'' ? '"' : *text;
        }
    }
    return s;
}

/* Adds a scenario over so many days. */
static inline void border_scenario(struct fix *f, const char *label, int horizon_d,
                                   const char *text)
{
    fix_scenario(f, label, "");
    f->cfg[f->n_cfg - 1] =
        fix_format(f,
                   "title = \"%s\"; network = \"toy\"; start = \"2026-01-01\"; warm_up_d = 40; "
                   "horizon_d = %d; runs = 1; outputs = \"full\";\n%s",
                   label, horizon_d, border_text(f, text));
}

static inline void border_play(struct fix *f, int horizon_d, const char *text, struct sim_result *r)
{
    border_scenario(f, "s", horizon_d, text);
    fix_play(f, 1, r);
    f->n_cfg = 0;
}

/* What came to a market between the work of day d - 1 and that of day d, d >= 1, while it sells
 * `rate` a day. */
static inline double border_came(const struct sim_result *r, const char *point, int d, double rate)
{
    char at[16], before[16];

    snprintf(at, sizeof at, "%d", d);
    snprintf(before, sizeof before, "%d", d - 1);
    return fix_at(r, "day_stock", 0, 0, point, at) - fix_at(r, "day_stock", 0, 0, point, before) +
           rate;
}

/* Asserts what came to a market that sells `rate` a day on the days 1, 2, ...: "13x10 5x0 60" is
 * ten on thirteen days, nothing on five, then 60; and after that what it sells. */
static inline void border_assert_at(const struct sim_result *r, const char *point, int rate,
                                    const char *runs)
{
    const struct sim_column *c = fix_column(r, "day_stock");
    int last = (int)r->axis[c->axis[3]].n;
    long n = 0, q = rate;

    for (int d = 1; d < last; d++, n--) {
        if (n == 0 && *runs) {
            char *end;

            n = 1;
            q = strtol(runs, &end, 10);
            if (*end == 'x') {
                n = q;
                q = strtol(end + 1, &end, 10);
            }
            runs = end + (*end == ' ');
        } else if (n == 0) {
            n = last;
            q = rate;
        }
        if (border_came(r, point, d, rate) != (double)q)
            fail_msg("%s, day %d: %g came, not %ld", point, d, border_came(r, point, d, rate), q);
    }
    if (*runs)
        fail_msg("%s: the run ends before %s", point, runs);
}

/* The same for a shop as border() has it. */
static inline void border_assert(const struct sim_result *r, const char *point, const char *runs)
{
    border_assert_at(r, point, BORDER_RATE, runs);
}

/* Plays rules and asserts what came to the shop in JP, and that nothing kept the one in US from its
 * ten a day. */
static inline void border_check(const char *rules, int horizon_d, const char *runs)
{
    struct fix f;
    struct sim_result r;

    border(&f);
    border_play(&f, horizon_d, rules, &r);
    border_assert(&r, "jp.shop~part", runs);
    border_assert(&r, "us.shop~part", "");
    sim_result_free(&r);
    fix_free(&f);
}

#endif
