import { wordList } from "./inflect.ts";

/** The small words that decide what becomes of the weighed ones. Contractions stand without apostrophe. */
export const NEGATORS =
  wordList(`not no never neither nor none nobody nothing isnt arent wasnt werent aint dont
  doesnt didnt wont wouldnt cant cannot couldnt shouldnt hasnt havent hadnt hardly barely scarcely rarely seldom
  no-longer no-more lack-of far-from anything-but nah zero`);

/** Negators that may stand behind: "delivered nothing". */
export const NOTHINGS = ["nothing", "nobody", "none"];

export const INTENSIFIERS = wordList(`very really extremely so super absolutely totally completely insanely
  incredibly massively hugely heavily strongly sharply seriously deeply fully severely truly hella damn fucking
  massive huge major sharp strong steep heavy big record such too`);

export const DIMINISHERS =
  wordList(`slightly somewhat bit little kinda kind modest modestly mild mildly partly
  partially small minor marginally marginal fairly relatively almost nearly tiny`);

/** What follows outweighs what came before. */
export const TURNS = wordList("but however yet nevertheless nonetheless");

/** What follows, to the end of the clause, is conceded. */
export const CONCESSIONS = wordList(`despite although though even-though in-spite-of shrugs-off shrug-off
  shrugged-off shrugging-off notwithstanding`);

/** What follows in the clause is only supposed. */
export const MAYBES = wordList("if could may might would should whether unless thought supposedly hoped");

/** Openings of real questions, as against "great, isn't it?". */
export const QUESTION_OPENERS =
  wordList(`what how why when which who whos where is are does do did can could should
  will would has have anyone wen was what-is how-does how-do any`);

/** A move and what it is said of never stand on two sides of these. */
export const SEPARATORS = [
  ...TURNS,
  ...CONCESSIONS,
  ...wordList("still as amid while after before because since and with when until than"),
];

/** A verb's object never stands behind these. */
export const PREPOSITIONS = wordList("in on to from by at for into over against without");

/** Words that are mere readings before a number: "confidence 0.52". */
export const MEASURES = wordList("confidence strength support resistance momentum volatility hold");
