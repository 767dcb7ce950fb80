/**
 * Phrases that mean something other than their words. The lexicon knows single tokens alone, so a phrase is
 * joined into one token first ("all time high" becomes `all-time-high`). `a|b` stands for either word.
 */
const PHRASES: ReadonlyArray<readonly [number, string]> = [
  [
    4,
    `to the moon; generational wealth; we are so back; so back; life changing gains;
    cant be more bullish; couldnt be happier; couldnt be more bullish; knocks it out of the park`,
  ],
  [
    3,
    `all time high|highs; record high|highs; new high|highs; new ath|aths; diamond hands;
    short|shorts squeeze|squeezed; shorts rekt|liquidated|trapped|burned|burnt|wrecked|blown;
    bears rekt|trapped|wrecked; bull run|market|flag; golden cross;
    bounces|bouncing|bounced|bounce|rebounds|rebounding off|from; up only;
    buy|buying|bought the dip|dips; buying every dip; game changer; lets go; lets goo; risk on;
    green light; multi year high|highs; cant go wrong; green days|candles|day|candle; higher highs|high;
    higher lows|low; killing it; crushing it; off the charts; flying colours|colors;
    strategic reserve|bitcoin; best performing; paid off; pays off; win streak; winning streak;
    record inflow|inflows`,
  ],
  [
    2,
    `dip|dips bought; supply shock|squeeze|shrinks|shrinking; sold out; back in control; in control;
    back in the green; in the green; in the black; in profit; back above;
    holds|held|hold|holding above|firm|strong|steady; breaks|break|broke|breaking above|out|through;
    tops estimates; stacking sats; cold storage; wins approval; green lights; thumbs up; dry powder;
    risk adjusted; buy signal; buyback|buybacks; buy back; strong hands; well done; good call;
    great call; worth it; rate cut|cuts; cut|cuts|cutting rates|interest; oversold bounce; bottom is in;
    the bottom; bottomed out; steps|stepped|stepping in; dip buyers; soft landing; no brainer;
    not selling; never sell|selling; wont sell; still holding; gets|got|getting bought; paid my rent;
    sleeping|sleeps on; going long; staying long; im long; adding here; loading up; loads up; scoops up;
    bullish divergence; running nicely; exchange balances drop; moves|moved coins off|offline;
    without a hitch; under control; waking up; path of least resistance is up; nothing wrong;
    no problem|problems|worries|doubt; looking good|strong; looks good|strong|healthy;
    turns|turned|turn green|bullish|positive; debuts strongly; seal of approval; gets nod;
    rules in favor|favour; thank you; love to see it; scale|scaling in; good risk; throws|threw out;
    thrown out; pays back; paid back; made whole`,
  ],
  [
    1,
    `doubles|doubled|doubling down; tight|tighter|tightest|tightened spread|spreads; long entry;
    risk reward; rolls|rolled|rolling out; teams up; goes live; went live; gains access; opens the door;
    signs deal; opens|opened|opening to; closes in on; added to; adds another; adds to;
    buys another|more; bought more; to hire; stays strong; dollar weakens; weaker dollar`,
  ],
  [
    -4,
    `rug pull|pulls|pulled|pulling; rug pulled; exit scam|scams|scammed; exit liquidity; pump and dump;
    pump n dump; going to zero; goes to zero; to zero; its over; it is over; buying|bought|buy the top;
    buying|bought tops; bank run; run on the bank; got rekt; get rekt; account blown;
    blew up my account; stay away; blood in the streets; blood bath; loses|lost everything;
    life savings; lost my savings; ponzi scheme; down bad`,
  ],
  [
    -3,
    `too good to be true; promised the moon; all time low|lows; record low|lows; new low|lows;
    year|month|week|decade low|lows; death cross|spiral; dead cat bounce; dead cat;
    bear market|trap|flag; crypto winter; paper hands; weak hands; long|longs squeeze|squeezed;
    longs rekt|liquidated|trapped|wiped|burned|wrecked|flushed|stopped;
    bulls rekt|trapped|slaughtered|wrecked; sell|sells|selling off|offs; sold off;
    sell the news|rip|rally; catching a falling knife; catch a falling knife; falling knife;
    catching this knife; wiped|wipes|wiping|wipe out; wiped off; lower highs|high; lower lows|low;
    red days|candles; shuts|shut|shutting|shutdown down; files|filed|filing for bankruptcy; chapter 11;
    at a loss; stopped out; stop hunted; flash crash; front ran|run|running; front runs; no utility;
    without warning; risk off; liquidity crunch; margin call|calls;
    breaks|broke|breaking|break|broken below|down; gave|gives|give|giving back|out; gave up; gives up;
    loses|lost|losing steam|ground; loses|lost|losing key|its|support; money laundering;
    halts|halt|halted|pauses|paused|suspends|suspended|freezes|froze|frozen|stops|blocks withdrawals|redemptions|accounts|deposits;
    data breach; went|going|goes against; no legs; run out of steam; ran out of steam;
    dries|dried|drying|dry up; ran away; took out every`,
  ],
  [
    -2,
    `in the red; back in the red; sell signal; sell pressure|wall; selling pressure; rate hike|hikes;
    hikes|hiked|raises|raised rates; fake out; fake pump; cash|cashing out;
    cut|cutting losses|exposure|the; loses|lost|lose money|interest;
    falls|fell|fall short|apart|below|under; down again|bad; rolling over; rolls over; bad fill;
    too crowded; im out; no thanks; done with; losing streak; under pressure|fire|water|investigation;
    steer clear; red flag|flags; cease and desist; pulls|pulled out; walks|walked away;
    backs|backing|backed away|out; goes|went|going under; so much for; yeah right; charged with;
    criminal charges; faces|face|facing charges; files charges; insider trading; wash trading;
    class action; wells notice; trading halt; turns|turned|turn red|bearish|negative; profit taking;
    reducing|reduce|reduced exposure|risk; lay|lays|laid|laying off;
    cut|cuts|cutting jobs|staff|guidance|forecast|outlook|the; no bid|bids|buyers|volume|liquidity;
    short here; going short; heavy selling|losses; heads|headed|heading lower;
    goes|went dark|wrong|offline; went down; not worth; worse than; wont answer; not answering;
    no upside; a joke; the worst; bull trap; bagholder|bagholders; bag holder|holders;
    holding bags|these; bear bearish divergence; head and shoulders;
    leaves|left users|customers|investors; missed estimates|payments; gets|get|got sold|dumped|nuked;
    stay out; high fees; wait forever`,
  ],
  // No side of their own: they only keep their words from counting one by one.
  [
    0,
    `cant|wont|dont stop; up or down; down or up; higher or lower; lower or higher; long or short;
    bullish or bearish; bearish or bullish; buy or sell; sell or buy; hold or sell; buy or hold;
    crash or moon; moon or crash; boom or bust; green or red; red or green; pump or dump;
    stop loss|losses|order|orders; take profit|profits; limit order|orders; open interest;
    interest rate|rates; funding rate|rates; short term; long term; market cap;
    smart contract|contracts; white paper; hard fork; soft fork; proof of stake|work; fear and greed;
    not financial advice; nothing burger;
    set|sign|signs|signed|setting|follow|heads|back|look|catch|line|end|ends|ended|show|shows|pick|picks up;
    up to|for|on; whats up; down to; calm down; double down; count down; no longer short|long;
    long position|positions|side; short position|positions|side; risk management|parameters|limits;
    break even; security token|tokens; fair launch|value; good till cancelled|canceled;
    risk asset|assets; good morning; good night; free float; hash rate; trading volume; crypto exchange;
    high frequency; gas limit; block height|reward|rewards|time; staking reward|rewards; price target;
    not only|just; bid ask; ask|bid price|side; pay|pays with; support ticket|team|desk; trust fund;
    ether trust; bitcoin trust; liquidity pool|pools; cold wallet|wallets; bull and bear;
    bulls and bears; supply cap; order filled; win rate; profit factor; profit and loss; stop at;
    stop is; a stop; tight stop; what is; how does; how do; good question; profit margin|margins;
    as well; at least; at most; next stop; top up; top ten|five; tax rules|return|returns; tax year;
    hard cap; token unlock; next unlock; grid strategy; mean reversion; adds|added|adding support for;
    would like; feel free; like for like; no position|positions|trades|trade; ahead of; at best`,
  ],
  // Tokens that the context rules know.
  [
    0,
    `max|maximum drawdown; declines|declined to; fastest|faster|slower|slowest pace; gas price|prices;
    bond|treasury yield|yields; is|are over; for good; never been|felt more|so; how to;
    below|under|beneath forecast|forecasts|expectations|expected|estimates|consensus;
    above|over forecast|forecasts|expectations|expected|estimates|consensus;
    year|month|week|decade high|highs|low|lows; no longer; no more; shrugs|shrug|shrugged|shrugging off;
    even though; in spite of; exchange reserves|balances; lack of; far from; anything but; too early;
    short sellers`,
  ],
];

