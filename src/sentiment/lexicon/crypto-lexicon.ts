import { verbForms, wordList } from "./inflect.ts";
import { FALLS, RISES } from "./market-moves.ts";
import { PLAIN_WORDS } from "./plain-words.ts";

type Weighted = ReadonlyArray<readonly [number, readonly string[]]>;

/** Gains, health, demand, trust, and the slang of people who are pleased. Where a word comes twice, the later wins. */
const GOOD: Weighted = [
  [4, wordList("breakthrough blowout generational lfg wagmi parabolic godsend masterpiece jackpot")],
  [3, verbForms("outperform triumph thrive win+ flourish exonerate acquit vindicate")],
  [
    3,
    wordList(`bullish bullrun uptrend profitable winner winners stellar landmark milestone breakout breakouts
    successful lambo tendies gem gems undervalued underrated based booming moonshot landslide victory hodl hodling
    hodler amazing fantastic excellent superb ath aths euphoria bonanza windfall boon phenomenal incredible`),
  ],
  [
    2,
    verbForms(`approve partner accumulate reclaim regain adopt embrace boost hail applaud celebrate welcome endorse
    beat exceed surpass top+ overtake outshine secure award legalize legalise greenlight reopen resume restore
    stabilize stabilise revive succeed deliver achieve improve reward profit impress relieve bolster buoy heal thaw
    eclipse trounce clinch notch cheer praise overperform insure reimburse pardon dominate`),
  ],
  [
    2,
    wordList(`approval approvals bull bulls profits profitability recovery inflow inflows partnership partnerships
    adoption momentum oversubscribed upside bottomed strong stronger strongest strength robust resilient resilience
    healthy bullishness optimism optimistic upbeat confident confidence solid outperformance won beats comeback
    relief innovative innovation conviction cheap cheaper discount bargain favourable favorable attractive reliable
    trustworthy safe secure legit flawless smooth smoothly seamless clean cleaner fast faster fastest happy glad
    thankful love loved loves loving favourite favorite legend legendary grateful excited exciting hyped stoked
    accumulation intact easiest prosperous stacking stacked surplus nice nicely beautiful impressive impressed
    brilliant juicy rosy resurgence revival upswing uptick upturn renaissance greenlit nod haven
    dovish success successes succeeded delighted proud lit popular oversold`),
  ],
  [
    1.5,
    verbForms(
      "onboard invest integrate innovate simplify back benefit protect defend enable pop+ jumpstart outpace",
    ),
  ],
  [
    1.5,
    wordList(`demand bonus airdrop airdrops efficient transparent tailwind tailwinds catalyst catalysts opportunity
    opportunities gift comfy cozy chad giga gigachad goat respect thanks congrats congratulations yay woohoo wow
    good better great best printed printing bid green scarcity scarce dividend unstoppable fomo solved
    vibrant sustainable calm patient disciplined licence license`),
  ],
  [
    1,
    wordList(`adding buy buys buyers buyer buying bids institutional regulated compliant grants granted partners
    supportive stable stability upgraded upgrades hope hopeful hopes promising potential constructive encouraging
    recommend recommended working works improvement improvements easy easier integration integrations accept accepts accepted progress
    raises liquid verified audited trusted owns`),
  ],
  [0.7, wordList("support supports holding hold holds held bought live above launches launched")],
];

