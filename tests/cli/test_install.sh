#!/bin/sh
# make install: the program finds its scenarios from any folder.
. "$(dirname "$0")/tap.inc"
unset MAKEFLAGS MFLAGS MAKELEVEL

# A copy of the objects, so that only what holds the prefix is compiled again.
case $L in */build/lodestone) from=$root/build/release ;; *) from=$(dirname "$L") ;; esac
cp -Rp "$from" "$dir/build"
install_to() {
    make -s -C "$root" B="$dir/build" PREFIX="$dir/usr" "$@" install > log.make 2>&1 || { cat log.make; return 1; }
}
mkdir away
I=$dir/usr/bin/lodestone

ok 'make install' 'install_to && [ -x "$I" ] && [ -f usr/share/lodestone/scenarios/baseline.cfg ] && [ -f usr/share/lodestone/scenarios/rare-earth/sites.csv ] && [ -f usr/include/lodestone/sim/engine.h ] && [ -f usr/lib/libsim.a ]'
ok 'make install with DESTDIR' 'install_to DESTDIR="$dir/stage" && [ -x "stage$I" ] && [ ! -e "stage$dir/stage" ] && cmp "stage$I" "$I"'
ok 'it names its version and where its scenarios are' 'exits 0 "$I" --version && says out "$dir/usr/share/lodestone/scenarios"'
ok 'its manual page and completion are those that it prints, and say where scenarios are' '"$I" help --man | cmp - usr/share/man/man1/lodestone.1 && "$I" help --bash | cmp - usr/share/bash-completion/completions/lodestone && says usr/share/man/man1/lodestone.1 "/usr/share/lodestone/scenarios" && cmp "stage$dir/usr/share/man/man1/lodestone.1" usr/share/man/man1/lodestone.1'
if man --version 2> /dev/null | grep -q '^man '; then
    ok 'man finds the page' 'MANPATH=$dir/usr/share/man MANPAGER=cat man lodestone | col -b > page && says page "lodestone sweep merge" "EXIT STATUS"'
else
    echo 'skipped - no man here'
fi
ok 'list, from any folder' 'cd away && exits 0 "$I" list && says out "$dir/usr/share/lodestone/scenarios/baseline.cfg"'
ok 'an installed scenario by its name, with its network' 'cd away && exits 0 "$I" check --quiet japan-2026-military && silent err'
ok 'a scenario of one'\''s own beside nothing else' 'cd away && exits 0 "$I" new mine.cfg --from japan-embargo && grep -q "^extends = \"japan-embargo.cfg\";" mine.cfg && exits 0 "$I" check --quiet mine.cfg && silent err'
ok 'a scenario here comes before one installed' 'cd away && mkdir scenarios && cp -R "$dir/toy/." scenarios && exits 0 "$I" check baseline && says out "scenarios/baseline.cfg: no faults; Toy chain"'
ok 'a program of others compiles and links with lodestone.pc' '
cat > user.c << "END"
#include "sim/date.h"
#include "sim/rng.h"
int main(void)
{
    int32_t day;

    return sim_date_parse(&day, "1970-01-02") != 0 || day != 1 || sim_hash("x") == 0;
}
END
export PKG_CONFIG_PATH="$dir/usr/lib/pkgconfig" && ${CC:-cc} user.c $(pkg-config --cflags --libs lodestone) -o user && ./user'
exit $bad
