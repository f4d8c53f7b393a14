#include "analysis/cli/cli.h"

#include "models/explain.h"
#include "sim/source.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

struct options {
    const char *from, *to, *product, *use, *date, *placed, *quantity, *over;
    struct cmd_texts set;
    int caught;
};

#define AT(field) offsetof(struct options, field)
static const struct cmd_option options[] = {
    {"--from", "SITE", CMD_TEXT, 0, 0, AT(from), "site that sends the goods (sites.csv)"},
    {"--to", "SITE", CMD_TEXT, 0, 0, AT(to), "site that buys them"},
    {"--product", "P", CMD_TEXT, 0, 0, AT(product), "the goods (products.csv)"},
    {"--use", "civil|military", CMD_TEXT, 0, 0, AT(use), "the declared end use"},
    {"--date", "D", CMD_TEXT, 0, 0, AT(date), "day whose rules it is judged by: YYYY-MM-DD"},
    {"--placed", "D", CMD_TEXT, 0, 0, AT(placed), "day of the order (default: the same)"},
    {"--quantity", "Q", CMD_TEXT, 0, 0, AT(quantity),
     "units ordered (default: what the buyer takes between two reviews; else 1)"},
    {"--caught", NULL, CMD_FLAG, 0, 0, AT(caught),
     "the buyer's company is listed for a diversion that was found out"},
    {"--set", "PATH=VALUE", CMD_TEXTS, 0, 0, AT(set),
     "change a key of the scenario: rules.ID.from=2026-03-01"},
    {"--over", "X.cfg", CMD_TEXT, 0, 0, AT(over),
     "keys that are laid over the scenario, before --set: rare-earth/uncertain"},
    {0}};

static const struct cmd_usage usage = {
    .name = "explain",
    .operands = "SCENARIO --from SITE --to SITE --product P --use civil|military --date D",
    .what = "Which rules of a scenario meet a shipment, which do not and why, what they ask, and "
            "what\n"
            "happens then. Nothing is simulated.",
    .least = 1,
    .most = 1,
    .options = options,
    .more = "Days are medians, with the middle 90 % behind them. The two sites need not trade with "
            "each\n"
            "other. Where a rule asks what goods contain, they are taken to be as they are when no "
            "rule\n"
            "disturbs the supplier."};

/* ---- the question ---- */

static int read_date(const char *option, const char *text, int32_t *day, struct sim_err *err)
{
    return sim_date_parse(day, text) == 0
               ? 0
               : sim_err_add(err, SIM_EINPUT, "%s %s: must be a date YYYY-MM-DD", option, text);
}

/* What needs no network. quantity: units, NAN = not given. */
static int read_words(const struct options *o, struct mdl_question *q, double *quantity,
                      struct sim_err *err)
{
    static const char *const uses[MDL_USES] = {"civil", "military"};
    char mean[SIM_MEAN];
    int rc = read_date("--date", o->date, &q->day, err);

    q->placed = q->day;
    if (o->placed)
        rc |= read_date("--placed", o->placed, &q->placed, err);
    if (rc == 0 && q->placed > q->day)
        rc = sim_err_add(err, SIM_EINPUT, "--placed %s: lies after --date %s", o->placed, o->date);
    q->use = strcmp(o->use, uses[MDL_MILITARY]) == 0 ? MDL_MILITARY : MDL_CIVIL;
    if (strcmp(o->use, uses[q->use]) != 0)
        rc = sim_err_add(err, SIM_EINPUT, "--use %s: must be civil or military%s", o->use,
                         sim_did_you_mean(sim_nearest(o->use, uses, MDL_USES), mean));
    *quantity = NAN;
    if (o->quantity &&
        (sim_text_real(o->quantity, quantity) != 0 || *quantity <= 0 || *quantity > 1e15))
        rc = sim_err_add(err, SIM_EINPUT, "--quantity %s: must be a number, above 0, up to 1e15",
                         o->quantity);
    q->caught = o->caught;
    return rc ? SIM_EINPUT : 0;
}

