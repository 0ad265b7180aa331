import { thirdPerson } from './grammar.ts';
import { DEVICES, FOODS_AWAY, HAVE, I_AM, SMALL, THINGS, lower } from './phrases.ts';
import { type StatementRule, fact, isName } from './rule.ts';
import { attributes, lasting } from './words.ts';

/** What people say of their bodies, their things, their skills and tastes. After the rules that read closer. */
export const selfRules: readonly StatementRule[] = [
  // Health, food
  fact(
    'away from',
    `(?:I|We) (?:really |still )?(${FOODS_AWAY}) (?!(?:it|this|that|any more|anymore|another|my|the (?:credit|blame|risk|time))\\b)(.+)$`,
    ([how = '', what]) => `${how} ${what}`,
    0.9,
  ),
  fact(
    'makes ill',
    `([\\p{L} -]+) (makes?|gives?) me ((?:very |really |quite )?(?:ill|sick|sneeze|itch|migraines?|hives|a rash|heartburn|wheeze))\\b.*$`,
    ([what = '', verb, how]) =>
      /^(?:it|this|that|he|she|they|you|what|who|everything|your .*)$/i.test(what)
        ? null
        : `${what} ${verb} them ${how}`,
    0.9,
  ),
  fact(
    'we do not',
    `We (?:don['’]?t|do not) (eat|drink|smoke|own|drive|have an?(?= (?:car|tv|television|dishwasher|garden|balcony|lift|dog|cat)\\b))(?: |(?=$))(.*)$`,
    ([verb, rest]) => `Does not ${verb} ${rest}`,
  ),
  fact(
    'afraid',
    `${I_AM} (?:really |very |terribly |a bit )?(afraid|scared|terrified|frightened) of (?!(?:it|this|that|losing this|breaking|the (?:answer|result))\\b)(.+)$`,
    ([how, what]) => `Is ${how} of ${what}`,
  ),
  fact(
    'suffers',
    `I (suffer from|get|am prone to|struggle with) ((?:(?:bad|severe|frequent|chronic|terrible) )?(?:migraines?|hay fever|insomnia|anxiety|depression|vertigo|back pain|eczema|psoriasis|asthma|panic attacks|seasickness|seasick|car sick|carsick|sunburnt|nosebleeds|tinnitus|dyslexia|heartburn)\\b.*)$`,
    ([verb = '', what]) => `${thirdPerson(verb)} ${what}`,
    0.9,
  ),
  fact(
    'sense',
    `${I_AM} (?:(?:almost|partially|partly|nearly|completely|totally|mildly|severely) )?((?:deaf|blind|short-sighted|near-sighted|long-sighted|red-green colou?r-?blind|hard of hearing|paralysed|missing)\\b.*)$`,
    ([what]) => `Is ${what}`,
    0.9,
  ),
  fact(
    'lasting',
    `${I_AM} (?:a |an |also |both )*((?:strict |practi[cs]ing |lapsed |devout |recovering |lifelong )?(?:${lasting}))(?:,.*| and .*| with .*)$`,
    ([what]) => `Is ${what}`,
    0.9,
  ),
  fact(
    'uses aid',
    `I (use|wear|need|rely on) ((?:an? )?(?:wheelchair|walking stick|cane|hearing aids?|glasses|contact lenses|contacts|screen reader|insulin pump|prosthesis|crutches|braces|size \\d+.*|reading glasses|orthotics|varifocals|cpap)\\b.*)$`,
    ([verb = '', what]) => `${thirdPerson(verb)} ${what}`,
  ),
  fact(
    'turning',
    `${I_AM} (turning (?:\\d+|[\\p{L}-]+ty(?:-\\p{L}+)?)\\b.*|in my (?:early |mid |mid-|late )?(?:twenties|thirties|forties|fifties|sixties|seventies|eighties|\\d0s).*|[\\p{L}]+ty-[\\p{L}]+ years old.*)$`,
    ([rest]) => `Is ${rest}`,
  ),
  // Things
  fact(
    'owns',
    `(?:I|We) (own|inherited|drive|ride|sail|play|restore|collect|breed|grow|keep|build|knit|brew|repair) (?!(?:it|this|that|these|those|sure|sense|the|my|your|a (?:list|table|copy|note|mistake|backup))\\b)((?:an?|${SMALL}|old|vintage|our own|my own|second-hand|model|rare|wild|mostly|only)\\b.*|[\\p{L}]+s(?: .*)?|\\p{L}+ (?:on|in|at|as|for)\\b.*)$`,
    ([verb = '', what]) => `${/^inherited$/i.test(verb) ? verb : thirdPerson(verb)} ${what}`,
    0.8,
  ),
  fact(
    'has got',
    `${HAVE} (?:also )?((?:an?|one|no|${SMALL}|some) (?:[\\p{L}\\d'’-]+ ){0,4}?${THINGS}(?![\\p{L}-])(?! (?:question|problem|in (?:the|my|this) (?:code|script|table|list|game))).*)$`,
    ([what]) => `Has ${what}`,
  ),
  fact(
    'my device',
    `(?:My|Our) ((?:only |work |main |home |old |new |other )?${DEVICES}) (is|runs(?: on)?|has) ((?:an? )?(?:(?:old|ancient|vintage|second-hand|refurbished|used) )*\\p{Lu}.*|(?:an? )?\\d{4} .*)$`,
    ([what, verb, rest = '']) =>
      isName(rest.replace(/^(?:an? )?(?:(?:old|ancient|vintage|second-hand|refurbished|used) )*/, '')) ||
      /\d{4}/.test(rest)
        ? `${what} ${verb} ${rest}`
        : null,
  ),
  fact(
    'bought',
    `(?:I|We) (bought|got|switched to|moved to|upgraded to) ((?:an? |my |our )(?:[\\p{L}\\d'’-]+ ){0,3}(?:phone|laptop|computer|camera|car|van|bike|house|flat|boat|guitar|piano|tablet|e-?reader)\\b(?!.* in (?:the|a|my) (?:game|story|dream)).*)$`,
    ([verb, what]) => `${verb} ${what}`,
    0.8,
  ),
  fact(
    'runs system',
    `I (run|use) ([\\p{Lu}][\\p{L}\\d. ]*(?: on (?:all )?my .+| at home.*| for everything.*| on everything.*))$`,
    ([verb = '', what = '']) => (isName(what) ? `${thirdPerson(verb)} ${what}` : null),
  ),
  fact(
    'an attribute',
    `(?:My|Our) (${attributes}|ring size|waist|commute|rent|salary|pension|children['’]s names|wedding|wifi name|blood type|postcode|zip code|mother tongue|first language) (is|are|takes|costs) (?!(?:wrong|not|too|so|very|missing|broken|undefined|null|a (?:mess|joke|nightmare))\\b)(.+)$`,
    ([what, verb, rest]) => (/name/i.test(what ?? '') && !isName(rest ?? '') ? null : `${what} ${verb} ${rest}`),
  ),
  // Skills and tastes
  fact(
    'never learned',
    `I (?:have |['’]ve )?never (?:really )?(learn(?:ed|t) (?:to|how to) .+|got my (?:driving )?licen[cs]e.*)$`,
    ([rest]) => `Never ${rest}`,
  ),
  fact(
    'beginner',
    `${I_AM} (?:still )?(an? (?:complete |total |absolute |keen |passionate |amateur |hobby |intermediate |advanced |decent |avid |lifelong |qualified |certified |trained )+(?:beginner|novice|amateur|\\p{L}+(?:er|or|ist|ian|man|woman)|cook|fan|reader|cyclist)\\b.*|an? (?:beginner|novice) (?:at|in|with) .+)$`,
    ([what = '']) => `Is ${lower(what)}`,
  ),
  fact(
    'into',
    `${I_AM} (?:really |very |quite |big |seriously |totally )*((?:into|keen on|fond of|obsessed with|crazy about|passionate about|addicted to|hooked on|partial to|bad at|terrible at|hopeless at|good at|useless at)) (?!(?:it|this|that|them|the (?:second|first|idea|new))\\b)(.+)$`,
    ([how, what]) => `Is ${how} ${what}`,
  ),
  fact(
    'person',
    `${I_AM} (?:more of |very much |definitely |not )*(an? [\\p{L}]+ person\\b.*|an? (?:early bird|night owl|morning person|introvert|extrovert|perfectionist|homebody|vegetarian|morning lark|minimalist|pessimist|optimist|bookworm|foodie)\\b.*)$`,
    ([what = '']) => `Is ${lower(what)}`,
  ),
  fact(
    'takes it',
    `I (?:always |usually )?(take|drink|have) ((?:oat|soy|almond|no|skimmed|whole) ?milk .+|my (?:coffee|tea|eggs|steak) .+)$`,
    ([verb = '', what]) => `${thirdPerson(verb)} ${what}`,
  ),
  fact(
    'listens',
    `I (?:mostly |mainly |usually )?(listen to|watch|read|follow|collect|support|play|write) ((?:a lot of|lots of|mostly|mainly|loads of|plenty of|only) .+)$`,
    ([verb = '', what]) => `${thirdPerson(verb)} ${what}`,
  ),
  fact(
    'sings',
    `I (sing|play|dance|act|row|fence|box|swim|climb|sail|fish|hunt|ski|garden|paint|draw|knit|sew|weave|camp|hike|surf) ((?:alto|soprano|tenor|bass|first violin|second violin|for fun|for (?:a|the|our) .+|in (?:a|an|the|our) (?!(?:code|script|table|loop)\\b).+|with (?:a|the|our|some) .*(?:band|orchestra|choir|team|club|group|quartet|friends|company|society)\\b.*|competitively.*|semi-professionally.*))$`,
    ([verb = '', what]) => `${thirdPerson(verb)} ${what}`,
  ),
  fact(
    'training more',
    `${I_AM} (training for|preparing for|saving (?:up )?for|planning|organising|organizing) ((?:the|a|an|my|our) (?:[\\p{L}-]+ ){0,3}(?:marathon|triathlon|wedding|move|exam|house|trip|race|bike ride|pilgrimage|sabbatical|retirement|recital|expedition|concert)\\b.*)$`,
    ([verb, what]) => `Is ${verb} ${what}`,
  ),
  fact(
    'hobby',
    `(?:My|Our) (?:main |biggest |only |new )?(hobby|hobbies|passion|guilty pleasure|sport|pastime|comfort food|drink of choice) (?:is|are) (.+)$`,
    ([what, rest]) => `${what} is ${rest}`,
  ),
  fact(
    'take over',
    `(?:I['’]d|I would) (?:always |any day |rather )?(take|choose|pick) (an? .+ over .+)$`,
    ([verb = '', what]) => `${thirdPerson(verb)} ${what}`,
  ),
];
