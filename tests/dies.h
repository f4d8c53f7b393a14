/* Does fn(ctx) end its process? For bugs (abort) and for running out of memory (exit 1). */
#ifndef TESTS_DIES_H
#define TESTS_DIES_H

#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs fn in a child whose standard error is closed. Returns the signal that ended it, or minus the
 * exit status; 0 if it returned. */
static inline int ends_with(void (*fn)(void *), void *ctx)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        close(STDERR_FILENO);
        fn(ctx);
        _exit(0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return -1000;
    return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

/* Did fn meet a sim_bug_if? */
static inline int is_bug(void (*fn)(void *), void *ctx)
{
    return ends_with(fn, ctx) == SIGABRT;
}

#endif