/* Number of the row with this id; a fault with the nearest one if there is none. */
static uint32_t find(const char *option, const char *id, const char *what, const void *rows,
                     uint32_t n, size_t stride, size_t offset, struct sim_err *err)
{
    const char *near = NULL;
    char mean[SIM_MEAN];
    int best = 1 + (int)strlen(id) / 4;

    for (uint32_t i = 0; i < n; i++) {
        const char *const *name = (const void *)((const char *)rows + i * stride + offset);
        int d = sim_distance(id, *name);

        if (d == 0)
            return i;
        if (d <= best) {
            best = d - 1;
            near = *name;
        }
    }
    sim_err_add(err, SIM_EINPUT, "%s %s: the network has no such %s%s", option, id, what,
                sim_did_you_mean(near, mean));
    return UINT32_MAX;
}

/* A usual order: what flows on the lane between two reviews of the buyer, quanta; 0 if nothing. */
static double usual_quantity(const struct mdl_study *st, const struct mdl_question *q)
{
    const struct mdl_network *n = &st->net;
    double days = fmax(1, (double)n->site[q->to].review_d), quanta = 0;

    for (uint32_t l = 0; l < n->n_lane; l++)
        if (n->lane[l].from == q->from && n->lane[l].to == q->to &&
            n->lane[l].product == q->product)
            quanta += st->balance.flow[q->use][l] * days;
    return quanta >= 1 ? quanta : 0;
}

/* usual: the quantity was not given, and is a usual one. */
static int read_names(const struct mdl_study *st, const struct options *o, double units,
                      struct mdl_question *q, int *usual, struct sim_err *err)
{
    const struct mdl_network *n = &st->net;
    uint32_t point;
    double quanta;

    q->from = find("--from", o->from, "site", n->site, n->n_site, sizeof *n->site,
                   offsetof(struct mdl_site, id), err);
    q->to = find("--to", o->to, "site", n->site, n->n_site, sizeof *n->site,
                 offsetof(struct mdl_site, id), err);
    q->product = find("--product", o->product, "product", n->product, n->n_product,
                      sizeof *n->product, offsetof(struct mdl_product, id), err);
    if (q->from == UINT32_MAX || q->to == UINT32_MAX || q->product == UINT32_MAX)
        return SIM_EINPUT;
    if (q->from == q->to)
        return sim_err_add(err, SIM_EINPUT, "--to %s: the goods are there already (--from)", o->to);
    quanta = isnan(units) ? usual_quantity(st, q) : units * (double)n->product[q->product].qpu;
    *usual = isnan(units) && quanta > 0;
    if (isnan(units) && quanta <= 0)
        quanta = (double)n->product[q->product].qpu;
    if (quanta < 0.5 || quanta > 4e18)
        return sim_err_add(err, SIM_EINPUT,
                           "--quantity %s: must be 1 to 4e18 quanta, %lld to one %s", o->quantity,
                           (long long)n->product[q->product].qpu, n->product[q->product].unit);
    q->quantity = llround(quanta);
    point = mdl_network_point(n, q->from, q->product);
    q->share = point == UINT32_MAX ? NULL : st->balance.share[point];
    return 0;
}

/* ---- text ---- */

enum { WIDTH = 100, INDENT = 4, COLUMN = 16 };

static size_t width_of(const char *text, size_t n)
{
    size_t w = 0;

    for (size_t i = 0; i < n; i++)
        w += ((unsigned char)text[i] & 0xc0) != 0x80;
    return w;
}

/* "    label       text", the text broken between words at WIDTH columns, each line of it at
 * `column`. */
static void paragraph(const char *label, const char *text, int column)
{
    size_t at = (size_t)column, used = 0;
    char word[4096];

    if (*label) {
        printf("%*s%s", INDENT, "", label);
        used = INDENT + strlen(label);
    }
    printf("%*s", used < at ? (int)(at - used) : 0, "");
    used = at;
    for (int first = 1; *text; first = 0) {
        size_t n = strcspn(text, " "), w;

        while (text[n] == ' ' && text[n + 1] == '%') /* a number and its sign stay together */
            n += 1 + strcspn(text + n + 1, " ");
        w = width_of(text, n);
        if (!first && used + 1 + w > WIDTH) {
            printf("\n%*s", column, "");
            used = at;
        } else if (!first) {
            putchar(' ');
            used++;
        }
        snprintf(word, sizeof word, "%.*s", (int)n, text);
        cmd_print(stdout, word);
        used += w;
        text += n + strspn(text + n, " ");
    }
    putchar('\n');
}

SIM_FORMAT(3, 4) static void say(const char *label, int column, const char *fmt, ...)
{
    char text[8192];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    paragraph(label, text, column);
}

/* ---- the shipment ---- */

