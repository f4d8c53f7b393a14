#include "models/state.h"

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

/* Ticks that a review of `days` takes from now: calendar days, or working days of the office's
 * country. */
static int64_t duration(const struct mdl_state *w, const struct mdl_office *o, double days)
{
    double left = days, into = fmod((double)w->run.now / MDL_TICKS_PER_DAY, 1), total = 0;
    int32_t day = mdl_today(w);

    if (!o->working_days)
        return llround(days * MDL_TICKS_PER_DAY);
    for (int32_t k = 0; k < 100000; k++, day++) {
        int weekend = (day + 3) % 7 >= 5; /* 1970-01-01 was a Thursday */
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

static void work(struct mdl_state *w, uint32_t office)
{
    const struct mdl_office *o = &w->sc->office[office];
    struct mdl_office_state *s = &w->office[office];

    while (s->first && (o->reviewers == 0 || s->busy < o->reviewers)) {
        uint32_t id = s->first, actor = w->net->n_site + office;
        struct mdl_file *f = file_at(w, id);
        int64_t k = f->waiting;

        if (o->reviewers > 0 && k > o->reviewers - s->busy)
            k = o->reviewers - s->busy;
        if (k > UINT32_MAX) /* a message holds no more; the rest follows at once */
            k = UINT32_MAX;
        if (mdl_recording(w, mdl_today(w))) {
            s->wait_sum += (double)k * (double)(w->run.now - f->filed) / MDL_TICKS_PER_DAY;
            s->wait_n += (double)k;
        }
        f->waiting -= k;
        f->under_review += k;
        s->busy += k;
        if (f->waiting == 0) {
            s->first = f->next;
            if (s->first == 0)
                s->last = 0;
        }
        sim_send(&w->run, actor, actor, duration(w, o, f->note.review_d), MDL_MSG_REVIEWED,
                 MDL_MSG_REVIEWED, (uint64_t)k << 32 | id);
    }
}

void mdl_office_apply(struct mdl_state *w, const struct sim_msg *m)
{
    uint32_t office = m->dst - w->net->n_site, id = sim_pool_take(&w->file);
    struct mdl_office_state *s = &w->office[office];
    struct mdl_file *f = file_at(w, id);
    int32_t today = mdl_today(w);

    *f = (struct mdl_file){.note = *(struct mdl_note *)sim_pool_at(&w->note, (uint32_t)m->arg),
                           .filed = w->run.now};
    sim_pool_give(&w->note, (uint32_t)m->arg);
    f->waiting = f->note.applications > 0 ? f->note.applications : 1;
    s->open += f->waiting;
    if (mdl_recording(w, today))
        s->applied[month_of(w, today)] += (double)f->waiting;
    if (s->last)
        file_at(w, s->last)->next = id;
    else
        s->first = id;
    s->last = id;
    work(w, office);
}

static void decide(struct mdl_state *w, uint32_t office, uint32_t id)
{
    struct mdl_office_state *s = &w->office[office];
    struct mdl_file *f = file_at(w, id);
    int32_t today = mdl_today(w);
    uint32_t note = sim_pool_take(&w->note);
    double n = (double)(f->note.applications > 0 ? f->note.applications : 1);

    if (mdl_recording(w, today)) {
        uint32_t k = month_of(w, today);

        (f->note.granted ? s->granted : s->refused)[k] += n;
        s->days[k] += n * (double)(w->run.now - f->filed) / MDL_TICKS_PER_DAY;
    }
    s->open -= (int64_t)n;
    *(struct mdl_note *)sim_pool_at(&w->note, note) = f->note;
    sim_send(&w->run, w->net->n_site + office, w->net->lane[f->note.lane].from, w->run.lookahead,
             MDL_MSG_DECISION, MDL_MSG_DECISION, note);
    sim_pool_give(&w->file, id);
}

void mdl_office_reviewed(struct mdl_state *w, const struct sim_msg *m)
{
    uint32_t office = m->dst - w->net->n_site, id = (uint32_t)m->arg;
    int64_t k = (int64_t)(m->arg >> 32);
    struct mdl_file *f = file_at(w, id);

    w->office[office].busy -= k;
    f->under_review -= k;
    if (f->waiting == 0 && f->under_review == 0)
        decide(w, office, id);
    work(w, office);
}
