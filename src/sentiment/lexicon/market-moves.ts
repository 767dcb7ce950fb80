import { verbForms, wordList } from "./inflect.ts";

/**
 * Words whose side depends on what they are said of. "Prices fall" is bad news and "fees fall" good; "drops 4%"
 * is bad and "drops the case" good. The sets say what a word does, the weights of the lexicon how much.
 */

const YARDSTICKS = wordList("forecast forecasts expectations expected estimates consensus");
const pairs = (sides: string) =>
  wordList(sides).flatMap((side) => YARDSTICKS.map((yard) => `${side}-${yard}`));

/** Upward moves by strength (AFINN scale, 1..5). */
export const RISES: ReadonlyArray<readonly [number, readonly string[]]> = [
  [3, verbForms("surge soar rocket skyrocket explode moon boom storm blast")],
  [2.5, [...verbForms("rally jump+ spike leap pump+ rip+ vault zoom"), "higher"]],
  [
    2,
    [
      ...verbForms(
        "climb gain advance rebound bounce recover extend accelerate double triple quadruple outpace",
      ),
    ],
  ],
  [2, wordList("rise rises rose risen rising grow grows grew grown growing growth swell swells swelled")],
  [
    2,
    wordList(
      "year-high month-high week-high decade-high all-time-high record-high new-high year-highs month-highs record-highs new-highs all-time-highs",
    ),
  ],
  [
    1.5,
    [
      ...verbForms("increase expand strengthen lift mount push widen broaden tick edge inch"),
      "up",
      "upward",
      "upwards",
      ...pairs("above over"),
    ],
  ],
  [0.7, wordList("high highest hotter")],
];

/** Downward moves by strength (AFINN scale, written here without sign). */
export const FALLS: ReadonlyArray<readonly [number, readonly string[]]> = [
  [3.5, verbForms("crash plunge plummet collapse nosedive crater implode nuke")],
  [3, [...verbForms("tumble tank dump+ crumble evaporate vanish"), "downwards"]],
  [
    2.5,
    wordList(
      "dried-up dries-up drying-up dry-up record-low all-time-low year-low month-low week-low decade-low new-low record-lows all-time-lows year-lows month-lows new-lows",
    ),
  ],
  [2.5, [...verbForms("slump slide drop+ bleed slash sag+ slip+ wane fizzle"), "bled", "slid"]],
  [
    2,
    [
      ...verbForms("decline dip+ retreat sink weaken fade shrink stumble falter ease cool subside decrease"),
      "sank",
      "sunk",
      "shrank",
    ],
  ],
  [
    2,
    wordList(
      "fall falls fell fallen falling lower lowest gone loses-steam losing-steam lost-steam loses-ground losing-ground lost-ground downward downwards freefall",
    ),
  ],
  [
    1.5,
    [
      ...verbForms("slow narrow dwindle moderate soften recede abate reduce pare trim+ thin+ lessen"),
      "cut",
      "cuts",
      "cutting",
      "down",
      ...pairs("below under beneath"),
    ],
  ],
  [0.7, wordList("low cooler")],
];

/** Verbs that take trouble away: "lawsuit dismissed", "flaw patched", "fixes the bug", "lifts ban". */
export const RESOLVERS: ReadonlySet<string> = new Set([
  ...verbForms(
    "dismiss resolve settle patch fix avoid avert prevent scrap+ cancel end halt stop+ quash clear absolve",
  ),
  ...verbForms(
    "recover lift remove eliminate thwart foil survive overcome repay deny toss exit finish emerge quell calm allay soothe dispel+",
  ),
  ...verbForms(
    "refund reimburse erase snap+ drop+ abandon reject overturn repeal waive reverse escape dodge defy",
  ),
  ...wordList(
    "withstand withstood withstands defied throws threw thrown shrug shrugs shrugged shrug-off done is-over are-over",
  ),
  ...wordList("overblown unfounded exaggerated overdone caught arrested ended beaten debunked"),
]);