static void site_name(const struct mdl_network *n, uint32_t site, char *to, size_t size)
{
    const struct mdl_site *s = &n->site[site];
    const char *firm = s->entity == UINT32_MAX ? NULL : n->entity[s->entity].name;

    snprintf(to, size, "%s (%s%s%s), %s", s->name, s->id, firm ? "; of " : "", firm ? firm : "",
             n->country[s->country]);
}

/* What a unit contains, and how much of it was separated where. */
static void print_content(const struct mdl_network *n, const struct mdl_question *q)
{
    const struct mdl_product *p = &n->product[q->product];
    char text[4096], grams[MDL_NUMBER];
    size_t k = 0;

    for (int i = 0; i < p->n_el; i++) {
        k += (size_t)snprintf(text + k, sizeof text - k, "%s%s g of %s", i ? "; " : "",
                              mdl_explain_number(p->el_g[p->el[i]], grams), n->element[p->el[i]]);
        for (int o = 1; q->share && o < n->n_origin && k < sizeof text; o++) {
            double part = q->share[i * n->n_share + n->n_mined + o];

            if (part >= 0.0005)
                k += (size_t)snprintf(text + k, sizeof text - k, ", %.3g %% separated in %s",
                                      100 * part, n->country[n->origin[o]]);
        }
        if (k >= sizeof text)
            break;
    }
    if (k > 0)
        say("", 0, "One %s contains %s%s.", p->unit, text,
            q->share ? "" : "; the supplier does not deal in it, so it may come from anywhere");
}

static void print_head(const struct mdl_study *st, const struct mdl_question *q,
                       const struct mdl_explanation *e, int usual)
{
    const struct mdl_network *n = &st->net;
    const struct mdl_scenario *s = &st->scenario[0];
    const struct mdl_product *p = &n->product[q->product];
    double units = (double)q->quantity / (double)p->qpu;
    char from[1024], to[1024], day[11], placed[11], quantity[MDL_NUMBER], usd[MDL_NUMBER];

    site_name(n, q->from, from, sizeof from);
    site_name(n, q->to, to, sizeof to);
    sim_date_print(q->day, day);
    sim_date_print(q->placed, placed);
    mdl_explain_number(units, quantity);
    mdl_explain_number(units * p->value_usd, usd);
    say("", 0, "%s (%s), %s %s worth %s USD%s, for %s use, from %s, to %s", p->name, p->id,
        quantity, p->unit, usd, usual ? " (a usual order)" : "",
        q->use == MDL_CIVIL ? "civil" : "military", from, to);
    say("", 0, "Ordered on %s, judged by the rules of %s%s in %s: %s", placed, day,
        q->caught ? " (the buyer listed for a diversion)" : "", s->file, s->title);
    if (e->lane == UINT32_MAX)
        say("", 0, "No lane joins them; explained as if there were one.");
    print_content(n, q);
}

/* ---- the rules ---- */

/* Does the rule do anything about the shipment? */
static int touches(const struct mdl_finding *f)
{
    return f->reason == MDL_MEETS || f->bound > 0 || f->declined > 0;
}

static void print_rule(const struct mdl_rule *r, const struct mdl_finding *f)
{
    putchar('\n');
    say("", 0, "%s%s%s", r->id, r->name && *r->name ? "  " : "", r->name ? r->name : "");
    paragraph(f->reason == MDL_MEETS ? "meets" : "does not", f->why, COLUMN);
    if (*f->chances)
        paragraph("chance", f->chances, COLUMN);
    if (*f->asks)
        paragraph("asks", f->asks, COLUMN);
    if (*f->also)
        paragraph("besides", f->also, COLUMN);
}

static void print_rules(const struct mdl_scenario *s, const struct mdl_path *p)
{
    for (int group = 0; group < 2; group++) {
        uint32_t n = 0;

        for (uint32_t k = 0; k < s->n_rule; k++)
            n += touches(&p->rule[k]) != group;
        if (n == 0)
            continue;
        printf("\n%u RULE%s %s IT\n", n, n == 1 ? "" : "S",
               group == 0 ? (n == 1 ? "MEETS" : "MEET")
                          : (n == 1 ? "DOES NOT MEET" : "DO NOT MEET"));
        for (uint32_t k = 0; k < s->n_rule; k++)
            if (touches(&p->rule[k]) != group)
                print_rule(&s->rule[k], &p->rule[k]);
    }
    if (s->n_rule == 0)
        printf("\nThe scenario has no rules.\n");
}

