import { thirdPerson } from './grammar.ts';
import { instructionRules } from './instruction-rules.ts';
import { lifeRules } from './life-rules.ts';
import { mannerRules } from './manner-rules.ts';
import { planRules } from './plan-rules.ts';
import { type StatementRule, fact, isName, narrative, pattern } from './rule.ts';
import { selfRules } from './self-rules.ts';
import {
  attributes,
  games,
  habits,
  instruments,
  keepings,
  languages,
  lasting,
  occupations,
  pets,
  possessions,
  relatives,
  subjects,
} from './words.ts';

const I_AM = "(?:I am|I['’]m|Im)(?: currently| also| now)?";
const ONCE = '(?:really |also |absolutely |just |generally |strongly |do |personally |truly |mostly |usually )?';
/** Objects that point at the conversation or at this very moment. */
const POINTING =
  '(?!(?:it|this|that|these|those|them|him|her|you|your|yours|how|what|where|when|who|why|the (?:way|idea|new|old|first|second|third|last|latest|other|one|ending|result|answer|version|same|fact|code|part|sound of)|talking to|my (?:code|draft|text|own|result|answer|essay|title|version)|the(?! (?:sea|mountains|beach|outdoors|countryside|sun|cold|heat|rain|snow|theatre|cinema|opera|forest|woods|ocean|smell|taste|colou?r|city|beatles|band|films?|books?|novels|music)\\b)|to (?:know|see|say|admit|bother|hear|wait|think|tell|ask)|seeing|a (?:table|list)|one|both|either|any|anything|everything|nothing|something)\\b)';
const UNTIL_END = '(.+)$';
const PLACE =
  '(?!(?:a|the|my|our|this|that|an|hope|fear|peace|denial)\\b(?! (?:small|tiny|big|large|little|shared|old|new|flat|house|village|town|city|countryside|suburb|suburbs|cabin|farm|studio|apartment|caravan|boat|rural|quiet))|now\\b)';
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';
const DATE = `(?:the )?\\d{1,2}(?:st|nd|rd|th)?(?: of)? ${MONTH}(?:,? \\d{4})?|${MONTH} (?:the )?\\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?|\\d{4}-\\d{2}-\\d{2}|\\d{1,2}[./]\\d{1,2}(?:[./]\\d{2,4})?`;
const YEARS =
  '(?:in|since|until|on) (?:[a-z]+ )?(?:\\d{1,2} )?\\d{4}|in (?:spring|summer|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december)';

