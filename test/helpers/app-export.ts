import {
  conversation,
  emptyNode,
  node,
  type ChatgptConversation,
  type ChatgptNode,
} from '../fixtures/exports/chatgpt.ts';
import { makeZip } from '../fixtures/exports/make-zip.ts';

/** An export as somebody might have one: invented throughout, with everything that a screen must be able to show. */
export async function writeSampleExport(path: string, now: Date): Promise<string> {
  return makeZip(path, { 'conversations.json': sampleConversations(now) });
}

const hour = 3600;
const day = 24 * hour;

export function sampleConversations(now: Date): ChatgptConversation[] {
  const nowSeconds = Math.floor(now.getTime() / 1000);
  const rich = [queueReview, herbGarden, gearRatios, spacedRepetition, harbourTrip];
  const told = rich.map((tell, index) => tell(nowSeconds - index * 5 * hour - 20 * 60));
  const brief = questions.map(([title, question, answer], index) =>
    briefly(`brief-${index}`, nowSeconds - day - Math.floor(index ** 1.45 * 0.55 * day), title, question, answer),
  );
  return [...told, ...brief];
}

function briefly(id: string, at: number, title: string, question: string, answer: string): ChatgptConversation {
  const nodes = [
    emptyNode(`${id}-root`, null),
    node(`${id}-q`, `${id}-root`, question, { time: at - 60 }),
    node(`${id}-a`, `${id}-q`, answer, { role: 'assistant', time: at }),
  ];
  return conversation(id, nodes, { title, create_time: at - 60, update_time: at });
}

function told(id: string, title: string, at: number, nodes: readonly ChatgptNode[]): ChatgptConversation {
  return conversation(id, [emptyNode(`${id}-root`, null), ...nodes], { title, create_time: at - 900, update_time: at });
}

/** Code, a table, a folded thought, and an answer that was asked for twice. */
function queueReview(at: number): ChatgptConversation {
  const id = 'queue';
  const thoughts = [{ summary: 'Looking at who wakes whom', content: 'Two consumers can both see the last item.' }];
  return told(id, 'A queue that loses its last job', at, [
    node(`${id}-q1`, `${id}-root`, queueQuestion, { time: at - 900 }),
    node(`${id}-t1`, `${id}-q1`, null, {
      role: 'assistant',
      time: at - 880,
      content: { content_type: 'thoughts', thoughts, source_analysis_msg_id: null },
    }),
    node(`${id}-a1`, `${id}-t1`, queueAnswer, { role: 'assistant', time: at - 870 }),
    node(`${id}-q2`, `${id}-a1`, 'Which of the two would you take for a queue of a few hundred jobs an hour?', {
      time: at - 500,
    }),
    node(`${id}-a2`, `${id}-q2`, 'The first one: a few hundred jobs an hour never contend.', {
      role: 'assistant',
      time: at - 490,
    }),
    node(`${id}-a3`, `${id}-q2`, queueChoice, { role: 'assistant', time: at - 400 }),
  ]);
}

const queueQuestion = `My queue sometimes ends without running its last job. This is the loop:

\`\`\`ts
async function drain(queue: Job[]): Promise<void> {
  while (queue.length > 0) {
    const job = queue.shift();
    if (queue.length === 0) return;
    await job?.run();
  }
}
\`\`\``;

const queueAnswer = `The early \`return\` is reached **after** the last job was taken and **before** it ran: \`shift()\` empties the queue, and the check looks at the emptied one.

Take the check out, the loop's own condition is enough:

\`\`\`ts
async function drain(queue: Job[]): Promise<void> {
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
    await job.run();
  }
}
\`\`\`

Two ways to let several workers drain the same queue:

| Way | Order kept | Cost per job | Fails when |
| --- | :---: | ---: | --- |
| One loop, *n* at a time | by start | 1 await | a job never ends |
| *n* loops over one queue | no | 1 await | a job throws unseen |

Either way, give each job a time limit; a job that hangs otherwise stops everything behind it.`;

const queueChoice = `The **first**: one loop with a limit.

1. At a few hundred jobs an hour the workers never contend, so the second buys nothing.
2. Order by start makes the log readable.
3. A thrown error surfaces in one place.

> Choose the way whose failure you would rather explain at nine in the evening.`;

