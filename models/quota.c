#include "models/actors.h"

#include <math.h>

/* A rule that is a quota is an actor: it takes requests and, once a day, gives out what is left. */

static struct mdl_file *file_at(const struct mdl_state *w, uint32_t id)
{
    return sim_pool_at(&w->file, id);
}

static uint32_t actor_of(const struct mdl_state *w, const struct mdl_quota_state *q)
{
    return mdl_quota_actor(w, q->rule);
}

/* What a quantum counts in the quota's measure. */
static double per_quantum(const struct mdl_state *w, const struct mdl_quota_state *q, uint32_t lane)
{
    const struct mdl_product *p = &w->net->product[w->net->lane[lane].product];

    return (q->keys->measure ? p->value_usd : 1) / (double)p->qpu;
}

static const int period_months[] = {
    [MDL_MONTH] = 1, [MDL_QUARTER] = 3, [MDL_HALF_YEAR] = 6, [MDL_YEAR] = 12};

/* First day of the period that holds a day. */
static int32_t period_of(const struct mdl_quota_state *q, int32_t day)
{
    int months = period_months[q->keys->period], y, m, d;

    sim_date_split(day, &y, &m, &d);
    return sim_date_join(y, (m - 1) / months * months + 1, 1);
}

/* First day of the period after the one that begins on a day. */
static int32_t period_after(const struct mdl_quota_state *q, int32_t begins)
{
    int y, m, d;

    sim_date_split(begins, &y, &m, &d);
    m += period_months[q->keys->period];
    return sim_date_join(y + (m > 12), m > 12 ? m - 12 : m, 1);
}

/* Whose part an export is: of all, of its destination or of its exporter. The way on of a detour is
 * a trader's in the third country; these traders are one exporter, on no list. */
static uint32_t holder_of(const struct mdl_state *w, const struct mdl_quota_state *q, uint32_t to,
                          uint32_t exporter)
{
    uint32_t company = exporter == UINT32_MAX ? UINT32_MAX : w->net->site[exporter].entity;

    if (q->keys->per == MDL_PER_DESTINATION)
        return to;
    if (q->keys->per == MDL_PER_ALL)
        return 0;
    if (exporter == UINT32_MAX)
        return w->net->n_entity + w->net->n_site;
    return company == UINT32_MAX ? w->net->n_entity + exporter : company;
}

static struct mdl_pot *pot_of(const struct mdl_state *w, const struct mdl_quota_state *q,
                              const struct mdl_note *n)
{
    uint32_t exporter = n->leg == MDL_LEG_ON ? UINT32_MAX : w->net->lane[n->lane].from,
             pot = q->pot_of[holder_of(w, q, n->to, exporter)];

    sim_bug_if(pot == 0);
    return &q->pot[pot - 1];
}

/* What the next period has of what is left of the one that ends on a day: nothing if the rule was
 * not in force then. */
static double carried(const struct mdl_state *w, const struct mdl_quota_state *q, int32_t last)
{
    return mdl_rule_active(w->sc->start, &w->sc->rule[q->rule], last) ? q->keys->carry_over : 0;
}

/* The periods that have begun since the last time: the amount of each, and a share of what was left
 * of the one before, if the rule was in force on its last day. */
static void turn(struct mdl_state *w, struct mdl_quota_state *q)
{
    int32_t now = period_of(q, mdl_today(w));

    while (q->begins != now) {
        int first = q->begins == SIM_DAY_NONE;
        int32_t next = first ? now : period_after(q, q->begins);
        double carry = first ? 0 : carried(w, q, next - 1);

        for (uint32_t i = 0; i < q->n_pot; i++)
            q->pot[i].left = q->keys->amount * q->pot[i].share + carry * fmax(0, q->pot[i].left);
        q->begins = next;
    }
}

static void book_used(struct mdl_state *w, struct mdl_quota_state *q, int32_t day, double amount)
{
    for (uint32_t k = 0; mdl_recording(w, day) && k < w->st->n_month; k++)
        if (day < w->st->month_first[k + 1]) {
            q->used[k] += amount;
            break;
        }
}

static void answer(struct mdl_state *w, const struct mdl_quota_state *q, const struct mdl_note *n,
                   int granted, int64_t quantity)
{
    uint32_t note = sim_pool_take(&w->note);
    struct mdl_note *to = sim_pool_at(&w->note, note);

    *to = *n;
    to->granted = (uint8_t)granted;
    to->quantity = quantity;
    to->day = mdl_today(w);
    sim_send(&w->run, actor_of(w, q), w->net->lane[n->lane].from, w->run.lookahead,
             MDL_MSG_DECISION, MDL_MSG_DECISION, note);
}

