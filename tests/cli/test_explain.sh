#!/bin/sh
# explain: which rules meet a shipment, and what happens.
. "$(dirname "$0")/tap.inc"

magnets='--from cn.magnet --to jp.motor --product magnet'

cat > expected << 'END'
sintered magnet (magnet), 700 kg worth 56,000 USD (a usual order), for civil use, from Magnet maker
(cn.magnet; of Magnet Company), CN, to Motor maker (jp.motor; of Motor Company), JP
Ordered on 2026-03-02, judged by the rules of 2026-03-02 in toy/licence.cfg: Toy chain: licences for
magnets
One kg contains 15 g of dy; 300 g of nd.

2 RULES MEET IT

toy-inspect
    meets       in force since 2026-02-01; from CN; magnet is on the list cn-heading by heading 8505
    chance      30 %: the order line is picked (30 %)
    asks        inspection of 30 % of order lines, 8.4 d (90 %: 5.9 to 12.2)

toy-licence
    meets       in force since 2026-02-01; from CN; to JP; magnet is on the list cn-magnets by code
                1C905
    asks        a licence from Licence office (office): review about 12 working days (90 %: 5.3 to
                27.3), 16 d on the calendar, after its queue; 90 % are granted; good for 90 d; filed
                with the order

WHAT HAPPENS

    papers      toy-licence: 16 d, after the office's queue
    inspection  toy-inspect (with chance 30 %): 8.4 d
    customs     1 d
    transit     7.1 d (90 %: 4.9 to 10.5)
    in all      about 24.1 d from the order to the buyer, 32.5 d if all is asked that may be,
                without the queues
                90 % of such orders are granted all their licences
END
ok 'licences and inspections, word for word' 'exits 0 "$L" explain toy/licence.cfg $magnets --use civil --date 2026-03-02 && diff expected out && silent err'
ok 'no line is wider than 100 columns' '! grep -E "^.{101}" out'
ok 'a refusal' 'exits 0 "$L" explain toy/deny.cfg $magnets --use military --date 2026-03-02 --quantity 2.5 && says out "2.5 kg worth 200 USD, for military use" "1 RULE MEETS IT" "    asks        refused" "    refused     by toy-deny" && ! grep -e "transit" -e "in all" out'
ok 'before a rule is announced, and before it is in force' 'exits 0 "$L" explain toy/deny.cfg $magnets --use civil --date 2026-01-19 && says out "1 RULE DOES NOT MEET IT" "does not    date: not announced yet; announced on 2026-01-20, in force from 2026-02-01" && exits 0 "$L" explain toy/deny.cfg $magnets --use civil --date 2026-01-20 && says out "date: announced on 2026-01-20, but not in force until 2026-02-01" "about 8.1 d from the order to the buyer"'
ok 'no rules at all' 'exits 0 "$L" explain toy/baseline.cfg $magnets --use civil --date 2026-03-02 && says out "The scenario has no rules." "about 8.1 d from the order to the buyer"'
printf '%s\n' 'extends = "baseline.cfg"; title = "a strike"; shocks = ( { id = "k"; kind = "lane"; site = [ "cn.magnet" ]; from = "2026-03-01"; days = 30; }, { id = "p"; kind = "down"; site = [ "jp.car" ]; after = "k"; days = { dist = "uniform"; lo = 3.0; hi = 9.0; }; } ); retry_d = { dist = "uniform"; lo = 20.0; hi = 40.0; };' > toy/struck.cfg
ok 'shocks and uncertain inputs: that they are not in it is said' 'exits 0 "$L" explain toy/struck.cfg $magnets --use civil --date 2026-03-02 && says out "about 8.1 d" "Shocks are left out, whatever the day: k (lane), p (down)." "Uncertain inputs (1, \`check\` names them) stand at their means."'
ok 'two sites that no lane joins' 'exits 0 "$L" explain toy/deny.cfg --from cn.magnet --to jp.car --product magnet --use civil --date 2026-03-02 && says out "No lane joins them; explained as if there were one." "refused     by toy-deny" "1 kg worth 80 USD,"'
ok 'a border that is not crossed' 'exits 0 "$L" explain toy/deny.cfg --from jp.car --to jp.motor --product magnet --use civil --date 2026-03-02 && says out "border: the goods stay in JP" "nothing holds it up at the border"'
ok '--set' 'exits 0 "$L" explain toy/deny.cfg $magnets --use civil --date 2026-03-02 --set rules.toy-deny.probability=0.25 && says out "25 %: the rule exists (25 %)" "refused     with chance 25 % by toy-deny" "else:"'
ok '--over, before --set' 'echo "rules = ( { id = \"toy-deny\"; probability = 0.5; } );" > half.cfg && exits 0 "$L" explain toy/deny.cfg $magnets --use civil --date 2026-03-02 --over half.cfg && says out "refused     with chance 50 % by toy-deny" && exits 0 "$L" explain toy/deny.cfg $magnets --use civil --date 2026-03-02 --over half.cfg --set rules.toy-deny.probability=0.25 && says out "refused     with chance 25 % by toy-deny"'
ok '--over of a file that is not there: 2' 'exits 2 "$L" explain toy/deny.cfg $magnets --use civil --date 2026-03-02 --over nosuch && says err "nosuch: no such file"'
ok '--placed and days of grace' 'exits 0 "$L" explain toy/deny.cfg $magnets --use civil --date 2026-02-05 --placed 2026-01-31 --set rules.toy-deny.grace_d=10 && says out "grace: ordered on 2026-01-31, before it came into force; such orders pass until" "2026-02-11"'
ok 'days of grace for what is asked' 'exits 0 "$L" explain toy/licence.cfg $magnets --use civil --date 2026-02-05 --placed 2026-01-31 --set rules.toy-licence.grace_d=10 && says out "grace: ordered before it came into force" "toy-licence: not waited for until 2026-02-11" "about 8.1 d from the order"'
ok '--caught' 'exits 0 "$L" explain toy/deny.cfg $magnets --use civil --date 2026-03-02 --set rules.toy-deny.caught_only=true && says out "caught: only buyers" && exits 0 "$L" explain toy/deny.cfg $magnets --use civil --date 2026-03-02 --set rules.toy-deny.caught_only=true --caught && says out "the buyer was caught" "refused     by toy-deny"'
ok 'the same question has the same answer' 'exits 0 "$L" explain toy/licence.cfg $magnets --use civil --date 2026-03-02 && cp out a && exits 0 "$L" explain --date=2026-03-02 --use=civil $magnets toy/licence.cfg && cmp a out'