function herbGarden(at: number): ChatgptConversation {
  const id = 'herbs';
  return told(id, 'Herbs for a balcony that faces north', at, [
    node(`${id}-q1`, `${id}-root`, 'Which herbs manage on a balcony with three hours of sun?', { time: at - 600 }),
    node(`${id}-a1`, `${id}-q1`, herbAnswer, { role: 'assistant', time: at - 580 }),
    node(`${id}-q2`, `${id}-a1`, 'And how often do I water in August?', { time: at }),
  ]);
}

const herbAnswer = `Three hours is little, but enough for the leafy ones:

- **Parsley** and **chervil**: want it cool, bolt in full sun anyway
- **Mint**: grows in a pot of its own or everywhere
- **Chives**: come back every spring
- **Lemon balm**: thrives on neglect

Rosemary, thyme and basil will live but stay thin. A pale wall behind the pots gives back more light than one would think.`;

/** Maths, kept readable. */
function gearRatios(at: number): ChatgptConversation {
  const id = 'gears';
  return told(id, 'Gear ratios for a loaded touring bike', at, [
    node(`${id}-q1`, `${id}-root`, 'How do I compare two chainsets for climbing with luggage?', { time: at - 300 }),
    node(`${id}-a1`, `${id}-q1`, gearAnswer, { role: 'assistant', time: at }),
  ]);
}

const gearAnswer = `Compare the *development*, the distance per turn of the cranks:

$$
d = \\pi \\cdot D \\cdot \\frac{z_f}{z_r}
$$

with the wheel's diameter \\(D\\) and the teeth in front \\(z_f\\) and behind \\(z_r\\). For a 622 mm rim with a 40 mm tyre, \\(D \\approx 0.70\\,\\text{m}\\):

| Chainset | Smallest gear | Development |
| --- | --- | ---: |
| 48/36/26 with 11–34 | 26 × 34 | 1.68 m |
| 46/30 with 11–36 | 30 × 36 | 1.83 m |

Under 1.8 m you can climb 10 % with 20 kg of luggage at a walking pace without standing up.`;

/** A tool that was called, and what came back. */
function spacedRepetition(at: number): ChatgptConversation {
  const id = 'spaced';
  const code =
    'intervals = [1]\nwhile sum(intervals) < 90:\n    intervals.append(round(intervals[-1] * 2.3))\nprint(intervals)';
  return told(id, 'How many reviews does a word need?', at, [
    node(`${id}-q1`, `${id}-root`, 'If each interval is 2.3 times the one before, how many reviews fit in 90 days?', {
      time: at - 200,
    }),
    node(`${id}-c1`, `${id}-q1`, null, {
      role: 'assistant',
      time: at - 190,
      content: { content_type: 'code', language: 'python', text: code },
      more: { recipient: 'python' },
    }),
    node(`${id}-r1`, `${id}-c1`, null, {
      role: 'tool',
      name: 'python',
      time: at - 189,
      content: { content_type: 'execution_output', text: '[1, 2, 5, 12, 28, 64]' },
    }),
    node(`${id}-a1`, `${id}-r1`, 'Six: on days 1, 3, 8, 20, 48 and 112, so five of them fall into the 90 days.', {
      role: 'assistant',
      time: at,
    }),
  ]);
}

/** A long one, to scroll in. */
function harbourTrip(at: number): ChatgptConversation {
  const id = 'harbour';
  const nodes = harbourTalk.flatMap((text, index): ChatgptNode[] => {
    const parent = index === 0 ? `${id}-root` : `${id}-${index - 1}`;
    const role = index % 2 === 0 ? 'user' : 'assistant';
    return [node(`${id}-${index}`, parent, text, { role, time: at - (harbourTalk.length - index) * 90 })];
  });
  return told(id, 'Two days in a harbour town with a child of six', at, nodes);
}

const harbourTalk = Array.from({ length: 12 }, (_, index) => [
  `What would you do on ${index === 0 ? 'the first morning' : `stretch ${index + 1} of the days`}, if it rains?`,
  `Start with the ferry: twelve minutes across, under cover, and every gull follows it. On the other side the rope walk has a door that children may push open themselves.\n\nThen ${index % 2 === 0 ? 'soup at the fish hall, standing, before the crowd comes at noon' : 'the small museum of knots, where everything may be touched'}. Keep the lighthouse for the hour before sunset; it opens whatever the weather.`,
]).flat();