const byFirstWord = new Map<string, string[][]>();
export const PHRASE_WEIGHTS = new Map<string, number>();

for (const [weight, list] of PHRASES) {
  for (const pattern of list.split(";")) {
    for (const words of variants(pattern.trim().split(/\s+/))) {
      const key = words.join("-");
      if (PHRASE_WEIGHTS.has(key)) continue;
      PHRASE_WEIGHTS.set(key, weight);
      // Hashtags write phrases in one word: #buythedip.
      if (weight !== 0 && words.length > 1) PHRASE_WEIGHTS.set(words.join(""), weight);
      const [first = ""] = words;
      byFirstWord.set(first, [...(byFirstWord.get(first) ?? []), words]);
    }
  }
}
for (const candidates of byFirstWord.values()) candidates.sort((a, b) => b.length - a.length);

/** How many tokens from `start` on are the longest phrase there; 0 where none begins. */
export function phraseLengthAt(keys: readonly string[], start: number): number {
  const candidates = byFirstWord.get(keys[start] ?? "");
  if (candidates === undefined) return 0;
  for (const words of candidates) {
    let length = 1;
    while (length < words.length && keys[start + length] === words[length]) length++;
    if (length === words.length) return length;
  }
  return 0;
}

function variants(pattern: readonly string[]): string[][] {
  return pattern.reduce<string[][]>(
    (sofar, part) => sofar.flatMap((words) => part.split("|").map((word) => [...words, word])),
    [[]],
  );
}