cat > faults << 'END'
--date 2026-02-30: must be a date YYYY-MM-DD
--use civl: must be civil or military; did you mean 'civil'?
--quantity none: must be a number, above 0, up to 1e15
--from cn.magnets: the network has no such site; did you mean 'cn.magnet'?
--to nowhere: the network has no such site
--product motors: the network has no such product; did you mean 'motor'?
lodestone explain: 6 faults
END
ok 'all faults of a question at once, 2' 'exits 2 "$L" explain toy/deny.cfg --from cn.magnets --to nowhere --product motors --use civl --date 2026-02-30 --quantity none && diff faults err && silent out'
ok 'faults of the scenario beside those of the question' 'exits 2 "$L" explain toy/deny.cfg $magnets --use civil --date soon --set rules.toy-deny.grace=3 && says err "--date soon: must be a date" "unknown key '\''grace'\''; did you mean '\''grace_d'\''?"'
ok 'an order after the goods are ready' 'exits 2 "$L" explain toy/deny.cfg $magnets --use civil --date 2026-03-02 --placed 2026-03-03 && says err "--placed 2026-03-03: lies after --date 2026-03-02"'
ok 'less than one quantum' 'exits 2 "$L" explain toy/deny.cfg --from jp.motor --to cn.magnet --product motor --use civil --date 2026-03-02 --quantity 0.4 && says err "--quantity 0.4: must be 1 to 4e18 quanta, 1 to one piece"'
ok 'from a site to itself' 'exits 2 "$L" explain toy/deny.cfg --from jp.car --to jp.car --product car --use civil --date 2026-03-02 && says err "--to jp.car: the goods are there already (--from)"'
ok 'what is missing is named, all of it' 'exits 2 "$L" explain toy/deny.cfg --from cn.magnet --use civil && says err "missing: --to SITE, --product P, --date D"'
exit $bad