/* ---- what happens ---- */

static void print_refusals(const struct mdl_scenario *s, const struct mdl_path *p)
{
    char x[MDL_NUMBER];
    int n = 0;

    for (uint32_t k = 0; k < s->n_rule; k++) {
        const struct mdl_finding *f = &p->rule[k];

        if (f->declined > 0)
            say("declined", COLUMN, "with chance %s the exporter takes no such order: %s",
                mdl_explain_percent(f->declined, x), s->rule[k].id);
        if (!f->alone.denied || f->chance <= 0)
            continue;
        n++;
        if (f->chance >= 1)
            say("refused", COLUMN, "by %s", s->rule[k].id);
        else
            say("refused", COLUMN, "with chance %s by %s", mdl_explain_percent(f->chance, x),
                s->rule[k].id);
    }
    if (n > 1 && p->refused < 1)
        say("", COLUMN, "with chance %s by one of them, if their chances are independent",
            mdl_explain_percent(p->refused, x));
}

static void print_step(const struct mdl_scenario *s, const struct mdl_step *t, const char *label)
{
    char chance[80] = "", d[MDL_NUMBER], day[11];
    const char *queue = t->queue ? ", after the office's queue" : "";

    if (t->chance < 1)
        snprintf(chance, sizeof chance, " (with chance %s)", mdl_explain_percent(t->chance, d));
    if (t->rule == UINT32_MAX) {
        paragraph(label, t->text, COLUMN);
        return;
    }
    if (t->from != SIM_DAY_NONE) {
        sim_date_print(t->from, day);
        say(label, COLUMN, "%s%s: not waited for until %s", s->rule[t->rule].id, chance, day);
    } else if (t->kind == MDL_STEP_QUOTA) {
        say(label, COLUMN, "%s%s: waits until the quota has room", s->rule[t->rule].id, chance);
    } else {
        say(label, COLUMN, "%s%s: %s d%s%s", s->rule[t->rule].id, chance,
            mdl_explain_days(t->days, d), queue, t->ready ? ", once the goods are ready" : "");
    }
}

static void print_course(const struct mdl_scenario *s, const struct mdl_course *c, int lane)
{
    static const char *const words[] = {[MDL_STEP_ORDER] = "made",
                                        [MDL_STEP_PAPERS] = "papers",
                                        [MDL_STEP_INSPECTION] = "inspection",
                                        [MDL_STEP_QUOTA] = "quota",
                                        [MDL_STEP_CUSTOMS] = "customs",
                                        [MDL_STEP_TRANSIT] = "transit",
                                        [MDL_STEP_EXTRA] = "detour"};
    const char *where = lane ? "from the order to the buyer" : "from the order to the border",
               *queue = "";
    char least[MDL_NUMBER], most[MDL_NUMBER];

    for (uint32_t i = 0; i < c->n_step; i++) {
        print_step(s, &c->step[i],
                   i > 0 && c->step[i - 1].kind == c->step[i].kind ? "" : words[c->step[i].kind]);
        queue = c->step[i].queue ? ", without the queues" : queue;
    }
    mdl_explain_days(c->least_d, least);
    mdl_explain_days(c->most_d, most);
    if (c->n_step == 0)
        say("in all", COLUMN, "nothing holds it up at the border");
    else if (c->most_d > c->least_d)
        say("in all", COLUMN, "about %s d %s, %s d if all is asked that may be%s", least, where,
            most, queue);
    else
        say("in all", COLUMN, "about %s d %s%s", least, where, queue);
    if (c->granted < 1)
        say("", COLUMN, "%s of such orders are granted all their licences",
            mdl_explain_percent(c->granted, least));
}

static void print_taxes(const struct mdl_scenario *s, const struct mdl_verdict *v)
{
    char x[MDL_NUMBER];

    for (int i = 0; i < v->n_tax; i++)
        say("tax", COLUMN, "%s: %s of the value", s->rule[v->tax[i].rule].id,
            mdl_explain_percent(v->tax[i].rate, x));
}

static void print_promise(const struct mdl_path *p)
{
    if (p->possibly.civil_only)
        say("promise", COLUMN, "%s for civil use only: it may not enter military output",
            p->surely.civil_only ? "it passes" : "it may be that it passes");
}

static int closed(const struct mdl_path *p)
{
    return p->surely.denied || p->surely.declined;
}

