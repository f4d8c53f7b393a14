#include "models/actors.h"

#include <math.h>

static struct mdl_file *file_at(const struct mdl_state *w, uint32_t id)
{
    return sim_pool_at(&w->file, id);
}

static uint32_t month_of(const struct mdl_state *w, int32_t day)
{
    for (uint32_t k = 0; k < w->st->n_month; k++)
        if (day < w->st->month_first[k + 1])
            return k;
    return w->st->n_month - 1;
}

/* Ticks that `days` of work take from now: calendar days, or working days of the office's country.
 */
static int64_t duration(const struct mdl_state *w, const struct mdl_office *o, double days)
{
    double left = days, into = fmod((double)w->run.now / MDL_TICKS_PER_DAY, 1), total = 0;
    int32_t day = mdl_today(w);

    if (!o->working_days)
        return llround(days * MDL_TICKS_PER_DAY);
    for (int32_t k = 0; k < 100000; k++, day++) {
        int weekend = ((day + 3) % 7 + 7) % 7 >= 5; /* 1970-01-01 was a Thursday */
        double speed = weekend ? 0 : mdl_network_working(w->net, o->country, day),
               room = (1 - into) * speed;

        if (room >= left && speed > 0)
            return llround((total + left / speed) * MDL_TICKS_PER_DAY);
        left -= room;
        total += 1 - into;
        into = 0;
    }
    return llround(total * MDL_TICKS_PER_DAY);
}

static uint32_t actor_of(const struct mdl_state *w, uint32_t office)
{
    return w->net->n_site + office;
}

/* ---- the queues ---- */

/* The first entry, by rank, that matches; where none does, or only one of a rank after the
 * default, the place of those without an entry. */
static uint8_t queue_of(const struct mdl_state *w, const struct mdl_office *o,
                        const struct mdl_note *n)
{
    const struct mdl_lane *l = &w->net->lane[n->lane];

    for (uint32_t i = 0; i < o->n_priority; i++) {
        const struct mdl_priority *p = &o->priority[i];

        if (p->to[n->to] && (p->buyer == NULL || (n->leg != MDL_LEG_OUT && p->buyer[l->to] > 0)) &&
            p->goods[l->product] > 0)
            return (uint8_t)i;
    }
    return MDL_MAX_PRIORITIES;
}

enum { DEFAULT_RANK = 100 };

/* The queue that is served next: by rank, entries before the default at the same rank; -1 if all
 * are empty. */
static int next_queue(const struct mdl_office *o, const struct mdl_office_state *s)
{
    int other = s->queue[MDL_MAX_PRIORITIES].first != 0;

    for (uint32_t i = 0; i < o->n_priority; i++) {
        if (o->priority[i].rank > DEFAULT_RANK && other)
            return MDL_MAX_PRIORITIES;
        if (s->queue[i].first)
            return (int)i;
    }
    return other ? MDL_MAX_PRIORITIES : -1;
}

static void append(struct mdl_state *w, struct mdl_queue *q, uint32_t id)
{
    file_at(w, id)->next = 0;
    if (q->last)
        file_at(w, q->last)->next = id;
    else
        q->first = id;
    q->last = id;
}

static void take_out(struct mdl_state *w, struct mdl_queue *q, uint32_t id)
{
    uint32_t before = 0;

    for (uint32_t at = q->first; at && at != id; at = file_at(w, at)->next)
        before = at;
    if (before)
        file_at(w, before)->next = file_at(w, id)->next;
    else
        q->first = file_at(w, id)->next;
    if (q->last == id)
        q->last = before;
}

/* ---- work ---- */

static void note_backlog(struct mdl_state *w, struct mdl_office_state *s)
{
    int32_t today = mdl_today(w);

    s->backlog[mdl_recording(w, today) ? month_of(w, today) : 0] = (double)s->open;
}

