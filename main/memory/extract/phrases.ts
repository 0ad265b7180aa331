import { instruments, relatives } from './words.ts';

export const I_AM = "(?:I am|I['’]m|Im|We are|We['’]re)";
export const HAVE = "(?:I have|I['’]ve|We have|We['’]ve)(?: got)?";
export const SMALL = '(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|\\d+)';
export const YEARS = `(?:(?:over |more than |almost |nearly |about |around )?(?:${SMALL}|many|several|a few|some)(?: [a-z]+)? (?:years|decades|months)|(?:a|over a) (?:year|decade)|years|ages|most of my life|my whole life|as long as I can remember)`;
/** A time that began long ago. */
export const LONG = `(?:for (?:the (?:last|past) )?${YEARS}|(?:ever )?since (?:\\d{4}|${YEARS} ago|I (?:was|started|left|moved|met|turned|retired|graduated|had)\\b|my\\b|our\\b|we\\b|school|university|college|childhood|birth|the (?:lockdown|pandemic|divorce|wedding|kids|baby|twins|war|accident|nineties|eighties)|(?:last )?(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|winter|christmas)\\b).*|all my life|my whole life)`;
export const KIN = `(?:${relatives}|step(?:son|daughter|mother|father|mum|dad|brother|sister)|(?:mother|father|brother|sister|son|daughter)-in-law|in-laws|grandparents|grandson|granddaughter|grandchildren|godson|goddaughter|godfather|godmother|twins|baby|spouse|ex-(?:wife|husband))`;
export const HOME =
  '(?:flat|apartment|house|home|place|cottage|studio|bungalow|farmhouse|cabin|houseboat|caravan|room|garden|balcony|kitchen|attic|loft)';
export const DEVICES =
  '(?:phone|laptop|computer|camera|tablet|printer|keyboard|monitor|e-?reader|watch|car|van|bike|bicycle|motorbike|guitar|piano|violin|cello|oven|stove|coffee machine|espresso machine|sewing machine|telescope|router|server)';
export const THINGS = `(?:car|cars|van|bike|bicycle|motorbike|scooter|boat|canoe|kayak|caravan|camper(?: van)?|motorhome|tractor|house|flat|cottage|cabin|allotment|greenhouse|vineyard|orchard|workshop|shed|NAS|3D printer|telescope|loom|kiln|sewing machine|(?:${instruments})|record player|freezer|dishwasher|wood stove|garden|balcony|driving licen[cs]e|pilot['’]s licen[cs]e|licen[cs]e|dog|cat|tortoise|rabbits?|hens|ducks|bees|goats|sheep|ponies|pony|horse|mortgage|tattoo|stammer|stutter|bad (?:back|knee|hip|shoulder)|weak (?:back|knee|hip)|sweet tooth|pacemaker|hearing aid|prosthe\\p{L}+|wheelchair|twins|triplets|degree|diploma|phd|doctorate)`;
export const FIELDS =
  '(?:logistics|finance|insurance|marketing|sales|hr|human resources|healthcare|education|teaching|publishing|advertising|construction|hospitality|retail|banking|law|academia|engineering|real estate|it|tech|catering|consulting|the (?:army|navy|police|civil service|building trade|film industry|music business|fire service))';
export const FOODS_AWAY = "(?:can['’]?t|cannot|can not) (?:eat|drink|take|tolerate|digest|stomach)";
export const ANSWERS = '(?:answers?|repl(?:y|ies)|responses?|messages?|explanations?|summar(?:y|ies))';
export const DAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)days?';
export const WHEN = `(?:most (?:days|mornings|evenings|nights|weekends|summers|winters)|on (?:most )?(?:${DAY}|weekends|weekdays|school nights)(?: (?:mornings?|afternoons?|evenings?|nights?))?|first thing (?:in the morning|every day)|in the (?:mornings?|evenings?|summers?|winters?)|every (?:other |second |single )?(?:day|week|month|year|${DAY}|morning|evening|night|weekend|spring|summer|autumn|winter)|at (?:weekends|night)|before (?:bed|breakfast|work)|after (?:work|dinner|lunch))`;
/** What one does with a program or a text in front of one, and what is no habit. */
export const PASSING =
  '(?:run|expect|agree|disagree|get|see|have|am|need|want|think|mean|know|wonder|keep getting|run into|find|try|use|call|notice|would|will|can)';

/** The first letter small, within a statement. */
export const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
