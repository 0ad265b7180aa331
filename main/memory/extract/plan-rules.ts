import { type StatementRule, fact, isName, narrative, pattern } from './rule.ts';
import { languages, lasting } from './words.ts';

const NAMED = "(\\p{Lu}[\\p{L}\\d’'+#.-]*(?: \\p{Lu}[\\p{L}\\d’'+#.-]*)*.*)$";

/** What people work with, what they are at for months, and what they have set out to do. */
export const planRules: readonly StatementRule[] = [
  fact(
    'home is',
    `(?:My )?home (?:for me )?is ((?:in )?(?:an? |the )?.*\\bin \\p{Lu}.*)$`,
    ([rest]) => `Home is ${rest}`,
  ),
  fact('still lives', `We moved to (\\p{Lu}.*?) and I still live (?:here|there)$`, ([place]) => `Lives in ${place}`),
  fact('been at', `I(?: have|['’]ve) (?:been|worked) (at|with) (\\p{Lu}.* since .*)$`, ([at, rest = '']) =>
    isName(rest) ? `Has been ${at} ${rest}` : null,
  ),
  fact(
    'degree',
    `(?:I am|I['’]m) doing (?:an? |my )((?:PhD|doctorate|master['’]?s|bachelor['’]?s|MBA|apprenticeship)\\b.*)$`,
    ([rest]) => `Is doing a ${rest}`,
  ),
  fact('we have', '(?:I|We) have ((?:identical )?twins|triplets|grandchildren)\\b.*$', ([whom]) => `Has ${whom}`),
  fact(
    'illness',
    `I have ((?:c(?:o)?eliac disease|crohn['’]s(?: disease)?|arthritis|migraines|tinnitus|high blood pressure|low blood pressure|parkinson['’]s|autism|dyscalculia)\\b.*)$`,
    ([rest]) => `Has ${rest}`,
    0.9,
  ),
  fact(
    'medicine',
    `I take (insulin|blood thinners|antidepressants|beta blockers|[\\p{L}]+ for my [\\p{L} ]+)\\b.*$`,
    ([what]) => `Takes ${what}`,
    0.9,
  ),
  fact(
    'trait aside',
    `(?:I am|I['’]m|Im) (${lasting}) (?:btw|by the way|fyi|actually)$`,
    ([trait]) => `Is ${trait}`,
    0.9,
  ),
  fact(
    'is favourite',
    `((?:\\p{L}+ ){0,2}\\p{L}+) (?:is|are) my (favou?rite (?!(?:part|line|bit|version|option|one|thing|so|of)\\b)[\\p{L} ]+)$`,
    ([what = '', which]) =>
      /^(?:it|this|that|these|those|which|what|who|he|she|they)\b/iu.test(what) ? null : `${which} is ${what}`,
  ),
  fact('supports', `I (?:support|root for) ${NAMED}`, ([whom = '']) => (isName(whom) ? `Supports ${whom}` : null)),
  fact(
    'code in',
    `(?:Most|Nearly all|All) of my (code|work|writing|music|notes) (?:is|are) in ${NAMED}`,
    ([what, where = '']) => (isName(where) ? `Most of their ${what} is in ${where}` : null),
  ),
  fact(
    'team uses',
    `(?:Our|My) (team|company|band|school|family|office|lab) (uses|runs on|works with) ${NAMED}`,
    ([who, verb, what = '']) => (isName(what) ? `Their ${who} ${verb} ${what}` : null),
  ),
  fact(
    'gear',
    `I (drive|ride|own|shoot with|play on|write on|cook on) (an? (?:old |new |second-hand )?(?:\\d{4} )?\\p{Lu}.*)$`,
    ([verb = '', what = '']) =>
      isName(what.replace(/^an? (?:old |new |second-hand )?(?:\d{4} )?/u, ''))
        ? `${verb.replace(/^(\w+)/u, (word) => (word === 'cook' ? 'cooks' : `${word}s`))} ${what}`
        : null,
  ),
  fact('moving', `(?:I am|I['’]m|We are|We['’]re) moving (?:back )?to (\\p{Lu}.*)$`, ([rest = '']) =>
    isName(rest) ? `Is moving to ${rest}` : null,
  ),
  fact(
    'at work on',
    `(?:I am|I['’]m) (writing|building|restoring|composing|renovating|translating|recording) (an? (?:[\\p{L}-]+ )?(?:novel|book|opera|symphony|memoir|thesis|boat|house|cabin|harpsichord|album|game|motorbike|barn|dictionary)\\b.*)$`,
    ([verb, what]) => `Is ${verb} ${what}`,
  ),
  fact(
    'goal',
    `(?:My (?:goal|dream|plan|ambition|resolution) is to|I want to|I['’]m trying to|I am trying to) ((?:give up|quit|stop|cut down on) (?:smoking|drinking|alcohol|sugar|meat|coffee|social media)\\b.*|(?:lose|gain) \\d+ .*|learn (?:${languages})\\b.*|(?:run|finish) (?:a|the|my first) (?:\\p{L}+ )?marathon\\b.*)$`,
    ([rest]) => `Wants to ${rest}`,
    0.8,
  ),
  fact(
    'my goal',
    `My (?:goal|dream|ambition|resolution) (?:this year )?is to ((?:get|become|own|buy|write|learn|run|retire|visit|build|publish)\\b.*)$`,
    ([rest]) => `Wants to ${rest}`,
    0.8,
  ),
  fact(
    'knows little',
    `I know (?:very |rather |quite )?(little|nothing|next to nothing) about (?!(?:it|this|that|them|him|her|what|how|the)\\b)(.+)$`,
    ([how, what]) => `Knows ${how} about ${what}`,
  ),
  pattern(
    'tends to be',
    `(?:I am|I['’]m) (usually|always|often|never|rarely) ((?:late|early|slow|busy|awake|asleep|offline|online) (?:with|on|at|before|after|in|until)\\b.*)$`,
    ([how, rest]) => `Is ${how} ${rest}`,
  ),
  pattern(
    'whenever',
    `Whenever I (.+?),? I ((?:put|go|take|make|walk|listen|call|write|play|draw)\\b.*)$`,
    ([when, what]) => `Whenever they ${when}: ${what}`,
  ),
  narrative(
    'you help',
    `You(?: have|['’]ve) been (helping|teaching|coaching) me (.* (?:for|since) .*)$`,
    ([verb, rest = '']) => `You have been ${verb} them ${rest}`,
  ),
];