static void work(struct mdl_state *w, uint32_t office)
{
    const struct mdl_office *o = &w->sc->office[office];
    struct mdl_office_state *s = &w->office[office];
    int32_t today = mdl_today(w);
    int64_t reviewers = mdl_office_reviewers(o, today);
    double speed = mdl_office_speed(o, today);
    int at;

    while ((at = next_queue(o, s)) >= 0 && (reviewers == 0 || s->busy < reviewers)) {
        struct mdl_queue *q = &s->queue[at];
        uint32_t id = q->first;
        struct mdl_file *f = file_at(w, id);
        int64_t k = f->waiting;

        if (reviewers > 0 && k > reviewers - s->busy)
            k = reviewers - s->busy;
        if (k > UINT32_MAX) /* a message holds no more; the rest follows at once */
            k = UINT32_MAX;
        if (mdl_recording(w, today)) {
            s->wait_sum += (double)k * (double)(w->run.now - f->filed) / MDL_TICKS_PER_DAY;
            s->wait_n += (double)k;
        }
        f->waiting -= k;
        f->under_review += k;
        s->busy += k;
        f->refs++;
        if (f->waiting == 0)
            take_out(w, q, id);
        sim_send(&w->run, actor_of(w, office), actor_of(w, office),
                 duration(w, o, f->note.review_d / speed), MDL_MSG_REVIEWED, MDL_MSG_REVIEWED,
                 (uint64_t)k << 32 | id);
    }
}

static double limit_of(const struct mdl_state *w, const struct mdl_office *o,
                       const struct mdl_note *n)
{
    double own = w->sc->rule[n->rule].licence.limit_d;

    return n->need == MDL_NEED_LICENCE && !isnan(own) ? own : o->limit_d;
}

/* A file comes, for the first time or again: it joins its queue, and its limit begins to run. */
static void file(struct mdl_state *w, uint32_t office, uint32_t id)
{
    const struct mdl_office *o = &w->sc->office[office];
    struct mdl_office_state *s = &w->office[office];
    struct mdl_file *f = file_at(w, id);
    double limit = limit_of(w, o, &f->note);

    f->filed = w->run.now;
    f->serial = ++s->serial;
    f->waiting = f->note.applications;
    append(w, &s->queue[f->queue], id);
    if (isfinite(limit)) {
        f->refs++;
        sim_send(&w->run, actor_of(w, office), actor_of(w, office), duration(w, o, limit),
                 MDL_MSG_LIMIT, MDL_MSG_LIMIT, (uint64_t)f->serial << 32 | id);
    }
    work(w, office);
}

static void apply(struct mdl_state *w, uint32_t office, const struct sim_msg *m)
{
    uint32_t id = sim_pool_take(&w->file);
    struct mdl_office_state *s = &w->office[office];
    struct mdl_file *f = file_at(w, id);
    int32_t today = mdl_today(w);

    *f = (struct mdl_file){.note = *(struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg),
                           .first_filed = w->run.now};
    sim_pool_give(&w->note, (uint32_t)m->arg);
    if (f->note.applications < 1)
        f->note.applications = 1;
    f->queue = queue_of(w, &w->sc->office[office], &f->note);
    f->after = s->undecided;
    if (f->after)
        file_at(w, f->after)->before = id;
    s->undecided = id;
    s->open += f->note.applications;
    if (mdl_recording(w, today))
        s->applied[month_of(w, today)] += (double)f->note.applications;
    note_backlog(w, s);
    file(w, office, id);
}

/* ---- the end of a review ---- */

/* A decided file goes when no message names it any more. */
static void let_go(struct mdl_state *w, uint32_t id)
{
    if (file_at(w, id)->decided && file_at(w, id)->refs == 0)
        sim_pool_give(&w->file, id);
}

/* Answers a file, once. */
static void decide(struct mdl_state *w, uint32_t office, uint32_t id, int answer)
{
    struct mdl_office_state *s = &w->office[office];
    struct mdl_file *f = file_at(w, id);
    int32_t today = mdl_today(w);
    uint32_t note = sim_pool_take(&w->note);
    double n = (double)f->note.applications;

    if (f->waiting > 0)
        take_out(w, &s->queue[f->queue], id);
    if (f->before)
        file_at(w, f->before)->after = f->after;
    else
        s->undecided = f->after;
    if (f->after)
        file_at(w, f->after)->before = f->before;
    f->waiting = 0;
    f->decided = 1;
    s->open -= f->note.applications;
    if (mdl_recording(w, today) && answer != MDL_WITHDRAWN) {
        uint32_t k = month_of(w, today);

        (answer == MDL_GRANTED ? s->granted : s->refused)[k] += n;
        s->days[k] += n * (double)(w->run.now - f->first_filed) / MDL_TICKS_PER_DAY;
    }
    note_backlog(w, s);
    f->note.granted = (uint8_t)answer;
    *(struct mdl_note *)sim_pool_at(&w->note, note) = f->note;
    sim_send(&w->run, actor_of(w, office), w->net->lane[f->note.lane].from, w->run.lookahead,
             MDL_MSG_DECISION, MDL_MSG_DECISION, note);
    let_go(w, id);
}

