import { thirdPerson } from './grammar.ts';
import { FIELDS, HAVE, HOME, I_AM, KIN, LONG, PASSING, SMALL } from './phrases.ts';
import { type StatementRule, fact, isName } from './rule.ts';
import { lasting, occupations, pets, subjects } from './words.ts';

/** Where people live, with whom, and what they do for a living. After the rules that read closer. */
export const lifeRules: readonly StatementRule[] = [
  // For years
  fact(
    'for years',
    `${HAVE} ((?:been|had|lived|worked|played|owned|kept|run|sung|taught|driven|studied|practi[cs]ed|spoken|smoked|written|collected|used|ridden|sailed|volunteered|cooked)\\b(?!.*\\b(?:bug|issue|problem|error|trouble|stuck|trying|waiting|looking|down|offline|broken|budget|behind)\\b).* ${LONG})$`,
    ([rest]) => `Has ${rest}`,
  ),
  fact('years of', `(.+) has been home (?:for|to) (?:me|us)\\b(.*)$`, ([place = '', rest]) =>
    isName(place) ? `${place} has been home${rest}` : null,
  ),
  // Home
  fact('settled', `(?:.+, )?(?:I|We) (?:finally )?(?:settled|ended up|have settled) in (\\p{Lu}.*)$`, ([place = '']) =>
    isName(place) ? `Settled in ${place}` : null,
  ),
  fact('after years settled', `After .+ (?:I|we) settled in (\\p{Lu}.*)$`, ([place = '']) =>
    isName(place) ? `Settled in ${place}` : null,
  ),
  fact(
    'we live',
    `We (?:all |both )?live (?:in|near|on|at|with|next to|above|opposite|outside) (?!(?:an? (?:world|time|age|society|era)|the (?:age|world|future|past)|times|interesting)\\b)(.+)$`,
    ([rest]) => `Lives in ${rest}`,
  ),
  fact('living in', `(?:living|based) in (\\p{Lu}.*)$`, ([place = '']) =>
    isName(place) ? `Living in ${place}` : null,
  ),
  fact(
    'my home',
    `(?:My|Our) (${HOME}) ((?:is|has|looks|faces|was built|is heated|used to be) (?!(?:a mess|too|so|very|really|cold|hot|dirty|messy|not|on fire|empty|full)\\b)(?:in|on|near|at|heated|an?|over|north|south|east|west|the|no|${SMALL})\\b.*)$`,
    ([what, rest]) => `${what} ${rest}`,
  ),
  fact('floor', `${I_AM} on the ((?:\\p{L}+|\\d+\\p{L}*) floor\\b.*)$`, ([rest]) => `Lives on the ${rest}`),
  fact(
    'rents',
    `(?:I|We) (rent|own|share|renovated|inherited|built) ((?:an?|our|my|the) (?:[\\p{L}\\d-]+ ){0,3}${HOME}\\b.*)$`,
    ([verb = '', what]) => `${thirdPerson(verb)} ${what}`,
  ),
  fact(
    'splits time',
    `(?:I|We) (split|divide) (?:my|our) (time|year) between (\\p{Lu}.*)$`,
    ([verb = '', time, where]) => `${thirdPerson(verb)} their ${time} between ${where}`,
  ),
  // Names and people
  fact(
    'goes by',
    `(?:Everybody|Everyone|Friends|My friends|People|They all|Most people) calls? me (\\p{Lu}[\\p{L}’'-]*)$`,
    ([name = '']) => (isName(name) ? `Is called ${name}` : null),
    0.9,
  ),
  fact('goes by too', `I (?:go|am known) (?:by|as) (\\p{Lu}[\\p{L}’'-]*)$`, ([name = '']) =>
    isName(name) ? `Goes by ${name}` : null,
  ),
  fact(
    'surname',
    `My (surname|family name|maiden name|nickname|handle) is (\\p{Lu}.*)$`,
    ([what, name = '']) => (isName(name) ? `${what} is ${name}` : null),
    0.95,
  ),
  fact(
    'kin',
    `${HAVE} (?:also )?((?:an?|one|no|${SMALL}|identical|a pair of) (?:(?:little|big|older|younger|elder|teenage|grown-up|adopted|half-?|twin) )*(?:${KIN}|kids?|(?:${pets}))\\b(?!.* (?:in (?:this|the) (?:table|class|list|game|story))).*|(?:twins|triplets|grandchildren)\\b.*)$`,
    ([rest]) => `Has ${rest}`,
  ),
  fact(
    'only child',
    `${I_AM} (an only child|the (?:youngest|oldest|eldest|middle one) of (?:${SMALL}).*)$`,
    ([rest]) => `Is ${rest}`,
    0.9,
  ),
  fact(
    'kin does',
    `(?:My|Our) ((?:(?:older|elder|younger|youngest|oldest|eldest|little|big|late|old|new) )?(?:${KIN}|${pets}|tabby|puppy)(?: \\p{Lu}[\\p{L}’'-]+)?)(?:, [^,]+,)? ((?:still |also )?(?:lives?|works?|stud(?:y|ies)|teaches|speaks?|owns?|plays?|goes to|attends|runs|starts? (?:school|university|nursery)|comes? from|was born|passed away|died|is (?:called|named|\\d+|from|${lasting}|an? (?:${occupations}|[\\p{L}-]+ (?:${occupations}))|allergic|in (?:care|the army)|at (?:university|school|college|nursery))|are (?:called|named|both|from))\\b.*)$`,
    ([who, rest]) => `${who} ${rest}`,
  ),
  fact(
    'partner',
    `(?:My|Our) (${KIN}) and I (?!(?:were|was|are going|just|had|went|have a question|argued|disagree)\\b)((?:run|own|live|have|keep|speak|share|met|got|married|are)\\b.*)$`,
    ([who, rest]) => `With their ${who}: ${rest}`,
  ),
  fact(
    'adopted',
    `(?:I|We) (adopted|fostered|rescued) (an? (?:[\\p{L}-]+ ){0,3}(?:dog|cat|puppy|kitten|greyhound|terrier|spaniel|labrador|collie|horse|pony|donkey|rabbit|hen|parrot|tortoise|child|boy|girl|baby|son|daughter)\\b.*)$`,
    ([verb, what]) => `${verb} ${what}`,
  ),
  // Work and study
  fact(
    'leads',
    `I (?:currently )?(lead|manage|supervise|head|coordinate|run|chair) ((?:an?|the) (?:\\p{L}+ ){0,2}(?:team|department|group|lab|crew|unit|office|project team|committee|shop|charity|club|clinic|practice|choir)\\b.*)$`,
    ([verb = '', what]) => `${thirdPerson(verb)} ${what}`,
  ),
  fact(
    'founded',
    `(?:I|We) ((?:co-)?founded|started|set up|opened|own|run) (an? (?:[\\p{L}-]+ ){0,2}(?:startup|company|business|charity|studio|practice|bakery|shop|café|cafe|restaurant|agency|publishing house|farm|brewery|school|gallery)\\b(?! (?:window|vpn|account|page|card|website|email)|.* in (?:the|a|my) (?:game|story|dream)).*)$`,
    ([verb = '', what]) => `${/^(?:own|run)$/i.test(verb) ? thirdPerson(verb) : verb} ${what}`,
  ),
  fact(
    'part-time',
    `I (?:only |just |mostly |mainly |do )?(work|freelance|teach|volunteer|commute|do night shifts|do shifts) ?((?:only |mainly |mostly )?(?:part[- ]time|full[- ]time|freelance|nights|shifts|remotely|from home|at|in|as|for)\\b(?! (?:it|this|that|these|now|me|my (?:code|draft|essay)|the (?:same|next|first|file|code|problem|exercises?|bug))\\b).*)$`,
    ([verb = '', rest]) => `${thirdPerson(verb)} ${rest}`,
  ),
  fact('shifts', `I (do) ((?:night|early|late|day) shifts.*)$`, ([verb = '', rest]) => `${thirdPerson(verb)} ${rest}`),
  fact(
    'my job',
    `My (day job|job|work|profession|trade) (?:is|involves|means) (?:mostly |mainly |basically )?(?!(?:done|finished|to|not|boring|hard|easy|at risk|killing|stressful|failing|running|stuck|pending|queued)\\b)(.+)$`,
    ([what, rest]) => `${what} is ${rest}`,
  ),
  fact(
    'by profession',
    `By (?:profession|trade|training),? ${I_AM} an? (.+)$`,
    ([what]) => `Is a ${what} by profession`,
  ),
  fact('in a field', `${I_AM} in (${FIELDS})\\b(.*)$`, ([field, rest]) => `Works in ${field}${rest}`),
  fact(
    'as a',
    `As an? ((?:[\\p{L}-]+ )?(?:${occupations})),? I (?:mostly |mainly |usually |always |never |often )?(?!${PASSING}\\b|should\\b|was\\b|had\\b)(\\p{L}+) (.+)$`,
    ([what, verb = '', rest]) =>
      /(?:ed|ought|got|went|did|came)$/.test(verb) ? null : `Is a ${what}: ${thirdPerson(verb)} ${rest}`,
  ),
  fact(
    'retired',
    `I (?:retired|have retired|['’]ve retired) (from .+|as .+|in \\d{4}.*|.+ ago)$`,
    ([rest]) => `Retired ${rest}`,
  ),
  fact(
    'studied',
    `I (studied|read|graduated in|majored in|trained as|qualified as|did (?:a|my) (?:degree|phd|master['’]?s) in) ((?:an? )?(?:${subjects}|${occupations})\\b.*)$`,
    ([verb, rest]) => `${verb} ${rest}`,
  ),
  fact(
    'degree in',
    `${HAVE} (?:also )?((?:an?|my) (?:[\\p{L}'’-]+ ){0,2}(?:degree|diploma|doctorate|phd|master['’]?s|bachelor['’]?s|mba|licen[cs]e|certificate)\\b.*)$`,
    ([rest]) => `Has ${rest}`,
  ),
  fact(
    'year of',
    `${I_AM} in (?:the|my) (\\p{L}+ year (?:of|at) .*(?:phd|degree|school|university|college|stud\\p{L}+|apprenticeship|training|law|medicine|nursing|residency|doctorate)\\b.*)$`,
    ([rest]) => `Is in the ${rest}`,
  ),
  fact(
    'apprentice',
    `${I_AM} (doing|finishing|starting|taking) ((?:an?|my) (?:[\\p{L}'’-]+ ){0,2}(?:apprenticeship|traineeship|internship|degree|phd|residency|course|evening class)\\b.*|\\p{Lu}?[\\p{L}]+ (?:lessons|classes|courses)\\b.*)$`,
    ([verb, rest]) => `Is ${verb} ${rest}`,
  ),
  fact(
    'learning more',
    `${I_AM} (learning|teaching myself|studying) (?!(?:how|about|that|it|this|the (?:hard|ropes)|a lot|from)\\b)((?:${subjects}|\\p{Lu}\\p{L}+|to .+)(?: .*)?)$`,
    ([verb, what = '']) =>
      what.startsWith('to ') || isName(what) || new RegExp(`^(?:${subjects})\\b`, 'i').test(what)
        ? `Is ${verb} ${what}`
        : null,
  ),
];
