/* Records of part files, shared by ledger.c, which writes, and ledger_read.c. Numbers are
 * little-endian. A record: bytes of its own (u32), kind (u8), those bytes, check. */
#ifndef ANA_LEDGER_INNER_H
#define ANA_LEDGER_INNER_H

#include "sim/batch.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h> /* sha2.h needs it */
#include <sha256.h>

#define ANA_LEDGER_MAGIC "lodestone part 1\n"

enum {
    ANA_LEDGER_IS_HEAD = 'H',  /* text: a line "name value" for each field */
    ANA_LEDGER_IS_TASK = 'T',  /* point, scenario, run (u32), status (u8), seconds (f32), then f64s
                                or  a message */
    ANA_LEDGER_IS_POINT = 'P', /* point, runs (u32), satisfied (u8) */
    ANA_LEDGER_IS_SEAL = 'S'   /* tasks and ends of points before it (u64) */
};
enum {
    ANA_LEDGER_FRONT = 5,
    ANA_LEDGER_CHECK = 8, /* first bytes of the SHA-256 of all before it in the record */
    ANA_LEDGER_TASK = 17,
    ANA_LEDGER_POINT = 9,
    ANA_LEDGER_SEAL = 8,
    ANA_LEDGER_MESSAGE = 1000,
    ANA_LEDGER_MOST = 1 << 26 /* bytes of a record: a length beyond it is damage */
};

void ana_ledger_put(unsigned char *to, uint64_t x, int bytes);
void ana_ledger_check(const unsigned char *record, size_t n, unsigned char to[ANA_LEDGER_CHECK]);

#endif