static void print_bypass(const struct mdl_study *st, const struct mdl_bypass *b, int lane)
{
    const struct mdl_scenario *s = &st->scenario[0];

    putchar('\n');
    say("", 0, "If it is refused, %s: %s", s->detour[b->detour].id, b->text);
    for (int k = 0; k < 2; k++) {
        const struct mdl_path *p = &b->leg[k];

        say("", 0, "%s to %s, %s%s", st->net.country[p->leg.from], st->net.country[p->leg.to],
            k == 0 ? "to a trader, declared civil" : "from the trader",
            p->refused > 0 || p->possibly.declined ? ":" : ": not refused");
        print_refusals(s, p);
    }
    if (closed(&b->leg[0]) || closed(&b->leg[1])) {
        say("", 0, "So that way is closed.");
        return;
    }
    print_course(s, &b->course, lane);
    print_taxes(s, &b->leg[0].possibly);
    print_taxes(s, &b->leg[1].possibly);
    print_promise(&b->leg[1]);
}

/* What a run has and this answer has not. */
static void print_left_out(const struct mdl_study *st)
{
    const struct mdl_scenario *s = &st->scenario[0];
    char text[2048] = "";
    size_t k = 0;

    for (uint32_t i = 0; i < s->n_shock && k < sizeof text; i++)
        k += (size_t)snprintf(text + k, sizeof text - k, "%s%s (%s)", i ? ", " : "", s->shock[i].id,
                              mdl_shock_words[s->shock[i].kind]);
    if (s->n_shock > 0 || st->n_input > 0)
        putchar('\n');
    if (s->n_shock > 0)
        say("", 0, "Shocks are left out, whatever the day: %s.", text);
    if (st->n_input > 0)
        say("", 0, "Uncertain inputs (%u, `check` names them) stand at their means.", st->n_input);
}

static void print_outcome(const struct mdl_study *st, const struct mdl_explanation *e)
{
    const struct mdl_scenario *s = &st->scenario[0];
    int lane = e->lane != UINT32_MAX;

    printf("\nWHAT HAPPENS\n\n");
    print_refusals(s, &e->way);
    if (!closed(&e->way)) {
        if (e->way.refused > 0 || e->way.possibly.declined)
            say("", COLUMN, "else:");
        print_course(s, &e->course, lane);
        print_taxes(s, &e->way.possibly);
        print_promise(&e->way);
    }
    for (uint32_t i = 0; i < e->n_bypass; i++)
        print_bypass(st, &e->bypass[i], lane);
    print_left_out(st);
}

/* ---- the command ---- */

static int missing(const struct options *o)
{
    const struct {
        const char *value, *name;
    } needed[] = {{o->from, "--from SITE"},
                  {o->to, "--to SITE"},
                  {o->product, "--product P"},
                  {o->use, "--use civil|military"},
                  {o->date, "--date D"}};
    char text[200] = "";
    size_t k = 0;

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (needed[i].value == NULL)
            k += (size_t)snprintf(text + k, sizeof text - k, "%s%s", k ? ", " : "", needed[i].name);
    return k ? cmd_misuse(&usage, "missing: %s", text) : CMD_GO_ON;
}

int cmd_explain(int argc, char **argv)
{
    struct options o = {0};
    struct cmd_args args;
    struct sim_err err = SIM_ERR_INIT;
    struct mdl_study st;
    struct mdl_options mo = {.runs = -1, .seed = -1, .share_dir = CMD_SHARE};
    struct mdl_question q;
    struct mdl_explanation e;
    double units;
    int rc = cmd_parse(&usage, argc, argv, &o, &args), rc2, usual = 0;

    rc = rc == CMD_GO_ON ? missing(&o) : rc;
    if (rc != CMD_GO_ON)
        return rc;
    mo.set = o.set.s;
    mo.n_set = o.set.n;
    mo.over = o.over;
    rc = read_words(&o, &q, &units, &err);
    rc2 = mdl_study_load(&st, (const char *const *)args.operand, 1, &mo, &err);
    if (rc2 == 0)
        rc2 = read_names(&st, &o, units, &q, &usual, &err);
    rc = rc ? rc : rc2;
    if (rc == 0) {
        mdl_explain(&e, &st.arena, &st.scenario[0], &st.net, &q);
        print_head(&st, &q, &e, usual);
        print_rules(&st.scenario[0], &e.way);
        print_outcome(&st, &e);
    }
    mdl_study_free(&st);
    return cmd_end("explain", rc, &err, NULL);
}