/** Losses, harm, fear, crime and distrust. */
const BAD: Weighted = [
  [
    -4,
    wordList(`ponzi ponzis rekt rugged rugpull scam scams scammed scammer scammers scamming fraud frauds fraudulent
    fraudster fraudsters bankrupt bankruptcy bankruptcies insolvent insolvency insolvencies bloodbath carnage
    catastrophe meltdown ngmi worthless honeypot embezzlement apocalypse wipeout stagflation`),
  ],
  [
    -3,
    verbForms(`hack exploit liquidate capitulate depeg+ rug+ drain steal defraud wreck sue indict arrest jail
    slaughter massacre obliterate annihilate vaporize default destroy ruin embezzle misappropriate convict
    hemorrhage extradite ransack loot`),
  ],
  [
    -3,
    wordList(`stolen stole hacker hackers bearish downtrend liquidation liquidations capitulation contagion lawsuit
    theft thefts breach breached phishing malware ransomware pyramid laundering manipulation manipulated shitcoin
    shitcoins dead death worst terrible horrible awful disgusting disaster disasters crisis recession panic
    panicking panicked blackout casino clown tragic brutal ouch fml unusable useless abandoned bagholder
    bagholders dumping delisted hopeless pathetic garbage trash rubbish crap devastated devastating fiasco debacle
    copium selloff selloffs underwater exodus fugitive convicted guilty deepfake impersonators`),
  ],
  [
    -2,
    verbForms(`fail lack reject delay postpone halt suspend freeze ban+ accuse investigate crackdown delist downgrade
    miss underperform lag+ struggle suffer disappoint warn threaten stall wipe unwind flee rattle spook batter
    hammer pummel weigh drag+ hurt plague dilute deter restrict prohibit outlaw condemn criticize criticise slap+
    sour quit+ complain detain seize deplete overheat choke clobber punish undercut scare worsen deteriorate revoke
    resign disrupt leak fumble trap+ fret reel derail backfire tarnish dampen dent oppose doubt fear worry raid
    confiscate blacklist oust sputter languish stagnate wobble teeter buckle crack shed+ penalize allege mislead
    overwhelm grapple slam+ rebuke strand hobble cripple skid+ erode squander unravel hemorrhage`),
  ],
  [
    -2,
    wordList(`lost loss losses loser losers froze frozen fled bear outflow outflows fud drawdown drawdowns weak weaker
    weakest weakness fears fearful worried worrying concern concerns concerned uncertainty uncertain risky tariffs
    tariff layoffs layoff outage outages vulnerability vulnerabilities flaw flaws bug bugs bugged downside downturn
    headwind headwinds rejection overbought overvalued overpriced overleveraged overheated crackdowns penalty
    penalties sanction sanctions violation violations illegal unregistered unlicensed subpoena indictment barred
    blocked prison lawsuits allegations deficit shortfall insufficient illiquid congested congestion slippage
    expensive costly scared anxious nervous sad angry pain painful suffering hate hated mess bad badly poor poorly
    ugly stuck broken fake fakeout spam sketchy shady suspicious dodgy dilution missing gloomy gloom bleak dire
    grim dismal doom doomed pessimistic pessimism jitters turmoil turbulence rout overhang unsustainable unbacked nonexistent
    bulltrap wrong greedy greed crowded ugh sucks tired bleeding nightmare horrid toxic unfair misleading failure
    failures downgraded empty terminated unsafe woes fallout glut bust setback setbacks glitch glitches downtime
    misled insider spoofing slowdown hawkish shutdown shutdowns joke cancelled canceled bearishness jittery
    unprofitable noob exploiters bagholding bags underperformance regret disappointing
    disappointed uncertain bloody hacks exploits`),
  ],
  [
    -1.5,
    wordList(`unlocks unemployment jobless inflationary inflation correction late probe probes scrutiny backlash
    tension tensions war wars delays slow slower sluggish stress issues problem problems bears red stale error
    errors fines trouble troubled complaint complaints warning cautious attack attacks threat threats underwhelming
    debt debts euphoric deleveraging capitulating unrest conflict conflicts geopolitical`),
  ],
  [
    -1,
    wordList(`sell selling sellers sells volatility bubble hype speculative doubts doubtful skeptical sceptical risk
    risks choppy restrictions shorting reluctant unclear sidelined pullback pullbacks avoid pressure cap exits exiting dispute
    overdue`),
  ],
  [-0.7, wordList("sold chop unlock under below resistance withdrawals cost costs tax taxes volatile")],
];

/** AFINN was weighed on general tweets; in market texts its words say a little less. */
const BASE_TRUST = 0.8;

/**
 * AFINN's weights without the words that are plain in a market text, overlaid with the project's own on the
 * same scale (-5..5). Names of Object.prototype are refused, whoever lists them.
 */
export function buildLexicon(afinn: Readonly<Record<string, number>>): Record<string, number> {
  const lexicon: Record<string, number> = {};
  const put = (word: string, weight: number) => {
    if (!(word in Object.prototype)) lexicon[word] = weight;
  };
  for (const [word, weight] of Object.entries(afinn))
    if (!PLAIN_WORDS.has(word)) put(word, weight * BASE_TRUST);
  for (const [weight, words] of RISES) for (const word of words) put(word, weight);
  for (const [weight, words] of FALLS) for (const word of words) put(word, -weight);
  for (const [weight, words] of [...GOOD, ...BAD]) for (const word of words) put(word, weight);
  return lexicon;
}