/** Tried in their order; the first that fits is it. */
export const statementRules: readonly StatementRule[] = [
  // Where and from where
  fact(
    'lives',
    `I (live) ((?:just |right )?(?:in|near|with|at|on|outside|by|close to|north of|south of|east of|west of)) ${PLACE}${UNTIL_END}`,
    ([verb = '', at, rest = '']) =>
      /^(?:these|those|that|it|them)\b/i.test(rest) || (at === 'with' && /^(?:that|it|this)\b/i.test(rest))
        ? null
        : `${thirdPerson(verb)} ${at} ${rest}`,
  ),
  fact('living', `${I_AM} (living|based) in ${PLACE}${UNTIL_END}`, ([how, rest]) => `${how} in ${rest}`),
  fact('lived', `(?:I have|I['’]ve|We have|We['’]ve) lived in ((?=\\p{L}).+ (?:for|since) .+)$`, ([rest = '']) =>
    isName(rest) ? `Lives in ${rest}` : null,
  ),
  fact('moved', `(?:I|We) moved (?:here )?to ((?:the (?:countryside|city|coast|suburbs)|\\p{L}).*)$`, ([rest = '']) =>
    isName(rest) || /^the (?:countryside|city|coast|suburbs)\b/i.test(rest) ? `Moved to ${rest}` : null,
  ),
  fact(
    'from',
    `(?:${I_AM}(?: originally)? from|I(?: originally)? come from) (\\p{Lu}.*|a (?:small |big |little )?(?:town|village|city|island|farm).*)$`,
    ([rest = '']) => (isName(rest) || rest.startsWith('a ') ? `From ${rest}` : null),
  ),
  fact('grew up', `I grew up (?:in|on|near) ${UNTIL_END}`, ([rest]) => `Grew up in ${rest}`),
  fact(
    'born',
    `I was born (?:and raised )?((?:in|on|near) (?!the (?:wrong|right))(?:\\d|${MONTH}|\\p{Lu}).*)$`,
    ([rest = '']) => (isName(rest.slice(3)) || /^\w+ \d/.test(rest) ? `Born ${rest}` : null),
  ),
  // Work and study
  fact(
    'works',
    `I (work) ((?:as an?|at|for|from home|in|night shifts|part[- ]time|full[- ]time|nights)\\b.*)$`,
    ([verb = '', rest = '']) =>
      /^(?:at|for|in) (?:it|this|that|my|the (?:same|next|first|file|code))\b/i.test(rest)
        ? null
        : `${thirdPerson(verb)} ${rest}`,
  ),
  fact(
    'occupation',
    `${I_AM} an? ((?:[\\p{L}-]+ ){0,3}(?:${occupations})(?: (?:at|for|in|from|based|with|by|of|and|who)\\b.*)?)$`,
    ([rest = '']) =>
      /\b(?:good|bad|terrible|great|big|little|better|lousy|night)\b/i.test(rest) ? null : `Is a ${rest}`,
  ),
  fact(
    'runs',
    `I (run|teach|write|keep|own|drive|ride|fly|breed) ((?:an? (?:small |own |little |old )?(?:[\\p{L}-]+ )?(?:bookshop|shop|café|cafe|farm|business|company|studio|restaurant|bakery|blog|podcast|boat|van|car|truck|bus|taxi|tram|motorbike|scooter|house|flat|horse|cargo bike|bike|vespa|tandem)|bees|chickens|goats|physics|chemistry|maths|math|history|english|biology|music|art|(?:crime |science fiction |historical |romance |fantasy )?novels|poetry|poems|short stories|horses)\\b.*)$`,
    ([verb = '', rest]) => `${thirdPerson(verb)} ${rest}`,
  ),
  fact(
    'studies',
    `I (study) (${subjects})\\b(.*)$`,
    ([verb = '', subject, rest]) => `${thirdPerson(verb)} ${subject}${rest}`,
  ),
  fact('studying', `${I_AM} (studying) (${subjects})\\b(.*)$`, ([verb, subject, rest]) => `${verb} ${subject}${rest}`),
  fact(
    'learning',
    `${I_AM} (learning) ((?:${languages}|${subjects}|the (?:${instruments})|to (?:weld|knit|sew|cook|drive|swim|sail|ski|dance|code|program|draw|paint|sing|ride|fly|surf|play (?:the )?(?:${instruments}|${games})))\\b.*)$`,
    ([verb, rest]) => `${verb} ${rest}`,
  ),
  fact(
    'training',
    `${I_AM} training for (?:a|an|the|my first) ((?:half[- ])?(?:marathon|triathlon|ultramarathon|ironman|race)\\b.*)$`,
    ([rest]) => `Training for a ${rest}`,
  ),
  fact(
    'milestone',
    `(?:I|We) (started (?:working )?(?:at|for|as)|graduated|got married|got engaged|retired|quit smoking|stopped smoking|stopped drinking|got divorced|bought (?:a|our|my) (?:[\\p{L}-]+ )?(?:house|flat|boat|car|home)|moved in together)\\b(.*\\b(?:${YEARS}).*)$`,
    ([what, rest]) => `${what}${rest}`,
  ),
  // Names, family, pets
  fact(
    'name',
    `My (?:(first|last|full|middle) )?name (?:is|['’]s) (?!not\\b)(\\p{Lu}[\\p{L}’' -]*)$`,
    ([which, rest = '']) => (isName(rest) ? `${which ? `${which} name` : 'Name'} is ${rest}` : null),
    0.95,
  ),
  fact(
    'called',
    `(?:You can |Please )?call me (\\p{Lu}[\\p{L}’'-]*(?: \\p{Lu}[\\p{L}’'-]*)?)$`,
    ([rest = '']) => (isName(rest) ? `Wants to be called ${rest}` : null),
    0.9,
  ),
  fact(
    'relative',
    `(?:My|Our) ((?:(?:older|elder|younger|youngest|oldest|eldest|little|big|twin|best|late) )?(?:${relatives}|${pets})(?:['’]s name)?) ((?:is|are|was) (?:called|named) .+|(?:is|are|was) (?!not\\b).+|(?:lives?|works?|plays?|studies|teaches|speaks?|owns?) .+|has (?:an? )?(?:[\\p{L}-]+ )?(?:allergy|diabetes|asthma|adhd|autism)\\b.*)$`,
    ([who = '', rest = '']) => relative(who, rest),
  ),
  fact(
    'called thing',
    `(?:My|Our) (boss|manager|company|employer|team|band|boat|school|university|therapist|doctor|dentist|teacher|landlord|village|town|street|home town|hometown) (is (?:called|named) \\p{Lu}.+|is (?:Dr|Mr|Mrs|Ms|Prof)\\.? .+)$`,
    ([what, rest = '']) => (isName(rest.replace(/^is (?:(?:called|named) )?/i, '')) ? `${what} ${rest}` : null),
  ),
  // My … is …
  fact(
    'date',
    `(?:My|Our) ((?:[\\p{L}]+(?:['’]s)? )?(?:birthday|anniversary|wedding anniversary|name day)) (?:is|falls) ((?:on |in )?(?:${DATE}|${MONTH})\\b.*)$`,
    ([what, rest]) => `${what} is ${rest}`,
    0.95,
  ),
  fact(
    'favourite',
    `(?:My|Our) (favou?rite (?!(?:part|line|bit|version|option|one|of|thing|sentence|paragraph)\\b)[\\p{L} -]+?) (?:is|are) (?!(?:that|this|the one|still|when|how|what)\\b)(.+)$`,
    ([what, rest]) => `${what} is ${rest}`,
  ),
  fact(
    'attribute',
    `(?:My|The) (${attributes}) (is|are|changes) (?!(?:wrong|not|the|that|this|missing|empty|broken|important|incorrect|off|undefined|null)\\b)(.+)$`,
    ([what = '', verb, rest]) => (/^name$/i.test(what) ? null : `${what} ${verb} ${rest}`),
  ),
  fact('possession', `My (${possessions}) is (an? .+|the .*\\d.*)$`, ([what, rest = '']) =>
    /^an? (?:bit|little|mess|wreck|nightmare|pain|joke|brick)\b/i.test(rest) ? null : `${what} is ${rest}`,
  ),
  fact(
    'budget',
    `My (budget (?:for [\\p{L} ]+ )?)is ((?:about |around |only )?[€$£]?\\d.*)$`,
    ([what = '', rest]) => `${what.trim()} is ${rest}`,
    0.8,
  ),
  fact('pronouns', `My pronouns are (.+)$`, ([rest]) => `Pronouns are ${rest}`, 0.95),
  // Tastes
  fact(
    'prefers',
    `I ${ONCE}(prefer) ${POINTING}(?!.*\\b(?:version|draft|option|here)$)(?!.* (?:for|in|on|at) (?:the|my|our|that|this) )${UNTIL_END}`,
    ([verb = '', rest]) => `${thirdPerson(verb)} ${rest}`,
  ),
  fact(
    'tastes',
    `I ${ONCE}(love|like|enjoy|hate|dislike|detest|adore) ${POINTING}(?!that\\b)${UNTIL_END}`,
    ([verb = '', rest]) => `${thirdPerson(verb)} ${rest}`,
  ),
  fact(
    'cannot stand',
    `I (?:can['’]?t|cannot|can not) stand ${POINTING}${UNTIL_END}`,
    ([rest]) => `Can't stand ${rest}`,
  ),
  fact(
    'does not',
    `I (?:don['’]?t|do not) ${ONCE}(like|eat|drink|smoke|drive|speak|own|enjoy|have an?(?= (?:car|tv|television|phone|smartphone|dishwasher|oven|driving licen[cs]e|bike|garden|balcony|credit card)\\b))(?: |(?=$))${POINTING}(?!.*\\b(?:ending|name|function|flag|variable|look of)\\b)(.*)$`,
    ([verb = '', rest = '']) => (/^(?:it|this|that|the .*)$/i.test(rest.trim()) ? null : `Does not ${verb} ${rest}`),
  ),
  fact('fan', `${I_AM} a (?:big |huge |great )?fan of ${POINTING}${UNTIL_END}`, ([rest]) => `Is a fan of ${rest}`),
  // Traits and health
  fact(
    'trait',
    `${I_AM} (?:an? )?(${lasting})(?: (?:and|with|since|for|to \\p{Lu})\\b.*|, .*)?$`,
    ([trait]) => `Is ${trait}`,
    0.9,
  ),
  fact('engaged', `${I_AM} (engaged|married) (to \\p{Lu}.*)$`, ([state, rest = '']) =>
    isName(rest.slice(3)) ? `Is ${state} ${rest}` : null,
  ),
  fact('age', `${I_AM} (\\d{1,3}) years old\\b`, ([age]) => `Is ${age} years old`),
  fact(
    'member',
    `${I_AM} a member of (the \\p{Lu}.*|a .*(?:club|choir|band|union|party|team|church|society)\\b.*)$`,
    ([rest = '']) => (isName(rest.replace(/^the /, '')) || rest.startsWith('a ') ? `Is a member of ${rest}` : null),
  ),
  fact(
    'allergic',
    `${I_AM} (?:severely |very |slightly )?(?:allergic|intolerant) to (?!(?:nonsense|meetings|bullshit|work|mondays|stupidity|this|that|it)\\b)${UNTIL_END}`,
    ([rest]) => `Is allergic to ${rest}`,
    0.95,
  ),
  fact('allergy', `I have (an? (?:[\\p{L}-]+ )?(?:allergy|intolerance)(?: to .+)?)$`, ([rest]) => `Has ${rest}`, 0.95),
  fact(
    'diagnosed',
    `I (?:was|have been|['’]ve been) diagnosed with ${UNTIL_END}`,
    ([rest]) => `Was diagnosed with ${rest}`,
  ),
  fact(
    'has',
    `(?:I|We) have ((?:an?|one|two|three|four|five|six|no|\\d+|type [12]|a pair of) (?:(?:[\\p{L}-]+ ){0,2}?)(?:${keepings})\\b.*|(?:type [12] )?diabetes|asthma|epilepsy|dyslexia|adhd|(?:an? )?(?:two|three|four|five|six|\\d+)[- ]year[- ]old)$`,
    ([rest = '']) =>
      /\b(?:in this fight|process|test|table|row|class|question|file|call|error)/i.test(rest) ? null : `Has ${rest}`,
  ),
  // Skills and tools
  fact(
    'speaks',
    `I (speak) ((?:fluent |some |a little |a bit of |native |basic )*(?:${languages})\\b.*)$`,
    ([verb = '', rest]) => `${thirdPerson(verb)} ${rest}`,
  ),
  fact(
    'plays',
    `I (play) ((?:the )?(?:${instruments}|${games})\\b.*)$`,
    ([verb = '', rest]) => `${thirdPerson(verb)} ${rest}`,
  ),
  fact(
    'uses',
    `(?:I ${ONCE}use|${I_AM} using) ((?:an? )?(?:\\p{Lu}[\\p{L}\\d.+#-]*.*|metric units|imperial units|linux|windows|android|(?:a )?screen reader.*))$`,
    ([rest = '']) =>
      isName(rest.replace(/^an? /, '')) ||
      /^(?:metric|imperial|linux|windows|android|(?:a )?screen reader)\b/i.test(rest)
        ? `Uses ${rest}`
        : null,
    0.8,
  ),
  // Habits
  pattern(
    'habit',
    `I (usually|often|always|normally|typically|generally|rarely|never|seldom|almost always|almost never) (${habits})\\b(.*)$`,
    ([how, verb = '', rest = '']) =>
      /^ (?:into|out of|this|that|it|these|over|the (?:test|code|script|file|command)s?)\b/i.test(rest)
        ? null
        : `${how} ${thirdPerson(verb)}${rest}`,
  ),
  pattern('tends', `I tend to (${habits})\\b(.*)$`, ([verb = '', rest]) => `Tends to ${verb}${rest}`),
  pattern(
    'on days',
    `((?:Every|Each) (?:morning|evening|night|weekend|week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday|summer|winter)|(?:On|At|In) (?:mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekends|the weekend|weekdays|the mornings?|the evenings?)),? I ((?:usually |often |always )?(?:${habits}))\\b(.*)$`,
    ([when, verb = '', rest]) => `${when} ${thirdPerson(verb)}${rest}`,
  ),
  pattern(
    'so often',
    `I (?!have\\b|am\\b|get\\b|see\\b|was\\b)(\\p{Ll}+(?: (?:swimming|running|climbing|hiking|dancing|to the gym|to church|for a run|for a walk))?)\\b((?:(?! and | but | because ).)* (?:every (?:day|other day|week|month|year|morning|evening|night|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(?:once|twice|three times|four times) (?:a|per) (?:day|week|month|year)))$`,
    ([verb = '', rest]) => `${thirdPerson(verb)}${rest}`,
  ),
  // How the person wants to be answered
  pattern(
    'always answer',
    `(?:Please )?(always|never) ((?:answer|reply|respond|explain|speak|write|format|summari[sz]e|call me|address me|use (?:emojis?|tables|bullet points|metric|imperial|markdown|latex|british|american|exclamation marks|jargon|headings|plain)|give me|show me|ask me)\\b.*)$`,
    ([how, rest]) => `${how} ${rest}`,
    0.85,
  ),
  pattern(
    'keep answers',
    `(?:Please )?keep (?:your|the|all) (answers|replies|responses|explanations|summaries) ((?:under|below|within|to|in|at|as|free|brief|short|long|concise|simple|formal|informal|casual|friendly|polite|plain|small|terse|crisp|clear|technical|detailed|succinct|non-technical)\\b.*)$`,
    ([what, rest]) => `Keep ${what} ${rest}`,
    0.85,
  ),
  pattern(
    'from now on',
    `From now on,? (?:please )?((?:always |never )?(?:answer|reply|respond|explain|speak|write|format|summari[sz]e|use|call me|give|show|ask|keep|avoid|include|skip|do not|don['’]t)\\b.*)$`,
    ([rest]) => `From now on: ${rest}`,
    0.85,
  ),
  pattern(
    'wants you to',
    `(?:I want|I['’]d like|I would like) you to (always|never) (.+)$`,
    ([how, rest]) => `Wants: ${how} ${rest}`,
    0.85,
  ),
  // What both know
  narrative(
    'since',
    `(?:We have|We['’]ve) been (\\p{L}+ing .*\\b(?:since|for) (?!the (?:update|last|crash)\\b).+)$`,
    ([rest = '']) => (/\b(?:issues|problems|trouble|errors|outages)\b/i.test(rest) ? null : `Have been ${rest}`),
  ),
  narrative('known', `(?:We have|We['’]ve) known each other (.+)$`, ([rest]) => `Have known each other ${rest}`),
  narrative('met', `We (?:first )?met ((?:at|in|on|through|during) .+)$`, ([rest]) => `Met ${rest}`),
  narrative(
    'last time',
    `(Last (?:time|week|month|year|autumn|spring|summer|winter)|Yesterday),? we ((?:talked|spoke|planned|discussed|decided|worked|agreed|wrote|chatted) .+)$`,
    ([when, rest]) => `${when} we ${rest}`,
  ),
  narrative(
    'started',
    `We (first )?(started|began|spoke about|talked about|agreed to|agreed on|agreed that|decided to|decided on|decided that) (?!(?:disagree|wait|differ|stop|(?:mon|tues|wednes|thurs|fri|satur|sun)day|it|that|this|the (?:container|server|script|service|process))\\b)(.+)$`,
    ([first = '', verb = '', rest = '']) =>
      /^(?:started|began)$/.test(verb) && !new RegExp(YEARS, 'i').test(rest) ? null : `${first}${verb} ${rest}`,
  ),
  ...planRules,
  ...instructionRules,
  ...lifeRules,
  ...selfRules,
  ...mannerRules,
];