/* Gives a request up to `most` of the measure. Returns 1 if it has all that it asked for. */
static int grant(struct mdl_state *w, struct mdl_quota_state *q, struct mdl_pot *p,
                 struct mdl_file *f, double most)
{
    double each = per_quantum(w, q, f->note.lane);
    int64_t give =
        each > 0 && (double)f->waiting * each > most ? (int64_t)(most / each) : f->waiting;

    if (give <= 0)
        return 0;
    f->waiting -= give;
    p->left -= (double)give * each;
    book_used(w, q, mdl_today(w), (double)give * each);
    answer(w, q, &f->note, f->waiting > 0 ? MDL_GRANTED_IN_PART : MDL_GRANTED, give);
    return f->waiting == 0;
}

/* Takes a request out of a pot; `before` stands before it, 0 = it is the first. */
static void take_out(struct mdl_state *w, struct mdl_pot *p, uint32_t id, uint32_t before)
{
    uint32_t next = file_at(w, id)->next;

    if (before)
        file_at(w, before)->next = next;
    else
        p->queue.first = next;
    if (p->queue.last == id)
        p->queue.last = before;
    sim_pool_give(&w->file, id);
}

/* What is left goes to those who wait: in the order in which they came, or in proportion; what
 * rounding keeps from one the next in line gets. */
static void give_out(struct mdl_state *w, struct mdl_quota_state *q, struct mdl_pot *p)
{
    double asked = 0, part = 1, over = 0;
    uint32_t before = 0, next;

    for (uint32_t id = p->queue.first; id; id = file_at(w, id)->next)
        asked += (double)file_at(w, id)->waiting * per_quantum(w, q, file_at(w, id)->note.lane);
    if (q->keys->pro_rata && asked > p->left)
        part = fmax(0, p->left) / asked;
    for (uint32_t id = p->queue.first; id; id = next) {
        struct mdl_file *f = file_at(w, id);
        double most = p->left, before_left;
        int done;

        next = f->next;
        if (q->keys->pro_rata)
            most = fmin(most, (double)f->waiting * per_quantum(w, q, f->note.lane) * part + over);
        before_left = p->left;
        done = grant(w, q, p, f, most);
        over = most - (before_left - p->left);
        if (done)
            take_out(w, p, id, before);
        else
            before = id;
    }
}

/* Once a day while somebody waits. */
static void wake(struct mdl_state *w, struct mdl_quota_state *q)
{
    int64_t into = w->run.now % MDL_TICKS_PER_DAY;

    if (q->awake)
        return;
    q->awake = 1;
    sim_send(&w->run, actor_of(w, q), actor_of(w, q), MDL_TICKS_PER_DAY - into, MDL_MSG_GRANT,
             MDL_MSG_GRANT, 0);
}

static void day(struct mdl_state *w, struct mdl_quota_state *q)
{
    int waiting = 0;

    q->awake = 0;
    turn(w, q);
    for (uint32_t i = 0; i < q->n_pot; i++) {
        give_out(w, q, &q->pot[i]);
        waiting |= q->pot[i].queue.first != 0;
    }
    if (waiting)
        wake(w, q);
}

static void ask(struct mdl_state *w, struct mdl_quota_state *q, const struct sim_msg *m)
{
    uint32_t id = sim_pool_take(&w->file);
    struct mdl_file *f = file_at(w, id);
    struct mdl_pot *p;

    f->note = *(struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg);
    f->waiting = f->note.quantity;
    sim_pool_give(&w->note, (uint32_t)m->arg);
    p = pot_of(w, q, &f->note);
    if (p->queue.last)
        file_at(w, p->queue.last)->next = id;
    else
        p->queue.first = id;
    p->queue.last = id;
    wake(w, q);
}

/* What was granted on a day and not used comes back: to the period of that day, and of what is left
 * of it as much as is carried over to those after it. */
static void take_back(struct mdl_state *w, struct mdl_quota_state *q, struct mdl_pot *p,
                      const struct mdl_note *n)
{
    double amount = (double)n->quantity * per_quantum(w, q, n->lane);

    if (n->quantity == 0)
        return;
    book_used(w, q, n->day, -amount);
    for (int32_t begins = period_of(q, n->day); begins != q->begins;) {
        begins = period_after(q, begins);
        amount *= carried(w, q, begins - 1);
    }
    p->left += amount;
}