/* Are the papers sent back after this review? If so they come again. A test is not. */
static int send_back(struct mdl_state *w, uint32_t office, uint32_t id)
{
    const struct mdl_office *o = &w->sc->office[office];
    struct mdl_office_state *s = &w->office[office];
    struct mdl_file *f = file_at(w, id);
    const struct mdl_lane *lane = &w->net->lane[f->note.lane];
    uint64_t name =
        sim_hash_with(sim_hash_with(sim_hash_with(w->net->point[lane->to_point].hash, lane->hash),
                                    w->sc->rule[f->note.rule].hash),
                      (uint64_t)f->note.times << 32 | f->note.round);
    struct sim_draws d =
        sim_draws_at(sim_stream_make(w->run.seed, w->run.index, name, MDL_FOR_RETURN),
                     mdl_line_index(f->note.placed, f->note.use, f->note.nth));
    int32_t today = mdl_today(w);

    if (o->return_share <= 0 || f->note.need != MDL_NEED_LICENCE ||
        sim_uniform(&d) >= o->return_share)
        return 0;
    f->note.round++;
    f->serial = 0;
    f->refs++;
    if (mdl_recording(w, today))
        s->returned[month_of(w, today)] += (double)f->note.applications;
    sim_send(&w->run, actor_of(w, office), actor_of(w, office),
             llround(sim_dist_draw(&o->return_d, &d) * MDL_TICKS_PER_DAY), MDL_MSG_REFILED,
             MDL_MSG_REFILED, id);
    return 1;
}

static void reviewed(struct mdl_state *w, uint32_t office, uint64_t arg)
{
    uint32_t id = (uint32_t)arg;
    int64_t k = (int64_t)(arg >> 32);
    struct mdl_file *f = file_at(w, id);

    w->office[office].busy -= k;
    f->under_review -= k;
    f->refs--;
    if (!f->decided && f->waiting == 0 && f->under_review == 0 && !send_back(w, office, id))
        decide(w, office, id, f->note.granted);
    else
        let_go(w, id);
    work(w, office);
}

static void refiled(struct mdl_state *w, uint32_t office, uint32_t id)
{
    file_at(w, id)->refs--;
    if (file_at(w, id)->decided)
        let_go(w, id);
    else
        file(w, office, id);
}

/* The statutory limit is over: it decides at once as it would have decided. */
static void overdue(struct mdl_state *w, uint32_t office, uint64_t arg)
{
    uint32_t id = (uint32_t)arg;
    struct mdl_file *f = file_at(w, id);

    f->refs--;
    if (!f->decided && f->serial == arg >> 32)
        decide(w, office, id, f->note.granted);
    else
        let_go(w, id);
}

/* Linear in the undecided files; rare: a rule was lifted, or a line ended. */
static void withdraw(struct mdl_state *w, uint32_t office, const struct sim_msg *m)
{
    struct mdl_note n = *(struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg);
    uint32_t id = w->office[office].undecided;

    sim_pool_give(&w->note, (uint32_t)m->arg);
    for (; id; id = file_at(w, id)->after) {
        const struct mdl_note *f = &file_at(w, id)->note;

        if (f->lane == n.lane && f->line == n.line && f->rule == n.rule && f->need == n.need &&
            f->leg == n.leg && f->serial == n.serial)
            break;
    }
    if (id)
        decide(w, office, id, MDL_WITHDRAWN);
    work(w, office);
}

void mdl_office_start(struct mdl_state *w, uint32_t office)
{
    const struct mdl_office *o = &w->sc->office[office];

    for (uint32_t i = 0; i < o->n_staffing; i++)
        if (o->staffing[i].from > w->day0)
            sim_send(&w->run, actor_of(w, office), actor_of(w, office),
                     (int64_t)(o->staffing[i].from - w->day0) * MDL_TICKS_PER_DAY, MDL_MSG_STAFF,
                     MDL_MSG_STAFF, 0);
}

void mdl_office_handle(struct mdl_state *w, const struct sim_msg *m)
{
    uint32_t office = m->dst - w->net->n_site;

    if (m->kind == MDL_MSG_APPLY)
        apply(w, office, m);
    else if (m->kind == MDL_MSG_REFILED)
        refiled(w, office, (uint32_t)m->arg);
    else if (m->kind == MDL_MSG_WITHDRAW)
        withdraw(w, office, m);
    else if (m->kind == MDL_MSG_REVIEWED)
        reviewed(w, office, m->arg);
    else if (m->kind == MDL_MSG_LIMIT)
        overdue(w, office, m->arg);
    else
        work(w, office);
}
