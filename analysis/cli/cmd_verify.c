#include "analysis/cli/cli.h"

#include "analysis/store.h"

struct options {
    int quiet;
};

static const struct cmd_option options[] = {
    {"--quiet", NULL, CMD_FLAG, 0, 0, offsetof(struct options, quiet), "print faults only"}, {0}};

static const struct cmd_usage usage = {
    .name = "verify",
    .operands = "FILE...",
    .what =
        "Is a file of results whole? Compares its bytes with the seal at its end, and its names\n"
        "and values with the digest in it.",
    .least = 1,
    .most = 10000,
    .options = options,
    .more =
        "Prints the digest, which is the same for the same input, seed and version. Exit status\n"
        "1 when a file is damaged or is none of Lodestone's."};

int cmd_verify(int argc, char **argv)
{
    struct options o = {0};
    struct cmd_args args;
    int worst = CMD_DONE, rc = cmd_parse(&usage, argc, argv, &o, &args);

    if (rc != CMD_GO_ON)
        return rc;
    for (int i = 0; i < args.n; i++) {
        struct sim_err err = SIM_ERR_INIT;
        char digest[ANA_DIGEST_MAX];
        int status;

        rc = cmd_exists(args.operand[i], &err);
        if (rc == 0)
            rc = ana_store_verify(args.operand[i], digest, &err);
        if (rc == 0 && !o.quiet) {
            cmd_print(stdout, args.operand[i]);
            printf(": whole, digest %s\n", digest);
        }
        status = cmd_end("verify", rc, &err, NULL);
        worst = status > worst ? status : worst;
    }
    return worst;
}