/** Moods and places of the moment say nothing that lasts. */
const PASSING =
  /^(?:is|are|was) (?:(?:very|so|really|too|quite|a bit|still|just|now|all|both|always|coming|going|getting|\p{L}+ing)\b|(?:angry|here|there|ill|sick|asleep|awake|fine|ok|okay|well|tired|late|home|away|ready|happy|sad|mad|busy|hungry|sure|right|wrong|gone|back|out|in the|in bed|at the|at home|on (?:the|her|his|holiday)|an? (?:nightmare|mess|pain|bit|little|genius|angel|star|hero|legend))\b)/iu;
const SAYS_WHO =
  /^(?:is|are|was) (?:an? |from |called |named |both |\d+|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b|\p{Lu}|(?:married|retired|vegan|vegetarian|deaf|blind|allergic|pregnant|left-handed|dyslexic|autistic)\b)/u;

function relative(who: string, rest: string): string | null {
  if (who.endsWith('name')) return /^(?:is|was) \p{Lu}/u.test(rest) ? `${who} ${rest}` : null;
  const isClaim = /^(?:is|are|was)\b/.test(rest);
  if (!isClaim) return `${who} ${rest}`;
  if (!SAYS_WHO.test(rest)) return null;
  if (PASSING.test(rest) && !/^are both \p{L}+s$/u.test(rest)) return null;
  return `${who} ${rest}`;
}
