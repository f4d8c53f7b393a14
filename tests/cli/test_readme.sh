#!/bin/sh
# Every command in the README files works. Blocks marked sh and python are run in a copy, in their order;
# commands of make are only looked up (make -n).
. "$(dirname "$0")/tap.inc"
unset MAKEFLAGS MFLAGS MAKELEVEL

# The copy: scenarios, and a program that takes 2 runs whatever it is told.
mkdir -p copy/build bin
cp -R "$root/scenarios" copy
cat > copy/build/lodestone << END
#!/bin/sh
[ "\$1" = run ] && exec "$L" "\$@" --runs 2 --quiet
[ "\$1" = backtest ] && { "$L" "\$@" --runs 2; [ \$? -le 1 ]; exit; } # two runs may miss
exec "$L" "\$@"
END
cat > bin/make << END
#!/bin/sh
exec "$(command -v make)" -n -C "$root" "\$@"
END
chmod +x copy/build/lodestone bin/make
PATH=$dir/bin:$PATH
(cd copy && build/lodestone run baseline japan-2026-military japan-2026-broad-licensing japan-embargo -o build/demo.h5 && cp build/demo.h5 out.h5)

# blocks FILE: writes each block marked sh or python into block.NN.<kind>, in order.
blocks() {
    rm -f block.*
    awk '
        /^```/ && kind { close(f); kind = ""; next }
        /^```(sh|python) *$/ { kind = substr($0, 4); gsub(/ /, "", kind); f = sprintf("block.%02d.%s", ++n, kind); next }
        /^```/ { kind = "other"; f = "/dev/null"; next }
        kind { print > f }' "$1"
}

for readme in README.md scenarios/README.md scenarios/rare-earth/README.md scenarios/backtests/world-2025/README.md analysis/README.md models/README.md sim/README.md tests/README.md; do
    [ -f "$root/$readme" ] || continue
    blocks "$root/$readme"
    rm -rf copy/scenarios && cp -R "$root/scenarios" copy/scenarios
    for b in block.*; do
        [ -f "$b" ] || continue
        run=sh
        [ "${b##*.}" = python ] && run=/usr/bin/python3 # that of the packages
        [ "$run" = sh ] && grep -q '^make check' "$b" && ok "$readme: make check is a target" '(cd "$root" && make -n check > /dev/null)' && continue
        ok "$readme: $(head -n 1 "$b" | cut -c 1-60)" "cd copy && $run $([ $run = sh ] && echo -e) ../$b"
    done
done
ok 'the root README names every command' 'for c in list new check run show backtest export rerun verify keys help; do grep -qE "build/lodestone $c" "$root/README.md" || { echo "$c"; exit 1; }; done'
ok 'files and folders that the root README names are there' 'grep -oE "\`[a-z]+/[a-zA-Z/.]*\`" "$root/README.md" | tr -d "\`" | grep -v "^build/" | while read -r f; do [ -e "$root/$f" ] || { echo "$f"; exit 1; }; done'
ok 'the README of scenarios names every one that is shipped' 'for f in "$root"/scenarios/*.cfg; do grep -qF "\`$(basename "$f")\`" "$root/scenarios/README.md" || { echo "$f"; exit 1; }; done'
exit $bad
