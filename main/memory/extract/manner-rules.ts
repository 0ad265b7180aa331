import { thirdPerson } from './grammar.ts';
import { ANSWERS, DAY, PASSING, WHEN, lower } from './phrases.ts';
import { type StatementRule, isName, narrative, pattern } from './rule.ts';

/** What people do again and again, how they want to be answered, and what was done together. After the rules that read closer. */
export const mannerRules: readonly StatementRule[] = [
  // Habits
  pattern(
    'when',
    `(${WHEN}),? (?:I|we) (?!${PASSING}\\b)(\\p{Ll}+) (.+)$`,
    ([when, verb = '', rest]) => `${when}: ${thirdPerson(verb)} ${rest}`,
  ),
  pattern(
    'when have',
    `(${WHEN}),? (?:I|we) (have (?:lunch|dinner|breakfast|coffee|tea|a (?:lesson|rehearsal|class|swim|walk)|choir|training|football)\\b.*)$`,
    ([when, rest]) => `${when}: ${rest}`,
  ),
  pattern(
    'when after',
    `(?:I|We) (?!${PASSING}\\b)((?:go|do|cook|swim|run(?! (?:the|a|an|this|it|my|out|into)\\b)|walk|cycle|drive|meet|eat|play|bake|clean|train|visit|call|work|shop|write|take|water|practi[cs]e|rehearse)\\b.*? (?:every (?!time\\b).+|on (?:${DAY}|weekends|weekdays)\\b.*|at weekends|all year round|most (?:days|mornings|evenings|nights|weekends)|in the (?:mornings|evenings)|once a (?:day|week|month|year)|whatever the weather|before (?:breakfast|work|bed)|after (?:work|dinner|lunch)))$`,
    ([rest = '']) => {
      const [verb = '', ...more] = rest.split(' ');
      return `${thirdPerson(verb)} ${more.join(' ')}`;
    },
  ),
  pattern(
    'tends',
    `I (?:tend|like|prefer) to (?!(?:disagree|have the|go with|use the|know|see (?:if|how|what|whether|it)|think|agree|believe|ask|understand|say|hear|have (?:a|the)|get (?:this|it|a)|change|add|use (?:this|it|the)|make (?:this|it|the)|do (?:this|it|the))\\b)(.+)$`,
    ([rest]) => `Tends to ${rest}`,
  ),
  pattern(
    'while',
    `I (?!${PASSING}\\b)(\\p{Ll}+) ((?:to )?.+ (?:while I|when I['’]m|whenever I)\\b.+)$`,
    ([verb = '', rest]) => `${thirdPerson(verb)} ${rest}`,
  ),
  pattern(
    'best',
    `I (work|write|sleep|think|learn|concentrate|focus|study|understand (?:things|it)) (best|better|badly|worst) ((?:in|at|with|on|late|early|from|by|after|alone)\\b.*)$`,
    ([verb = '', how, rest]) => `${thirdPerson(verb)} ${how} ${rest}`,
  ),
  pattern(
    'pays',
    `I (pay|buy|do|keep|store|write|read|track|plan|cook|get) ((?:for )?(?:nearly |almost |practically )?(?:everything|all (?:my|our|the)\\b.+) (?:in|with|by|on|from|at|using) .+|all our .+|all my .+)$`,
    ([verb = '', rest]) => `${thirdPerson(verb)} ${rest}`,
  ),
  pattern(
    'mostly use',
    `(?:For|When) (.+?),? I (?:mostly|mainly|usually|always|only|tend to) use (.+)$`,
    ([what, tool = '']) => (isName(tool) ? `Uses ${tool} for ${what}` : null),
  ),
  // How to answer
  pattern(
    'not in every',
    `(?:Please )?(?:don['’]?t|do not|never|stop) ((?:apologi[sz](?:e|ing)|repeat(?:ing)?|us(?:e|ing)|start(?:ing)?|end(?:ing)?|summari[sz](?:e|ing)|thank(?:ing)?|prais(?:e|ing)|ask(?:ing)?|writ(?:e|ing)|begin(?:ning)?|flatter(?:ing)?|add(?:ing)?)\\b.* (?:every|each|all|your|any) (?:of your )?(?:${ANSWERS}|time)\\b.*|sugar-?coat.*|use emojis?.*)$`,
    ([what]) => `Do not ${what}`,
    0.85,
  ),
  pattern(
    'use when',
    `(?:Please )?(?:always |only )?use ((?:metric|imperial|british|american|celsius|fahrenheit|simple|plain|inclusive|24-hour|si)\\b.*)$`,
    ([what]) => `Use ${what}`,
    0.85,
  ),
  pattern(
    'answers always',
    `(?:Please )?(always|only) (write|use|answer|give|quote|cite|spell|round|explain|reply|address|show|include|add|tell|ask|check|start|end) (?!(?:this|it|one|once|the|on|if|when|two)\\b)(.+?)(?:,? please)?$`,
    ([how, verb, rest]) => `${how} ${lower(verb ?? '')} ${rest}`,
    0.85,
  ),
  pattern(
    'explain',
    `(?:Please )?(explain|describe|teach|show|tell) (?:me )?(?:things|everything|it all|concepts|words)(?: to me)? ((?:step by step|slowly|simply|in|with|as if|like)\\b.*)$`,
    ([verb, how]) => `${verb} things ${how}`,
    0.85,
  ),
  pattern(
    'no emoji',
    `(?:Please,? )?no (emojis?|bullet points|tables|jargon|small talk|flattery|apologies|disclaimers|exclamation marks|markdown|headings|filler|preamble)\\b.*$`,
    ([what]) => `No ${what}`,
    0.85,
  ),
  pattern(
    'rather',
    `(?:I['’]d|I would) (?:rather|prefer|much rather) (?:have |get |read |you (?:gave|used) )?(.*(?:prose|bullet|short|long|concise|detail|examples?|code|tables?|honest|blunt|plain|source|metric|answers?).* (?:than|to|over|instead of) .+)$`,
    ([what]) => `Would rather have ${what}`,
  ),
  pattern(
    'be with me',
    `(?:You can|Please|You may|Feel free to)(?: always)? be (?:more |very |as |really |brutally )*(blunt|honest|direct|frank|informal|formal|brief|strict|critical|casual|concise|sarcastic)\\b(.*)$`,
    ([how, rest]) => `Be ${how}${rest}`,
    0.85,
  ),
  pattern(
    'understands',
    `I (?:understand|learn|remember|get|grasp) (?:things |it |stuff )?(?:much |far )?(?:better|best|more easily|quicker) (?:with|from|by|through|when|if) (.+)$`,
    ([how]) => `Understands better with ${how}`,
  ),
  pattern(
    'wants every',
    `I (?:always )?(?:want|expect|like) ((?:[\\p{L}-]+ )?(?:sources|references|links|examples|citations|units|page numbers|a summary|an example|evidence|quotations) (?:with|for|in|after|before|at the end of) (?:every|each|all|any) .+)$`,
    ([what]) => `Wants ${what}`,
  ),
  pattern(
    'likes to see',
    `I (?:like|prefer|want) to (see|read|get|have) (.+ (?:first|before the|before any|at the end|afterwards|upfront|up front)\\b.*)$`,
    ([verb, what]) => `Likes to ${verb} ${what}`,
  ),
  pattern(
    'answer in',
    `(?:Please )?(answer|reply|respond|write|talk|speak)(?: to)?(?: me)? in ((?:\\p{Lu}\\p{L}+|plain \\p{L}+|short sentences).* (?:unless|except|whenever|even|always|from now on)\\b.*)$`,
    ([verb, how]) => `${verb} in ${how}`,
    0.85,
  ),
  // Shared
  narrative(
    'you and I',
    `You and I ((?:are|have been|have|started|wrote|made|met|agreed)\\b.+)$`,
    ([rest]) => `You and they ${rest}`,
  ),
  narrative(
    'you helped',
    `(?:(Last (?:time|week|month|year|night|spring|summer|autumn|winter)|Yesterday|The other day|A few (?:days|weeks|months) ago|In \\p{Lu}\\p{L}+),? )?you (helped|taught|coached|walked) (?:me|us) (?!(?:this|that answer|wrong|nonsense)\\b)(.+)$`,
    ([when, verb, rest]) => `${when ? `${when} you` : 'You'} ${verb} them ${rest}`,
  ),
  narrative(
    'together',
    `We(?: have|['’]ve)? (?:been )?((?:\\p{L}+ed|\\p{L}+ing|wrote|rewrote|made|built|chose|began|did|drew|came up with)\\b.*\\btogether\\b.*)$`,
    ([rest]) => `We ${rest}`,
  ),
  narrative(
    'when we',
    `(Last (?:time|week|month|year|night|spring|summer|autumn|winter)|Yesterday|Earlier (?:this|last) \\p{L}+|In \\p{Lu}\\p{L}+|A few (?:days|weeks|months) ago),? (?:you and I|we) ((?:finished|wrote|rewrote|planned|chose|made|built|designed|started|talked|discussed|decided|agreed|sketched|drew|named|outlined|drafted|practi[cs]ed|compared|settled) .+)$`,
    ([when, rest]) => `${when} we ${rest}`,
  ),
];