/* A line needs no more: its request goes, what it did not use comes back. */
static void withdraw(struct mdl_state *w, struct mdl_quota_state *q, const struct sim_msg *m)
{
    struct mdl_note n = *(struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg);
    struct mdl_pot *p = pot_of(w, q, &n);
    uint32_t before = 0, id = p->queue.first;

    sim_pool_give(&w->note, (uint32_t)m->arg);
    turn(w, q);
    take_back(w, q, p, &n);
    while (id && (file_at(w, id)->note.line != n.line || file_at(w, id)->note.serial != n.serial)) {
        before = id;
        id = file_at(w, id)->next;
    }
    if (id) {
        answer(w, q, &file_at(w, id)->note, MDL_WITHDRAWN, 0);
        take_out(w, p, id, before);
    }
}

void mdl_quota_handle(struct mdl_state *w, const struct sim_msg *m)
{
    struct mdl_quota_state *q = &w->quota[m->dst - mdl_actor(w, MDL_ACTOR_QUOTA, 0)];

    if (m->kind == MDL_MSG_ASK)
        ask(w, q, m);
    else if (m->kind == MDL_MSG_WITHDRAW)
        withdraw(w, q, m);
    else
        day(w, q);
}

/* ---- the beginning ---- */

/* The pot of a holder, made if there is none. */
static struct mdl_pot *open_pot(struct mdl_quota_state *q, uint32_t holder)
{
    if (q->pot_of[holder] == 0)
        q->pot_of[holder] = ++q->n_pot;
    return &q->pot[q->pot_of[holder] - 1];
}

static void make_leg_pots(struct mdl_state *w, struct mdl_quota_state *q)
{
    for (uint32_t d = 0; d < w->sc->n_detour; d++)
        for (uint32_t i = 0; i < w->net->n_lane; i++) {
            const struct mdl_lane *l = &w->net->lane[i];
            struct mdl_leg leg[2];

            if (!mdl_detour_serves(&w->sc->detour[d], w->net, l))
                continue;
            mdl_detour_legs(&w->sc->detour[d], w->net, l, leg);
            for (int k = 0; k < 2; k++)
                if (mdl_gate_may_meet(w->gate, q->rule, l, &leg[k]))
                    (void)open_pot(q, holder_of(w, q, leg[k].to, leg[k].exporter));
        }
}

/* Pots, and what of the amount is for each: as trade normally is, in the steady state. Nothing goes
 * round the rules then: a holder who has legs of detours only has a pot with nothing in it, unless
 * nobody has more. */
static void make_pots(struct mdl_state *w, struct mdl_quota_state *q)
{
    const struct mdl_network *n = w->net;
    const struct mdl_rule *r = &w->sc->rule[q->rule];
    uint32_t most = n->n_entity + n->n_site + n->n_country + 1;
    double all = 0;

    q->pot_of = sim_arena_alloc(&w->run.arena, most, sizeof *q->pot_of);
    q->pot = sim_arena_alloc(&w->run.arena, most, sizeof *q->pot);
    for (uint32_t i = 0; i < n->n_lane; i++) {
        double flow =
            (w->st->balance.flow[0][i] + w->st->balance.flow[1][i]) * per_quantum(w, q, i);

        if (mdl_rule_covers(r, n, &n->lane[i])) {
            open_pot(q, holder_of(w, q, n->site[n->lane[i].to].country, n->lane[i].from))->share +=
                flow;
            all += flow;
        }
    }
    make_leg_pots(w, q);
    for (uint32_t i = 0; i < q->n_pot; i++)
        q->pot[i].share = all > 0 ? q->pot[i].share / all : 1.0 / q->n_pot;
}

void mdl_quota_start(struct mdl_state *w)
{
    w->quota_of = sim_arena_alloc(&w->run.arena, w->sc->n_rule, sizeof *w->quota_of);
    w->quota = sim_arena_alloc(&w->run.arena, w->sc->n_rule, sizeof *w->quota);
    for (uint32_t r = 0; r < w->sc->n_rule; r++) {
        struct mdl_quota_state *q = &w->quota[w->n_quota];

        if (mdl_policies[w->sc->rule[r].action] != &mdl_policy_quota)
            continue;
        w->quota_of[r] = w->n_quota++;
        *q =
            (struct mdl_quota_state){.keys = w->sc->rule[r].own, .rule = r, .begins = SIM_DAY_NONE};
        q->used = sim_arena_alloc(&w->run.arena, w->st->n_month, sizeof(double));
        make_pots(w, q);
        turn(w, q);
    }
}
