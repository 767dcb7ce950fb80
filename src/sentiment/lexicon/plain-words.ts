import { wordList } from "./inflect.ts";

/**
 * Words that AFINN weighs but a market text mostly means plainly: "share price", "interest rate", "block time",
 * "the fund matters". They are left out of the lexicon.
 */
export const PLAIN_WORDS: ReadonlySet<string> = new Set(
  wordList(`ability abilities accept accessible active admit admits admitted advanced affected alert allow anti ass
  asset assets attract attracted authority await awaited awaits award backing balanced battle battled battles
  battling beating bias big block blocks blocking bomb burden cancel cancels capability capable care careful
  carefully certain challenge chance chances charged charges clear clearly cleared clears commit commits committed
  commitment committing competitive comprehensive conflicting cool cry crying curious cut cuts
  cutting damn dear debt decisive dedicated defer demand demanded demanding demands detached determined
  diamond difficult dirt disappear discard dispute disruptive dream dreams drop ease emergency engage
  enlighten escape exclusive expand exploration fan feeling fight fire fit focused forced free fresh fuck
  fucking funny ghost god grand gray growing growth haha hahaha hard hell help hid hide honest huge ignore
  important increase increased intense interest interested interests join kind lag leave legal
  legally like limited lol luck mandatory matter matters miss moody motivated
  natural negative no noisy notable novel offline outreach oversight passion passive pay peace please
  poised positive prepared pressured pretty prominent promise promised promises promote promotes prospect
  prospects pure questioned questioning rainy reach reached reaches reaching recommend recommended
  recommends resolution resolve resolved responsible retained rich rig save saved sentence settlement
  settlements severe share shared shares shit shock shoot sick significance significant smart sobering
  solution solutions sorry spark spirit stable stop stopped stopping stops strange straight strike strikes strikers substantial
  substantially super swift tender tense tops tout touted tricked true trust unconfirmed unified united
  unlikely validate validated validates validating verdict verdicts vested vision visions want warm weird
  whimsical withdrawal worth yeah`),
);