/** Verbs that spoil what follows: "failed to rally", "lacks conviction", "erases gains". Used as negators. */
export const SPOILERS: ReadonlySet<string> = new Set([
  ...verbForms(
    "fail lack erase pare trim+ reject deny halt cancel scrap+ delay postpone doubt end snap+ squander struggle",
  ),
  ...verbForms(
    "refuse block cap+ limit surrender relinquish wipe reverse stall undermine hinder stop+ oppose kill",
  ),
  ...wordList("lose loses losing lost without unable lacking stops forget denies give-up give-back wipe-out"),
]);

/** Things one wants less of. What falls, ends or is resolved here is good; what rises is bad. */
export const BURDENS: ReadonlySet<string> = new Set(
  wordList(`fee fees cost costs gas inflation outflow outflows loss losses hack hacks exploit exploits lawsuit
  lawsuits charge charges case cases suit probe probes investigation ban bans crackdown crackdowns tax taxes
  tariff tariffs unemployment jobless debt debts risk risks fear fears worry worries concern concerns tension
  tensions uncertainty doubt doubts volatility gas-price gas-prices bond-yield bond-yields treasury-yield treasury-yields rates dollar drawdown drawdowns liquidation liquidations
  selling sell-pressure shorts bears sellers slippage spread spreads latency outage outages flaw flaws bug bugs
  vulnerability vulnerabilities fraud scam scams theft thefts crime contagion default defaults delinquencies
  exchange-reserves unlock unlocks losing-streak bear-market fine fines penalty penalties sanction sanctions
  restriction restrictions fud layoffs delay delays congestion selloff sell-off slump downturn recession crisis
  overhang headwind headwinds attack attacks threat threats war stress backlog leverage withdrawals panic
  dilution competition pressure difficulty expenses spam phishing problem problems issue issues deficit
  bleeding selling-pressure stolen hacked complaint complaints dispute allegations barrier barriers hurdle hurdles bottleneck bottlenecks
  bankruptcy insolvency prison exchange-balances`),
);

/** Those whose trouble is good news for holders: "shorts trapped", "bears rekt", "hackers arrested". */
export const OPPONENTS: ReadonlySet<string> = new Set(
  wordList(
    "bears shorts shorters sellers short-sellers scammers hackers hacker scammer doubters haters fudsters",
  ),
);

/** Moves told as a level: "fees at a record low", "unemployment hits a two-year high". */
export const EXTREMES: ReadonlySet<string> = new Set([
  "highest",
  "lowest",
  ...["all-time", "record", "new", "year", "month", "week", "decade"].flatMap((span) =>
    ["high", "highs", "low", "lows"].map((level) => `${span}-${level}`),
  ),
]);

/** Before a level they say that it was left: "from a record high". */
export const LEAVERS: ReadonlySet<string> = new Set([
  "from",
  "off",
  ...["bounces", "bouncing", "bounced", "bounce", "rebounds", "rebounding"].flatMap((verb) => [
    `${verb}-off`,
    `${verb}-from`,
  ]),
]);

/** What a market move is usually said of; a move of one of these is never a burden's move. */
export const ASSETS: ReadonlySet<string> = new Set(
  wordList(`bitcoin btc ether eth ethereum crypto market markets stocks token tokens price prices shares altcoin
  altcoins alts coin coins solana sol xrp doge dogecoin bnb ada cardano litecoin ltc equities nasdaq futures
  assets miners revenue portfolio equity account majors index tvl volume volumes bulls longs`),
);

/** Verbs that carry a subject's effect to an object: in "inflation sinks bitcoin" inflation does not sink. */
export const CARRIERS: ReadonlySet<string> = new Set([
  ...verbForms(
    "push send drag+ drive pull hammer batter rattle knock spark trigger cause fuel force leave keep spook",
  ),
  ...wordList(
    "hit hits hitting sent sends drove drives weigh weighs weighed make makes made take takes took kept",
  ),
]);