/** Title, question, answer. */
const questions: readonly (readonly [string, string, string])[] = [
  [
    'Regular expression for ISO dates',
    'A regex for `2026-11-20`?',
    'Use `/^\\d{4}-\\d{2}-\\d{2}$/`, and check the calendar separately: no regex knows February.',
  ],
  [
    'Starter that rises too fast',
    'My starter peaks after three hours. Too warm?',
    'Probably. At 27 °C three hours is normal; at 20 °C it takes six to eight.',
  ],
  ['Names for a sailing dinghy', 'Names for a small blue boat?', '*Pintail*, *Second Thought*, *Small Change*.'],
  [
    'Explaining tides to a child',
    'Why are there two high tides a day?',
    'The sea is drawn to a heap on the side of the moon and left behind on the other.',
  ],
  [
    'Letter to the housing association',
    'A polite reminder about the stairwell light?',
    'Dear Sir or Madam, on 3 March I wrote about the light on the second landing…',
  ],
  ['Difference between a merge and a rebase', 'When do I rebase?', 'Before you publish. Afterwards, merge.'],
  [
    'Chord progressions that sound like rain',
    'Something melancholic, not sad?',
    'Try Am9 – Fmaj7 – C/G – G6, with the top note held.',
  ],
  [
    'Reading list on the history of maps',
    'Three books on cartography?',
    'One on the portolan charts, one on Mercator, one on what maps leave out.',
  ],
  ['Packing for a hut-to-hut walk', 'Five days, huts, September?', 'Two sets of clothes, one of them always dry.'],
  [
    'SQL: the newest row of each group',
    'Latest order per customer?',
    '`ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY placed_at DESC)` and keep the ones.',
  ],
  ['Fixing a dripping tap', 'It drips only when hot.', 'Then it is the washer on that side, not the seat.'],
  ['What to cook with too many plums', 'Six kilos.', 'A tray cake, chutney, and the rest stoned and frozen.'],
  ['Interview questions for a data engineer', 'Which would you ask?', 'Ask what they would monitor first, and why.'],
  [
    'Haiku about a night bus',
    'Five, seven, five.',
    'Last bus, one reader / turning a page at each stop / nobody gets off',
  ],
  ['Understanding p-values', 'In one paragraph?', 'How surprising the data would be if nothing were going on.'],
  ['Choosing a keyboard layout', 'Is it worth switching?', 'For speed no, for comfort perhaps.'],
  ['Budget for a small workshop', 'Twelve people, one day.', 'Room, food, material; the food is what they remember.'],
  ['Why bread goes stale faster in the fridge', 'Why?', 'Starch crystallises quickest just above freezing.'],
  ['CSS grid or flexbox for a form', 'Which?', 'Grid: labels and fields are two columns.'],
  [
    'Translating a proverb',
    '“Morgenstund hat Gold im Mund”?',
    '“The early bird catches the worm” has the sense, not the gold.',
  ],
  ['Preparing a talk in ten minutes', 'Where do I begin?', 'With the sentence they should repeat at dinner.'],
  ['Bees on the allotment', 'Do I need permission?', 'Ask the association first; it knows the neighbours’ allergies.'],
  ['Rounding money correctly', 'Half up or half even?', 'Half even in sums, half up on the bill.'],
  ['A week of suppers without meat', 'Seven ideas?', 'Lentils, gnocchi, shakshuka, fried rice, soup, tart, leftovers.'],
  ['Making a sundial', 'What angle for the gnomon?', 'Your latitude, pointing to true north.'],
  ['Cold frames in autumn', 'What can still be sown?', 'Lamb’s lettuce and spinach, until the end of September.'],
  ['How a lock works', 'Canal lock, not door.', 'Two gates and patience: water always goes down.'],
  ['Notes on a museum visit', 'Help me order these.', 'By room, then by what you would show a friend.'],
  ['Shell script that renames photos', 'By date taken?', 'Read the EXIF date, never the file’s own.'],
  ['Thank-you note for a teacher', 'Warm but short?', 'You made her want to come back on Mondays.'],
  [
    'Swimming training for beginners',
    'Two evenings a week.',
    'Ten lengths with rests, and count strokes rather than minutes.',
  ],
  ['Old radio that hums', 'What first?', 'Unplug it. Then the filter capacitors.'],
  ['Comparing three insurance offers', 'What matters?', 'What each excludes; the price is the smaller difference.'],
  ['Words that have no plural', 'In English?', 'Advice, furniture, luggage, news that looks plural and is not.'],
  ['Moving house with a cat', 'How?', 'One room last, one room first, and its own blanket in both.'],
  ['Plot for a short story', 'A ferry that never arrives.', 'It arrives; nobody on the quay remembers having waited.'],
];
